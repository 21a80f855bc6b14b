//! Incidents as rows: read, change of status, history, clocks.

use jiff::Timestamp;
use sqlx::Row;
use stream::{RegionCode, Severity};

use super::{INCIDENT, incident, numbers, rank};
use crate::db::{DbError, Tx};
use crate::{Backing, Event, Incident, IncidentId, Reason, Status, Timer};

/// The incident `id`, if there is one.
pub(crate) async fn load(tx: &mut Tx, id: IncidentId) -> Result<Option<Incident>, DbError> {
    let sql = sqlx::AssertSqlSafe(format!("SELECT {INCIDENT} FROM incidents WHERE id = $1"));
    let row = sqlx::query(sql).bind(id.0).fetch_optional(tx.conn()).await?;
    row.as_ref().map(incident).transpose()
}

/// Adds a line to the history of `id`.
pub(crate) async fn note(
    tx: &mut Tx,
    id: IncidentId,
    now: Timestamp,
    actor: &str,
    event: Event,
    detail: &str,
) -> Result<(), DbError> {
    let number = numbers(tx, "history", 1).await?;
    sqlx::query(
        "INSERT INTO history (id, incident, at, actor, kind, detail) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(number)
    .bind(id.0)
    .bind(now.as_microsecond())
    .bind(actor)
    .bind(event.as_str())
    .bind(detail)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts `id` into `status`, with the note that closes it, if it closes. What is closed has no clocks, and what was
/// not said of it yet is not said any more, but that it is cancelled.
pub(crate) async fn set_status(
    tx: &mut Tx,
    id: IncidentId,
    status: Status,
    closing_note: Option<&str>,
) -> Result<(), DbError> {
    sqlx::query("UPDATE incidents SET status = $2, closing_note = COALESCE($3, closing_note) WHERE id = $1")
        .bind(id.0)
        .bind(status.as_str())
        .bind(closing_note)
        .execute(tx.conn())
        .await?;
    if !status.is_open() {
        sqlx::query("DELETE FROM timers WHERE incident = $1").bind(id.0).execute(tx.conn()).await?;
        sqlx::query(
            "UPDATE notifications SET state = 'moot' WHERE incident = $1 AND state IN ('pending', 'digest', 'held')
             AND attempts = 0 AND reason <> $2",
        )
        .bind(id.0)
        .bind(Reason::Rejected.as_str())
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Sets what a person confirmed, what an AWAS stands on, and who waits for a second one.
pub(crate) async fn set_effective(
    tx: &mut Tx,
    id: IncidentId,
    effective: Severity,
    backing: Option<Backing>,
    awas_by: Option<&str>,
) -> Result<(), DbError> {
    sqlx::query("UPDATE incidents SET effective = $2, backing = $3, awas_by = $4 WHERE id = $1")
        .bind(id.0)
        .bind(rank(effective))
        .bind(backing.map(Backing::as_str))
        .bind(awas_by)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The places of `id` that a person has decided on.
pub(super) async fn checked(tx: &mut Tx, id: IncidentId) -> Result<Vec<RegionCode>, DbError> {
    let checked: String = sqlx::query_scalar("SELECT checked FROM incidents WHERE id = $1")
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
    Ok(serde_json::from_str(&checked)?)
}

/// A person has decided on `places` of `id`, and on no others.
pub(crate) async fn set_checked(tx: &mut Tx, id: IncidentId, places: &[&RegionCode]) -> Result<(), DbError> {
    sqlx::query("UPDATE incidents SET checked = $2 WHERE id = $1")
        .bind(id.0)
        .bind(serde_json::to_string(places)?)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Sets the place a person gave, with the group it now belongs to.
pub(crate) async fn set_place(
    tx: &mut Tx,
    id: IncidentId,
    place: &RegionCode,
    zone: stream::Zone,
    group_key: &str,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE incidents SET place = $2, place_set = 1, scenes = '[]', zone = $3, group_key = $4, returned = 0
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(place.as_str())
    .bind(zone.name())
    .bind(group_key)
    .execute(tx.conn())
    .await?;
    // What its posts have told of is known at the new place, too.
    let facts: Option<String> = sqlx::query_scalar("SELECT facts FROM incidents WHERE id = $1")
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
    if let Some(facts) = facts {
        let facts: Vec<String> = serde_json::from_str(&facts)?;
        let codes: std::collections::BTreeSet<&str> =
            facts.iter().filter_map(|fact| fact.split('@').next()).collect();
        sqlx::query("UPDATE incidents SET facts = $2 WHERE id = $1")
            .bind(id.0)
            .bind(serde_json::to_string(&codes)?)
            .execute(tx.conn())
            .await?;
    }
    // What a person says of the place holds for the posts, too, when they come to stand in another incident.
    sqlx::query("UPDATE signals SET place = $2, placed = 1, villages = '[]' WHERE incident = $1")
        .bind(id.0)
        .bind(place.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The group that `id` belongs to.
pub(crate) async fn group_key(tx: &mut Tx, id: IncidentId) -> Result<String, DbError> {
    let key = sqlx::query_scalar("SELECT group_key FROM incidents WHERE id = $1").bind(id.0);
    Ok(key.fetch_one(tx.conn()).await?)
}

/// Puts `id` into the group `key`.
pub(crate) async fn set_group_key(tx: &mut Tx, id: IncidentId, key: &str) -> Result<(), DbError> {
    sqlx::query("UPDATE incidents SET group_key = $2 WHERE id = $1")
        .bind(id.0)
        .bind(key)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Starts the clock `timer`, or sets it anew.
pub(crate) async fn start(
    tx: &mut Tx,
    id: IncidentId,
    timer: Timer,
    step: i64,
    due: Timestamp,
) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO timers (incident, kind, step, due) VALUES ($1, $2, $3, $4)
         ON CONFLICT (incident, kind) DO UPDATE SET step = $3, due = $4",
    )
    .bind(id.0)
    .bind(timer.as_str())
    .bind(step)
    .bind(due.as_microsecond())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Stops the clock `timer`.
pub(crate) async fn stop(tx: &mut Tx, id: IncidentId, timer: Timer) -> Result<(), DbError> {
    sqlx::query("DELETE FROM timers WHERE incident = $1 AND kind = $2")
        .bind(id.0)
        .bind(timer.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Step and due time of a running clock.
pub(crate) async fn running(
    tx: &mut Tx,
    id: IncidentId,
    timer: Timer,
) -> Result<Option<(i64, i64)>, DbError> {
    let row = sqlx::query("SELECT step, due FROM timers WHERE incident = $1 AND kind = $2")
        .bind(id.0)
        .bind(timer.as_str())
        .fetch_optional(tx.conn())
        .await?;
    Ok(match row {
        Some(row) => Some((row.try_get("step")?, row.try_get("due")?)),
        None => None,
    })
}

/// The clocks of `from` run on for `to`; of two of one kind the earlier stays.
pub(super) async fn move_clocks(tx: &mut Tx, from: IncidentId, to: IncidentId) -> Result<(), DbError> {
    sqlx::query(
        "INSERT INTO timers (incident, kind, step, due) SELECT CAST($2 AS BIGINT), kind, step, due FROM timers
         WHERE incident = $1 ON CONFLICT (incident, kind) DO UPDATE SET step = excluded.step, due = excluded.due
         WHERE excluded.due < timers.due",
    )
    .bind(from.0)
    .bind(to.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}
