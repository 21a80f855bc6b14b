//! Our member of a consumer group, and what its callbacks leave for the reader.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::super::client::Context;
use super::super::convert::topic_of;
use crate::{Incoming, Topic};

/// Our member of the group; another takes its place when it was shut out.
#[derive(Clone)]
pub(super) struct Seat(pub(super) Arc<Mutex<Arc<BaseConsumer<ReaderContext>>>>);

impl Seat {
    pub(super) fn member(&self) -> Arc<BaseConsumer<ReaderContext>> {
        Arc::clone(&lock(&self.0))
    }

    /// Whether the group has shut the member out: it is of no more use then, whatever it is asked.
    pub(super) fn is_shut_out(&self) -> bool {
        matches!(self.member().client().fatal_error(), Some((RDKafkaErrorCode::FencedInstanceId, _)))
    }
}

/// What the callbacks and the polling thread leave for the reader.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) context: Context,
    pub(super) prefix: String,
    /// Held while polling, so that an abandoned poll and its successor keep the order.
    pub(super) polling: Mutex<()>,
    pub(super) polled: Mutex<VecDeque<Incoming>>,
    pub(super) revoked: Mutex<Vec<(Topic, u32)>>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) struct ReaderContext(pub(super) Arc<Shared>);

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
