//! Posts and findings, searchable: one index per day of `seen_at`, dropped with its folder and rebuilt from the bus.

mod analyse;
mod error;
mod keep;
mod run;
mod schema;
mod search;
mod slot;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use stream::{Finding, Post};
use tracing::{error, info};

pub use error::ArchiveError;
pub use keep::Keeping;
pub use run::{GROUP, run};
pub use schema::ArchivedSignal;
pub use search::{Hit, Query, Results};
use slot::{Entry, Slot};

/// The index of posts that stand in incidents and outlive the days.
const KEPT: &str = "kept";
/// Where damaged indexes are put.
const ASIDE: &str = "damaged";
/// Days whose writer stays open.
const OPEN_WRITERS: usize = 2;

/// The archive; clones share it. Its calls block: from async code they go through `spawn_blocking`.
#[derive(Clone)]
pub struct Archive {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    slots: Mutex<BTreeMap<String, Arc<Slot>>>,
}

impl Archive {
    /// Opens the archive in `dir`, or makes an empty one. Indexes open when they are first used.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Archive, ArchiveError> {
        let dir = dir.into();
        std::fs::create_dir_all(&dir).map_err(|cause| ArchiveError::Folder { path: dir.clone(), cause })?;
        let archive = Archive { inner: Arc::new(Inner { dir, slots: Mutex::default() }) };
        archive.days()?;
        Ok(archive)
    }

    /// The days that have an index, the oldest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn days(&self) -> Result<Vec<Date>, ArchiveError> {
        let failed = |cause| ArchiveError::Folder { path: self.inner.dir.clone(), cause };
        let mut days = Vec::new();
        for entry in std::fs::read_dir(&self.inner.dir).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            days.extend(name.to_str().and_then(|name| name.parse::<Date>().ok()));
        }
        days.sort_unstable();
        Ok(days)
    }

    fn slots(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Slot>>> {
        self.inner.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder(&self, slot: &str) -> PathBuf {
        self.inner.dir.join(slot)
    }

    /// The index of this name, opened or made.
    fn slot(&self, name: &str) -> Result<Arc<Slot>, ArchiveError> {
        let mut slots = self.slots();
        if let Some(slot) = slots.get(name) {
            return Ok(Arc::clone(slot));
        }
        let slot = Arc::new(Slot::open(&self.folder(name), name)?);
        slots.insert(name.to_owned(), Arc::clone(&slot));
        Ok(slot)
    }

    /// Writes entries, each to the index of its day; a day that fails does not keep the others from being written.
    fn write(&self, entries: Vec<Entry>) -> Result<(), ArchiveError> {
        let mut by_day: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for entry in entries {
            by_day.entry(day(entry.post().seen_at).to_string()).or_default().push(entry);
        }
        let mut first = Ok(());
        for (name, entries) in by_day {
            let written = self.slot(&name).and_then(|slot| slot.write(entries));
            if first.is_ok() {
                first = written;
            }
        }
        self.rest_old();
        first
    }

    /// Closes the writers of all but the newest days that are being written.
    fn rest_old(&self) {
        let writing: Vec<Arc<Slot>> =
            self.slots().values().rev().filter(|slot| slot.is_writing()).cloned().collect();
        for slot in writing.into_iter().filter(|slot| slot.name != KEPT).skip(OPEN_WRITERS) {
            slot.rest();
        }
    }

    /// Writes posts, for those who rebuild or test.
    ///
    /// # Errors
    /// The first failure; see [`ArchiveError::is_retryable`].
    pub fn add_posts(&self, posts: Vec<Post>) -> Result<(), ArchiveError> {
        self.write(posts.into_iter().map(|post| Entry::Post(Box::new(post))).collect())
    }

    /// Writes findings with their posts.
    ///
    /// # Errors
    /// As for [`Archive::add_posts`].
    pub fn add_findings(&self, findings: Vec<Finding>) -> Result<(), ArchiveError> {
        self.write(findings.into_iter().map(|finding| Entry::Finding(Box::new(finding))).collect())
    }

    /// Drops every day before `first` with its folder; gives how many. What must outlive them is kept before
    /// ([`Archive::keeping`]).
    ///
    /// # Errors
    /// When a folder cannot be removed.
    pub fn drop_before(&self, first: Date) -> Result<usize, ArchiveError> {
        let old: Vec<Date> = self.days()?.into_iter().filter(|day| *day < first).collect();
        for day in &old {
            let name = day.to_string();
            if let Some(slot) = self.slots().remove(&name) {
                slot.rest();
            }
            remove(&self.folder(&name))?;
            info!(day = name, "a day of the archive was dropped");
        }
        Ok(old.len())
    }

    /// Reads every index and its checksums; gives those that are damaged, and why.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn check(&self) -> Result<Vec<ArchiveError>, ArchiveError> {
        let mut damaged = Vec::new();
        for name in self.names()? {
            let checked = self.slot(&name).and_then(|slot| {
                let broken =
                    slot.index.validate_checksum().map_err(|error| ArchiveError::of(&name, &error))?;
                if broken.is_empty() {
                    return Ok(());
                }
                let cause = format!("{} files do not fit their checksums", broken.len());
                Err(ArchiveError::Damaged { slot: name.clone(), cause })
            });
            damaged.extend(checked.err());
        }
        Ok(damaged)
    }

    /// Puts a damaged index aside, so that an empty one takes its place; its posts come again from the bus.
    ///
    /// # Errors
    /// When its folder cannot be moved.
    pub fn set_aside(&self, slot: &str, now: Timestamp) -> Result<(), ArchiveError> {
        self.slots().remove(slot);
        let aside = self.folder(ASIDE);
        let failed = |cause| ArchiveError::Folder { path: aside.clone(), cause };
        std::fs::create_dir_all(&aside).map_err(failed)?;
        let target = aside.join(format!("{slot}-{}", now.as_microsecond()));
        std::fs::rename(self.folder(slot), &target).map_err(failed)?;
        error!(slot, aside = %target.display(), "a damaged index was set aside and will be rebuilt");
        Ok(())
    }

    /// The names of all indexes that are there, the newest day first, the kept posts last.
    fn names(&self) -> Result<Vec<String>, ArchiveError> {
        let mut names: Vec<String> = self.days()?.iter().rev().map(Date::to_string).collect();
        if self.folder(KEPT).is_dir() {
            names.push(KEPT.to_owned());
        }
        Ok(names)
    }

    /// Ends all writers, waiting for their merges.
    pub fn close(&self) {
        let slots: Vec<Arc<Slot>> = self.slots().values().cloned().collect();
        slots.iter().for_each(|slot| slot.rest());
    }
}

/// The day an index is for: the UTC day a post was seen.
fn day(seen_at: Timestamp) -> Date {
    seen_at.to_zoned(TimeZone::UTC).date()
}

fn remove(folder: &Path) -> Result<(), ArchiveError> {
    match std::fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(ArchiveError::Folder { path: folder.to_owned(), cause })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
