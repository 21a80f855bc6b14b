//! Trains the second reader from the corpus, and says how far it can be trusted: out of fold, never on what it has seen.

mod corpus;
mod order;
mod regression;
mod report;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lexicons::Lexicon;
use lexicons::sums::Table;
use lexicons::weights::{OUTPUTS, QUEUES, Row, Weights};
use rayon::prelude::*;
use stream::{Category, Queue};

use crate::heard::Heard;
use crate::judge::judge_by_rules;
use crate::second;

pub use corpus::{Labelled, read};
pub use report::{ByLanguage, LeftOut, Report};

/// The sets of which one must stand in a text for the second reader to be asked: it reads of elections only.
const GATE: [&str; 16] = [
    "election",
    "cand",
    "organiser",
    "witness",
    "ballot_thing",
    "ballot_hard",
    "tps_word",
    "tps_only",
    "camp",
    "voter_camp",
    "office_elect",
    "vote_choice",
    "recap_any",
    "count_doc",
    "shun_voter",
    "election_hard",
];
/// Folds of the cross-validation.
const FOLDS: u64 = 5;
/// A feature must stand in this many families, or it is the story of one.
const FAMILIES: usize = 3;
/// And a pair of sets in this many: there are more of them than of words.
const PAIR_FAMILIES: usize = 8;
/// The calibrated probabilities from which a text may be raised: of each language the lowest that is right often enough.
const SURE: [f32; 2] = [0.6, 0.8];
/// Share of right ones, out of fold, among what it raises in a language, for the language to be switched on. Counted
/// over all texts: of those on which the rules are silent only the hardest are left where the rules were tuned on them.
const PRECISION: f32 = 0.8;
/// How many raised texts that must rest on.
const ENOUGH: usize = 8;

/// What moves a queue less than this is left out of the file, of words and the like …
const WORD_MOVES: f32 = 0.1;
/// … and of pairs, which are many and count little each.
const PAIR_MOVES: f32 = 0.5;
/// … and of words and the like on a category.
const CATEGORY_MOVES: f32 = 0.5;

/// What a text shows: a word or the like by its name, or two sets near each other.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Feature {
    Word(String),
    Pair([String; 2]),
}

/// A labelled text as the regression sees it.
struct Seen {
    /// Each with its value.
    features: Vec<(u32, f32)>,
    /// The language that the fold finds in it, as thresholds name it.
    languages: Vec<&'static str>,
    /// Whether the second reader would be asked, and the rules are silent.
    asked: bool,
    woken: bool,
    subject: bool,
    /// As the net sees it.
    tokens: Vec<second::Token>,
}

/// Trains on `texts` with the rules of `lexicon`. The same texts and lexicon always give the same weights.
pub fn train(lexicon: &Lexicon, texts: &[Labelled]) -> (Weights, Report) {
    let mut names = Names::default();
    let gate: Vec<_> = GATE.iter().filter_map(|set| lexicon.set(set)).collect();
    let mut seen: Vec<Seen> = texts.iter().map(|text| see(lexicon, &gate, text, &mut names)).collect();
    let groups = corpus::groups(texts);
    let kept = names.kept(&seen, &groups);
    let column = |(at, value): &(u32, f32)| Some((*kept.get(at)?, *value));
    let rows: Vec<Vec<(u32, f32)>> =
        seen.iter().map(|seen| seen.features.iter().filter_map(column).collect()).collect();
    let data = regression::Data { rows: &rows, width: kept.len() };
    let folds: Vec<u64> = groups.iter().map(|group| group % FOLDS).collect();
    let mut weights = Weights::default();
    weights.gate = GATE.iter().map(|set| (*set).to_owned()).collect();
    let mut scores = Vec::new();
    let labels = queues(texts);
    let tokens = seen.iter_mut().map(|seen| std::mem::take(&mut seen.tokens)).collect();
    let ordered = order::Data::new(tokens, &groups, &labels, FAMILIES);
    let by_order = ordered.out_of_fold(&folds);
    weights.net = ordered.fit(&(0..texts.len()).collect::<Vec<_>>());
    let mut sure = Vec::new();
    for (queue, labels) in labels.iter().enumerate() {
        let out = regression::out_of_fold(&data, labels, &folds);
        let [slope, shift] =
            regression::calibrate(&out.iter().map(|score| [*score, 1.0]).collect::<Vec<_>>(), labels);
        weights.calibration[queue] = (slope, shift);
        let both: Vec<[f32; 3]> =
            out.iter().zip(&by_order).map(|(words, order)| [*words, order[queue], 1.0]).collect();
        weights.together[queue] = regression::calibrate(&both, labels);
        let together =
            both.iter().map(|[words, order, _]| weights.probability_of_both(queue, *words, *order)).collect();
        sure.push(together);
        scores.push(out);
    }
    thresholds(&mut weights, texts, &seen, &sure);
    fit(&mut weights, texts, &data, &kept, &names);
    let first_look = first_look(lexicon, &weights, texts);
    let report = report::make(texts, &seen, &data, &weights, [&scores, &sure], first_look);
    (weights, report)
}

