//! A fault in lexicon data, told by file, line and column so that a keeper who is no programmer finds it.

use std::fmt;

use crate::said::Said;
use crate::texts::Lang;

/// One fault in a lexicon file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub struct Fault {
    /// The file, as a path inside the lexicon folder (`rules/kf-02.toml`).
    pub file: String,
    /// Line, from 1; 0 when the fault concerns the file as a whole.
    pub line: u32,
    /// Column in characters, from 1; 0 when it concerns the line as a whole.
    pub column: u32,
    /// What is wrong.
    pub said: Said,
}

impl Fault {
    /// A fault at a place.
    pub fn new(file: &str, line: u32, column: u32, said: Said) -> Fault {
        Fault { file: file.to_owned(), line, column, said }
    }

    /// A fault at byte `offset` of `source`.
    pub fn at(file: &str, source: &str, offset: usize, said: Said) -> Fault {
        let (line, column) = line_column(source, offset);
        Fault::new(file, line, column, said)
    }

    /// The fault with its place (`file:line:column`, as far as known), in `lang`.
    pub fn text(&self, lang: Lang) -> String {
        let mut text = self.file.clone();
        for number in [self.line, self.column].into_iter().filter(|number| *number > 0) {
            text.push_str(&format!(":{number}"));
        }
        format!("{text}: {}", self.said.text(lang))
    }

    /// A line for each of `faults`, in `lang`.
    pub fn lines(faults: &[Fault], lang: Lang) -> Vec<String> {
        faults.iter().map(|fault| fault.text(lang)).collect()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A log line is one line.
        f.write_str(&self.text(Lang::En).replace("\n    ", "; "))
    }
}

/// Line and column (characters, from 1) of byte `offset` in `source`.
pub(crate) fn line_column(source: &str, offset: usize) -> (u32, u32) {
    let mut end = offset.min(source.len());
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let before = &source[..end];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// Where the lines of a file begin: for a file of many rules, whose lines are all asked for.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    /// Finds the lines of `source`.
    pub(crate) fn of(source: &str) -> Lines {
        Lines(source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    /// The line, from 1, that byte `offset` stands in.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|end| *end < offset) + 1).unwrap_or(u32::MAX)
    }
}

/// Where byte `at` of a TOML string's value stands in the string as written, quotes and escapes counted.
pub(crate) fn raw_offset(raw: &str, at: usize) -> usize {
    let quotes = if raw.starts_with("'''") || raw.starts_with("\"\"\"") { 3 } else { 1 };
    if raw.starts_with('\'') {
        return quotes + at;
    }
    let mut value = 0;
    let mut written = quotes;
    let mut chars = raw.get(quotes..).unwrap_or_default().chars();
    while value < at {
        let Some(c) = chars.next() else { break };
        written += c.len_utf8();
        value += c.len_utf8();
        if c == '\\'
            && let Some(escaped) = chars.next()
        {
            written += escaped.len_utf8();
        }
    }
    written
}
