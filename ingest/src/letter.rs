//! Items that were refused: as dead letters, and another try at them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use stream::{
    BusError, DeadLetter, Intake, Item, ItemError, LetterPlace, MAX_ITEM_BYTES, MAX_TEXT_BYTES, Outgoing,
    Refusal, Why,
};

use crate::import::csv;
use crate::import::job::SetBy;
use crate::import::outcome::LineFault;

/// Bytes that are kept of an item that is too long even for the dead letters.
const KEPT: usize = 64 * 1024;

/// A dead letter of an item that the edge refused, on its way, and what tells it from others of its source.
pub(crate) struct Refused {
    /// Nothing when even its beginning does not fit.
    pub(crate) letter: Option<Outgoing>,
    /// See [`DeadLetter::bytes_hash`].
    pub(crate) hash: String,
}

impl Refused {
    /// The letter of what `source` sent and what was refused for `reason`.
    pub(crate) fn new(
        source: &str,
        bytes: &[u8],
        place: &LetterPlace,
        reason: &str,
        why: Option<&Why>,
        now: Timestamp,
    ) -> Refused {
        Refused::of(bytes, |bytes| {
            let letter = DeadLetter::of_item(source, bytes, reason, now).standing(place.clone());
            why.cloned().into_iter().fold(letter, DeadLetter::because)
        })
    }

    /// The letter that `letter` makes of `bytes`.
    pub(crate) fn of(bytes: &[u8], letter: impl Fn(&[u8]) -> DeadLetter) -> Refused {
        let whole = letter(bytes);
        match whole.outgoing() {
            Ok(out) => Refused { letter: Some(out), hash: whole.bytes_hash() },
            // Kept by its beginning: better than not at all.
            Err(_) => {
                let part = letter(&bytes[..bytes.len().min(KEPT)]);
                Refused { letter: part.outgoing().ok(), hash: part.bytes_hash() }
            }
        }
    }
}

/// What tells the dead letter of these bytes from others of its source.
pub(crate) fn hash_of(bytes: &[u8]) -> String {
    DeadLetter::of_item("", bytes, "", Timestamp::UNIX_EPOCH).bytes_hash()
}

/// Why an item was refused, for texts.
pub(crate) fn why_item(error: &ItemError) -> Why {
    let mut values: Vec<(&str, String)> = Vec::new();
    values.extend(error.field().map(|field| ("field", field.to_owned())));
    values.extend(error.value().map(|value| ("value", value.to_owned())));
    values.extend(error.near().map(|near| ("near", near.to_owned())));
    match error {
        ItemError::TooLarge { bytes } => {
            values.extend([("bytes", bytes.to_string()), ("limit", MAX_ITEM_BYTES.to_string())]);
        }
        ItemError::TextTooLong { bytes, .. } => {
            values.extend([("bytes", bytes.to_string()), ("limit", MAX_TEXT_BYTES.to_string())]);
        }
        ItemError::NotJson { column, message } => {
            values.extend([("column", column.to_string()), ("message", message.clone())]);
        }
        ItemError::NotAnObject { found } => values.push(("found", (*found).to_owned())),
        ItemError::BadValue { expected, .. } => values.push(("expected", expected.code().to_owned())),
        ItemError::Ahead { seen_at, .. } => values.push(("seen_at", seen_at.to_string())),
        ItemError::Missing { .. }
        | ItemError::Empty { .. }
        | ItemError::NoZone { .. }
        | ItemError::TooEarly { .. }
        | ItemError::PrivateWithoutConsent => {}
    }
    why(format!("item.{}", error.code()), values)
}

/// Why a line was refused, for texts; `None` where the reason is all there is.
pub(crate) fn why_line(fault: &LineFault, set_by: SetBy) -> Option<Why> {
    let (code, values) = match fault {
        LineFault::Item(error) => return Some(set_by_whom(why_item(error), set_by)),
        LineFault::Cell { column, error } => return Some(why_cell(column, error, set_by)),
        LineFault::Cells { found, expected } => {
            ("line.cells", vec![("found", found.to_string()), ("columns", expected.to_string())])
        }
        LineFault::OpenQuote => ("line.open_quote", Vec::new()),
        LineFault::NotUtf8 { at } => ("line.not_utf8", vec![("at", at.to_string())]),
        LineFault::Record(_) => return None,
    };
    Some(why(code.to_owned(), values))
}

/// Why the cell of a column was refused: by the column's own name, and with the times that tables may hold.
fn why_cell(column: &str, error: &ItemError, set_by: SetBy) -> Why {
    // The channel of a source is its keys' to set.
    let by_key = set_by == SetBy::Keys && error.field() == Some("channel");
    if matches!(error, ItemError::Missing { .. } | ItemError::Empty { .. }) && !by_key {
        return why("line.empty_cell".to_owned(), vec![("column", column.to_owned())]);
    }
    let mut told = set_by_whom(why_item(error), set_by);
    told.values.insert("field".to_owned(), column.to_owned());
    if let Some(expected) = told.values.get_mut("expected").filter(|expected| *expected == "time") {
        *expected = "time_cell".to_owned();
    }
    told
}

