//! Telling inside a write: who hears of an incident now, with clocks and outbox rows in the same transaction.

mod answers;
mod beside;
mod due;
mod row;

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, Queue, Role, Severity};

use crate::clocks::{self, Unconfirmed};
use crate::db::{DbError, Tx};
use crate::reason::SECOND;
use crate::roster::Contact;
use crate::route::accused::{Complained, kept_out};
use crate::route::offices::line;
use crate::route::plan::{Matter, Progress, RELEASED_AT_LEAST, climb, first_step, released};
use crate::route::told::{Told, Why};
use crate::store::SYSTEM;
use crate::store::rows::{self, note};
use crate::store::{self, rank};
use crate::{Alerts, Event, Incident, IncidentId, Office, Reason, Status, Timer};

use answers::{kept, update};

pub(crate) use answers::{answered, answered_at, given};
pub(crate) use due::due;
use row::channel_of;
pub(crate) use row::{To, enqueue, enqueue_next};

/// The role code of the desk itself in the outbox.
pub(crate) const DESK: &str = "MEJA";

/// The matter behind `incident` at `severity`: accused offices and tags of all its signals.
pub(crate) async fn matter(
    conn: &mut sqlx::AnyConnection,
    incident: &Incident,
    severity: Severity,
) -> Result<Matter, DbError> {
    let rows = sqlx::query("SELECT DISTINCT accused, tags FROM signals WHERE incident = $1")
        .bind(incident.id.0)
        .fetch_all(&mut *conn)
        .await?;
    let mut accused: BTreeSet<Complained> = BTreeSet::new();
    let mut tags: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        accused.extend(serde_json::from_str::<Vec<Complained>>(&row.try_get::<String, _>("accused")?)?);
        tags.extend(serde_json::from_str::<Vec<String>>(&row.try_get::<String, _>("tags")?)?);
    }
    let (category, place) = (incident.category, incident.place.clone());
    let heard = if accused.is_empty() { BTreeSet::new() } else { reached(conn, incident.id).await? };
    Ok(Matter { category, severity, place, accused: accused.into_iter().collect(), tags, heard })
}

/// Offices that a message about incident `id` has left for.
async fn reached(conn: &mut sqlx::AnyConnection, id: IncidentId) -> Result<BTreeSet<Office>, DbError> {
    let rows = sqlx::query(
        "SELECT DISTINCT role, region FROM notifications WHERE incident = $1 AND role <> $2
         AND (sent_at IS NOT NULL OR state = 'digested')",
    )
    .bind(id.0)
    .bind(DESK)
    .fetch_all(conn)
    .await?;
    let offices = rows
        .iter()
        .map(|row| office_of_row(&row.try_get::<String, _>("role")?, &row.try_get::<String, _>("region")?));
    offices.filter_map(Result::transpose).collect()
}

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

