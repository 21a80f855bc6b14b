//! A batch on its way through a stage: parsed, handled, published.

use jiff::Timestamp;

use super::Handled;
use crate::inbox::Ticket;
use crate::{BusError, DeadLetter, Incoming, Outgoing, Record, Topic, Unreadable};

/// A batch that was taken and parsed.
pub(super) struct Taken<R> {
    /// Commits it.
    pub(super) ticket: Ticket,
    pub(super) sorted: Sorted<R>,
}

/// A batch, sorted by what could be read of it.
pub(super) struct Sorted<R> {
    /// As it was taken, up to the first record of a newer version.
    pub(super) batch: Vec<Incoming>,
    /// What could be read.
    pub(super) good: Vec<R>,
    /// The position in `batch` of each of `good`.
    pub(super) index: Vec<usize>,
    /// Positions in `batch` of what could not, and why.
    pub(super) parked: Vec<(usize, String)>,
}

/// What stopped a batch short: the first record of a newer version and all after it, with the two versions.
pub(super) struct Newer {
    pub(super) rest: Vec<Incoming>,
    pub(super) found: u32,
    pub(super) known: u32,
}

/// A batch that was worked on.
pub(super) struct Done {
    pub(super) ticket: Ticket,
    /// What it made, dead letters included.
    pub(super) publish: Vec<Outgoing>,
    pub(super) parked: Vec<Parked>,
}

/// Where a parked record stood, and why it was parked.
pub(super) struct Parked {
    pub(super) topic: Topic,
    pub(super) partition: u32,
    pub(super) offset: u64,
    pub(super) reason: String,
}

/// Parses a batch; on a thread for computation, since it is the larger part of a small stage's work.
pub(super) async fn sort<R: Record>(
    mut batch: Vec<Incoming>,
) -> Result<(Sorted<R>, Option<Newer>), BusError> {
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
        let newer = newer.map(|(from, found, known)| Newer { rest: batch.split_off(from), found, known });
        (Sorted { batch, good, index, parked }, newer)
    })
    .await
    .map_err(|_| BusError::Closed)
}

impl<R: Record> Sorted<R> {
    /// The readable records; parsed anew for a further try rather than cloned for each batch: failures are rare.
    pub(super) fn records(&mut self) -> Vec<R> {
        if self.good.is_empty() {
            return self.index.iter().filter_map(|position| self.batch[*position].read().ok()).collect();
        }
        std::mem::take(&mut self.good)
    }

    /// What the batch leaves to be published, with a dead letter for each record that is parked.
    pub(super) fn finish(
        mut self,
        group: &str,
        ticket: Ticket,
        handled: Handled,
        now: Timestamp,
    ) -> Result<Done, BusError> {
        for (position, reason) in handled.park {
            let position = *self.index.get(position).ok_or_else(|| BusError::Stage {
                group: group.to_owned(),
                cause: format!("it parked record {position} of a batch of {}", self.index.len()),
            })?;
            self.parked.push((position, reason));
        }
        let (mut publish, mut parked) = (handled.publish, Vec::with_capacity(self.parked.len()));
        for (position, reason) in self.parked {
            let record = &self.batch[position];
            publish.push(DeadLetter::of_record(record, group, &reason, now).outgoing()?);
            let Incoming { topic, partition, offset, .. } = *record;
            parked.push(Parked { topic, partition, offset, reason });
        }
        Ok(Done { ticket, publish, parked })
    }
}
