//! What can go wrong in the archive. The index is rebuilt from the bus: nothing here loses a post.

use std::path::PathBuf;

use stream::BusError;

/// A failure of the archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The folder cannot be used.
    #[error("archive {path}: {cause}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Another process writes to the index.
    #[error("archive {slot}: another process writes to it; one process per archive folder")]
    Busy {
        /// The index.
        slot: String,
    },
    /// An index is damaged or of another version: it is set aside and rebuilt from the bus.
    #[error("archive {slot} is damaged: {cause}; it is set aside and rebuilt from the bus")]
    Damaged {
        /// The index.
        slot: String,
        /// What tantivy said.
        cause: String,
    },
    /// The disk fails or is full; goes on when that is over.
    #[error("archive {slot}: {cause}")]
    Disk {
        /// The index.
        slot: String,
        /// What tantivy said.
        cause: String,
    },
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
}

impl ArchiveError {
    /// What tantivy's error on one index means.
    pub(crate) fn of(slot: &str, error: &tantivy::TantivyError) -> ArchiveError {
        use tantivy::TantivyError as E;
        use tantivy::directory::error::LockError;
        let (slot, cause) = (slot.to_owned(), error.to_string());
        match error {
            E::LockFailure(LockError::LockBusy, _) => ArchiveError::Busy { slot },
            E::IoError(_) | E::LockFailure(..) | E::OpenWriteError(_) | E::ErrorInThread(_) => {
                ArchiveError::Disk { slot, cause }
            }
            _ => ArchiveError::Damaged { slot, cause },
        }
    }

    /// Whether the same call can succeed later without anyone's doing.
    pub fn is_retryable(&self) -> bool {
        match self {
            ArchiveError::Bus(error) => error.is_retryable(),
            ArchiveError::Folder { .. } | ArchiveError::Disk { .. } => true,
            ArchiveError::Busy { .. } | ArchiveError::Damaged { .. } => false,
        }
    }
}
