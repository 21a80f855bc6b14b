//! Small lexicons for tests: the shipped slang, laws, calendar and contests with a test's own sets and rules.

use crate::fault::Fault;
use crate::lexicon::Lexicon;
use crate::sources::Sources;

/// Words that many tests of the fold need in the vocabulary.
const SETS: &str = r#"
[[set]]
name = "burn"
why = "fire"
roots = ["bakar", "serang", "serbu", "pukul", "tembak"]
stop = ["bakar ikan", "serangan fajar"]

[[set]]
name = "office"
why = "offices"
words = ["kpu", "kantor", "kantor kpu", "kotak suara", "🔥", "anjing", "ramai", "rame-rame"]
"#;

/// The shipped data with these sets and rules in place of the shipped ones.
pub(crate) fn lexicon(sets: &str, rules: &str) -> Result<Lexicon, Vec<Fault>> {
    let embedded = Sources::embedded();
    let mut sources = Sources::none().with("sets/test.toml", sets).with("rules/test.toml", rules);
    for file in ["slang.toml", "law.toml", "calendar.toml", "contests.toml"] {
        sources = sources.with(file, embedded.file(file));
    }
    Lexicon::from_sources(&sources, Vec::new())
}

/// The shipped data with a few sets and no rules.
pub(crate) fn plain() -> Lexicon {
    match lexicon(SETS, "") {
        Ok(lexicon) => lexicon,
        Err(faults) => panic!("{faults:?}"),
    }
}
