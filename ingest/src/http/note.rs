//! A field note as its form was filled in, and the post it becomes.

use lexicons::Lang;
use lexicons::gazetteer::Gazetteer;
use serde_json::{Map, Value, json};
use stream::{Intake, Item, ItemError, Outgoing, Post, RegionCode};

use super::ReporterGrant;

/// The longest text of a note, in characters.
pub(super) const MAX_CHARS: usize = 5000;
/// The source of all field notes.
const SOURCE: &str = "lapangan";

/// What can be ticked as seen; the words are in the interface texts.
/// Each is one thing: its words are judged as the reporter's own, and what was not seen must not stand in them.
pub(super) const SEEN: [&str; 11] =
    ["massa", "bentrok", "sajam", "senpi", "api", "korban", "rusak", "hadang", "logistik", "uang", "aman"];

/// A form as it was filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Note {
    pub(super) nonce: String,
    pub(super) text: String,
    pub(super) place: String,
    pub(super) position: String,
    pub(super) seen: Vec<&'static str>,
    /// The place chosen from those offered: a code, or `-` for none of them.
    pub(super) choice: Option<String>,
}

/// What of a form has to be filled in anew; the name ends a key of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    TextMissing,
    TextTooLong,
    Position,
}

impl Flaw {
    pub(super) fn key(self) -> &'static str {
        match self {
            Flaw::TextMissing => "ingest.field.text_missing",
            Flaw::TextTooLong => "ingest.field.text_too_long",
            Flaw::Position => "ingest.field.position_wrong",
        }
    }
}

