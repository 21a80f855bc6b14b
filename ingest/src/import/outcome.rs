//! How an import goes and ends: what is told of it on the way, of each line that cannot be taken, and at the end.

use std::path::{Path, PathBuf};

use stream::{BusError, RegionCode};

use super::map::MappingError;
use super::table::NotText;
use crate::words::both::Words;

/// Faults that a summary lists; all are counted and lie in the dead letters.
pub(super) const LISTED: usize = 20;

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
    /// The cell of a column is refused, or empty where something must stand.
    #[error("column '{column}': {error}")]
    Cell {
        /// The column, as the file calls it.
        column: String,
        /// Why.
        error: stream::ItemError,
    },
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

impl LineFault {
    /// What is wrong with an item, told by the column that fills the field at fault, where `column` knows one.
    pub(crate) fn named(error: stream::ItemError, column: impl Fn(&str) -> Option<String>) -> LineFault {
        match error.field().and_then(column) {
            Some(column) => LineFault::Cell { column, error },
            None => error.into(),
        }
    }
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The file's name.
    pub file: String,
    /// Whether the end of the file was reached.
    pub finished: bool,
    /// Lines or records that an earlier import had already taken, the header of a table and those in `waiting` aside.
    pub already: u64,
    /// The file is no longer the one that an earlier import has read: all of it was read again, and of what is on the
    /// bus already nothing is made twice, though it is counted in `accepted`.
    pub changed: bool,
    /// Not all of those were taken as if they were live, though it is asked for now: they stay as they came.
    pub stays_old: bool,
    /// What an earlier import had taken has other home regions than the one asked for now, and keeps them.
    pub kept_region: Option<KeptRegion>,
    /// Posts put on the bus.
    pub accepted: u64,
    /// Of those, posts from before the time that the job names as too old.
    pub old: u64,
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

/// Posts of a file that have another home region than the one it is imported with now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRegion {
    /// How many an earlier import had taken; `None` where that cannot be told: posts with the region of now are among them,
    /// or the file has changed since.
    pub posts: Option<u64>,
    /// The home regions that they were given; `None` where they were given none.
    pub regions: Vec<Option<RegionCode>>,
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
    pub(super) fn reading(path: &Path, line: u64, cause: std::io::Error) -> ImportError {
        let path = path.to_owned();
        match cause.get_ref().and_then(|cause| cause.downcast_ref::<NotText>()) {
            Some(what) => ImportError::NotText { path, what: *what },
            None => ImportError::Read { path, line, cause },
        }
    }
}
