//! How far a file was imported: a record in the bus's cursors, bound to the file's own bytes.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use stream::{Bus, BusError, RegionCode, short_hash};
use tokio_util::sync::CancellationToken;

use super::job::{Format, Import};
use super::mark::Mark;
use super::outcome::KeptRegion;

/// How far a file was imported. It holds for any file that begins with the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// Unpacked bytes that were taken.
    pub(super) offset: u64,
    /// Lines in them.
    pub(super) line: u64,
    /// Lines or records in them that held something; cursors from before this field have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rows: Option<u64>,
    /// SHA-256 of them: a changed file is read from its start.
    pub(super) sha256: String,
    /// SHA-256 of a last line that had no line end: taken too, unless it has grown since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tail: Option<String>,
    /// Whether all of them were taken as if they were live.
    #[serde(default)]
    pub(super) live: bool,
    /// The home regions they were given, none among them; empty in cursors from before this field, of files without one.
    #[serde(default)]
    pub(super) regions: BTreeSet<Option<RegionCode>>,
    /// Lines in them that could not be read.
    #[serde(default, skip_serializing_if = "Faulty::is_empty")]
    pub(super) faulty: Faulty,
}

/// Lines that could not be read: each by the hash of its dead letter, as far as so many can be remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Faulty {
    hashes: Vec<String>,
    /// Lines beyond those.
    #[serde(default)]
    more: u64,
}

impl Faulty {
    /// Most hashes in a cursor, which is one record of the bus.
    const MOST: usize = 2000;

    pub(super) fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether the line of this dead letter is among them, or may be.
    pub(super) fn holds(&self, hash: &str) -> bool {
        self.more > 0 || self.hashes.iter().any(|own| own == hash)
    }

    fn count(&self) -> u64 {
        self.hashes.len() as u64 + self.more
    }

    pub(super) fn add(&mut self, hashes: Vec<String>) {
        for hash in hashes {
            if self.hashes.len() < Faulty::MOST {
                self.hashes.push(hash);
            } else {
                self.more += 1;
            }
        }
    }

    /// How many of them still lie in the dead letters, where those of the file's source are `known`.
    pub(super) fn still(&self, known: &HashSet<String>) -> u64 {
        let still = self.hashes.iter().filter(|hash| known.contains(*hash)).count() as u64;
        // Of those that were not remembered one by one, as many as there are letters left for.
        still + self.more.min((known.len() as u64).saturating_sub(still))
    }
}

impl Cursor {
    pub(super) fn at(
        mark: &Mark,
        live: bool,
        regions: &BTreeSet<Option<RegionCode>>,
        faulty: &Faulty,
    ) -> Cursor {
        let (sha256, tail) = (mark.sha256.clone(), mark.tail.clone());
        let (offset, line, rows) = (mark.offset, mark.line, Some(mark.rows));
        Cursor { offset, line, rows, sha256, tail, live, regions: regions.clone(), faulty: faulty.clone() }
    }

    /// What has other home regions than the one that is `asked` for now; how much, unless the file has `changed` since.
    pub(super) fn kept_region(&self, asked: Option<&RegionCode>, changed: bool) -> Option<KeptRegion> {
        let asked = asked?;
        let regions: Vec<_> =
            self.regions.iter().filter(|region| region.as_ref() != Some(asked)).cloned().collect();
        let rows = self.rows.unwrap_or(self.line) + u64::from(self.tail.is_some());
        let mixed = regions.len() < self.regions.len();
        let posts = (!mixed && !changed).then(|| rows.saturating_sub(self.faulty.count()));
        (!regions.is_empty()).then_some(KeptRegion { posts, regions })
    }

    /// What the bus remembers of `job`'s file; standard input has no past.
    pub(super) async fn load(job: &Import, bus: &Bus) -> Result<Option<Cursor>, BusError> {
        if job.is_stdin() {
            return Ok(None);
        }
        let bytes = bus.cursor(&name(job)).await?;
        // A cursor that cannot be read costs another reading of the file, no more.
        let mut past: Option<Cursor> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if let Some(past) = past.as_mut().filter(|past| past.regions.is_empty()) {
            past.regions.insert(None);
        }
        Ok(past)
    }

    /// Remembers this position, waiting out a bus that takes nothing; false when told to stop before.
    pub(super) async fn save(
        &self,
        job: &Import,
        bus: &Bus,
        stop: &CancellationToken,
        waiting: &mut (dyn FnMut(&BusError) + Send),
    ) -> Result<bool, BusError> {
        if job.is_stdin() {
            return Ok(true);
        }
        let bytes = serde_json::to_vec(self)
            .map_err(|error| BusError::Unwritable { kind: "cursor", cause: error.to_string() })?;
        loop {
            match bus.set_cursor(&name(job), bytes.clone()).await {
                Ok(()) => return Ok(true),
                Err(error) if error.is_retryable() => waiting(&error),
                Err(error) => return Err(error),
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = stop.cancelled() => return Ok(false),
            }
        }
    }
}

/// The cursor's name: the file, and all that decides what its lines become. Not whether they count as live, nor their
/// home region: a post that is there stays as it came.
fn name(job: &Import) -> String {
    let path = std::fs::canonicalize(&job.path).unwrap_or_else(|_| job.path.clone());
    let intake = &job.intake;
    let format = if job.format() == Format::Csv { "csv" } else { "jsonl" };
    let parts = [
        path.to_string_lossy().into_owned(),
        format.to_owned(),
        intake.source.clone(),
        job.map.to_string(),
        // The last word stood for a home region, once.
        format!("{:?} {:?} None", intake.zone, intake.channel),
        intake.trusted.to_string(),
    ];
    format!("import:{}", short_hash(&parts.each_ref().map(String::as_str)))
}
