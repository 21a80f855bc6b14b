//! The files a lexicon is made of: those embedded in the binary, overlaid by a folder of the same layout.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::said::{self, Said};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Lexicon files by their path inside the folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources(BTreeMap<String, String>);

impl Sources {
    /// The embedded files alone.
    pub(crate) fn embedded() -> Sources {
        Sources(EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    /// The embedded files, those of `dir` in place of or beside them.
    pub(crate) fn overlaid(dir: &Path, faults: &mut Vec<Fault>) -> Sources {
        let mut sources = Sources::embedded();
        for folder in FOLDERS {
            let path = dir.join(folder);
            let entries = match std::fs::read_dir(&path) {
                Ok(entries) => entries,
                // A folder need not hold every part; the folder itself must be there.
                Err(error) if folder.is_empty() => {
                    faults.push(Fault::new(&path.display().to_string(), 0, 0, unread(&error)));
                    return sources;
                }
                Err(_) => continue,
            };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let known = match folder {
                    "" => KNOWN.contains(&name.as_str()),
                    "regions" => name.ends_with(".toml") || name == "ordinary.txt",
                    _ => name.ends_with(".toml"),
                };
                if !known {
                    continue;
                }
                let inside = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                match std::fs::read_to_string(entry.path()) {
                    Ok(text) => {
                        sources.0.insert(inside, text);
                    }
                    Err(error) => faults.push(Fault::new(&inside, 0, 0, unread(&error))),
                }
            }
        }
        sources
    }

    /// Puts `text` in place of the file at `path`: for tests of single files.
    #[cfg(test)]
    pub(crate) fn with(mut self, path: &str, text: &str) -> Sources {
        self.0.insert(path.to_owned(), text.to_owned());
        self
    }

    /// No files at all.
    #[cfg(test)]
    pub(crate) fn none() -> Sources {
        Sources::default()
    }

    /// The file at `path`; empty when there is none.
    pub(crate) fn file(&self, path: &str) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }

    /// The files of `folder`, in order of their names.
    pub(crate) fn folder<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let inside = move |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.0.iter().filter(move |(path, _)| inside(path)).map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Whether there are files of `folder`, and not just as they are embedded.
    pub(crate) fn differs(&self, folder: &str) -> bool {
        let embedded = Sources::embedded();
        self.folder(folder).next().is_some() && !self.folder(folder).eq(embedded.folder(folder))
    }

    /// A hash over all files: two lexicons are the same when theirs are.
    pub(crate) fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (path, text) in &self.0 {
            for part in [path, text] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Why a file cannot be read, in words of ours where the system's are not the reader's.
fn unread(error: &io::Error) -> Said {
    match error.kind() {
        io::ErrorKind::InvalidData => said::not_utf8(),
        io::ErrorKind::PermissionDenied => said::not_allowed(),
        _ => said::cannot_read(error),
    }
}

/// Whether a folder holds any part of a lexicon.
pub fn is_folder(dir: &Path) -> bool {
    KNOWN.iter().chain(&FOLDERS[1..]).any(|name| dir.join(name).exists())
}

/// The folder itself and those inside it that are read.
const FOLDERS: [&str; 4] = ["", "sets", "rules", "regions"];

/// The files beside `sets/` and `rules/` that a lexicon folder may hold.
const KNOWN: &[&str] = &[
    "guards.toml",
    "severity.toml",
    "slang.toml",
    "law.toml",
    "calendar.toml",
    "contests.toml",
    "second-reader.tsv",
];