/// The reason with what mends it named as its reader knows it: who configures a source has no options.
fn set_by_whom(why: Why, set_by: SetBy) -> Why {
    let field = why.values.get("field").map(String::as_str);
    let code = match (set_by, why.code.as_str(), field) {
        (SetBy::Keys, "item.no_zone", _) => "item.no_zone_key",
        (SetBy::Keys, "item.missing", Some("channel")) => "item.no_channel_key",
        _ => return why,
    };
    Why { code: code.to_owned(), ..why }
}

fn why(code: String, values: Vec<(&str, String)>) -> Why {
    let values: BTreeMap<String, String> =
        values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Why { code, values }
}

/// Another try at a dead letter: a record goes back to its topic; an item is read again by today's rules,
/// taken in as `intake` says (its source's name stays that of the letter).
///
/// # Errors
/// The reason why it cannot be read this time either.
pub fn again(letter: &DeadLetter, intake: &Intake) -> Result<Vec<Outgoing>, Refusal> {
    if let Some(record) = letter.back() {
        return Ok(vec![record]);
    }
    let intake = Intake { source: letter.reader.clone(), ..intake.clone() };
    let refused = |error: ItemError| {
        // A table's line cannot be read without its header, nor a part of an item at all: what is wrong with
        // it is what was wrong with it before.
        let before = letter.why.as_ref().filter(|why| {
            letter.columns.is_empty() && (why.code.starts_with("line.") || why.code == "item.too_large")
        });
        if let Some(why) = before {
            return Refusal { reason: letter.bare_reason().to_owned(), why: Some(why.clone()) };
        }
        let fault = LineFault::named(error, |field| letter.columns.get(field).cloned());
        Refusal { reason: fault.to_string(), why: why_line(&fault, SetBy::Options) }
    };
    let bytes = letter.bytes();
    let table = if letter.columns.is_empty() { None } else { csv::again(&bytes) };
    let post = match table {
        None => Item::parse(&bytes).and_then(|item| item.into_post(&intake)),
        Some((fields, written)) => Item::from_fields(fields, &bytes)
            .and_then(|item| item.into_post(&intake))
            .map_err(|error| error.as_written(&written)),
    };
    let post = post.map_err(refused)?;
    let unfit = |error: BusError| Refusal::from(error.to_string());
    Outgoing::record(&post).map(|record| vec![record]).map_err(unfit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2024-11-27T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_refused_item_comes_in_once_its_source_has_a_zone() {
        let line = br#"{"id":"1","channel":"x","posted_at":"2024-11-26 07:00","text":"halo"}"#;
        let letter = DeadLetter::of_item("media", line, "no zone", now());
        let without = Intake::new("any", now());
        let refusal = again(&letter, &without).unwrap_err();
        assert!(refusal.reason.contains("no zone"));
        assert_eq!(refusal.why.unwrap().code, "item.no_zone");
        let with = Intake { zone: Some(stream::Zone::Wib), ..without };
        let records = again(&letter, &with).unwrap();
        assert_eq!(records[0].key, stream::PostId::of_source("media", "1").as_str());
    }

    #[test]
    fn a_time_is_quoted_as_it_stood_in_the_file() {
        let intake = Intake::new("any", now());
        let value =
            |letter: &DeadLetter| again(letter, &intake).unwrap_err().why.unwrap().values["value"].clone();
        let line = br#"{"id":"1","channel":"x","posted_at":"2034-11-26T07:00:00+07:00","text":"halo"}"#;
        assert_eq!(value(&DeadLetter::of_item("media", line, "ahead", now())), "2034-11-26T07:00:00+07:00");
        let mut fields = serde_json::Map::new();
        for (name, text) in [("channel", "x"), ("posted_at", "2034-11-26T07:30:00+07:00"), ("text", "halo")] {
            fields.insert(name.to_owned(), text.into());
        }
        let kept = csv::kept(&mut fields, Some("26/11/2034 07.30 WIB"));
        assert_eq!(fields["posted_at"], "2034-11-26T07:30:00+07:00", "what is read of it");
        let columns = BTreeMap::from([("posted_at".to_owned(), "Waktu".to_owned())]);
        let of_table = DeadLetter::of_item("b", &kept, "ahead", now()).of_row(columns);
        assert_eq!(value(&of_table), "26/11/2034 07.30 WIB");
    }

    #[test]
    fn a_line_of_a_table_keeps_its_reason_when_it_is_tried_again() {
        let fault = LineFault::Cells { found: 2, expected: 4 };
        let place = LetterPlace::Line { file: "b.csv".to_owned(), line: 3 };
        let letter = DeadLetter::of_item("b", b"2,kurang", &fault.to_string(), now())
            .standing(place)
            .because(why_line(&fault, SetBy::Options).unwrap());
        let refusal = again(&letter, &Intake::new("any", now())).unwrap_err();
        assert_eq!(refusal.reason, "2 cells, the header has 4");
        assert_eq!(refusal.why, letter.why);
    }
}
