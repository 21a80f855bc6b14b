//! Laying the terms of all sets out for matching: roots expanded, includes followed, words inside words found.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::{Root, Sets, Term};
use crate::fold::{Dialects, Folded, Lexis, bit, fold_term};
use crate::forms::{expand, is_passive};
use crate::reading::{LONGEST_PHRASE, Terms};
use crate::set_bits::SetId;
use crate::slang::Slang;
use crate::words::Word;

/// The sets, ready for matching.
pub(crate) struct Finished {
    pub(crate) terms: Terms,
    pub(crate) names: Vec<String>,
    pub(crate) by_name: FxHashMap<String, SetId>,
    /// How often a word of each set stands in a thousand everyday texts.
    pub(crate) common: Vec<u32>,
}

impl Sets {
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

/// The words that everyday texts are made of, and how many of a thousand texts hold each: counted by
/// `scripts/everyday.py`, not written, and so no part of a folder.
const EVERYDAY: &str = include_str!("../../everyday.tsv");

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
