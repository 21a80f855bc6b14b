//! Refusals and failures in the words of the interface.

pub(crate) mod both;
mod failure;

use lexicons::Lang;
use stream::{DeadLetter, ItemError, LetterPlace, Why, nearest};

use crate::import::job::SetBy;
use crate::import::outcome::{Fault, LineFault};
use crate::letter::{why_item, why_line};

pub use both::Words;
pub(crate) use failure::import_error_set_by;
pub use failure::{bus_error, import_error, io_error, mapping_error};

/// Why an item was refused, in `lang`.
pub fn item_error(lang: Lang, error: &ItemError) -> String {
    words(lang, &why_item(error))
}

/// Why an item that a program sent was refused, in `lang`.
pub(crate) fn sent_error(lang: Lang, error: &ItemError) -> String {
    sent(lang, &why_item(error))
}

/// The same of a reason. Who sends has no command line: a time without zone is the sender's to mend.
fn sent(lang: Lang, why: &Why) -> String {
    match why.code == "item.no_zone" {
        true => words(lang, &Why { code: "item.no_zone_sent".to_owned(), ..why.clone() }),
        false => words(lang, why),
    }
}

/// What is wrong with a line of a file, without saying which.
pub fn line_cause(lang: Lang, cause: &LineFault) -> String {
    why_line(cause, SetBy::Options).map_or_else(|| cause.to_string(), |why| words(lang, &why))
}

/// What is wrong with a line of a file, in `lang`.
pub fn line_fault(lang: Lang, fault: &Fault) -> String {
    let place = LetterPlace::Line { file: fault.file.clone(), line: fault.line };
    placed(lang, &place, &line_cause(lang, &fault.cause))
}

/// Why something lies in the dead letters and where it stood, in `lang`; as it was noted down, where no text fits.
pub fn letter_reason(lang: Lang, letter: &DeadLetter) -> String {
    if let Some(fault) = letter.record_fault() {
        let values = match &fault {
            stream::RecordFault::Damaged { records } => vec![("records", records.clone())],
            stream::RecordFault::Type { found, expected } => {
                vec![("found", found.clone()), ("expected", (*expected).to_owned())]
            }
            stream::RecordFault::Missing { field, line, column } => {
                vec![("field", field.clone()), ("line", line.to_string()), ("column", column.to_string())]
            }
            stream::RecordFault::Json { line, column, .. } => {
                vec![("line", line.to_string()), ("column", column.to_string())]
            }
        };
        return filled(lang, &format!("ingest.record.{}", fault.code()), &values);
    }
    let reason = match &letter.why {
        Some(why) if matches!(letter.place, Some(LetterPlace::Request { .. })) => sent(lang, why),
        Some(why) => words(lang, why),
        None => letter.bare_reason().to_owned(),
    };
    letter.place.as_ref().map_or_else(|| reason.clone(), |place| placed(lang, place, &reason))
}

/// A reason in `lang`, with the names in its values turned into words too.
fn words(lang: Lang, why: &Why) -> String {
    let value = |name: &str, value: &str| match name {
        "expected" => expectation(lang, value),
        "found" | "value" => text_or(lang, "kind", value),
        "message" => text_or(lang, "json", value),
        _ => value.to_owned(),
    };
    let values: Vec<(&str, String)> =
        why.values.iter().map(|(name, text)| (name.as_str(), value(name, text))).collect();
    let told = filled(lang, &format!("ingest.{}", why.code), &values);
    if why.values.contains_key("near") {
        return format!("{told} {}", filled(lang, "ingest.item.near", &values));
    }
    match near_channel(why) {
        Some(near) => format!("{told} {}", lang.fill("ingest.map.near", &[("near", near)])),
        None => told,
    }
}

/// The channel that a value was probably meant to be.
fn near_channel(why: &Why) -> Option<&'static str> {
    why.values.get("expected").filter(|expected| *expected == "channel")?;
    let value = why.values.get("value")?.trim_matches('\'');
    nearest(value, stream::Channel::ALL.iter().map(|channel| channel.as_str()))
}

fn placed(lang: Lang, place: &LetterPlace, reason: &str) -> String {
    match place {
        LetterPlace::Line { file, line } => {
            lang.fill("ingest.line.fault", &[("file", file), ("line", &line.to_string()), ("reason", reason)])
        }
        LetterPlace::Request { item } => {
            // People count from 1.
            let item = item.saturating_add(1).to_string();
            lang.fill("ingest.item.fault", &[("item", &item), ("reason", reason)])
        }
        LetterPlace::Feed { entry } => {
            lang.fill("ingest.item.entry_fault", &[("entry", &entry.to_string()), ("reason", reason)])
        }
    }
}

fn filled(lang: Lang, key: &str, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lang.fill(key, &values)
}

fn expectation(lang: Lang, code: &str) -> String {
    let channels: Vec<&str> = stream::Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    lang.fill(&format!("ingest.expected.{code}"), &[("channels", &channels.join(", "))])
}

