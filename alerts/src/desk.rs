//! What a person at the desk sees and does; each act is one transaction with its history and audit.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, Level, Queue, RegionCode, Severity};

use crate::db::{AsDbError, Db, DbError, Tx};
use crate::message::Reason;
use crate::model::*;
use crate::route::plan::first_step;
use crate::store::audit::{self, Deed};
use crate::store::rank;
use crate::store::rows::{self, note};
use crate::store::signals::{self, Touched};
use crate::{Alerts, life, outbox, tell, view};

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

/// An act of a person on one incident, inside a write.
struct Act<'a> {
    actor: &'a Actor,
    now: Timestamp,
    incident: Incident,
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

    /// The time by the desk's clock.
    pub fn now(&self) -> Timestamp {
        self.alerts.clock.now()
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
        Ok(view::incident(&self.alerts, incident).await?)
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
        let alerts = &*self.alerts;
        let done = alerts
            .db
            .write(|mut tx| async move {
                let done = confirm(&mut tx, alerts, actor, id, severity, call_back).await;
                (tx, done)
            })
            .await?;
        self.alerts.changed.notify_one();
        Ok(done)
    }

    /// Turns it down; whoever was told is told so.
    ///
    /// # Errors
    /// [`DeskError`]; a reason is mandatory.
    pub async fn reject(&self, actor: &Actor, id: IncidentId, reason: &str) -> Result<(), DeskError> {
        let reason = said(reason, "reason_missing")?;
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let done = reject(&mut tx, alerts, actor, id, reason).await;
                (tx, done)
            })
            .await?;
        self.alerts.changed.notify_one();
        Ok(())
    }

    /// Says where it happens; whoever was told is told of the correction.
    ///
    /// # Errors
    /// [`DeskError`]; the gazetteer must know the region.
    pub async fn set_place(
        &self,
        actor: &Actor,
        id: IncidentId,
        place: &RegionCode,
    ) -> Result<(), DeskError> {
        let alerts = &*self.alerts;
        if alerts.writer.gazetteer.area(place).is_none() {
            return Err(DeskError::Refused("no_such_region"));
        }
        alerts
            .db
            .write(|mut tx| async move {
                let done = set_place(&mut tx, alerts, actor, id, place).await;
                (tx, done)
            })
            .await?;
        self.alerts.changed.notify_one();
        Ok(())
    }

    /// Takes a confirmed incident in hand.
    ///
    /// # Errors
    /// [`DeskError::Status`] unless it is confirmed.
    pub async fn handle(&self, actor: &Actor, id: IncidentId) -> Result<(), DeskError> {
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let done = handle(&mut tx, alerts, actor, id).await;
                (tx, done)
            })
            .await
    }

    /// Ends it; one that is confirmed is taken in hand on the way.
    ///
    /// # Errors
    /// [`DeskError`]; a note is mandatory.
    pub async fn finish(&self, actor: &Actor, id: IncidentId, closing: &str) -> Result<(), DeskError> {
        let closing = said(closing, "note_missing")?;
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let done = finish(&mut tx, alerts, actor, id, closing).await;
                (tx, done)
            })
            .await
    }

    /// Takes `younger` into `into`.
    ///
    /// # Errors
    /// [`DeskError`]; both must stand in one queue, and `into` be open.
    pub async fn merge(&self, actor: &Actor, younger: IncidentId, into: IncidentId) -> Result<(), DeskError> {
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let done = merge(&mut tx, alerts, actor, younger, into).await;
                (tx, done)
            })
            .await?;
        self.alerts.changed.notify_one();
        Ok(())
    }

    /// Releases a KF-14 matter: one Bawaslu officer (SG-02).
    ///
    /// # Errors
    /// [`DeskError`]; a reason is mandatory.
    pub async fn release(&self, actor: &Actor, id: IncidentId, reason: &str) -> Result<(), DeskError> {
        let reason = said(reason, "reason_missing")?;
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let done = release(&mut tx, alerts, actor, id, reason).await;
                (tx, done)
            })
            .await?;
        self.alerts.changed.notify_one();
        Ok(())
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
            views.push(view::incident(&self.alerts, row.incident).await?);
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
        Ok(view::gaps(&self.alerts.db).await?)
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
        let id = self.alerts.keys.notification(token).ok_or(DeskError::NotFound)?;
        view::answer_page(&self.alerts, id).await?.ok_or(DeskError::NotFound)
    }

    /// Takes the answer given through the link `token` (a POST). The first answer holds.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a token that is not ours, [`DeskError::Refused`] when it takes no answer any more.
    pub async fn answer(&self, token: &str, answer: Answer) -> Result<AnswerPage, DeskError> {
        let id = self.alerts.keys.notification(token).ok_or(DeskError::NotFound)?;
        let page = view::answer_page(&self.alerts, id).await?.ok_or(DeskError::NotFound)?;
        if page.answer.is_some() {
            return Ok(page);
        }
        if !page.open {
            return Err(DeskError::Refused("closed"));
        }
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let done = take_answer(&mut tx, alerts, id, answer).await;
                (tx, done)
            })
            .await?;
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
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let done = reveal(&mut tx, alerts, actor, id, post, reason).await;
                (tx, done)
            })
            .await
    }

    /// Turns telling off (`on`: the kill switch is on) for `region:62.10` or `channel:email` (SG-17).
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] but for `admin` and `ops`; a reason is mandatory.
    pub async fn switch(&self, actor: &Actor, scope: &str, on: bool, reason: &str) -> Result<(), DeskError> {
        if !actor.switches() {
            return Err(DeskError::Forbidden { role: actor.role, act: "switch" });
        }
        let reason = said(reason, "reason_missing")?;
        let valid = match scope.split_once(':') {
            Some(("region", code)) => RegionCode::parse(code).is_ok(),
            Some(("channel", kind)) => crate::channels::Kind::parse(kind).is_some(),
            _ => false,
        };
        if !valid {
            return Err(DeskError::Refused("scope"));
        }
        let alerts = &*self.alerts;
        alerts
            .db
            .write(|mut tx| async move {
                let done = switch(&mut tx, alerts, actor, scope, on, reason).await;
                (tx, done)
            })
            .await?;
        self.alerts.changed.notify_one();
        Ok(())
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

/// The queues that `actor` reads, of those asked for.
fn readable(actor: &Actor, asked: Option<Queue>) -> Result<Vec<Queue>, DeskError> {
    match asked {
        Some(queue) if !actor.reads(queue) => Err(DeskError::Forbidden { role: actor.role, act: "read" }),
        Some(queue) => Ok(vec![queue]),
        None => Ok(Queue::ALL.iter().copied().filter(|queue| actor.reads(*queue)).collect()),
    }
}

/// A text that must not be empty.
fn said<'a>(text: &'a str, missing: &'static str) -> Result<&'a str, DeskError> {
    let text = text.trim();
    if text.is_empty() { Err(DeskError::Refused(missing)) } else { Ok(text) }
}

impl<'a> Act<'a> {
    /// Begins an act on `id`, if `actor` may act there.
    async fn begin(
        tx: &mut Tx,
        alerts: &Alerts,
        actor: &'a Actor,
        id: IncidentId,
    ) -> Result<Act<'a>, DeskError> {
        let incident = rows::load(tx, id).await?.ok_or(DeskError::NotFound)?;
        if !actor.acts(incident.queue, incident.place.as_ref()) {
            return Err(DeskError::NotFound);
        }
        Ok(Act { actor, now: alerts.clock.now(), incident })
    }

    /// The status after `action`, or the error that says why not.
    fn next(&self, action: Action) -> Result<Status, DeskError> {
        let status = self.incident.status;
        life::next(status, action).ok_or(DeskError::Status { status, action })
    }

    /// Writes the act into history and audit.
    async fn record(&self, tx: &mut Tx, action: &str, event: Event, detail: &str) -> Result<(), DeskError> {
        let (id, actor) = (self.incident.id, self.actor.name.as_str());
        note(tx, id, self.now, actor, event, detail).await?;
        let subject = id.to_string();
        audit::write(tx, self.now, Deed { actor, action, subject: &subject, detail }).await?;
        Ok(())
    }

    async fn reload(&self, tx: &mut Tx) -> Result<Incident, DeskError> {
        rows::load(tx, self.incident.id).await?.ok_or(DeskError::NotFound)
    }
}

