//! Retention of a log: deletes what is older or more than is kept, as far as every group has read it.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use tracing::debug;

use super::schema;
use crate::Topic;
use crate::config::LogConfig;

/// Most chunks of one partition that one sweep deletes.
const SWEEP_CHUNKS: u32 = 10_000;

/// Deletes what is older or more than retention keeps, as far as every registered group has committed it.
pub(super) fn sweep(connection: &mut Connection, config: &LogConfig, now: Timestamp) -> rusqlite::Result<()> {
    let age = SignedDuration::from_hours(24 * i64::from(config.retention_days));
    let horizon = now.checked_sub(age).unwrap_or(Timestamp::MIN).as_microsecond();
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let total: u64 = transaction.query_row("SELECT sum(bytes) FROM partitions", [], |row| row.get(0))?;
    let excess = total.saturating_sub(config.retention_bytes);
    let mut deleted = 0;
    for topic in Topic::ALL {
        for part in 0..schema::partitions(&transaction, topic)? {
            // The part of the excess that this partition makes up.
            let bytes: u64 = transaction.query_row(
                "SELECT bytes FROM partitions WHERE topic = ?1 AND part = ?2",
                params![topic.number(), part],
                |row| row.get(0),
            )?;
            let share = if total == 0 { 0 } else { excess_share(excess, bytes, total) };
            deleted += sweep_partition(&transaction, topic, part, horizon, share)?;
        }
    }
    transaction.commit()?;
    debug!(deleted, excess, "retention looked after");
    Ok(())
}

fn excess_share(excess: u64, bytes: u64, total: u64) -> u64 {
    u64::try_from(u128::from(excess) * u128::from(bytes) / u128::from(total)).unwrap_or(u64::MAX)
}

/// Deletes chunks of one partition, oldest first: those before `horizon`, and at least `excess` bytes.
fn sweep_partition(
    connection: &Connection,
    topic: Topic,
    part: u32,
    horizon: i64,
    excess: u64,
) -> rusqlite::Result<u32> {
    let floor = committed_by_all(connection, topic, part)?;
    let mut statement = connection.prepare_cached(
        "SELECT id, newest, bytes FROM chunks WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3",
    )?;
    let range =
        params![schema::chunk_id(topic, part, 0), schema::chunk_id(topic, part, u64::MAX), SWEEP_CHUNKS];
    let mut rows = statement.query(range)?;
    let (mut last, mut freed, mut deleted) = (None, 0, 0);
    while let Some(row) = rows.next()? {
        let (id, newest, bytes): (i64, i64, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let read = floor.is_none_or(|floor| schema::last_offset(id) < floor);
        if !read || !(newest < horizon || freed < excess) {
            break;
        }
        last = Some(id);
        freed += bytes;
        deleted += 1;
    }
    if let Some(id) = last {
        connection.execute(
            "DELETE FROM chunks WHERE id BETWEEN ?1 AND ?2",
            params![schema::chunk_id(topic, part, 0), id],
        )?;
        connection.execute(
            "UPDATE partitions SET start = ?3, bytes = bytes - ?4 WHERE topic = ?1 AND part = ?2",
            params![topic.number(), part, schema::last_offset(id) + 1, freed],
        )?;
    }
    Ok(deleted)
}

/// Up to where every group that is registered for the topic has committed; `None` when none is.
fn committed_by_all(connection: &Connection, topic: Topic, part: u32) -> rusqlite::Result<Option<u64>> {
    connection
        .prepare_cached(
            "SELECT min(coalesce(c.next, 0)) FROM readers r
             LEFT JOIN committed c ON c.grp = r.grp AND c.topic = r.topic AND c.part = ?2
             WHERE r.topic = ?1",
        )?
        .query_row(params![topic.number(), part], |row| row.get(0))
}
