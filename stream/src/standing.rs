//! How a bus stands: its topics, how far groups are in them, and whether it takes more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::Topic;

/// The next position to read, by topic and partition.
pub(crate) type Positions = BTreeMap<(Topic, u32), u64>;

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
