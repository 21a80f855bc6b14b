//! What two lexicons say of one post, and in what they differ.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use lexicons::Lexicon;
use serde::Serialize;
use stream::{Category, Finding, Post, Queue, RegionCode, SECOND_READER, Severity, Signal};

/// The lexicon that was, and the one that is tried.
#[derive(Clone)]
pub(super) struct Two {
    pub(super) before: Arc<Lexicon>,
    pub(super) now: Arc<Lexicon>,
}

/// How a post fares under the new lexicon, if not as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// No signal before, one now.
    Raised,
    /// A signal before, none now.
    Dropped,
    /// Signals before and now, others.
    Changed,
}

impl Kind {
    pub(super) const ALL: [Kind; 3] = [Kind::Raised, Kind::Dropped, Kind::Changed];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Kind::Raised => "raised",
            Kind::Dropped => "dropped",
            Kind::Changed => "changed",
        }
    }
}

/// In what the signals of a changed post differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Aspect {
    /// On whose desk it stands.
    Queue,
    /// What it is a sign of, or which of two matters leads.
    Category,
    /// How grave one of its matters is proposed to be.
    Severity,
    /// Where one of its matters happens.
    Place,
    /// Whom one of its matters is about: subject class, acts, the office complained of.
    Subject,
}

impl Aspect {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Aspect::Queue => "queue",
            Aspect::Category => "category",
            Aspect::Severity => "severity",
            Aspect::Place => "place",
            Aspect::Subject => "subject",
        }
    }
}

/// What one lexicon says of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Verdict {
    /// Its signals, the gravest first; none: it stands in no queue.
    pub(super) signals: Vec<Told>,
    /// The rules that hold.
    pub(super) rules: BTreeSet<String>,
    /// The rules that hit and were cleared, each with the guard.
    pub(super) cleared: BTreeMap<String, String>,
}

/// A signal as the report tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Told {
    pub(super) queue: Queue,
    pub(super) category: Category,
    pub(super) severity: Severity,
    pub(super) place: Option<RegionCode>,
    /// The readings of an unsure place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) candidates: Vec<RegionCode>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) subject: Vec<String>,
}

impl Verdict {
    pub(super) fn of(finding: Option<&Finding>) -> Verdict {
        let Some(finding) = finding else { return Verdict::default() };
        let rules = finding.signals.iter().flat_map(|signal| &signal.hits).map(|hit| hit.rule.clone());
        let cleared = finding.cleared.iter().map(|cleared| (cleared.hit.rule.clone(), cleared.guard.clone()));
        Verdict {
            signals: finding.signals.iter().map(told).collect(),
            rules: rules.collect(),
            cleared: cleared.collect(),
        }
    }

    /// The rules whose hits the second reader took for nothing.
    pub(super) fn held_back(&self) -> impl Iterator<Item = &String> {
        self.cleared.iter().filter(|(_, guard)| *guard == SECOND_READER).map(|(rule, _)| rule)
    }

    /// The category that leads.
    pub(super) fn lead(&self) -> Option<Category> {
        self.signals.first().map(|signal| signal.category)
    }
}

fn told(signal: &Signal) -> Told {
    let class = signal.subject.iter().map(|subject| subject.class.to_string());
    let acts = signal.acts.iter().map(|act| act.act.to_string());
    let accused = signal.accused.iter().map(|accused| {
        let region = accused.region.as_ref().map(RegionCode::as_str).unwrap_or_default();
        format!("{} {region}", accused.role)
    });
    Told {
        queue: signal.queue(),
        category: signal.category,
        severity: signal.severity,
        place: signal.place.code.clone(),
        candidates: signal.place.candidates.iter().map(|candidate| candidate.code.clone()).collect(),
        subject: class.chain(acts).chain(accused).collect(),
    }
}

/// How the new verdict differs from the old, and in what where both hold signals; `None` when it does not.
pub(super) fn difference(before: &Verdict, now: &Verdict) -> Option<(Kind, BTreeSet<Aspect>)> {
    match (before.signals.is_empty(), now.signals.is_empty()) {
        (true, true) => None,
        (true, false) => Some((Kind::Raised, BTreeSet::new())),
        (false, true) => Some((Kind::Dropped, BTreeSet::new())),
        (false, false) => {
            let aspects = aspects(before, now);
            (!aspects.is_empty()).then_some((Kind::Changed, aspects))
        }
    }
}

