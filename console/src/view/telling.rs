//! Who is told and who not, with reasons; what was sent to whom, and who has not answered.

use std::collections::{BTreeMap, BTreeSet};

use alerts::explain::Told;
use alerts::{Answer, NotificationView, Office, Reason};
use lexicons::Lang;
use stream::Zone;

use super::{names, time};

/// Offices that are told, or not, for one reason.
pub(crate) struct WhyGroup {
    pub(crate) why: String,
    pub(crate) offices: Vec<String>,
}

/// Who is told at one moment, and who not.
pub(crate) struct ToldView {
    pub(crate) when: String,
    pub(crate) told: Vec<WhyGroup>,
    pub(crate) not_told: Vec<WhyGroup>,
    pub(crate) left_out: usize,
    /// Offices that are to be told and were not, though others were.
    pub(crate) not_yet: Vec<String>,
    /// Offices that are told once the time to decide is over, and when that is.
    pub(crate) overdue: Option<WhyGroup>,
    pub(crate) gaps: Vec<String>,
    pub(crate) nobody: Option<String>,
}

/// A message that went out.
pub(crate) struct SentLine {
    pub(crate) channel: String,
    pub(crate) reason: String,
    /// Why the office gets one more message.
    pub(crate) again: Option<String>,
    pub(crate) state: &'static str,
    pub(crate) failed: bool,
    pub(crate) at: String,
    pub(crate) answer: Option<String>,
    pub(crate) body: String,
}

/// What went to one office: how it stands there in a line, and every message.
pub(crate) struct SentGroup {
    pub(crate) office: String,
    /// Its last answer, that it is silent, or where its last message stands.
    pub(crate) outcome: String,
    pub(crate) mood: Mood,
    /// How many messages, and when the last one left.
    pub(crate) count: String,
    pub(crate) lines: Vec<SentLine>,
}

/// How an office's outcome reads: it is told in words, the colour only follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It answered.
    Answered,
    /// It was asked and is silent.
    Silent,
    /// Nothing reached it.
    Failed,
    /// It was told, and asked nothing.
    Told,
}

impl Mood {
    /// The class of the outcome.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Mood::Answered => "good",
            Mood::Silent => "wait",
            Mood::Failed => "gapline",
            Mood::Told => "soft",
        }
    }
}

/// Offices by their reason, both in the order they came.
fn by_reason(lang: Lang, list: &[alerts::explain::Because]) -> Vec<WhyGroup> {
    let mut groups: Vec<WhyGroup> = Vec::new();
    for because in list {
        let why = match &because.silent {
            Some(silent) => alerts::message::silence(lang, silent),
            None => names::coded(lang, "why", because.why.as_str()),
        };
        let office = names::office(lang, &because.office);
        match groups.iter_mut().find(|group| group.why == why) {
            Some(group) => group.offices.push(office),
            None => groups.push(WhyGroup { why, offices: vec![office] }),
        }
    }
    groups
}

/// Who is told at one moment.
pub(crate) fn told(lang: Lang, told: &Told) -> ToldView {
    let span = alerts::explain::span(lang, told.after_minutes.unwrap_or_default());
    let when = names::coded(lang, "when", &told.when);
    let overdue = WhyGroup {
        why: lang.fill("alerts.when.unless_decided", &[("span", &span)]),
        offices: told.overdue.iter().map(|because| names::office(lang, &because.office)).collect(),
    };
    let gaps = told.gaps.iter().map(|gap| match &gap.instead {
        Some(instead) => {
            let (office, instead) = (names::office(lang, &gap.office), names::office(lang, instead));
            lang.fill("console.incident.gap_instead", &[("office", &office), ("instead", &instead)])
        }
        None => lang.fill("console.incident.gap", &[("office", &names::office(lang, &gap.office))]),
    });
    ToldView {
        when: when.replace("{span}", &span),
        told: by_reason(lang, &told.told),
        not_told: by_reason(lang, &told.not_told),
        left_out: told.not_told.len(),
        not_yet: told.not_yet.iter().map(|because| names::office(lang, &because.office)).collect(),
        overdue: Some(overdue).filter(|late| !late.offices.is_empty()),
        gaps: gaps.collect(),
        nobody: told.nobody.as_ref().map(|code| names::coded(lang, "nobody", code)),
    }
}

