//! The bus on a Kafka-protocol cluster, through librdkafka. Every call that blocks runs off tokio's workers.

mod admin;
mod ask;
mod client;
mod convert;
mod cursors;
mod groups;
mod lease;
mod peek;
mod producer;
mod quiet;
mod reader;
mod survey;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::consumer::BaseConsumer;

use crate::config::KafkaConfig;
use crate::standing::{GroupLag, Made, Positions, Pressure, TopicInfo};
use crate::{BusError, Incoming, Outgoing, Topic};

use client::Context;
use cursors::Cursors;
pub(crate) use lease::KafkaLease;
pub(crate) use producer::KafkaSent;
use producer::Producer;
pub(crate) use reader::{KafkaCommits, KafkaReader};
pub(crate) use survey::KafkaSurvey;

/// How old an answer of [`Kafka::pressure`] may be.
const PRESSURE_AGE: Duration = Duration::from_secs(3);

/// The bus on a cluster. Clones share one producer.
#[derive(Clone)]
pub struct Kafka {
    inner: Arc<Inner>,
}

struct Inner {
    config: KafkaConfig,
    producer: Arc<Producer>,
    context: Context,
    /// Ask on behalf of a group without joining it, by group.
    asking: Mutex<HashMap<String, Asking>>,
    cursors: Mutex<Cursors>,
    pressure: Mutex<Option<(Instant, u64, Pressure)>>,
}

type Asking = Arc<BaseConsumer<Context>>;

impl Kafka {
    /// Sets up the clients; nothing is contacted yet.
    pub(crate) fn open(config: &KafkaConfig) -> Result<Kafka, BusError> {
        let inner = Inner {
            config: config.clone(),
            producer: Arc::new(Producer::new(config)),
            context: Context::default(),
            asking: Mutex::default(),
            cursors: Mutex::default(),
            pressure: Mutex::new(None),
        };
        Ok(Kafka { inner: Arc::new(inner) })
    }

    /// Hands records to the producer.
    pub(crate) async fn send(&self, records: &Arc<Vec<Outgoing>>) -> Result<KafkaSent, BusError> {
        self.inner.producer.send(records).await
    }

    pub(crate) async fn subscribe(&self, group: &str, topics: &[Topic]) -> Result<KafkaReader, BusError> {
        let (group, topics) = (group.to_owned(), topics.to_vec());
        self.blocking(move |inner| {
            let metadata = inner.metadata()?;
            for topic in &topics {
                inner.partitions(&metadata, *topic)?;
            }
            groups::register(inner, &group, &topics, &metadata)?;
            KafkaReader::join(&inner.config, &group, &topics)
        })
        .await
    }

    pub(crate) async fn lag(&self, with_age: bool) -> Result<Vec<GroupLag>, BusError> {
        self.blocking(move |inner| groups::lag(inner, with_age)).await
    }

    pub(crate) async fn topics(&self) -> Result<Vec<TopicInfo>, BusError> {
        self.blocking(admin::topics).await
    }

    pub(crate) async fn create_topics(&self) -> Result<Vec<(Topic, Made)>, BusError> {
        admin::create(&self.inner).await
    }

    pub(crate) async fn ready(&self) -> Result<(), BusError> {
        self.blocking(|inner| {
            let metadata = inner.metadata()?;
            Topic::ALL.into_iter().try_for_each(|topic| inner.partitions(&metadata, topic).map(|_| ()))
        })
        .await
    }

    pub(crate) async fn pressure(&self, max_lag: u64) -> Result<Pressure, BusError> {
        let known = self.inner.pressure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, limit, pressure)) = known
            && at.elapsed() < PRESSURE_AGE
            && limit == max_lag
        {
            return Ok(pressure);
        }
        let lags = self.lag(false).await?;
        let worst = lags.into_iter().max_by_key(|lag| lag.lag).filter(|lag| lag.lag > max_lag);
        let pressure = match worst {
            Some(GroupLag { group, lag, .. }) => Pressure::Behind { group, lag },
            None => Pressure::Flowing,
        };
        *self.inner.pressure.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), max_lag, pressure.clone()));
        Ok(pressure)
    }

    pub(crate) async fn cursor(&self, name: &str) -> Result<Option<Vec<u8>>, BusError> {
        let name = name.to_owned();
        self.blocking(move |inner| cursors::get(inner, &name)).await
    }

    pub(crate) async fn set_cursor(&self, name: &str, bytes: Vec<u8>) -> Result<(), BusError> {
        self.send(&Arc::new(vec![cursors::outgoing(name, bytes)])).await?.durable().await
    }

    /// The right to do alone what is done with `topic` for `group`.
    pub(crate) async fn lease(&self, group: &str, topic: Topic) -> Result<KafkaLease, BusError> {
        let group = group.to_owned();
        self.blocking(move |inner| {
            let metadata = inner.metadata()?;
            inner.partitions(&metadata, topic)?;
            KafkaLease::take(inner, &group, topic)
        })
        .await
    }

    pub(crate) async fn end(&self, topic: Topic) -> Result<u64, BusError> {
        self.blocking(move |inner| Ok(inner.watermarks(topic, 0)?.1)).await
    }

    pub(crate) async fn peek(
        &self,
        topic: Topic,
        start: u64,
        limit: usize,
    ) -> Result<Vec<Incoming>, BusError> {
        self.blocking(move |inner| {
            let positions = Positions::from([((topic, 0), start)]);
            peek::read(inner, &positions, &peek::Want::Records(limit))
        })
        .await
    }

    pub(crate) async fn committed(&self, group: &str, topic: Topic) -> Result<u64, BusError> {
        let group = group.to_owned();
        self.blocking(move |inner| {
            let committed = groups::committed(inner, &group, &[(topic, 1)])?.remove(&(topic, 0));
            Ok(committed.unwrap_or(0).max(inner.watermarks(topic, 0)?.0))
        })
        .await
    }

    pub(crate) async fn set_committed(&self, group: &str, topic: Topic, next: u64) -> Result<(), BusError> {
        let group = group.to_owned();
        self.blocking(move |inner| groups::commit(inner, &group, &Positions::from([((topic, 0), next)])))
            .await
    }

    pub(crate) async fn rewind(&self, group: &str, topics: &[Topic]) -> Result<(), BusError> {
        let (group, topics) = (group.to_owned(), topics.to_vec());
        self.blocking(move |inner| {
            let metadata = inner.metadata()?;
            let mut start = Positions::new();
            for topic in topics {
                for partition in 0..inner.partitions(&metadata, topic)? {
                    start.insert((topic, partition), inner.watermarks(topic, partition)?.0);
                }
            }
            groups::commit(inner, &group, &start)
        })
        .await
    }

    /// Runs a question off tokio's workers.
    async fn blocking<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Inner) -> Result<T, BusError> + Send + 'static,
    ) -> Result<T, BusError> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || question(&inner)).await.map_err(|_| BusError::Closed)?
    }
}