/// The text for a fixed phrase of ours or of the JSON reader; the phrase itself where there is none.
fn text_or(lang: Lang, table: &str, phrase: &str) -> String {
    let mut name = String::new();
    for c in phrase.chars() {
        let spelt = match c {
            ',' => "comma",
            ':' => "colon",
            ']' => "bracket",
            '}' => "brace",
            '"' => "quote",
            c if c.is_ascii_alphanumeric() => {
                name.push(c.to_ascii_lowercase());
                continue;
            }
            _ => "_",
        };
        name.push_str(spelt);
    }
    let parts: Vec<&str> = name.split('_').filter(|part| !part.is_empty()).collect();
    let key = format!("ingest.{table}.{}", parts.join("_"));
    if lang.texts().has(&key) { lang.get(&key).to_owned() } else { phrase.to_owned() }
}

#[cfg(test)]
mod tests {
    use stream::Item;

    use super::*;

    #[test]
    fn every_refusal_has_words_in_both_languages() {
        for json in [
            "[]".to_owned(),
            "{".to_owned(),
            "{}".to_owned(),
            " ".repeat(300_000),
            r#"{"text":"a","posted_at":"kemarin"}"#.to_owned(),
            r#"{"text":"a","posted_at":"2024-11-26T21:00:00Z","channel":"friendster"}"#.to_owned(),
            r#"{"text":"a","posted_at":"2024-11-26T21:00:00Z","source_type":"private"}"#.to_owned(),
        ] {
            let error = Item::parse(json.as_bytes()).unwrap_err();
            for lang in [Lang::Id, Lang::En] {
                let words = item_error(lang, &error);
                assert!(
                    words.ends_with('.') && !words.contains('{') && !words.contains("ingest."),
                    "{words}"
                );
                assert!(error.field().is_none_or(|field| words.contains(field)), "{words}");
            }
        }
    }

    #[test]
    fn what_the_json_reader_says_is_told_in_indonesian_too() {
        for broken in [
            "{\"text\": }",
            "{\"text\" 1}",
            "{\"text\":\"a\" \"b\"}",
            "{\"text\":[1 2]}",
            "{\"text\":\"a",
            "{\"text\":[1,",
            "{\"text\":\"a\",}",
            "{1:2}",
            "{} {}",
            "{\"text\":\"\\q\"}",
            "{\"text\":\"a\tb\"}",
            "{\"text\":01}",
            "{\"text\":tru}",
            "{\"text\":\"\\ud800\"}",
        ] {
            let error = Item::parse(broken.as_bytes()).unwrap_err();
            let ItemError::NotJson { message, .. } = &error else { panic!("{broken} is JSON") };
            let told = item_error(Lang::Id, &error);
            assert!(!told.contains(message.as_str()), "{broken}: {told}");
        }
    }

    #[test]
    fn a_misspelt_field_is_asked_back() {
        let json = br#"{"chanel":"x","text":"a","posted_at":"2024-11-26T21:00:00Z"}"#;
        let now = jiff::Timestamp::UNIX_EPOCH;
        let error = Item::parse(json).unwrap().into_post(&stream::Intake::new("uji", now)).unwrap_err();
        assert_eq!(
            item_error(Lang::Id, &error),
            "Isian channel tidak ada. Ada 'chanel': maksudnya 'channel'?"
        );
        let json = br#"{"channel":"Facebok","text":"a","posted_at":"2024-11-26T21:00:00Z"}"#;
        let told = item_error(Lang::Id, &Item::parse(json).unwrap_err());
        assert!(told.ends_with("lapangan. Maksudnya 'facebook'?"), "{told}");
    }

    #[test]
    fn a_fault_of_a_line_names_file_and_line() {
        let cause = LineFault::Cells { found: 2, expected: 3 };
        let fault = Fault { file: "laporan.csv".to_owned(), line: 7, cause };
        let words = line_fault(Lang::Id, &fault);
        assert_eq!(words, "laporan.csv, baris 7: Ada 2 sel, padahal judul tabel memuat 3 kolom.");
    }

    #[test]
    fn a_cell_is_told_by_the_name_of_its_column_and_with_the_times_that_tables_may_hold() {
        let told = |line: &str| {
            let error = Item::parse(line.as_bytes())
                .and_then(|item| item.into_post(&stream::Intake::new("uji", jiff::Timestamp::UNIX_EPOCH)));
            let cause = LineFault::Cell { column: "Waktu".to_owned(), error: error.unwrap_err() };
            line_cause(Lang::Id, &cause)
        };
        let wrong = told(r#"{"channel":"x","text":"a","posted_at":"kemarin"}"#);
        for part in ["Waktu berisi 'kemarin'", "23/11/2026 05.40", "2026-11-23 05.40"] {
            assert!(wrong.contains(part), "{wrong}");
        }
        let empty = told(r#"{"channel":"x","text":"a","posted":"kemarin"}"#);
        assert_eq!(empty, "Sel pada kolom Waktu kosong, padahal wajib diisi.");
    }

    #[test]
    fn a_record_in_the_dead_letters_is_explained_by_what_it_holds() {
        let record = stream::Incoming {
            topic: stream::Topic::Posts,
            partition: 0,
            offset: 7,
            key: "k".to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
            kind: "post".to_owned(),
            version: 1,
            bytes: b"{\"id\":".to_vec(),
        };
        let letter = DeadLetter::of_record(&record, "classify", "ends early", jiff::Timestamp::UNIX_EPOCH);
        let told = letter_reason(Lang::Id, &letter);
        assert!(told.contains("berakhir") && told.contains("kolom 6"), "{told}");
        assert!(letter_reason(Lang::En, &letter).contains("column 6"));
    }
}
