//! The second reader: a small model beside the rules, for what is said indirectly. Words and pairs of sets add up
//! (`features`, `pairs`); of the few texts that they find worth it a small net reads the order of the words (`order`). It
//! decides the queue only, says which words decided, and never outvotes what the rules are sure of (`weigh`).

mod features;
mod order;
mod pairs;
mod tokens;
mod weigh;

use features::each;
use lexicons::Range;
use lexicons::sums::{Sum, Table};
use lexicons::weights::{OUTPUTS, QUEUES, Row, Weights};
use stream::{Category, Hit, Part, Severity, Signal, Span, Step, Subject};

use crate::heard::Heard;
use crate::{accused, neutral, tags};

pub(crate) use features::{Masks, each_named};
pub(crate) use order::{embed, says};
pub(crate) use pairs::pairs;
pub(crate) use tokens::{Token, tokens};
pub(crate) use weigh::weigh;

/// The name that stands in place of a rule's id.
pub const NAME: &str = "second-reader";

/// How many stretches of words are shown as what decided.
const SHOWN: usize = 4;
/// What all pairs of a text count together, beside its words.
const PAIRS: f32 = 0.7;
/// Pairs are looked for when the words alone reach this probability: they cost more than all rules together, and of 114
/// texts of the corpus that were raised with them, one stood below it.
pub(crate) const WORDS_ALONE: f32 = 0.05;
/// Where no word of the gate stands, so that little is of an election, the second reader must be this sure …
const SURE_UNWOKEN: f32 = 0.85;
/// … and the words alone must reach this: nearly all posts of a stream are such.
const WORDS_ALONE_UNWOKEN: f32 = 0.3;
/// A text is read again with its places masked when this probability is reached without: finding the place costs more
/// than all else, and most texts are nowhere near.
const WORTH_A_LOOK: f32 = 0.3;

/// What the second reader makes of a text.
pub(crate) struct Opinion {
    scores: Row,
    /// What the net says of each queue.
    order: [f32; QUEUES],
    masks: Masks,
}

impl Opinion {
    /// Reads the text of a post.
    fn of(heard: &Heard<'_>, masks: Masks) -> Opinion {
        let weights = heard.lexicon.second_reader();
        let scores = scores(heard, weights, &heard.lexicon.sums().all, &masks);
        Opinion { scores, order: order::read(heard, &weights.net, &masks), masks }
    }

    fn probability(&self, weights: &Weights, queue: usize) -> f32 {
        weights.probability_of_both(queue, self.scores[queue], self.order[queue])
    }

    /// The category that the words speak for most.
    fn category(&self) -> Category {
        let best = (QUEUES..OUTPUTS.len()).max_by(|a, b| self.scores[*a].total_cmp(&self.scores[*b]));
        best.and_then(|at| Category::parse(OUTPUTS[at])).unwrap_or(Category::Kf12)
    }

    /// The words that spoke most for a queue, in order of the text.
    fn words(&self, heard: &Heard<'_>, queue: usize) -> Vec<Span> {
        let shares = self.shares(heard, queue);
        let mut order: Vec<usize> = (0..shares.len()).filter(|at| shares[*at] > 0.0).collect();
        order.sort_by(|a, b| shares[*b].total_cmp(&shares[*a]));
        order.truncate(SHOWN);
        order.sort_unstable();
        order.into_iter().map(|at| word(heard, at)).collect()
    }

    /// The word that spoke most against a queue.
    fn word_against(&self, heard: &Heard<'_>, queue: usize) -> Option<Span> {
        let shares = self.shares(heard, queue);
        let least = (0..shares.len()).min_by(|a, b| shares[*a].total_cmp(&shares[*b]))?;
        (shares[least] < 0.0).then(|| word(heard, least))
    }

