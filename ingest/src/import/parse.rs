//! From a chunk of lines to records for the bus: posts, and dead letters for lines that cannot be taken.

use jiff::Timestamp;
use stream::{Clock, Intake, Item, ItemError, Outgoing};

use super::csv::{self, Header};
use super::split::{Chunk, Mark, Slice, State};
use super::{Fault, LineFault};
use crate::letter::refused;

/// What every chunk of one file is parsed by.
pub(super) struct Plan {
    pub(super) file: String,
    pub(super) intake: Intake,
    pub(super) columns: Option<Header>,
    pub(super) clock: Clock,
}

/// What was made of a chunk.
pub(super) struct Parsed {
    /// Posts and dead letters, in the order of the lines.
    pub(super) records: Vec<Outgoing>,
    pub(super) accepted: u64,
    pub(super) faults: Vec<Fault>,
    pub(super) mark: Mark,
}

impl Plan {
    /// Parses a chunk; a line that cannot be taken becomes a dead letter with file, line and reason.
    pub(super) fn parse(&self, chunk: Chunk) -> Parsed {
        let now = self.clock.now();
        let intake = Intake { seen_at: now, ..self.intake.clone() };
        let mut parsed = Parsed {
            records: Vec::with_capacity(chunk.slices.len()),
            accepted: 0,
            faults: Vec::new(),
            mark: chunk.mark,
        };
        for slice in &chunk.slices {
            let bytes = chunk.bytes[slice.start..slice.end].trim_ascii_end();
            match self.line(bytes, slice, &intake) {
                Ok(record) => {
                    parsed.records.push(record);
                    parsed.accepted += 1;
                }
                Err((cause, bytes)) => self.park(&mut parsed, slice.line, cause, &bytes, now),
            }
        }
        parsed
    }

    /// The post of one line, or why there is none and the bytes to keep.
    fn line(&self, bytes: &[u8], slice: &Slice, intake: &Intake) -> Result<Outgoing, (LineFault, Vec<u8>)> {
        let keep = |cause: LineFault| (cause, bytes.to_vec());
        match slice.state {
            State::Whole => {}
            State::TooLong { bytes } => return Err(keep(ItemError::TooLarge { bytes }.into())),
            State::OpenQuote => return Err(keep(LineFault::OpenQuote)),
        }
        let post = match &self.columns {
            None => Item::parse(bytes).and_then(|item| item.into_post(intake)).map_err(|e| keep(e.into()))?,
            Some(header) => {
                if let Err(error) = std::str::from_utf8(bytes) {
                    return Err(keep(LineFault::NotUtf8 { at: error.valid_up_to() + 1 }));
                }
                let cells = csv::cells(bytes, header.delimiter).unwrap_or_default();
                if cells.len() != header.columns.len() {
                    let (found, expected) = (cells.len(), header.columns.len());
                    return Err(keep(LineFault::Cells { found, expected }));
                }
                let fields = csv::fields(cells, &header.columns);
                // Kept as the item that was made of the line: so it can be tried again without its header.
                let item = serde_json::to_vec(&fields).unwrap_or_default();
                Item::from_fields(fields, bytes)
                    .and_then(|item| item.into_post(intake))
                    .map_err(|error| (error.into(), item))?
            }
        };
        Outgoing::record(&post).map_err(|error| keep(LineFault::Record(error.to_string())))
    }

    fn park(&self, parsed: &mut Parsed, line: u64, cause: LineFault, bytes: &[u8], now: Timestamp) {
        let fault = Fault { file: self.file.clone(), line, cause };
        // A letter longer than its topic takes is kept by its beginning: better than not at all.
        let letter = refused(&self.intake.source, bytes, &fault.to_string(), now).or_else(|_| {
            refused(&self.intake.source, &bytes[..bytes.len().min(64 * 1024)], &fault.to_string(), now)
        });
        parsed.records.extend(letter.ok());
        parsed.faults.push(fault);
    }
}
