//! Trains the net that sees the order of words: Adam (Kingma and Ba 2015) over small groups of texts, with dropout.
//! Deterministic: what is drawn comes from a fixed seed, and sums are made in a fixed order.

use std::collections::{BTreeSet, HashMap};

use lexicons::net::{Dense, Sight, Table, WIDTH};
use lexicons::weights::QUEUES;
use ndarray::{Array1, Array2};
use rayon::prelude::*;

use super::corpus::spread;
use crate::second::{Token, embed, says};

/// Rounds through the texts.
const ROUNDS: usize = 5;
/// Texts between two steps.
const TOGETHER: usize = 64;
/// Texts whose slopes one thread adds up: the order of sums must not hang on how many threads there are.
const IN_A_PART: usize = 8;
/// The longest step, which is reached after this share of all steps and then falls to nothing along a cosine.
const STEP: f32 = 2e-3;
const WARM: f32 = 0.08;
/// Adam's memory of slopes and of their squares.
const MEMORY: [f32; 2] = [0.9, 0.999];
/// Shares left out at random while training: whole words (their letters and sets stay), sets, numbers of tokens, and
/// pooled numbers.
const DROP_WORDS: f32 = 0.1;
const DROP_SETS: f32 = 0.15;
const DROP_TOKENS: f32 = 0.25;
const DROP_POOLED: f32 = 0.2;
/// Nothing is taken for quite certain, since labels may be wrong.
const SMOOTH: f32 = 0.03;

/// The texts as the net is trained on them.
pub(super) struct Data<'a> {
    /// The features of each token of each text, by row number.
    texts: Vec<Vec<Token>>,
    rows: HashMap<u64, usize>,
    labels: &'a [Vec<bool>; QUEUES],
}

impl<'a> Data<'a> {
    /// `texts` with those features that stand in `families` or more of `groups`.
    pub(super) fn new(
        texts: Vec<Vec<Token>>,
        groups: &[u64],
        labels: &'a [Vec<bool>; QUEUES],
        families: usize,
    ) -> Data<'a> {
        let mut seen: HashMap<u64, Vec<u64>> = HashMap::new();
        for (text, group) in texts.iter().zip(groups) {
            for (key, _) in text.iter().flat_map(embed) {
                let known = seen.entry(key).or_default();
                if known.len() < families && !known.contains(group) {
                    known.push(*group);
                }
            }
        }
        let mut often: Vec<u64> =
            seen.into_iter().filter(|(_, known)| known.len() >= families).map(|(key, _)| key).collect();
        often.sort_unstable();
        Data { texts, rows: often.into_iter().zip(0..).collect(), labels }
    }

    /// What a net that has not seen its fold says of each text.
    pub(super) fn out_of_fold(&self, folds: &[u64]) -> Vec<[f32; QUEUES]> {
        let mut all = vec![[0.0; QUEUES]; folds.len()];
        for fold in folds.iter().copied().collect::<BTreeSet<_>>() {
            let (held, seen): (Vec<usize>, Vec<usize>) = (0..folds.len()).partition(|n| folds[*n] == fold);
            let net = self.fit(&seen);
            let said: Vec<_> = held.par_iter().map(|n| says(&net, &self.texts[*n])).collect();
            held.into_iter().zip(said).for_each(|(n, said)| all[n] = said);
        }
        all
    }

    /// Trains on the texts `of`.
    pub(super) fn fit(&self, of: &[usize]) -> Table {
        fit(self, of)
    }
}

/// A net in training.
struct Net {
    table: Vec<f32>,
    dense: Dense,
}

/// What Adam remembers of some parameters.
struct Memory {
    slopes: Vec<f32>,
    squares: Vec<f32>,
}

impl Memory {
    fn of(len: usize) -> Memory {
        Memory { slopes: vec![0.0; len], squares: vec![0.0; len] }
    }

    /// One step of the parameters from `start` on; `now` is which step it is, from 1.
    fn step(&mut self, parameters: &mut [f32], slopes: &[f32], start: usize, step: f32, now: i32) {
        let [short, long] = MEMORY;
        let (fresh, fresh_squares) = (1.0 - short.powi(now), 1.0 - long.powi(now));
        for (at, slope) in (start..).zip(slopes) {
            let (known, square) = (&mut self.slopes[at], &mut self.squares[at]);
            *known = short * *known + (1.0 - short) * slope;
            *square = long * *square + (1.0 - long) * slope * slope;
            parameters[at] -= step * (*known / fresh) / ((*square / fresh_squares).sqrt() + 1e-8);
        }
    }
}

/// Numbers drawn from a seed: evenly from 0 to 1.
struct Drawn(u64);

impl Drawn {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(1);
        (spread(self.0) >> 40) as f32 / (1 << 24) as f32
    }

    /// What a number is multiplied by so that a share of them falls away and the sum stays.
    fn keep(&mut self, dropped: f32) -> f32 {
        if self.next() < dropped { 0.0 } else { 1.0 / (1.0 - dropped) }
    }
}