async fn confirm(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    severity: Option<Severity>,
    call_back: Option<&str>,
) -> Result<Confirmed, DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    let status = act.next(Action::Confirm)?;
    let wanted = severity.unwrap_or(act.incident.proposed);
    // A KF-14 item stands at NORMAL by default: Bawaslu confirms what it finds worth a look.
    if wanted == Severity::Normal && act.incident.queue == Queue::Konflik {
        return Err(DeskError::Refused("normal"));
    }
    let call_back = call_back.map(str::trim).filter(|text| !text.is_empty());
    let first = act.incident.awas_waits_for_second.as_deref();
    let alone =
        wanted == Severity::Awas && act.incident.effective != Some(Severity::Awas) && call_back.is_none();
    if alone && first == Some(actor.name.as_str()) {
        return Err(DeskError::Refused("same_person"));
    }
    let waits = alone && first.is_none();
    let effective = if waits { Severity::Siaga } else { wanted };
    rows::set_status(tx, id, status, None).await?;
    rows::set_effective(tx, id, effective, waits.then_some(actor.name.as_str())).await?;
    sqlx::query("UPDATE incidents SET returned = 0 WHERE id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await
        .map_err(DbError::from)?;
    act.record(tx, "confirm", Event::Confirmed, effective.as_str()).await?;
    if let Some(text) = call_back {
        act.record(tx, "call_back", Event::CalledBack, text).await?;
    }
    let incident = act.reload(tx).await?;
    tell::confirmed(tx, alerts, &incident, act.now).await?;
    if !waits {
        return Ok(Confirmed::At(effective));
    }
    act.record(tx, "confirm_awas", Event::WaitsForSecond, "").await?;
    if let Some(clock) = crate::clocks::decision(Severity::Awas)
        && alerts.policy.unconfirmed == crate::clocks::Unconfirmed::Tell
    {
        rows::start(tx, id, Timer::Unconfirmed, rank(Severity::Awas), act.now + clock).await?;
    }
    Ok(Confirmed::WaitsForSecond)
}

