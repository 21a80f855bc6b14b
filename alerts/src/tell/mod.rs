//! Telling inside a write: who hears of an incident now, with clocks and outbox rows in the same transaction.

mod answers;
mod beside;
mod change;
mod due;
mod hush;
mod row;
mod standing;

use std::collections::BTreeSet;

use jiff::Timestamp;
use stream::{Category, Role, Severity, short_hash};

use crate::clocks;
use crate::db::{DbError, Tx};
use crate::reason::SECOND;
use crate::roster::Contact;
use crate::route::offices::line;
use crate::route::told::Told;
use crate::store::rows::{self, note};
use crate::store::{self, SYSTEM, rank};
use crate::{Alerts, Event, Incident, Office, Reason, Timer};
use hush::barred;
use standing::{heard, reminders};

pub(crate) use answers::{answered, answered_at, given};
pub(crate) use change::{after_change, confirmed, released_to};
pub(crate) use due::due;
pub(crate) use row::{To, enqueue, enqueue_next};
pub(crate) use standing::{matter, progress, told_at};

/// The role code of the desk itself in the outbox.
pub(crate) const DESK: &str = "MEJA";

/// Tells the offices of `plan` that were not told at this severity yet, starts the clocks of the climb
/// and writes it into the history. Returns whom it told.
#[expect(clippy::too_many_arguments, reason = "who hears what, why and when, inside a write")]
pub(crate) async fn tell(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    severity: Severity,
    reason: Reason,
    step: i64,
    plan: &Told,
    now: Timestamp,
) -> Result<Vec<Office>, DbError> {
    for gap in &plan.gaps {
        sqlx::query(
            "INSERT INTO gaps (role, region, times, last) VALUES ($1, $2, 1, $3)
             ON CONFLICT (role, region) DO UPDATE SET times = gaps.times + 1, last = $3",
        )
        .bind(gap.office.role.as_str())
        .bind(gap.office.region.as_str())
        .bind(now.as_microsecond())
        .execute(tx.conn())
        .await?;
    }
    let accused = matter(tx.conn(), incident, severity).await?.accused;
    let barred = barred(alerts, incident, &accused);
    let climbed = match reason {
        Reason::Climb => Some(progress(tx, incident, severity).await?),
        _ => None,
    };
    // What one of two persons has confirmed is not told as if nobody had looked at it.
    let second = reason == Reason::Unconfirmed && incident.awas_waits_for_second.is_some();
    let own = if second { SECOND } else { "" };
    let mut told = Vec::new();
    for because in &plan.told {
        let office = &because.office;
        if !matches!(reason, Reason::Confirmed | Reason::Released)
            && heard(tx, incident, office, severity).await?
        {
            continue;
        }
        let contacts = alerts.roster.contacts(office).iter().filter(|contact| !barred.contains(contact));
        // Two channels for SIAGA and AWAS, the first one for WASPADA (domain.md 3.3).
        let channels = if severity >= Severity::Siaga { 2 } else { 1 };
        let remark = climbed.as_ref().map_or_else(|| own.to_owned(), |progress| progress.silence(office));
        let mut reached = false;
        for contact in contacts.take(channels) {
            let (role, region) = (office.role.as_str(), office.region.as_str());
            let to = To { role, region, line: line(office.role).as_str() };
            reached |=
                enqueue(tx, alerts, incident, to, contact, reason, step, severity, &remark, now).await?;
        }
        if reached {
            told.push(office.clone());
        }
    }
    if told.is_empty() {
        if let Some(why) = plan.nobody.as_deref().filter(|why| *why != "all_answered") {
            note(tx, incident.id, now, SYSTEM, Event::NotTold, why).await?;
        }
        return Ok(told);
    }
    reaches(tx, incident, severity, now).await?;
    told_of(tx, incident, reason.said(own), &told, now).await?;
    if incident.category != Category::Kf14 && reason != Reason::Climb {
        climbs_from(tx, incident, severity, now).await?;
        let next = reminders(tx, incident).await? + 1;
        if let Some(pause) = alerts.policy.reminder(severity, next) {
            rows::start(tx, incident.id, Timer::Repeat, next, now + pause).await?;
        }
    }
    Ok(told)
}

/// `incident` is told at `severity` from now on, unless it was told at a graver one.
async fn reaches(
    tx: &mut Tx,
    incident: &Incident,
    severity: Severity,
    now: Timestamp,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE incidents SET told_at = COALESCE(told_at, $2),
         told_severity = CASE WHEN told_severity > $3 THEN told_severity ELSE $3 END WHERE id = $1",
    )
    .bind(incident.id.0)
    .bind(now.as_microsecond())
    .bind(rank(severity))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes into the history that `offices` are told of `incident`, and why, as a code of `alerts.reason.*`.
async fn told_of(
    tx: &mut Tx,
    incident: &Incident,
    reason: &str,
    offices: &[Office],
    now: Timestamp,
) -> Result<(), DbError> {
    let names: Vec<String> = offices.iter().map(Office::to_string).collect();
    note(tx, incident.id, now, SYSTEM, Event::Told, &format!("{} ({reason})", names.join(", "))).await
}

/// The climb of `incident` begins anew at the pace of `severity`.
async fn climbs_from(
    tx: &mut Tx,
    incident: &Incident,
    severity: Severity,
    now: Timestamp,
) -> Result<(), DbError> {
    match clocks::climb(severity, 1) {
        Some(clock) => rows::start(tx, incident.id, Timer::Climb, 1, now + clock).await,
        None => Ok(()),
    }
}

/// Sends `reason` (a repetition, a correction, a cancellation) to offices that were told before.
#[expect(clippy::too_many_arguments, reason = "who hears what, why and when, inside a write")]
pub(crate) async fn follow_up(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    offices: &BTreeSet<Office>,
    reason: Reason,
    step: i64,
    remark: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let matter = matter(tx.conn(), incident, incident.severity()).await?;
    let barred = barred(alerts, incident, &matter.accused);
    let told: Option<i64> = sqlx::query_scalar("SELECT told_severity FROM incidents WHERE id = $1")
        .bind(incident.id.0)
        .fetch_one(tx.conn())
        .await?;
    let severity = told.map_or(Ok(incident.severity()), |told| store::severity("told_severity", told))?;
    // Who was told before it became known that he is complained of hears no more.
    for office in offices.iter().filter(|office| matter.bars(office).is_none()) {
        let contacts = alerts.roster.contacts(office).iter().filter(|contact| !barred.contains(contact));
        let channels = if severity >= Severity::Siaga { 2 } else { 1 };
        for contact in contacts.take(channels) {
            let (role, region) = (office.role.as_str(), office.region.as_str());
            let to = To { role, region, line: line(office.role).as_str() };
            enqueue(tx, alerts, incident, to, contact, reason, step, severity, remark, now).await?;
        }
    }
    Ok(())
}

/// The office of a row of the outbox, unless it is the desk.
pub(crate) fn office_of_row(role: &str, region: &str) -> Result<Option<Office>, DbError> {
    if role == DESK {
        return Ok(None);
    }
    let role: Role = store::role(role)?;
    Ok(Some(Office::new(role, store::region("region", region)?)))
}

/// A contact as the outbox writes it: two addresses of one channel are two ways to reach the office, hence
/// two rows; the address itself is not stored.
fn channel_of(contact: &Contact) -> String {
    format!("{}/{}", contact.channel, &short_hash(&["address", &contact.address])[..8])
}
