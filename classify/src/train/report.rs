//! What training tells of itself: how well texts are told apart out of fold, what is lost on a language, channel or
//! writer never seen, and whether style alone gives the labels away.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lexicons::weights::{OUTPUTS, QUEUES, Weights};
use rayon::prelude::*;
use serde::Serialize;

use super::corpus::{Labelled, copies, groups};
use super::regression::{self, Data, auc};
use super::{FOLDS, Seen, queues};

/// What is known of a trained second reader.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Texts, families, near-copies across families.
    pub texts: usize,
    /// Families among them.
    pub families: usize,
    /// Pairs of near-copies that lie in different families (they stay on one side of every fold).
    pub copies: usize,
    /// Features that stand in enough families.
    pub features: usize,
    /// Area under the ROC curve out of fold, by queue.
    pub auc: BTreeMap<&'static str, f32>,
    /// The same by a model that sees only surface and metadata (length, capitals, emoji, channel, hour …).
    pub surface: BTreeMap<&'static str, f32>,
    /// The same by a model that sees only the language.
    pub language_alone: BTreeMap<&'static str, f32>,
    /// Share of the queues' texts that pass the gate in front of the second reader.
    pub gate_recall: f32,
    /// Share of what the finished model raises that its first look, which knows no places, lets through.
    pub first_look: f32,
    /// What it would add, out of fold, by the language found in the text.
    pub added: BTreeMap<String, ByLanguage>,
    /// The worst area under the curve when one kind is left out of the training, and which it was.
    pub left_out: Vec<LeftOut>,
}

/// What the second reader adds in one language where the rules are silent.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct ByLanguage {
    /// Texts of a queue on which the rules are silent.
    pub missed: usize,
    /// Texts added that belong in a queue.
    pub right: usize,
    /// Texts added that belong in none.
    pub wrong: usize,
    /// Whether it is on, by queue.
    pub on: [bool; QUEUES],
}

/// One kind of text left out of the training.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOut {
    /// `language`, `channel` or `writer`.
    pub kind: &'static str,
    /// The one on which it did worst.
    pub worst: String,
    /// The queue.
    pub queue: &'static str,
    /// Area under the curve on it.
    pub auc: f32,
}

pub(super) fn make(
    texts: &[Labelled],
    seen: &[Seen],
    data: &Data<'_>,
    weights: &Weights,
    [scores, sure]: [&[Vec<f32>]; 2],
    first_look: f32,
) -> Report {
    let labels = queues(texts);
    let groups = groups(texts);
    let folds: Vec<u64> = groups.iter().map(|group| group % FOLDS).collect();
    let by_queue =
        |area: &dyn Fn(usize) -> f32| (0..QUEUES).map(|queue| (OUTPUTS[queue], area(queue))).collect();
    let alone = |features: &dyn Fn(&Labelled) -> Vec<String>| {
        let rows = numbered(texts.iter().map(features));
        let width = rows.iter().flatten().map(|(at, _)| *at as usize + 1).max().unwrap_or(0);
        let data = Data { rows: &rows, width };
        by_queue(&|queue| auc(&regression::out_of_fold(&data, &labels[queue], &folds), &labels[queue]))
    };
    let queued: Vec<&Seen> =
        seen.iter().zip(texts).filter(|(_, text)| text.queue.is_some()).map(|(seen, _)| seen).collect();
    Report {
        texts: texts.len(),
        families: texts.iter().map(|text| &text.family).collect::<BTreeSet<_>>().len(),
        copies: copies(texts).iter().filter(|(a, b)| texts[*a].scenario != texts[*b].scenario).count(),
        features: data.width,
        auc: by_queue(&|queue| auc(&scores[queue], &labels[queue])),
        surface: alone(&surface),
        language_alone: alone(&|text| vec![text.language.clone()]),
        gate_recall: queued.iter().filter(|seen| seen.woken).count() as f32 / queued.len().max(1) as f32,
        first_look,
        added: added(texts, seen, weights, sure),
        left_out: left_out(texts, data, &labels),
    }
}

