//! Reading a stretch of a topic without being a member of a group, some records at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;

use super::client::{self, Context, TIMEOUT};
use super::convert::{incoming, list, topic_of};
use super::{Inner, Kafka};
use crate::standing::Positions;
use crate::{BusError, Incoming, Topic};

/// Records that are taken at once at most.
const RECORDS: usize = 4096;
/// Their bytes at most, one record more or less.
const BYTES: usize = 8 << 20;

/// The first position of a partition and the one after its last, by topic and partition.
type Bounds = Vec<((Topic, u32), [u64; 2])>;

/// Reads what a survey asks for.
pub(crate) struct KafkaSurvey {
    inner: Arc<Inner>,
    /// There while it reads.
    consumer: Option<Arc<BaseConsumer<Context>>>,
}

impl Kafka {
    pub(crate) fn survey(&self) -> KafkaSurvey {
        KafkaSurvey { inner: Arc::clone(&self.inner), consumer: None }
    }

    /// The bounds of every partition of `topic`.
    pub(crate) async fn bounds(&self, topic: Topic) -> Result<Bounds, BusError> {
        self.blocking(move |inner| {
            let partitions = inner.partitions(&inner.metadata()?, topic)?;
            (0..partitions)
                .map(|part| inner.watermarks(topic, part).map(|(low, high)| ((topic, part), [low, high])))
                .collect()
        })
        .await
    }
}

impl KafkaSurvey {
    /// Some records between `next` and `end`, and the positions behind them.
    pub(crate) async fn step(
        &mut self,
        next: Positions,
        end: &Positions,
    ) -> Result<(Vec<Incoming>, Positions), BusError> {
        let (inner, end, consumer) = (Arc::clone(&self.inner), end.clone(), self.consumer.take());
        let (consumer, step) = tokio::task::spawn_blocking(move || {
            let consumer = match consumer {
                Some(consumer) => consumer,
                None => Arc::new(assigned(&inner, &next)?),
            };
            let step = read(&inner, &consumer, next, &end)?;
            Ok::<_, BusError>((consumer, step))
        })
        .await
        .map_err(|_| BusError::Closed)??;
        self.consumer = Some(consumer);
        Ok(step)
    }

    /// Forgets where it stands: the next step begins where it is told to.
    pub(crate) fn leave(&mut self) {
        self.consumer = None;
    }
}

/// A consumer that reads from `next` on, and neither joins nor commits.
fn assigned(inner: &Inner, next: &Positions) -> Result<BaseConsumer<Context>, BusError> {
    let consumer: BaseConsumer<Context> = client::consumer(&inner.config, &inner.name("peek"))
        .set("enable.partition.eof", "true")
        .create_with_context(inner.context.clone())
        .map_err(|error| BusError::Config(error.to_string()))?;
    consumer
        .assign(&list(&inner.config, next)?)
        .map_err(|error| inner.context.explain(&inner.config, &error))?;
    Ok(consumer)
}

fn read(
    inner: &Inner,
    consumer: &BaseConsumer<Context>,
    mut next: Positions,
    end: &Positions,
) -> Result<(Vec<Incoming>, Positions), BusError> {
    let ends = |place: &(Topic, u32)| end.get(place).copied().unwrap_or(0);
    let mut deadline = Instant::now() + TIMEOUT;
    let (mut records, mut bytes, mut failure) = (Vec::new(), 0, None);
    while records.len() < RECORDS && bytes < BYTES && next.iter().any(|(place, next)| *next < ends(place)) {
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => {
                let Some(topic) = topic_of(&inner.config.prefix, message.topic()) else {
                    continue;
                };
                let record = incoming(&message, topic);
                let place = (topic, record.partition);
                deadline = Instant::now() + TIMEOUT;
                if record.offset + 1 >= ends(&place) {
                    // What follows it is newer than the stretch.
                    let done = Positions::from([(place, record.offset + 1)]);
                    consumer
                        .pause(&list(&inner.config, &done)?)
                        .map_err(|error| inner.context.explain(&inner.config, &error))?;
                }
                next.insert(place, record.offset + 1);
                if record.offset < ends(&place) {
                    bytes += record.bytes.len();
                    records.push(record);
                }
            }
            // Where the last records were deleted there is nothing up to the end.
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                let here = |(place, _): &(&(Topic, u32), &mut u64)| place.1 == partition.cast_unsigned();
                next.iter_mut().filter(here).for_each(|(place, next)| *next = ends(place).max(*next));
            }
            // A connection that is lost may come back.
            Some(Err(error)) => failure = Some(error),
            None if !records.is_empty() => break,
            None => {}
        }
        if Instant::now() > deadline {
            let timeout =
                || KafkaError::MessageConsumption(rdkafka::types::RDKafkaErrorCode::OperationTimedOut);
            return Err(inner.context.explain(&inner.config, &failure.unwrap_or_else(timeout)));
        }
    }
    Ok((records, next))
}
