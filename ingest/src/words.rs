//! Refusals in the words of the interface.

use crate::import::{Fault, LineFault};
use lexicons::Lang;
use stream::{Expected, ItemError, MAX_ITEM_BYTES, MAX_TEXT_BYTES};

/// Why an item was refused, in `lang`.
pub fn item_error(lang: Lang, error: &ItemError) -> String {
    let key = format!("ingest.item.{}", error.code());
    let field = error.field().unwrap_or_default();
    let mut values = vec![("field", field.to_owned())];
    match error {
        ItemError::TooLarge { bytes } => {
            values.push(("bytes", bytes.to_string()));
            values.push(("limit", MAX_ITEM_BYTES.to_string()));
        }
        ItemError::NotJson { column, message } => {
            values.push(("column", column.to_string()));
            values.push(("message", message.clone()));
        }
        ItemError::NotAnObject { found } => values.push(("found", (*found).to_owned())),
        ItemError::BadValue { value, expected, .. } => {
            values.push(("value", value.clone()));
            values.push(("expected", expectation(lang, *expected)));
        }
        ItemError::TextTooLong { bytes, .. } => {
            values.push(("bytes", bytes.to_string()));
            values.push(("limit", MAX_TEXT_BYTES.to_string()));
        }
        ItemError::NoZone { value } => values.push(("value", value.clone())),
        ItemError::Missing { .. } | ItemError::PrivateWithoutConsent => {}
    }
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lang.fill(&key, &values)
}

/// What is wrong with a line of a file, in `lang`.
pub fn line_fault(lang: Lang, fault: &Fault) -> String {
    let reason = match &fault.cause {
        LineFault::Item(error) => item_error(lang, error),
        LineFault::Cells { found, expected } => lang
            .fill("ingest.line.cells", &[("found", &found.to_string()), ("expected", &expected.to_string())]),
        LineFault::OpenQuote => lang.get("ingest.line.open_quote").to_owned(),
        LineFault::NotUtf8 { at } => lang.fill("ingest.line.not_utf8", &[("at", &at.to_string())]),
        LineFault::Record(cause) => cause.clone(),
    };
    let line = fault.line.to_string();
    lang.fill("ingest.line.fault", &[("file", &fault.file), ("line", &line), ("reason", &reason)])
}

fn expectation(lang: Lang, expected: Expected) -> String {
    let channels: Vec<&str> = stream::Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    lang.fill(&format!("ingest.expected.{}", expected.code()), &[("channels", &channels.join(", "))])
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
                    words.ends_with('.') && !words.contains('{') && !words.starts_with("ingest."),
                    "{words}"
                );
                assert!(error.field().is_none_or(|field| words.contains(field)), "{words}");
            }
        }
    }

    #[test]
    fn a_fault_of_a_line_names_file_and_line() {
        let cause = LineFault::Cells { found: 2, expected: 3 };
        let fault = Fault { file: "laporan.csv".to_owned(), line: 7, cause };
        let words = line_fault(Lang::Id, &fault);
        assert_eq!(words, "laporan.csv, baris 7: Ada 2 sel, padahal judul tabel memuat 3 kolom.");
    }
}
