//! Trains the second reader from the corpus, and says how far it can be trusted: out of fold, never on what it has seen.

mod corpus;
mod regression;
mod report;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lexicons::Lexicon;
use lexicons::sums::Table;
use lexicons::weights::{OUTPUTS, QUEUES, Row, Weights};
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
/// The calibrated probability from which a text is raised.
const SURE: f32 = 0.8;
/// Share of right ones, out of fold, among what it raises in a language, for the language to be switched on. Counted
/// over all texts: of those on which the rules are silent only the hardest are left where the rules were tuned on them.
const PRECISION: f32 = 0.8;
/// How many raised texts that must rest on.
const ENOUGH: usize = 8;

/// A labelled text as the regression sees it.
struct Seen {
    features: Vec<u32>,
    /// The language that the fold finds in it, as thresholds name it.
    languages: Vec<&'static str>,
    /// Whether the second reader would be asked, and the rules are silent.
    asked: bool,
    woken: bool,
    subject: bool,
}

/// Trains on `texts` with the rules of `lexicon`. The same texts and lexicon always give the same weights.
pub fn train(lexicon: &Lexicon, texts: &[Labelled]) -> (Weights, Report) {
    let mut names = Names::default();
    let gate: Vec<_> = GATE.iter().filter_map(|set| lexicon.set(set)).collect();
    let seen: Vec<Seen> = texts.iter().map(|text| see(lexicon, &gate, text, &mut names)).collect();
    let groups = corpus::groups(texts);
    let kept = names.kept(&seen, &groups);
    let rows: Vec<Vec<u32>> = seen
        .iter()
        .map(|seen| seen.features.iter().filter_map(|at| kept.get(at).copied()).collect())
        .collect();
    // What is not kept still counts for the length of a text, as it does when the second reader is at work.
    let norms: Vec<f32> = seen.iter().map(|seen| second::norm(seen.features.len())).collect();
    let data = regression::Data { rows: &rows, norms: &norms, width: kept.len() };
    let folds: Vec<u64> = groups.iter().map(|group| group % FOLDS).collect();
    let mut weights = Weights::default();
    weights.gate = GATE.iter().map(|set| (*set).to_owned()).collect();
    let mut scores = Vec::new();
    for (queue, labels) in queues(texts).iter().enumerate() {
        let out = regression::out_of_fold(&data, labels, &folds);
        weights.calibration[queue] = regression::calibrate(&out, labels);
        scores.push(out);
    }
    thresholds(&mut weights, texts, &seen, &scores);
    fit(&mut weights, texts, &data, &kept, &names);
    let first_look = first_look(lexicon, &weights, texts);
    let report = report::make(texts, &seen, &data, &weights, &scores, first_look);
    (weights, report)
}

/// Of the texts that the finished model raises, the share that the first look, which knows no places, lets through.
fn first_look(lexicon: &Lexicon, weights: &Weights, texts: &[Labelled]) -> f32 {
    let (mut raised, mut kept) = (0, 0);
    // The lexicon's own sums are of the weights that it was loaded with.
    let (all, queues) = (Table::default(), Table::default());
    for text in texts {
        let heard = Heard::new(lexicon, &text.post);
        let scores: Row = second::scores(&heard, weights, &all, &second::Masks::of(&heard));
        if (0..QUEUES).any(|queue| weights.probability(queue, scores[queue]) >= SURE) {
            raised += 1;
            kept += i32::from(second::worth_a_look(&heard, weights, &queues));
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
    let mut features = Vec::new();
    second::each_named(&heard, &second::Masks::of(&heard), |name| features.push(names.number(name)));
    let woken = gate.iter().any(|set| heard.text.has(*set));
    let silent = judge_by_rules(lexicon, &text.post).is_none_or(|finding| finding.signals.is_empty());
    Seen {
        features,
        languages: second::languages(&heard),
        asked: woken && silent,
        woken,
        subject: crate::neutral::subject(&heard).is_some(),
    }
}

/// The probability from which a queue is added, by language: none where it is not right often enough out of fold.
fn thresholds(weights: &mut Weights, texts: &[Labelled], seen: &[Seen], scores: &[Vec<f32>]) {
    let languages: BTreeSet<&str> = seen.iter().flat_map(|seen| seen.languages.iter().copied()).collect();
    for language in languages {
        let mut at = [None; QUEUES];
        for (queue, at) in at.iter_mut().enumerate() {
            let raised = (0..texts.len()).filter(|n| {
                let fits = seen[*n].woken && seen[*n].languages.contains(&language);
                fits && (queue == 0 || seen[*n].subject)
                    && weights.probability(queue, scores[queue][*n]) >= SURE
            });
            let (mut all, mut right) = (0, 0);
            for n in raised {
                all += 1;
                right += usize::from(texts[n].queue.is_some());
            }
            let proved = all >= ENOUGH && right as f32 >= PRECISION * all as f32;
            *at = proved.then_some(SURE);
        }
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
    let models: Vec<regression::Model> = OUTPUTS
        .iter()
        .enumerate()
        .map(|(at, output)| {
            if at < QUEUES {
                return regression::fit(data, &queues(texts)[at], &all);
            }
            let category = Category::parse(output);
            let labels: Vec<bool> = texts.iter().map(|text| text.category == category).collect();
            regression::fit(data, &labels, &conflict)
        })
        .collect();
    for (at, model) in models.iter().enumerate() {
        weights.bias[at] = model.bias;
    }
    for (name, column) in kept {
        let mut row = Row::default();
        row.iter_mut().zip(&models).for_each(|(w, model)| *w = round(model.weights[*column as usize]));
        // A feature that moves no queue and hardly a category is left out.
        if row[..QUEUES].iter().any(|w| w.abs() >= 0.1) || row[QUEUES..].iter().any(|w| w.abs() >= 0.5) {
            weights.set(&names.all[*name as usize], row);
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
    all: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: String) -> u32 {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.numbers.insert(name.clone(), number);
        self.all.push(name);
        number
    }

    /// The features that stand in enough families, and their columns.
    fn kept(&self, seen: &[Seen], groups: &[u64]) -> BTreeMap<u32, u32> {
        let mut families: Vec<Vec<u64>> = vec![Vec::new(); self.all.len()];
        for (seen, group) in seen.iter().zip(groups) {
            for feature in &seen.features {
                let known = &mut families[*feature as usize];
                if known.len() < FAMILIES && !known.contains(group) {
                    known.push(*group);
                }
            }
        }
        let often = (0..self.all.len() as u32).filter(|at| families[*at as usize].len() >= FAMILIES);
        often.zip(0..).collect()
    }
}
