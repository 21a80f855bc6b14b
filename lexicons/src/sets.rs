//! `sets/`: named sets of terms, read and laid out for matching.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use crate::fault::{Fault, raw_offset};
use crate::fold::{Dialect, Dialects, Folded, Lexis, bit, fold_term};
use crate::forms::{Shape, expand, is_passive};
use crate::reading::{LONGEST_PHRASE, Terms};
use crate::rule::{Class, Parsed, parse};
use crate::said::{self, Said};
use crate::set_bits::SetId;
use crate::slang::{Slang, toml_fault};
use crate::words::Word;

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

/// A term waiting for the vocabulary to be whole.
struct Term {
    set: SetId,
    text: String,
    dialects: Dialects,
    stop: bool,
}

/// A root waiting to be expanded.
struct Root {
    set: SetId,
    root: String,
    shape: Shape,
}

/// Every set while the lexicon is being made: named ones, and those that single terms of rules make.
#[derive(Default)]
pub(crate) struct Sets {
    names: Vec<String>,
    by_name: FxHashMap<String, SetId>,
    terms: Vec<Term>,
    roots: Vec<Root>,
    includes: Vec<(SetId, SetId)>,
    signs: HashMap<String, Parsed>,
}

impl Sets {
    /// Reads every file of `sets/`.
    pub(crate) fn load<'a>(
        files: impl Iterator<Item = (&'a str, &'a str)>,
        slang: &Slang,
        faults: &mut Vec<Fault>,
    ) -> Sets {
        let mut sets = Sets::default();
        let mut includes: Vec<(SetId, String, Fault)> = Vec::new();
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
        for (set, name, fault) in includes {
            match sets.by_name.get(&name) {
                Some(included) => sets.includes.push((set, *included)),
                None => faults.push(fault),
            }
        }
        sets
    }

    fn add_raw(
        &mut self,
        file: &str,
        source: &str,
        raw: &RawSet,
        includes: &mut Vec<(SetId, String, Fault)>,
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
            let fault = Fault::at(file, source, name.span().start, said::no_set(name.get_ref()));
            includes.push((set, name.get_ref().clone(), fault));
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

    /// What a sign stands for: an expression that rules use by name, like a set.
    pub(crate) fn sign(&self, name: &str) -> Option<&Parsed> {
        self.signs.get(name)
    }

    fn add(&mut self, name: &str) -> SetId {
        let set = SetId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), set);
        set
    }

    /// The named set.
    pub(crate) fn get(&self, name: &str) -> Option<SetId> {
        self.by_name.get(name).copied()
    }

    /// The set of one word or exact phrase, made if new.
    pub(crate) fn phrase(&mut self, text: &str) -> SetId {
        let name = format!("\"{text}\"");
        self.get(&name).unwrap_or_else(|| {
            let set = self.add(&name);
            self.terms.push(Term { set, text: text.to_owned(), dialects: Dialects::default(), stop: false });
            set
        })
    }

    /// The set of one root, made if new.
    pub(crate) fn root(&mut self, root: &str) -> SetId {
        let name = format!("~{root}");
        self.get(&name).unwrap_or_else(|| {
            let set = self.add(&name);
            self.roots.push(Root { set, root: root.to_owned(), shape: Shape::Full });
            set
        })
    }

    /// A set that code makes (names and slogans of pairs), made if new, with one more term.
    pub(crate) fn made(&mut self, name: &str, text: &str) -> SetId {
        let set = self.get(name).unwrap_or_else(|| self.add(name));
        self.terms.push(Term { set, text: text.to_owned(), dialects: Dialects::default(), stop: false });
        set
    }

    /// Leaves roots as they stand instead of expanding them.
    pub(crate) fn keep_roots_only(&mut self) {
        for root in self.roots.drain(..) {
            self.terms.push(Term {
                set: root.set,
                text: root.root,
                dialects: Dialects::default(),
                stop: false,
            });
        }
    }

    /// Completes the vocabulary of `slang` with every term and lays the terms out.
    pub(crate) fn finish(self, slang: &mut Slang) -> Finished {
        let mut made =
            Layout { slang, words: BTreeSet::new(), stopped: BTreeSet::new(), phrases: BTreeSet::new() };
        let own = made.intern(&self.terms);
        for root in &self.roots {
            made.expand(root);
        }
        for term in &self.terms {
            made.term(term);
        }
        let bare = made.inherit(&own);
        made.include(&self.includes, self.names.len());
        let Layout { mut words, stopped, phrases, .. } = made;
        words.retain(|term| !stopped.contains(term));
        let shares = everyday(&slang.lexis);
        let mut common = vec![0; self.names.len()];
        for (word, set) in &words {
            common[set.index()] += shares.get(word).copied().unwrap_or(0);
        }
        let terms = Terms::new(&mut slang.lexis, self.names.len(), &words, &phrases, &bare);
        Finished { terms, names: self.names, by_name: self.by_name, common }
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

/// The sets, ready for matching.
pub(crate) struct Finished {
    pub(crate) terms: Terms,
    pub(crate) names: Vec<String>,
    pub(crate) by_name: FxHashMap<String, SetId>,
    /// How often a word of each set stands in a thousand everyday texts.
    pub(crate) common: Vec<u32>,
}

/// The words that everyday texts are made of, and how many of a thousand texts hold each: counted by
/// `scripts/everyday.py`, not written, and so no part of a folder.
const EVERYDAY: &str = include_str!("../everyday.tsv");

/// How many of a thousand everyday texts hold each of the words that many do.
fn everyday(lexis: &Lexis) -> FxHashMap<Word, u32> {
    let mut folded = Folded::default();
    let mut shares = FxHashMap::default();
    for (form, share) in EVERYDAY.lines().filter_map(|line| line.split_once('\t')) {
        fold_term(lexis, form, Dialects::default(), &mut folded);
        if let ([token], Ok(share)) = (folded.tokens(), share.parse::<u32>()) {
            *shares.entry(token.word).or_insert(0) += share;
        }
    }
    shares
}

struct Layout<'a> {
    slang: &'a mut Slang,
    words: BTreeSet<(Word, SetId)>,
    /// Single words that a set stops.
    stopped: BTreeSet<(Word, SetId)>,
    phrases: BTreeSet<(Vec<Word>, SetId, bool)>,
}

