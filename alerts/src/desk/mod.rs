//! What a person at the desk sees and does; each act is one transaction with its history and audit.

mod acts;
mod answer;
pub(crate) mod coverage;
pub(crate) mod rests;

use std::sync::Arc;

use jiff::Timestamp;
use lexicons::gazetteer::Gazetteer;
use stream::{Category, Queue, RegionCode, Severity};

use crate::db::{AsDbError, Db, DbError};
use crate::model::*;
use crate::store::audit::{self, Deed};
use crate::{Alerts, DeskContact, outbox, view};
use acts::{confirm, finish, handle, merge, readable, reject, release, reveal, said, set_place, switch};
use answer::take_answer;

/// Does an act in one write, and wakes what tells. No function, since what it calls would have to be `Send` for every
/// lifetime of its arguments, which no async closure can say.
macro_rules! act {
    ($desk:expr, $act:ident($($argument:expr),*)) => {{
        let alerts = &*$desk.alerts;
        let done = alerts
            .db
            .write(|mut tx| async move {
                let done = $act(&mut tx, alerts, $($argument),*).await;
                (tx, done)
            })
            .await;
        alerts.changed.notify_one();
        done
    }};
}

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

/// The desk: everything a person does or sees. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Desk {
    alerts: Arc<Alerts>,
}

impl Desk {
    /// The desk over these alerts.
    pub fn new(alerts: Arc<Alerts>) -> Desk {
        Desk { alerts }
    }

    /// The database behind the desk.
    pub fn db(&self) -> &Db {
        &self.alerts.db
    }

    /// How offices reach the people of the desk, where the configuration says it.
    pub fn contact(&self) -> Option<&DeskContact> {
        self.alerts.contact.as_ref()
    }

    /// The time by the desk's clock.
    pub fn now(&self) -> Timestamp {
        self.alerts.clock.now()
    }

    /// How many offices have somebody who can be told; 0 without a roster.
    pub fn offices(&self) -> usize {
        let roster = &self.alerts.roster;
        roster.offices().filter(|office| !roster.contacts(office).is_empty()).count()
    }

    /// The queue as `actor` may see it: AWAS proposals on top, then by severity and time.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for a queue the actor's role does not read.
    pub async fn queue(&self, actor: &Actor, filter: &QueueFilter) -> Result<Vec<IncidentRow>, DeskError> {
        let queues = readable(actor, filter.queue)?;
        Ok(view::queue(&self.alerts.db, actor, &queues, filter).await?)
    }

    /// How many incidents `filter` holds in all.
    ///
    /// # Errors
    /// As [`Desk::queue`].
    pub async fn count(&self, actor: &Actor, filter: &QueueFilter) -> Result<i64, DeskError> {
        let queues = readable(actor, filter.queue)?;
        Ok(view::count(&self.alerts.db, actor, &queues, filter).await?)
    }

    /// Everything of one incident; the reading stands in the audit.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] also for what the actor may not see.
    pub async fn incident(&self, actor: &Actor, id: IncidentId) -> Result<IncidentView, DeskError> {
        let incident = view::load(&self.alerts.db, id).await?.ok_or(DeskError::NotFound)?;
        if !actor.acts(incident.queue, incident.place.as_ref()) {
            return Err(DeskError::NotFound);
        }
        self.audit(&actor.name, "read", &id.to_string(), "").await?;
        Ok(view::incident(&self.alerts, actor, incident).await?)
    }

    /// Confirms at `severity` (the proposed one when `None`). AWAS takes two persons, or a note of the call-back made.
    ///
    /// # Errors
    /// [`DeskError::Status`] when it is too late, [`DeskError::Refused`] for NORMAL or the same person twice.
    pub async fn confirm(
        &self,
        actor: &Actor,
        id: IncidentId,
        severity: Option<Severity>,
        call_back: Option<&str>,
    ) -> Result<Confirmed, DeskError> {
        act!(self, confirm(actor, id, severity, call_back))
    }

