//! Why an item was refused: the field, the value (short, and never one that tells a person) and what was expected.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::near::nearest;
use super::{FIELDS, MOST_AHEAD};
use crate::{Channel, MAX_ITEM_BYTES, MAX_TEXT_BYTES};

/// The longest value an error shows, in characters.
const SHOWN: usize = 40;

/// An item that cannot be taken; the same bytes will fail again, so none is worth a retry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItemError {
    /// Larger than [`MAX_ITEM_BYTES`].
    #[error("item of {bytes} bytes is larger than {MAX_ITEM_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// No JSON.
    #[error("not JSON: {message} (column {column})")]
    NotJson {
        /// Where reading stopped, from 1.
        column: usize,
        /// What the reader says.
        message: String,
    },
    /// JSON, but no object.
    #[error("an object was expected, {found} found")]
    NotAnObject {
        /// The kind of value that was found.
        found: &'static str,
    },
    /// A field that must be there is not.
    #[error("field {field} is missing{}", meant(field, near.as_deref()))]
    Missing {
        /// The field.
        field: &'static str,
        /// A field that we do not know and that is near in spelling.
        near: Option<String>,
    },
    /// A field that must hold something is empty.
    #[error("field {field} is empty")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// A field holds what it cannot hold.
    #[error("field {field} is {value}, expected {expected}")]
    BadValue {
        /// The field.
        field: &'static str,
        /// The value, cut short; of a person's field only its kind.
        value: String,
        /// What it may hold.
        expected: Expected,
    },
    /// A text longer than [`MAX_TEXT_BYTES`].
    #[error("field {field} has {bytes} bytes, at most {MAX_TEXT_BYTES} are taken")]
    TextTooLong {
        /// The field.
        field: &'static str,
        /// Its size.
        bytes: usize,
    },
    /// A time without a zone, and the source names none.
    #[error("field posted_at is {value}: no zone, and the source has none")]
    NoZone {
        /// The time as written.
        value: String,
    },
    /// A time later than the item itself was seen: a mistyped date, or a clock that is wrong.
    #[error("field posted_at is {value}: more than {MOST_AHEAD} hours after it was seen ({seen_at})")]
    Ahead {
        /// The time.
        value: String,
        /// When it was seen.
        seen_at: Timestamp,
    },
    /// A time before anything was posted anywhere.
    #[error("field posted_at is {value}: before the year 2000")]
    TooEarly {
        /// The time.
        value: String,
    },
    /// From a private group or message, without the submitter's consent (SG-04).
    #[error("field source_type is private and consent_id is missing")]
    PrivateWithoutConsent,
}

impl ItemError {
    /// `field` is not among `fields`; one that we do not know may be it misspelt.
    pub(super) fn missing(field: &'static str, fields: &Map<String, Value>) -> ItemError {
        let name = field.rsplit('.').next().unwrap_or(field);
        let unknown = fields.keys().map(String::as_str).filter(|key| !FIELDS.contains(key));
        ItemError::Missing { field, near: nearest(name, unknown).map(str::to_owned) }
    }

    /// `field` holds `value`, which does not fit.
    pub(super) fn bad(field: &'static str, value: impl AsRef<str>, expected: Expected) -> ItemError {
        ItemError::BadValue { field, value: shown(field, value.as_ref()), expected }
    }

    /// `field` holds a JSON value that does not fit.
    pub(super) fn unfit(field: &'static str, value: &Value, expected: Expected) -> ItemError {
        match value {
            Value::String(text) => ItemError::bad(field, text, expected),
            Value::Number(_) | Value::Bool(_) => ItemError::bad(field, value.to_string(), expected),
            other => ItemError::BadValue { field, value: kind_of(other).to_owned(), expected },
        }
    }

    /// The same with the time quoted as it was `written`, where it was read from another form.
    #[must_use]
    pub fn as_written(mut self, written: &str) -> ItemError {
        match &mut self {
            ItemError::BadValue { field: "posted_at", value, .. } => *value = shown("posted_at", written),
            ItemError::NoZone { value } | ItemError::Ahead { value, .. } | ItemError::TooEarly { value } => {
                *value = written.chars().take(SHOWN).collect();
            }
            _ => {}
        }
        self
    }

