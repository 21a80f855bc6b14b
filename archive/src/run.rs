//! Keeps the archive up with the bus: commits to the index by size or second, and to the bus only after it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use stream::{Bus, BusError, DeadLetter, Finding, Inbox, Incoming, Outgoing, Post, Topic, Unreadable};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::slot::Entry;
use crate::{Archive, ArchiveError};

/// The consumer group of the archive.
pub const GROUP: &str = "archive";
/// Records after which the index is committed.
const FLUSH_RECORDS: usize = 10_000;
/// Bytes of records after which it is committed.
const FLUSH_BYTES: usize = 16 << 20;
/// Time after which it is committed: how late a post can be found.
const FLUSH_AFTER: Duration = Duration::from_secs(1);
/// The first pause after a failure; it doubles up to [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_millis(200);
/// The longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Writes what is on the bus to the archive until `stop`. What was read is committed on the bus only when it is
/// in the index, so that a crash repeats and never omits. A damaged index is set aside, and everything that the
/// bus still has is read again.
///
/// # Errors
/// What no retry heals: another process that writes to the folder or reads as this group, a record of a newer version.
pub async fn run(archive: Archive, bus: &Bus, stop: CancellationToken) -> Result<(), ArchiveError> {
    let (bus, (done, ended)) = (bus.clone(), tokio::sync::oneshot::channel());
    let work = move || {
        // What this thread makes, it and the threads that read the bus and write the index for it, stand back, too.
        if let Err(error) = rustix::process::nice(NICENESS) {
            warn!(%error, "the archive cannot stand back");
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let ended = runtime.map_err(|_| BusError::Closed.into());
        drop(done.send(ended.and_then(|runtime| runtime.block_on(keep_up(&archive, &bus, &stop)))));
    };
    // Without a thread there is nothing to run on; the caller ends.
    std::thread::Builder::new().name("archive".to_owned()).spawn(work).map_err(|_| BusError::Closed)?;
    ended.await.map_err(|_| BusError::Closed)?
}

/// How much the archive's threads stand back (nice) behind judging and telling: it may lag, an alarm may not.
const NICENESS: i32 = 10;

/// Follows the bus again and again, until `stop` or what no retry heals. Blocks while it works on the index.
async fn keep_up(archive: &Archive, bus: &Bus, stop: &CancellationToken) -> Result<(), ArchiveError> {
    loop {
        let ended = follow(archive, bus, stop).await;
        archive.close();
        match ended {
            Err(ArchiveError::Damaged { slot, cause }) => {
                warn!(slot, cause, "an index is damaged");
                archive.set_aside(&slot, Timestamp::now())?;
                bus.rewind(GROUP, &[Topic::Posts, Topic::Findings]).await?;
            }
            other => return other,
        }
    }
}

/// Follows the bus until `stop` or a failure.
async fn follow(archive: &Archive, bus: &Bus, stop: &CancellationToken) -> Result<(), ArchiveError> {
    let mut pause = PAUSE;
    let mut inbox = loop {
        match bus.subscribe(GROUP, &[Topic::Posts, Topic::Findings]).await {
            Ok(inbox) => break inbox,
            Err(error) if !error.is_retryable() => return Err(error.into()),
            Err(error) => {
                if !wait(&mut pause, &error.into(), stop).await {
                    return Ok(());
                }
            }
        }
    };
    info!(group = GROUP, "archive runs");
    while !stop.is_cancelled() {
        let batch = match gather(&mut inbox, stop).await {
            Ok(batch) => batch,
            Err(error) if !error.is_retryable() => return Err(error.into()),
            Err(error) => {
                wait(&mut pause, &error.into(), stop).await;
                continue;
            }
        };
        if batch.is_empty() {
            continue;
        }
        let mut pause = PAUSE;
        while let Err(error) = file(archive, bus, &mut inbox, &batch).await {
            if !error.is_retryable() {
                return Err(error);
            }
            if !wait(&mut pause, &error, stop).await {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Takes records until there are many, or the first has waited long enough.
async fn gather(inbox: &mut Inbox, stop: &CancellationToken) -> Result<Vec<Incoming>, BusError> {
    let (mut batch, mut bytes): (Vec<Incoming>, usize) = (Vec::new(), 0);
    let mut since: Option<Instant> = None;
    loop {
        let left = since.map_or(FLUSH_AFTER, |since| FLUSH_AFTER.saturating_sub(since.elapsed()));
        if left.is_zero() || batch.len() >= FLUSH_RECORDS || bytes >= FLUSH_BYTES {
            return Ok(batch);
        }
        let taken = tokio::select! {
            taken = inbox.take(FLUSH_RECORDS - batch.len(), left) => taken?,
            () = stop.cancelled() => return Ok(batch),
        };
        if taken.is_empty() {
            return Ok(batch);
        }
        since.get_or_insert_with(Instant::now);
        bytes += taken.iter().map(|record| record.bytes.len()).sum::<usize>();
        batch.extend(taken);
    }
}

/// Writes a batch to the index, then commits it on the bus.
async fn file(
    archive: &Archive,
    bus: &Bus,
    inbox: &mut Inbox,
    batch: &[Incoming],
) -> Result<(), ArchiveError> {
    let (entries, letters) = sort(batch)?;
    archive.write(entries)?;
    if !letters.is_empty() {
        bus.publish(letters).await?;
    }
    inbox.commit().await?;
    Ok(())
}

/// Parses records; those that cannot be read are parked, one of a newer version stops the archive.
fn sort(records: &[Incoming]) -> Result<(Vec<Entry>, Vec<Outgoing>), BusError> {
    let (mut entries, mut letters) = (Vec::with_capacity(records.len()), Vec::new());
    for record in records {
        let entry = match record.topic {
            Topic::Findings => record.read::<Finding>().map(|finding| Entry::Finding(Box::new(finding))),
            _ => record.read::<Post>().map(|post| Entry::Post(Box::new(post))),
        };
        match entry {
            Ok(entry) => entries.push(entry),
            Err(Unreadable::Malformed(reason)) => {
                stream::metrics::parked(record.topic.as_str());
                letters.push(DeadLetter::of_record(record, GROUP, &reason, Timestamp::now()).outgoing()?);
            }
            Err(Unreadable::Newer { found, known }) => {
                return Err(BusError::Newer {
                    group: GROUP.to_owned(),
                    topic: record.topic,
                    partition: record.partition,
                    offset: record.offset,
                    found,
                    known,
                });
            }
        }
    }
    Ok((entries, letters))
}

/// Sleeps after a failure; false when `stop` came first.
async fn wait(pause: &mut Duration, error: &ArchiveError, stop: &CancellationToken) -> bool {
    warn!(%error, "the archive cannot go on now; trying again");
    let now = *pause;
    *pause = (now * 2).min(PAUSE_MAX);
    tokio::select! {
        () = tokio::time::sleep(now) => true,
        () = stop.cancelled() => false,
    }
}
