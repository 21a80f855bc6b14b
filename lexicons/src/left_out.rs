//! The parts of a lexicon that can be taken away: what one is worth is what is lost without it.

use crate::weights;

/// A part that can be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Every rule: the second reader is alone.
    Rules,
    /// One rule, by id.
    Rule(String),
    /// Every guard.
    Guards,
    /// One guard, by name.
    Guard(String),
    /// The second reader.
    SecondReader,
    /// Slang and abbreviations.
    Slang,
    /// The forms that roots expand into: roots match as they stand.
    Morphology,
    /// Names, slogans and colours of candidate pairs.
    Contests,
}

impl LeftOut {
    /// The file that is read as empty.
    pub(crate) fn file(&self) -> Option<&'static str> {
        match self {
            LeftOut::SecondReader => Some(weights::FILE),
            LeftOut::Slang => Some("slang.toml"),
            LeftOut::Contests => Some("contests.toml"),
            _ => None,
        }
    }

    pub(crate) fn holds_guard(&self, name: &str) -> bool {
        *self == LeftOut::Guards || matches!(self, LeftOut::Guard(guard) if guard == name)
    }

    pub(crate) fn holds_rule(&self, id: &str) -> bool {
        *self == LeftOut::Rules || matches!(self, LeftOut::Rule(rule) if rule == id)
    }
}
