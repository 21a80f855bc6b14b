//! Import: posts from JSONL and CSV files into the bus, resumable; the same file twice adds nothing.

mod csv;
mod cursor;
mod map;
mod parse;
mod split;
mod table;
mod write;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use stream::{Bus, BusError, Clock, Intake};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

pub use map::{Mapping, MappingError};
pub use table::{NotText, check_is_text};

use crate::Words;
use cursor::Cursor;
use parse::Parsed;
use split::{Chunk, Splitter};
use write::Writer;

/// Faults that a summary lists; all are counted and lie in the dead letters.
const LISTED: usize = 20;

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// Comma, semicolon or tab separated, with a header.
    Csv,
}

impl Format {
    /// The form that a file's name tells (`.csv`, `.csv.gz`); JSONL otherwise.
    pub fn of(path: &Path) -> Format {
        let name = path.to_string_lossy().to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        if name.ends_with(".csv") || name.ends_with(".tsv") { Format::Csv } else { Format::Jsonl }
    }
}

/// One file to import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file; `-` is standard input. A name ending in `.gz` is unpacked.
    pub path: PathBuf,
    /// Its form; by its name when absent.
    pub format: Option<Format>,
    /// Which CSV column is which field.
    pub map: Mapping,
    /// How its items are taken in; `seen_at` is set anew from the clock as reading goes on.
    pub intake: Intake,
    /// Threads that parse.
    pub threads: usize,
}

impl Import {
    /// An import of `path` as `intake` says, by all threads of the machine.
    pub fn new(path: impl Into<PathBuf>, intake: Intake) -> Import {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Import { path: path.into(), format: None, map: Mapping::default(), intake, threads }
    }

    fn is_stdin(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    fn format(&self) -> Format {
        self.format.unwrap_or_else(|| Format::of(&self.path))
    }

    /// What the file is called in reasons and summaries: its name without folders.
    fn label(&self) -> String {
        self.path.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned())
    }
}

/// How far an import is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file read (packed bytes of a packed file).
    pub bytes_done: u64,
    /// The size of the file, when it has one.
    pub bytes_total: Option<u64>,
    /// Posts on the bus.
    pub accepted: u64,
    /// Lines that cannot be read; they lie in the dead letters.
    pub unreadable: u64,
    /// Why the bus takes nothing now, while it does not.
    pub waiting: Option<Words>,
}

/// One line that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// The line, from 1; of a CSV record the one it begins on.
    pub line: u64,
    /// What is wrong with it.
    pub cause: LineFault,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.cause)
    }
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// The item in it is refused.
    #[error(transparent)]
    Item(#[from] stream::ItemError),
    /// A CSV record with another number of cells than the header.
    #[error("{found} cells, the header has {expected}")]
    Cells {
        /// Cells found.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A CSV cell that opens a quote and never closes it.
    #[error("a quote is opened and never closed")]
    OpenQuote,
    /// Bytes that are no UTF-8.
    #[error("not UTF-8 (byte {at} of the line); save the file as UTF-8")]
    NotUtf8 {
        /// The first bad byte, from 1.
        at: usize,
    },
    /// The post it makes is too long for the bus.
    #[error("{0}")]
    Record(String),
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The file's name.
    pub file: String,
    /// Whether the end of the file was reached.
    pub finished: bool,
    /// Lines or records that an earlier import had already taken, the header of a table aside.
    pub already: u64,
    /// Not all of those were taken as if they were live, though it is asked for now: they stay as they came.
    pub stays_old: bool,
    /// Posts put on the bus.
    pub accepted: u64,
    /// Lines put in the dead letters.
    pub parked: u64,
    /// Lines that cannot be read either, and lie in the dead letters since an earlier import (or line).
    pub waiting: u64,
    /// Lines that could be read now and lay in the dead letters since an earlier import: they lie there no more.
    pub cured: u64,
    /// The first faults of what was read this time.
    pub faults: Vec<Fault>,
    /// Faults of what was read this time beyond those.
    pub unlisted: u64,
}

/// Why an import ended early; what was accepted stays, and the next import goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("{path}: {cause}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Reading failed midway (a damaged gzip file, a failing disk).
    #[error("{path}: reading stopped after line {line}: {cause}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The last line that was read.
        line: u64,
        /// Why.
        cause: std::io::Error,
    },
    /// A spreadsheet, an archive, a PDF: no text at all.
    #[error("{path}: {what}")]
    NotText {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: NotText,
    },
    /// The header of a CSV file does not fit.
    #[error("{path}, line 1: {cause}")]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: MappingError,
    },
    /// The bus refuses for good.
    #[error(transparent)]
    Bus(#[from] BusError),
}

impl ImportError {
    /// Reading `path` failed behind `line`: `cause` is the system's, or [`NotText`].
    fn reading(path: &Path, line: u64, cause: std::io::Error) -> ImportError {
        let path = path.to_owned();
        match cause.get_ref().and_then(|cause| cause.downcast_ref::<NotText>()) {
            Some(what) => ImportError::NotText { path, what: *what },
            None => ImportError::Read { path, line, cause },
        }
    }
}

