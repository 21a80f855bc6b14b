//! Refusals and failures in the words of the interface.

use std::io;

use crate::import::{Fault, ImportError, LineFault, Mapping, MappingError, NotText};
use crate::letter::{why_item, why_line};
use lexicons::Lang;
use serde::{Deserialize, Serialize};
use stream::{BusError, DeadLetter, ItemError, LetterPlace, Why, nearest};

/// One text in each language: who shows it may be another process than the one that knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Words {
    id: String,
    en: String,
}

impl Words {
    /// What `told` says in each language.
    pub(crate) fn of(told: impl Fn(Lang) -> String) -> Words {
        Words { id: told(Lang::Id), en: told(Lang::En) }
    }

    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

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
    why_line(cause).map_or_else(|| cause.to_string(), |why| words(lang, &why))
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

/// Why an import ended early, in `lang`.
pub fn import_error(lang: Lang, error: &ImportError) -> String {
    let (key, path, line, reason) = match error {
        ImportError::Open { path, cause } => ("file", path, 0, io_error(lang, cause)),
        ImportError::Read { path, line: 0, cause } => ("file", path, 0, io_error(lang, cause)),
        ImportError::Read { path, line, cause } => ("stopped", path, *line, io_error(lang, cause)),
        ImportError::NotText { path, what } => ("file", path, 0, not_text(lang, *what)),
        ImportError::Header { path, cause } => ("header", path, 1, mapping_error(lang, cause)),
        ImportError::Bus(error) => return bus_error(lang, error),
    };
    let values = [("path", path.display().to_string()), ("line", line.to_string()), ("reason", reason)];
    filled(lang, &format!("ingest.import.{key}"), &values)
}

/// What something that is no text is and what to do with it, in `lang`.
fn not_text(lang: Lang, what: NotText) -> String {
    lang.get(&format!("ingest.import.not_text.{}", what.key())).to_owned()
}

/// Why columns cannot be matched with fields, in `lang`.
pub fn mapping_error(lang: Lang, error: &MappingError) -> String {
    let columns = |found: &[String]| ("found", found.join(", "));
    let (key, near, values) = match error {
        MappingError::Form(pair) => ("form", None, vec![("pair", pair.clone())]),
        MappingError::Field { name, near } => {
            ("field", *near, vec![("name", name.clone()), ("fields", Mapping::fields())])
        }
        MappingError::Twice(name) => ("twice", None, vec![("name", name.clone())]),
        MappingError::Column { column, near, found } => {
            ("column", near.as_deref(), vec![("name", column.clone()), columns(found)])
        }
        MappingError::NoColumn { field, near, found } => {
            // A channel can be given for all at once.
            let key = if *field == "channel" { "no_channel" } else { "no_column" };
            (key, near.as_deref(), vec![("name", (*field).to_owned()), columns(found)])
        }
        MappingError::NotUtf8 => ("not_utf8", None, Vec::new()),
        MappingError::Empty => ("empty", None, Vec::new()),
    };
    let told = filled(lang, &format!("ingest.map.{key}"), &values);
    match near {
        Some(near) => format!("{told} {}", lang.fill("ingest.map.near", &[("near", near)])),
        None => told,
    }
}

/// What the system says of a file or an address, in `lang`; in its own words where no text fits.
pub fn io_error(lang: Lang, error: &io::Error) -> String {
    use io::ErrorKind as K;
    let key = match error.kind() {
        K::NotFound => "not_found",
        K::PermissionDenied => "permission_denied",
        K::AlreadyExists => "already_exists",
        K::IsADirectory => "is_a_directory",
        K::NotADirectory => "not_a_directory",
        K::StorageFull => "storage_full",
        K::ReadOnlyFilesystem => "read_only",
        K::ConnectionRefused => "refused",
        K::TimedOut => "timed_out",
        K::AddrInUse => "in_use",
        K::AddrNotAvailable => "no_address",
        K::UnexpectedEof => "cut_short",
        K::InvalidData | K::InvalidInput => "damaged",
        _ => return error.to_string(),
    };
    lang.fill(&format!("ingest.io.{key}"), &[("cause", &error.to_string())])
}

/// What is wrong with the bus, in `lang`.
pub fn bus_error(lang: Lang, error: &BusError) -> String {
    let (key, values) = match error {
        BusError::Full { cause } => ("full", vec![("cause", cause.clone())]),
        BusError::Open { path, cause } => {
            ("open", vec![("path", path.display().to_string()), ("cause", cause.clone())])
        }
        BusError::Storage { cause } => ("storage", vec![("cause", cause.clone())]),
        BusError::Unreachable { brokers, cause } => {
            ("unreachable", vec![("brokers", brokers.clone()), ("cause", cause.clone())])
        }
        BusError::NoTopic { brokers, topic } => {
            ("no_topic", vec![("brokers", brokers.clone()), ("topic", topic.clone())])
        }
        BusError::Taken { group, holder } => {
            let key = if group == "dead-letters" { "retried" } else { "taken" };
            (key, vec![("group", group.clone()), ("holder", holder.clone())])
        }
        BusError::Fenced { instance } => ("fenced", vec![("instance", instance.clone())]),
        other => return other.to_string(),
    };
    filled(lang, &format!("ingest.bus.{key}"), &values)
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
            lang.fill("ingest.item.fault", &[("item", &item.to_string()), ("reason", reason)])
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

    #[test]
    fn faults_of_a_table_and_of_the_system_have_words() {
        let header = ["Teks".to_owned(), "posted_at".to_owned()].to_vec();
        let no_column =
            MappingError::NoColumn { field: "text", near: Some("Teks".to_owned()), found: header };
        let told = mapping_error(Lang::Id, &no_column);
        assert!(told.contains("--map text=") && told.ends_with("Maksudnya 'Teks'?"), "{told}");
        let none = io_error(Lang::Id, &io::Error::from(io::ErrorKind::NotFound));
        assert!(!none.contains("ingest.") && !none.contains("not found"), "{none}");
    }
}