    /// What each token adds to the score of a queue.
    fn shares(&self, heard: &Heard<'_>, queue: usize) -> Vec<f32> {
        let weights = heard.lexicon.second_reader();
        let tokens = heard.text.folded.tokens().len();
        let mut shares = vec![0.0_f32; tokens];
        let mut add = |Range { start, end }: Range, weight: f32| {
            let len = (end - start).max(1) as f32;
            shares[start..end.min(tokens)].iter_mut().for_each(|share| *share += weight / len);
        };
        let mut words = 0;
        each(heard, &self.masks, |_, _| words += 1);
        each(heard, &self.masks, |key, range| {
            if let Some(row) = weights.row(key) {
                add(range, row[queue] * word_value(words));
            }
        });
        let pairs = pairs(heard, &self.masks);
        for pair in &pairs {
            if let Some(row) = weights.pair(pair.key) {
                let half = row[queue] * pair_value(pairs.len()) / 2.0;
                pair.ranges.into_iter().for_each(|range| add(range, half));
            }
        }
        if !weights.net.is_empty() {
            let [by_words, by_order, _] = weights.together[queue];
            let order = order::shares(heard, &weights.net, &self.masks, queue);
            shares
                .iter_mut()
                .zip(order)
                .for_each(|(share, more)| *share = *share * by_words + more * by_order);
        }
        shares
    }
}

fn word(heard: &Heard<'_>, at: usize) -> Span {
    heard.span(Part::Text, Range { start: at, end: at + 1 })
}

/// The score of each of the first `N` outputs; `table` is made of the weights, or empty.
pub(crate) fn scores<const N: usize>(
    heard: &Heard<'_>,
    weights: &Weights,
    table: &Table<N>,
    masks: &Masks,
) -> [f32; N] {
    let mut scores = word_scores(heard, weights, table, masks);
    add_pairs(heard, weights, masks, &mut scores);
    scores
}

/// What the words and the like say, without the pairs.
fn word_scores<const N: usize>(
    heard: &Heard<'_>,
    weights: &Weights,
    table: &Table<N>,
    masks: &Masks,
) -> [f32; N] {
    let Sum { features, row: mut scores } = features::sum(heard, weights, table, masks);
    let value = word_value(features as usize);
    scores.iter_mut().zip(&weights.bias).for_each(|(score, bias)| *score = *score * value + bias);
    scores
}

/// Adds what the pairs say: of the queues alone, the first of all outputs.
fn add_pairs(heard: &Heard<'_>, weights: &Weights, masks: &Masks, scores: &mut [f32]) {
    let keys = pairs::keys(heard, masks);
    let value = pair_value(keys.len());
    for row in keys.iter().filter_map(|key| weights.pair(*key)) {
        scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * value);
    }
}

/// Whether a first look, which knows no places and at first no pairs, finds a text worth reading whole.
pub(crate) fn worth_a_look(
    heard: &Heard<'_>,
    weights: &Weights,
    table: &Table<QUEUES>,
    words_alone: f32,
) -> bool {
    let masks = Masks::of_candidates(heard);
    let mut scores = word_scores(heard, weights, table, &masks);
    let reaches = |scores: &[f32; QUEUES], least: f32| {
        (0..QUEUES).any(|queue| weights.probability(queue, scores[queue]) >= least)
    };
    if !reaches(&scores, words_alone) {
        return false;
    }
    add_pairs(heard, weights, &masks, &mut scores);
    reaches(&scores, WORTH_A_LOOK)
}

/// What each of the words and the like of a text counts, by their number: long texts weigh as much as short ones.
pub(crate) fn word_value(count: usize) -> f32 {
    1.0 / (count.max(1) as f32).sqrt()
}

/// And each of its pairs.
pub(crate) fn pair_value(count: usize) -> f32 {
    PAIRS * word_value(count)
}

