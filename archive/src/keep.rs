//! Posts that outlive their day: those that stand in incidents, in one index that is rebuilt from the database.

use std::sync::Arc;

use stream::Finding;

use crate::slot::{Entry, Slot};
use crate::{Archive, ArchiveError, KEPT, remove};

/// Where the index of kept posts is built anew: one that was cut short is not taken for a whole one.
const UNFINISHED: &str = "kept-unfinished";

/// The index of kept posts, being written to. Its calls block.
pub struct Keeping {
    archive: Archive,
    slot: Arc<Slot>,
    anew: bool,
}

impl Archive {
    /// Begins to keep posts beyond their days.
    ///
    /// # Errors
    /// When the index cannot be opened; see [`ArchiveError::is_retryable`].
    pub fn keeping(&self) -> Result<Keeping, ArchiveError> {
        let anew = !self.folder(KEPT).is_dir();
        if anew {
            self.slots().remove(UNFINISHED);
            remove(&self.folder(UNFINISHED))?;
        }
        let slot = self.slot(if anew { UNFINISHED } else { KEPT })?;
        Ok(Keeping { archive: self.clone(), slot, anew })
    }
}

impl Keeping {
    /// Whether there was no index of kept posts: then all of them are to be given, not the newest alone.
    pub fn is_anew(&self) -> bool {
        self.anew
    }

    /// Writes findings with their posts; one kept before is replaced.
    ///
    /// # Errors
    /// As for [`Archive::add_posts`].
    pub fn add(&self, findings: Vec<Finding>) -> Result<(), ArchiveError> {
        let entries: Vec<Entry> =
            findings.into_iter().map(|finding| Entry::Finding(Box::new(finding))).collect();
        self.slot.write(entries)
    }

    /// Ends the writing; from now on searches read an index that was built anew.
    ///
    /// # Errors
    /// When its folder cannot be given its name.
    pub fn done(&self) -> Result<(), ArchiveError> {
        self.slot.rest();
        if !self.anew {
            return Ok(());
        }
        self.archive.slots().remove(UNFINISHED);
        let (built, kept) = (self.archive.folder(UNFINISHED), self.archive.folder(KEPT));
        std::fs::rename(&built, &kept).map_err(|cause| ArchiveError::Folder { path: kept, cause })
    }
}
