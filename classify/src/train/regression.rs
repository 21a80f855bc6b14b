//! Logistic regression over sparse features: AdaGrad (Duchi et al. 2011) with a light pull towards zero, and Platt's
//! calibration. Deterministic: the order of texts is drawn from a fixed seed.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::corpus::spread;

/// Rounds through the texts.
const ROUNDS: u64 = 24;
/// First step.
const STEP: f32 = 0.3;
/// Pull towards zero at each visit.
const PULL: f32 = 2e-4;

/// Texts as columns of features.
#[derive(Clone, Copy)]
pub(crate) struct Data<'a> {
    /// The features of each text with their values; a feature that stands twice is listed twice.
    pub(crate) rows: &'a [Vec<(u32, f32)>],
    /// How many features there are.
    pub(crate) width: usize,
}

/// A fitted model.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) bias: f32,
    pub(crate) weights: Vec<f32>,
}

impl Model {
    pub(crate) fn score(&self, data: &Data<'_>, n: usize) -> f32 {
        let sum: f32 = data.rows[n].iter().map(|(at, value)| self.weights[*at as usize] * value).sum();
        sum + self.bias
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Fits `labels` on the texts `of`.
pub(crate) fn fit(data: &Data<'_>, labels: &[bool], of: &[usize]) -> Model {
    let mut model = Model { bias: 0.0, weights: vec![0.0; data.width] };
    let mut squares = vec![1e-6_f32; data.width];
    let mut bias_square = 1e-6_f32;
    let mut order = of.to_vec();
    for round in 0..ROUNDS {
        order.sort_by_key(|n| spread(round << 32 | *n as u64));
        for n in &order {
            let wrong = sigmoid(model.score(data, *n)) - f32::from(u8::from(labels[*n]));
            for (at, value) in &data.rows[*n] {
                let at = *at as usize;
                let slope = wrong * value + PULL * model.weights[at];
                squares[at] += slope * slope;
                model.weights[at] -= STEP * slope / squares[at].sqrt();
            }
            bias_square += wrong * wrong;
            model.bias -= STEP * wrong / bias_square.sqrt();
        }
    }
    model
}

/// The score of every text by a model that has not seen its fold.
pub(crate) fn out_of_fold(data: &Data<'_>, labels: &[bool], folds: &[u64]) -> Vec<f32> {
    let kinds: Vec<u64> = folds.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let each = kinds.par_iter().flat_map_iter(|fold| {
        let (held, seen): (Vec<usize>, Vec<usize>) = (0..labels.len()).partition(|n| folds[*n] == *fold);
        let model = fit(data, labels, &seen);
        held.into_iter().map(move |n| (n, model.score(data, n)))
    });
    let mut scores: Vec<(usize, f32)> = each.collect();
    scores.sort_unstable_by_key(|(n, _)| *n);
    scores.into_iter().map(|(_, score)| score).collect()
}

/// What turns scores into probabilities (Platt 1999), by plain descent: the slope of each of them; the last of them is
/// always one, so that its slope is the shift.
pub(crate) fn calibrate<const N: usize>(scores: &[[f32; N]], labels: &[bool]) -> [f32; N] {
    let mut slopes = [1.0_f32; N];
    slopes[N - 1] = 0.0;
    let count = scores.len().max(1) as f32;
    for _ in 0..2000 {
        let mut by = [0.0; N];
        for (scores, label) in scores.iter().zip(labels) {
            let sum: f32 = scores.iter().zip(&slopes).map(|(score, slope)| score * slope).sum();
            let wrong = sigmoid(sum) - f32::from(u8::from(*label));
            by.iter_mut().zip(scores).for_each(|(by, score)| *by += wrong * score);
        }
        slopes.iter_mut().zip(by).for_each(|(slope, by)| *slope -= 0.2 * by / count);
    }
    slopes
}

/// The chance that a text of the queue has a higher score than one that is not (area under the ROC curve).
pub(crate) fn auc(scores: &[f32], labels: &[bool]) -> f32 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let (mut ranks, mut at) = (0.0_f64, 0);
    while at < order.len() {
        let same = order[at..].iter().take_while(|n| scores[**n] == scores[order[at]]).count();
        let rank = at as f64 + (same as f64 + 1.0) / 2.0;
        ranks += rank * order[at..at + same].iter().filter(|n| labels[**n]).count() as f64;
        at += same;
    }
    let yes = labels.iter().filter(|label| **label).count() as f64;
    let no = labels.len() as f64 - yes;
    if yes == 0.0 || no == 0.0 { 0.5 } else { ((ranks - yes * (yes + 1.0) / 2.0) / (yes * no)) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_always_tells_is_learnt_and_chance_is_not() {
        // Feature 0 tells the label, feature 1 is in every second text whatever the label.
        let rows: Vec<Vec<(u32, f32)>> = (0..200_u32)
            .map(|n| {
                let mut row = if n % 4 < 2 { vec![(0, 0.7)] } else { vec![(2, 0.7)] };
                row.extend((n % 2 == 0).then_some((1, 0.7)));
                row
            })
            .collect();
        let labels: Vec<bool> = (0..200).map(|n| n % 4 < 2).collect();
        let data = Data { rows: &rows, width: 3 };
        let folds: Vec<u64> = (0..200).map(|n| n % 5).collect();
        let scores = out_of_fold(&data, &labels, &folds);
        assert!(auc(&scores, &labels) > 0.99);
        let model = fit(&data, &labels, &(0..200).collect::<Vec<_>>());
        assert!(model.weights[0] > 5.0 * model.weights[1].abs(), "{:?}", model.weights);
        let beside: Vec<[f32; 2]> = scores.iter().map(|score| [*score, 1.0]).collect();
        let [slope, shift] = calibrate(&beside, &labels);
        assert!(sigmoid(slope * scores[0] + shift) > 0.9 && sigmoid(slope * scores[2] + shift) < 0.1);
    }

    #[test]
    fn the_area_counts_ties_by_half() {
        assert_eq!(auc(&[0.0, 0.0], &[true, false]), 0.5);
        assert_eq!(auc(&[1.0, 0.0, 0.5], &[true, false, false]), 1.0);
        assert_eq!(auc(&[0.0, 1.0], &[true, false]), 0.0);
    }
}