/// The highest severity that `incident` was told at, and the last reason of telling.
async fn told_severity(tx: &mut Tx, incident: &Incident) -> Result<Option<(Severity, Reason)>, DbError> {
    let row = sqlx::query(
        "SELECT severity, reason FROM notifications WHERE incident = $1 AND role <> $2
         AND reason IN ('at_once', 'unconfirmed', 'confirmed', 'update', 'climb') ORDER BY severity DESC, created_at DESC LIMIT 1",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let severity = store::severity("severity", row.try_get("severity")?)?;
    Ok(Reason::parse(&row.try_get::<String, _>("reason")?).map(|reason| (severity, reason)))
}

/// The severity `incident` was told at; NORMAL when nobody was.
pub(crate) async fn told_at(tx: &mut Tx, incident: &Incident) -> Result<Severity, DbError> {
    Ok(told_severity(tx, incident).await?.map_or(Severity::Normal, |(severity, _)| severity))
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

/// How far the lines of `incident` have come: offices told at `severity` or above, and lines that answered. An answer
/// from before it was told at its present severity does not stop a line any more: what is graver now has to be heard
/// again, unless an update said that the answer holds. Nor does one of an office that is complained of.
pub(crate) async fn progress(
    tx: &mut Tx,
    incident: &Incident,
    severity: Severity,
) -> Result<Progress, DbError> {
    let rows = sqlx::query(
        "SELECT role, region, MAX(severity) AS severity, MAX(CASE WHEN answered_at >= (SELECT MIN(created_at) FROM notifications
         WHERE incident = $1 AND role <> $2 AND severity = (SELECT MAX(severity) FROM notifications
         WHERE incident = $1 AND role <> $2)) OR reason = 'update' AND severity = (SELECT MAX(severity)
         FROM notifications WHERE incident = $1 AND role <> $2) THEN 1 ELSE 0 END) AS answered
         FROM notifications WHERE incident = $1 AND role <> $2 AND reason <> 'rejected' AND state <> 'moot'
         GROUP BY role, region",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .fetch_all(tx.conn())
    .await?;
    let matter = matter(tx.conn(), incident, severity).await?;
    let mut progress = Progress::default();
    for row in rows {
        let office = Office::new(
            store::role(&row.try_get::<String, _>("role")?)?,
            store::region("region", &row.try_get::<String, _>("region")?)?,
        );
        if row.try_get::<i64, _>("answered")? == 1 && matter.bars(&office).is_none() {
            progress.answered.insert(line(office.role));
        }
        if row.try_get::<i64, _>("severity")? >= rank(severity) {
            progress.told.insert(office);
        }
    }
    Ok(progress)
}

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

/// How many reminders `incident` has had.
async fn reminders(tx: &mut Tx, incident: &Incident) -> Result<i64, DbError> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT MAX(step) FROM notifications WHERE incident = $1 AND reason = 'repeat'")
            .bind(incident.id.0)
            .fetch_one(tx.conn())
            .await?;
    Ok(last.unwrap_or(0))
}

/// Takes back what waits for offices that are complained of by now, and for contacts they share (SG-14).
async fn hush(tx: &mut Tx, alerts: &Alerts, incident: &Incident) -> Result<(), DbError> {
    let matter = matter(tx.conn(), incident, incident.severity()).await?;
    if matter.accused.is_empty() {
        return Ok(());
    }
    let barred: BTreeSet<String> =
        barred(alerts, incident, &matter.accused).into_iter().map(channel_of).collect();
    let waiting = sqlx::query(
        "SELECT id, role, region, channel FROM notifications WHERE incident = $1
         AND state IN ('pending', 'digest', 'held') AND attempts = 0",
    )
    .bind(incident.id.0)
    .fetch_all(tx.conn())
    .await?;
    for row in waiting {
        let office = office_of_row(&row.try_get::<String, _>("role")?, &row.try_get::<String, _>("region")?)?;
        let Some(office) = office else { continue };
        if matter.bars(&office).is_some() || barred.contains(&row.try_get::<String, _>("channel")?) {
            sqlx::query("UPDATE notifications SET state = 'moot' WHERE id = $1")
                .bind(row.try_get::<String, _>("id")?)
                .execute(tx.conn())
                .await?;
        }
    }
    Ok(())
}

/// Contacts that also belong to an office complained of: who holds two offices hears of it in neither.
fn barred<'a>(alerts: &'a Alerts, incident: &Incident, accused: &[Complained]) -> BTreeSet<&'a Contact> {
    if accused.is_empty() {
        return BTreeSet::new();
    }
    let place = incident.place.as_ref();
    let offices =
        alerts.roster.offices().filter(|office| kept_out(office, accused, place) == Some(Why::Accused));
    offices.flat_map(|office| alerts.roster.all_contacts(office)).collect()
}

/// Whether `office` has heard of `incident` at `severity` or above.
async fn heard(
    tx: &mut Tx,
    incident: &Incident,
    office: &Office,
    severity: Severity,
) -> Result<bool, DbError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM notifications WHERE incident = $1 AND role = $2 AND region = $3 AND severity >= $4",
    )
    .bind(incident.id.0)
    .bind(office.role.as_str())
    .bind(office.region.as_str())
    .bind(rank(severity))
    .fetch_one(tx.conn())
    .await?;
    Ok(count > 0)
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

/// The office of a row of the outbox, unless it is the desk.
pub(crate) fn office_of_row(role: &str, region: &str) -> Result<Option<Office>, DbError> {
    if role == DESK {
        return Ok(None);
    }
    let role: Role = store::role(role)?;
    Ok(Some(Office::new(role, store::region("region", region)?)))
}
