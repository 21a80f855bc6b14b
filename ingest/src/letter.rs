//! Items that were refused: as dead letters, and another try at them.

use jiff::Timestamp;
use stream::{BusError, DeadLetter, Intake, Item, Outgoing};

/// A dead letter of an item that `source` sent and the edge refused.
pub(crate) fn refused(
    source: &str,
    bytes: &[u8],
    reason: &str,
    now: Timestamp,
) -> Result<Outgoing, BusError> {
    DeadLetter::of_item(source, bytes, reason, now).outgoing()
}

/// Another try at a dead letter: a record goes back to its topic; an item is read again by today's rules,
/// taken in as `intake` says (its source's name stays that of the letter).
///
/// # Errors
/// The reason why it cannot be read this time either.
pub fn again(letter: &DeadLetter, intake: &Intake) -> Result<Vec<Outgoing>, String> {
    if let Some(record) = letter.back() {
        return Ok(vec![record]);
    }
    let intake = Intake { source: letter.reader.clone(), ..intake.clone() };
    let post = Item::parse(&letter.bytes())
        .and_then(|item| item.into_post(&intake))
        .map_err(|error| error.to_string())?;
    Outgoing::record(&post).map(|record| vec![record]).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_item_comes_in_once_its_source_has_a_zone() {
        let now: Timestamp = "2024-11-27T00:00:00Z".parse().unwrap();
        let line = br#"{"id":"1","channel":"x","posted_at":"2024-11-26 07:00","text":"halo"}"#;
        let letter = DeadLetter::of_item("media", line, "no zone", now);
        let without = Intake::new("any", now);
        assert!(again(&letter, &without).unwrap_err().contains("no zone"));
        let with = Intake { zone: Some(stream::Zone::Wib), ..without };
        let records = again(&letter, &with).unwrap();
        assert_eq!(records[0].key, stream::PostId::of_source("media", "1").as_str());
    }
}
