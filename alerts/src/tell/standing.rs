//! What stands of a matter by now: whom it complains of, who was told of it and at what level, which lines have answered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::Severity;

use super::{DESK, channel_of, office_of_row, offices_of_rows};
use crate::db::{DbError, Tx};
use crate::roster::Roster;
use crate::route::accused::Complained;
use crate::route::matter::Matter;
use crate::route::progress::Progress;
use crate::store::{self, rank};
use crate::{Answer, CALLED_OFF, Event, Incident, IncidentId, Office, Reason, UNREACHABLE};

/// The matter behind `incident` at `severity`: accused offices and tags of all its signals, where it was merged of those
/// that it stands with now.
pub(crate) async fn matter(
    conn: &mut sqlx::AnyConnection,
    incident: &Incident,
    severity: Severity,
) -> Result<Matter, DbError> {
    let (mut posts, mut next) = (incident.id, incident.merged_into);
    while let Some(into) = next {
        posts = into;
        next = sqlx::query_scalar("SELECT merged_into FROM incidents WHERE id = $1")
            .bind(into.0)
            .fetch_one(&mut *conn)
            .await
            .map(|into: Option<i64>| into.map(IncidentId))?;
    }
    let rows = sqlx::query("SELECT DISTINCT accused, tags FROM signals WHERE incident = $1")
        .bind(posts.0)
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
    let (accused, scenes) = (accused.into_iter().collect(), incident.scenes.clone());
    let several = incident.scenes.len() > 1;
    Ok(Matter { category, severity, place, scenes, several, accused, tags, heard })
}

/// Offices that a message about incident `id` has left for.
pub(super) async fn reached(
    conn: &mut sqlx::AnyConnection,
    id: IncidentId,
) -> Result<BTreeSet<Office>, DbError> {
    let rows = sqlx::query(
        "SELECT DISTINCT role, region FROM notifications WHERE incident = $1 AND role <> $2
         AND (sent_at IS NOT NULL OR state = 'digested')",
    )
    .bind(id.0)
    .bind(DESK)
    .fetch_all(conn)
    .await?;
    offices_of_rows(&rows)
}

