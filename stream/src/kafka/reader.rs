//! Reading Kafka as a consumer group: classic protocol, static membership, manual commits.

mod member;
mod poll;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use tracing::warn;

use member::{ReaderContext, Seat, Shared, lock};
use poll::{poll, touch};

use super::client;
use super::convert::list;
use crate::config::KafkaConfig;
use crate::standing::Positions;
use crate::{BusError, Incoming, Topic};

/// The most partitions a topic may have in the configuration.
const MOST_PARTITIONS: u32 = 200;

/// Reads for one consumer group.
pub(crate) struct KafkaReader {
    config: KafkaConfig,
    group: String,
    topics: Vec<Topic>,
    seat: Seat,
    shared: Arc<Shared>,
    /// When it last joined anew by itself.
    rejoined: Option<Instant>,
}

impl KafkaReader {
    /// Joins `group`; blocks only shortly.
    pub(super) fn join(config: &KafkaConfig, group: &str, topics: &[Topic]) -> Result<KafkaReader, BusError> {
        let shared = Arc::new(Shared { prefix: config.prefix.clone(), ..Shared::default() });
        let seat = Seat(Arc::new(Mutex::new(Arc::new(Self::member(config, group, topics, &shared)?))));
        let (config, group, topics) = (config.clone(), group.to_owned(), topics.to_vec());
        Ok(KafkaReader { config, group, topics, seat, shared, rejoined: None })
    }

    /// A consumer that joins the group under our name.
    fn member(
        config: &KafkaConfig,
        group: &str,
        topics: &[Topic],
        shared: &Arc<Shared>,
    ) -> Result<BaseConsumer<ReaderContext>, BusError> {
        let consumer: BaseConsumer<ReaderContext> =
            client::consumer(config, &format!("{}{group}", config.prefix))
                .set("group.protocol", "classic")
                // The topics belong to the name: the coordinator gives a member that comes back its old partitions
                // without looking whether it still wants them.
                .set("group.instance.id", format!("{}.{group}.{}", config.instance, subject(topics)))
                .set("session.timeout.ms", config.session_timeout_ms.to_string())
                .create_with_context(ReaderContext(Arc::clone(shared)))
                .map_err(|error| BusError::Config(error.to_string()))?;
        let names: Vec<String> = topics.iter().map(|topic| format!("{}{topic}", config.prefix)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        consumer.subscribe(&names).map_err(|error| BusError::Config(error.to_string()))?;
        Ok(consumer)
    }

    /// Whether being shut out of the group may be our own doing: a join whose answer was lost with the connection
    /// leaves the name to a member that nobody knows. Once after each loss; another process under our name shuts
    /// us out again.
    fn may_rejoin(&self) -> bool {
        self.shared.context.lost().is_some_and(|lost| self.rejoined.is_none_or(|at| lost > at))
    }

    /// Leaves the consumer that was shut out behind and joins anew, if that may help; what was not committed
    /// comes again.
    async fn shut_out(&mut self) -> Result<Vec<Incoming>, BusError> {
        if !self.may_rejoin() {
            return Err(BusError::Fenced { instance: self.config.instance.clone() });
        }
        warn!(group = self.group, "shut out of the group after a lost connection; joining anew");
        self.rejoined = Some(Instant::now());
        let (config, group, topics, shared) =
            (self.config.clone(), self.group.clone(), self.topics.clone(), Arc::clone(&self.shared));
        // Making and closing a consumer waits for the brokers.
        let member = move || Self::member(&config, &group, &topics, &shared);
        let member = tokio::task::spawn_blocking(member).await.map_err(|_| BusError::Closed)??;
        let old = std::mem::replace(&mut *lock(&self.seat.0), Arc::new(member));
        tokio::task::spawn_blocking(move || drop(old));
        lock(&self.shared.polled).clear();
        let parts = 0..MOST_PARTITIONS;
        let all = self.topics.iter().flat_map(|topic| parts.clone().map(move |part| (*topic, part)));
        lock(&self.shared.revoked).extend(all);
        Ok(Vec::new())
    }

    /// Up to `max` records; waits for the first.
    pub(crate) async fn fetch(&mut self, max: usize, wait: Duration) -> Result<Vec<Incoming>, BusError> {
        let (consumer, shared, config) = (self.seat.member(), Arc::clone(&self.shared), self.config.clone());
        let polled = tokio::task::spawn_blocking(move || poll(&consumer, &shared, &config, max, wait))
            .await
            .map_err(|_| BusError::Closed)?;
        if self.seat.is_shut_out() {
            return self.shut_out().await;
        }
        let records: Vec<Incoming> = lock(&self.shared.polled).drain(..).collect();
        match polled {
            // What did come is worked off first; the error shows again on the next call if it lasts.
            Err(error) if records.is_empty() || !error.is_retryable() => Err(error),
            _ => Ok(records),
        }
    }

    /// Commits for this group.
    pub(crate) fn commits(&self) -> KafkaCommits {
        let (config, seat, shared) = (self.config.clone(), self.seat.clone(), Arc::clone(&self.shared));
        KafkaCommits { config, seat, shared }
    }

    /// Shows the group that this reader lives while its stage cannot work: who does not poll for five minutes
    /// loses its partitions, and holds up the others when they are dealt anew.
    pub(crate) async fn touch(&self) {
        let (consumer, shared, config) = (self.seat.member(), Arc::clone(&self.shared), self.config.clone());
        let touched = tokio::task::spawn_blocking(move || touch(&consumer, &shared, &config)).await;
        if let Ok(Err(error)) = touched {
            warn!(%error, "the group could not be kept");
        }
    }

    /// Partitions that were given to another process since the last call.
    pub(crate) fn revoked(&self) -> Vec<(Topic, u32)> {
        std::mem::take(&mut *lock(&self.shared.revoked))
    }
}

/// Commits for the group of a [`KafkaReader`], beside its reading.
pub(crate) struct KafkaCommits {
    config: KafkaConfig,
    seat: Seat,
    shared: Arc<Shared>,
}

impl KafkaCommits {
    pub(crate) async fn commit(&self, positions: &Positions) -> Result<(), BusError> {
        let list = list(&self.config, positions)?;
        let consumer = self.seat.member();
        let committed = tokio::task::spawn_blocking(move || consumer.commit(&list, CommitMode::Sync))
            .await
            .map_err(|_| BusError::Closed)?;
        let Err(error) = committed else {
            return Ok(());
        };
        if self.seat.is_shut_out() {
            // The next fetch joins anew and reads these records again, or says why not: only polling tells
            // whether the connection was lost before.
            warn!(%error, "a commit of a reader that is shut out; its records come again");
            return Ok(());
        }
        match error.rdkafka_error_code() {
            Some(
                RDKafkaErrorCode::RebalanceInProgress
                | RDKafkaErrorCode::IllegalGeneration
                | RDKafkaErrorCode::UnknownMemberId,
            ) => {
                // The group is being dealt anew: whoever gets the partitions reads these records again.
                warn!(%error, "a commit came too late; its records come again");
                Ok(())
            }
            _ => Err(self.shared.context.explain(&self.config, &error)),
        }
    }

    /// Forgets positions in partitions that were given to another process and that the reader has not heard of yet.
    pub(crate) fn drop_revoked(&self, positions: &mut Positions) {
        for lost in lock(&self.shared.revoked).iter() {
            positions.remove(lost);
        }
    }
}

/// The topics as part of a name.
fn subject(topics: &[Topic]) -> String {
    topics.iter().map(|topic| topic.as_str()).collect::<Vec<_>>().join("-")
}
