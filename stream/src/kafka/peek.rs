//! Looking at records without being a member of a group.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;

use super::Inner;
use super::client::{self, Context, TIMEOUT};
use super::convert::{incoming, list, topic_of};
use crate::standing::Positions;
use crate::{BusError, Incoming};

/// What is looked for.
pub(super) enum Want {
    /// So many records, or those there are.
    Records(usize),
    /// The first record of each partition.
    FirstOfEach,
}

/// How long records are waited for that the broker counts and a fetch did not bring: the last of them may be deleted.
const LATE: Duration = Duration::from_secs(2);

/// Reads from `positions` on until there is what is wanted or the end of every partition is reached.
pub(super) fn read(inner: &Inner, positions: &Positions, want: &Want) -> Result<Vec<Incoming>, BusError> {
    let mut settings = client::consumer(&inner.config, &inner.name("peek"));
    settings.set("enable.partition.eof", "true");
    if matches!(want, Want::FirstOfEach) {
        // The brokers give at least one batch.
        settings.set("fetch.message.max.bytes", "1024").set("queued.min.messages", "1");
    }
    let consumer: BaseConsumer<Context> = settings
        .create_with_context(inner.context.clone())
        .map_err(|error| BusError::Config(error.to_string()))?;
    consumer
        .assign(&list(&inner.config, positions)?)
        .map_err(|error| inner.context.explain(&inner.config, &error))?;
    let deadline = Instant::now() + TIMEOUT;
    let mut records: Vec<Incoming> = Vec::new();
    let mut done = BTreeSet::new();
    let mut next = positions.clone();
    // Partitions that a busy broker called ended before their end, and since when the first of them is.
    let (mut early, mut since) = (BTreeSet::new(), None);
    while done.len() < positions.len() {
        if matches!(want, Want::Records(limit) if records.len() >= *limit) {
            break;
        }
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => {
                let Some(topic) = topic_of(&inner.config.prefix, message.topic()) else {
                    continue;
                };
                let record = incoming(&message, topic);
                let first = matches!(want, Want::FirstOfEach);
                if first {
                    if !done.insert(record.partition.cast_signed()) {
                        continue;
                    }
                    // What follows it would only stand before the first of the others.
                    let found = Positions::from([((topic, record.partition), record.offset)]);
                    consumer
                        .pause(&list(&inner.config, &found)?)
                        .map_err(|error| inner.context.explain(&inner.config, &error))?;
                }
                early.remove(&record.partition.cast_signed());
                next.insert((topic, record.partition), record.offset + 1);
                records.push(record);
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => {
                if is_behind(inner, &next, partition.cast_unsigned())? {
                    early.insert(partition);
                    since.get_or_insert_with(Instant::now);
                } else {
                    done.insert(partition);
                }
            }
            Some(Err(error)) => return Err(inner.context.explain(&inner.config, &error)),
            None if Instant::now() > deadline => {
                let timeout =
                    KafkaError::MessageConsumption(rdkafka::types::RDKafkaErrorCode::OperationTimedOut);
                return Err(inner.context.explain(&inner.config, &timeout));
            }
            None if since.is_some_and(|since: Instant| since.elapsed() > LATE) => done.append(&mut early),
            None => {}
        }
    }
    Ok(records)
}

/// Whether the broker counts records of `partition` that lie behind `next`.
fn is_behind(inner: &Inner, next: &Positions, partition: u32) -> Result<bool, BusError> {
    for ((topic, _), at) in next.iter().filter(|((_, here), _)| *here == partition) {
        if inner.watermarks(*topic, partition)?.1 > *at {
            return Ok(true);
        }
    }
    Ok(false)
}
