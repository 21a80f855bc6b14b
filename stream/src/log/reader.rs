//! Reading a log as a consumer group.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::error;

use super::{Lease, Log, chunk, schema, storage};
use crate::record::DAMAGED;
use crate::standing::{GroupLag, Positions};
use crate::{BusError, Incoming, Topic};

/// Bytes of packed records that are fetched at once at most, one chunk more or less.
const FETCH_BYTES: usize = 4 << 20;
/// How often a reader looks for what another process has published.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Reads for one consumer group.
pub(crate) struct LogReader {
    log: Log,
    _lease: Lease,
    group: String,
    connection: Arc<Mutex<Connection>>,
    /// What is fetched next.
    next: Positions,
    /// The partition that is asked first, so that none starves.
    turn: usize,
    published: watch::Receiver<u64>,
}

impl LogReader {
    pub(super) async fn open(
        log: Log,
        lease: Lease,
        group: &str,
        topics: &[Topic],
    ) -> Result<LogReader, BusError> {
        let published = log.inner.published.clone();
        let (config, name, topics) = (log.inner.config.clone(), group.to_owned(), topics.to_vec());
        let (connection, next) = tokio::task::spawn_blocking(move || {
            let connection = schema::open(&config)?;
            let mut next = Positions::new();
            for topic in topics {
                for part in 0..schema::partitions(&connection, topic)? {
                    let committed = schema::committed(&connection, &name, topic, part)?.unwrap_or(0);
                    next.insert((topic, part), committed);
                }
            }
            Ok((connection, next))
        })
        .await
        .map_err(|_| BusError::Closed)?
        .map_err(|error: rusqlite::Error| storage(&error))?;
        Ok(LogReader {
            log,
            _lease: lease,
            group: group.to_owned(),
            connection: Arc::new(Mutex::new(connection)),
            next,
            turn: 0,
            published,
        })
    }

    /// About `max` records or more, a few chunks; waits for the first.
    pub(crate) async fn fetch(&mut self, max: usize, wait: Duration) -> Result<Vec<Incoming>, BusError> {
        let deadline = Instant::now() + wait;
        loop {
            self.published.borrow_and_update();
            let (connection, next, turn) = (Arc::clone(&self.connection), self.next.clone(), self.turn);
            let fetched = tokio::task::spawn_blocking(move || {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                read(&connection, &next, turn, max)
            })
            .await
            .map_err(|_| BusError::Closed)?
            .map_err(|error| storage(&error))?;
            if !fetched.is_empty() {
                for record in &fetched {
                    self.next.insert((record.topic, record.partition), record.offset + 1);
                }
                self.turn = self.turn.wrapping_add(1);
                return Ok(fetched);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Vec::new());
            }
            let pause = tokio::time::sleep(left.min(LOOK_EVERY));
            tokio::select! {
                () = pause => {}
                // The writer lives as long as the log this reader holds.
                _ = self.published.changed() => {}
            }
        }
    }

    /// Commits for this group.
    pub(crate) fn commits(&self) -> LogCommits {
        LogCommits { log: self.log.clone(), group: self.group.clone() }
    }
}

/// Commits for the group of a [`LogReader`], whose lease must be held meanwhile.
pub(crate) struct LogCommits {
    log: Log,
    group: String,
}

impl LogCommits {
    pub(crate) async fn commit(&self, positions: &Positions) -> Result<(), BusError> {
        self.log.commit(&self.group, positions).await
    }
}

/// The next records of all partitions, beginning with the `turn`-th.
fn read(
    connection: &Connection,
    next: &Positions,
    turn: usize,
    max: usize,
) -> rusqlite::Result<Vec<Incoming>> {
    let mut found = Vec::new();
    let mut room = FETCH_BYTES;
    for index in 0..next.len() {
        let Some(((topic, part), start)) = next.iter().nth((index + turn) % next.len()) else {
            break;
        };
        room -=
            read_partition(connection, *topic, *part, *start, max - found.len(), room, &mut found)?.min(room);
        if found.len() >= max || room == 0 {
            break;
        }
    }
    Ok(found)
}