/// The highest severity that `incident` was told at, and the last reason of telling: that a village was told of it at
/// once only where nothing else told of it at that severity. What was called off before it left has told nobody.
pub(super) async fn told_severity(
    tx: &mut Tx,
    incident: &Incident,
) -> Result<Option<(Severity, Reason)>, DbError> {
    let row = sqlx::query(
        "SELECT severity, reason FROM notifications WHERE incident = $1 AND role <> $2
         AND (state <> 'moot' OR error IS NULL OR error <> $3) AND reason IN ('at_once', 'unconfirmed', 'confirmed', 'further_village', 'update', 'climb') ORDER BY severity DESC,
         CASE WHEN reason = 'at_once' THEN 1 ELSE 0 END, created_at DESC LIMIT 1",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .bind(CALLED_OFF)
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

/// How far the lines of `incident` have come: offices told at `severity` or above, and those that answered. An answer of
/// an office that did not know of the present severity stops no line: what is graver now has to be heard again, unless
/// an update said that the answer holds; present is the level it is followed up at, which may have fallen. Nor does one of an office that is complained of. Whoever sent it back before it
/// was graver is not asked, and nobody waits for him. News of a fact tells of no level.
pub(crate) async fn progress(
    tx: &mut Tx,
    incident: &Incident,
    severity: Severity,
) -> Result<Progress, DbError> {
    let rows = sqlx::query(
        "WITH said AS (SELECT severity, created_at FROM notifications WHERE incident = $1 AND role <> $2
         AND reason <> 'news' AND (state <> 'moot' OR answer IS NOT NULL OR error IS NULL OR error <> $3)),
         present AS (SELECT CASE WHEN i.told_severity < MAX(said.severity) THEN i.told_severity ELSE MAX(said.severity) END
         AS level FROM said CROSS JOIN incidents i WHERE i.id = $1 GROUP BY i.told_severity),
         gravest AS (SELECT level, MIN(created_at) AS since FROM said JOIN present ON severity >= level GROUP BY level)
         SELECT role, region, MAX(CASE WHEN reason <> 'news' THEN severity ELSE 0 END) AS severity, MAX(CASE WHEN answered_at >= gravest.since
         OR answer <> 'bukan_wilayah' AND (answered_level >= gravest.level OR reason = 'update' AND severity >= gravest.level)
         THEN 1 ELSE 0 END) AS answered, MAX(CASE WHEN answer <> 'bukan_wilayah' THEN 1 ELSE 0 END) AS spoke
         FROM notifications CROSS JOIN gravest WHERE incident = $1 AND role <> $2 AND reason <> 'rejected'
         AND (answer IS NOT NULL OR state <> 'moot') GROUP BY role, region",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .bind(CALLED_OFF)
    .fetch_all(tx.conn())
    .await?;
    let matter = matter(tx.conn(), incident, severity).await?;
    let back = sent_back(tx, incident).await?;
    let mut progress = Progress::default();
    for row in rows {
        let office = Office::new(
            store::role(&row.try_get::<String, _>("role")?)?,
            store::region("region", &row.try_get::<String, _>("region")?)?,
        );
        let answered = row.try_get::<i64, _>("answered")? == 1;
        if !answered && back.contains_key(&office) {
            continue;
        }
        if matter.bars(&office).is_none() {
            if answered {
                progress.answered.insert(office.clone());
            }
            if row.try_get::<i64, _>("spoke")? == 1 {
                progress.spoke.insert(office.clone());
            }
        }
        // Who has answered what is told now was asked it, at whatever level he was told.
        if answered || row.try_get::<i64, _>("severity")? >= rank(severity) {
            progress.told.insert(office);
        }
    }
    Ok(progress)
}

/// The offices whose last word on `incident` is that it is not theirs, and when they said so (microseconds): given since
/// a person last set its place, after which each is asked anew.
pub(super) async fn sent_back(tx: &mut Tx, incident: &Incident) -> Result<BTreeMap<Office, i64>, DbError> {
    let rows = sqlx::query(
        "SELECT role, region, answer, answered_at FROM notifications WHERE incident = $1 AND role <> $2
         AND answer IS NOT NULL AND reason <> 'update' AND answered_at >=
         COALESCE((SELECT MAX(at) FROM history WHERE incident = $1 AND kind = $3), 0) ORDER BY answered_at",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .bind(Event::Place.as_str())
    .fetch_all(tx.conn())
    .await?;
    let mut back = BTreeMap::new();
    for row in rows {
        let office = office_of_row(&row)?;
        let Some(office) = office else { continue };
        if row.try_get::<String, _>("answer")? == Answer::BukanWilayah.as_str() {
            back.insert(office, row.try_get("answered_at")?);
        } else {
            back.remove(&office);
        }
    }
    Ok(back)
}

/// How many reminders `incident` has had.
pub(super) async fn reminders(tx: &mut Tx, incident: &Incident) -> Result<i64, DbError> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT MAX(step) FROM notifications WHERE incident = $1 AND reason = 'repeat'")
            .bind(incident.id.0)
            .fetch_one(tx.conn())
            .await?;
    Ok(last.unwrap_or(0))
}

/// When each office was last sent anything about `incident`, but news that asks nothing: it reminds nobody of the question.
pub(super) async fn last_heard(
    tx: &mut Tx,
    incident: &Incident,
) -> Result<BTreeMap<Office, Timestamp>, DbError> {
    let rows = sqlx::query(
        "SELECT role, region, MAX(created_at) AS last FROM notifications WHERE incident = $1 AND role <> $2
         AND state <> 'moot' AND reason <> 'news' GROUP BY role, region",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .fetch_all(tx.conn())
    .await?;
    let mut heard = BTreeMap::new();
    for row in rows {
        let office = office_of_row(&row)?;
        if let Some(office) = office {
            heard.insert(office, store::time("last", row.try_get("last")?)?);
        }
    }
    Ok(heard)
}

/// Whether `office` has heard of `incident` at `severity` or above, since it last heard that it is not its own; news of
/// a fact asks nothing at any. Nobody heard what failed for good at an address that `roster` does not name any more (it
/// has been mended, or another holds the office), what failed because the roster did not name it for a while, or what was
/// called off before it left.
pub(super) async fn heard(
    tx: &mut Tx,
    roster: &Roster,
    incident: &Incident,
    office: &Office,
    severity: Severity,
) -> Result<bool, DbError> {
    let rows = sqlx::query(
        "SELECT DISTINCT state, error, channel FROM notifications WHERE incident = $1 AND role = $2 AND region = $3
         AND severity >= $4 AND reason NOT IN ('news', 'away') AND created_at >= COALESCE((SELECT MAX(created_at)
         FROM notifications WHERE incident = $1 AND role = $2 AND region = $3 AND reason = 'away' AND state <> 'moot'), 0)",
    )
    .bind(incident.id.0)
    .bind(office.role.as_str())
    .bind(office.region.as_str())
    .bind(rank(severity))
    .fetch_all(tx.conn())
    .await?;
    let named: BTreeSet<String> = roster.contacts(office).iter().map(channel_of).collect();
    for row in rows {
        if is_called_off(&row)? {
            continue;
        }
        if row.try_get::<String, _>("state")? != "failed"
            || named.contains(row.try_get::<&str, _>("channel")?) && !is_unreachable(&row)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a row with state and error did not leave because the roster did not name its address.
pub(super) fn is_unreachable(row: &AnyRow) -> Result<bool, DbError> {
    stands_as(row, "failed", UNREACHABLE)
}

/// Whether a row with state and error was taken back before it left, since the matter was not its office's any more.
pub(super) fn is_called_off(row: &AnyRow) -> Result<bool, DbError> {
    stands_as(row, "moot", CALLED_OFF)
}

fn stands_as(row: &AnyRow, state: &str, why: &str) -> Result<bool, DbError> {
    let error: Option<String> = row.try_get("error")?;
    Ok(row.try_get::<String, _>("state")? == state && error.as_deref() == Some(why))
}
