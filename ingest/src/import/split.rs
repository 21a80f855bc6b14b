//! Cuts a file into chunks of whole lines or CSV records, and knows where each one ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use stream::MAX_ITEM_BYTES;

use super::csv::{self, Ends, Header};
use super::cursor::Cursor;
use super::input::{CHUNK, Input};
use super::job::{Format, Import};
use super::mark::Mark;
use super::outcome::ImportError;

/// Bytes kept of a line that is longer than any item may be.
const KEPT: usize = 64 * 1024;

/// One line or CSV record in a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: u64,
    pub(super) state: State,
}

/// Whether a slice is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Whole,
    /// Longer than any item; only its beginning was kept.
    TooLong {
        bytes: usize,
    },
    /// The first line of a CSV record whose quote never closes.
    OpenQuote,
}

/// Some lines and where they end.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    pub(super) slices: Vec<Slice>,
    pub(super) mark: Mark,
}

/// A file that was opened.
pub(super) struct Opened {
    pub(super) splitter: Splitter,
    /// The file's size, packed.
    pub(super) total: Option<u64>,
    /// The columns of a CSV file.
    pub(super) columns: Option<Header>,
    /// It goes on where an earlier import stopped.
    pub(super) resumed: bool,
}

/// Reads a file and cuts it.
pub(super) struct Splitter {
    input: Input,
    format: Format,
    delimiter: u8,
    line: u64,
    rows: u64,
    before: u64,
    /// The hash of a line without line end that an earlier import took.
    taken_tail: Option<String>,
}

impl Splitter {
    /// Opens the file and goes to where an earlier import stopped, if the file still begins with what that one read.
    pub(super) fn open(
        job: &Import,
        read: &Arc<AtomicU64>,
        past: Option<&Cursor>,
    ) -> Result<Opened, ImportError> {
        let mut opened = Splitter::start(job, read)?;
        if let Some(past) = past {
            let failed = |cause| ImportError::Read { path: job.path.clone(), line: 0, cause };
            let head = opened.splitter.line;
            if opened.splitter.skip_to(past).map_err(failed)? {
                let rows = past.rows.unwrap_or_else(|| past.line.saturating_sub(head));
                (opened.splitter.rows, opened.splitter.before) = (rows, rows);
                opened.splitter.taken_tail = past.tail.clone();
                opened.resumed = true;
            } else {
                read.store(0, Ordering::Relaxed);
                opened = Splitter::start(job, read)?;
            }
        }
        Ok(opened)
    }

    /// Opens the file at its first line of items.
    fn start(job: &Import, read: &Arc<AtomicU64>) -> Result<Opened, ImportError> {
        let (input, total) = Input::open(job, read)?;
        let (format, taken_tail) = (job.format(), None);
        let mut splitter =
            Splitter { input, format, delimiter: b',', line: 0, rows: 0, before: 0, taken_tail };
        let columns = match format {
            Format::Jsonl => None,
            Format::Csv => Some(splitter.header(job)?),
        };
        Ok(Opened { splitter, total, columns, resumed: false })
    }

    fn header(&mut self, job: &Import) -> Result<Header, ImportError> {
        let mut short = true;
        while short {
            let filled = self.input.fill_further().and_then(|()| self.input.look());
            filled.map_err(|cause| ImportError::reading(&job.path, 0, cause))?;
            let whole = [b',', b';', b'\t']
                .iter()
                .all(|between| matches!(csv::record_end(&self.input.buffer, *between), Ends::At { .. }));
            short = !whole && !self.input.ended && self.input.buffer.len() < CHUNK;
        }
        let failed = |cause| ImportError::Header { path: job.path.clone(), cause };
        let (header, end, lines) =
            csv::header(&self.input.buffer, &job.map, job.intake.channel.is_some()).map_err(failed)?;
        self.delimiter = header.delimiter;
        self.input.consume(end);
        self.line = lines;
        Ok(header)
    }

    /// Goes to where `past` ends; false when the bytes before it are others than then.
    fn skip_to(&mut self, past: &Cursor) -> io::Result<bool> {
        if past.offset < self.input.offset {
            return Ok(false);
        }
        while self.input.offset < past.offset {
            self.input.fill()?;
            if self.input.buffer.is_empty() {
                return Ok(false);
            }
            let left = usize::try_from(past.offset - self.input.offset).unwrap_or(usize::MAX);
            self.input.consume(left.min(self.input.buffer.len()));
        }
        self.line = past.line;
        Ok(self.mark().sha256 == past.sha256)
    }

