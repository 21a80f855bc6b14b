//! Dead letters: what could not be read, kept with its bytes and the reason until someone tries it again.

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::record::DAMAGED;
use crate::{BusError, Incoming, Outgoing, Record, Topic};

/// Something that could not be read, with its bytes and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The topic it was read from; `None` for an item that was refused at the edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Topic>,
    /// Who could not read it: a consumer group, or the name of a source.
    pub reader: String,
    /// Why, without quoting the text.
    pub reason: String,
    /// When it was parked.
    pub parked_at: Timestamp,
    /// Its key, as far as it had one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The name of its type.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The version of its form.
    #[serde(default)]
    pub version: u32,
    /// Its own time on the bus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Its bytes in base64.
    base64: String,
}

impl DeadLetter {
    /// A record that `group` could not read.
    pub fn of_record(record: &Incoming, group: &str, reason: &str, now: Timestamp) -> DeadLetter {
        DeadLetter {
            origin: Some(record.topic),
            reader: group.to_owned(),
            reason: reason.to_owned(),
            parked_at: now,
            key: record.key.clone(),
            kind: record.kind.clone(),
            version: record.version,
            at: Some(record.at),
            base64: BASE64_STANDARD.encode(&record.bytes),
        }
    }

    /// An item that `source` sent and the edge refused.
    pub fn of_item(source: &str, bytes: &[u8], reason: &str, now: Timestamp) -> DeadLetter {
        DeadLetter {
            origin: None,
            reader: source.to_owned(),
            reason: reason.to_owned(),
            parked_at: now,
            key: String::new(),
            kind: String::new(),
            version: 0,
            at: None,
            base64: BASE64_STANDARD.encode(bytes),
        }
    }

    /// The bytes that could not be read.
    pub fn bytes(&self) -> Vec<u8> {
        BASE64_STANDARD.decode(&self.base64).unwrap_or_default()
    }

    /// The record as it was, to be read again by those who read its topic; `None` for an item of the edge,
    /// which its source must parse again, and for a damaged piece of a log, which holds no record.
    pub fn back(&self) -> Option<Outgoing> {
        if self.kind == DAMAGED {
            return None;
        }
        Some(Outgoing {
            topic: self.origin?,
            key: self.key.clone(),
            at: self.at.unwrap_or(self.parked_at),
            kind: Cow::Owned(self.kind.clone()),
            version: self.version,
            bytes: self.bytes(),
        })
    }

    /// The same letter with the reason of another try.
    pub(crate) fn parked_again(self, reason: String, now: Timestamp) -> DeadLetter {
        DeadLetter { reason, parked_at: now, ..self }
    }

    /// The letter on its way to its topic.
    pub fn outgoing(&self) -> Result<Outgoing, BusError> {
        Outgoing::record(self)
    }
}

impl Record for DeadLetter {
    const TYPE: &'static str = "dead_letter";
    const VERSION: u32 = 1;
    const TOPIC: Topic = Topic::DeadLetters;

    fn key(&self) -> String {
        self.key.clone()
    }

    fn at(&self) -> Timestamp {
        self.parked_at
    }
}

/// A dead letter and where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLetter {
    /// Partition of `dead-letters`.
    pub partition: u32,
    /// Position in it.
    pub offset: u64,
    /// The letter; the reason when even that cannot be read.
    pub letter: Result<DeadLetter, String>,
}

/// What became of the dead letters that were tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// Went back to where they came from.
    pub returned: u64,
    /// Lie in `dead-letters` again, with their new reason.
    pub parked: u64,
}