fn fit(data: &Data<'_>, of: &[usize]) -> Table {
    let mut drawn = Drawn(1 << 48);
    let mut random = || 2.0 * drawn.next() - 1.0;
    let mut net = Net {
        table: (0..data.rows.len() * WIDTH).map(|_| 0.15 * random()).collect(),
        dense: Dense::begin(&mut random),
    };
    let mut of_table = Memory::of(net.table.len());
    let mut of_dense = Memory::of(net.dense.0.len());
    let mut order = of.to_vec();
    let steps = (ROUNDS * order.len().div_ceil(TOGETHER)) as f32;
    let mut now = 0;
    for round in 0..ROUNDS as u64 {
        order.sort_by_key(|n| spread(round << 32 | *n as u64));
        for texts in order.chunks(TOGETHER) {
            now += 1;
            let done = now as f32;
            let step = STEP
                * (done / (WARM * steps)).min(1.0)
                * 0.5
                * (1.0 + (std::f32::consts::PI * done / steps).cos());
            let parts: Vec<(Dense, Vec<Moved>)> = texts
                .par_chunks(IN_A_PART)
                .map(|part| {
                    let mut moved = Dense::zero();
                    let each = part.iter().map(|n| learn(&net, data, *n, now as u64, &mut moved)).collect();
                    (moved, each)
                })
                .collect();
            let share = 1.0 / texts.len() as f32;
            let mut dense = vec![0.0; net.dense.0.len()];
            let mut rows: HashMap<usize, [f32; WIDTH]> = HashMap::new();
            for (part, texts) in &parts {
                dense.iter_mut().zip(&part.0).for_each(|(sum, slope)| *sum += share * slope);
                for Moved { features, tokens } in texts {
                    for (at, row, value) in features {
                        let sum = rows.entry(*row).or_insert([0.0; WIDTH]);
                        let slope = tokens.row(*at);
                        sum.iter_mut().zip(slope).for_each(|(sum, slope)| *sum += share * value * slope);
                    }
                }
            }
            of_dense.step(&mut net.dense.0, &dense, 0, step, now);
            for (row, slopes) in rows {
                of_table.step(&mut net.table, &slopes, row * WIDTH, step, now);
            }
        }
    }
    let rows: Vec<(u64, &[f32])> =
        data.rows.iter().map(|(key, row)| (*key, &net.table[row * WIDTH..(row + 1) * WIDTH])).collect();
    Table::new(&rows, net.dense)
}

/// What a text wants moved.
struct Moved {
    /// Token, row of the table, value.
    features: Vec<(usize, usize, f32)>,
    tokens: Array2<f32>,
}

fn learn(net: &Net, data: &Data<'_>, n: usize, now: u64, moved: &mut Dense) -> Moved {
    let mut drawn = Drawn(spread(now << 32 | n as u64));
    let mut features = Vec::new();
    for (at, token) in data.texts[n].iter().enumerate() {
        let mut token = token.clone();
        token.words.retain(|_| drawn.next() >= DROP_WORDS);
        token.sets.retain(|_| drawn.next() >= DROP_SETS);
        features.extend(embed(&token).filter_map(|(key, value)| Some((at, *data.rows.get(&key)?, value))));
    }
    let mut tokens = Array2::zeros([data.texts[n].len(), WIDTH]);
    for (at, row, value) in &features {
        let numbers = &net.table[row * WIDTH..(row + 1) * WIDTH];
        tokens.row_mut(*at).iter_mut().zip(numbers).for_each(|(sum, x)| *sum += value * x);
    }
    let kept = Array2::from_shape_simple_fn(tokens.raw_dim(), || drawn.keep(DROP_TOKENS));
    let pooled = Array1::from_shape_simple_fn(2 * WIDTH, || drawn.keep(DROP_POOLED));
    let sight: Sight = net.dense.read(tokens * &kept, Some(&pooled));
    let wish = std::array::from_fn(|queue| {
        let label = if data.labels[queue][n] { 1.0 - SMOOTH } else { SMOOTH };
        1.0 / (1.0 + (-sight.out[queue]).exp()) - label
    });
    Moved { features, tokens: net.dense.back(&sight, wish, Some(&pooled), moved) * kept }
}

#[cfg(test)]
mod tests {
    use lexicons::weights::{key_of, key_with};

    use super::*;

    /// A text of the words `names`, each a number.
    fn text(names: &[u64]) -> Vec<Token> {
        let word = |name: &u64| Token { words: vec![key_with(key_of(b'w'), *name)], ..Token::default() };
        names.iter().map(word).collect()
    }

    #[test]
    fn who_stands_before_the_deed_is_learnt_and_always_the_same() {
        const TEXTS: usize = 3000;
        // Word 1 or word 2 before the deed 3, among words that say nothing: the same words in either order.
        let mut drawn = Drawn(7);
        let mut filler = || 10 + (drawn.next() * 8.0) as u64;
        let labels: Vec<bool> = (0..TEXTS).map(|n| n % 2 == 0).collect();
        let texts: Vec<Vec<Token>> = labels
            .iter()
            .map(|label| {
                let (first, last) = if *label { (1, 2) } else { (2, 1) };
                text(&[filler(), first, 3, last, filler()])
            })
            .collect();
        let groups: Vec<u64> = (0..TEXTS as u64).collect();
        let labels = [labels, vec![false; TEXTS]];
        let data = Data::new(texts, &groups, &labels, 3);
        let folds: Vec<u64> = groups.iter().map(|group| group / 2 % 2).collect();
        let said = data.out_of_fold(&folds);
        let right = said.iter().zip(&labels[0]).filter(|(said, label)| (said[0] > 0.0) == **label).count();
        assert!(right > TEXTS * 19 / 20, "{right} of {TEXTS}");
        assert!(said.iter().all(|said| said[1] < 0.0));
        let some: Vec<usize> = (0..64).collect();
        assert_eq!(data.fit(&some), data.fit(&some));
    }

    #[test]
    fn a_feature_of_few_families_has_no_row() {
        let labels = [vec![true; 3], vec![false; 3]];
        let texts = vec![text(&[1, 2]), text(&[1, 2]), text(&[1])];
        let data = Data::new(texts, &[5, 5, 6], &labels, 2);
        assert_eq!(data.rows.len(), 1);
    }
}