    fn mark(&self) -> Mark {
        let sha256 = self.input.sha256();
        Mark { offset: self.input.offset, line: self.line, rows: self.rows, sha256, tail: None }
    }

    /// Lines or records that an earlier import took; known to the last one when all is read.
    pub(super) fn rows_before(&self) -> u64 {
        self.before
    }

    /// The last line that was read.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The next chunk; `None` at the end.
    pub(super) fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        let mut failed = self.input.fill().err();
        self.input.look()?;
        loop {
            let (slices, end, lines) = self.whole();
            if end > 0 {
                self.line += lines;
                self.rows += slices.len() as u64;
                let bytes = self.input.consume(end);
                // What was read before a failure is good; the failure shows again with the next call.
                return Ok(Some(Chunk { bytes, slices, mark: self.mark() }));
            }
            if let Some(error) = failed {
                return Err(error);
            }
            if self.input.buffer.is_empty() {
                return Ok(None);
            }
            if self.input.ended {
                return Ok(self.tail());
            }
            if self.input.buffer.len() >= CHUNK {
                return self.long_line().map(Some);
            }
            // A pipe paused inside a record.
            failed = self.input.fill_further().err();
        }
    }

    /// The whole lines or records in the buffer, where they end, and how many lines they are.
    fn whole(&self) -> (Vec<Slice>, usize, u64) {
        let (mut slices, mut start, mut line) = (Vec::new(), 0, self.line);
        loop {
            let rest = &self.input.buffer[start..];
            let ends = match self.format {
                Format::Jsonl => match rest.iter().position(|byte| *byte == b'\n') {
                    Some(end) => Ends::At { end: end + 1, lines: 1 },
                    None => Ends::Later,
                },
                Format::Csv => csv::record_end(rest, self.delimiter),
            };
            let (end, lines, state) = match ends {
                Ends::At { end, lines } => (end, lines, State::Whole),
                Ends::Later => break,
                Ends::InQuote if self.input.ended || rest.len() > MAX_ITEM_BYTES => {
                    match rest.iter().position(|byte| *byte == b'\n') {
                        Some(end) => (end + 1, 1, State::OpenQuote),
                        None => break,
                    }
                }
                Ends::InQuote => break,
            };
            if !rest[..end].trim_ascii().is_empty() {
                slices.push(Slice { start, end: start + end, line: line + 1, state });
            }
            start += end;
            line += lines;
        }
        (slices, start, line - self.line)
    }

    /// The last line, which has no line end; it is not counted as read, since it may still grow.
    fn tail(&mut self) -> Option<Chunk> {
        let mut mark = self.mark();
        let bytes = std::mem::take(&mut self.input.buffer);
        let hash = stream::sha256_hex(&bytes);
        if bytes.trim_ascii().is_empty() || self.taken_tail.as_ref() == Some(&hash) {
            self.before += u64::from(self.taken_tail.is_some());
            return None;
        }
        mark.tail = Some(hash);
        let open = self.format == Format::Csv && csv::record_end(&bytes, self.delimiter) == Ends::InQuote;
        let state = if open { State::OpenQuote } else { State::Whole };
        let slice = Slice { start: 0, end: bytes.len(), line: self.line + 1, state };
        Some(Chunk { slices: vec![slice], bytes, mark })
    }

    /// A line longer than a chunk: its beginning is kept, the rest is passed over.
    fn long_line(&mut self) -> io::Result<Chunk> {
        let mut kept = self.input.buffer[..KEPT].to_vec();
        let mut bytes = 0;
        loop {
            let newline = self.input.buffer.iter().position(|byte| *byte == b'\n');
            let part = newline.map_or(self.input.buffer.len(), |end| end + 1);
            bytes += part;
            self.input.consume(part);
            self.input.fill()?;
            if newline.is_some() || self.input.buffer.is_empty() {
                break;
            }
        }
        self.line += 1;
        self.rows += 1;
        kept.truncate(KEPT);
        let slice = Slice { start: 0, end: kept.len(), line: self.line, state: State::TooLong { bytes } };
        Ok(Chunk { bytes: kept, slices: vec![slice], mark: self.mark() })
    }
}