/// Appends whole chunks from `start` on until `max` records or `room` packed bytes are reached; gives those bytes.
pub(super) fn read_partition(
    connection: &Connection,
    topic: Topic,
    part: u32,
    start: u64,
    max: usize,
    room: usize,
    found: &mut Vec<Incoming>,
) -> rusqlite::Result<usize> {
    let mut statement = connection.prepare_cached(
        "SELECT id, count, body, oldest FROM chunks WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
    )?;
    let (from, to) = (schema::chunk_id(topic, part, start), schema::chunk_id(topic, part, u64::MAX));
    let mut rows = statement.query(params![from, to])?;
    let (mut bytes, before) = (0, found.len());
    while found.len() - before < max && bytes < room {
        let Some(row) = rows.next()? else {
            break;
        };
        let (id, count): (i64, u64) = (row.get(0)?, row.get(1)?);
        let body = row.get_ref(2)?.as_blob()?;
        let last = schema::last_offset(id);
        let first = (last + 1).saturating_sub(count);
        bytes += body.len();
        match chunk::unpack(body, topic, part, (first, last), start) {
            Some(records) => found.extend(records),
            None => {
                error!(%topic, part, first, last, "a chunk of the log is damaged; its records are lost");
                let at = Timestamp::from_microsecond(row.get(3)?).unwrap_or(Timestamp::UNIX_EPOCH);
                found.push(damaged(topic, part, (first, last), at, body));
            }
        }
    }
    Ok(bytes)
}

/// What stands for the records of a damaged chunk: its readers park it and go on behind it.
fn damaged(topic: Topic, partition: u32, (first, last): (u64, u64), at: Timestamp, body: &[u8]) -> Incoming {
    Incoming {
        topic,
        partition,
        offset: last,
        key: format!("records {first} to {last} of {topic} partition {partition}"),
        at,
        kind: DAMAGED.to_owned(),
        version: 1,
        bytes: body.to_vec(),
    }
}

/// How far every registered group is behind.
pub(super) fn lag(connection: &Connection) -> rusqlite::Result<Vec<GroupLag>> {
    let mut statement = connection.prepare_cached(
        "SELECT r.grp, r.topic, p.part, p.next, max(p.start, coalesce(c.next, 0)) FROM readers r
         JOIN partitions p ON p.topic = r.topic
         LEFT JOIN committed c ON c.grp = r.grp AND c.topic = r.topic AND c.part = p.part
         ORDER BY r.grp, r.topic, p.part",
    )?;
    let mut rows = statement.query([])?;
    let mut lags: Vec<GroupLag> = Vec::new();
    while let Some(row) = rows.next()? {
        let (group, number, part): (String, u8, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (end, committed): (u64, u64) = (row.get(3)?, row.get(4)?);
        let Some(topic) = Topic::ALL.into_iter().find(|topic| topic.number() == number) else {
            continue;
        };
        let oldest = if committed < end { oldest(connection, topic, part, committed)? } else { None };
        let behind = end.saturating_sub(committed);
        match lags.last_mut().filter(|lag| lag.group == group && lag.topic == topic) {
            Some(lag) => {
                lag.lag += behind;
                lag.oldest = [lag.oldest, oldest].into_iter().flatten().min();
            }
            None => lags.push(GroupLag { group, topic, lag: behind, oldest }),
        }
    }
    Ok(lags)
}

/// The time of the oldest record of the chunk that holds `offset`.
fn oldest(
    connection: &Connection,
    topic: Topic,
    part: u32,
    offset: u64,
) -> rusqlite::Result<Option<Timestamp>> {
    let at: Option<i64> = connection
        .prepare_cached("SELECT min(oldest) FROM (SELECT oldest FROM chunks WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1)")?
        .query_row(
            params![schema::chunk_id(topic, part, offset), schema::chunk_id(topic, part, u64::MAX)],
            |row| row.get(0),
        )?;
    Ok(at.and_then(|at| Timestamp::from_microsecond(at).ok()))
}
