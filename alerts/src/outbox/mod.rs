//! The outbox: what is written there leaves, each attempt committed as `sending` before it is made.

mod digest;
mod due;
mod leave;
mod settle;
mod undelivered;

use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row;
use stream::metrics;
use tracing::error;

use crate::Alerts;
use crate::db::{Db, DbError, Tx};
use digest::{folded_until, open_digest};
use due::Due;
use leave::Left;
use undelivered::Undelivered;

pub(crate) use due::is_switched_off;
pub(crate) use leave::Leaving;
pub(crate) use settle::settle;
pub(crate) use undelivered::hasten;

/// Messages that leave at once.
const BATCH: i64 = 32;
/// When a row that cannot be read is looked at again.
pub(crate) const UNREADABLE: Duration = Duration::from_secs(300);

/// Rows that a crash left in `sending` go again, marked *ulangan*. Once at the beginning of a term.
pub(crate) async fn recover(alerts: &Alerts) -> Result<u64, DbError> {
    let rows = alerts
        .db
        .write(|mut tx| async move {
            let rows = recovered(&mut tx, alerts).await;
            (tx, rows)
        })
        .await?;
    for channel in &rows {
        metrics::repeat(channel.split('/').next().unwrap_or_default());
    }
    Ok(rows.len() as u64)
}

async fn recovered(tx: &mut Tx, alerts: &Alerts) -> Result<Vec<String>, DbError> {
    alerts.lease.check(tx).await?;
    let rows = sqlx::query(
        "UPDATE notifications SET state = 'pending', repeats = repeats + 1 WHERE state = 'sending' RETURNING channel",
    )
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| Ok(row.try_get("channel")?)).collect()
}

/// What a claim took out of the outbox.
#[derive(Default)]
pub(crate) struct Claimed {
    /// Committed as `sending`.
    pub leaving: Vec<Leaving>,
    /// How many rows were set aside: for a digest, by a switch, or because nobody can be reached.
    pub aside: usize,
    undelivered: Vec<Undelivered>,
}

/// Commits the next attempts as `sending` and returns them; what the budget or a switch holds back is set aside.
pub(crate) async fn claim(alerts: &Alerts, now: Timestamp) -> Result<Claimed, DbError> {
    let due: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM notifications WHERE state = 'pending' AND next_try <= $1")
            .bind(now.as_microsecond())
            .fetch_one(alerts.db.pool())
            .await?;
    if due == 0 {
        return Ok(Claimed::default());
    }
    let claimed: Claimed = alerts
        .db
        .write(|mut tx| async move {
            let claimed = claimed(&mut tx, alerts, now).await;
            (tx, claimed)
        })
        .await?;
    claimed.undelivered.iter().for_each(Undelivered::tell);
    Ok(claimed)
}

async fn claimed(tx: &mut Tx, alerts: &Alerts, now: Timestamp) -> Result<Claimed, DbError> {
    alerts.lease.check(tx).await?;
    let rows = sqlx::query(
        "SELECT n.id, n.incident, n.number, n.role, n.region, n.channel, n.reason, n.remark, n.beside, n.severity,
         n.attempts, n.repeats, n.body, n.accepted_at, i.category, i.place, i.effective, i.first_event, i.status
         FROM notifications n LEFT JOIN incidents i ON i.id = n.incident
         WHERE n.state = 'pending' AND n.next_try <= $1
         ORDER BY CASE n.reason WHEN 'digest' THEN 1 ELSE 0 END, n.severity DESC, n.created_at, n.id LIMIT $2",
    )
    .bind(now.as_microsecond())
    .bind(BATCH)
    .fetch_all(tx.conn())
    .await?;
    let switched: Vec<String> = sqlx::query_scalar("SELECT scope FROM switches").fetch_all(tx.conn()).await?;
    let (mut claimed, roster) = (Claimed::default(), alerts.roster());
    for row in rows {
        let row = match Due::read(&row) {
            Ok(row) => row,
            // Written by a newer version, say: the others do not wait for it.
            Err(error) => {
                error!(%error, "alerts: a message of the outbox cannot be read and is tried again later");
                put_off(tx, row.try_get("id")?, now + UNREADABLE).await?;
                continue;
            }
        };
        if row.is_over() {
            set_state(tx, &row.id, "moot").await?;
        } else if row.is_switched_off(&switched) {
            set_state(tx, &row.id, "held").await?;
        } else if row.contact(&roster).is_some()
            && let Some(due) = folded_until(tx, alerts, &row, now).await?
        {
            set_state(tx, &row.id, "digest").await?;
            open_digest(tx, &row, due, now).await?;
        } else {
            match row.leave(tx, alerts, &roster, now).await? {
                Left::Goes(out) => {
                    claimed.leaving.push(*out);
                    continue;
                }
                Left::Undelivered(nobody) => claimed.undelivered.extend(nobody),
            }
        }
        claimed.aside += 1;
    }
    Ok(claimed)
}

async fn put_off(tx: &mut Tx, id: &str, until: Timestamp) -> Result<(), DbError> {
    sqlx::query("UPDATE notifications SET next_try = $2 WHERE id = $1")
        .bind(id)
        .bind(until.as_microsecond())
        .execute(tx.conn())
        .await?;
    Ok(())
}

async fn set_state(tx: &mut Tx, id: &str, state: &str) -> Result<(), DbError> {
    sqlx::query("UPDATE notifications SET state = $2 WHERE id = $1")
        .bind(id)
        .bind(state)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Rows by state, for health.
pub(crate) async fn waiting(db: &Db) -> Result<(i64, i64), DbError> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN state IN ('pending', 'sending', 'digest', 'held') THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting,
         CAST(COALESCE(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS failed FROM notifications",
    )
    .fetch_one(db.pool())
    .await?;
    Ok((row.try_get("waiting")?, row.try_get("failed")?))
}