/// Who is told after a decision, below the heading that says which: the offices of `now` are not named again.
pub(crate) fn told_after(lang: Lang, now: &ToldView, after: &Told) -> ToldView {
    let mut view = told(lang, after);
    let offices = |view: &ToldView| -> BTreeSet<String> {
        view.told.iter().flat_map(|group| group.offices.iter().cloned()).collect()
    };
    if matches!(after.when.as_str(), "on_confirmation" | "on_release") {
        view.when.clear();
    }
    if !view.told.is_empty() && offices(&view) == offices(now) {
        lang.get("console.incident.told_same").clone_into(&mut view.when);
        view.told.clear();
        view.gaps.retain(|gap| !now.gaps.contains(gap));
    }
    view
}

/// Why a message was sent; of a climb, with the lines that are silent; of a page, with the answer that it is about.
fn reason(lang: Lang, view: &NotificationView) -> String {
    let reason = names::coded(lang, "reason", view.because());
    match Reason::parse(&view.reason) {
        Some(Reason::Climb) => format!("{reason}: {}", alerts::message::silence(lang, &view.remark)),
        Some(Reason::Answered) => format!("{reason}: {}", alerts::message::given(lang, &view.remark)),
        Some(Reason::News) => format!("{reason}: {}", alerts::message::facts(lang, &view.remark)),
        Some(Reason::FurtherPage | Reason::Calm) => {
            format!("{reason}: {}", alerts::message::villages(&view.remark))
        }
        _ => reason,
    }
}

/// Why an office that got `before` gets `view` too, where its reason alone does not say it.
fn again(lang: Lang, before: &[&NotificationView], view: &NotificationView) -> Option<String> {
    let same = |sent: &NotificationView| {
        sent.reason == view.reason && sent.step == view.step && sent.severity == view.severity
    };
    if before.iter().any(|sent| same(sent) && sent.channel != view.channel) {
        return Some(lang.get("console.incident.again_channel").to_owned());
    }
    // What an office was told of as a proposal is no graver when its clock brings it out.
    let graver = before.iter().map(|sent| sent.gravest()).max().is_some_and(|told| told < view.severity);
    let proposed = !matches!(Reason::parse(&view.reason), Some(Reason::Confirmed | Reason::Update));
    (graver && proposed)
        .then(|| lang.fill("console.incident.again_graver", &[("severity", view.severity.as_str())]))
}

/// A message that went out.
fn line(lang: Lang, zone: Zone, view: &NotificationView) -> SentLine {
    SentLine {
        channel: view.channel.clone(),
        reason: reason(lang, view),
        again: None,
        state: lang.get(&format!("alerts.state.{}", view.stands())),
        failed: view.state == "failed",
        at: time::stamp(lang, view.sent_at.unwrap_or(view.created_at), zone),
        answer: answer(lang, zone, view),
        body: view.body.clone(),
    }
}

/// The answer to a message, and when it came.
fn answer(lang: Lang, zone: Zone, view: &NotificationView) -> Option<String> {
    let word = lang.get(&format!("alerts.answer.{}", view.answer?));
    let at = view.answered_at.map(|at| time::stamp(lang, at, zone)).unwrap_or_default();
    Some(format!("{word} ({at})"))
}

/// What the offices that were asked have answered, each by its last answer, in a line; `None` while nobody was asked.
pub(crate) fn answers(lang: Lang, all: &[NotificationView]) -> Option<String> {
    let asks = |view: &NotificationView| {
        view.counts()
            && (view.answer.is_some()
                || Reason::parse(&view.reason).is_some_and(|reason| reason.asks(&view.remark)))
    };
    let mut last: BTreeMap<&Office, Option<(jiff::Timestamp, Answer)>> = BTreeMap::new();
    for view in all.iter().filter(|view| asks(view)) {
        let Some(office) = &view.office else { continue };
        let said = view.answered_at.zip(view.answer);
        let known = last.entry(office).or_default();
        if said.map(|said| said.0) >= known.map(|known| known.0) {
            *known = said.or(*known);
        }
    }
    let count =
        |answer: Option<Answer>| last.values().filter(|said| said.map(|said| said.1) == answer).count();
    let given =
        Answer::OFFERED.map(|answer| (lang.get(&format!("alerts.answer.{answer}")), count(Some(answer))));
    let silent = (lang.get("console.incident.no_answer"), count(None));
    let parts: Vec<String> = given
        .into_iter()
        .chain([silent])
        .filter(|(_, n)| *n > 0)
        .map(|(what, n)| format!("{what} {n}"))
        .collect();
    let (asked, answers) = (last.len().to_string(), parts.join(" · "));
    let values = [("asked", asked.as_str()), ("answers", answers.as_str())];
    (!last.is_empty()).then(|| lang.fill("console.incident.answers", &values))
}

