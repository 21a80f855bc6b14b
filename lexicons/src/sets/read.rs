//! Reading `sets/`: its sets and signs, with what is wrong in them.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Root, Sets, Term};
use crate::fault::{Fault, raw_offset};
use crate::fold::{Dialect, Dialects};
use crate::forms::Shape;
use crate::rule::{Class, parse};
use crate::said::{self, Said};
use crate::set_bits::SetId;
use crate::slang::{Slang, toml_fault};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    set: Vec<RawSet>,
    sign: Vec<RawSign>,
}

/// An expression with a name, which rules use like a set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSign {
    name: Spanned<String>,
    why: String,
    when: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSet {
    name: Spanned<String>,
    why: String,
    #[serde(default)]
    roots: Vec<Spanned<String>>,
    #[serde(default)]
    verbs: Vec<Spanned<String>>,
    #[serde(default)]
    words: Vec<Spanned<String>>,
    #[serde(default)]
    stop: Vec<Spanned<String>>,
    #[serde(default)]
    include: Vec<Spanned<String>>,
    #[serde(default)]
    lang: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
}

/// A set that another takes in, while not all are known.
struct Include {
    into: SetId,
    name: String,
    /// What is wrong if there is none of that name.
    at: Fault,
}

impl Sets {
    /// Reads every file of `sets/`.
    pub(crate) fn load<'a>(
        files: impl Iterator<Item = (&'a str, &'a str)>,
        slang: &Slang,
        faults: &mut Vec<Fault>,
    ) -> Sets {
        let mut sets = Sets::default();
        let mut includes: Vec<Include> = Vec::new();
        let mut signs: Vec<(String, Fault)> = Vec::new();
        for (file, source) in files {
            let parsed: File = match toml::from_str(source) {
                Ok(parsed) => parsed,
                Err(error) => {
                    faults.push(toml_fault(file, source, &error));
                    continue;
                }
            };
            for raw in parsed.set {
                sets.add_raw(file, source, &raw, &mut includes, faults);
                function_words(file, source, &raw, slang, faults);
            }
            for raw in parsed.sign {
                sets.add_sign(file, source, &raw, faults);
                let name = raw.name.get_ref();
                let both = Fault::at(file, source, raw.name.span().start, said::set_and_sign(name));
                signs.push((name.clone(), both));
            }
        }
        // Known only now: the set may stand in a later file than the sign.
        let both = signs.into_iter().filter(|(name, _)| sets.by_name.contains_key(name));
        faults.extend(both.map(|(_, fault)| fault));
        for Include { into, name, mut at } in includes {
            match sets.by_name.get(&name) {
                Some(included) => sets.includes.push((into, *included)),
                None => {
                    at.said = at.said.meant(&name, sets.names());
                    faults.push(at);
                }
            }
        }
        sets
    }

    fn add_raw(
        &mut self,
        file: &str,
        source: &str,
        raw: &RawSet,
        includes: &mut Vec<Include>,
        faults: &mut Vec<Fault>,
    ) {
        let mut fault = |at: usize, said: Said| faults.push(Fault::at(file, source, at, said));
        let name = raw.name.get_ref();
        let at = raw.name.span().start;
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            fault(at, said::set_letters(name));
        }
        if self.by_name.contains_key(name) {
            fault(at, said::set_exists(name));
            return;
        }
        if raw.why.trim().is_empty() {
            fault(at, said::set_why(name));
        }
        let set = self.add(name);
        for (roots, shape) in [(&raw.roots, Shape::Full), (&raw.verbs, Shape::Verbal)] {
            for root in roots {
                let text = root.get_ref();
                if text.len() < 2 || !text.bytes().all(|b| b.is_ascii_lowercase()) {
                    fault(root.span().start, said::root_word(text));
                    continue;
                }
                self.roots.push(Root { set, root: text.clone(), shape });
            }
        }
        for (terms, stop) in [(&raw.words, false), (&raw.stop, true)] {
            for term in terms {
                self.terms.push(Term {
                    set,
                    text: term.get_ref().clone(),
                    dialects: Dialects::default(),
                    stop,
                });
            }
        }
        for (code, terms) in &raw.lang {
            let Some(dialect) = Dialect::parse(code.get_ref()) else {
                fault(code.span().start, said::unknown_language(code.get_ref()));
                continue;
            };
            let mut dialects = Dialects::default();
            dialects.add(dialect);
            for term in terms {
                self.terms.push(Term { set, text: term.get_ref().clone(), dialects, stop: false });
            }
        }
        for name in &raw.include {
            let at = Fault::at(file, source, name.span().start, said::no_set(name.get_ref()));
            includes.push(Include { into: set, name: name.get_ref().clone(), at });
        }
        let lists = [&raw.words, &raw.stop];
        for empty in
            lists.into_iter().flatten().filter(|term| !term.get_ref().contains(|c: char| !c.is_whitespace()))
        {
            fault(empty.span().start, said::empty_term());
        }
    }

    fn add_sign(&mut self, file: &str, source: &str, raw: &RawSign, faults: &mut Vec<Fault>) {
        let mut fault = |at: usize, said: Said| faults.push(Fault::at(file, source, at, said));
        let name = raw.name.get_ref();
        let at = raw.name.span().start;
        if Class::parse(name).is_some() {
            fault(at, said::by_program(name));
        }
        if raw.why.trim().is_empty() {
            fault(at, said::sign_why(name));
        }
        match parse(raw.when.get_ref()) {
            Ok(when) => {
                if self.signs.insert(name.clone(), when).is_some() {
                    fault(at, said::sign_exists(name));
                }
            }
            Err((within, said)) => {
                let written = &source[raw.when.span()];
                fault(raw.when.span().start + raw_offset(written, within), said);
            }
        }
    }
}

/// Tells the terms of a set that are read as a function word which the set does not name: hardly anybody means that
/// every *siapa* is a greeting because *sapa* is one.
fn function_words(file: &str, source: &str, raw: &RawSet, slang: &Slang, faults: &mut Vec<Fault>) {
    let plain = raw.words.iter().map(|term| (term, Dialects::default()));
    let regional = raw.lang.iter().flat_map(|(code, terms)| {
        let mut dialects = Dialects::default();
        Dialect::parse(code.get_ref()).into_iter().for_each(|dialect| dialects.add(dialect));
        terms.iter().map(move |term| (term, dialects))
    });
    let all: Vec<(&Spanned<String>, Dialects)> = plain.chain(regional).collect();
    for (term, dialects) in &all {
        let Some(name) = slang.function_word(term.get_ref(), *dialects) else { continue };
        if !all.iter().any(|(other, _)| other.get_ref() == name) {
            let said = said::function_word(term.get_ref(), name);
            faults.push(Fault::at(file, source, term.span().start, said));
        }
    }
}
