//! The item: the one JSON object that is a post at every edge (import, HTTP API, feeds, `judge`), and how it becomes a [`Post`].

mod error;
mod near;

use jiff::{Timestamp, civil};
use serde_json::{Map, Value};

pub use error::{Expected, ItemError};
pub use near::nearest;

use crate::{
    Author, Channel, Context, Forwarded, Geo, MAX_ITEM_BYTES, MAX_TEXT_BYTES, MediaKind, MediaText, Post,
    PostId, Raw, RegionCode, Zone,
};

/// The longest id a sender may give, in bytes.
const MAX_ID_BYTES: usize = 1024;

/// Fields of a [`Post`] that are ours to set: an item's unknown field of such a name stays in the
/// raw bytes only, since the record would otherwise hold the name twice.
const OURS: [&str; 6] = ["sender_id", "source", "seen_at", "as_if_live", "notes", "raw"];

/// The fields of an item.
const FIELDS: [&str; 11] = [
    "id",
    "channel",
    "posted_at",
    "text",
    "author",
    "url",
    "geo",
    "context",
    "source_region",
    "source_type",
    "consent_id",
];

/// How an item is taken in: what its source is called and what is believed of it.
#[derive(Clone, Debug)]
pub struct Intake {
    /// The source's name; part of the [`PostId`].
    pub source: String,
    /// When the item was first here.
    pub seen_at: Timestamp,
    /// Takes the claimed time as the time it was seen (`judge`, `explain`: nothing was received).
    pub seen_as_posted: bool,
    /// Whether the source may vouch for reporters: else `verified_reporter` is dropped and noted.
    pub trusted: bool,
    /// An old item to be handled as if it were fresh.
    pub as_if_live: bool,
    /// The zone of times without one; without it they are refused.
    pub zone: Option<Zone>,
    /// The channel of items that name none; without it they are refused.
    pub channel: Option<Channel>,
    /// The home region of the source, for items that name none.
    pub source_region: Option<RegionCode>,
}

impl Intake {
    /// An untrusted source without zone, channel or region of its own.
    pub fn new(source: impl Into<String>, seen_at: Timestamp) -> Intake {
        Intake {
            source: source.into(),
            seen_at,
            seen_as_posted: false,
            trusted: false,
            as_if_live: false,
            zone: None,
            channel: None,
            source_region: None,
        }
    }

    /// For `judge` and `explain`: `verified_reporter` as given, seen when posted.
    pub fn judging() -> Intake {
        Intake { seen_as_posted: true, trusted: true, ..Intake::new("judge", Timestamp::UNIX_EPOCH) }
    }
}

/// The time a publisher claims, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// With a zone: an instant.
    At(Timestamp),
    /// Without a zone: the source must say which.
    Local(civil::DateTime),
}

/// One published item or field note, as its sender wrote it down.
#[derive(Clone, Debug)]
pub struct Item {
    /// The sender's id.
    pub id: Option<String>,
    /// Where it was published.
    pub channel: Option<Channel>,
    /// When, as claimed.
    pub posted_at: Claimed,
    /// The text; empty only beside media texts.
    pub text: String,
    /// What the profile shows.
    pub author: Option<Author>,
    /// Where it can be looked at.
    pub url: Option<String>,
    /// The position it claims.
    pub geo: Option<Geo>,
    /// What it answers, quotes or shows.
    pub context: Option<Context>,
    /// The home region of the source.
    pub source_region: Option<RegionCode>,
    /// Every other field, as it came; `source_type` and `consent_id` are among them.
    pub extra: Map<String, Value>,
    /// The bytes as they came.
    pub raw: Raw,
}

