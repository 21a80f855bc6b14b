//! The one loop that runs a stage: take a batch, handle it, publish, commit.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::{Bus, BusError, DeadLetter, Inbox, Incoming, Outgoing, Record, Unreadable, metrics};

/// Records a stage takes at once, unless it says otherwise.
pub const BATCH: usize = 2000;
/// How long a stage waits for records before it looks whether it should stop.
const WAIT: Duration = Duration::from_millis(500);
/// The first pause after a failure; it doubles up to [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_millis(100);
/// The longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// One step of the line: reads one topic as one consumer group.
pub trait Stage: Send {
    /// What it reads.
    type In: Record;

    /// The consumer group it reads as: a short lower-case name.
    fn group(&self) -> &str;

    /// Most records it wants at once.
    fn batch(&self) -> usize {
        BATCH
    }

    /// Works on a batch. It may see a record again after a crash or a failure, so its effects must bear repetition.
    /// Long computation belongs on a thread of its own (`spawn_blocking`), not on tokio's workers.
    fn handle(&mut self, batch: Vec<Self::In>) -> impl Future<Output = Result<Handled, StageError>> + Send;
}

/// What a stage made of a batch.
#[derive(Debug, Default)]
pub struct Handled {
    /// To be published before the batch is committed.
    pub publish: Vec<Outgoing>,
    /// To be parked: the index in the batch, and why (without quoting the text).
    pub park: Vec<(usize, String)>,
}

impl Handled {
    /// Records to publish, nothing to park.
    pub fn publish(records: Vec<Outgoing>) -> Handled {
        Handled { publish: records, park: Vec::new() }
    }
}

/// Why a stage could not work on a batch.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StageError {
    /// For now (a database is unreachable): the same batch is tried again, nothing is parked.
    #[error("{0}")]
    Retry(String),
    /// For good: the stage stops, nothing of the batch is committed.
    #[error("{0}")]
    Fatal(String),
}

/// Runs `stage` on `bus` until `stop` or a failure that no retry can heal. On `stop` the batch at hand is
/// finished and committed; what was not finished comes again to the next run.
pub async fn run<S: Stage>(mut stage: S, bus: &Bus, stop: CancellationToken) -> Result<(), BusError> {
    let group = stage.group().to_owned();
    let mut backoff = Backoff::new(&group, &stop);
    let mut inbox = loop {
        match bus.subscribe(&group, &[S::In::TOPIC]).await {
            Ok(inbox) => break inbox,
            Err(error) => {
                if !backoff.wait("subscribe", error).await? {
                    return Ok(());
                }
            }
        }
    };
    info!(group, topic = %S::In::TOPIC, "stage runs");
    let mut backoff = Backoff::new(&group, &stop);
    while !stop.is_cancelled() {
        let taken = tokio::select! {
            taken = inbox.take(stage.batch(), WAIT) => taken,
            () = stop.cancelled() => break,
        };
        match taken {
            Ok(batch) if batch.is_empty() => {}
            Ok(batch) => {
                if !step(&mut stage, &group, bus, &mut inbox, batch, &stop).await? {
                    break;
                }
            }
            Err(error) => {
                backoff.wait("read", error).await?;
                continue;
            }
        }
        backoff.reset();
    }
    info!(group, "stage stopped");
    Ok(())
}

/// A batch, sorted by what could be read of it.
struct Sorted<R> {
    /// As it was taken, up to the first record of a newer version.
    batch: Vec<Incoming>,
    /// What could be read.
    good: Vec<R>,
    /// The position in `batch` of each of `good`.
    index: Vec<usize>,
    /// Positions in `batch` of what could not, and why.
    parked: Vec<(usize, String)>,
    /// The first record of a newer version and all after it, with the two versions.
    newer: Option<(Vec<Incoming>, u32, u32)>,
}

/// Parses a batch; on a thread for computation, since it is the larger part of a small stage's work.
async fn sort<R: Record>(mut batch: Vec<Incoming>) -> Result<Sorted<R>, BusError> {
    tokio::task::spawn_blocking(move || {
        let (mut good, mut index, mut parked) = (Vec::with_capacity(batch.len()), Vec::new(), Vec::new());
        let mut newer = None;
        for (position, record) in batch.iter().enumerate() {
            match record.read() {
                Ok(record) => {
                    good.push(record);
                    index.push(position);
                }
                Err(Unreadable::Malformed(reason)) => parked.push((position, reason)),
                Err(Unreadable::Newer { found, known }) => {
                    newer = Some((position, found, known));
                    break;
                }
            }
        }
        let newer = newer.map(|(position, found, known)| (batch.split_off(position), found, known));
        Sorted { batch, good, index, parked, newer }
    })
    .await
    .map_err(|_| BusError::Closed)
}