async fn reject(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    reason: &str,
) -> Result<(), DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    let status = act.next(Action::Reject)?;
    rows::set_status(tx, id, status, Some(reason)).await?;
    act.record(tx, "reject", Event::Rejected, reason).await?;
    let told = tell::progress(tx, &act.incident).await?.told;
    tell::follow_up(tx, alerts, &act.incident, &told, Reason::Rejected, 0, "", act.now).await?;
    Ok(())
}

async fn handle(tx: &mut Tx, alerts: &Alerts, actor: &Actor, id: IncidentId) -> Result<(), DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    let status = act.next(Action::Handle)?;
    rows::set_status(tx, id, status, None).await?;
    act.record(tx, "handle", Event::Handled, "").await
}

async fn finish(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    closing: &str,
) -> Result<(), DeskError> {
    let mut act = Act::begin(tx, alerts, actor, id).await?;
    if let Some(status) = life::next(act.incident.status, Action::Handle) {
        rows::set_status(tx, id, status, None).await?;
        act.record(tx, "handle", Event::Handled, "").await?;
        act.incident.status = status;
    }
    let status = act.next(Action::Finish)?;
    rows::set_status(tx, id, status, Some(closing)).await?;
    act.record(tx, "finish", Event::Finished, closing).await
}

async fn merge(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    younger: IncidentId,
    into: IncidentId,
) -> Result<(), DeskError> {
    if younger == into {
        return Err(DeskError::Refused("itself"));
    }
    let from = Act::begin(tx, alerts, actor, younger).await?;
    let to = Act::begin(tx, alerts, actor, into).await?;
    from.next(Action::Merge)?;
    if from.incident.queue != to.incident.queue {
        return Err(DeskError::Refused("other_queue"));
    }
    if !to.incident.status.is_open() {
        return Err(DeskError::Status { status: to.incident.status, action: Action::Merge });
    }
    let mut touched = Touched::default();
    signals::merge(tx, younger, into, &actor.name, from.now, &mut touched).await?;
    let subject = younger.to_string();
    let detail = into.to_string();
    let deed = Deed { actor: &actor.name, action: "merge", subject: &subject, detail: &detail };
    audit::write(tx, from.now, deed).await?;
    settle(tx, alerts, &touched, from.now).await
}

