//! The bus: Kafka in production, an embedded log by default; who uses it does not know which.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::dead::{Retried, StoredLetter};
use crate::inbox::Source;
use crate::{
    BusConfig, BusError, DeadLetter, Inbox, Incoming, Outgoing, Refusal, Topic,
    kafka::{Kafka, KafkaLease},
    log::{Lease, Log},
    metrics,
};

/// The group whose committed position says up to where dead letters were tried again.
pub(crate) const DEAD_LETTER_GROUP: &str = "dead-letters";
/// Dead letters that are tried again at once.
const RETRY_BATCH: usize = 200;
/// Dead letters that are looked at at once.
const LOOK_BATCH: usize = 2000;

/// The bus. Clones share it.
#[derive(Clone)]
pub enum Bus {
    /// One SQLite file.
    Log(Log),
    /// A Kafka-protocol cluster.
    Kafka(Kafka),
}

/// How far a consumer group is behind in a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupLag {
    /// The consumer group.
    pub group: String,
    /// The topic.
    pub topic: Topic,
    /// Records it has not committed.
    pub lag: u64,
    /// The time of the oldest of them, as far as it is known.
    pub oldest: Option<Timestamp>,
}

/// A topic as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TopicInfo {
    /// Which one.
    pub topic: Topic,
    /// Its name on the bus, with the prefix.
    pub name: String,
    /// Its partitions.
    pub partitions: u32,
    /// The records in it (on Kafka the span of positions).
    pub records: u64,
    /// Its bytes; not known on Kafka.
    pub bytes: Option<u64>,
    /// How many days its records stay; `None` when only the last of a key is kept.
    pub retention_days: Option<u32>,
}

/// What became of a topic when the topics were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// It is new.
    Created,
    /// It was there; its retention and limits were set as configured.
    Kept,
}

