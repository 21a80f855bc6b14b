//! The entries of a file (`[[rule]]`, `[[guard]]`), each read by itself: a mistake in one hides no other.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::fault::Fault;
use crate::parser::Unknown;
use crate::said::Said;
use crate::slang::toml_fault;

/// What an entry is read with in place of a key that is missing or unreadable, so that its other keys are checked too.
const STAND_INS: [(&str, &str); 7] = [
    ("title", "-"),
    ("why", "-"),
    ("category", "KF-14"),
    ("when", "kantor"),
    ("since", "2026-11-22"),
    ("clears", "all"),
    ("name", "-"),
];

/// Further keys whose lack is told.
const NEEDED: [&str; 4] = ["id", "scope", "flagged", "clean"];

fn is_needed(key: &str) -> bool {
    NEEDED.contains(&key) || STAND_INS.iter().any(|(needed, _)| *needed == key)
}

/// One entry of a file.
pub(super) struct Entry<T> {
    pub(super) raw: T,
    /// Nothing stands in for a key of its own.
    pub(super) whole: bool,
}

/// Every entry of the list `list`, which is all that such a file holds.
pub(super) fn entries<T: DeserializeOwned>(
    file: &str,
    source: &str,
    list: &str,
    faults: &mut Vec<Fault>,
) -> Vec<Entry<T>> {
    let root = match DeTable::parse(source) {
        Ok(root) => root.into_inner(),
        Err(error) => {
            faults.push(toml_fault(file, source, &error));
            return Vec::new();
        }
    };
    let mut fault = |at: usize, message: &str| {
        faults.push(Fault::at(file, source, at, Said::Parser(message.replace('\n', " "))));
    };
    let mut read = Vec::new();
    for (key, value) in root {
        let at = value.span().start;
        if key.get_ref() != list {
            fault(key.span().start, &format!("unknown field `{}`, expected `{list}`", key.get_ref()));
            continue;
        }
        let DeValue::Array(all) = value.into_inner() else {
            fault(at, "invalid type: map, expected a sequence");
            continue;
        };
        for one in all {
            let span = one.span();
            match one.into_inner() {
                DeValue::Table(table) => read.extend(entry(table, span, &mut fault)),
                _ => fault(span.start, "invalid type: sequence, expected map"),
            }
        }
    }
    read
}

/// One entry: each round tells one mistake and takes it out of the way.
fn entry<T: DeserializeOwned>(
    mut table: DeTable<'_>,
    span: std::ops::Range<usize>,
    fault: &mut impl FnMut(usize, &str),
) -> Option<Entry<T>> {
    let mut whole = true;
    for _ in 0..=table.len() + STAND_INS.len() {
        let error = match T::deserialize(Deserializer::from(Spanned::new(span.clone(), table.clone()))) {
            Ok(raw) => return Some(Entry { raw, whole }),
            Err(error) => error,
        };
        let at = error.span().map_or(span.start, |span| span.start);
        fault(at, error.message());
        let missing = error.message().strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        let holds = |key: &Spanned<Cow<'_, str>>, value: &Spanned<DeValue<'_>>| {
            key.span().contains(&at) || value.span().contains(&at)
        };
        let wrong =
            table.iter().find(|(key, value)| holds(key, value)).map(|(key, _)| key.get_ref().to_string());
        let name = missing.map(str::to_owned).or(wrong)?;
        let removed = table.remove_entry(name.as_str());
        if let Some(unknown) = Unknown::of(error.message()) {
            // Read as what was meant where its lack would be told as a second mistake.
            if let (Some(near), Some((key, value))) = (unknown.near().filter(|near| is_needed(near)), removed)
                && !table.contains_key(near)
            {
                table.insert(Spanned::new(key.span(), Cow::Owned(near.to_owned())), value);
            }
            continue;
        }
        let value = match name.as_str() {
            // No other entry has this one.
            "id" => format!("?{}", span.start),
            "scope" => if table.contains_key("reach") { "token" } else { "text" }.to_owned(),
            other => match STAND_INS.iter().find(|(key, _)| *key == other) {
                Some((_, value)) => (*value).to_owned(),
                None => continue,
            },
        };
        whole = false;
        let value = DeValue::String(Cow::Owned(value));
        table.insert(Spanned::new(span.clone(), Cow::Owned(name)), Spanned::new(span.clone(), value));
    }
    None
}
