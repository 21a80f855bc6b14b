//! Cuts a file into chunks of whole lines or CSV records, and knows where each one ends.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use sha2::{Digest, Sha256};
use stream::MAX_ITEM_BYTES;

use super::csv::{self, Ends, Header};
use super::cursor::Cursor;
use super::job::{Format, Import};
use super::mark::Mark;
use super::outcome::ImportError;
use super::table::{LOOK, NotText};

/// Bytes of a chunk: some thousand short lines, one publish.
const CHUNK: usize = 1 << 20;
/// Bytes that a pipe gives at once at most.
const PIPE: usize = 64 * 1024;
/// How long more is waited for when a pipe has given whole lines, in nanoseconds: a fast one fills whole chunks, a
/// slow one is served line by line.
const LULL: i64 = 20_000_000;
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
    input: Box<dyn Read + Send>,
    /// What is read is a pipe or a terminal, which may pause.
    pipe: Option<OwnedFd>,
    format: Format,
    delimiter: u8,
    buffer: Vec<u8>,
    ended: bool,
    offset: u64,
    line: u64,
    rows: u64,
    before: u64,
    hash: Sha256,
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
        let failed = |cause| ImportError::Open { path: job.path.clone(), cause };
        let file = if job.is_stdin() {
            // Not through the standard library's buffer: what lies in there could not be seen from outside.
            File::from(io::stdin().as_fd().try_clone_to_owned().map_err(failed)?)
        } else {
            File::open(&job.path).map_err(failed)?
        };
        let meta = file.metadata().map_err(failed)?;
        if meta.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let total = meta.is_file().then_some(meta.len());
        let packed = job.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
        let pipe = match meta.is_file() || packed {
            true => None,
            false => Some(file.as_fd().try_clone_to_owned().map_err(failed)?),
        };
        let counted = Counted { inner: file, read: Arc::clone(read) };
        let input: Box<dyn Read + Send> =
            if packed { Box::new(MultiGzDecoder::new(counted)) } else { Box::new(counted) };
        let mut splitter = Splitter {
            input,
            pipe,
            format: job.format(),
            delimiter: b',',
            buffer: Vec::with_capacity(CHUNK),
            ended: false,
            offset: 0,
            line: 0,
            rows: 0,
            before: 0,
            hash: Sha256::new(),
            taken_tail: None,
        };
        let columns = match job.format() {
            Format::Jsonl => None,
            Format::Csv => Some(splitter.header(job)?),
        };
        Ok(Opened { splitter, total, columns, resumed: false })
    }

    fn header(&mut self, job: &Import) -> Result<Header, ImportError> {
        let mut short = true;
        while short {
            let filled = self.fill_further().and_then(|()| self.look());
            filled.map_err(|cause| ImportError::reading(&job.path, 0, cause))?;
            let whole = [b',', b';', b'\t']
                .iter()
                .all(|between| matches!(csv::record_end(&self.buffer, *between), Ends::At { .. }));
            short = !whole && !self.ended && self.buffer.len() < CHUNK;
        }
        let failed = |cause| ImportError::Header { path: job.path.clone(), cause };
        let (header, end, lines) =
            csv::header(&self.buffer, &job.map, job.intake.channel.is_some()).map_err(failed)?;
        self.delimiter = header.delimiter;
        self.consume(end);
        self.line = lines;
        Ok(header)
    }

    /// Refuses what is no text when its beginning is there: standard input could not be looked at before.
    fn look(&self) -> io::Result<()> {
        if self.offset > 0 {
            return Ok(());
        }
        let first = &self.buffer[..self.buffer.len().min(LOOK)];
        NotText::beginning(first).map_or(Ok(()), |what| Err(io::Error::other(what)))
    }

    /// Reads on until the buffer holds a chunk or the file ends; from a pipe, until it pauses behind a whole line.
    fn fill(&mut self) -> io::Result<()> {
        while !self.ended && self.buffer.len() < CHUNK {
            if self.pauses()? {
                break;
            }
            self.read_once()?;
        }
        Ok(())
    }

    /// The same when what is there is not enough.
    fn fill_further(&mut self) -> io::Result<()> {
        if !self.ended && self.buffer.len() < CHUNK {
            self.read_once()?;
        }
        self.fill()
    }

    /// Whether a pipe has given whole lines and nothing follows at once.
    fn pauses(&self) -> io::Result<bool> {
        let Some(pipe) = self.pipe.as_ref().filter(|_| self.buffer.contains(&b'\n')) else {
            return Ok(false);
        };
        let lull = Timespec { tv_sec: 0, tv_nsec: LULL };
        match poll(&mut [PollFd::new(pipe, PollFlags::IN)], Some(&lull)) {
            Ok(ready) => Ok(ready == 0),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what comes next.
    fn read_once(&mut self) -> io::Result<()> {
        let had = self.buffer.len();
        let most = if self.pipe.is_some() { had + PIPE } else { CHUNK };
        self.buffer.resize(most.min(CHUNK), 0);
        let got = loop {
            match self.input.read(&mut self.buffer[had..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                got => break got,
            }
        };
        self.buffer.truncate(had + got.as_ref().copied().unwrap_or(0));
        self.ended = got? == 0;
        Ok(())
    }

    /// Takes `count` bytes from the front of the buffer.
    fn consume(&mut self, count: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(count);
        let taken = std::mem::replace(&mut self.buffer, rest);
        self.hash.update(&taken);
        self.offset += count as u64;
        taken
    }

    /// Goes to where `past` ends; false when the bytes before it are others than then.
    fn skip_to(&mut self, past: &Cursor) -> io::Result<bool> {
        if past.offset < self.offset {
            return Ok(false);
        }
        while self.offset < past.offset {
            self.fill()?;
            if self.buffer.is_empty() {
                return Ok(false);
            }
            let left = usize::try_from(past.offset - self.offset).unwrap_or(usize::MAX);
            self.consume(left.min(self.buffer.len()));
        }
        self.line = past.line;
        Ok(self.mark().sha256 == past.sha256)
    }

    fn mark(&self) -> Mark {
        let sha256 = self.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Mark { offset: self.offset, line: self.line, rows: self.rows, sha256, tail: None }
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
        let mut failed = self.fill().err();
        self.look()?;
        loop {
            let (slices, end, lines) = self.whole();
            if end > 0 {
                self.line += lines;
                self.rows += slices.len() as u64;
                let bytes = self.consume(end);
                // What was read before a failure is good; the failure shows again with the next call.
                return Ok(Some(Chunk { bytes, slices, mark: self.mark() }));
            }
            if let Some(error) = failed {
                return Err(error);
            }
            if self.buffer.is_empty() {
                return Ok(None);
            }
            if self.ended {
                return Ok(self.tail());
            }
            if self.buffer.len() >= CHUNK {
                return self.long_line().map(Some);
            }
            // A pipe paused inside a record.
            failed = self.fill_further().err();
        }
    }

    /// The whole lines or records in the buffer, where they end, and how many lines they are.
    fn whole(&self) -> (Vec<Slice>, usize, u64) {
        let (mut slices, mut start, mut line) = (Vec::new(), 0, self.line);
        loop {
            let rest = &self.buffer[start..];
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
                Ends::InQuote if self.ended || rest.len() > MAX_ITEM_BYTES => {
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
        let bytes = std::mem::take(&mut self.buffer);
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
        let mut kept = self.buffer[..KEPT].to_vec();
        let mut bytes = 0;
        loop {
            let newline = self.buffer.iter().position(|byte| *byte == b'\n');
            let part = newline.map_or(self.buffer.len(), |end| end + 1);
            bytes += part;
            self.consume(part);
            self.fill()?;
            if newline.is_some() || self.buffer.is_empty() {
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

/// Counts what is read.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.read.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}
