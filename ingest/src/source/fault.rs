//! What is wrong with a source in the configuration, and the words for it.

use lexicons::Lang;

use crate::import::MappingError;

/// A fault of one source in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFault {
    /// Which source of the list, from 0.
    pub position: usize,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What is wrong with a source, with what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A name that cannot be one.
    Name(String),
    /// A name that a source before it has.
    SameName(String),
    /// No address of a feed.
    Address(String),
    /// Polled without pause.
    Every,
    /// A folder without path.
    NoPath,
    /// A map of columns that cannot be read.
    Map(String, MappingError),
}

impl SourceFault {
    /// The key it is about.
    pub fn key(&self) -> &'static str {
        match &self.wrong {
            Wrong::Name(_) | Wrong::SameName(_) => "name",
            Wrong::Address(_) => "url",
            Wrong::Every => "every_s",
            Wrong::NoPath => "path",
            Wrong::Map(..) => "map",
        }
    }

    /// Key, value and what is wrong, in `lang`.
    pub fn text(&self, lang: Lang) -> String {
        let (value, told) = match &self.wrong {
            Wrong::Name(name) => (format!("{name:?}"), lang.get("ingest.source.name").to_owned()),
            Wrong::SameName(name) => (format!("{name:?}"), lang.get("ingest.source.same_name").to_owned()),
            Wrong::Address(url) => (format!("{url:?}"), lang.get("ingest.source.address").to_owned()),
            Wrong::Every => ("0".to_owned(), lang.get("ingest.source.every").to_owned()),
            Wrong::NoPath => ("\"\"".to_owned(), lang.get("ingest.source.no_path").to_owned()),
            Wrong::Map(map, error) => (format!("{map:?}"), crate::mapping_error(lang, error)),
        };
        format!("{} = {value}: {told}", self.key())
    }
}
