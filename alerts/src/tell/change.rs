//! What follows from a change in the signals of an incident, and from what a person decides about it.

use jiff::Timestamp;
use stream::{Queue, Severity};

use super::answers::{kept, update};
use super::hush::hush;
use super::standing::{matter, progress, told_severity};
use super::{DESK, To, climbs_from, enqueue, tell};
use crate::clocks::{self, Unconfirmed};
use crate::db::{DbError, Tx};
use crate::route::plan::{RELEASED_AT_LEAST, climb, first_step, released};
use crate::store::{rank, rows};
use crate::{Alerts, Incident, Reason, Status, Timer};

/// What follows from a change in the signals of `incident`: pages, clocks, telling at once.
pub(crate) async fn after_change(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    now: Timestamp,
) -> Result<(), DbError> {
    if incident.archived || !incident.status.is_open() {
        return Ok(());
    }
    if incident.told_at.is_some() {
        hush(tx, alerts, incident).await?;
    }
    if incident.queue == Queue::Netralitas {
        if incident.place.is_some() && incident.proposed >= Severity::Waspada {
            let plan = first_step(&matter(tx.conn(), incident, incident.proposed).await?, &alerts.roster);
            tell(tx, alerts, incident, incident.proposed, Reason::ItemWaits, 0, &plan, now).await?;
        }
        return Ok(());
    }
    if incident.status != Status::Baru {
        return Ok(());
    }
    if incident.proposed >= Severity::Siaga {
        page(tx, alerts, incident, now).await?;
    }
    if incident.place.is_none() || incident.proposed == Severity::Normal {
        return rows::stop(tx, incident.id, Timer::Unconfirmed).await;
    }
    decide_by(tx, alerts, incident, now).await?;
    if incident.told_at.is_none() && (incident.sources >= 2 || incident.reporter) {
        // Never higher than WASPADA without a person.
        let plan = first_step(&matter(tx.conn(), incident, Severity::Waspada).await?, &alerts.roster);
        tell(tx, alerts, incident, Severity::Waspada, Reason::AtOnce, 0, &plan, now).await?;
    }
    Ok(())
}

/// Starts the clock within which a person has to decide; a graver proposal shortens it, nothing prolongs it.
async fn decide_by(tx: &mut Tx, alerts: &Alerts, incident: &Incident, now: Timestamp) -> Result<(), DbError> {
    let Some(clock) = clocks::decision(incident.proposed) else { return Ok(()) };
    if alerts.policy.unconfirmed == Unconfirmed::Hold {
        return Ok(());
    }
    let level = rank(incident.proposed);
    let due = now + clock;
    match rows::running(tx, incident.id, Timer::Unconfirmed).await? {
        Some((step, _)) if step >= level => Ok(()),
        Some((_, running)) if running <= due.as_microsecond() => Ok(()),
        // The clock of this level has gone off already: the matter was told at it.
        None if told_severity(tx, incident)
            .await?
            .is_some_and(|(told, reason)| reason != Reason::AtOnce && rank(told) >= level) =>
        {
            Ok(())
        }
        _ => rows::start(tx, incident.id, Timer::Unconfirmed, level, due).await,
    }
}

/// Pages the desk: a proposal of SIAGA or AWAS waits for a decision.
async fn page(tx: &mut Tx, alerts: &Alerts, incident: &Incident, now: Timestamp) -> Result<(), DbError> {
    let step = rank(incident.proposed);
    for contact in alerts.roster.desk(incident.place.as_ref()) {
        let to = To { role: DESK, region: "", line: "meja" };
        enqueue(tx, alerts, incident, to, contact, Reason::Page, step, incident.proposed, "", now).await?;
    }
    Ok(())
}

/// Tells of a confirmed incident at its effective severity. Offices that have answered hear that their answer holds; the
/// others are asked, and the climb begins anew for the lines that are silent.
pub(crate) async fn confirmed(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    now: Timestamp,
) -> Result<(), DbError> {
    rows::stop(tx, incident.id, Timer::Unconfirmed).await?;
    if incident.archived || incident.queue == Queue::Netralitas {
        return Ok(());
    }
    let severity = incident.severity();
    let matter = matter(tx.conn(), incident, severity).await?;
    let mut plan = first_step(&matter, &alerts.roster);
    let kept = kept(tx, incident, severity, &plan).await?;
    plan.told.retain(|because| !kept.iter().any(|kept| kept.office == because.office));
    let asked = tell(tx, alerts, incident, severity, Reason::Confirmed, rank(severity), &plan, now).await?;
    if kept.is_empty() {
        return Ok(());
    }
    update(tx, alerts, incident, severity, &kept, now).await?;
    if !asked.is_empty() {
        return Ok(());
    }
    // Nobody was asked: the clocks run on only for lines that have not answered.
    let silent = climb(&matter, 1, &progress(tx, incident, severity).await?, &alerts.roster);
    if silent.nobody.as_deref() == Some("all_answered") {
        rows::stop(tx, incident.id, Timer::Climb).await?;
        return rows::stop(tx, incident.id, Timer::Repeat).await;
    }
    climbs_from(tx, incident, severity, now).await
}

/// Tells Bawaslu of a released KF-14 matter; `step` counts the releases whose messages did not get there.
pub(crate) async fn released_to(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    step: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let severity = incident.severity().max(RELEASED_AT_LEAST);
    let plan = released(&matter(tx.conn(), incident, severity).await?, &alerts.roster);
    tell(tx, alerts, incident, severity, Reason::Released, step, &plan, now).await?;
    Ok(())
}
