//! The second reader's weights: how much each feature of a text speaks for a queue and a category, made by
//! `kentongan train` and read from `second-reader.tsv`.

mod file;

use rustc_hash::FxHashMap;

use crate::net::Table as Net;
use crate::words;

/// The name of the file inside a lexicon folder.
pub const FILE: &str = "second-reader.tsv";

/// What each row of weights speaks for: the two queues, then the categories of conflict that a text can be told by.
pub const OUTPUTS: [&str; 14] = [
    "konflik",
    "netralitas",
    "KF-01",
    "KF-02",
    "KF-04",
    "KF-05",
    "KF-06",
    "KF-07",
    "KF-08",
    "KF-09",
    "KF-10",
    "KF-11",
    "KF-12",
    "KF-13",
];

/// How many of [`OUTPUTS`] are queues.
pub const QUEUES: usize = 2;

/// One number for each of [`OUTPUTS`].
pub type Row = [f32; OUTPUTS.len()];

/// The weights of a trained second reader.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    /// What a text without features has.
    pub bias: Row,
    /// For each queue slope and shift of the calibration: `1 / (1 + exp(-(slope * score + shift)))`.
    pub calibration: [(f32, f32); QUEUES],
    /// The net that sees the order of the words; empty where there is none.
    pub net: Net,
    /// The calibration of both together: slope of the words, slope of the net, shift.
    pub together: [[f32; 3]; QUEUES],
    /// The probability from which a finding is added, by language code and queue; absent = off.
    pub thresholds: FxHashMap<String, [Option<f32>; QUEUES]>,
    /// The sets of which one must be present for the second reader to be asked.
    pub gate: Vec<String>,
    rows: FxHashMap<u64, Row>,
    /// What two sets near each other speak for, by the key of their names: the queues alone.
    pairs: FxHashMap<u64, [f32; QUEUES]>,
    /// Bits of the keys that have a row: most features have none, and need not be looked up.
    sieve: Vec<u64>,
    names: Vec<String>,
    pair_names: Vec<[String; 2]>,
}

/// The key of a feature by its name: its kind, then the pieces it is of, with a blank before each.
pub fn key(name: &str) -> u64 {
    let mut pieces = name.split(' ');
    let kind = pieces.next().and_then(|kind| kind.bytes().next()).unwrap_or_default();
    pieces.fold(key_of(kind), |key, piece| key_with(key, piece_key(piece)))
}

/// The key of a feature's kind alone.
#[inline]
pub fn key_of(kind: u8) -> u64 {
    key_with(0, u64::from(kind))
}

/// A key with one piece more.
#[inline]
pub fn key_with(key: u64, piece: u64) -> u64 {
    (key.rotate_left(23) ^ piece).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The key of a piece of a feature's name: a word, some of its letters, or a set's name.
#[inline]
pub fn piece_key(piece: &str) -> u64 {
    words::hash(piece.as_bytes())
}

/// The key of two sets near each other, by the keys of their names in whichever order.
#[inline]
pub fn pair_key(one: u64, two: u64) -> u64 {
    key_with(key_with(0, one.min(two)), one.max(two))
}

/// Length of the letter groups that stand for a word's shape.
const LETTERS: usize = 4;
/// Shortest word, in bytes, whose letter groups are looked at.
const SHAPED: usize = 6;

/// The letter groups of a word; none of a short one.
pub fn letters(word: &str) -> impl Iterator<Item = &str> {
    let shaped = word.len() >= SHAPED && word.is_ascii();
    let starts = if shaped { 0..word.len() - LETTERS + 1 } else { 0..0 };
    starts.map(|start| &word[start..start + LETTERS])
}

/// Length of the sieve, in words of 64 bits: 32 KiB, which a core keeps at hand.
const SIEVE: usize = 1 << 12;

/// Where a key has its bit.
#[inline]
fn sieve(key: u64) -> (usize, u64) {
    // The high bits: the low ones lead through the table of rows.
    let at = (key >> 46) as usize;
    (at / 64, 1 << (at % 64))
}

impl Weights {
    /// The weights of a feature, by its key.
    #[inline]
    pub fn row(&self, key: u64) -> Option<&Row> {
        let (at, bit) = sieve(key);
        let maybe = self.sieve.get(at).is_some_and(|bits| bits & bit != 0);
        if maybe { self.rows.get(&key) } else { None }
    }

    /// Sets the weights of a feature.
    pub fn set(&mut self, name: &str, row: Row) {
        let key = key(name);
        if self.rows.insert(key, row).is_none() {
            self.names.push(name.to_owned());
        }
        let (at, bit) = sieve(key);
        self.sieve.resize(SIEVE, 0);
        self.sieve[at] |= bit;
    }

    /// The weights of a pair of sets, by its key.
    #[inline]
    pub fn pair(&self, key: u64) -> Option<&[f32; QUEUES]> {
        self.pairs.get(&key)
    }

    /// Sets the weights of a pair of sets.
    pub fn set_pair(&mut self, [one, two]: [&str; 2], row: [f32; QUEUES]) {
        if self.pairs.insert(pair_key(piece_key(one), piece_key(two)), row).is_none() {
            self.pair_names.push([one.to_owned(), two.to_owned()]);
        }
    }

    /// How many features there are, pairs among them.
    pub fn len(&self) -> usize {
        self.rows.len() + self.pairs.len()
    }

    /// Whether there are no weights: then there is no second reader.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The probability from which a text in `languages` is raised: each must be one that is on, the strictest decides.
    pub fn threshold<'a>(&self, mut languages: impl Iterator<Item = &'a str>, queue: usize) -> Option<f32> {
        languages.try_fold(0.0, |most: f32, language| Some(most.max(self.thresholds.get(language)?[queue]?)))
    }

    /// The calibrated probability that a score of `queue` (by its place in [`OUTPUTS`]) stands for.
    pub fn probability(&self, queue: usize, score: f32) -> f32 {
        let (slope, shift) = self.calibration[queue];
        1.0 / (1.0 + (-(slope * score + shift)).exp())
    }

    /// The calibrated probability of what the words and the net say together; of the words alone where there is no net.
    pub fn probability_of_both(&self, queue: usize, words: f32, order: f32) -> f32 {
        if self.net.is_empty() {
            return self.probability(queue, words);
        }
        let [by_words, by_order, shift] = self.together[queue];
        1.0 / (1.0 + (-(by_words * words + by_order * order + shift)).exp())
    }
}
