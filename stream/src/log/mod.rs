//! The embedded bus: one SQLite file that several processes may open. One thread of each process writes; each
//! consumer group reads with a connection of its own.

mod chunk;
mod lease;
mod reader;
mod retention;
mod schema;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot, watch};

use crate::config::LogConfig;
use crate::standing::{GroupLag, Positions, Pressure, TopicInfo};
use crate::{BusError, Incoming, Outgoing, Topic};

pub(crate) use lease::Lease;
pub(crate) use reader::{LogCommits, LogReader};
use writer::{Job, Work};

/// Bytes that may wait for the writing thread; more publishers wait for their turn.
const QUEUE_BYTES: usize = 32 << 20;
/// The unit of [`QUEUE_BYTES`]: a semaphore counts in 32 bits.
const QUEUE_UNIT: usize = 1024;
/// Room for one item: with less the log counts as full.
const HEADROOM: u64 = crate::MAX_ITEM_BYTES as u64;
/// Records, and packed bytes, that a survey takes at once, one chunk more or less.
const STRETCH: (usize, usize) = (4096, 2 << 20);
/// How old an answer of [`Log::pressure`] may be.
const PRESSURE_AGE: Duration = Duration::from_secs(1);

/// Tells when a job of the writing thread is on the disk, or why not.
type Answer = oneshot::Receiver<Result<(), BusError>>;

/// Records that wait for the writing thread, or are being written.
pub(crate) struct LogSent(Answer);

impl LogSent {
    /// Waits until they are on the disk.
    pub(crate) async fn durable(self) -> Result<(), BusError> {
        self.0.await.map_err(|_| BusError::Closed)?
    }
}

/// The embedded bus. Clones share one writing thread.
#[derive(Clone)]
pub struct Log {
    inner: Arc<Inner>,
}

struct Inner {
    config: LogConfig,
    jobs: std::sync::mpsc::Sender<Job>,
    /// Bounds the bytes that wait in `jobs`.
    room: Arc<Semaphore>,
    /// Counts this process's publishes, to wake its readers.
    published: watch::Receiver<u64>,
    /// For what people ask: lag, topics, dead letters, cursors.
    asking: Arc<Mutex<Connection>>,
    pressure: Mutex<Option<(Instant, Pressure)>>,
}

