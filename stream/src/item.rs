//! The item: the one JSON object that is a post at every edge (import, HTTP API, feeds, `judge`), and how it becomes a [`Post`].

mod error;
mod fields;
mod near;

use jiff::{SignedDuration, Timestamp, civil};
use serde_json::{Map, Value};

pub use error::{Expected, ItemError};
pub use near::nearest;

use crate::{Author, Channel, Context, Geo, MAX_ITEM_BYTES, Post, PostId, Raw, RegionCode, Zone};
use fields::{
    code, long_text, read_author, read_context, read_geo, read_id, read_time, refuse_private, string, take,
};

/// How far behind the moment it was seen a post may be dated, in hours: a zone mistaken for another is not a day.
pub(crate) const MOST_AHEAD: i64 = 24;
/// The first second of 2000, WIB: nothing was posted before; such a time is a broken program's zero.
const FIRST: Timestamp = Timestamp::constant(946_659_600, 0);

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
    /// That time as it was written.
    pub written: String,
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

    /// The id that `bytes` name, also where nothing else of them can be used: whoever hears of a refusal finds his item.
    pub fn id_of(bytes: &[u8]) -> Option<String> {
        let json = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut fields: Map<String, Value> = serde_json::from_slice(json).ok()?;
        read_id(fields.remove("id")?).ok()?
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
        let written = take(&mut fields, "text").map(|value| long_text("text", value)).transpose()?;
        let media = context.as_ref().is_some_and(|context| !context.media_text.is_empty());
        let text = match written {
            Some(text) if media || !text.trim().is_empty() => text,
            None if media => String::new(),
            Some(_) => return Err(ItemError::Empty { field: "text" }),
            None => return Err(ItemError::missing("text", &fields)),
        };
        let mut take = |name: &str| take(&mut fields, name);
        let (posted_at, id) = (take("posted_at"), take("id"));
        let Some(posted_at) = posted_at else {
            return Err(ItemError::missing("posted_at", &fields));
        };
        let written = posted_at.as_str().unwrap_or_default().to_owned();
        let mut take = |name: &str| self::take(&mut fields, name);
        let item = Item {
            id: id.map(read_id).transpose()?.flatten(),
            channel: take("channel").map(|value| code("channel", value, Channel::parse)).transpose()?,
            posted_at: read_time(posted_at)?,
            written,
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
        let written = self.written.clone();
        self.post(intake).map_err(|error| error.as_written(&written))
    }

    fn post(self, intake: &Intake) -> Result<Post, ItemError> {
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
        believable(posted_at, intake)?;
        let mut notes = Vec::new();
        let mut author = self.author;
        if let Some(author) = author.as_mut().filter(|author| author.verified_reporter && !intake.trusted) {
            author.verified_reporter = false;
            notes.push("verified_reporter_dropped".to_owned());
        }
        // The address becomes a link on a page: nothing but the web's own schemes may stand there, and no control
        // character: PostgreSQL stores no U+0000.
        let url = self.url.filter(|url| {
            let web = (url.starts_with("https://") || url.starts_with("http://"))
                && !url.contains(char::is_control);
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

/// Refuses a time at which nothing can have been posted: a mistyped year would else pass for now, or for long past.
fn believable(posted_at: Timestamp, intake: &Intake) -> Result<(), ItemError> {
    let value = || posted_at.to_string();
    if posted_at < FIRST {
        return Err(ItemError::TooEarly { value: value() });
    }
    let latest = intake.seen_at.saturating_add(SignedDuration::from_hours(MOST_AHEAD));
    if !intake.seen_as_posted && latest.is_ok_and(|latest| posted_at > latest) {
        return Err(ItemError::Ahead { value: value(), seen_at: intake.seen_at });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
