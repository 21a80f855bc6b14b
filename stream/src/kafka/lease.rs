//! The right to do something alone on a cluster: the one partition of a topic, in a group that only asks for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::Inner;
use super::client::{self, Context};
use super::convert::list;
use crate::config::KafkaConfig;
use crate::standing::Positions;
use crate::{BusError, Topic};

/// After this time without a sign a holder is given up: the least that brokers take as they are shipped.
const SESSION: Duration = Duration::from_secs(6);
/// Beyond that, joining and dealing take so long at most.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long each look waits for the group.
const LOOK: Duration = Duration::from_millis(100);
/// How long a holder waits until a group that is being dealt anew has settled.
const SETTLING: Duration = Duration::from_secs(30);

/// Held until it is released, unless the group takes us for dead: [`KafkaLease::check`] tells.
pub(crate) struct KafkaLease(Arc<Seat>);

struct Seat {
    consumer: BaseConsumer<Context>,
    context: Context,
    config: KafkaConfig,
    group: String,
    topic: Topic,
}

impl KafkaLease {
    /// Joins and waits for the partition: who has it keeps it, who died loses it.
    pub(super) fn take(inner: &Inner, group: &str, topic: Topic) -> Result<KafkaLease, BusError> {
        let mut settings = client::consumer(&inner.config, &inner.name(format_args!("{group}-lease")));
        // No name of our own: a second process of one name would take the seat of the first instead of waiting.
        settings
            .set("group.protocol", "classic")
            .set("partition.assignment.strategy", "cooperative-sticky")
            .set("session.timeout.ms", SESSION.as_millis().to_string())
            .set("heartbeat.interval.ms", "1500")
            // What lies in the topic is not read through this consumer.
            .set("queued.min.messages", "1");
        let consumer: BaseConsumer<Context> = settings
            .create_with_context(inner.context.clone())
            .map_err(|error| BusError::Config(error.to_string()))?;
        let (context, config) = (inner.context.clone(), inner.config.clone());
        let seat = Seat { consumer, context, config, group: group.to_owned(), topic };
        seat.consumer.subscribe(&[&inner.name(topic)]).map_err(|error| seat.explain(&error))?;
        let deadline = Instant::now() + SESSION + PATIENCE;
        while Instant::now() < deadline {
            if seat.look()? {
                return Ok(KafkaLease(Arc::new(seat)));
            }
        }
        Err(seat.taken())
    }

    /// Asks the coordinator whether the seat is still ours.
    pub(crate) async fn check(&self) -> Result<(), BusError> {
        let seat = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || seat.confirm()).await.map_err(|_| BusError::Closed)?
    }

    /// Leaves the group, so that the next need not wait until we are given up.
    pub(crate) async fn release(self) {
        // It waits for the brokers; whatever comes of it, the session ends soon.
        let _ = tokio::task::spawn_blocking(move || drop(self)).await;
    }
}

impl Seat {
    /// Serves the group and says whether the partition is ours.
    fn look(&self) -> Result<bool, BusError> {
        // Records that come are let be; a failure of the connection shows with the deadline.
        drop(self.consumer.poll(LOOK));
        let held = self.consumer.assignment().map_err(|error| self.explain(&error))?;
        if held.count() == 0 || self.consumer.assignment_lost() {
            return Ok(false);
        }
        self.consumer.pause(&held).map_err(|error| self.explain(&error))?;
        Ok(true)
    }

    /// Commits: the coordinator refuses who is no longer a member.
    fn confirm(&self) -> Result<(), BusError> {
        let mark = list(&self.config, &Positions::from([((self.topic, 0), 0)]))?;
        let deadline = Instant::now() + SETTLING;
        loop {
            if !self.look()? {
                return Err(self.taken());
            }
            let Err(error) = self.consumer.commit(&mark, CommitMode::Sync) else {
                return Ok(());
            };
            match error.rdkafka_error_code() {
                Some(RDKafkaErrorCode::RebalanceInProgress) if Instant::now() < deadline => {}
                Some(
                    RDKafkaErrorCode::RebalanceInProgress
                    | RDKafkaErrorCode::IllegalGeneration
                    | RDKafkaErrorCode::UnknownMemberId,
                ) => return Err(self.taken()),
                _ => return Err(self.explain(&error)),
            }
        }
    }

    fn explain(&self, error: &KafkaError) -> BusError {
        self.context.explain(&self.config, error)
    }

    fn taken(&self) -> BusError {
        BusError::Taken { group: self.group.clone(), holder: format!("Kafka: {}", self.config.brokers) }
    }
}
