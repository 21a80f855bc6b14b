//! What is to be imported, and how.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use stream::Intake;

use super::map::Mapping;

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
    /// Who sets what its items lack.
    pub set_by: SetBy,
    /// Posts whose event is before this are too old for anybody to be told of them: they are counted apart.
    pub old_before: Option<Timestamp>,
}

/// Where that is set which a file does not tell: its channel, its zone, its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// By options of the command line.
    Options,
    /// By keys of the source in the configuration.
    Keys,
}

impl Import {
    /// An import of `path` as `intake` says, by all threads of the machine.
    pub fn new(path: impl Into<PathBuf>, intake: Intake) -> Import {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Import {
            path: path.into(),
            format: None,
            map: Mapping::default(),
            intake,
            threads,
            set_by: SetBy::Options,
            old_before: None,
        }
    }

    pub(super) fn is_stdin(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    pub(super) fn format(&self) -> Format {
        self.format.unwrap_or_else(|| Format::of(&self.path))
    }

    /// What the file is called in reasons and summaries: its name without folders.
    pub(super) fn label(&self) -> String {
        self.path.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned())
    }
}
