//! What the second reader makes of each word and of each kind of term by itself, summed up once when a lexicon is
//! loaded: most of what a text adds up to.

use crate::fold::Lexis;
use crate::kinds::{Kind, Kinds};
use crate::weights::{OUTPUTS, QUEUES, Weights, key_of, key_with, letters, piece_key};
use crate::words::Word;

/// A number of features, and what they add to the scores of the first `N` outputs together.
#[derive(Clone, Copy, Debug)]
pub struct Sum<const N: usize> {
    /// How many they are, those without weights counted.
    pub features: u32,
    /// The sum of their weights.
    pub row: [f32; N],
}

impl<const N: usize> Default for Sum<N> {
    fn default() -> Sum<N> {
        Sum { features: 0, row: [0.0; N] }
    }
}

impl<const N: usize> Sum<N> {
    /// Adds a feature by its key.
    #[inline]
    pub fn add(&mut self, weights: &Weights, key: u64) {
        self.features += 1;
        if let Some(row) = weights.row(key) {
            self.row.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight);
        }
    }

    /// Adds what others add up to.
    #[inline]
    pub fn join(&mut self, other: &Sum<N>) {
        self.features += other.features;
        self.row.iter_mut().zip(&other.row).for_each(|(sum, weight)| *sum += weight);
    }

    /// Adds a word, by the key of its piece, and its letter groups.
    pub fn add_word(&mut self, weights: &Weights, form: &str, piece: u64) {
        self.add(weights, key_with(key_of(b'w'), piece));
        for group in letters(form) {
            self.add(weights, key_with(key_of(b'c'), piece_key(group)));
        }
    }
}

/// The sums of a lexicon.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// Of all outputs.
    pub all: Table<{ OUTPUTS.len() }>,
    /// Of the queues alone: what tells whether a text is worth more than a glance.
    pub queues: Table<QUEUES>,
}

impl Sums {
    pub(crate) fn new(weights: &Weights, lexis: &Lexis, kinds: &Kinds, set_names: &[String]) -> Sums {
        if weights.is_empty() {
            return Sums::default();
        }
        let all = Table::new(weights, lexis, kinds, set_names);
        let queues = Table {
            words: all.words.iter().map(|(piece, sum)| (*piece, sum.of_queues())).collect(),
            kinds: all.kinds.iter().map(Sum::of_queues).collect(),
        };
        Sums { all, queues }
    }
}

impl Sum<{ OUTPUTS.len() }> {
    fn of_queues(&self) -> Sum<QUEUES> {
        Sum { features: self.features, row: std::array::from_fn(|queue| self.row[queue]) }
    }
}

/// The sums of words and kinds for the first `N` outputs.
#[derive(Clone, Debug, Default)]
pub struct Table<const N: usize> {
    words: Vec<(u64, Sum<N>)>,
    kinds: Vec<Sum<N>>,
}

impl<const N: usize> Table<N> {
    fn new(weights: &Weights, lexis: &Lexis, kinds: &Kinds, set_names: &[String]) -> Table<N> {
        let mut table = Table { words: vec![(0, Sum::default()); lexis.words.rows()], kinds: Vec::new() };
        for word in lexis.words.all() {
            let (form, (piece, sum)) = (lexis.name(word), &mut table.words[word.index()]);
            *piece = piece_key(form);
            sum.add_word(weights, form, *piece);
        }
        let of_kind = |kind: Kind| {
            let mut sum = Sum::default();
            let names = kinds.sets(kind).iter().map(|set| set_names[set.index()].as_str());
            for set in names.filter(|set| is_shown(set)) {
                sum.add(weights, key_with(key_of(b's'), piece_key(set)));
            }
            sum
        };
        table.kinds = kinds.all().map(of_kind).collect();
        table
    }

    /// The key of a word's piece, and what it and its letter groups add.
    #[inline]
    pub fn word(&self, word: Word) -> Option<&(u64, Sum<N>)> {
        self.words.get(word.index())
    }

    /// What the sets of a kind add.
    #[inline]
    pub fn kind(&self, kind: Kind) -> Option<&Sum<N>> {
        self.kinds.get(kind.index())
    }
}

/// Whether the second reader sees a set, by its name: a set of one term is its word over again, and one whose name
/// begins with `_` tells of grammar, not of meaning.
pub fn is_shown(set: &str) -> bool {
    set.starts_with(|c: char| c.is_ascii_lowercase())
}
