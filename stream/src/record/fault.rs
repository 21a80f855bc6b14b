//! What is wrong with a record that was read from the bus.

/// Why a record could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Its bytes are not what its type says; it is parked.
    #[error("{0}")]
    Malformed(String),
    /// A newer program wrote it: reading stops, nothing is parked.
    #[error("version {found} is newer than the version {known} this program reads")]
    Newer {
        /// The record's version.
        found: u32,
        /// Ours.
        known: u32,
    },
}

/// The type of a record that stands for a damaged chunk of a `Log`: it holds the chunk's bytes, its key says which
/// records are lost.
pub(crate) const DAMAGED: &str = "damaged chunk";

/// What is wrong with the bytes of a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// They are lost with a piece of the log.
    #[error("{records} lie in a damaged chunk of the log")]
    Damaged {
        /// Which records.
        records: String,
    },
    /// Another type than the topic holds.
    #[error("type {found:?} where {expected:?} was expected")]
    Type {
        /// What it says it is.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A field that must be there is not.
    #[error("missing field {field} (line {line}, column {column})")]
    Missing {
        /// The field.
        field: String,
        /// The line of the JSON text, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// No JSON, or JSON of another shape. The text is not quoted: it may hold a name.
    #[error("{} (line {line}, column {column})", .what.words())]
    Json {
        /// What is wrong.
        what: JsonFault,
        /// The line of the JSON text, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
}

/// How a JSON text fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// It cannot be read.
    Unreadable,
    /// It is no JSON.
    Syntax,
    /// It ends too early.
    Early,
    /// A field is missing or of another kind.
    Shape,
}

impl JsonFault {
    fn words(self) -> &'static str {
        match self {
            JsonFault::Unreadable => "cannot be read",
            JsonFault::Syntax => "is not JSON",
            JsonFault::Early => "ends early",
            JsonFault::Shape => "has a missing or wrong field",
        }
    }
}

impl RecordFault {
    /// A stable code for texts.
    pub fn code(&self) -> &'static str {
        match self {
            RecordFault::Damaged { .. } => "damaged",
            RecordFault::Type { .. } => "type",
            RecordFault::Missing { .. } => "missing",
            RecordFault::Json { what, .. } => match what {
                JsonFault::Unreadable => "unreadable",
                JsonFault::Syntax => "not_json",
                JsonFault::Early => "ends_early",
                JsonFault::Shape => "wrong_field",
            },
        }
    }
}

/// What is wrong with a JSON text and where.
pub(super) fn fault_of(error: &serde_json::Error) -> RecordFault {
    use serde_json::error::Category;
    let (line, column) = (error.line(), error.column());
    let told = error.to_string();
    if let Some(field) = told.strip_prefix("missing field ").and_then(|rest| rest.split('`').nth(1)) {
        return RecordFault::Missing { field: field.to_owned(), line, column };
    }
    let what = match error.classify() {
        Category::Io => JsonFault::Unreadable,
        Category::Syntax => JsonFault::Syntax,
        Category::Eof => JsonFault::Early,
        Category::Data => JsonFault::Shape,
    };
    RecordFault::Json { what, line, column }
}
