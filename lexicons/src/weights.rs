//! The second reader's weights: how much each feature of a text speaks for a queue and a category, made by
//! `kentongan train` and read from `second-reader.tsv`.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::fault::Fault;
use crate::net::Table as Net;
use crate::said;
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

    /// Reads the file; an empty one has no weights.
    pub(crate) fn load(file: &str, text: &str, faults: &mut Vec<Fault>) -> Weights {
        let mut weights = Weights::default();
        for (number, line) in (1..).zip(text.lines()) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if weights.line(line).is_none() {
                let begins: String = line.chars().take(60).collect();
                faults.push(Fault::new(file, number, 1, said::cannot_read(&begins)));
            }
        }
        weights
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        let (kind, name) = (fields.next()?, fields.next()?);
        let rest: Vec<&str> = fields.collect();
        let number = |text: &&str| if text.is_empty() { Some(0.0) } else { text.parse::<f32>().ok() };
        match kind {
            "calibration" => {
                let queue = OUTPUTS.iter().take(QUEUES).position(|output| *output == name)?;
                self.calibration[queue] = (number(rest.first()?)?, number(rest.get(1)?)?);
            }
            "together" => {
                let queue = OUTPUTS.iter().take(QUEUES).position(|output| *output == name)?;
                for (at, number) in self.together[queue].iter_mut().enumerate() {
                    *number = rest.get(at)?.parse().ok()?;
                }
            }
            "gate" => self.gate.push(name.to_owned()),
            "threshold" => {
                let mut at = [None; QUEUES];
                for (at, text) in at.iter_mut().zip(&rest) {
                    *at = if *text == "-" { None } else { Some(text.parse().ok()?) };
                }
                self.thresholds.insert(name.to_owned(), at);
            }
            "bias" | "weight" => {
                let mut row = Row::default();
                for (n, text) in rest.iter().enumerate() {
                    *row.get_mut(n)? = number(text)?;
                }
                if kind == "bias" { self.bias = row } else { self.set(name, row) }
            }
            "pair" => {
                let mut row = [0.0; QUEUES];
                for (n, text) in rest.iter().enumerate() {
                    *row.get_mut(n)? = number(text)?;
                }
                self.set_pair(name.split_once(' ').map(|(one, two)| [one, two])?, row);
            }
            _ => self.net.line(kind, name, rest.first()?)?,
        }
        Some(())
    }

    /// The file that [`Lexicon::load`](crate::Lexicon::load) reads: one feature a line, in order.
    pub fn to_file(&self, remark: &str) -> String {
        let mut out = String::new();
        remark.lines().for_each(|line| _ = writeln!(out, "# {line}"));
        let _ = writeln!(out, "# {}", OUTPUTS.join(" "));
        for (queue, (slope, shift)) in OUTPUTS.iter().zip(&self.calibration) {
            let _ = writeln!(out, "calibration\t{queue}\t{slope:.4}\t{shift:.4}");
        }
        if !self.net.is_empty() {
            for (queue, [words, order, shift]) in OUTPUTS.iter().zip(&self.together) {
                let _ = writeln!(out, "together\t{queue}\t{words:.4}\t{order:.4}\t{shift:.4}");
            }
        }
        self.gate.iter().for_each(|set| _ = writeln!(out, "gate\t{set}"));
        let mut languages: Vec<_> = self.thresholds.iter().collect();
        languages.sort_by_key(|(language, _)| *language);
        for (language, at) in languages {
            let at = at.map(|at| at.map_or("-".to_owned(), |at| format!("{at:.3}")));
            let _ = writeln!(out, "threshold\t{language}\t{}", at.join("\t"));
        }
        let _ = writeln!(out, "bias\t\t{}", row(&self.bias));
        let mut names: Vec<&String> = self.names.iter().collect();
        names.sort_unstable();
        for name in names {
            if let Some(weights) = self.row(key(name)) {
                let _ = writeln!(out, "weight\t{name}\t{}", row(weights));
            }
        }
        let mut pairs: Vec<&[String; 2]> = self.pair_names.iter().collect();
        pairs.sort_unstable();
        for [one, two] in pairs {
            if let Some(weights) = self.pair(pair_key(piece_key(one), piece_key(two))) {
                let _ = writeln!(out, "pair\t{one} {two}\t{}", row(weights));
            }
        }
        self.net.write(&mut out);
        out
    }
}

/// Numbers with two decimals, zeros left empty, nothing after the last.
fn row(row: &[f32]) -> String {
    let fields: Vec<String> =
        row.iter().map(|w| if w.abs() < 0.005 { String::new() } else { format!("{w:.2}") }).collect();
    fields.join("\t").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut weights = Weights { calibration: [(2.0, -1.0), (1.5, 0.25)], ..Weights::default() };
        weights.gate.push("election".to_owned());
        weights.bias[0] = -1.5;
        weights.thresholds.insert("id".to_owned(), [Some(0.9), None]);
        weights.set("w lipatan", {
            let mut row = Row::default();
            row[0] = 1.25;
            row[6] = 2.0;
            row
        });
        weights.set_pair(["gift_firm", "vote_choice"], [0.5, -0.25]);
        let mut dense = crate::net::Dense::zero();
        dense.0[3] = 0.1;
        let numbers: Vec<f32> = (0..crate::net::WIDTH).map(|at| at as f32 - 20.0).collect();
        weights.net = Net::new(&[(7, &numbers)], dense);
        weights.together = [[0.5, 1.25, -1.0], [0.75, 1.0, 0.25]];
        let mut faults = Vec::new();
        assert_eq!(Weights::load(FILE, &weights.to_file("made up"), &mut faults), weights);
        assert_eq!(faults, []);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let mut faults = Vec::new();
        let weights = Weights::load(FILE, "weight\tw lipatan\t1.0\nweight\tw coblos\tmany\n", &mut faults);
        assert_eq!(weights.len(), 1);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().contains(":2"), "{}", faults[0]);
    }
}
