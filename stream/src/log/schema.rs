//! The tables of a log, and the small questions put to them.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::Topic;
use crate::config::LogConfig;
use crate::standing::TopicInfo;

/// The form of the file this program writes; kept in `user_version`.
const VERSION: i64 = 1;

/// Records lie in chunks, one for each publish and partition; a chunk's id is made of topic, partition and its
/// last offset, so that the chunk that holds an offset is the first whose id is not smaller.
const TABLES: &str = "
CREATE TABLE partitions (
    topic INTEGER NOT NULL,
    part INTEGER NOT NULL,
    start INTEGER NOT NULL,
    next INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (topic, part)
) WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    oldest INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE readers (
    grp TEXT NOT NULL,
    topic INTEGER NOT NULL,
    PRIMARY KEY (grp, topic)
) WITHOUT ROWID;
CREATE TABLE committed (
    grp TEXT NOT NULL,
    topic INTEGER NOT NULL,
    part INTEGER NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (grp, topic, part)
) WITHOUT ROWID;
CREATE TABLE cursors (
    name TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) WITHOUT ROWID;
";

/// Opens the file as every connection does: committed means on the disk.
pub(super) fn open(config: &LogConfig) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(&config.path)?;
    connection.busy_timeout(Duration::from_secs(30))?;
    connection.pragma_update(None, "page_size", 16384)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // In pages: the WAL is written back in steps of 32 MiB and then starts over.
    connection.pragma_update(None, "wal_autocheckpoint", 2000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    connection.pragma_update(None, "cache_size", -8192)?;
    create(&mut connection, config.partitions)?;
    Ok(connection)
}

fn create(connection: &mut Connection, partitions: u32) -> rusqlite::Result<()> {
    if version(connection)? == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have made them meanwhile.
    match version(&transaction)? {
        VERSION => return Ok(()),
        0 => {}
        newer => {
            let cause = format!("its form {newer} is newer than the form {VERSION} this program knows");
            return Err(broken(cause));
        }
    }
    transaction.execute_batch(TABLES)?;
    for topic in Topic::ALL {
        for part in 0..if topic.is_spread() { partitions } else { 1 } {
            transaction.execute(
                "INSERT INTO partitions (topic, part, start, next, bytes) VALUES (?1, ?2, 0, 0, 0)",
                params![topic.number(), part],
            )?;
        }
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// The file does not hold what it should.
pub(super) fn broken(cause: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), Some(cause))
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The id of a chunk whose last record stands at `offset`.
pub(super) fn chunk_id(topic: Topic, part: u32, offset: u64) -> i64 {
    let head = (i64::from(topic.number()) << 56) | (i64::from(part) << 44);
    head | i64::try_from(offset.min((1 << 44) - 1)).unwrap_or(i64::MAX)
}

/// The last offset of the chunk with this id.
pub(super) fn last_offset(id: i64) -> u64 {
    u64::try_from(id & ((1 << 44) - 1)).unwrap_or(0)
}

/// How many partitions a topic has in this file.
pub(super) fn partitions(connection: &Connection, topic: Topic) -> rusqlite::Result<u32> {
    connection
        .prepare_cached("SELECT count(*) FROM partitions WHERE topic = ?1")?
        .query_row([topic.number()], |row| row.get(0))
}

/// The position after the last record.
pub(super) fn end(connection: &Connection, topic: Topic, part: u32) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT next FROM partitions WHERE topic = ?1 AND part = ?2")?
        .query_row(params![topic.number(), part], |row| row.get(0))
}

/// The position of the first record that is still there.
pub(super) fn start(connection: &Connection, topic: Topic, part: u32) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT start FROM partitions WHERE topic = ?1 AND part = ?2")?
        .query_row(params![topic.number(), part], |row| row.get(0))
}

/// What a group has committed, if it ever has.
pub(super) fn committed(
    connection: &Connection,
    group: &str,
    topic: Topic,
    part: u32,
) -> rusqlite::Result<Option<u64>> {
    connection
        .prepare_cached("SELECT next FROM committed WHERE grp = ?1 AND topic = ?2 AND part = ?3")?
        .query_row(params![group, topic.number(), part], |row| row.get(0))
        .optional()
}

/// What was last set under a name.
pub(super) fn cursor(connection: &Connection, name: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT bytes FROM cursors WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// The topics as they are.
pub(super) fn topics(connection: &Connection, retention_days: u32) -> rusqlite::Result<Vec<TopicInfo>> {
    let mut infos = Vec::new();
    for topic in Topic::ALL {
        let (partitions, mut records, mut bytes): (u32, u64, u64) = connection.query_row(
            "SELECT count(*), sum(next - start), sum(bytes) FROM partitions WHERE topic = ?1",
            [topic.number()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        if topic == Topic::Cursors {
            (records, bytes) = connection.query_row(
                "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM cursors",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
        }
        infos.push(TopicInfo {
            topic,
            name: topic.as_str().to_owned(),
            partitions,
            records,
            bytes: Some(bytes),
            retention_days: (topic != Topic::Cursors).then_some(retention_days),
        });
    }
    Ok(infos)
}
