//! Acts on one incident: confirming, turning down, taking in hand, ending, releasing, showing an author; each inside one
//! write.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Queue, Severity};

use super::error::DeskError;
use crate::db::{DbError, Tx};
use crate::model::*;
use crate::store::SYSTEM;
use crate::store::audit::{self, Deed};
use crate::store::rows::{self, note};
use crate::tell::{self, Telling};
use crate::{Alerts, Reason, life};

/// An act of a person on one incident, inside a write.
pub(super) struct Act<'a> {
    pub(super) actor: &'a Actor,
    pub(super) now: Timestamp,
    pub(super) incident: Incident,
}

/// The queues that `actor` reads, of those asked for.
pub(super) fn readable(actor: &Actor, asked: Option<Queue>) -> Result<Vec<Queue>, DeskError> {
    match asked {
        Some(queue) if !actor.reads(queue) => Err(DeskError::Forbidden { role: actor.role, act: "read" }),
        Some(queue) => Ok(vec![queue]),
        None => Ok(Queue::ALL.iter().copied().filter(|queue| actor.reads(*queue)).collect()),
    }
}

/// A text that must not be empty.
pub(super) fn said<'a>(text: &'a str, missing: &'static str) -> Result<&'a str, DeskError> {
    let text = text.trim();
    if text.is_empty() { Err(DeskError::Refused(missing)) } else { Ok(text) }
}

impl<'a> Act<'a> {
    /// Begins an act on `id`, if `actor` may act there.
    pub(super) async fn begin(
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
    pub(super) fn next(&self, action: Action) -> Result<Status, DeskError> {
        let status = self.incident.status;
        life::next(status, action).ok_or(DeskError::Status { status, action })
    }

    /// Writes the act into history and audit.
    pub(super) async fn record(
        &self,
        tx: &mut Tx,
        action: &str,
        event: Event,
        detail: &str,
    ) -> Result<(), DeskError> {
        let (id, actor) = (self.incident.id, self.actor.name.as_str());
        note(tx, id, self.now, actor, event, detail).await?;
        let subject = id.to_string();
        audit::write(tx, self.now, Deed { actor, action, subject: &subject, detail }).await?;
        Ok(())
    }

    /// The incident as it stands by now.
    pub(super) async fn reload(&self, tx: &mut Tx) -> Result<Incident, DeskError> {
        rows::load(tx, self.incident.id).await?.ok_or(DeskError::NotFound)
    }
}

pub(super) async fn confirm(
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
    let backing = match (effective, act.incident.effective) {
        (Severity::Awas, Some(Severity::Awas)) => act.incident.backing,
        (Severity::Awas, _) if first.is_some_and(|first| first != actor.name) => Some(Backing::TwoPersons),
        (Severity::Awas, _) => Some(Backing::CallBack),
        _ => None,
    };
    rows::set_effective(tx, id, effective, backing, waits.then_some(actor.name.as_str())).await?;
    rows::set_checked(tx, id, &act.incident.places()).await?;
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
    Telling::of(tx, alerts, &incident, act.now).confirmed().await?;
    if !waits {
        return Ok(Confirmed::At(effective));
    }
    act.record(tx, "confirm_awas", Event::WaitsForSecond, "").await?;
    Telling::of(tx, alerts, &incident, act.now).awaits_second().await?;
    Ok(Confirmed::WaitsForSecond)
}

pub(super) async fn reject(
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
    let told = tell::progress(tx, &act.incident, Severity::Normal).await?.told;
    let mut telling = Telling::of(tx, alerts, &act.incident, act.now);
    telling.follow_up(&told, Reason::Rejected, 0, "").await?;
    Ok(())
}

pub(super) async fn handle(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
) -> Result<Status, DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    let before = act.incident.status;
    // An office that set out, or a colleague, was faster: whoever presses now is on it as well.
    if before != Status::Ditangani {
        let status = act.next(Action::Handle)?;
        rows::set_status(tx, id, status, None).await?;
    }
    act.record(tx, "handle", Event::Handled, "").await?;
    Ok(before)
}

pub(super) async fn finish(
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

pub(super) async fn release(
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
    let before = sqlx::query(
        "SELECT COUNT(CASE WHEN state NOT IN ('failed', 'moot') THEN 1 END) AS told, COALESCE(MAX(step) + 1, 0) AS step
         FROM notifications WHERE incident = $1 AND reason = 'released'",
    )
    .bind(id.0)
    .fetch_one(tx.conn())
    .await
    .map_err(DbError::from)?;
    // What went to nobody may be released again; what went out is not said twice.
    if before.try_get::<i64, _>("told").map_err(DbError::from)? > 0 {
        return Err(DeskError::Status { status: act.incident.status, action: Action::Confirm });
    }
    let step = before.try_get("step").map_err(DbError::from)?;
    sqlx::query("UPDATE incidents SET released = 1 WHERE id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await
        .map_err(DbError::from)?;
    act.record(tx, "release", Event::Released, reason).await?;
    let incident = act.reload(tx).await?;
    if incident.archived {
        note(tx, id, act.now, SYSTEM, Event::NotTold, "archive").await?;
        return Ok(());
    }
    Telling::of(tx, alerts, &incident, act.now).released(step, &BTreeSet::new()).await?;
    Ok(())
}

pub(super) async fn reveal(
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
