//! What a consumer group reads: records in order, and the commit of what was worked off.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::kafka::{KafkaCommits, KafkaReader};
use crate::log::{LogCommits, LogReader};
use crate::standing::Positions;
use crate::{BusError, Incoming};

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
    /// What has been taken and stands on no ticket yet.
    taken: Positions,
    tickets: Tickets,
}

/// Stands for everything that was taken up to a moment; later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// What was taken under each ticket and is not committed yet.
type Tickets = Arc<Mutex<BTreeMap<Ticket, Positions>>>;

fn lock(tickets: &Tickets) -> MutexGuard<'_, BTreeMap<Ticket, Positions>> {
    tickets.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inbox {
    pub(crate) fn new(source: Source) -> Inbox {
        Inbox { source, pending: VecDeque::new(), taken: Positions::new(), tickets: Tickets::default() }
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
        let ticket = self.ticket();
        self.commits().commit(ticket).await
    }

    /// A ticket for everything taken since the last one, to be committed while reading goes on.
    pub(crate) fn ticket(&mut self) -> Ticket {
        let mut tickets = lock(&self.tickets);
        let ticket = Ticket(tickets.last_key_value().map_or(0, |(Ticket(last), _)| last + 1));
        tickets.insert(ticket, std::mem::take(&mut self.taken));
        ticket
    }

    /// Commits tickets beside this inbox, which must outlive what it is asked for.
    pub(crate) fn commits(&self) -> Commits {
        let target = match &self.source {
            Source::Log(reader) => Target::Log(reader.commits()),
            Source::Kafka(reader) => Target::Kafka(reader.commits()),
        };
        Commits { tickets: Arc::clone(&self.tickets), target }
    }

    /// Keeps the place in the group while a batch cannot be worked off.
    pub(crate) async fn touch(&mut self) {
        if let Source::Kafka(reader) = &self.source {
            reader.touch().await;
        }
        self.drop_revoked();
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
        // Held over both, so that a commit sees a revoked partition either there or here.
        let mut tickets = lock(&self.tickets);
        for lost in reader.revoked() {
            self.pending.retain(|record| (record.topic, record.partition) != lost);
            self.taken.remove(&lost);
            for positions in tickets.values_mut() {
                positions.remove(&lost);
            }
        }
    }
}

/// Commits what an [`Inbox`] has given tickets for.
pub(crate) struct Commits {
    tickets: Tickets,
    target: Target,
}

#[expect(clippy::large_enum_variant, reason = "a stage has one")]
enum Target {
    Log(LogCommits),
    Kafka(KafkaCommits),
}

impl Commits {
    /// Says that everything up to `ticket` is worked off: it does not come again.
    pub(crate) async fn commit(&self, ticket: Ticket) -> Result<(), BusError> {
        let mut positions = Positions::new();
        {
            let tickets = lock(&self.tickets);
            for (_, taken) in tickets.range(..=ticket) {
                // A later ticket stands further on, or, where the reader had to begin anew, for what counts.
                positions.extend(taken);
            }
            if let Target::Kafka(commits) = &self.target {
                commits.drop_revoked(&mut positions);
            }
        }
        if !positions.is_empty() {
            match &self.target {
                Target::Log(commits) => commits.commit(&positions).await?,
                Target::Kafka(commits) => commits.commit(&positions).await?,
            }
        }
        lock(&self.tickets).retain(|open, _| *open > ticket);
        Ok(())
    }
}
