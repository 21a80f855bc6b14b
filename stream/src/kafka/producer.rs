//! The idempotent producer: a publish is done when each record's delivery report says so (`flush` says Ok even
//! when all have failed).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use tokio::sync::Notify;
use tracing::warn;

use super::client::{self, Context};
use crate::config::KafkaConfig;
use crate::{BusError, MAX_RECORD_BYTES, Outgoing, Topic};

/// How long a full queue makes a publish wait before it looks again.
const QUEUE_PAUSE: Duration = Duration::from_millis(5);

type Client = ThreadedProducer<ProducerFaults>;

/// Publishes; replaces its client after an error that the client cannot leave.
pub(crate) struct Producer {
    config: KafkaConfig,
    context: Context,
    client: Mutex<Option<Arc<Client>>>,
}

/// The records of one publish, until each is delivered or has failed.
struct Batch {
    left: AtomicUsize,
    failed: Mutex<Option<KafkaError>>,
    done: Notify,
}

impl Batch {
    fn settle(&self, count: usize, error: Option<KafkaError>) {
        if let Some(error) = error {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
        if self.left.fetch_sub(count, Ordering::AcqRel) == count {
            self.done.notify_one();
        }
    }
}

/// Records the client has, until all are delivered or one has failed.
pub(crate) struct KafkaSent {
    producer: Arc<Producer>,
    client: Arc<Client>,
    batch: Arc<Batch>,
}

impl KafkaSent {
    /// Waits until all brokers that must have them have them.
    pub(crate) async fn durable(self) -> Result<(), BusError> {
        self.batch.done.notified().await;
        let failed = self.batch.failed.lock().unwrap_or_else(PoisonError::into_inner).take();
        match failed {
            None => Ok(()),
            Some(error) => Err(self.producer.failed(&self.client, &error)),
        }
    }
}

/// The callbacks of the producer's client.
struct ProducerFaults(Context);

impl ClientContext for ProducerFaults {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.0.log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.0.error(error, reason);
    }
}

impl ProducerContext for ProducerFaults {
    type DeliveryOpaque = Arc<Batch>;

    fn delivery(&self, result: &DeliveryResult<'_>, batch: Arc<Batch>) {
        batch.settle(1, result.as_ref().err().map(|(error, _)| error.clone()));
    }
}

impl Producer {
    pub(super) fn new(config: &KafkaConfig) -> Producer {
        Producer { config: config.clone(), context: Context::default(), client: Mutex::new(None) }
    }

    /// Hands `records` (at least one) to the client, in order behind what it was handed before.
    pub(super) async fn send(self: &Arc<Self>, records: &Arc<Vec<Outgoing>>) -> Result<KafkaSent, BusError> {
        let batch = Arc::new(Batch {
            left: AtomicUsize::new(records.len()),
            failed: Mutex::new(None),
            done: Notify::new(),
        });
        let (this, records, sent) = (Arc::clone(self), Arc::clone(records), Arc::clone(&batch));
        let client = tokio::task::spawn_blocking(move || {
            let client = this.client()?;
            this.enqueue(&client, &records, &sent);
            Ok::<_, BusError>(client)
        })
        .await
        .map_err(|_| BusError::Closed)??;
        Ok(KafkaSent { producer: Arc::clone(self), client, batch })
    }

    fn client(&self) -> Result<Arc<Client>, BusError> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*client {
            return Ok(Arc::clone(client));
        }
        let made: Client = client::producer(&self.config)
            .create_with_context(ProducerFaults(self.context.clone()))
            .map_err(|error| BusError::Config(error.to_string()))?;
        let made = Arc::new(made);
        *client = Some(Arc::clone(&made));
        Ok(made)
    }

    /// Hands the records to the client in order; waits while its queue is full.
    fn enqueue(&self, client: &Client, records: &[Outgoing], batch: &Arc<Batch>) {
        let deadline = Instant::now() + self.config.delivery_timeout();
        let names = Topic::ALL.map(|topic| (topic, format!("{}{topic}", self.config.prefix)));
        let name = |of: Topic| names.iter().find(|(topic, _)| *topic == of).map_or("", |(_, name)| name);
        for (index, record) in records.iter().enumerate() {
            let mut base = BaseRecord::with_opaque_to(name(record.topic), Arc::clone(batch))
                .key(record.key.as_bytes())
                .payload(record.bytes.as_slice())
                .timestamp(record.at.as_millisecond())
                .headers(headers(record));
            loop {
                match client.send(base) {
                    Ok(()) => break,
                    Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back))
                        if Instant::now() < deadline =>
                    {
                        base = back;
                        std::thread::sleep(QUEUE_PAUSE);
                    }
                    Err((error, _)) => {
                        // Neither this nor the later ones: a gap would break the order of a key.
                        batch.settle(records.len() - index, Some(error));
                        return;
                    }
                }
            }
        }
    }

    /// What a failed delivery means; a client that is beyond help is replaced.
    fn failed(&self, client: &Arc<Client>, error: &KafkaError) -> BusError {
        if let Some((code, reason)) = client.client().fatal_error() {
            warn!(%code, reason, "the producer failed for good; a new one takes its place");
            let mut current = self.client.lock().unwrap_or_else(PoisonError::into_inner);
            if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, client)) {
                *current = None;
            }
            let cause = format!("the producer failed for good ({reason}) and is replaced");
            return BusError::Unreachable { brokers: self.config.brokers.clone(), cause };
        }
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::MessageSizeTooLarge) => BusError::Config(format!(
                "the brokers refuse a record for its length; set max.message.bytes of the topics to {MAX_RECORD_BYTES} \
                 (`kentongan topics` does)"
            )),
            Some(RDKafkaErrorCode::UnknownTopicOrPartition | RDKafkaErrorCode::UnknownTopic) => {
                BusError::NoTopic {
                    brokers: self.config.brokers.clone(),
                    topic: format!("{}*", self.config.prefix),
                }
            }
            _ => self.context.explain(&self.config, error),
        }
    }
}

fn headers(record: &Outgoing) -> OwnedHeaders {
    let version = record.version.to_string();
    OwnedHeaders::new_with_capacity(2)
        .insert(Header { key: "type", value: Some(record.kind.as_ref()) })
        .insert(Header { key: "version", value: Some(&version) })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rdkafka::mocking::MockCluster;
    use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

    use super::*;

    fn record(n: u32) -> Arc<Vec<Outgoing>> {
        Arc::new(vec![Outgoing {
            topic: Topic::Posts,
            key: n.to_string(),
            at: Timestamp::UNIX_EPOCH,
            kind: "post".into(),
            version: 1,
            bytes: b"{}".to_vec(),
        }])
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_producer_that_failed_for_good_is_replaced() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("posts", 1, 1).unwrap();
        let config = KafkaConfig {
            brokers: cluster.bootstrap_servers(),
            prefix: String::new(),
            delivery_timeout_ms: 5000,
            ..KafkaConfig::default()
        };
        let producer = Arc::new(Producer::new(&config));
        let publish = async |n| producer.send(&record(n)).await.unwrap().durable().await;
        publish(1).await.unwrap();
        // What a broker says that lost the producer's state, in a form the client cannot leave by itself.
        cluster.request_errors(
            RDKafkaApiKey::Produce,
            &[RDKafkaRespErr::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER],
        );
        let error = publish(2).await.unwrap_err();
        assert!(error.is_retryable());
        assert!(error.to_string().contains("failed for good"), "{error}");
        publish(2).await.unwrap();
    }
}
