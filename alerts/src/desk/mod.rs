//! What a person at the desk does; each act is one transaction with its history and audit.

mod acts;
mod answer;
pub(crate) mod coverage;
mod error;
mod part;
mod place;
mod reads;
mod switch;

use std::sync::Arc;

use jiff::Timestamp;
use lexicons::gazetteer::Gazetteer;
use stream::{RegionCode, Severity};

use crate::db::Db;
use crate::model::*;
use crate::roster::Refused;
use crate::store::audit::{self, Deed};
use crate::{Alerts, DeskContact, view};
use acts::{confirm, finish, handle, reject, release, reveal, said};
use answer::take_answer;
pub use error::DeskError;
use part::part;
use place::{merge, set_place};
use switch::turn;

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

    /// The faults that the roster's file had when it was last read, so that the one before stays in use.
    pub fn roster_refused(&self) -> Vec<Refused> {
        self.alerts.roster_refused()
    }

    /// How many offices have somebody who can be told; 0 without a roster.
    pub fn offices(&self) -> usize {
        let roster = self.alerts.roster();
        roster.offices().filter(|office| !roster.contacts(office).is_empty()).count()
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

    /// Says where it happens; whoever was told is told of the correction. Where incidents of its group stood already,
    /// they are one with it now: it says which way, and whom it told.
    ///
    /// # Errors
    /// [`DeskError`]; the gazetteer must know the region.
    pub async fn set_place(
        &self,
        actor: &Actor,
        id: IncidentId,
        place: &RegionCode,
    ) -> Result<PlaceSet, DeskError> {
        if Gazetteer::in_use().area(place).is_none() {
            return Err(DeskError::Refused("no_such_region"));
        }
        act!(self, set_place(actor, id, place))
    }

    /// Takes a confirmed incident in hand, also one that somebody has in hand; returns the status it was in.
    ///
    /// # Errors
    /// [`DeskError::Status`] unless it is confirmed and open.
    pub async fn handle(&self, actor: &Actor, id: IncidentId) -> Result<Status, DeskError> {
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

    /// Takes `post`, with the copies of its text, out of an incident that it does not belong to, into one of its own; returns
    /// which.
    ///
    /// # Errors
    /// [`DeskError::Status`] when it is over, [`DeskError::Refused`] where nothing would be left of it: that is turned down.
    pub async fn part(
        &self,
        actor: &Actor,
        id: IncidentId,
        post: &str,
        why: Apart,
    ) -> Result<IncidentId, DeskError> {
        act!(self, part(actor, id, post, why))
    }

    /// Releases a KF-14 matter: one Bawaslu officer (SG-02).
    ///
    /// # Errors
    /// [`DeskError`]; a reason is mandatory.
    pub async fn release(&self, actor: &Actor, id: IncidentId, reason: &str) -> Result<(), DeskError> {
        let reason = said(reason, "reason_missing")?;
        act!(self, release(actor, id, reason))
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
        let scope = switch::scope(scope, on)?;
        let scope = scope.as_str();
        act!(self, turn(actor, scope, on, reason))
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
}