/// Of the texts that the finished model raises, the share that the first look, which knows no places, lets through.
fn first_look(lexicon: &Lexicon, weights: &Weights, texts: &[Labelled]) -> f32 {
    let (mut raised, mut kept) = (0, 0);
    // The lexicon's own sums are of the weights that it was loaded with.
    let (all, queues) = (Table::default(), Table::default());
    for text in texts {
        let heard = Heard::new(lexicon, &text.post);
        let masks = second::Masks::of(&heard);
        let scores: Row = second::scores(&heard, weights, &all, &masks);
        let order = second::says(&weights.net, &second::tokens(&heard, &masks).of);
        if (0..QUEUES).any(|at| weights.probability_of_both(at, scores[at], order[at]) >= SURE[0]) {
            raised += 1;
            kept += i32::from(second::worth_a_look(&heard, weights, &queues, second::WORDS_ALONE));
        }
    }
    kept as f32 / raised.max(1) as f32
}

fn queues(texts: &[Labelled]) -> [Vec<bool>; QUEUES] {
    [Queue::Konflik, Queue::Netralitas]
        .map(|queue| texts.iter().map(|text| text.queue == Some(queue)).collect())
}

fn see(lexicon: &Lexicon, gate: &[lexicons::SetId], text: &Labelled, names: &mut Names) -> Seen {
    let heard = Heard::new(lexicon, &text.post);
    let masks = second::Masks::of(&heard);
    let mut words = Vec::new();
    second::each_named(&heard, &masks, |name| words.push(names.number(Feature::Word(name))));
    let value = second::word_value(words.len());
    let mut features: Vec<(u32, f32)> = words.into_iter().map(|word| (word, value)).collect();
    let pairs = second::pairs(&heard, &masks);
    let value = second::pair_value(pairs.len());
    features
        .extend(pairs.iter().map(|pair| (names.number(Feature::Pair(pair.names.map(str::to_owned))), value)));
    let woken = gate.iter().any(|set| heard.text.has(*set));
    let silent = judge_by_rules(lexicon, &text.post).is_none_or(|finding| finding.signals.is_empty());
    Seen {
        features,
        languages: second::languages(&heard).collect(),
        asked: woken && silent,
        woken,
        subject: crate::neutral::subject(&heard).is_some(),
        tokens: second::tokens(&heard, &masks).of,
    }
}

/// The probability from which a queue is added, by language: none where it is not right often enough out of fold.
fn thresholds(weights: &mut Weights, texts: &[Labelled], seen: &[Seen], sure: &[Vec<f32>]) {
    let languages: BTreeSet<&str> = seen.iter().flat_map(|seen| seen.languages.iter().copied()).collect();
    for language in languages {
        let proved = |queue: usize, least: f32| {
            let raised = (0..texts.len()).filter(|n| {
                let fits = seen[*n].woken && seen[*n].languages.contains(&language);
                fits && (queue == 0 || seen[*n].subject) && sure[queue][*n] >= least
            });
            let (mut all, mut right) = (0, 0);
            for n in raised {
                all += 1;
                right += usize::from(texts[n].queue.is_some());
            }
            all >= ENOUGH && right as f32 >= PRECISION * all as f32
        };
        let at = std::array::from_fn(|queue| SURE.into_iter().find(|least| proved(queue, *least)));
        weights.thresholds.insert(language.to_owned(), at);
    }
}

