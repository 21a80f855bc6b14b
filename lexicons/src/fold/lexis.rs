//! What the fold knows of words: the vocabulary, and what is special about some of its members.

use rustc_hash::FxHashMap;

use super::quick::Edition;
use super::{Dialect, Dialects};
use crate::words::{Word, Words};

/// Special properties of words, as bits.
pub(crate) mod bit {
    /// A passive that `di` + next word makes when written apart.
    pub(crate) const PASSIVE: u16 = 1;
    /// Begins a clause (`tapi`, `karena`).
    pub(crate) const CLAUSE: u16 = 1 << 1;
    /// A number follows it (`no`, `tps`): digits glued to it are that number.
    pub(crate) const NUMBERED: u16 = 1 << 2;
    /// Tells a dialect.
    pub(crate) const MARKER: u16 = 1 << 3;
    /// Means something else in a dialect.
    pub(crate) const AMBIGUOUS: u16 = 1 << 4;
    /// Never joined with a `di` before it (`di jalan`).
    pub(crate) const APART: u16 = 1 << 6;
    /// Begins a phrase of the lexicon.
    pub(crate) const PHRASE: u16 = 1 << 7;
    /// Belongs to a set of the lexicon.
    pub(crate) const SETS: u16 = 1 << 8;
    /// Of a dialect, and the same as an Indonesian word (`ojo` = `jangan`).
    pub(crate) const SAME: u16 = 1 << 9;
    /// Before a number it tells the hour and is nothing else (`pukul 20.10`).
    pub(crate) const HOUR: u16 = 1 << 10;
}

/// What a point behind a form means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pointed {
    /// The form is short for a word (`kec.`, `no.`): no sentence ends there.
    Short,
    /// It is a title, before a name where it begins a sentence (`Pak. Budi`): elsewhere people end one with it.
    Title,
}

/// The vocabulary as the fold reads it.
#[derive(Clone, Debug)]
pub struct Lexis {
    pub(crate) words: Words,
    bits: Vec<u16>,
    pub(super) di: Word,
    /// Forms written with a point that ends no sentence.
    points: FxHashMap<Box<str>, Pointed>,
    markers: FxHashMap<Word, Dialects>,
    ambiguous: FxHashMap<(Dialect, Word), Word>,
    same: FxHashMap<Word, Word>,
    pub(super) edition: Edition,
}

impl Default for Lexis {
    fn default() -> Lexis {
        let mut words = Words::default();
        let di = words.intern("di");
        Lexis {
            words,
            bits: Vec::new(),
            di,
            points: FxHashMap::default(),
            markers: FxHashMap::default(),
            ambiguous: FxHashMap::default(),
            same: FxHashMap::default(),
            edition: Edition::NONE,
        }
    }
}

impl Lexis {
    /// The word that `form` (already folded) stands for.
    pub fn word(&self, form: &str) -> Word {
        self.words.get(form)
    }

    /// The standard form of a word; empty for [`Word::NONE`].
    pub fn name(&self, word: Word) -> &str {
        self.words.name(word)
    }

    /// The forms that a set holds by themselves (phrases by their words), for measuring against another matcher.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        self.words.all().filter(|word| self.is(*word, bit::SETS | bit::PHRASE)).map(|word| self.name(word))
    }

    /// How many forms the vocabulary holds.
    pub fn len(&self) -> usize {
        self.words.keys()
    }

    /// Whether the vocabulary is empty; it never is, since the fold itself needs `di`.
    pub fn is_empty(&self) -> bool {
        self.words.keys() == 0
    }

    /// Ends the making of the vocabulary: what is read with it from now on may be remembered.
    pub(crate) fn finish(&mut self) {
        self.edition = Edition::new();
    }

    pub(crate) fn set_bit(&mut self, word: Word, bit: u16) {
        if self.bits.len() <= word.index() {
            self.bits.resize(self.words.rows().max(word.index() + 1), 0);
        }
        self.bits[word.index()] |= bit;
    }

    #[inline]
    pub(crate) fn bits(&self, word: Word) -> u16 {
        self.bits.get(word.index()).copied().unwrap_or(0)
    }

    #[inline]
    pub(crate) fn is(&self, word: Word, bit: u16) -> bool {
        self.bits(word) & bit != 0
    }

    pub(crate) fn add_pointed(&mut self, form: &str, pointed: Pointed) {
        self.points.insert(form.into(), pointed);
    }

    /// What a point behind a form means, if it is no full stop.
    pub(super) fn pointed(&self, form: &str) -> Option<Pointed> {
        self.points.get(form).copied()
    }

    pub(crate) fn add_marker(&mut self, word: Word, dialect: Dialect) {
        self.set_bit(word, bit::MARKER);
        self.markers.entry(word).or_default().add(dialect);
    }

    pub(crate) fn add_ambiguous(&mut self, dialect: Dialect, word: Word, means: Word) {
        self.set_bit(word, bit::AMBIGUOUS);
        self.ambiguous.insert((dialect, word), means);
    }

    pub(crate) fn add_same(&mut self, word: Word, means: Word) {
        if word != means {
            self.set_bit(word, bit::SAME);
            self.same.insert(word, means);
        }
    }

    /// The Indonesian word that a dialect's word is the same as; itself if there is none.
    pub(crate) fn canonical(&self, word: Word) -> Word {
        if self.is(word, bit::SAME) { self.same.get(&word).copied().unwrap_or(word) } else { word }
    }

    pub(crate) fn markers(&self, word: Word) -> Dialects {
        self.markers.get(&word).copied().unwrap_or_default()
    }

    /// What `word` means in a text that shows `dialects`.
    pub(crate) fn meant(&self, dialects: Dialects, word: Word) -> Word {
        if dialects.is_empty() || !self.is(word, bit::AMBIGUOUS) {
            return word;
        }
        dialects.iter().find_map(|dialect| self.ambiguous.get(&(dialect, word)).copied()).unwrap_or(word)
    }
}
