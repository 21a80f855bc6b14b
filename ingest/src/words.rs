//! Refusals in the words of the interface.

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

fn expectation(lang: Lang, expected: Expected) -> String {
    let channels: Vec<&str> = stream::Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    lang.fill(&format!("ingest.expected.{}", expected.code()), &[("channels", &channels.join(", "))])
}
