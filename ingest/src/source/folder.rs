//! A watched folder: files that appear in it are imported, then moved away or remembered.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use lexicons::Lang;
use serde::{Deserialize, Serialize};
use stream::{Channel, Intake, RegionCode, Zone};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{SourceContext, SourceError, Wrong};
use crate::Words;
use crate::import::{Import, ImportError, Mapping, SetBy, import};
use crate::words::import_error_set_by;

/// The endings of files that are read; each may be packed (`.gz`).
const ENDINGS: [&str; 5] = [".jsonl", ".ndjson", ".json", ".csv", ".tsv"];

/// A watched folder as configured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderConfig {
    /// The source's name.
    pub name: String,
    /// The folder.
    pub path: PathBuf,
    /// Seconds between two looks.
    #[serde(default = "every")]
    pub every_s: u64,
    /// Where files go that were read; a name is a folder inside. Without it they stay and are remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<PathBuf>,
    /// Which CSV column is which field: `text=Isi,posted_at=Waktu`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub map: String,
    /// The zone of times without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// The channel of items that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The home region of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// Whether its items may vouch for reporters.
    #[serde(default)]
    pub trusted: bool,
    /// The ingest process that watches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingest: Option<String>,
}

fn every() -> u64 {
    5
}

impl FolderConfig {
    pub(super) fn faults(&self) -> Vec<Wrong> {
        let path = self.path.as_os_str().is_empty().then_some(Wrong::NoPath);
        let every = (self.every_s < 1).then_some(Wrong::Every);
        let map = Mapping::parse(&self.map).err().map(|error| Wrong::Map(self.map.clone(), error));
        path.into_iter().chain(every).chain(map).collect()
    }
}

/// Why a folder or a file in it could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder.
    #[error("folder {path}: {cause}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Files that cannot be imported; they are tried again once they change. The others were read.
    #[error("{}", .0.iter().map(|reason| reason.get(Lang::En)).collect::<Vec<_>>().join("; "))]
    Files(Vec<Words>),
}

/// What tells that a file has not changed: its size and when it was written.
type Stamp = (u64, SystemTime);

/// A folder that is watched.
pub(super) struct Folder {
    config: FolderConfig,
    /// Files as they were at the last look: one that still grows is left alone.
    looked: HashMap<PathBuf, Stamp>,
    /// Files that were read to their end.
    read: HashMap<PathBuf, Stamp>,
    /// Files that could not be imported, and why.
    refused: HashMap<PathBuf, (Stamp, Words)>,
}

impl Folder {
    pub(super) fn new(config: FolderConfig) -> Folder {
        Folder { config, looked: HashMap::new(), read: HashMap::new(), refused: HashMap::new() }
    }

    /// Looks once and imports what is new and at rest.
    pub(super) async fn poll(
        &mut self,
        context: &SourceContext,
        stop: &CancellationToken,
    ) -> Result<u64, SourceError> {
        let files = list(&self.config.path)
            .map_err(|cause| FolderError::Folder { path: self.config.path.clone(), cause })?;
        let settled: Vec<(PathBuf, Stamp)> =
            files.iter().filter(|(path, stamp)| self.looked.get(path) == Some(stamp)).cloned().collect();
        self.looked = files.into_iter().collect();
        self.read.retain(|path, _| self.looked.contains_key(path));
        self.refused.retain(|path, (stamp, _)| self.looked.get(path) == Some(stamp));
        let mut taken = 0;
        for (path, stamp) in settled {
            if self.read.get(&path) == Some(&stamp) || self.refused.contains_key(&path) {
                continue;
            }
            match import(&self.job(&path), &context.bus, &context.clock, stop, &mut |_| ()).await {
                Ok(summary) if !summary.finished => return Err(SourceError::Stopped),
                Ok(summary) => {
                    taken += summary.accepted;
                    info!(source = self.config.name, summary.accepted, summary.parked, "a file was read");
                    self.put_away(&path, stamp);
                }
                Err(ImportError::Bus(error)) => return Err(error.into()),
                Err(error) => {
                    let reason = Words::of(|lang| import_error_set_by(lang, &error, SetBy::Keys));
                    self.refused.insert(path, (stamp, reason));
                }
            }
        }
        if self.refused.is_empty() {
            return Ok(taken);
        }
        context.health.took(&self.config.name, taken, context.clock.now());
        let mut reasons: Vec<Words> = self.refused.values().map(|(_, reason)| reason.clone()).collect();
        reasons.sort();
        Err(FolderError::Files(reasons).into())
    }

    fn job(&self, path: &Path) -> Import {
        let config = &self.config;
        let intake = Intake {
            trusted: config.trusted,
            zone: config.zone,
            channel: config.channel,
            source_region: config.region.clone(),
            ..Intake::new(&config.name, jiff::Timestamp::UNIX_EPOCH)
        };
        // A map that cannot be read was refused with the configuration.
        let map = Mapping::parse(&config.map).unwrap_or_default();
        Import { map, set_by: SetBy::Keys, ..Import::new(path, intake) }
    }

    /// Moves a file that was read, or remembers it; one that cannot be moved is remembered.
    fn put_away(&mut self, path: &Path, stamp: Stamp) {
        let moved = self.config.done.as_ref().map(|done| {
            let folder = self.config.path.join(done);
            std::fs::create_dir_all(&folder)?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let mut target = folder.join(&name);
            let mut number = 1;
            while target.exists() {
                number += 1;
                target = folder.join(format!("{number}-{name}"));
            }
            std::fs::rename(path, target)
        });
        match moved {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                warn!(source = self.config.name, %error, "a file that was read cannot be moved");
                self.read.insert(path.to_owned(), stamp);
            }
            None => {
                self.read.insert(path.to_owned(), stamp);
            }
        }
    }
}

/// The files of a folder that are for us, by name.
fn list(folder: &Path) -> io::Result<Vec<(PathBuf, Stamp)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        let bare = name.strip_suffix(".gz").unwrap_or(&name);
        if name.starts_with('.') || !ENDINGS.iter().any(|ending| bare.ends_with(ending)) {
            continue;
        }
        // Gone between the two calls: not for us any more.
        let Ok(meta) = std::fs::metadata(entry.path()) else {
            continue;
        };
        if meta.is_file() {
            files.push((entry.path(), (meta.len(), meta.modified()?)));
        }
    }
    files.sort();
    Ok(files)
}