impl Layout<'_> {
    fn lexis(&mut self) -> &mut Lexis {
        &mut self.slang.lexis
    }

    /// Takes every word of the terms into the vocabulary; returns those taken that are a form of another word.
    fn intern(&mut self, terms: &[Term]) -> Vec<String> {
        let mut folded = Folded::default();
        let mut forms = BTreeSet::new();
        for term in terms {
            fold_term(self.lexis(), &term.text, term.dialects, &mut folded);
            forms.extend((0..folded.tokens().len()).map(|n| folded.form(n).to_owned()));
        }
        let new: Vec<String> =
            forms.into_iter().filter(|form| !self.slang.lexis.word(form).is_known()).collect();
        for form in &new {
            self.lexis().words.intern(form);
        }
        new
    }

    fn expand(&mut self, root: &Root) {
        for form in expand(&root.root, root.shape) {
            if form != root.root && self.slang.stop.contains(&form) {
                continue;
            }
            let word = self.slang.lexis.words.intern(&form);
            let canonical = self.slang.lexis.canonical(word);
            // A form that is another word's slang is that word; the root itself is meant whatever it is.
            if form != root.root && (self.slang.lexis.name(word) != form || canonical != word) {
                continue;
            }
            if is_passive(&form) {
                self.lexis().set_bit(word, bit::PASSIVE);
            }
            self.words.insert((canonical, root.set));
        }
    }

    fn term(&mut self, term: &Term) {
        let mut folded = Folded::default();
        fold_term(self.lexis(), &term.text, term.dialects, &mut folded);
        let words: Vec<Word> = folded.tokens().iter().map(|token| token.word).take(LONGEST_PHRASE).collect();
        match words.as_slice() {
            [] => {}
            [word] if term.stop => {
                self.stopped.insert((*word, term.set));
            }
            [word] => {
                self.words.insert((*word, term.set));
            }
            _ => _ = self.phrases.insert((words, term.set, term.stop)),
        }
    }

    /// What a term spells with clitic or twice still is the word inside it: it hits what that word hits, and stands
    /// for it in phrases. Returns each such word with the one inside it.
    fn inherit(&mut self, own: &[String]) -> Vec<(Word, Word)> {
        let mut more = Vec::new();
        let mut bare = Vec::new();
        for form in own {
            let inside = self.slang.lexis.inside(form);
            let word = self.slang.lexis.word(form);
            if inside.is_known() && inside != word && !self.slang.stop.contains(form) {
                let from = (inside, SetId(0));
                let to = (inside, SetId(u32::MAX));
                more.extend(self.words.range(from..=to).map(|(_, set)| (word, *set)));
                bare.push((word, inside));
            }
        }
        self.words.extend(more);
        bare
    }

    /// Adds the terms of included sets, through any number of steps.
    fn include(&mut self, includes: &[(SetId, SetId)], sets: usize) {
        let mut into: Vec<BTreeSet<SetId>> = vec![BTreeSet::new(); sets];
        // Each round carries a term one include further; a circle adds nothing new.
        let mut grows = true;
        while grows {
            grows = false;
            for (set, included) in includes {
                let mut beyond = into[set.index()].clone();
                beyond.insert(*set);
                let before = into[included.index()].len();
                into[included.index()].extend(beyond);
                grows |= into[included.index()].len() > before;
            }
        }
        let words = self.words.iter();
        let more: Vec<_> =
            words.flat_map(|(word, of)| into[of.index()].iter().map(|set| (*word, *set))).collect();
        self.words.extend(more);
        let phrases = self.phrases.iter();
        let more: Vec<_> = phrases
            .flat_map(|(phrase, of, stop)| into[of.index()].iter().map(|set| (phrase.clone(), *set, *stop)))
            .collect();
        self.phrases.extend(more);
    }
}