    /// A stable code for texts and counters.
    pub fn code(&self) -> &'static str {
        match self {
            ItemError::TooLarge { .. } => "too_large",
            ItemError::NotJson { .. } => "not_json",
            ItemError::NotAnObject { .. } => "not_an_object",
            ItemError::Missing { .. } => "missing",
            ItemError::Empty { .. } => "empty",
            ItemError::BadValue { .. } => "bad_value",
            ItemError::TextTooLong { .. } => "text_too_long",
            ItemError::NoZone { .. } => "no_zone",
            ItemError::Ahead { .. } => "ahead",
            ItemError::TooEarly { .. } => "too_early",
            ItemError::PrivateWithoutConsent => "private_without_consent",
        }
    }

    /// The field at fault, when one is.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            ItemError::Missing { field, .. }
            | ItemError::Empty { field }
            | ItemError::BadValue { field, .. }
            | ItemError::TextTooLong { field, .. } => Some(field),
            ItemError::NoZone { .. } | ItemError::Ahead { .. } | ItemError::TooEarly { .. } => {
                Some("posted_at")
            }
            ItemError::PrivateWithoutConsent => Some("consent_id"),
            ItemError::TooLarge { .. } | ItemError::NotJson { .. } | ItemError::NotAnObject { .. } => None,
        }
    }

    /// A field that we do not know and that is probably the missing one, misspelt.
    pub fn near(&self) -> Option<&str> {
        match self {
            ItemError::Missing { near, .. } => near.as_deref(),
            _ => None,
        }
    }

    /// The value at fault as it may be shown.
    pub fn value(&self) -> Option<&str> {
        match self {
            ItemError::BadValue { value, .. }
            | ItemError::NoZone { value }
            | ItemError::Ahead { value, .. }
            | ItemError::TooEarly { value } => Some(value),
            _ => None,
        }
    }
}

/// What a field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A string.
    String,
    /// An id.
    Id,
    /// `true` or `false`.
    Bool,
    /// A JSON object.
    Object,
    /// A JSON array.
    Array,
    /// One of the channels.
    Channel,
    /// An area code.
    Region,
    /// A time of RFC 3339.
    Time,
    /// Degrees north.
    Latitude,
    /// Degrees east.
    Longitude,
    /// 0 to 1.
    Share,
    /// How often passed on.
    Forwarded,
    /// The kind of a media text.
    MediaKind,
}

impl Expected {
    /// A stable code for texts.
    pub fn code(self) -> &'static str {
        match self {
            Expected::String => "string",
            Expected::Id => "id",
            Expected::Bool => "bool",
            Expected::Object => "object",
            Expected::Array => "array",
            Expected::Channel => "channel",
            Expected::Region => "region",
            Expected::Time => "time",
            Expected::Latitude => "latitude",
            Expected::Longitude => "longitude",
            Expected::Share => "share",
            Expected::Forwarded => "forwarded",
            Expected::MediaKind => "media_kind",
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Expected::String => "a string",
            Expected::Id => "a string of at most 1024 bytes without control characters, or a number",
            Expected::Bool => "true or false",
            Expected::Object => "an object",
            Expected::Array => "an array",
            Expected::Channel => {
                f.write_str("one of")?;
                return Channel::ALL.iter().try_for_each(|channel| write!(f, " {channel}"));
            }
            Expected::Region => "an area code (62, 62.10, 62.10.02 or 62.10.02.1012)",
            Expected::Time => "a time like 2024-11-27T07:00:00+07:00",
            Expected::Latitude => "degrees from -90 to 90",
            Expected::Longitude => "degrees from -180 to 180",
            Expected::Share => "a number from 0 to 1",
            Expected::Forwarded => "none, once or many",
            Expected::MediaKind => "caption, ocr or asr",
        })
    }
}

/// Asks whether `near` was meant to be `field`.
fn meant(field: &str, near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(" (there is '{near}': is {field} meant?)"))
}

/// The kind of a JSON value, with its article.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// `value` as an error may show it: one short line; of fields that tell a person or hold the
/// matter itself only that something stood there.
fn shown(field: &str, value: &str) -> String {
    if field.starts_with("author") || field.ends_with("text") || field == "url" {
        return "…".to_owned();
    }
    let mut short: String =
        value.chars().take(SHOWN).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    format!("'{short}'")
}
