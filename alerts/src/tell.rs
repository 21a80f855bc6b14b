//! Telling inside a write: who hears of an incident now, with clocks and outbox rows in the same transaction.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, Queue, Role, Severity, short_hash};

use crate::clocks::{self, Unconfirmed};
use crate::db::{DbError, Tx};
use crate::explain::{Told, Why};
use crate::message::Reason;
use crate::roster::Contact;
use crate::route::accused::{Complained, kept_out};
use crate::route::offices::line;
use crate::route::plan::{Matter, Progress, climb, first_step, released};
use crate::store::rows::{self, note};
use crate::store::signals::SYSTEM;
use crate::store::{self, rank};
use crate::{Alerts, Event, Incident, Office, Status, Timer};

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
        .fetch_all(conn)
        .await?;
    let mut accused: BTreeSet<Complained> = BTreeSet::new();
    let mut tags: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        accused.extend(serde_json::from_str::<Vec<Complained>>(&row.try_get::<String, _>("accused")?)?);
        tags.extend(serde_json::from_str::<Vec<String>>(&row.try_get::<String, _>("tags")?)?);
    }
    let (category, place) = (incident.category, incident.place.clone());
    Ok(Matter { category, severity, place, accused: accused.into_iter().collect(), tags })
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
         AND reason IN ('at_once', 'unconfirmed', 'confirmed', 'climb') ORDER BY severity DESC, created_at DESC LIMIT 1",
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

