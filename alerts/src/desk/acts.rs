//! What the acts at the desk change, each inside one write.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lexicons::gazetteer::Gazetteer;
use sqlx::Row;
use stream::{Queue, RegionCode, Severity};

use super::DeskError;
use crate::db::{DbError, Tx};
use crate::model::*;
use crate::route::plan::first_step;
use crate::store::audit::{self, Deed};
use crate::store::rows::{self, note};
use crate::store::{SYSTEM, rank};
use crate::store::{Touched, grouping, sums};
use crate::{Alerts, Reason, life, tell};

/// An act of a person on one incident, inside a write.
struct Act<'a> {
    actor: &'a Actor,
    now: Timestamp,
    incident: Incident,
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
    tell::follow_up(tx, alerts, &act.incident, &told, Reason::Rejected, 0, "", act.now).await?;
    Ok(())
}

pub(super) async fn handle(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
) -> Result<(), DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    let status = act.next(Action::Handle)?;
    rows::set_status(tx, id, status, None).await?;
    act.record(tx, "handle", Event::Handled, "").await
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

pub(super) async fn merge(
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
    grouping::merge(tx, younger, into, &actor.name, from.now, &mut touched).await?;
    let subject = younger.to_string();
    let detail = into.to_string();
    let deed = Deed { actor: &actor.name, action: "merge", subject: &subject, detail: &detail };
    audit::write(tx, from.now, deed).await?;
    settle(tx, alerts, &touched, from.now).await
}

/// Brings the sums of what a person changed up to date, and what follows from them.
pub(super) async fn settle(
    tx: &mut Tx,
    alerts: &Alerts,
    touched: &Touched,
    now: Timestamp,
) -> Result<(), DeskError> {
    for id in &touched.changed {
        for left in sums::refresh(tx, alerts, *id, false, now).await? {
            if let Some(incident) = rows::load(tx, left).await? {
                tell::after_change(tx, alerts, &incident, now).await?;
            }
        }
    }
    Ok(())
}

pub(super) async fn set_place(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    place: &RegionCode,
) -> Result<Option<IncidentId>, DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    if !act.incident.status.is_open() {
        return Err(DeskError::Status { status: act.incident.status, action: Action::Confirm });
    }
    if !actor.covers(Some(place)) {
        return Err(DeskError::Forbidden { role: actor.role, act: "set_place" });
    }
    let Incident { queue, category, first_event, last_event, .. } = act.incident;
    let key = format!("{queue}|{category}|{}", place.cut(alerts.policy.group_level));
    let zone = Gazetteer::in_use().zone(place).unwrap_or(act.incident.zone);
    rows::set_place(tx, id, place, zone, &key).await?;
    act.record(tx, "set_place", Event::Place, place.as_str()).await?;
    let told = tell::progress(tx, &act.incident, Severity::Normal).await?.told;
    if !told.is_empty() {
        let incident = act.reload(tx).await?;
        correct(tx, alerts, &incident, &told, act.now).await?;
    }
    let mut touched = Touched::default();
    touched.changed.insert(id);
    grouping::settle_group(tx, alerts, &key, first_event, last_event, Some(id), act.now, &mut touched)
        .await?;
    settle(tx, alerts, &touched, act.now).await?;
    let incident = act.reload(tx).await?;
    if told.is_empty() && incident.status != Status::Baru && incident.status.is_open() {
        tell::confirmed(tx, alerts, &incident, act.now).await?;
    }
    Ok(incident.merged_into)
}

/// Tells those who were told of the new place, and those who belong to it.
pub(super) async fn correct(
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
    tell::released_to(tx, alerts, &incident, step, act.now).await?;
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

pub(super) async fn switch(
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