/// Everything that went out, by office in the order they were told first: a line each, however often it was reminded.
pub(crate) fn sent_groups(lang: Lang, zone: Zone, all: &[NotificationView]) -> Vec<SentGroup> {
    let mut offices: Vec<Vec<&NotificationView>> = Vec::new();
    for view in all {
        match offices.iter_mut().find(|sent| sent[0].office == view.office) {
            Some(sent) => sent.push(view),
            None => offices.push(vec![view]),
        }
    }
    offices.iter().map(|sent| sent_group(lang, zone, sent)).collect()
}

/// The group of one office, which got `sent`.
fn sent_group(lang: Lang, zone: Zone, sent: &[&NotificationView]) -> SentGroup {
    let lines: Vec<SentLine> = sent
        .iter()
        .enumerate()
        .map(|(n, view)| SentLine { again: again(lang, &sent[..n], view), ..line(lang, zone, view) })
        .collect();
    let (outcome, mood) = outcome(lang, zone, sent);
    let last = lines.last().map(|line| line.at.clone()).unwrap_or_default();
    let key = if lines.len() == 1 { "message_one" } else { "messages" };
    let values = [("n", &*lines.len().to_string()), ("at", &*last)];
    SentGroup {
        office: sent[0]
            .office
            .as_ref()
            .map_or_else(|| names::desk(lang), |office| names::office(lang, office)),
        outcome,
        mood,
        count: lang.fill(&format!("console.incident.{key}"), &values),
        lines,
    }
}

/// How it stands with an office that got `sent`: its last answer counts most, then whether anything reached it.
fn outcome(lang: Lang, zone: Zone, sent: &[&NotificationView]) -> (String, Mood) {
    let answered = sent.iter().filter(|view| view.answer.is_some()).max_by_key(|view| view.answered_at);
    if let Some(answer) = answered.and_then(|view| answer(lang, zone, view)) {
        return (answer, Mood::Answered);
    }
    if sent.iter().all(|view| view.state == "failed") {
        let last = sent.last().map_or("failed", |view| view.stands());
        return (lang.get(&format!("alerts.state.{last}")).to_owned(), Mood::Failed);
    }
    // The desk is not asked, nor who only hears that an item waits.
    let asked = |view: &&&NotificationView| {
        view.office.is_some()
            && view.counts()
            && Reason::parse(&view.reason).is_some_and(|reason| reason.asks(&view.remark))
    };
    if sent.iter().any(|view| asked(&view)) {
        return (lang.get("console.incident.no_answer").to_owned(), Mood::Silent);
    }
    let state = sent.last().map_or("pending", |view| view.state.as_str());
    (lang.get(&format!("alerts.state.{state}")).to_owned(), Mood::Told)
}

#[cfg(test)]
mod tests {
    use stream::{Category, Severity};

    use super::*;

    #[test]
    fn offices_that_hear_of_it_now_and_after_the_decision_are_named_once() {
        use crate::fixture;
        let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
        let view = fixture::view(incident, "serbu kantor KPU di Kurun", "serbu kantor KPU", "Kurun");
        let now = told(Lang::Id, &view.told_now);
        let others = told_after(Lang::Id, &now, &view.told_after_confirmation);
        assert!(!others.told.is_empty() && others.when.is_empty(), "the heading says when");
        let same = told_after(Lang::Id, &now, &view.told_now);
        assert!(same.told.is_empty() && same.gaps.is_empty() && !now.told.is_empty());
        assert_eq!(same.when, "Jabatan yang sama seperti di atas.");
    }
}
