//! Dead letters: what could not be read, kept with its bytes and the reason until someone tries it again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::record::{DAMAGED, RecordFault};
use crate::{BusError, Incoming, Outgoing, Record, Topic, sha256_hex};

/// The group whose committed position says up to where dead letters were tried again.
pub(crate) const DEAD_LETTER_GROUP: &str = "dead-letters";

/// Where an item stood that the edge refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LetterPlace {
    /// In a file that was imported.
    Line {
        /// The file's name, without folders.
        file: String,
        /// The line, from 1.
        line: u64,
    },
    /// In a request to the API.
    Request {
        /// The item in it, from 0.
        item: u64,
    },
    /// In a feed that was polled.
    Feed {
        /// The entry in it, from 1, as it stood then.
        entry: u64,
    },
}

impl fmt::Display for LetterPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LetterPlace::Line { file, line } => write!(f, "{file}, line {line}"),
            // People count from 1.
            LetterPlace::Request { item } => write!(f, "item {} of a request", item.saturating_add(1)),
            LetterPlace::Feed { entry } => write!(f, "entry {entry} of the feed"),
        }
    }
}

/// Why something was refused, for texts in any language: a code and the values its words need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// Stable; names the text.
    pub code: String,
    /// What stands in the text's gaps; never what the author wrote.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// Why a dead letter cannot be read this time either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In words, for logs.
    pub reason: String,
    /// The same for texts.
    pub why: Option<Why>,
}

impl From<String> for Refusal {
    fn from(reason: String) -> Refusal {
        Refusal { reason, why: None }
    }
}

/// Something that could not be read, with its bytes and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The topic it was read from; `None` for an item that was refused at the edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Topic>,
    /// Who could not read it: a consumer group, or the name of a source.
    pub reader: String,
    /// Where it stood and why, without quoting the text.
    pub reason: String,
    /// Where it stood, of an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<LetterPlace>,
    /// Why an item was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// What its table calls the fields of an item that was made of a row; empty for any other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// When it was parked, last of all: how long it is kept counts from here.
    pub parked_at: Timestamp,
    /// When it was parked first, once another try has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_parked_at: Option<Timestamp>,
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
    /// Its number, once it was put at the end again: where it lay first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<u64>,
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
            place: None,
            why: None,
            columns: BTreeMap::new(),
            parked_at: now,
            first_parked_at: None,
            key: record.key.clone(),
            kind: record.kind.clone(),
            version: record.version,
            at: Some(record.at),
            number: None,
            base64: BASE64_STANDARD.encode(&record.bytes),
        }
    }

    /// An item that `source` sent and the edge refused.
    pub fn of_item(source: &str, bytes: &[u8], reason: &str, now: Timestamp) -> DeadLetter {
        DeadLetter {
            origin: None,
            reader: source.to_owned(),
            reason: reason.to_owned(),
            place: None,
            why: None,
            columns: BTreeMap::new(),
            parked_at: now,
            first_parked_at: None,
            key: String::new(),
            kind: String::new(),
            version: 0,
            at: None,
            number: None,
            base64: BASE64_STANDARD.encode(bytes),
        }
    }

    /// The same letter of an item that stood at `place`: the reason begins with it, also after another try.
    pub fn standing(self, place: LetterPlace) -> DeadLetter {
        DeadLetter { reason: format!("{place}: {}", self.reason), place: Some(place), ..self }
    }

    /// The same letter with the reason for texts.
    pub fn because(self, why: Why) -> DeadLetter {
        DeadLetter { why: Some(why), ..self }
    }

    /// The same letter of a row, whose fields its table calls so: another try tells of them by these names.
    pub fn of_row(self, columns: BTreeMap<String, String>) -> DeadLetter {
        DeadLetter { columns, ..self }
    }

    /// When it was parked first, however often it was tried again.
    pub fn first_parked(&self) -> Timestamp {
        self.first_parked_at.unwrap_or(self.parked_at)
    }

    /// The reason without the place.
    pub fn bare_reason(&self) -> &str {
        let place = self.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
        self.reason.strip_prefix(&place).unwrap_or(&self.reason)
    }

    /// Tells letters of one source apart: a hash of the bytes that could not be read.
    pub fn bytes_hash(&self) -> String {
        let mut hash = sha256_hex(&self.bytes());
        hash.truncate(32);
        hash
    }

    /// What is wrong with the record it holds, read anew; `None` for an item, and for what can be read now.
    pub fn record_fault(&self) -> Option<RecordFault> {
        let incoming = Incoming {
            topic: self.origin?,
            partition: 0,
            offset: 0,
            key: self.key.clone(),
            at: self.at.unwrap_or(self.parked_at),
            kind: self.kind.clone(),
            version: self.version,
            bytes: self.bytes(),
        };
        incoming.fault()
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

    /// The same letter, which keeps the number it has at `offset` wherever it is put.
    pub(crate) fn numbered(self, offset: u64) -> DeadLetter {
        DeadLetter { number: self.number.or(Some(offset)), ..self }
    }

    /// The same letter with the reason of another try.
    pub(crate) fn parked_again(self, Refusal { reason, why }: Refusal, now: Timestamp) -> DeadLetter {
        let reason = match &self.place {
            Some(place) => format!("{place}: {reason}"),
            None => reason,
        };
        let first_parked_at = Some(self.first_parked());
        DeadLetter { reason, why, parked_at: now, first_parked_at, ..self }
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
    /// What it is called by: the position where it lay first. It stays when the letter is put at the end again; only
    /// a letter that cannot be read has that of its place.
    pub number: u64,
    /// Where it lies now.
    pub(crate) offset: u64,
    /// The letter; the reason when even that cannot be read.
    pub letter: Result<DeadLetter, String>,
}

/// What became of the dead letters that were tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// The numbers of those that went back to where they came from.
    pub returned: Vec<u64>,
    /// The numbers of those that lie in `dead-letters` again, with their new reason.
    pub parked: Vec<u64>,
}
