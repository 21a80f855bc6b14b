//! The writing thread of a log: everything that waits is written in one transaction, so that many small publishes
//! share one fsync.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::{Connection, params};
use tokio::sync::{OwnedSemaphorePermit, oneshot, watch};
use tracing::warn;

use super::retention::sweep;
use super::{chunk, schema, storage};
use crate::config::LogConfig;
use crate::standing::Positions;
use crate::{BusError, Outgoing, Topic};

/// How often retention is looked after.
const SWEEP_EVERY: Duration = Duration::from_secs(30);
/// Most jobs of one transaction.
const JOBS: usize = 256;

/// Something to be written, and whom to tell.
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) done: oneshot::Sender<Result<(), BusError>>,
    /// Its share of the queue, given back when the job is done.
    pub(super) _room: OwnedSemaphorePermit,
}

/// What can be written.
pub(super) enum Work {
    Publish(Arc<Vec<Outgoing>>),
    Commit { group: String, positions: Positions },
    Register { group: String, topics: Vec<Topic> },
    Cursor { name: String, bytes: Vec<u8> },
    Sweep(Timestamp),
}

/// Writes until every sender is gone.
pub(super) fn run(
    mut connection: Connection,
    config: &LogConfig,
    queue: &Receiver<Job>,
    published: &watch::Sender<u64>,
) {
    let mut swept = Instant::now();
    loop {
        match queue.recv_timeout(SWEEP_EVERY.saturating_sub(swept.elapsed())) {
            Ok(first) => {
                let mut jobs = vec![first];
                jobs.extend(queue.try_iter().take(JOBS - 1));
                write(&mut connection, config, jobs, published);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if swept.elapsed() >= SWEEP_EVERY {
            if let Err(error) = sweep(&mut connection, config, Timestamp::now()) {
                warn!(%error, "retention could not be looked after");
            }
            swept = Instant::now();
        }
    }
}

fn write(connection: &mut Connection, config: &LogConfig, jobs: Vec<Job>, published: &watch::Sender<u64>) {
    let news = jobs.iter().any(|job| matches!(job.work, Work::Publish(_)));
    let works: Vec<&Work> = jobs.iter().map(|job| &job.work).collect();
    let results = match transact(connection, config, &works) {
        Ok(results) => results,
        // One of several may be at fault, a large publish on a full disk: each gets its own try.
        Err(_) if works.len() > 1 => works
            .iter()
            .map(|work| match transact(connection, config, &[work]) {
                Ok(mut results) => results.pop().unwrap_or(Ok(())),
                Err(error) => Err(storage(&error)),
            })
            .collect(),
        Err(error) => vec![Err(storage(&error))],
    };
    if news {
        published.send_modify(|count| *count += 1);
    }
    for (job, result) in jobs.into_iter().zip(results) {
        // Who no longer waits needs no answer.
        let _ = job.done.send(result);
    }
}

/// Writes all of `works` in one transaction, which is on the disk when this returns.
fn transact(
    connection: &mut Connection,
    config: &LogConfig,
    works: &[&Work],
) -> rusqlite::Result<Vec<Result<(), BusError>>> {
    // A sweep has transactions of its own.
    if let [Work::Sweep(now)] = works {
        return Ok(vec![sweep(connection, config, *now).map_err(|error| storage(&error))]);
    }
    make_room(connection, config, works)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let mut results = Vec::with_capacity(works.len());
    let mut accepted: Vec<&Outgoing> = Vec::new();
    let mut bytes = 0;
    let mut sweep_at = None;
    for work in works {
        let mut result = Ok(());
        match work {
            Work::Publish(records) => {
                match full(&transaction, config, bytes + size(records), is_intake(records))? {
                    // This one does not fit; the others of the transaction may.
                    Some(cause) => result = Err(BusError::Full { cause }),
                    None => {
                        bytes += size(records);
                        accepted.extend(records.iter());
                    }
                }
            }
            Work::Commit { group, positions } => commit(&transaction, group, positions)?,
            Work::Register { group, topics } => register(&transaction, group, topics)?,
            Work::Cursor { name, bytes } => set_cursor(&transaction, name, bytes)?,
            Work::Sweep(now) => sweep_at = Some(*now),
        }
        results.push(result);
    }
    // Small publishes that came together share their chunks.
    publish(&transaction, &accepted)?;
    transaction.commit()?;
    if let Some(now) = sweep_at {
        sweep(connection, config, now)?;
    }
    Ok(results)
}

/// Looks after retention at once when what is to be written would not fit.
fn make_room(connection: &mut Connection, config: &LogConfig, works: &[&Work]) -> rusqlite::Result<()> {
    let (mut bytes, mut intake) = (0, false);
    for work in works {
        if let Work::Publish(records) = work {
            bytes += size(records);
            intake |= is_intake(records);
        }
    }
    if bytes > 0 && full(connection, config, bytes, intake)?.is_some() {
        sweep(connection, config, Timestamp::now())?;
    }
    Ok(())
}

fn size(records: &[Outgoing]) -> u64 {
    records.iter().map(|record| (record.bytes.len() + record.key.len()) as u64).sum()
}

/// Whether this is what comes in. What is made of it must pass a full bus, else nothing of it is ever worked off
/// and no space comes back: each post makes one finding at most, so it is bounded by what came in.
fn is_intake(records: &[Outgoing]) -> bool {
    records.iter().any(|record| record.topic == Topic::Posts)
}

/// Why `bytes` more are not taken now, if so; `intake` when they are posts that come in.
pub(super) fn full(
    connection: &Connection,
    config: &LogConfig,
    bytes: u64,
    intake: bool,
) -> rusqlite::Result<Option<String>> {
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, u64>(0));
    let used = (pragma("page_count")?.saturating_sub(pragma("freelist_count")?)) * pragma("page_size")?;
    if intake && used + bytes > config.max_bytes {
        return Ok(Some(format!("{used} bytes of max_bytes = {} are used", config.max_bytes)));
    }
    let folder = config.path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(disk) = rustix::fs::statvfs(folder.unwrap_or(std::path::Path::new("."))) {
        let free = disk.f_bavail * disk.f_frsize;
        let reserve = if intake { config.reserve_bytes } else { config.reserve_bytes / 2 };
        if free < reserve.saturating_add(bytes) {
            return Ok(Some(format!(
                "{free} bytes are free on the disk, reserve_bytes = {}",
                config.reserve_bytes
            )));
        }
    }
    Ok(None)
}

fn publish(connection: &Connection, records: &[&Outgoing]) -> rusqlite::Result<()> {
    let mut partitions = BTreeMap::new();
    let mut spread: BTreeMap<(Topic, u32), Vec<&Outgoing>> = BTreeMap::new();
    for record in records {
        let count = match partitions.get(&record.topic) {
            Some(count) => *count,
            None => {
                let count = schema::partitions(connection, record.topic)?;
                partitions.insert(record.topic, count);
                count
            }
        };
        spread.entry((record.topic, partition_of(&record.key, count))).or_default().push(record);
    }
    for ((topic, part), records) in spread {
        append(connection, topic, part, &records)?;
    }
    Ok(())
}

/// The partition of a key (FNV-1a): the same in every process and for all time.
fn partition_of(key: &str, partitions: u32) -> u32 {
    let hash =
        key.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % partitions.max(1)
}

fn append(connection: &Connection, topic: Topic, part: u32, records: &[&Outgoing]) -> rusqlite::Result<()> {
    let mut next = schema::end(connection, topic, part)?;
    let mut written = 0;
    let mut body = Vec::new();
    let mut rest = records;
    while !rest.is_empty() {
        body.clear();
        let mut count = 0;
        while count < rest.len() && (count == 0 || body.len() + rest[count].bytes.len() < chunk::MAX_BYTES) {
            chunk::push(&mut body, rest[count]);
            count += 1;
        }
        let (these, others) = rest.split_at(count);
        rest = others;
        next += count as u64;
        let packed = chunk::pack(&body);
        let times = || these.iter().map(|record| record.at.as_microsecond());
        connection
            .prepare_cached(
                "INSERT INTO chunks (id, count, oldest, newest, bytes, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                schema::chunk_id(topic, part, next - 1),
                count,
                times().min(),
                times().max(),
                packed.len(),
                packed
            ])?;
        written += packed.len();
    }
    connection
        .prepare_cached("UPDATE partitions SET next = ?3, bytes = bytes + ?4 WHERE topic = ?1 AND part = ?2")?
        .execute(params![topic.number(), part, next, written])?;
    Ok(())
}

fn commit(connection: &Connection, group: &str, positions: &Positions) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO committed (grp, topic, part, next) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (grp, topic, part) DO UPDATE SET next = excluded.next",
    )?;
    for ((topic, part), next) in positions {
        statement.execute(params![group, topic.number(), part, next])?;
    }
    Ok(())
}

/// From here on nothing of these topics is deleted before the group has committed it.
fn register(connection: &Connection, group: &str, topics: &[Topic]) -> rusqlite::Result<()> {
    for topic in topics {
        connection.execute(
            "INSERT INTO readers (grp, topic) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![group, topic.number()],
        )?;
    }
    Ok(())
}

fn set_cursor(connection: &Connection, name: &str, bytes: &[u8]) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO cursors (name, at, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET at = excluded.at, bytes = excluded.bytes",
        )?
        .execute(params![name, Timestamp::now().as_microsecond(), bytes])?;
    Ok(())
}
