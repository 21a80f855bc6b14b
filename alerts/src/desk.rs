//! What a person at the desk sees and does; each act is one transaction with its history and audit.

use std::sync::Arc;

use stream::{Category, Queue, RegionCode, Severity};

use crate::db::{AsDbError, DbError};
use crate::model::*;
use crate::{Alerts, channels::ChannelError};

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
    /// A channel's setting.
    #[error(transparent)]
    Channel(#[from] ChannelError),
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

/// The desk: everything a person does or sees. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    alerts: Arc<Alerts>,
}

#[expect(
    unused_variables,
    clippy::unused_async,
    reason = "the shape first: bodies follow in the next commit"
)]
impl Desk {
    /// The desk over these alerts.
    pub fn new(alerts: Arc<Alerts>) -> Desk {
        Desk { alerts }
    }

    /// The queue as `actor` may see it: AWAS proposals on top, then by severity and time.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn queue(&self, actor: &Actor, filter: &QueueFilter) -> Result<Vec<IncidentRow>, DeskError> {
        Err(DeskError::NotFound)
    }

    /// How many incidents `filter` holds in all.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn count(&self, actor: &Actor, filter: &QueueFilter) -> Result<i64, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Everything of one incident; the reading stands in the audit.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] also for what the actor may not see.
    pub async fn incident(&self, actor: &Actor, id: IncidentId) -> Result<IncidentView, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Confirms at `severity` (the proposed one when `None`). AWAS takes two persons, or a note of the call-back made.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn confirm(
        &self,
        actor: &Actor,
        id: IncidentId,
        severity: Option<Severity>,
        call_back: Option<&str>,
    ) -> Result<Confirmed, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Turns it down; whoever was told is told so.
    ///
    /// # Errors
    /// [`DeskError`]; a reason is mandatory.
    pub async fn reject(&self, actor: &Actor, id: IncidentId, reason: &str) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }

    /// Says where it happens; whoever was told is told of the correction.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn set_place(
        &self,
        actor: &Actor,
        id: IncidentId,
        place: &RegionCode,
    ) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }

    /// Takes a confirmed incident in hand.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn handle(&self, actor: &Actor, id: IncidentId) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn finish(&self, actor: &Actor, id: IncidentId, note: &str) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }

    /// Takes `younger` into `into`.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn merge(&self, actor: &Actor, younger: IncidentId, into: IncidentId) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }

    /// Releases a KF-14 matter: one Bawaslu officer (SG-02).
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn release(&self, actor: &Actor, id: IncidentId, reason: &str) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }

    /// Bawaslu's page: the KF-14 incidents with their posts.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for every role but `bawaslu`.
    pub async fn neutrality_findings(
        &self,
        actor: &Actor,
        filter: &QueueFilter,
    ) -> Result<Vec<IncidentView>, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Open incidents by queue, category and severity, as far as `actor` may see them.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn counts(&self, actor: &Actor) -> Result<Vec<(Queue, Category, Severity, i64)>, DeskError> {
        Err(DeskError::NotFound)
    }

    /// How the alert service is.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn health(&self) -> Result<Health, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Offices the routing needed and nobody holds.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn gaps(&self) -> Result<Vec<Gap>, DeskError> {
        Err(DeskError::NotFound)
    }

    /// What was sent last, newest first.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn notifications(&self, actor: &Actor, limit: i64) -> Result<Vec<NotificationView>, DeskError> {
        Err(DeskError::NotFound)
    }

    /// What the link `token` shows (a GET: changes nothing). The token is the last part of the link's path.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a token that is not ours.
    pub async fn answer_page(&self, token: &str) -> Result<AnswerPage, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Takes the answer given through the link `token` (a POST). The first answer holds.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a token that is not ours.
    pub async fn answer(&self, token: &str, answer: Answer) -> Result<AnswerPage, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Shows the author of a post behind its token, with a reason that stands in the audit (SG-03).
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn reveal_author(
        &self,
        actor: &Actor,
        id: IncidentId,
        post: &str,
        reason: &str,
    ) -> Result<String, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Turns telling off (`on` = the kill switch is on) for `region:62.10` or `channel:email` (SG-17).
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn switch(&self, actor: &Actor, scope: &str, on: bool, reason: &str) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }

    /// Writes a row of the audit for something done outside the desk (login, export, reading a search).
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn audit(
        &self,
        actor: &str,
        action: &str,
        subject: &str,
        detail: &str,
    ) -> Result<(), DeskError> {
        Err(DeskError::NotFound)
    }

    /// The last rows of the audit, newest first.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] but for `admin`.
    pub async fn audit_rows(&self, actor: &Actor, limit: i64) -> Result<Vec<AuditRow>, DeskError> {
        Err(DeskError::NotFound)
    }

    /// Whether the chain of the audit holds (SG-08).
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn check_audit(&self) -> Result<AuditCheck, DeskError> {
        Err(DeskError::NotFound)
    }
}
