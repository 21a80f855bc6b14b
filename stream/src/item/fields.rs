//! The fields of an item, each read into its type or refused by name.

use jiff::{Timestamp, civil};
use serde_json::{Map, Value};

use super::{Claimed, Expected, ItemError};
use crate::{Author, Context, Forwarded, Geo, MAX_TEXT_BYTES, MediaKind, MediaText};

/// The longest id a sender may give, in bytes.
const MAX_ID_BYTES: usize = 1024;

/// The value of a field; `null` is none.
pub(super) fn take(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    fields.remove(name).filter(|value| !value.is_null())
}

/// Private groups and messages come in only with the submitter's consent (SG-04).
pub(super) fn refuse_private(fields: &Map<String, Value>) -> Result<(), ItemError> {
    let private = match fields.get("source_type") {
        None | Some(Value::Null) => false,
        Some(Value::String(kind)) => kind.trim().eq_ignore_ascii_case("private"),
        Some(other) => return Err(ItemError::unfit("source_type", other, Expected::String)),
    };
    let consent = match fields.get("consent_id") {
        Some(Value::String(id)) => !id.trim().is_empty(),
        Some(Value::Number(_)) => true,
        _ => false,
    };
    if private && !consent { Err(ItemError::PrivateWithoutConsent) } else { Ok(()) }
}

pub(super) fn string(field: &'static str, value: Value) -> Result<String, ItemError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(ItemError::unfit(field, &other, Expected::String)),
    }
}

pub(super) fn long_text(field: &'static str, value: Value) -> Result<String, ItemError> {
    let text = string(field, value)?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(ItemError::TextTooLong { field, bytes: text.len() });
    }
    Ok(text)
}

pub(super) fn code<T>(
    field: &'static str,
    value: Value,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, ItemError> {
    let expected = if field == "channel" { Expected::Channel } else { Expected::Region };
    let text = string(field, value)?;
    parse(&text).ok_or_else(|| ItemError::bad(field, text, expected))
}

pub(super) fn read_id(value: Value) -> Result<Option<String>, ItemError> {
    let id = match value {
        Value::String(id) => id,
        Value::Number(id) => id.to_string(),
        other => return Err(ItemError::unfit("id", &other, Expected::Id)),
    };
    if id.len() > MAX_ID_BYTES || id.chars().any(char::is_control) {
        return Err(ItemError::bad("id", id, Expected::Id));
    }
    Ok(Some(id).filter(|id| !id.is_empty()))
}

pub(super) fn read_time(value: Value) -> Result<Claimed, ItemError> {
    let text = string("posted_at", value)?;
    let trimmed = text.trim();
    if let Ok(at) = trimmed.parse::<Timestamp>() {
        return Ok(Claimed::At(at));
    }
    match trimmed.parse::<civil::DateTime>() {
        // The reader of civil times passes over an offset it finds: here it would be one out of range.
        Ok(local) if !trimmed.get(10..).is_some_and(|clock| clock.contains(['Z', 'z', '+', '-', '['])) => {
            Ok(Claimed::Local(local))
        }
        _ => Err(ItemError::bad("posted_at", text, Expected::Time)),
    }
}

fn object(field: &'static str, value: Value) -> Result<Map<String, Value>, ItemError> {
    match value {
        Value::Object(fields) => Ok(fields),
        other => Err(ItemError::unfit(field, &other, Expected::Object)),
    }
}

pub(super) fn read_author(value: Value) -> Result<Author, ItemError> {
    let mut fields = object("author", value)?;
    let mut text = |name: &str, field: &'static str| match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => long_text(field, value).map(Some),
    };
    Ok(Author {
        name: text("name", "author.name")?,
        bio: text("bio", "author.bio")?,
        handle: text("handle", "author.handle")?,
        verified_reporter: match fields.remove("verified_reporter") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(verified)) => verified,
            Some(other) => {
                return Err(ItemError::unfit("author.verified_reporter", &other, Expected::Bool));
            }
        },
    })
}

pub(super) fn read_geo(value: Value) -> Result<Geo, ItemError> {
    let fields = object("geo", value)?;
    let degrees = |name: &str, field: &'static str, limit: f64, expected| match fields.get(name) {
        None | Some(Value::Null) => Err(ItemError::missing(field, &fields)),
        Some(value) => value
            .as_f64()
            .filter(|degrees| degrees.abs() <= limit)
            .ok_or_else(|| ItemError::unfit(field, value, expected)),
    };
    Ok(Geo {
        lat: degrees("lat", "geo.lat", 90.0, Expected::Latitude)?,
        lon: degrees("lon", "geo.lon", 180.0, Expected::Longitude)?,
    })
}

pub(super) fn read_context(value: Value) -> Result<Context, ItemError> {
    let mut fields = object("context", value)?;
    let mut take = |name: &str| fields.remove(name).filter(|value| !value.is_null());
    let media = match take("media_text") {
        None => Vec::new(),
        Some(Value::Array(items)) => items.into_iter().map(read_media).collect::<Result<_, _>>()?,
        Some(other) => return Err(ItemError::unfit("context.media_text", &other, Expected::Array)),
    };
    let text = |field, value: Option<Value>| value.map(|value| long_text(field, value)).transpose();
    Ok(Context {
        quoted_text: text("context.quoted_text", take("quoted_text"))?,
        reply_to_text: text("context.reply_to_text", take("reply_to_text"))?,
        thread_root_text: text("context.thread_root_text", take("thread_root_text"))?,
        media_text: media,
        forwarded: match take("forwarded") {
            None => None,
            Some(value) => Some(match value.as_str() {
                Some("none") => Forwarded::None,
                Some("once") => Forwarded::Once,
                Some("many") => Forwarded::Many,
                _ => return Err(ItemError::unfit("context.forwarded", &value, Expected::Forwarded)),
            }),
        },
        repost_of: take("repost_of").map(|value| string("context.repost_of", value)).transpose()?,
    })
}

fn read_media(value: Value) -> Result<MediaText, ItemError> {
    let mut fields = object("context.media_text", value)?;
    let kind = match fields.remove("kind") {
        None | Some(Value::Null) => return Err(ItemError::missing("context.media_text.kind", &fields)),
        Some(value) => match value.as_str() {
            Some("caption") => MediaKind::Caption,
            Some("ocr") => MediaKind::Ocr,
            Some("asr") => MediaKind::Asr,
            _ => return Err(ItemError::unfit("context.media_text.kind", &value, Expected::MediaKind)),
        },
    };
    let text = match fields.remove("text") {
        None | Some(Value::Null) => return Err(ItemError::missing("context.media_text.text", &fields)),
        Some(value) => long_text("context.media_text.text", value)?,
    };
    let confidence = match fields.remove("confidence") {
        None | Some(Value::Null) => None,
        Some(value) => match value.as_f64().filter(|share| (0.0..=1.0).contains(share)) {
            Some(share) => Some(share),
            None => {
                return Err(ItemError::unfit("context.media_text.confidence", &value, Expected::Share));
            }
        },
    };
    Ok(MediaText { kind, text, confidence })
}
