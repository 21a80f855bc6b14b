//! Polling the brokers for a reader: for records, or only to stay in the group.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;

use super::super::convert::{incoming, topic_of};
use super::member::{ReaderContext, Shared, lock};
use crate::BusError;
use crate::config::KafkaConfig;

/// Bytes of records that are fetched at once at most, one record more or less.
const FETCH_BYTES: usize = 16 << 20;

/// Polls without wanting records: shows the group that its reader lives.
pub(super) fn touch(
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
pub(super) fn poll(
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
