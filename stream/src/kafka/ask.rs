//! Questions to the brokers: what topics they have, how far those reach, and what a group is told that joins none.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaResult, RDKafkaErrorCode};
use rdkafka::metadata::Metadata;

use super::client::{self, Context, TIMEOUT};
use super::{Asking, Inner};
use crate::{BusError, Topic};

/// How long a coordinator that still reads its groups is waited for, and how often it is asked.
const LOADING: (Duration, Duration) = (Duration::from_secs(15), Duration::from_millis(250));

impl Inner {
    /// The name of a topic or group on the brokers.
    pub(super) fn name(&self, short: impl std::fmt::Display) -> String {
        format!("{}{short}", self.config.prefix)
    }

    /// A consumer that asks on behalf of `group` and never joins it.
    pub(super) fn asking(&self, group: &str) -> Result<Asking, BusError> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(consumer) = asking.get(group) {
            return Ok(Arc::clone(consumer));
        }
        let consumer: BaseConsumer<Context> = client::consumer(&self.config, &self.name(group))
            .create_with_context(self.context.clone())
            .map_err(|error| BusError::Config(error.to_string()))?;
        let consumer = Arc::new(consumer);
        asking.insert(group.to_owned(), Arc::clone(&consumer));
        Ok(consumer)
    }

    /// Asks through `consumer`; a failure carries what the error callback said.
    pub(super) fn ask<T>(
        &self,
        consumer: &Asking,
        question: impl Fn(&Asking) -> KafkaResult<T>,
    ) -> Result<T, BusError> {
        patient(|| question(consumer)).map_err(|error| {
            // The error callback runs in `poll` only.
            for _ in 0..10 {
                let _ = consumer.poll(Duration::from_millis(10));
            }
            self.context.explain(&self.config, &error)
        })
    }

    pub(super) fn metadata(&self) -> Result<Metadata, BusError> {
        self.ask(&self.asking("asking")?, |consumer| consumer.fetch_metadata(None, TIMEOUT))
    }

    /// How many partitions the brokers have of `topic`.
    pub(super) fn partitions(&self, metadata: &Metadata, topic: Topic) -> Result<u32, BusError> {
        let name = self.name(topic);
        metadata
            .topics()
            .iter()
            .find(|found| found.name() == name && !found.partitions().is_empty())
            .and_then(|found| u32::try_from(found.partitions().len()).ok())
            .ok_or_else(|| BusError::NoTopic { brokers: self.config.brokers.clone(), topic: name })
    }

    /// The first position and the one after the last.
    pub(super) fn watermarks(&self, topic: Topic, partition: u32) -> Result<(u64, u64), BusError> {
        let name = self.name(topic);
        let partition = i32::try_from(partition).unwrap_or(i32::MAX);
        let (low, high) = self
            .ask(&self.asking("asking")?, |consumer| consumer.fetch_watermarks(&name, partition, TIMEOUT))?;
        Ok((u64::try_from(low).unwrap_or(0), u64::try_from(high).unwrap_or(0)))
    }
}

/// Asks again, for a while, when a broker that was just started says that it still reads its groups.
pub(super) fn patient<T>(question: impl Fn() -> KafkaResult<T>) -> KafkaResult<T> {
    let (limit, pause) = LOADING;
    let deadline = Instant::now() + limit;
    loop {
        match question() {
            Err(error)
                if matches!(
                    error.rdkafka_error_code(),
                    Some(
                        RDKafkaErrorCode::CoordinatorLoadInProgress
                            | RDKafkaErrorCode::CoordinatorNotAvailable
                            | RDKafkaErrorCode::NotCoordinator
                    )
                ) && Instant::now() < deadline =>
            {
                std::thread::sleep(pause);
            }
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use rdkafka::error::KafkaError;

    use super::*;

    #[test]
    fn a_coordinator_that_loads_is_asked_again_and_other_failures_are_told_at_once() {
        let asked = Cell::new(0);
        let loads = |code| {
            asked.set(asked.get() + 1);
            if asked.get() < 4 { Err(KafkaError::GroupListFetch(code)) } else { Ok("there") }
        };
        assert_eq!(patient(|| loads(RDKafkaErrorCode::CoordinatorLoadInProgress)), Ok("there"));
        assert_eq!(asked.replace(0), 4);
        patient(|| loads(RDKafkaErrorCode::GroupAuthorizationFailed)).unwrap_err();
        assert_eq!(asked.get(), 1);
    }
}