    /// Turns it down; whoever was told is told so.
    ///
    /// # Errors
    /// [`DeskError`]; a reason is mandatory.
    pub async fn reject(&self, actor: &Actor, id: IncidentId, reason: &str) -> Result<(), DeskError> {
        let reason = said(reason, "reason_missing")?;
        act!(self, reject(actor, id, reason))
    }

    /// Says where it happens; whoever was told is told of the correction. Returns the incident that took it in, when
    /// one stood there already.
    ///
    /// # Errors
    /// [`DeskError`]; the gazetteer must know the region.
    pub async fn set_place(
        &self,
        actor: &Actor,
        id: IncidentId,
        place: &RegionCode,
    ) -> Result<Option<IncidentId>, DeskError> {
        if Gazetteer::in_use().area(place).is_none() {
            return Err(DeskError::Refused("no_such_region"));
        }
        act!(self, set_place(actor, id, place))
    }

    /// Takes a confirmed incident in hand.
    ///
    /// # Errors
    /// [`DeskError::Status`] unless it is confirmed.
    pub async fn handle(&self, actor: &Actor, id: IncidentId) -> Result<(), DeskError> {
        act!(self, handle(actor, id))
    }

    /// Ends it; one that is confirmed is taken in hand on the way.
    ///
    /// # Errors
    /// [`DeskError`]; a note is mandatory.
    pub async fn finish(&self, actor: &Actor, id: IncidentId, closing: &str) -> Result<(), DeskError> {
        let closing = said(closing, "note_missing")?;
        act!(self, finish(actor, id, closing))
    }

    /// Takes `younger` into `into`.
    ///
    /// # Errors
    /// [`DeskError`]; both must stand in one queue, and `into` be open.
    pub async fn merge(&self, actor: &Actor, younger: IncidentId, into: IncidentId) -> Result<(), DeskError> {
        act!(self, merge(actor, younger, into))
    }

    /// Releases a KF-14 matter: one Bawaslu officer (SG-02).
    ///
    /// # Errors
    /// [`DeskError`]; a reason is mandatory.
    pub async fn release(&self, actor: &Actor, id: IncidentId, reason: &str) -> Result<(), DeskError> {
        let reason = said(reason, "reason_missing")?;
        act!(self, release(actor, id, reason))
    }

    /// The incidents that `posts` stand in, as far as `actor` may open them: post, incident and queue (SG-18: those of
    /// KF-14 for Bawaslu alone).
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn incidents_of(
        &self,
        actor: &Actor,
        posts: &[&str],
    ) -> Result<Vec<(String, IncidentId, Queue)>, DeskError> {
        Ok(view::incidents_of(&self.alerts.db, actor, posts).await?)
    }