/// Brings the sums of what a person changed up to date, and what follows from them.
async fn settle(tx: &mut Tx, alerts: &Alerts, touched: &Touched, now: Timestamp) -> Result<(), DeskError> {
    for id in &touched.changed {
        for left in signals::refresh(tx, alerts, *id, false, now).await? {
            if let Some(incident) = rows::load(tx, left).await? {
                tell::after_change(tx, alerts, &incident, now).await?;
            }
        }
    }
    Ok(())
}

async fn set_place(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    place: &RegionCode,
) -> Result<(), DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    if !act.incident.status.is_open() {
        return Err(DeskError::Status { status: act.incident.status, action: Action::Confirm });
    }
    if !actor.covers(Some(place)) {
        return Err(DeskError::Forbidden { role: actor.role, act: "set_place" });
    }
    let Incident { queue, category, first_event, last_event, .. } = act.incident;
    let key = format!("{queue}|{category}|{}", place.cut(alerts.policy.group_level));
    let zone = alerts.writer.gazetteer.zone(place).unwrap_or(act.incident.zone);
    rows::set_place(tx, id, place, zone, &key).await?;
    act.record(tx, "set_place", Event::Place, place.as_str()).await?;
    let told = tell::progress(tx, &act.incident).await?.told;
    if !told.is_empty() {
        let incident = act.reload(tx).await?;
        correct(tx, alerts, &incident, &told, act.now).await?;
    }
    let mut touched = Touched::default();
    touched.changed.insert(id);
    signals::settle_group(tx, alerts, &key, first_event, last_event, Some(id), act.now, &mut touched).await?;
    settle(tx, alerts, &touched, act.now).await?;
    let incident = act.reload(tx).await?;
    if told.is_empty() && incident.status != Status::Baru && incident.status.is_open() {
        tell::confirmed(tx, alerts, &incident, act.now).await?;
    }
    Ok(())
}

/// Tells those who were told of the new place, and those who belong to it.
async fn correct(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    told: &BTreeSet<Office>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let times: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM history WHERE incident = $1 AND kind = 'place'")
            .bind(incident.id.0)
            .fetch_one(tx.conn())
            .await
            .map_err(DbError::from)?;
    let place = incident.place.as_ref().map(|place| alerts.writer.place(place)).unwrap_or_default();
    tell::follow_up(tx, alerts, incident, told, Reason::Correction, times, &place, now).await?;
    let (severity, reason) = match incident.effective {
        Some(severity) => (severity, Reason::Confirmed),
        None => (Severity::Waspada.max(tell::told_at(tx, incident).await?), Reason::Unconfirmed),
    };
    let mut plan = first_step(&tell::matter(tx.conn(), incident, severity).await?, &alerts.roster);
    plan.told.retain(|because| !told.contains(&because.office));
    if !plan.told.is_empty() {
        tell::tell(tx, alerts, incident, severity, reason, 10 + times, &plan, now).await?;
    }
    Ok(())
}

async fn release(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    reason: &str,
) -> Result<(), DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    if act.incident.queue != Queue::Netralitas {
        return Err(DeskError::Refused("not_neutrality"));
    }
    if !act.incident.status.is_open() {
        return Err(DeskError::Status { status: act.incident.status, action: Action::Confirm });
    }
    sqlx::query("UPDATE incidents SET released = 1 WHERE id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await
        .map_err(DbError::from)?;
    act.record(tx, "release", Event::Released, reason).await?;
    let incident = act.reload(tx).await?;
    if !incident.archived {
        tell::released_to(tx, alerts, &incident, act.now).await?;
    }
    Ok(())
}

