//! The one loop that runs a stage: take a batch, handle it, publish, commit.
//!
//! The four steps overlap, each on the batch behind the one of the next step; every step takes the batches in their
//! order, and a batch is committed only after what it made, and all before it, is durable on the bus.

mod backoff;
mod batch;
mod step;

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::{Bus, BusError, Inbox, Outgoing, Record};

use backoff::Backoff;
use step::Wanted;

/// Records a stage takes at once, unless it says otherwise.
pub const BATCH: usize = 2000;
/// Batches that are parsed and wait to be handled; and that are handled and wait to be published.
const AHEAD: usize = 1;
/// Batches that are published and wait to be committed: so many more come again after a crash.
const UNCOMMITTED: usize = 16;

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

    /// How long it waits for more once there is something: where each batch costs much by itself, however small.
    fn gather(&self) -> Duration {
        Duration::ZERO
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
    let Some(mut inbox) = subscribe(bus, &group, S::In::TOPIC, &stop).await? else {
        return Ok(());
    };
    info!(group, topic = %S::In::TOPIC, "stage runs");
    let (wanted, commits) = (Wanted { most: stage.batch(), gather: stage.gather() }, inbox.commits());
    let (taken, to_handle) = mpsc::channel(AHEAD);
    let (handled, to_publish) = mpsc::channel(AHEAD);
    let (published, to_commit) = mpsc::channel(UNCOMMITTED);
    // A step ends when the one before or behind it has; what is under way between them is brought through first.
    let ended = tokio::join!(
        step::take::<S::In>(&mut inbox, &group, wanted, taken, &stop),
        step::handle(&mut stage, &group, to_handle, handled, &stop),
        step::publish(bus, &group, to_publish, published, &stop),
        step::commit(&commits, &group, to_commit, &stop),
    );
    info!(group, "stage stopped");
    ended.3.and(ended.2).and(ended.1).and(ended.0)
}

/// Joins the group, again and again; `None` when told to stop before.
async fn subscribe(
    bus: &Bus,
    group: &str,
    topic: crate::Topic,
    stop: &CancellationToken,
) -> Result<Option<Inbox>, BusError> {
    let mut backoff = Backoff::new(group, stop);
    loop {
        match bus.subscribe(group, &[topic]).await {
            Ok(inbox) => return Ok(Some(inbox)),
            Err(error) => {
                if !backoff.wait("subscribe", error).await? {
                    return Ok(None);
                }
            }
        }
    }
}