impl Log {
    /// Opens the file, and makes it if there is none.
    pub(crate) fn open(config: &LogConfig) -> Result<Log, BusError> {
        let failed = |cause: String| BusError::Open { path: config.path.clone(), cause };
        if let Some(folder) = config.path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        }
        private(&config.path).map_err(|error| failed(error.to_string()))?;
        let writing = schema::open(config).map_err(|error| failed(error.to_string()))?;
        let asking = schema::open(config).map_err(|error| failed(error.to_string()))?;
        let (published_by, published) = watch::channel(0);
        let (jobs, queue) = std::sync::mpsc::channel();
        let owned = config.clone();
        std::thread::Builder::new()
            .name("log-writer".to_owned())
            .spawn(move || writer::run(writing, &owned, &queue, &published_by))
            .map_err(|error| failed(error.to_string()))?;
        let inner = Inner {
            config: config.clone(),
            jobs,
            room: Arc::new(Semaphore::new(QUEUE_BYTES / QUEUE_UNIT)),
            published,
            asking: Arc::new(Mutex::new(asking)),
            pressure: Mutex::new(None),
        };
        Ok(Log { inner: Arc::new(inner) })
    }

    /// Queues records for the writing thread.
    pub(crate) async fn send(&self, records: &Arc<Vec<Outgoing>>) -> Result<LogSent, BusError> {
        let bytes: usize = records.iter().map(|record| record.bytes.len() + record.key.len() + 64).sum();
        self.queue(Work::Publish(Arc::clone(records)), bytes).await.map(LogSent)
    }

    pub(crate) async fn subscribe(&self, group: &str, topics: &[Topic]) -> Result<LogReader, BusError> {
        let lease = self.lease(group)?;
        self.work(Work::Register { group: group.to_owned(), topics: topics.to_vec() }, 0).await?;
        LogReader::open(self.clone(), lease, group, topics).await
    }

    /// Takes the right to read for `group`; refused while another process, or another reader here, has it.
    pub(crate) fn lease(&self, group: &str) -> Result<Lease, BusError> {
        Lease::take(&self.inner.config.path, group)
    }

    pub(crate) async fn commit(&self, group: &str, positions: &Positions) -> Result<(), BusError> {
        self.work(Work::Commit { group: group.to_owned(), positions: positions.clone() }, 0).await
    }

    pub(crate) async fn sweep(&self, now: Timestamp) -> Result<(), BusError> {
        self.work(Work::Sweep(now), 0).await
    }

    pub(crate) async fn set_cursor(&self, name: &str, bytes: Vec<u8>) -> Result<(), BusError> {
        let size = bytes.len();
        self.work(Work::Cursor { name: name.to_owned(), bytes }, size).await
    }

    pub(crate) async fn cursor(&self, name: &str) -> Result<Option<Vec<u8>>, BusError> {
        let name = name.to_owned();
        self.ask(move |connection| schema::cursor(connection, &name)).await
    }

    pub(crate) async fn lag(&self) -> Result<Vec<GroupLag>, BusError> {
        self.ask(reader::lag).await
    }

    pub(crate) async fn topics(&self) -> Result<Vec<TopicInfo>, BusError> {
        let days = self.inner.config.retention_days;
        self.ask(move |connection| schema::topics(connection, days)).await
    }

    pub(crate) async fn end(&self, topic: Topic) -> Result<u64, BusError> {
        self.ask(move |connection| schema::end(connection, topic, 0)).await
    }

    pub(crate) async fn committed(&self, group: &str, topic: Topic) -> Result<u64, BusError> {
        let group = group.to_owned();
        self.ask(move |connection| {
            let committed = schema::committed(connection, &group, topic, 0)?.unwrap_or(0);
            Ok(committed.max(schema::start(connection, topic, 0)?))
        })
        .await
    }

    /// Moves a position without holding back retention: the group is not registered by it.
    pub(crate) async fn set_committed(&self, group: &str, topic: Topic, next: u64) -> Result<(), BusError> {
        self.commit(group, &Positions::from([((topic, 0), next)])).await
    }

    pub(crate) async fn peek(
        &self,
        topic: Topic,
        start: u64,
        limit: usize,
    ) -> Result<Vec<Incoming>, BusError> {
        self.ask(move |connection| {
            let mut found = Vec::new();
            reader::read_partition(connection, topic, 0, start, limit, usize::MAX, &mut found)?;
            found.truncate(limit);
            Ok(found)
        })
        .await
    }

    /// The first position and the one after the last of every partition of `topic`.
    pub(crate) async fn bounds(&self, topic: Topic) -> Result<Vec<((Topic, u32), [u64; 2])>, BusError> {
        self.ask(move |connection| {
            let bounds =
                |part| Ok([schema::start(connection, topic, part)?, schema::end(connection, topic, part)?]);
            (0..schema::partitions(connection, topic)?)
                .map(|part| bounds(part).map(|bounds| ((topic, part), bounds)))
                .collect()
        })
        .await
    }

    /// Some records of a partition from `start` on, a few chunks.
    pub(crate) async fn stretch(
        &self,
        topic: Topic,
        part: u32,
        start: u64,
    ) -> Result<Vec<Incoming>, BusError> {
        self.ask(move |connection| {
            let mut found = Vec::new();
            reader::read_partition(connection, topic, part, start, STRETCH.0, STRETCH.1, &mut found)?;
            Ok(found)
        })
        .await
    }

    pub(crate) async fn pressure(&self) -> Result<Pressure, BusError> {
        let known = self.inner.pressure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, pressure)) = known
            && at.elapsed() < PRESSURE_AGE
        {
            return Ok(pressure);
        }
        let config = self.inner.config.clone();
        let pressure = self
            .ask(move |connection| {
                Ok(match writer::full(connection, &config, HEADROOM, true)? {
                    Some(cause) => Pressure::Full { cause },
                    None => Pressure::Flowing,
                })
            })
            .await?;
        *self.inner.pressure.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), pressure.clone()));
        Ok(pressure)
    }

    /// Has the writing thread do `work`; returns when it is durable.
    async fn work(&self, work: Work, bytes: usize) -> Result<(), BusError> {
        LogSent(self.queue(work, bytes).await?).durable().await
    }

    /// Queues `work` for the writing thread, once there is room.
    async fn queue(&self, work: Work, bytes: usize) -> Result<Answer, BusError> {
        let units = (bytes / QUEUE_UNIT + 1).min(QUEUE_BYTES / QUEUE_UNIT);
        let room = Arc::clone(&self.inner.room)
            .acquire_many_owned(u32::try_from(units).unwrap_or(u32::MAX))
            .await
            .map_err(|_| BusError::Closed)?;
        let (done, answer) = oneshot::channel();
        self.inner.jobs.send(Job { work, done, _room: room }).map_err(|_| BusError::Closed)?;
        Ok(answer)
    }

    /// Runs a question off tokio's workers.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, BusError> {
        let connection = Arc::clone(&self.inner.asking);
        tokio::task::spawn_blocking(move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            question(&connection).map_err(|error| storage(&error))
        })
        .await
        .map_err(|_| BusError::Closed)?
    }
}

/// Makes the file readable for its owner only, before anything stands in it: posts hold what people wrote.
fn private(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    // One that exists is never opened: closing it would drop the locks that this process holds on it (POSIX).
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// What SQLite says, as an error of the bus: a full disk is its own kind, all else may pass.
fn storage(error: &rusqlite::Error) -> BusError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => {
            BusError::Full { cause: "no space left on the disk".to_owned() }
        }
        _ => BusError::Storage { cause: error.to_string() },
    }
}