    /// Bawaslu's page: the KF-14 incidents with their posts; the reading stands in the audit.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for every role but `bawaslu`.
    pub async fn neutrality_findings(
        &self,
        actor: &Actor,
        filter: &QueueFilter,
    ) -> Result<Vec<IncidentView>, DeskError> {
        let filter = QueueFilter { queue: Some(Queue::Netralitas), ..filter.clone() };
        let rows = self.queue(actor, &filter).await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            self.audit(&actor.name, "read", &row.incident.id.to_string(), "").await?;
            views.push(view::incident(&self.alerts, actor, row.incident).await?);
        }
        Ok(views)
    }

    /// Open incidents by queue, category and severity, as far as `actor` may see them.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn counts(&self, actor: &Actor) -> Result<Vec<(Queue, Category, Severity, i64)>, DeskError> {
        let queues: Vec<Queue> = Queue::ALL.iter().copied().filter(|queue| actor.reads(*queue)).collect();
        Ok(view::counts(&self.alerts.db, actor, &queues).await?)
    }

    /// How the alert service is.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn health(&self) -> Result<Health, DeskError> {
        let (waiting, failed) = outbox::waiting(&self.alerts.db).await?;
        Ok(view::health(&self.alerts, waiting, failed).await?)
    }

    /// Offices the routing needed and nobody holds.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn gaps(&self) -> Result<Vec<Gap>, DeskError> {
        Ok(view::gaps(&self.alerts).await?)
    }

    /// What was sent last, newest first.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn notifications(&self, actor: &Actor, limit: i64) -> Result<Vec<NotificationView>, DeskError> {
        Ok(view::last_notifications(&self.alerts.db, actor, limit).await?)
    }

    /// What the link `token` shows (a GET: changes nothing). The token is the last part of the link's path.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a token that is not ours.
    pub async fn answer_page(&self, token: &str) -> Result<AnswerPage, DeskError> {
        let id = self.alerts.secret.notification(token).ok_or(DeskError::NotFound)?;
        view::answer_page(&self.alerts, id).await?.ok_or(DeskError::NotFound)
    }

    /// Takes the answer given through the link `token` (a POST). The first answer holds.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a token that is not ours, [`DeskError::Refused`] when it takes no answer any more.
    pub async fn answer(&self, token: &str, answer: Answer) -> Result<AnswerPage, DeskError> {
        let id = self.alerts.secret.notification(token).ok_or(DeskError::NotFound)?;
        let page = view::answer_page(&self.alerts, id).await?.ok_or(DeskError::NotFound)?;
        if page.answer.is_some() {
            return Ok(page);
        }
        if !page.open {
            return Err(DeskError::Refused("closed"));
        }
        act!(self, take_answer(id, answer))?;
        view::answer_page(&self.alerts, id).await?.ok_or(DeskError::NotFound)
    }

    /// Shows the author of a post behind its token, with a reason that stands in the audit (SG-03).
    ///
    /// # Errors
    /// [`DeskError`]; a reason is mandatory.
    pub async fn reveal_author(
        &self,
        actor: &Actor,
        id: IncidentId,
        post: &str,
        reason: &str,
    ) -> Result<String, DeskError> {
        let reason = said(reason, "reason_missing")?;
        act!(self, reveal(actor, id, post, reason))
    }

    /// Turns telling off (`on`: the kill switch is on) for `region:62.10` or `channel:email` (SG-17); a bare code of an
    /// area stands for its region, a bare name of a channel for it.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] but for `admin` and `ops`; [`DeskError::Refused`] where nothing would be held back: an
    /// area that there is not, a channel nobody has; a reason is mandatory.
    pub async fn switch(&self, actor: &Actor, scope: &str, on: bool, reason: &str) -> Result<(), DeskError> {
        if !actor.switches() {
            return Err(DeskError::Forbidden { role: actor.role, act: "switch" });
        }
        let reason = said(reason, "reason_missing")?;
        let is_channel = |name: &str| crate::channels::Kind::parse(name).is_some();
        let bare = if is_channel(scope) { "channel" } else { "region" };
        let (kind, held) = scope.split_once(':').unwrap_or((bare, scope));
        match kind {
            "region" => {
                let code = RegionCode::parse(held).map_err(|_| DeskError::Refused("scope"))?;
                // A switch of an area that is gone since can still be turned off.
                if on && Gazetteer::in_use().area(&code).is_none() {
                    return Err(DeskError::Refused("no_such_region"));
                }
            }
            "channel" if is_channel(held) => {}
            _ => return Err(DeskError::Refused("scope")),
        }
        let whole = format!("{kind}:{held}");
        let scope = whole.as_str();
        act!(self, switch(actor, scope, on, reason))
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
        let now = self.now();
        let deed = Deed { actor, action, subject, detail };
        self.alerts
            .db
            .write(|mut tx| async move {
                let done = audit::write(&mut tx, now, deed).await;
                (tx, done)
            })
            .await?;
        Ok(())
    }

    /// The last rows of the audit, newest first.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] but for `admin`.
    pub async fn audit_rows(&self, actor: &Actor, limit: i64) -> Result<Vec<AuditRow>, DeskError> {
        if actor.role != DeskRole::Admin {
            return Err(DeskError::Forbidden { role: actor.role, act: "audit" });
        }
        Ok(audit::rows(&self.alerts.db, limit).await?)
    }

    /// Whether the chain of the audit holds (SG-08).
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn check_audit(&self) -> Result<AuditCheck, DeskError> {
        Ok(audit::check(&self.alerts.db).await?)
    }
}