/// How far the lines of `incident` have come.
pub(crate) async fn progress(tx: &mut Tx, incident: &Incident) -> Result<Progress, DbError> {
    let rows = sqlx::query(
        "SELECT DISTINCT role, region, answer FROM notifications WHERE incident = $1 AND role <> $2
         AND reason <> 'rejected'",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .fetch_all(tx.conn())
    .await?;
    let mut progress = Progress::default();
    for row in rows {
        let office = Office::new(
            store::role(&row.try_get::<String, _>("role")?)?,
            store::region("region", &row.try_get::<String, _>("region")?)?,
        );
        if row.try_get::<Option<String>, _>("answer")?.is_some() {
            progress.answered.insert(line(office.role));
        }
        progress.told.insert(office);
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
        let mut reached = false;
        for contact in contacts.take(channels) {
            let (role, region) = (office.role.as_str(), office.region.as_str());
            let to = To { role, region, line: line(office.role).as_str() };
            reached |= enqueue(tx, alerts, incident, to, contact, reason, step, severity, "", now).await?;
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
    sqlx::query(
        "UPDATE incidents SET told_at = COALESCE(told_at, $2),
         told_severity = CASE WHEN told_severity > $3 THEN told_severity ELSE $3 END WHERE id = $1",
    )
    .bind(incident.id.0)
    .bind(now.as_microsecond())
    .bind(rank(severity))
    .execute(tx.conn())
    .await?;
    let names: Vec<String> = told.iter().map(Office::to_string).collect();
    note(tx, incident.id, now, SYSTEM, Event::Told, &format!("{} ({reason})", names.join(", "))).await?;
    if incident.category != Category::Kf14 && reason != Reason::Climb {
        if let Some(clock) = clocks::climb(severity, 1) {
            rows::start(tx, incident.id, Timer::Climb, 1, now + clock).await?;
        }
        let again = std::time::Duration::from_secs(u64::from(alerts.policy.repeat_minutes) * 60);
        rows::start(tx, incident.id, Timer::Repeat, 1, now + again).await?;
    }
    Ok(told)
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

/// The receiver of an outbox row.
#[derive(Clone, Copy)]
pub(crate) struct To<'a> {
    /// Role code, or [`DESK`].
    pub role: &'a str,
    /// Region code, empty for the desk.
    pub region: &'a str,
    /// The line that answers.
    pub line: &'a str,
}

/// Writes one row into the outbox, once; false when it stood there.
#[expect(clippy::too_many_arguments, reason = "a row of the outbox has these parts")]
pub(crate) async fn enqueue(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    to: To<'_>,
    contact: &Contact,
    reason: Reason,
    step: i64,
    severity: Severity,
    remark: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    // Two addresses of one channel are two ways to reach the office, hence two rows; the address itself is not stored.
    let channel = format!("{}/{}", contact.channel, &short_hash(&["address", &contact.address])[..8]);
    let made_for = incident.id.0.to_string();
    let id = short_hash(&[
        "notification",
        &made_for,
        to.role,
        to.region,
        &channel,
        reason.as_str(),
        &step.to_string(),
    ]);
    let stands: Option<String> = sqlx::query_scalar("SELECT id FROM notifications WHERE id = $1")
        .bind(&id)
        .fetch_optional(tx.conn())
        .await?;
    if stands.is_some() {
        return Ok(false);
    }
    let n: i64 =
        sqlx::query_scalar("UPDATE incidents SET numbered = numbered + 1 WHERE id = $1 RETURNING numbered")
            .bind(incident.id.0)
            .fetch_one(tx.conn())
            .await?;
    let number = format!("{}-{n}", incident.id);
    let accepted: Option<i64> = match incident.told_at {
        Some(_) => None,
        None => {
            sqlx::query_scalar("SELECT MIN(accepted_at) FROM signals WHERE incident = $1")
                .bind(incident.id.0)
                .fetch_one(tx.conn())
                .await?
        }
    };
    sqlx::query(
        "INSERT INTO notifications (id, incident, made_for, number, role, region, line, channel, reason, step,
         severity, state, attempts, repeats, created_at, next_try, body, accepted_at)
         VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0, 0, $11, $11, $12, $13)",
    )
    .bind(&id)
    .bind(incident.id.0)
    .bind(&number)
    .bind(to.role)
    .bind(to.region)
    .bind(to.line)
    .bind(&channel)
    .bind(reason.as_str())
    .bind(step)
    .bind(rank(severity))
    .bind(now.as_microsecond())
    .bind(alerts.writer.body(incident, reason, severity, &number, remark))
    .bind(accepted)
    .execute(tx.conn())
    .await?;
    Ok(true)
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
    let accused = matter(tx.conn(), incident, incident.severity()).await?.accused;
    let barred = barred(alerts, incident, &accused);
    let told: Option<i64> = sqlx::query_scalar("SELECT told_severity FROM incidents WHERE id = $1")
        .bind(incident.id.0)
        .fetch_one(tx.conn())
        .await?;
    let severity = told.map_or(Ok(incident.severity()), |told| store::severity("told_severity", told))?;
    // Who was told before it became known that he is complained of hears no more.
    for office in
        offices.iter().filter(|office| kept_out(office, &accused, incident.place.as_ref()).is_none())
    {
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

/// Tells of a confirmed incident at its effective severity; the climb begins anew.
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
    let plan = first_step(&matter(tx.conn(), incident, severity).await?, &alerts.roster);
    tell(tx, alerts, incident, severity, Reason::Confirmed, rank(severity), &plan, now).await?;
    Ok(())
}

/// Tells Bawaslu of a released KF-14 matter.
pub(crate) async fn released_to(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    now: Timestamp,
) -> Result<(), DbError> {
    let severity = incident.severity().max(Severity::Waspada);
    let plan = released(&matter(tx.conn(), incident, severity).await?, &alerts.roster);
    tell(tx, alerts, incident, severity, Reason::Released, 0, &plan, now).await?;
    Ok(())
}

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
        &progress(tx, incident).await?,
        &alerts.roster,
    );
    tell(tx, alerts, incident, severity, Reason::Climb, step, &plan, now).await?;
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
    let progress = progress(tx, incident).await?;
    let silent: BTreeSet<Office> = progress
        .told
        .iter()
        .filter(|office| !progress.answered.contains(&line(office.role)))
        .cloned()
        .collect();
    follow_up(tx, alerts, incident, &silent, Reason::Repeat, step, "", now).await?;
    if !silent.is_empty() && step < i64::from(alerts.policy.repeats) {
        let again = std::time::Duration::from_secs(u64::from(alerts.policy.repeat_minutes) * 60);
        rows::start(tx, incident.id, Timer::Repeat, step + 1, now + again).await?;
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