/// Whether ingest should take more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressure {
    /// Yes.
    Flowing,
    /// No: a group is too far behind.
    Behind {
        /// The group.
        group: String,
        /// Records it has not committed.
        lag: u64,
    },
    /// No: there is no space.
    Full {
        /// Which limit.
        cause: String,
    },
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

    /// The oldest `limit` dead letters that were not tried again yet.
    pub async fn dead_letters(&self, limit: usize) -> Result<Vec<StoredLetter>, BusError> {
        let start = self.dead_letter_position().await?;
        Ok(self.peek(Topic::DeadLetters, start, limit).await?.iter().map(stored).collect())
    }

    /// Shows `see` every dead letter that was not tried again yet, the oldest first.
    pub async fn each_dead_letter(&self, mut see: impl FnMut(StoredLetter)) -> Result<(), BusError> {
        let mut position = self.dead_letter_position().await?;
        let end = self.end(Topic::DeadLetters).await?;
        while position < end {
            let most = LOOK_BATCH.min(usize::try_from(end - position).unwrap_or(LOOK_BATCH));
            let batch = self.peek(Topic::DeadLetters, position, most).await?;
            let Some(last) = batch.last().map(|record| record.offset) else {
                break;
            };
            batch.iter().map(stored).for_each(&mut see);
            position = last + 1;
        }
        Ok(())
    }

    /// Tries every dead letter again that lies there now: `back` turns it into what is published (see
    /// [`DeadLetter::back`]), or gives the reason it is parked again. One at a time: a second one that runs beside
    /// it waits for its turn or is refused ([`BusError::Taken`]), so that nothing comes back twice.
    pub async fn retry(
        &self,
        back: impl Fn(&DeadLetter) -> Result<Vec<Outgoing>, Refusal>,
    ) -> Result<Retried, BusError> {
        let mut retried = Retried::default();
        self.work_off(u64::MAX, |incoming| {
            let number = stored(incoming).number;
            match again(incoming, &back, Timestamp::now()) {
                Ok(records) => {
                    retried.returned.push(number);
                    Ok(records)
                }
                Err(letter) => {
                    retried.parked.push(number);
                    Ok(vec![letter.numbered(incoming.offset).outgoing()?])
                }
            }
        })
        .await?;
        Ok(retried)
    }

    /// Drops the dead letters of these numbers; gives those that were there. Others that lie before and between them
    /// are put at the end again as they are, each with its number.
    pub async fn drop_dead_letters(&self, numbers: &BTreeSet<u64>) -> Result<BTreeSet<u64>, BusError> {
        let (mut dropped, mut last) = (BTreeSet::new(), None);
        self.each_dead_letter(|stored| {
            if numbers.contains(&stored.number) {
                last = Some(stored.offset);
            }
        })
        .await?;
        let Some(last) = last else { return Ok(dropped) };
        self.work_off(last + 1, |incoming| {
            let StoredLetter { number, letter, .. } = stored(incoming);
            if numbers.contains(&number) {
                dropped.insert(number);
                return Ok(Vec::new());
            }
            if let Ok(letter) = letter {
                return Ok(vec![letter.numbered(incoming.offset).outgoing()?]);
            }
            Ok(vec![Outgoing {
                topic: incoming.topic,
                key: incoming.key.clone(),
                at: incoming.at,
                kind: incoming.kind.clone().into(),
                version: incoming.version,
                bytes: incoming.bytes.clone(),
            }])
        })
        .await?;
        Ok(dropped)
    }

    /// Goes through the dead letters that lie there now, up to `before`: each is gone once what `fate` makes of it
    /// is on the bus.
    async fn work_off(
        &self,
        before: u64,
        fate: impl FnMut(&Incoming) -> Result<Vec<Outgoing>, BusError>,
    ) -> Result<(), BusError> {
        let turn = self.turn().await?;
        let worked = self.work_off_in(&turn, before, fate).await;
        turn.release().await;
        worked
    }

    async fn work_off_in(
        &self,
        turn: &Turn,
        before: u64,
        mut fate: impl FnMut(&Incoming) -> Result<Vec<Outgoing>, BusError>,
    ) -> Result<(), BusError> {
        let mut position = self.dead_letter_position().await?;
        let end = self.end(Topic::DeadLetters).await?.min(before);
        while position < end {
            let most = RETRY_BATCH.min(usize::try_from(end - position).unwrap_or(RETRY_BATCH));
            let mut batch = self.peek(Topic::DeadLetters, position, most).await?;
            batch.retain(|record| record.offset < end);
            let Some(last) = batch.last().map(|record| record.offset) else {
                break;
            };
            let mut publish = Vec::new();
            for incoming in &batch {
                publish.extend(fate(incoming)?);
            }
            turn.check().await?;
            self.publish(publish).await?;
            position = last + 1;
            self.set_dead_letter_position(position).await?;
        }
        Ok(())
    }

    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Bus::Log(_) => "log",
            Bus::Kafka(_) => "kafka",
        }
    }

    /// The right to try dead letters again.
    async fn turn(&self) -> Result<Turn, BusError> {
        match self {
            Bus::Log(log) => log.lease(DEAD_LETTER_GROUP).map(|lease| Turn::Log { _lease: lease }),
            Bus::Kafka(kafka) => kafka.lease(DEAD_LETTER_GROUP, Topic::DeadLetters).await.map(Turn::Kafka),
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

    async fn dead_letter_position(&self) -> Result<u64, BusError> {
        match self {
            Bus::Log(log) => log.committed(DEAD_LETTER_GROUP, Topic::DeadLetters).await,
            Bus::Kafka(kafka) => kafka.committed(DEAD_LETTER_GROUP, Topic::DeadLetters).await,
        }
    }

    async fn set_dead_letter_position(&self, next: u64) -> Result<(), BusError> {
        match self {
            Bus::Log(log) => log.set_committed(DEAD_LETTER_GROUP, Topic::DeadLetters, next).await,
            Bus::Kafka(kafka) => kafka.set_committed(DEAD_LETTER_GROUP, Topic::DeadLetters, next).await,
        }
    }
}

/// Held while dead letters are tried again.
enum Turn {
    /// By a locked file, for as long as it is open.
    Log { _lease: Lease },
    /// By a seat in a group, which others get when this process seems to be gone.
    Kafka(KafkaLease),
}

impl Turn {
    /// Whether it is still ours.
    async fn check(&self) -> Result<(), BusError> {
        match self {
            Turn::Log { .. } => Ok(()),
            Turn::Kafka(lease) => lease.check().await,
        }
    }

    async fn release(self) {
        if let Turn::Kafka(lease) = self {
            lease.release().await;
        }
    }
}

/// Tries one dead letter again: what is published, or the letter that is parked anew.
fn again(
    incoming: &Incoming,
    back: impl Fn(&DeadLetter) -> Result<Vec<Outgoing>, Refusal>,
    now: Timestamp,
) -> Result<Vec<Outgoing>, Box<DeadLetter>> {
    match incoming.read::<DeadLetter>() {
        Ok(letter) => back(&letter).map_err(|refusal| Box::new(letter.parked_again(refusal, now))),
        Err(error) => {
            Err(Box::new(DeadLetter::of_record(incoming, DEAD_LETTER_GROUP, &error.to_string(), now)))
        }
    }
}

fn stored(incoming: &Incoming) -> StoredLetter {
    let letter = incoming.read::<DeadLetter>();
    let number = letter.as_ref().ok().and_then(|letter| letter.number).unwrap_or(incoming.offset);
    StoredLetter { number, offset: incoming.offset, letter: letter.map_err(|error| error.to_string()) }
}
