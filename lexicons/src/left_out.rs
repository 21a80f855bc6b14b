//! A lexicon with one of its parts taken away: what that part is worth is what is lost without it.

use std::path::Path;

use crate::fault::Fault;
use crate::lexicon::Lexicon;
use crate::sources::Sources;
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

impl Lexicon {
    /// As [`Lexicon::load`], with one part taken away; the examples of rules are not tried, since some must fail.
    ///
    /// # Errors
    /// Every fault at once; the same data is always refused again.
    pub fn load_without(dir: Option<&Path>, part: &LeftOut) -> Result<Lexicon, Vec<Fault>> {
        let mut faults = Vec::new();
        let sources = match dir {
            Some(dir) => Sources::overlaid(dir, &mut faults),
            None => Sources::embedded(),
        };
        Lexicon::read_without(&sources, faults, Some(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Reading;

    fn has(lexicon: &Lexicon, set: &str, text: &str) -> bool {
        let mut reading = Reading::default();
        lexicon.read(text, &mut reading);
        lexicon.set(set).is_some_and(|set| reading.has(set))
    }

    #[test]
    fn each_part_can_be_taken_away() {
        let whole = Lexicon::builtin();
        let without = |part| Lexicon::load_without(None, &part).expect("it loads");
        assert!(without(LeftOut::Rules).rules().is_empty());
        assert!(without(LeftOut::Guards).guards().is_empty());
        let guard = whole.guards()[0].name.clone();
        let one = without(LeftOut::Guard(guard.clone()));
        assert_eq!(one.guards().len(), whole.guards().len() - 1);
        assert!(one.guards().iter().all(|other| other.name != guard));
        assert!(without(LeftOut::SecondReader).second_reader().is_empty());
        let text = "gudangnya mau disuluti";
        assert!(has(&whole, "burn_v", text));
        assert!(!has(&without(LeftOut::Morphology), "burn_v", text));
    }
}
