//! From a chunk of lines to records for the bus: posts, and dead letters for lines that cannot be taken.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use stream::{Clock, DeadLetter, Intake, Item, ItemError, LetterPlace, Outgoing};

use super::csv::{self, Header};
use super::job::SetBy;
use super::mark::Mark;
use super::outcome::{Fault, LineFault};
use super::split::{Chunk, Slice, State};
use crate::letter::{Refused, hash_of, why_line};

/// What every chunk of one file is parsed by.
pub(super) struct Plan {
    pub(super) file: String,
    /// The dead letters of this source from before, each by its hash.
    pub(super) waiting: Arc<HashSet<String>>,
    pub(super) intake: Intake,
    pub(super) columns: Option<Header>,
    pub(super) clock: Clock,
    pub(super) set_by: SetBy,
    pub(super) old_before: Option<Timestamp>,
}

/// What was made of a chunk.
pub(super) struct Parsed {
    /// Posts, in the order of the lines.
    pub(super) records: Vec<Outgoing>,
    /// How many of them are too old for anybody to be told.
    pub(super) old: u64,
    /// Lines that cannot be taken, and their dead letters.
    pub(super) refused: Vec<(Fault, Refused)>,
    /// Dead letters from before whose lines could be read now, each by its hash.
    pub(super) cured: Vec<String>,
    pub(super) mark: Mark,
}

/// What was made of a line.
struct Taken {
    /// A record for the bus.
    record: Outgoing,
    /// Of a table the item that was made of its line.
    item: Option<Vec<u8>>,
    /// Whether it is too old for anybody to be told.
    is_old: bool,
}

/// Why there is no post of a line.
struct Untaken {
    cause: LineFault,
    /// What is kept: the line, or the item that was made of it.
    bytes: Vec<u8>,
    /// What the table calls the fields of that item.
    columns: BTreeMap<String, String>,
}

impl Plan {
    /// Parses a chunk; a line that cannot be taken becomes a dead letter with file, line and reason.
    pub(super) fn parse(&self, chunk: Chunk) -> Parsed {
        let now = self.clock.now();
        let intake = Intake { seen_at: now, ..self.intake.clone() };
        let records = Vec::with_capacity(chunk.slices.len());
        let mut parsed = Parsed { records, old: 0, refused: Vec::new(), cured: Vec::new(), mark: chunk.mark };
        for slice in &chunk.slices {
            let bytes = chunk.bytes[slice.start..slice.end].trim_ascii_end();
            match self.line(bytes, slice, &intake) {
                Ok(Taken { record, item, is_old }) => {
                    parsed.records.push(record);
                    parsed.old += u64::from(is_old);
                    parsed.cured.extend(self.waited(item.as_deref().unwrap_or(bytes)));
                }
                Err(untaken) => parsed.refused.push(self.park(slice.line, untaken, now)),
            }
        }
        parsed
    }

    /// The hash of `item`, if it lay in the dead letters before.
    fn waited(&self, item: &[u8]) -> Option<String> {
        (!self.waiting.is_empty()).then(|| hash_of(item)).filter(|hash| self.waiting.contains(hash))
    }

    /// The post of one line, with the item that was made of the record of a table; or why there is none.
    fn line(&self, bytes: &[u8], slice: &Slice, intake: &Intake) -> Result<Taken, Untaken> {
        let keep = |cause: LineFault| Untaken { cause, bytes: bytes.to_vec(), columns: BTreeMap::new() };
        match slice.state {
            State::Whole => {}
            State::TooLong { bytes } => return Err(keep(ItemError::TooLarge { bytes }.into())),
            State::OpenQuote => return Err(keep(LineFault::OpenQuote)),
        }
        let mut made = None;
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
                let time = csv::time(&cells, &header.columns).map(str::to_owned);
                let mut fields = csv::fields(cells, &header.columns);
                if let Some(channel) = intake.channel {
                    fields.entry("channel").or_insert_with(|| channel.as_str().into());
                }
                // Kept as the item that was made of the line, its time as written: so it can be tried again without its
                // header and the channel that was given for all lines, and quoted as it stood.
                let item = csv::kept(&mut fields, time.as_deref());
                match Item::from_fields(fields, bytes).and_then(|item| item.into_post(intake)) {
                    Ok(post) => {
                        made = Some(item);
                        post
                    }
                    Err(error) => {
                        let error = time.iter().fold(error, |error, time| error.as_written(time));
                        let cause = LineFault::named(error, |field| header.names.get(field).cloned());
                        return Err(Untaken { cause, bytes: item, columns: header.names.clone() });
                    }
                }
            }
        };
        let record = Outgoing::record(&post).map_err(|error| keep(LineFault::Record(error.to_string())))?;
        let is_old = self.old_before.is_some_and(|old| post.event_time() < old);
        Ok(Taken { record, item: made, is_old })
    }

    fn park(
        &self,
        line: u64,
        Untaken { cause, bytes, columns }: Untaken,
        now: Timestamp,
    ) -> (Fault, Refused) {
        let place = LetterPlace::Line { file: self.file.clone(), line };
        let (source, reason) = (&self.intake.source, cause.to_string());
        let why = why_line(&cause, self.set_by);
        let refused = Refused::of(&bytes, |bytes| {
            let letter = DeadLetter::of_item(source, bytes, &reason, now).standing(place.clone());
            why.clone().into_iter().fold(letter.of_row(columns.clone()), DeadLetter::because)
        });
        (Fault { file: self.file.clone(), line, cause }, refused)
    }
}