fn added(
    texts: &[Labelled],
    seen: &[Seen],
    weights: &Weights,
    sure: &[Vec<f32>],
) -> BTreeMap<String, ByLanguage> {
    let mut added: BTreeMap<String, ByLanguage> = BTreeMap::new();
    for (n, text) in texts.iter().enumerate().filter(|(n, _)| seen[*n].asked) {
        let raised = (0..QUEUES).any(|queue| {
            (queue == 0 || seen[n].subject)
                && weights
                    .threshold(seen[n].languages.iter().copied(), queue)
                    .is_some_and(|at| sure[queue][n] >= at)
        });
        for language in &seen[n].languages {
            let row = added.entry((*language).to_owned()).or_default();
            row.on = weights.thresholds.get(*language).copied().unwrap_or_default().map(|at| at.is_some());
            row.missed += usize::from(text.queue.is_some());
            row.right += usize::from(raised && text.queue.is_some());
            row.wrong += usize::from(raised && text.queue.is_none());
        }
    }
    added
}

/// Trains without one language, channel or writer at a time, and tells the worst of each.
fn left_out(texts: &[Labelled], data: &Data<'_>, labels: &[Vec<bool>; QUEUES]) -> Vec<LeftOut> {
    /// Fewer texts of a queue say nothing about it.
    const FEW: usize = 15;
    let kinds: [(&'static str, Vec<String>); 3] = [
        ("language", texts.iter().map(|text| text.language.clone()).collect()),
        ("channel", texts.iter().map(|text| text.post.channel.to_string()).collect()),
        ("writer", texts.iter().map(|text| text.batch.clone()).collect()),
    ];
    let mut out = Vec::new();
    for (kind, of) in &kinds {
        for (queue, labels) in labels.iter().enumerate() {
            let one: Vec<&String> = of.iter().collect::<BTreeSet<_>>().into_iter().collect();
            let each = one.par_iter().filter_map(|one| {
                let (rest, held): (Vec<usize>, Vec<usize>) = (0..texts.len()).partition(|n| of[*n] != **one);
                if rest.is_empty() || held.iter().filter(|n| labels[**n]).count() < FEW {
                    return None;
                }
                let model = regression::fit(data, labels, &rest);
                let scores: Vec<f32> = held.iter().map(|n| model.score(data, *n)).collect();
                let labels: Vec<bool> = held.iter().map(|n| labels[*n]).collect();
                Some(LeftOut {
                    kind,
                    worst: (*one).clone(),
                    queue: OUTPUTS[queue],
                    auc: auc(&scores, &labels),
                })
            });
            let each: Vec<LeftOut> = each.collect();
            out.extend(each.into_iter().min_by(|a, b| a.auc.total_cmp(&b.auc)));
        }
    }
    out
}

/// What style and metadata show, without a word of the text.
fn surface(text: &Labelled) -> Vec<String> {
    let words = text.post.text.split_whitespace().count();
    let count = |is: fn(char) -> bool| text.post.text.chars().filter(|c| is(*c)).count();
    let upper = count(char::is_uppercase) * 10 / count(char::is_alphabetic).max(1);
    let author = text.post.author.as_ref();
    vec![
        format!("words {}", (words / 6).min(12)),
        format!("upper {upper}"),
        format!("digits {}", count(|c| c.is_ascii_digit()).min(8)),
        format!("marks {}", count(|c| c == '!' || c == '?').min(3)),
        format!("commas {}", count(|c| c == ',').min(5)),
        format!("emoji {}", count(|c| c as u32 > 0x1F000) > 0),
        format!("end {:?}", text.post.text.chars().last().filter(|c| c.is_ascii_punctuation())),
        format!("url {}", text.post.text.contains("http")),
        format!("mention {}", text.post.text.starts_with('@')),
        format!("lines {}", text.post.text.lines().count().min(4)),
        format!("channel {}", text.post.channel),
        format!("hour {}", text.post.posted_at.as_second() / 3600 % 24),
        format!("day {}", text.post.posted_at.as_second() / 86400),
        format!("bio {}", author.is_some_and(|author| author.bio.is_some())),
        format!("name {}", author.is_some_and(|author| author.name.is_some())),
        format!("form {}", text.form),
    ]
}

fn numbered(rows: impl Iterator<Item = Vec<String>>) -> Vec<Vec<(u32, f32)>> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    rows.map(|row| {
        row.into_iter()
            .map(|feature| {
                let next = numbers.len() as u32;
                (*numbers.entry(feature).or_insert(next), 1.0)
            })
            .collect()
    })
    .collect()
}
