//! Why the desk did not do what it was asked.

use crate::db::{AsDbError, DbError};
use crate::model::*;

/// Why the desk did not do it.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing, or the actor may not know of it.
    #[error("not found")]
    NotFound,
    /// The actor's role or regions do not reach there (SG-18).
    #[error("{role} may not {act}")]
    Forbidden {
        /// The actor's role.
        role: DeskRole,
        /// What was tried.
        act: &'static str,
    },
    /// Its status does not allow it: somebody was faster, or it is over.
    #[error("{action} is not possible in status {status}")]
    Status {
        /// The status it is in.
        status: Status,
        /// What was tried.
        action: Action,
    },
    /// Something is missing or wrong in what was given; a code of `alerts.refused.*`.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl DeskError {
    /// Whether the same thing may work later.
    pub fn is_retryable(&self) -> bool {
        matches!(self, DeskError::Db(error) if error.is_retryable())
    }
}

impl AsDbError for DeskError {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            DeskError::Db(error) => Some(error),
            _ => None,
        }
    }
}
