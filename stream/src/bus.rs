//! The bus: Kafka in production, an embedded log by default; who uses it does not know which.

mod letters;

use std::sync::Arc;

use jiff::Timestamp;

use crate::inbox::Source;
use crate::kafka::Kafka;
use crate::log::Log;
use crate::standing::{GroupLag, Made, Pressure, TopicInfo};
use crate::{BusConfig, BusError, Inbox, Incoming, Outgoing, Topic, metrics};

/// The bus. Clones share it.
#[derive(Clone)]
pub enum Bus {
    /// One SQLite file.
    Log(Log),
    /// A Kafka-protocol cluster.
    Kafka(Kafka),
}

impl Bus {
    /// Opens the configured bus. On Kafka nothing is contacted yet.
    pub fn open(config: &BusConfig) -> Result<Bus, BusError> {
        config.check()?;
        metrics::retention(config.retention_days());
        match config {
            BusConfig::Log(config) => Log::open(config).map(Bus::Log),
            BusConfig::Kafka(config) => Kafka::open(config).map(Bus::Kafka),
        }
    }

    /// Publishes records, in this order per key; returns when all are durable. After an error some may be.
    pub async fn publish(&self, records: Vec<Outgoing>) -> Result<(), BusError> {
        self.publish_shared(&Arc::new(records)).await
    }

    /// The same of records that the caller keeps, to publish them again after a failure.
    pub async fn publish_shared(&self, records: &Arc<Vec<Outgoing>>) -> Result<(), BusError> {
        self.send(records).await?.durable().await
    }

    /// Reads `topics` as consumer group `group`, from where it last committed (at first from the oldest record).
    pub async fn subscribe(&self, group: &str, topics: &[Topic]) -> Result<Inbox, BusError> {
        if group.is_empty()
            || !group.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        {
            return Err(BusError::Config(format!("group {group:?}: lower-case letters, digits and hyphens")));
        }
        match self {
            Bus::Log(log) => log.subscribe(group, topics).await.map(|reader| Inbox::new(Source::Log(reader))),
            Bus::Kafka(kafka) => {
                kafka.subscribe(group, topics).await.map(|reader| Inbox::new(Source::Kafka(reader)))
            }
        }
    }

    /// How far every group is behind in every topic it reads.
    pub async fn lag(&self) -> Result<Vec<GroupLag>, BusError> {
        let lag = match self {
            Bus::Log(log) => log.lag().await,
            Bus::Kafka(kafka) => kafka.lag(true).await,
        }?;
        metrics::observe_lag(&lag, Timestamp::now());
        Ok(lag)
    }

    /// The same without the times on Kafka, where they cost a look at the oldest records.
    pub async fn behind(&self) -> Result<Vec<GroupLag>, BusError> {
        match self {
            Bus::Log(log) => log.lag().await,
            Bus::Kafka(kafka) => kafka.lag(false).await,
        }
    }

    /// The topics as they are.
    pub async fn topics(&self) -> Result<Vec<TopicInfo>, BusError> {
        match self {
            Bus::Log(log) => log.topics().await,
            Bus::Kafka(kafka) => kafka.topics().await,
        }
    }

    /// Makes the topics with the configured partitions and retention; those that are there keep their partitions.
    pub async fn create_topics(&self) -> Result<Vec<(Topic, Made)>, BusError> {
        match self {
            // A log makes them when it is opened.
            Bus::Log(_) => Ok(Topic::ALL.map(|topic| (topic, Made::Kept)).to_vec()),
            Bus::Kafka(kafka) => kafka.create_topics().await,
        }
    }

    /// Whether ingest should take more; on Kafka it pauses when a group is `max_lag` records behind. The answer
    /// is a few seconds old at most.
    pub async fn backpressure(&self, max_lag: u64) -> Result<Pressure, BusError> {
        match self {
            Bus::Log(log) => log.pressure().await,
            Bus::Kafka(kafka) => kafka.pressure(max_lag).await,
        }
    }

    /// Whether the bus answers; the error says why not.
    pub async fn ready(&self) -> Result<(), BusError> {
        match self {
            Bus::Log(log) => match log.pressure().await? {
                Pressure::Full { cause } => Err(BusError::Full { cause }),
                Pressure::Flowing | Pressure::Behind { .. } => Ok(()),
            },
            Bus::Kafka(kafka) => kafka.ready().await,
        }
    }

    /// What was last set under `name`.
    pub async fn cursor(&self, name: &str) -> Result<Option<Vec<u8>>, BusError> {
        match self {
            Bus::Log(log) => log.cursor(name).await,
            Bus::Kafka(kafka) => kafka.cursor(name).await,
        }
    }

    /// Keeps `bytes` under `name`; durable when it returns.
    pub async fn set_cursor(&self, name: &str, bytes: Vec<u8>) -> Result<(), BusError> {
        match self {
            Bus::Log(log) => log.set_cursor(name, bytes).await,
            Bus::Kafka(kafka) => kafka.set_cursor(name, bytes).await,
        }
    }

    /// Deletes what retention allows as of `now`; a `Log` does so by itself every half minute, brokers always.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), BusError> {
        match self {
            Bus::Log(log) => log.sweep(now).await,
            Bus::Kafka(_) => Ok(()),
        }
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Bus::Log(_) => "log",
            Bus::Kafka(_) => "kafka",
        }
    }

    /// Up to `limit` records of partition 0 of `topic` from `start` on.
    async fn peek(&self, topic: Topic, start: u64, limit: usize) -> Result<Vec<Incoming>, BusError> {
        match self {
            Bus::Log(log) => log.peek(topic, start, limit).await,
            Bus::Kafka(kafka) => kafka.peek(topic, start, limit).await,
        }
    }

    /// The position after the last record of partition 0 of `topic`.
    async fn end(&self, topic: Topic) -> Result<u64, BusError> {
        match self {
            Bus::Log(log) => log.end(topic).await,
            Bus::Kafka(kafka) => kafka.end(topic).await,
        }
    }
}
