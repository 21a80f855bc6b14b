//! `bench ablation`: what each part of the judgement is worth on labelled texts: alarms it removes, hits it loses or makes.

use std::path::Path;

use classify::train::Labelled;
use lexicons::{LeftOut, Lexicon};
use serde::Serialize;
use stream::Finding;

use crate::across::across;

/// How labelled texts come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Outcome {
    /// Texts of a queue that stand in one.
    pub(crate) found: usize,
    /// Texts of a queue.
    pub(crate) queued: usize,
    /// Texts of no queue that stand in one.
    pub(crate) alarms: usize,
    /// Texts of no queue.
    pub(crate) clean: usize,
    /// Harmonic mean of precision and recall, any queue.
    pub(crate) f1: f64,
}

/// What changes when a part is taken away.
#[derive(Debug, Serialize)]
pub(crate) struct Without {
    /// The part.
    pub(crate) part: String,
    /// How the texts come out without it.
    pub(crate) outcome: Outcome,
    /// Alarms more without it: those it removes.
    pub(crate) alarms_removed: i64,
    /// Hits fewer without it: those it makes (below zero: hits that it costs).
    pub(crate) hits_made: i64,
}

/// What is measured.
#[derive(Debug, Serialize)]
pub(crate) struct Ablation {
    /// With everything.
    pub(crate) whole: Outcome,
    /// Without each part in turn.
    pub(crate) without: Vec<Without>,
    /// Rules that alone put no text into the right queue: untested here.
    pub(crate) untested: Vec<String>,
}

/// The parts in the order they are tried: the large ones, then each guard.
pub(crate) fn parts(lexicon: &Lexicon) -> Vec<LeftOut> {
    let large = [
        LeftOut::Rules,
        LeftOut::Guards,
        LeftOut::SecondReader,
        LeftOut::Slang,
        LeftOut::Morphology,
        LeftOut::Contests,
    ];
    let guards = lexicon.guards().iter().map(|guard| LeftOut::Guard(guard.name.clone()));
    large.into_iter().chain(guards).collect()
}

pub(crate) fn run(
    dir: Option<&Path>,
    lexicon: &Lexicon,
    texts: &[Labelled],
    parts: Vec<LeftOut>,
) -> anyhow::Result<Ablation> {
    let findings = judged(lexicon, texts);
    let whole = outcome(texts, &findings);
    let mut without = Vec::new();
    for part in parts {
        let less = Lexicon::load_without(dir, &part).map_err(|faults| {
            anyhow::anyhow!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })?;
        let outcome = outcome(texts, &judged(&less, texts));
        without.push(Without {
            part: match part {
                LeftOut::Guard(name) => format!("guard {name}"),
                LeftOut::Rule(id) => format!("rule {id}"),
                other => format!("{other:?}"),
            },
            alarms_removed: outcome.alarms as i64 - whole.alarms as i64,
            hits_made: whole.found as i64 - outcome.found as i64,
            outcome,
        });
    }
    Ok(Ablation { whole, without, untested: untested(lexicon, texts, &findings) })
}

fn judged(lexicon: &Lexicon, texts: &[Labelled]) -> Vec<Option<Finding>> {
    across(texts, |text| classify::judge(lexicon, &text.post))
}

fn stands(finding: Option<&Finding>) -> bool {
    finding.is_some_and(|finding| !finding.signals.is_empty())
}

fn outcome(texts: &[Labelled], findings: &[Option<Finding>]) -> Outcome {
    let mut out = Outcome::default();
    for (text, finding) in texts.iter().zip(findings) {
        let raised = usize::from(stands(finding.as_ref()));
        if text.queue.is_some() {
            out.queued += 1;
            out.found += raised;
        } else {
            out.clean += 1;
            out.alarms += raised;
        }
    }
    out.f1 = 2.0 * out.found as f64 / (out.queued + out.found + out.alarms).max(1) as f64;
    out
}

/// Rules that are nowhere the sole cause of a right finding.
fn untested(lexicon: &Lexicon, texts: &[Labelled], findings: &[Option<Finding>]) -> Vec<String> {
    let mut sole = std::collections::BTreeSet::new();
    for (text, finding) in texts.iter().zip(findings) {
        let Some(finding) = finding.as_ref().filter(|_| text.queue.is_some()) else { continue };
        let mut rules = finding.signals.iter().flat_map(|signal| &signal.hits).map(|hit| hit.rule.as_str());
        if let Some(first) = rules.next().filter(|first| rules.all(|other| other == *first)) {
            sole.insert(first.to_owned());
        }
    }
    let live = lexicon.rules().iter().filter(|rule| rule.retired.is_none());
    live.map(|rule| rule.id.clone()).filter(|id| !sole.contains(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_worth_the_alarms_that_stand_without_it() {
        let line = |text: &str, queue: &str| {
            serde_json::json!({"channel": "x", "posted_at": "2024-11-10T10:00:00+07:00", "text": text, "gold": {"queue": queue}})
                .to_string()
        };
        let lines = [
            line("Besok kita serbu kantor KPU Gunung Mas, bawa parang", "konflik"),
            line("Dalam simulasi itu massa membakar kantor KPU dan polisi membubarkan mereka", "tidak"),
        ];
        let texts = classify::train::read("made-up.jsonl", &lines.join("\n")).expect("it can be read");
        let lexicon = Lexicon::builtin();
        let ablation = run(None, &lexicon, &texts, vec![LeftOut::Rules, LeftOut::Guards]).expect("it runs");
        assert_eq!((ablation.whole.found, ablation.whole.alarms), (1, 0));
        let guards = ablation.without.iter().find(|without| without.part == "Guards").expect("it is tried");
        assert_eq!(guards.alarms_removed, 1);
        let rules = ablation.without.iter().find(|without| without.part == "Rules").expect("it is tried");
        assert_eq!(rules.hits_made, 1 - rules.outcome.found as i64);
        assert!(!ablation.untested.is_empty());
    }
}