impl Note {
    /// Reads the fields of a form; unknown ones are passed over.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Note {
        let mut note = Note::default();
        for (name, value) in pairs {
            match name.as_str() {
                "nonce" => note.nonce = value,
                "teks" => note.text = value.replace("\r\n", "\n").trim().to_owned(),
                "tempat" => note.place = value.trim().to_owned(),
                "posisi" => note.position = value.trim().to_owned(),
                "pilihan" => note.choice = Some(value),
                "terlihat" => note.seen.extend(SEEN.into_iter().find(|seen| *seen == value)),
                _ => {}
            }
        }
        note.seen.dedup();
        note
    }

    /// Whether the form's number is one of ours.
    pub(super) fn has_nonce(&self) -> bool {
        self.nonce.len() == 32 && self.nonce.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// What has to be filled in anew.
    pub(super) fn flaw(&self) -> Option<Flaw> {
        if self.text.is_empty() && self.seen.is_empty() {
            Some(Flaw::TextMissing)
        } else if self.text.chars().count() > MAX_CHARS || self.place.chars().count() > 200 {
            Some(Flaw::TextTooLong)
        } else if !self.position.is_empty() && self.lat_lon().is_none() {
            Some(Flaw::Position)
        } else {
            None
        }
    }

    /// The position, written as `-1.2345, 113.9876`, or with decimal commas as `-1,2345 113,9876`.
    fn lat_lon(&self) -> Option<(f64, f64)> {
        let number = |text: &str| text.trim_matches([' ', ',', ';']).replace(',', ".").parse::<f64>().ok();
        let spaced = |at: (&str, &str)| Some((number(at.0)?, number(at.1)?));
        // Where a blank or a semicolon parts them, a comma inside is a decimal one; the comma that parts them is none.
        let joined = |at: (&str, &str)| Some((at.0.parse().ok()?, at.1.parse().ok()?));
        let parted = self.position.split_once([';', ' ']).and_then(spaced);
        let (lat, lon): (f64, f64) = parted.or_else(|| self.position.split_once(',').and_then(joined))?;
        (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some((lat, lon))
    }

    /// The text of the post: what was written, then place and ticked things in a line each, so that
    /// everything the reporter says stands in the words that are judged.
    fn full_text(&self, places: &Gazetteer, area: Option<&RegionCode>) -> String {
        let mut lines = Vec::new();
        if !self.text.is_empty() {
            lines.push(self.text.clone());
        }
        match area {
            Some(code) => lines.push(format!("Tempat: {}.", places.full_name(code))),
            None if !self.place.is_empty() => lines.push(format!("Tempat: {}.", self.place)),
            None => {}
        }
        if !self.seen.is_empty() {
            let words: Vec<&str> =
                self.seen.iter().map(|seen| Lang::Id.get(&format!("ingest.field.seen.{seen}"))).collect();
            lines.push(format!("Terlihat: {}.", words.join("; ")));
        }
        lines.join("\n")
    }

    /// The post this note is, from a reporter with `grant`; `raw` is the form as it came.
    pub(super) fn record(
        &self,
        places: &Gazetteer,
        area: Option<&RegionCode>,
        grant: &ReporterGrant,
        raw: &[u8],
        now: jiff::Timestamp,
    ) -> Result<(Post, Outgoing), NoteError> {
        let mut fields = Map::new();
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        let text = self.full_text(places, area);
        // With the reporter's id, so that no reporter can overwrite another's note; with what it says, so that another
        // note from the same form (sent, gone back, changed) is one of its own.
        let said = stream::short_hash(&[&text, &self.position]);
        set("id", json!(format!("{}:{}:{said}", grant.id, self.nonce)));
        set("channel", json!("lapangan"));
        set("posted_at", json!(now.to_string()));
        set("text", json!(text));
        // Where the reporter's own words end: what follows are the form's answers.
        set("written", json!(self.text.len()));
        set("author", json!({"name": grant.title, "verified_reporter": true}));
        if let Some((lat, lon)) = self.lat_lon() {
            set("geo", json!({"lat": lat, "lon": lon}));
        }
        if let Some(home) = &grant.region {
            set("reporter_region", json!(home));
        }
        if let Some(region) = area.or(grant.region.as_ref()) {
            set("source_region", json!(region));
        }
        if !self.seen.is_empty() {
            set("seen", json!(self.seen));
        }
        let intake = Intake { trusted: true, ..Intake::new(SOURCE, now) };
        let post = Item::from_fields(fields, raw)?.into_post(&intake)?;
        let record = Outgoing::record(&post)?;
        Ok((post, record))
    }
}

/// Why a note did not become a post.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoteError {
    #[error(transparent)]
    Item(#[from] ItemError),
    #[error(transparent)]
    Bus(#[from] stream::BusError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(pairs: &[(&str, &str)]) -> Note {
        Note::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn who_ticks_a_blade_claims_no_firearm() {
        let text = |seen: &str| {
            note(&[("teks", "Ada parang"), ("terlihat", seen)]).full_text(Gazetteer::builtin(), None)
        };
        assert_eq!(text("sajam"), "Ada parang\nTerlihat: senjata tajam.");
        assert_eq!(text("senpi"), "Ada parang\nTerlihat: senjata api.");
    }

    #[test]
    fn a_form_without_words_or_with_a_wrong_position_comes_back() {
        assert_eq!(note(&[("teks", "  ")]).flaw(), Some(Flaw::TextMissing));
        assert_eq!(note(&[("terlihat", "massa")]).flaw(), None);
        assert_eq!(note(&[("teks", &"a".repeat(5001))]).flaw(), Some(Flaw::TextTooLong));
        assert_eq!(note(&[("teks", "a"), ("posisi", "dekat balai")]).flaw(), Some(Flaw::Position));
        assert_eq!(note(&[("teks", "a"), ("posisi", "-1.25, 113.9")]).flaw(), None);
    }

    #[test]
    fn a_position_is_read_with_points_and_with_decimal_commas() {
        let at = |position: &str| note(&[("teks", "a"), ("posisi", position)]).lat_lon();
        for written in [
            "-7.4862, 111.31",
            "-7.4862,111.31",
            "-7.4862 111.31",
            "-7.4862; 111.31",
            "-7,4862 111,31",
            "-7,4862, 111,31",
            "-7,4862; 111,31",
            "-7,4862;111,31",
        ] {
            assert_eq!(at(written), Some((-7.4862, 111.31)), "{written}");
        }
        // Which comma parts them cannot be known.
        for written in ["-7,4862,111,31", "-7,48,111", "-7.48,111,31"] {
            assert_eq!(at(written), None, "{written}");
        }
    }
}
