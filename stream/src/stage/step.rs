//! The four steps of a stage; each works on its batches in order and hands them to the next.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc::{Permit, Receiver, Sender};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::backoff::Backoff;
use super::batch::{Done, Newer, Sorted, Taken, sort};
use super::{Handled, Stage, StageError};
use crate::inbox::{Commits, Ticket};
use crate::{Bus, BusError, Inbox, Incoming, Record, metrics};

/// How long a stage waits for records before it looks whether it should stop.
const WAIT: Duration = Duration::from_millis(500);
/// How often a reader that waits for its stage shows the group that it lives.
const TOUCH: Duration = Duration::from_secs(5);

/// What a stage wants at once.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// Most records.
    pub(super) most: usize,
    /// How long it waits for more once there is something.
    pub(super) gather: Duration,
}

impl Wanted {
    /// The next records; none when none came in a while. What came before a failure is given: the failure comes again.
    async fn from(self, inbox: &mut Inbox) -> Result<Vec<Incoming>, BusError> {
        let mut batch = inbox.take(self.most, WAIT).await?;
        let until = Instant::now() + self.gather;
        while !batch.is_empty() && batch.len() < self.most {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            match inbox.take(self.most - batch.len(), left).await {
                Ok(more) => batch.extend(more),
                Err(_) => break,
            }
        }
        Ok(batch)
    }
}

/// Takes batches and parses them, one ahead of what is handled.
pub(super) async fn take<R: Record>(
    inbox: &mut Inbox,
    group: &str,
    wanted: Wanted,
    next: Sender<Taken<R>>,
    stop: &CancellationToken,
) -> Result<(), BusError> {
    let mut backoff = Backoff::new(group, stop);
    while let Some(room) = room(inbox, &next, stop).await {
        let taken = tokio::select! {
            taken = wanted.from(inbox) => taken,
            () = stop.cancelled() => return Ok(()),
            () = next.closed() => return Ok(()),
        };
        match taken {
            Ok(batch) if batch.is_empty() => backoff.reset(),
            Ok(batch) => {
                backoff.reset();
                let (sorted, newer) = sort::<R>(batch).await?;
                let stopped_by = newer.and_then(|newer| newer_error(inbox, group, newer));
                room.send(Taken { ticket: inbox.ticket(), sorted });
                if let Some(error) = stopped_by {
                    return Err(error);
                }
            }
            Err(error) => {
                if !backoff.wait("read", error).await? {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Waits until one more batch may be taken; `None` when none is wanted any more.
async fn room<'a, T>(
    inbox: &mut Inbox,
    next: &'a Sender<T>,
    stop: &CancellationToken,
) -> Option<Permit<'a, T>> {
    loop {
        tokio::select! {
            room = next.reserve() => return room.ok(),
            () = stop.cancelled() => return None,
            () = tokio::time::sleep(TOUCH) => inbox.touch().await,
        }
    }
}

/// Gives back what a newer program wrote and all behind it, and says where it stands.
fn newer_error(inbox: &mut Inbox, group: &str, newer: Newer) -> Option<BusError> {
    let Newer { rest, found, known } = newer;
    let (topic, partition, offset) =
        rest.first().map(|first| (first.topic, first.partition, first.offset))?;
    inbox.give_back(rest);
    Some(BusError::Newer { group: group.to_owned(), topic, partition, offset, found, known })
}

/// Lets the stage work on each batch.
pub(super) async fn handle<S: Stage>(
    stage: &mut S,
    group: &str,
    mut batches: Receiver<Taken<S::In>>,
    next: Sender<Done>,
    stop: &CancellationToken,
) -> Result<(), BusError> {
    while let Some(Taken { ticket, mut sorted }) = batches.recv().await {
        // What was only read ahead comes again.
        if stop.is_cancelled() {
            return Ok(());
        }
        let mut handled = Handled::default();
        if !sorted.good.is_empty() {
            match work(stage, group, &mut sorted, stop).await? {
                Some(done) => handled = done,
                None => return Ok(()),
            }
        }
        let done = sorted.finish(group, ticket, handled, Timestamp::now())?;
        if next.send(done).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Lets the stage work on a batch, again and again while it says [`StageError::Retry`].
async fn work<S: Stage>(
    stage: &mut S,
    group: &str,
    sorted: &mut Sorted<S::In>,
    stop: &CancellationToken,
) -> Result<Option<Handled>, BusError> {
    let mut backoff = Backoff::new(group, stop);
    loop {
        match stage.handle(sorted.records()).await {
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
            }
        }
    }
}

/// Publishes what each batch made. Ends without the later batches when `stop` comes while the bus fails.
pub(super) async fn publish(
    bus: &Bus,
    group: &str,
    mut batches: Receiver<Done>,
    next: Sender<Ticket>,
    stop: &CancellationToken,
) -> Result<(), BusError> {
    let mut backoff = Backoff::new(group, stop);
    while let Some(Done { ticket, publish, parked }) = batches.recv().await {
        let publish = Arc::new(publish);
        while let Err(error) = bus.publish_shared(&publish).await {
            if !backoff.wait("publish", error).await? {
                return Ok(());
            }
        }
        backoff.reset();
        for record in parked {
            let (topic, partition, offset) = (record.topic, record.partition, record.offset);
            warn!(group, %topic, partition, offset, reason = record.reason, "record parked");
            metrics::parked(topic.as_str());
        }
        if next.send(ticket).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Commits what was published, several batches at once when they come faster than the bus commits.
pub(super) async fn commit(
    commits: &Commits,
    group: &str,
    mut batches: Receiver<Ticket>,
    stop: &CancellationToken,
) -> Result<(), BusError> {
    let mut backoff = Backoff::new(group, stop);
    while let Some(mut ticket) = batches.recv().await {
        while let Ok(later) = batches.try_recv() {
            ticket = later;
        }
        while let Err(error) = commits.commit(ticket).await {
            if !backoff.wait("commit", error).await? {
                return Ok(());
            }
        }
        backoff.reset();
    }
    Ok(())
}