/// The weights of the finished model: queues from all texts, categories from those of the conflict queue.
fn fit(
    weights: &mut Weights,
    texts: &[Labelled],
    data: &regression::Data<'_>,
    kept: &BTreeMap<u32, u32>,
    names: &Names,
) {
    let all: Vec<usize> = (0..texts.len()).collect();
    let conflict: Vec<usize> =
        all.iter().copied().filter(|n| texts[*n].queue == Some(Queue::Konflik)).collect();
    // A category is told by words alone: of each there are few texts, and of pairs many.
    let is_word: BTreeSet<u32> = kept
        .iter()
        .filter(|(number, _)| matches!(names.all[**number as usize], Feature::Word(_)))
        .map(|(_, column)| *column)
        .collect();
    let words: Vec<Vec<(u32, f32)>> = data
        .rows
        .iter()
        .map(|row| row.iter().copied().filter(|(column, _)| is_word.contains(column)).collect())
        .collect();
    let words = regression::Data { rows: &words, width: data.width };
    let models: Vec<regression::Model> = OUTPUTS
        .par_iter()
        .enumerate()
        .map(|(at, output)| {
            if at < QUEUES {
                return regression::fit(data, &queues(texts)[at], &all);
            }
            let category = Category::parse(output);
            let labels: Vec<bool> = texts.iter().map(|text| text.category == category).collect();
            regression::fit(&words, &labels, &conflict)
        })
        .collect();
    for (at, model) in models.iter().enumerate() {
        weights.bias[at] = model.bias;
    }
    for (number, column) in kept {
        let weight = |output: usize| round(models[output].weights[*column as usize]);
        match &names.all[*number as usize] {
            Feature::Word(name) => {
                let row: Row = std::array::from_fn(weight);
                // A feature that moves no queue and hardly a category is left out.
                if row[..QUEUES].iter().any(|w| w.abs() >= WORD_MOVES)
                    || row[QUEUES..].iter().any(|w| w.abs() >= CATEGORY_MOVES)
                {
                    weights.set(name, row);
                }
            }
            Feature::Pair([one, two]) => {
                let row: [f32; QUEUES] = std::array::from_fn(weight);
                if row.iter().any(|w| w.abs() >= PAIR_MOVES) {
                    weights.set_pair([one, two], row);
                }
            }
        }
    }
}

/// As the file keeps it: two decimals.
fn round(weight: f32) -> f32 {
    (weight * 100.0).round() / 100.0
}

/// The features met so far, each with its number.
#[derive(Default)]
struct Names {
    all: Vec<Feature>,
    numbers: HashMap<Feature, u32>,
}

impl Names {
    fn number(&mut self, feature: Feature) -> u32 {
        if let Some(number) = self.numbers.get(&feature) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.numbers.insert(feature.clone(), number);
        self.all.push(feature);
        number
    }

    /// The features that stand in enough families, and their columns.
    fn kept(&self, seen: &[Seen], groups: &[u64]) -> BTreeMap<u32, u32> {
        let mut families: Vec<Vec<u64>> = vec![Vec::new(); self.all.len()];
        for (seen, group) in seen.iter().zip(groups) {
            for (feature, _) in &seen.features {
                let known = &mut families[*feature as usize];
                if known.len() < PAIR_FAMILIES && !known.contains(group) {
                    known.push(*group);
                }
            }
        }
        let enough = |feature: &Feature| match feature {
            Feature::Word(_) => FAMILIES,
            Feature::Pair(_) => PAIR_FAMILIES,
        };
        let often = (0u32..).zip(&self.all).zip(&families);
        let often = often.filter(|((_, feature), families)| families.len() >= enough(feature));
        often.map(|((number, _), _)| number).zip(0..).collect()
    }
}