/// Takes the answer of the office that notification `id` went to: it stops the office's own line only.
async fn take_answer(tx: &mut Tx, alerts: &Alerts, id: &str, answer: Answer) -> Result<(), DeskError> {
    let now = alerts.clock.now();
    let row = sqlx::query(
        "UPDATE notifications SET answer = $2, answered_at = $3 WHERE id = $1 AND answer IS NULL
         RETURNING incident, role, region",
    )
    .bind(id)
    .bind(answer.as_str())
    .bind(now.as_microsecond())
    .fetch_optional(tx.conn())
    .await
    .map_err(DbError::from)?;
    // Somebody pressed twice: the first answer holds.
    let Some(row) = row else { return Ok(()) };
    let text = |column: &str| row.try_get::<String, _>(column).map_err(DbError::from);
    let office = tell::office_of_row(&text("role")?, &text("region")?)?;
    let name = office.as_ref().map_or_else(String::new, Office::to_string);
    let incident = IncidentId(row.try_get("incident").map_err(DbError::from)?);
    note(tx, incident, now, &name, Event::Answered, answer.as_str()).await?;
    let subject = incident.to_string();
    audit::write(
        tx,
        now,
        Deed { actor: &name, action: "answer", subject: &subject, detail: answer.as_str() },
    )
    .await?;
    let Some(incident) = rows::load(tx, incident).await? else { return Ok(()) };
    match answer {
        Answer::BukanWilayah => {
            sqlx::query("UPDATE incidents SET returned = 1 WHERE id = $1")
                .bind(incident.id.0)
                .execute(tx.conn())
                .await
                .map_err(DbError::from)?;
            note(tx, incident.id, now, &name, Event::Returned, &name).await?;
        }
        Answer::Menuju => {
            if let Some(status) = life::next(incident.status, Action::Handle) {
                rows::set_status(tx, incident.id, status, None).await?;
                note(tx, incident.id, now, &name, Event::Handled, "").await?;
            }
        }
        Answer::Tahu | Answer::Aman => {}
    }
    Ok(())
}

async fn reveal(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    post: &str,
    reason: &str,
) -> Result<String, DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    let doc: Option<String> = sqlx::query_scalar(
        "SELECT f.doc FROM signals s JOIN findings f ON f.finding = s.finding WHERE s.incident = $1 AND s.post = $2",
    )
    .bind(id.0)
    .bind(post)
    .fetch_optional(tx.conn())
    .await
    .map_err(DbError::from)?;
    let finding: stream::Finding =
        serde_json::from_str(&doc.ok_or(DeskError::NotFound)?).map_err(DbError::from)?;
    act.record(tx, "reveal", Event::Revealed, &format!("{post}: {reason}")).await?;
    let author = finding.post.author.unwrap_or_default();
    Ok([author.name, author.handle].into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

async fn switch(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    scope: &str,
    on: bool,
    reason: &str,
) -> Result<(), DeskError> {
    let now = alerts.clock.now();
    let write = if on {
        sqlx::query(
            "INSERT INTO switches (scope, set_by, at, reason) VALUES ($1, $2, $3, $4)
             ON CONFLICT (scope) DO UPDATE SET set_by = $2, at = $3, reason = $4",
        )
        .bind(scope)
        .bind(&actor.name)
        .bind(now.as_microsecond())
        .bind(reason)
    } else {
        sqlx::query("DELETE FROM switches WHERE scope = $1").bind(scope)
    };
    write.execute(tx.conn()).await.map_err(DbError::from)?;
    if !on {
        // What another switch still holds back is held again when it is looked at.
        sqlx::query("UPDATE notifications SET state = 'pending' WHERE state = 'held'")
            .execute(tx.conn())
            .await
            .map_err(DbError::from)?;
    }
    let action = if on { "switch_on" } else { "switch_off" };
    Ok(audit::write(tx, now, Deed { actor: &actor.name, action, subject: scope, detail: reason }).await?)
}

/// Whether `deep` lies in `place` or around it: matters that may be the same.
pub(crate) fn may_be_same(one: &RegionCode, other: &RegionCode) -> bool {
    one != other
        && (one.contains(other) || other.contains(one))
        && one.cut(Level::Kabupaten) == other.cut(Level::Kabupaten)
        || one.cut(Level::Kecamatan) == other.cut(Level::Kecamatan)
}