/// The languages of a text as thresholds name them: its dialects, or Indonesian.
pub(crate) fn languages(heard: &Heard<'_>) -> impl Iterator<Item = &'static str> {
    let dialects = heard.text.folded.dialects();
    dialects.iter().map(|dialect| dialect.code()).chain(dialects.is_empty().then_some("id"))
}

/// What the second reader finds where the rules raise nothing.
struct Guess {
    opinion: Opinion,
    category: Category,
    subject: Option<Subject>,
    queue: usize,
}

fn guess(heard: &Heard<'_>) -> Option<Guess> {
    let woken = heard.lexicon.wakes_second_reader(&heard.text);
    let (least, words_alone) = if woken { (0.0, WORDS_ALONE) } else { (SURE_UNWOKEN, WORDS_ALONE_UNWOKEN) };
    let weights = heard.lexicon.second_reader();
    let thresholds: [Option<f32>; QUEUES] =
        std::array::from_fn(|queue| weights.threshold(languages(heard), queue));
    // Most texts in a language that is off need not be read again.
    thresholds.iter().flatten().next()?;
    if !worth_a_look(heard, weights, &heard.lexicon.sums().queues, words_alone) {
        return None;
    }
    let opinion = Opinion::of(heard, Masks::of(heard));
    let sure = |queue: usize| {
        thresholds[queue].is_some_and(|at| opinion.probability(weights, queue) >= at.max(least))
    };
    if sure(0) {
        Some(Guess { category: opinion.category(), subject: None, queue: 0, opinion })
    } else if sure(1) {
        Some(Guess { category: Category::Kf14, subject: Some(neutral::subject(heard)?), queue: 1, opinion })
    } else {
        None
    }
}

/// The category that the second reader raises where the rules raise none.
pub(crate) fn category(heard: &Heard<'_>) -> Option<Category> {
    guess(heard).map(|guess| guess.category)
}

/// The signal that the second reader adds where the rules raise none.
pub(crate) fn add(heard: &Heard<'_>) -> Option<Signal> {
    let Guess { opinion, category, subject, queue } = guess(heard)?;
    let span = opinion.words(heard, queue);
    let severity = if queue == 0 { Severity::Waspada } else { Severity::Normal };
    Some(signal(heard, category, subject, severity, Hit { rule: NAME.to_owned(), spans: span }))
}

fn signal(
    heard: &Heard<'_>,
    category: Category,
    subject: Option<Subject>,
    severity: Severity,
    hit: Hit,
) -> Signal {
    let place = heard.place().clone();
    Signal {
        category,
        severity,
        steps: vec![Step { to: severity, why: "second_reader".to_owned(), span: hit.spans.first().copied() }],
        hits: vec![hit],
        accused: accused::of(heard, category, &[], &place),
        place,
        subject,
        acts: Vec::new(),
        tags: tags::of(heard, &[]),
        event_time: heard.post.event_time(),
        account: None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn where_nothing_is_of_an_election_it_must_be_surer() {
        let lexicon = lexicons::Lexicon::builtin();
        let weights = lexicon.second_reader();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lexicons/corpus/leads-read.jsonl");
        let file = std::fs::read_to_string(path).expect("the corpus is part of the project");
        let lines: Vec<&str> = file.lines().step_by(5).collect();
        // How sure it was of each that is added, and how many are left that a text of an election would be added with.
        let (mut added, mut left) = (Vec::new(), 0);
        for text in crate::train::read("leads-read.jsonl", &lines.join("\n")).expect("it can be read") {
            let heard = Heard::new(&lexicon, &text.post);
            if lexicon.wakes_second_reader(&heard.text) {
                continue;
            }
            match guess(&heard) {
                Some(guess) => added.push(guess.opinion.probability(weights, guess.queue)),
                None => {
                    let sure = Opinion::of(&heard, Masks::of(&heard)).probability(weights, 0);
                    let enough = weights.threshold(languages(&heard), 0).is_some_and(|at| sure >= at);
                    left += usize::from(enough);
                }
            }
        }
        assert!(added.len() > 10 && left > 0, "{added:?}, left {left}");
        assert!(added.iter().all(|sure| *sure >= SURE_UNWOKEN), "{added:?}");
    }
}
