//! What clocks that went off bring about: going out as not verified, climbing, reminding.

use std::collections::BTreeSet;

use jiff::Timestamp;
use stream::Severity;

use super::{follow_up, matter, progress, tell, told_at};
use crate::db::{DbError, Tx};
use crate::message::Reason;
use crate::route::offices::line;
use crate::route::plan::{climb, first_step};
use crate::store::{self, rank, rows};
use crate::{Alerts, Incident, Office, Status, Timer, clocks};

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
    // AWAS is repeated until it is answered (domain.md 3.3).
    let may = |step: i64| told == Severity::Awas || step <= i64::from(alerts.policy.repeats);
    if silent.is_empty() || !may(step) {
        return Ok(());
    }
    follow_up(tx, alerts, incident, &silent, Reason::Repeat, step, "", now).await?;
    if may(step + 1) {
        let again = std::time::Duration::from_secs(u64::from(alerts.policy.repeat_minutes) * 60);
        rows::start(tx, incident.id, Timer::Repeat, step + 1, now + again).await?;
    }
    Ok(())
}
