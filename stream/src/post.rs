//! The post: one published item or field note, as read.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{Channel, RegionCode};

/// The longest text a post may carry, in bytes.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// The largest item that is taken at the edge, in bytes of its raw form.
pub const MAX_ITEM_BYTES: usize = 256 * 1024;

/// Which post it is: made from the source's name and the source's own id, or without one from
/// author, time and text. The same item read twice has the same id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostId(String);

impl PostId {
    /// The id of the item that `source` calls `own`.
    pub fn of_source(source: &str, own: &str) -> PostId {
        PostId(short_hash(&["source", source, own]))
    }

    /// The id of an item without an id of its own.
    pub fn of_content(source: &str, author: &str, posted_at: Timestamp, text: &str) -> PostId {
        PostId(short_hash(&["content", source, author, &posted_at.to_string(), text]))
    }

    /// The id as written: 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 over length-prefixed parts, its first 16 bytes in hexadecimal: the form of all our ids.
pub fn short_hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize()[..16])
}

/// SHA-256 of `bytes`, in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[usize::from(digit)]);
    let mut out = String::with_capacity(bytes.len() * 2);
    out.extend(digits);
    out
}

/// One published item or field note. Its text is never altered: every judgement points into it by byte span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Our id.
    pub id: PostId,
    /// The id the sender gave, which `judge` echoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_id: Option<String>,
    /// The name of the source it came from.
    pub source: String,
    /// Where it was published.
    pub channel: Channel,
    /// The time the publisher claims.
    pub posted_at: Timestamp,
    /// When we first had it.
    pub seen_at: Timestamp,
    /// As written, at most [`MAX_TEXT_BYTES`].
    pub text: String,
    /// What the profile shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    /// Where it can be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The position it claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    /// What it answers, quotes or shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// The home region of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_region: Option<RegionCode>,
    /// An old post to be handled as if it were fresh (`import --as-if-live`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_if_live: bool,
    /// What was noted on taking it in, for example a dropped claim (`verified_reporter_dropped`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The bytes as they came.
    pub raw: Raw,
    /// Fields of a newer version: they survive the copy into a finding.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Post {
    /// The earlier of the claimed time and ours: what severity, grouping and election days use.
    pub fn event_time(&self) -> Timestamp {
        self.posted_at.min(self.seen_at)
    }

    /// The hash of the text, 32 hexadecimal digits: copies have the same one.
    pub fn text_hash(&self) -> String {
        sha256_hex(self.text.as_bytes())[..32].to_owned()
    }

    /// The hash of the text and of what it answers, quotes or shows, 32 hexadecimal digits: the same post with another one
    /// has been edited, or what is read from its picture has come in since.
    pub fn content_hash(&self) -> String {
        match &self.context {
            None => self.text_hash(),
            // A context is strings, closed sets and shares: it can always be written.
            Some(context) => short_hash(&[&self.text, &serde_json::to_string(context).unwrap_or_default()]),
        }
    }

    /// Whether a registered reporter or trusted source vouches for it.
    pub fn verified_reporter(&self) -> bool {
        self.author.as_ref().is_some_and(|author| author.verified_reporter)
    }
}

/// What the author's profile shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Author {
    /// The name shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The profile text: the status of an official often stands only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
    /// The account's handle; never shown, logged or sent (SG-03).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// Whether the reporter is registered with us; kept only where the source is trusted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub verified_reporter: bool,
}

/// A position in degrees (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geo {
    /// Latitude, -90 to 90.
    pub lat: f64,
    /// Longitude, -180 to 180.
    pub lon: f64,
}

/// What a post answers, quotes or shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// The quoted post: a call in it counts only if the body endorses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted_text: Option<String>,
    /// The post answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_text: Option<String>,
    /// The first post of the thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_root_text: Option<String>,
    /// Text in or about pictures and films.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media_text: Vec<MediaText>,
    /// How often it was passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// The post this one repeats, by the sender's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repost_of: Option<String>,
}

/// How often an item was passed on, as the platform tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Forwarded {
    /// Not passed on.
    None,
    /// Passed on.
    Once,
    /// "Diteruskan berkali-kali".
    Many,
}

/// Text found in or with a picture or film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaText {
    /// Where the text comes from.
    pub kind: MediaKind,
    /// The text.
    pub text: String,
    /// The reader's own confidence, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// Where a media text comes from; `ocr` and `asr` raise WASPADA at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// Written by the author.
    Caption,
    /// Read from a picture by a machine.
    Ocr,
    /// Heard in a film by a machine.
    Asr,
}

/// Bytes as they came in, with their hash (SG-07).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raw {
    /// The bytes in base64.
    base64: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
}

impl Raw {
    /// Keeps `bytes` with their hash.
    pub fn new(bytes: &[u8]) -> Raw {
        Raw { base64: BASE64_STANDARD.encode(bytes), sha256: sha256_hex(bytes) }
    }

    /// The bytes as they came; `None` when they no longer fit their hash.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let bytes = BASE64_STANDARD.decode(&self.base64).ok()?;
        (sha256_hex(&bytes) == self.sha256).then_some(bytes)
    }
}
