//! What clocks that went off bring about: going out as not verified, climbing, reminding.

use std::collections::BTreeSet;

use jiff::Timestamp;
use stream::Severity;

use super::standing::{matter, progress, told_at};
use super::{follow_up, tell};
use crate::db::{DbError, Tx};
use crate::route::offices::line;
use crate::route::plan::{climb, first_step};
use crate::store::{self, rank, rows};
use crate::{Alerts, Incident, Office, Reason, Status, Timer, clocks};

/// What a clock that went off brings about.
pub(crate) async fn due(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    timer: Timer,
    step: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    if incident.archived || !incident.status.is_open() || incident.place.is_none() {
        return Ok(());
    }
    match timer {
        Timer::Unconfirmed if incident.status == Status::Baru => {
            let severity = incident.proposed;
            let plan = first_step(&matter(tx.conn(), incident, severity).await?, &alerts.roster);
            tell(tx, alerts, incident, severity, Reason::Unconfirmed, rank(severity), &plan, now).await?;
        }
        // A proposal of AWAS that waits for its second person goes out like one nobody has looked at.
        Timer::Unconfirmed if incident.awas_waits_for_second.is_some() => {
            let plan = first_step(&matter(tx.conn(), incident, Severity::Awas).await?, &alerts.roster);
            tell(tx, alerts, incident, Severity::Awas, Reason::Unconfirmed, rank(Severity::Awas), &plan, now)
                .await?;
        }
        Timer::Unconfirmed => {}
        Timer::Climb => climbs(tx, alerts, incident, step, now).await?,
        Timer::Repeat => repeats(tx, alerts, incident, step, now).await?,
    }
    Ok(())
}

async fn climbs(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    step: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let told: Option<i64> = sqlx::query_scalar("SELECT told_severity FROM incidents WHERE id = $1")
        .bind(incident.id.0)
        .fetch_one(tx.conn())
        .await?;
    let Some(severity) = told.map(|told| store::severity("told_severity", told)).transpose()? else {
        return Ok(());
    };
    let plan = climb(
        &matter(tx.conn(), incident, severity).await?,
        step,
        &progress(tx, incident, severity).await?,
        &alerts.roster,
    );
    // A climb at a higher severity is news to whom the one before has reached.
    tell(tx, alerts, incident, severity, Reason::Climb, 10 * rank(severity) + step, &plan, now).await?;
    if let (Some(this), Some(next)) = (clocks::climb(severity, step), clocks::climb(severity, step + 1)) {
        rows::start(tx, incident.id, Timer::Climb, step + 1, now + next.saturating_sub(this)).await?;
    }
    Ok(())
}

async fn repeats(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    step: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let progress = progress(tx, incident, Severity::Normal).await?;
    let silent: BTreeSet<Office> = progress
        .told
        .iter()
        .filter(|office| !progress.answered.contains(&line(office.role)))
        .cloned()
        .collect();
    let told = told_at(tx, incident).await?;
    if silent.is_empty() || alerts.policy.reminder(told, step).is_none() {
        return Ok(());
    }
    follow_up(tx, alerts, incident, &silent, Reason::Repeat, step, "", now).await?;
    if let Some(pause) = alerts.policy.reminder(told, step + 1) {
        rows::start(tx, incident.id, Timer::Repeat, step + 1, now + pause).await?;
    }
    Ok(())
}
