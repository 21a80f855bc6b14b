//! `slang.toml`: short forms, slang and regional words, made into the vocabulary that the fold reads.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use crate::fault::Fault;
use crate::fold::{Dialect, Dialects, Lexis, Pointed, bit};
use crate::said::{self, Said};
use crate::words::Word;

/// The file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    whole: Vec<String>,
    common: Vec<String>,
    stop: Vec<String>,
    numbered: Vec<String>,
    abbreviations: Vec<String>,
    titles: Vec<String>,
    clauses: Vec<String>,
    apart: Vec<String>,
    hours: Vec<String>,
    function: Vec<String>,
    slang: BTreeMap<Spanned<String>, Spanned<String>>,
    language: BTreeMap<Spanned<String>, Language>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Language {
    markers: Vec<Spanned<String>>,
    words: BTreeMap<Spanned<String>, Spanned<String>>,
    ambiguous: BTreeMap<Spanned<String>, Spanned<String>>,
}

const FILE: &str = "slang.toml";

/// What the file says: the vocabulary so far, and the forms that no root expands into.
pub(crate) struct Slang {
    pub(crate) lexis: Lexis,
    pub(crate) stop: BTreeSet<String>,
    function: BTreeSet<Word>,
}

impl Slang {
    /// The function word (*tidak*, *orang*) that a term of another spelling is read as, if it is one.
    pub(crate) fn function_word(&self, term: &str, dialects: Dialects) -> Option<&str> {
        let word = self.lexis.canonical(self.lexis.meant(dialects, self.lexis.word(term)));
        let name = self.lexis.name(word);
        (self.function.contains(&word) && name != term).then_some(name)
    }
}

/// Reads the file.
pub(crate) fn load(source: &str, faults: &mut Vec<Fault>) -> Slang {
    let mut lexis = Lexis::default();
    let file: File = match toml::from_str(source) {
        Ok(file) => file,
        Err(error) => {
            faults.push(toml_fault(FILE, source, &error));
            let (stop, function) = Default::default();
            return Slang { lexis, stop, function };
        }
    };
    let ambiguous: BTreeSet<&str> = file
        .language
        .values()
        .flat_map(|language| language.ambiguous.keys().map(|key| key.get_ref().as_str()))
        .collect();
    for (key, means) in &file.slang {
        single(source, key, faults);
        single(source, means, faults);
        if file.slang.contains_key(means.get_ref().as_str()) {
            let said = said::slang_of_slang(key.get_ref(), means.get_ref());
            faults.push(Fault::at(FILE, source, means.span().start, said));
        }
        let word = lexis.words.intern(means.get_ref());
        if ambiguous.contains(key.get_ref().as_str()) {
            // Read by the dialect first; only then as slang.
            let own = lexis.words.intern(key.get_ref());
            lexis.add_same(own, word);
        } else {
            lexis.words.alias(key.get_ref(), word);
        }
    }
    for (forms, pointed) in [(&file.abbreviations, Pointed::Short), (&file.titles, Pointed::Title)] {
        forms.iter().for_each(|form| lexis.add_pointed(form, pointed));
    }
    let marks: [(&[String], u16); 7] = [
        (&file.whole, 0),
        (&file.common, 0),
        (&file.numbered, bit::NUMBERED),
        (&file.abbreviations, 0),
        (&file.clauses, bit::CLAUSE),
        (&file.apart, bit::APART),
        (&file.hours, bit::HOUR),
    ];
    for (words, bit) in marks {
        for word in words {
            let word = lexis.words.intern(word);
            lexis.set_bit(word, bit);
        }
    }
    for word in &file.stop {
        lexis.words.intern(word);
    }
    for (code, language) in &file.language {
        match Dialect::parse(code.get_ref()) {
            Some(dialect) => add_language(&mut lexis, dialect, language, source, faults),
            None => {
                let known: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.code()).collect();
                let said = said::unknown_language_of(code.get_ref(), &known.join(", "));
                faults.push(Fault::at(FILE, source, code.span().start, said));
            }
        }
    }
    let function = file.function.iter().map(|word| lexis.word(word)).filter(|word| word.is_known()).collect();
    Slang { lexis, stop: file.stop.into_iter().collect(), function }
}

fn add_language(
    lexis: &mut Lexis,
    dialect: Dialect,
    language: &Language,
    source: &str,
    faults: &mut Vec<Fault>,
) {
    for (key, means) in &language.words {
        single(source, key, faults);
        single(source, means, faults);
        let means = lexis.words.intern(means.get_ref());
        let means = lexis.canonical(means);
        let word = lexis.words.intern(key.get_ref());
        lexis.add_same(word, means);
    }
    for (key, means) in &language.ambiguous {
        single(source, key, faults);
        single(source, means, faults);
        let means = lexis.words.intern(means.get_ref());
        let means = lexis.canonical(means);
        let word = lexis.words.intern(key.get_ref());
        if lexis.name(word) != key.get_ref() {
            let said = said::slang_by_language(key.get_ref());
            faults.push(Fault::at(FILE, source, key.span().start, said));
            continue;
        }
        lexis.add_ambiguous(dialect, word, means);
    }
    for marker in &language.markers {
        let word = lexis.words.intern(marker.get_ref());
        if lexis.name(word) != marker.get_ref() {
            let said = said::slang_marker(marker.get_ref());
            faults.push(Fault::at(FILE, source, marker.span().start, said));
            continue;
        }
        lexis.add_marker(word, dialect);
    }
}

/// A key or value of a slang table is one folded word.
fn single(source: &str, word: &Spanned<String>, faults: &mut Vec<Fault>) {
    let text = word.get_ref();
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        faults.push(Fault::at(FILE, source, word.span().start, said::one_word(text)));
    }
}

/// A TOML error as a fault.
pub(crate) fn toml_fault(file: &str, source: &str, error: &toml::de::Error) -> Fault {
    let at = error.span().map_or(0, |span| span.start);
    Fault::at(file, source, at, Said::Parser(error.message().replace('\n', " ")))
}
