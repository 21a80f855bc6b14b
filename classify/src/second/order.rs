//! What the net makes of a text: the order of its words, and how much each of them counted.

use lexicons::net::{Dense, Table};
use lexicons::weights::QUEUES;
use ndarray::Array2;

use super::features::Masks;
use super::tokens::{Token, tokens};
use crate::heard::Heard;

/// What the net says of each queue; nothing where there is none.
pub(super) fn read(heard: &Heard<'_>, net: &Table, masks: &Masks) -> [f32; QUEUES] {
    if net.is_empty() {
        return [0.0; QUEUES];
    }
    says(net, &tokens(heard, masks).of)
}

/// What a net says of a text's tokens.
pub(crate) fn says(net: &Table, tokens: &[Token]) -> [f32; QUEUES] {
    net.dense.read(numbers(net, tokens), None).out
}

/// How much each token counted for a queue: its numbers times the slope at them (Simonyan et al. 2013).
pub(super) fn shares(heard: &Heard<'_>, net: &Table, masks: &Masks, queue: usize) -> Vec<f32> {
    let tokens = tokens(heard, masks);
    let numbers = numbers(net, &tokens.of);
    let sight = net.dense.read(numbers.clone(), None);
    let mut wish = [0.0; QUEUES];
    wish[queue] = 1.0;
    let moved = numbers * net.dense.back(&sight, wish, None, &mut Dense::zero());
    tokens.at.iter().map(|place| place.map_or(0.0, |place| moved.row(place).sum())).collect()
}

fn numbers(net: &Table, tokens: &[Token]) -> Array2<f32> {
    let tokens: Vec<Vec<(u64, f32)>> = tokens.iter().map(|token| embed(token).collect()).collect();
    net.tokens(tokens.iter().map(Vec::as_slice))
}

/// The features of a token with their values: words, groups of letters and sets each weigh by the root of their number.
pub(crate) fn embed(token: &Token) -> impl Iterator<Item = (u64, f32)> {
    [&token.words, &token.letters, &token.sets].into_iter().flat_map(|keys| {
        let value = super::word_value(keys.len());
        keys.iter().map(move |key| (*key, value))
    })
}