/// Brings one batch through; false when it was given up because of `stop`.
async fn step<S: Stage>(
    stage: &mut S,
    group: &str,
    bus: &Bus,
    inbox: &mut Inbox,
    batch: Vec<Incoming>,
    stop: &CancellationToken,
) -> Result<bool, BusError> {
    let Sorted { batch, good, index, mut parked, newer } = sort::<S::In>(batch).await?;
    let stopped_by = newer.and_then(|(rest, found, known)| {
        let (topic, partition, offset) =
            rest.first().map(|first| (first.topic, first.partition, first.offset))?;
        inbox.give_back(rest);
        Some(BusError::Newer { group: group.to_owned(), topic, partition, offset, found, known })
    });
    let mut handled = Handled::default();
    if !good.is_empty() {
        match handle(stage, group, inbox, &batch, (&index, good), stop).await? {
            Some(done) => handled = done,
            None => return Ok(false),
        }
    }
    for (position, reason) in handled.park {
        let position = *index.get(position).ok_or_else(|| BusError::Stage {
            group: group.to_owned(),
            cause: format!("it parked record {position} of a batch of {}", index.len()),
        })?;
        parked.push((position, reason));
    }
    let mut publish = handled.publish;
    let now = Timestamp::now();
    for (position, reason) in &parked {
        publish.push(DeadLetter::of_record(&batch[*position], group, reason, now).outgoing()?);
    }
    if !finish(group, bus, inbox, publish, stop).await? {
        return Ok(false);
    }
    for (position, reason) in &parked {
        let Incoming { topic, partition, offset, .. } = &batch[*position];
        warn!(group, %topic, partition, offset, reason, "record parked");
        metrics::parked(topic.as_str());
    }
    match stopped_by {
        Some(error) => Err(error),
        None => Ok(true),
    }
}

/// Publishes, then commits; false when `stop` came before both were done, so that the batch comes again.
async fn finish(
    group: &str,
    bus: &Bus,
    inbox: &mut Inbox,
    publish: Vec<Outgoing>,
    stop: &CancellationToken,
) -> Result<bool, BusError> {
    let mut backoff = Backoff::new(group, stop);
    let publish = Arc::new(publish);
    while !publish.is_empty() {
        match bus.publish_shared(&publish).await {
            Ok(()) => break,
            Err(error) => {
                if !backoff.wait("publish", error).await? {
                    return Ok(false);
                }
                inbox.touch().await;
            }
        }
    }
    backoff.reset();
    loop {
        match inbox.commit().await {
            Ok(()) => return Ok(true),
            Err(error) => {
                if !backoff.wait("commit", error).await? {
                    return Ok(false);
                }
            }
        }
    }
}

/// Lets the stage work on a batch, again and again while it says [`StageError::Retry`].
async fn handle<S: Stage>(
    stage: &mut S,
    group: &str,
    inbox: &Inbox,
    batch: &[Incoming],
    (index, good): (&[usize], Vec<S::In>),
    stop: &CancellationToken,
) -> Result<Option<Handled>, BusError> {
    let mut good = Some(good);
    let mut backoff = Backoff::new(group, stop);
    loop {
        let records = match good.take() {
            Some(records) => records,
            // Parsed anew rather than cloned for each batch: failures are rare.
            None => index.iter().filter_map(|position| batch[*position].read().ok()).collect(),
        };
        match stage.handle(records).await {
            Ok(handled) => return Ok(Some(handled)),
            Err(StageError::Fatal(cause)) => {
                error!(group, cause, "stage gives up");
                return Err(BusError::Stage { group: group.to_owned(), cause });
            }
            Err(StageError::Retry(cause)) => {
                warn!(group, cause, "stage cannot work now; the same batch is tried again");
                metrics::stage_retry(group);
                if !backoff.sleep().await {
                    return Ok(None);
                }
                inbox.touch().await;
            }
        }
    }
}

/// The pauses between tries of one call.
struct Backoff<'a> {
    group: &'a str,
    stop: &'a CancellationToken,
    delay: Duration,
}

impl<'a> Backoff<'a> {
    fn new(group: &'a str, stop: &'a CancellationToken) -> Backoff<'a> {
        Backoff { group, stop, delay: PAUSE }
    }

    fn reset(&mut self) {
        self.delay = PAUSE;
    }

    /// Passes on an error that no retry heals; else sleeps. False when `stop` came first.
    async fn wait(&mut self, what: &str, error: BusError) -> Result<bool, BusError> {
        if !error.is_retryable() {
            return Err(error);
        }
        warn!(group = self.group, what, %error, "the bus fails; trying again");
        Ok(self.sleep().await)
    }

    async fn sleep(&mut self) -> bool {
        let delay = self.delay;
        self.delay = (delay * 2).min(PAUSE_MAX);
        tokio::select! {
            () = tokio::time::sleep(delay) => true,
            () = self.stop.cancelled() => false,
        }
    }
}