impl Item {
    /// Reads one JSON object.
    ///
    /// # Errors
    /// [`ItemError`], naming field and value; never worth another try with the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Item, ItemError> {
        if bytes.len() > MAX_ITEM_BYTES {
            return Err(ItemError::TooLarge { bytes: bytes.len() });
        }
        let json = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match serde_json::from_slice::<Value>(json) {
            Ok(Value::Object(fields)) => Item::from_fields(fields, bytes),
            Ok(other) => Err(ItemError::NotAnObject { found: error::kind_of(&other) }),
            Err(error) => Err(ItemError::NotJson {
                column: error.column(),
                message: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
            }),
        }
    }

    /// Reads the fields of an item that came as something else than JSON (a CSV line, a feed entry);
    /// `raw` is what it came as.
    ///
    /// # Errors
    /// [`ItemError`], as for [`Item::parse`].
    pub fn from_fields(mut fields: Map<String, Value>, raw: &[u8]) -> Result<Item, ItemError> {
        if raw.len() > MAX_ITEM_BYTES {
            return Err(ItemError::TooLarge { bytes: raw.len() });
        }
        refuse_private(&fields)?;
        let context = take(&mut fields, "context").map(read_context).transpose()?;
        let text = match take(&mut fields, "text") {
            Some(value) => long_text("text", value)?,
            None => String::new(),
        };
        let media = context.as_ref().is_some_and(|context| !context.media_text.is_empty());
        if text.trim().is_empty() && !media {
            return Err(ItemError::missing("text", &fields));
        }
        let mut take = |name: &str| take(&mut fields, name);
        let (posted_at, id) = (take("posted_at"), take("id"));
        let Some(posted_at) = posted_at else {
            return Err(ItemError::missing("posted_at", &fields));
        };
        let mut take = |name: &str| self::take(&mut fields, name);
        let item = Item {
            id: id.map(read_id).transpose()?.flatten(),
            channel: take("channel").map(|value| code("channel", value, Channel::parse)).transpose()?,
            posted_at: read_time(posted_at)?,
            text,
            author: take("author").map(read_author).transpose()?,
            url: take("url").map(|value| string("url", value)).transpose()?.filter(|url| !url.is_empty()),
            geo: take("geo").map(read_geo).transpose()?,
            context,
            source_region: take("source_region")
                .map(|value| code("source_region", value, |text| RegionCode::parse(text).ok()))
                .transpose()?,
            extra: Map::new(),
            raw: Raw::new(raw),
        };
        Ok(Item { extra: fields, ..item })
    }

    /// The post this item is, taken in as `intake` says.
    ///
    /// # Errors
    /// [`ItemError`] when neither item nor intake tells the channel, or the zone of the time.
    pub fn into_post(self, intake: &Intake) -> Result<Post, ItemError> {
        let channel = self.channel.or(intake.channel);
        let channel = channel.ok_or_else(|| ItemError::missing("channel", &self.extra))?;
        let posted_at = match (self.posted_at, intake.zone) {
            (Claimed::At(at), _) => at,
            (Claimed::Local(local), Some(zone)) => zone
                .offset()
                .to_timestamp(local)
                .map_err(|_| ItemError::bad("posted_at", local.to_string(), Expected::Time))?,
            (Claimed::Local(local), None) => return Err(ItemError::NoZone { value: local.to_string() }),
        };
        let mut notes = Vec::new();
        let mut author = self.author;
        if let Some(author) = author.as_mut().filter(|author| author.verified_reporter && !intake.trusted) {
            author.verified_reporter = false;
            notes.push("verified_reporter_dropped".to_owned());
        }
        // The address becomes a link on a page: nothing but the web's own schemes may stand there.
        let url = self.url.filter(|url| {
            let web = url.starts_with("https://") || url.starts_with("http://");
            if !web {
                notes.push("url_dropped".to_owned());
            }
            web
        });
        let mut extra = self.extra;
        let before = extra.len();
        OURS.iter().for_each(|name| drop(extra.remove(*name)));
        if extra.len() < before {
            notes.push("reserved_field_dropped".to_owned());
        }
        let who = author.as_ref().and_then(|author| author.handle.as_deref().or(author.name.as_deref()));
        let id = match &self.id {
            Some(own) => PostId::of_source(&intake.source, own),
            None => PostId::of_content(&intake.source, who.unwrap_or_default(), posted_at, &self.text),
        };
        Ok(Post {
            id,
            sender_id: self.id,
            source: intake.source.clone(),
            channel,
            posted_at,
            seen_at: if intake.seen_as_posted { posted_at } else { intake.seen_at },
            text: self.text,
            author,
            url,
            geo: self.geo,
            context: self.context,
            source_region: self.source_region.or_else(|| intake.source_region.clone()),
            as_if_live: intake.as_if_live,
            notes,
            raw: self.raw,
            extra,
        })
    }
}

/// The value of a field; `null` is none.
fn take(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    fields.remove(name).filter(|value| !value.is_null())
}

/// Private groups and messages come in only with the submitter's consent (SG-04).
fn refuse_private(fields: &Map<String, Value>) -> Result<(), ItemError> {
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

fn string(field: &'static str, value: Value) -> Result<String, ItemError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(ItemError::unfit(field, &other, Expected::String)),
    }
}

fn long_text(field: &'static str, value: Value) -> Result<String, ItemError> {
    let text = string(field, value)?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(ItemError::TextTooLong { field, bytes: text.len() });
    }
    Ok(text)
}

fn code<T>(field: &'static str, value: Value, parse: impl Fn(&str) -> Option<T>) -> Result<T, ItemError> {
    let expected = if field == "channel" { Expected::Channel } else { Expected::Region };
    let text = string(field, value)?;
    parse(&text).ok_or_else(|| ItemError::bad(field, text, expected))
}

fn read_id(value: Value) -> Result<Option<String>, ItemError> {
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

fn read_time(value: Value) -> Result<Claimed, ItemError> {
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

fn read_author(value: Value) -> Result<Author, ItemError> {
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

fn read_geo(value: Value) -> Result<Geo, ItemError> {
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

fn read_context(value: Value) -> Result<Context, ItemError> {
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

#[cfg(test)]
mod tests;
