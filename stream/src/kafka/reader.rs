//! Reading Kafka as a consumer group: classic protocol, static membership, manual commits.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::{Offset, TopicPartitionList};
use tracing::warn;

use super::client::{self, Context};
use crate::config::KafkaConfig;
use crate::standing::Positions;
use crate::{BusError, Incoming, Topic};

/// Bytes of records that are fetched at once at most, one record more or less.
const FETCH_BYTES: usize = 16 << 20;

/// The most partitions a topic may have in the configuration.
const MOST_PARTITIONS: u32 = 200;

/// Our member of the group; another takes its place when it was shut out.
#[derive(Clone)]
struct Seat(Arc<Mutex<Arc<BaseConsumer<ReaderContext>>>>);

impl Seat {
    fn member(&self) -> Arc<BaseConsumer<ReaderContext>> {
        Arc::clone(&lock(&self.0))
    }

    /// Whether the group has shut the member out: it is of no more use then, whatever it is asked.
    fn is_shut_out(&self) -> bool {
        matches!(self.member().client().fatal_error(), Some((RDKafkaErrorCode::FencedInstanceId, _)))
    }
}

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

/// What the callbacks and the polling thread leave for the reader.
#[derive(Default)]
struct Shared {
    context: Context,
    prefix: String,
    /// Held while polling, so that an abandoned poll and its successor keep the order.
    polling: Mutex<()>,
    polled: Mutex<VecDeque<Incoming>>,
    revoked: Mutex<Vec<(Topic, u32)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct ReaderContext(Arc<Shared>);

impl ClientContext for ReaderContext {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.context.log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.0.context.error(error, reason);
    }
}

impl ConsumerContext for ReaderContext {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        // Runs on the polling thread: what it polled so far of these partitions is now another's.
        if let Rebalance::Revoke(partitions) = rebalance {
            for element in partitions.elements() {
                let partition = u32::try_from(element.partition()).unwrap_or_default();
                if let Some(topic) = topic_of(&self.0.prefix, element.topic()) {
                    lock(&self.0.polled)
                        .retain(|record| (record.topic, record.partition) != (topic, partition));
                    lock(&self.0.revoked).push((topic, partition));
                }
            }
        }
    }
}

/// The topic with this name on the brokers.
pub(super) fn topic_of(prefix: &str, name: &str) -> Option<Topic> {
    name.strip_prefix(prefix).and_then(Topic::parse)
}

/// A message as we read it.
pub(super) fn incoming(message: &BorrowedMessage<'_>, topic: Topic) -> Incoming {
    let header = |name: &str| {
        let headers = message.headers()?;
        let header = headers.iter().find(|header| header.key == name)?;
        header.value.map(|value| String::from_utf8_lossy(value).into_owned())
    };
    Incoming {
        topic,
        partition: u32::try_from(message.partition()).unwrap_or_default(),
        offset: u64::try_from(message.offset()).unwrap_or_default(),
        key: message.key().map(|key| String::from_utf8_lossy(key).into_owned()).unwrap_or_default(),
        at: message
            .timestamp()
            .to_millis()
            .and_then(|at| Timestamp::from_millisecond(at).ok())
            .unwrap_or(Timestamp::UNIX_EPOCH),
        kind: header("type").unwrap_or_default(),
        version: header("version").and_then(|version| version.parse().ok()).unwrap_or(1),
        bytes: message.payload().unwrap_or_default().to_vec(),
    }
}

/// A list for the client; the names carry the prefix.
pub(super) fn list(config: &KafkaConfig, positions: &Positions) -> Result<TopicPartitionList, BusError> {
    let mut list = TopicPartitionList::with_capacity(positions.len());
    for ((topic, partition), next) in positions {
        let name = format!("{}{topic}", config.prefix);
        let (partition, next) = (i32::try_from(*partition), i64::try_from(*next));
        let (Ok(partition), Ok(next)) = (partition, next) else {
            return Err(BusError::Config(format!("{name}: a position out of range")));
        };
        list.add_partition_offset(&name, partition, Offset::Offset(next))
            .map_err(|error| BusError::Config(error.to_string()))?;
    }
    Ok(list)
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

/// Polls without wanting records, see [`KafkaReader::touch`].
fn touch(
    consumer: &BaseConsumer<ReaderContext>,
    shared: &Shared,
    config: &KafkaConfig,
) -> Result<(), BusError> {
    let _polling = lock(&shared.polling);
    let explain = |error: &KafkaError| shared.context.explain(config, error);
    let held = consumer.assignment().map_err(|error| explain(&error))?;
    consumer.pause(&held).map_err(|error| explain(&error))?;
    // One that slipped through is kept for the next fetch.
    if let Some(Ok(message)) = consumer.poll(Duration::ZERO)
        && let Some(topic) = topic_of(&config.prefix, message.topic())
    {
        lock(&shared.polled).push_back(incoming(&message, topic));
    }
    let held = consumer.assignment().map_err(|error| explain(&error))?;
    consumer.resume(&held).map_err(|error| explain(&error))
}

/// Polls into `shared.polled` until `max` records are there, none follow, or `wait` is over without one.
fn poll(
    consumer: &BaseConsumer<ReaderContext>,
    shared: &Shared,
    config: &KafkaConfig,
    max: usize,
    wait: Duration,
) -> Result<(), BusError> {
    let _polling = lock(&shared.polling);
    let deadline = Instant::now() + wait;
    let (mut count, mut bytes) = (lock(&shared.polled).len(), 0);
    let mut failure = None;
    while count < max && bytes < FETCH_BYTES {
        let left =
            if count == 0 { deadline.saturating_duration_since(Instant::now()) } else { Duration::ZERO };
        match consumer.poll(left) {
            Some(Ok(message)) => {
                failure = None;
                let Some(topic) = topic_of(&config.prefix, message.topic()) else {
                    continue;
                };
                let record = incoming(&message, topic);
                bytes += record.bytes.len();
                lock(&shared.polled).push_back(record);
                count += 1;
            }
            // Old errors of a connection that is well again queue up before the records: all are taken at once.
            Some(Err(error)) => match failed(shared, config, &error) {
                lasting if !lasting.is_retryable() => return Err(lasting),
                passing => failure = Some(passing),
            },
            // Nothing more lies ready, or an event was served meanwhile.
            None if count > 0 || Instant::now() >= deadline => break,
            None => {}
        }
    }
    failure.map_or(Ok(()), Err)
}

fn failed(shared: &Shared, config: &KafkaConfig, error: &KafkaError) -> BusError {
    match error {
        KafkaError::MessageConsumption(
            RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic,
        ) => BusError::NoTopic { brokers: config.brokers.clone(), topic: format!("{}*", config.prefix) },
        error => shared.context.explain(config, error),
    }
}
