//! The keys that the tables of a file leave out, all together: the parser stops at the first.

use std::collections::HashMap;

use toml::{Spanned, Table, Value};

use crate::fault::Fault;
use crate::said;
use crate::slang::toml_fault;

/// What every table of one name must have.
pub(crate) struct Wanted {
    /// The name of the tables.
    pub(crate) table: &'static str,
    /// Their keys that must be there.
    pub(crate) keys: &'static [&'static str],
    /// The tables inside each, and their keys.
    pub(crate) inside: Option<(&'static str, &'static [&'static str])>,
}

/// What is wrong with `source`, which `error` refused: every key that its tables leave out, else the parser's words.
pub(crate) fn told(file: &str, source: &str, error: &toml::de::Error, wanted: &Wanted) -> Vec<Fault> {
    let tables: HashMap<String, Vec<Spanned<Table>>> = toml::from_str(source).unwrap_or_default();
    let mut faults = Vec::new();
    for (n, table) in tables.get(wanted.table).into_iter().flatten().enumerate() {
        let mut fault = |name: String, table: &Table, at: usize, keys: &[&str]| {
            let left_out: Vec<&str> = keys.iter().copied().filter(|key| !table.contains_key(*key)).collect();
            if !left_out.is_empty() {
                faults.push(Fault::at(file, source, at, said::keys_left_out(&name, &left_out.join(", "))));
            }
        };
        let (at, table) = (table.span().start, table.get_ref());
        let name = format!("[[{}]] {}", wanted.table, n + 1);
        fault(name.clone(), table, at, wanted.keys);
        let Some((inside, keys)) = wanted.inside else { continue };
        let rows = table.get(inside).and_then(Value::as_array).into_iter().flatten();
        for (n, row) in rows.enumerate() {
            if let Some(row) = row.as_table() {
                fault(format!("{name}, {inside} {}", n + 1), row, at, keys);
            }
        }
    }
    // What the parser stopped at is among them, unless it is of another kind.
    if faults.is_empty() || !error.message().starts_with("missing field") {
        faults.push(toml_fault(file, source, error));
    }
    faults
}
