//! What travels on the bus: topics, records, and their form on the wire (JSON with type and version beside it).

mod fault;

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{BusError, Finding, Post};

pub(crate) use fault::DAMAGED;
use fault::fault_of;
pub use fault::{JsonFault, RecordFault, Unreadable};

/// The longest record a topic takes, in bytes of its JSON.
pub const MAX_RECORD_BYTES: usize = 2 * 1024 * 1024;

/// The topics of the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Posts as ingest took them in.
    Posts,
    /// What classify says of them.
    Findings,
    /// What could not be read, with its bytes and the reason.
    DeadLetters,
    /// What a source must remember; only the last record of a key is kept.
    Cursors,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Topic; 4] = [Topic::Posts, Topic::Findings, Topic::DeadLetters, Topic::Cursors];

    /// The name on the wire, without the configured prefix.
    pub fn as_str(self) -> &'static str {
        match self {
            Topic::Posts => "posts",
            Topic::Findings => "findings",
            Topic::DeadLetters => "dead-letters",
            Topic::Cursors => "cursors",
        }
    }

    /// The topic with this name.
    pub fn parse(name: &str) -> Option<Topic> {
        Topic::ALL.into_iter().find(|topic| topic.as_str() == name)
    }

    /// Whether its load is spread over partitions; the others are small and keep one.
    pub(crate) fn is_spread(self) -> bool {
        matches!(self, Topic::Posts | Topic::Findings)
    }

    /// A small number that stands for it in a `Log`; never reused.
    pub(crate) fn number(self) -> u8 {
        match self {
            Topic::Posts => 1,
            Topic::Findings => 2,
            Topic::DeadLetters => 3,
            Topic::Cursors => 4,
        }
    }
}

impl std::fmt::Display for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A type that travels on the bus.
pub trait Record: Serialize + DeserializeOwned + Send + 'static {
    /// Its name on the wire.
    const TYPE: &'static str;
    /// Its version on the wire; additions keep it, since unknown fields are let be.
    const VERSION: u32;
    /// The topic it lives in.
    const TOPIC: Topic;

    /// What keeps records in order: two of one key are read in the order they were published.
    fn key(&self) -> String;

    /// When we first had it: retention and lag count from here.
    fn at(&self) -> Timestamp;
}

impl Record for Post {
    const TYPE: &'static str = "post";
    const VERSION: u32 = 1;
    const TOPIC: Topic = Topic::Posts;

    fn key(&self) -> String {
        self.id.as_str().to_owned()
    }

    fn at(&self) -> Timestamp {
        self.seen_at
    }
}

impl Record for Finding {
    const TYPE: &'static str = "finding";
    const VERSION: u32 = 1;
    const TOPIC: Topic = Topic::Findings;

    fn key(&self) -> String {
        self.post.id.as_str().to_owned()
    }

    fn at(&self) -> Timestamp {
        self.post.seen_at
    }
}

/// A record on its way to the bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Where to.
    pub topic: Topic,
    /// See [`Record::key`].
    pub key: String,
    /// See [`Record::at`].
    pub at: Timestamp,
    /// See [`Record::TYPE`].
    pub kind: Cow<'static, str>,
    /// See [`Record::VERSION`].
    pub version: u32,
    /// The record as JSON.
    pub bytes: Vec<u8>,
}

impl Outgoing {
    /// Writes `record` as it goes on the wire; refused when it is longer than [`MAX_RECORD_BYTES`].
    pub fn record<R: Record>(record: &R) -> Result<Outgoing, BusError> {
        let bytes = serde_json::to_vec(record)
            .map_err(|error| BusError::Unwritable { kind: R::TYPE, cause: error.to_string() })?;
        let outgoing = Outgoing {
            topic: R::TOPIC,
            key: record.key(),
            at: record.at(),
            kind: Cow::Borrowed(R::TYPE),
            version: R::VERSION,
            bytes,
        };
        outgoing.check()?;
        Ok(outgoing)
    }

    /// Refuses what the topic would not take.
    pub(crate) fn check(&self) -> Result<(), BusError> {
        // A dead letter holds another record's bytes in base64.
        let limit = if self.topic == Topic::DeadLetters { 2 * MAX_RECORD_BYTES } else { MAX_RECORD_BYTES };
        if self.bytes.len() > limit || self.key.len() > usize::from(u16::MAX) {
            return Err(BusError::TooLarge { topic: self.topic, bytes: self.bytes.len(), limit });
        }
        Ok(())
    }
}

/// A record as it was read from the bus, not yet parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Where from.
    pub topic: Topic,
    /// The partition in it.
    pub partition: u32,
    /// The position in the partition.
    pub offset: u64,
    /// See [`Record::key`].
    pub key: String,
    /// See [`Record::at`]; to the millisecond on Kafka.
    pub at: Timestamp,
    /// The name of its type; empty when the sender gave none.
    pub kind: String,
    /// The version of its form.
    pub version: u32,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Incoming {
    /// Parses it as `R`.
    pub fn read<R: Record>(&self) -> Result<R, Unreadable> {
        let malformed = |fault: RecordFault| Unreadable::Malformed(fault.to_string());
        self.typed::<R>().map_err(malformed)?;
        if self.version > R::VERSION {
            return Err(Unreadable::Newer { found: self.version, known: R::VERSION });
        }
        serde_json::from_slice(&self.bytes).map_err(|error| malformed(fault_of(&error)))
    }

    /// What is wrong with its bytes as the record of its topic; nothing, or that it is of a newer version, is `None`.
    pub(crate) fn fault(&self) -> Option<RecordFault> {
        match self.topic {
            Topic::Posts => self.fault_as::<Post>(),
            Topic::Findings => self.fault_as::<Finding>(),
            Topic::DeadLetters | Topic::Cursors => None,
        }
    }

    fn fault_as<R: Record>(&self) -> Option<RecordFault> {
        if let Err(fault) = self.typed::<R>() {
            return Some(fault);
        }
        let read = serde_json::from_slice::<R>(&self.bytes);
        read.err().filter(|_| self.version <= R::VERSION).map(|error| fault_of(&error))
    }

    /// Whether it says that it is an `R`, or nothing.
    fn typed<R: Record>(&self) -> Result<(), RecordFault> {
        if self.kind == DAMAGED {
            return Err(RecordFault::Damaged { records: self.key.clone() });
        }
        if !self.kind.is_empty() && self.kind != R::TYPE {
            return Err(RecordFault::Type { found: self.kind.clone(), expected: R::TYPE });
        }
        Ok(())
    }
}