/// Imports one file: reads, parses on several threads, publishes in order, and remembers how far it came.
/// On `stop` it ends after what is under way with `finished: false`; called again, it goes on there.
///
/// # Errors
/// [`ImportError`]: the file, its header or the bus; faulty lines are no error, they are parked and counted.
pub async fn import(
    job: &Import,
    bus: &Bus,
    clock: &Clock,
    stop: &CancellationToken,
    progress: &mut (dyn FnMut(&Progress) + Send),
) -> Result<Summary, ImportError> {
    check_is_text(&job.path)?;
    let cursor = Cursor::load(job, bus).await?;
    let read = Arc::new(AtomicU64::new(0));
    let opened = {
        let (job, read, cursor) = (job.clone(), Arc::clone(&read), cursor.clone());
        tokio::task::spawn_blocking(move || Splitter::open(&job, &read, cursor.as_ref()))
            .await
            .map_err(|_| BusError::Closed)??
    };
    let already = opened.splitter.rows_before();
    let mut writer = Writer::new(job, bus, stop, progress);
    writer.state.bytes_total = opened.total;
    writer.summary = Summary { file: job.label(), already, ..Summary::default() };
    if let Some(past) = cursor.filter(|_| opened.resumed)
        && !writer.remember(past).await?
    {
        return Ok(writer.summary);
    }
    let Some(waiting) = writer.waiting().await? else { return Ok(writer.summary) };
    let plan = Arc::new(parse::Plan {
        file: job.label(),
        waiting,
        intake: job.intake.clone(),
        columns: opened.columns,
        clock: clock.clone(),
    });
    let (send, chunks) = mpsc::channel(2);
    let reader = tokio::task::spawn_blocking(move || feed(opened.splitter, &send));
    let pumped = pump(&mut writer, &plan, chunks, &read).await;
    // However it ended, the next import begins behind what is on the bus.
    let saved = writer.save().await;
    if !pumped? || !saved? {
        // The reader is not waited for: it may sit in a read of standard input.
        return Ok(writer.summary);
    }
    writer.summary.finished = true;
    writer.cure().await?;
    let (line, before, failed) = reader.await.map_err(|_| BusError::Closed)?;
    writer.summary.already = before;
    if let Some(cause) = failed {
        return Err(ImportError::reading(&job.path, line, cause));
    }
    writer.tell();
    Ok(writer.summary)
}

/// Has chunks parsed and written until the last; false when it was told to stop before.
async fn pump(
    writer: &mut Writer<'_>,
    plan: &Arc<parse::Plan>,
    mut chunks: mpsc::Receiver<Chunk>,
    read: &AtomicU64,
) -> Result<bool, ImportError> {
    let most = writer.job.threads.max(1) + 1;
    let mut working: VecDeque<JoinHandle<Parsed>> = VecDeque::new();
    let mut ended = false;
    while !(ended && working.is_empty() && writer.flying() == 0) {
        let (stop, flying) = (writer.stop, writer.flying());
        tokio::select! {
            biased;
            () = stop.cancelled() => return writer.settle().await.map(|_| false),
            event = writer.event() => {
                writer.state.bytes_done = read.load(Ordering::Relaxed);
                if !writer.after(event).await? {
                    return Ok(false);
                }
            }
            parsed = first(&mut working), if flying < write::FLYING && !working.is_empty() => {
                working.pop_front();
                if !writer.put(parsed.map_err(|_| BusError::Closed)?).await? {
                    return Ok(false);
                }
            }
            chunk = chunks.recv(), if !ended && working.len() < most => match chunk {
                Some(chunk) => {
                    let plan = Arc::clone(plan);
                    working.push_back(tokio::task::spawn_blocking(move || plan.parse(chunk)));
                }
                None => ended = true,
            },
        }
    }
    Ok(true)
}

/// What became of the first of `tasks`; dropping the call midway loses nothing.
async fn first<T>(tasks: &mut VecDeque<JoinHandle<T>>) -> Result<T, JoinError> {
    match tasks.front_mut() {
        Some(first) => first.await,
        None => std::future::pending().await,
    }
}

/// Reads chunk after chunk until the end, a failure, or until nobody wants more.
fn feed(mut splitter: Splitter, send: &mpsc::Sender<Chunk>) -> (u64, u64, Option<std::io::Error>) {
    loop {
        match splitter.next_chunk() {
            Ok(Some(chunk)) => {
                if send.blocking_send(chunk).is_err() {
                    return (splitter.line(), splitter.rows_before(), None);
                }
            }
            Ok(None) => return (splitter.line(), splitter.rows_before(), None),
            Err(cause) => return (splitter.line(), splitter.rows_before(), Some(cause)),
        }
    }
}