fn aspects(before: &Verdict, now: &Verdict) -> BTreeSet<Aspect> {
    fn by_category(verdict: &Verdict) -> BTreeMap<Category, &Told> {
        verdict.signals.iter().map(|signal| (signal.category, signal)).collect()
    }
    let queues = |verdict: &Verdict| -> BTreeSet<Queue> {
        verdict.signals.iter().map(|signal| signal.queue).collect()
    };
    let (old, new) = (by_category(before), by_category(now));
    let mut found = BTreeSet::new();
    if queues(before) != queues(now) {
        found.insert(Aspect::Queue);
    }
    if before.lead() != now.lead() || !old.keys().eq(new.keys()) {
        found.insert(Aspect::Category);
    }
    for (old, new) in old.iter().filter_map(|(category, old)| Some((old, new.get(category)?))) {
        if old.severity != new.severity {
            found.insert(Aspect::Severity);
        }
        if (&old.place, &old.candidates) != (&new.place, &new.candidates) {
            found.insert(Aspect::Place);
        }
        if old.subject != new.subject {
            found.insert(Aspect::Subject);
        }
    }
    found
}

/// What the new lexicon says of `post`, as the classifier would publish it, marked as of the backtest that `began` then;
/// where it says nothing, a finding without signals, so that what the old one raised is seen to be dropped.
pub(super) fn verdict_to_publish(now: &Lexicon, post: &Post, began: Timestamp) -> Finding {
    let found = classify::judge(now, post).unwrap_or_else(|| classify::nothing(now, post));
    Finding { backtest: Some(began), ..found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(category: Category, severity: Severity, place: &str) -> Told {
        Told {
            queue: category.queue(),
            category,
            severity,
            place: RegionCode::parse(place).ok(),
            candidates: Vec::new(),
            subject: Vec::new(),
        }
    }

    fn verdict(signals: Vec<Told>) -> Verdict {
        Verdict { signals, ..Verdict::default() }
    }

    #[test]
    fn a_verdict_differs_in_what_people_act_on_and_in_nothing_else() {
        use Aspect as A;
        let one = || signal(Category::Kf02, Severity::Siaga, "62.10.02");
        let two = || signal(Category::Kf03, Severity::Waspada, "62.10.02");
        let changed = |now: Vec<Told>| difference(&verdict(vec![one(), two()]), &verdict(now));
        assert_eq!(changed(vec![one(), two()]), None);
        let is = |aspects: &[Aspect]| Some((Kind::Changed, aspects.iter().copied().collect()));
        assert_eq!(changed(vec![two(), one()]), is(&[A::Category]), "the other matter leads");
        assert_eq!(changed(vec![one()]), is(&[A::Category]));
        let milder = Told { severity: Severity::Waspada, ..one() };
        assert_eq!(changed(vec![milder, two()]), is(&[A::Severity]));
        let elsewhere = Told { place: RegionCode::parse("62.10").ok(), ..two() };
        assert_eq!(changed(vec![one(), elsewhere]), is(&[A::Place]));
        let neutrality = signal(Category::Kf14, Severity::Waspada, "62.10.02");
        assert_eq!(changed(vec![one(), two(), neutrality.clone()]), is(&[A::Queue, A::Category]));
        let mayor = Told { subject: vec!["SUB-KADES".to_owned()], ..neutrality.clone() };
        assert_eq!(
            difference(&verdict(vec![neutrality]), &verdict(vec![mayor])),
            is(&[A::Subject]),
            "another class of official"
        );
    }

    #[test]
    fn a_rule_more_for_the_same_verdict_is_no_change_and_from_or_to_nothing_is_raised_or_dropped() {
        let one = verdict(vec![signal(Category::Kf02, Severity::Siaga, "62.10.02")]);
        let more = Verdict { rules: ["KF-02-lain".to_owned()].into(), ..one.clone() };
        assert_eq!(difference(&one, &more), None);
        let none =
            Verdict { cleared: [("KF-02-x".to_owned(), "appeal".to_owned())].into(), ..Verdict::default() };
        assert_eq!(difference(&none, &one), Some((Kind::Raised, BTreeSet::new())));
        assert_eq!(difference(&one, &none), Some((Kind::Dropped, BTreeSet::new())));
        assert_eq!(difference(&none, &Verdict::default()), None);
    }
}
