//! What a consumer group reads: records in order, and the commit of what was worked off.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::{BusError, Incoming, Topic, kafka::KafkaReader, log::LogReader};

/// The next position to read, by topic and partition.
pub(crate) type Positions = BTreeMap<(Topic, u32), u64>;

/// Where an inbox gets its records.
#[expect(
    clippy::large_enum_variant,
    reason = "there are a handful of inboxes in a process, and they never move"
)]
pub(crate) enum Source {
    Log(LogReader),
    Kafka(KafkaReader),
}

/// The records of one consumer group. While it lives, no other process reads for the group on a `Log`.
pub struct Inbox {
    source: Source,
    /// Fetched and not yet taken.
    pending: VecDeque<Incoming>,
    /// What has been taken and not yet committed.
    taken: Positions,
}

impl Inbox {
    pub(crate) fn new(source: Source) -> Inbox {
        Inbox { source, pending: VecDeque::new(), taken: Positions::new() }
    }

    /// Up to `max` records in order per key; waits up to `wait` for the first one, and gives none when none came.
    /// Dropping the call midway loses nothing.
    pub async fn take(&mut self, max: usize, wait: Duration) -> Result<Vec<Incoming>, BusError> {
        self.drop_revoked();
        if self.pending.is_empty() {
            let fetched = match &mut self.source {
                Source::Log(reader) => reader.fetch(max, wait).await?,
                Source::Kafka(reader) => reader.fetch(max, wait).await?,
            };
            self.pending.extend(fetched);
            self.drop_revoked();
        }
        let count = max.min(self.pending.len());
        let records: Vec<Incoming> = self.pending.drain(..count).collect();
        for record in &records {
            self.taken.insert((record.topic, record.partition), record.offset + 1);
        }
        Ok(records)
    }

    /// Says that everything taken so far is worked off: it does not come again.
    pub async fn commit(&mut self) -> Result<(), BusError> {
        self.drop_revoked();
        if self.taken.is_empty() {
            return Ok(());
        }
        match &mut self.source {
            Source::Log(reader) => reader.commit(&self.taken).await?,
            Source::Kafka(reader) => reader.commit(&self.taken).await?,
        }
        self.taken.clear();
        Ok(())
    }

    /// Keeps the place in the group while a batch cannot be worked off.
    pub(crate) async fn touch(&self) {
        if let Source::Kafka(reader) = &self.source {
            reader.touch().await;
        }
    }

    /// Takes back records that were taken last, as if they had not been.
    pub(crate) fn give_back(&mut self, records: Vec<Incoming>) {
        for record in records.into_iter().rev() {
            self.taken.insert((record.topic, record.partition), record.offset);
            self.pending.push_front(record);
        }
    }

    /// Forgets what belongs to partitions that another process has been given.
    fn drop_revoked(&mut self) {
        let Source::Kafka(reader) = &self.source else {
            return;
        };
        for lost in reader.revoked() {
            self.pending.retain(|record| (record.topic, record.partition) != lost);
            self.taken.remove(&lost);
        }
    }
}
