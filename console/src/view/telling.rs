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
    pub(crate) gaps: Vec<String>,
    pub(crate) nobody: Option<String>,
}

/// A message that went out.
pub(crate) struct SentLine {
    pub(crate) number: String,
    pub(crate) office: String,
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

/// What went to one office: the messages, and its reminders folded.
pub(crate) struct SentGroup {
    pub(crate) office: String,
    pub(crate) lines: Vec<SentLine>,
    pub(crate) reminders: Vec<SentLine>,
    /// Asked for an answer, and silent.
    pub(crate) silent: bool,
}

/// Offices by their reason, both in the order they came.
fn by_reason(lang: Lang, list: &[alerts::explain::Because]) -> Vec<WhyGroup> {
    let mut groups: Vec<WhyGroup> = Vec::new();
    for because in list {
        let (why, office) =
            (names::coded(lang, "why", because.why.as_str()), names::office(lang, &because.office));
        match groups.iter_mut().find(|group| group.why == why) {
            Some(group) => group.offices.push(office),
            None => groups.push(WhyGroup { why, offices: vec![office] }),
        }
    }
    groups
}

/// Who is told at one moment.
pub(crate) fn told(lang: Lang, told: &Told) -> ToldView {
    let minutes = told.after_minutes.unwrap_or_default();
    let when = names::coded(lang, "when", &told.when);
    let gaps = told.gaps.iter().map(|gap| match &gap.instead {
        Some(instead) => {
            let (office, instead) = (names::office(lang, &gap.office), names::office(lang, instead));
            lang.fill("console.incident.gap_instead", &[("office", &office), ("instead", &instead)])
        }
        None => lang.fill("console.incident.gap", &[("office", &names::office(lang, &gap.office))]),
    });
    ToldView {
        when: when.replace("{span}", &alerts::explain::span(lang, minutes)),
        told: by_reason(lang, &told.told),
        not_told: by_reason(lang, &told.not_told),
        left_out: told.not_told.len(),
        gaps: gaps.collect(),
        nobody: told.nobody.as_ref().map(|code| names::coded(lang, "nobody", code)),
    }
}

/// Why a message was sent; of a climb, with the lines that are silent.
fn reason(lang: Lang, view: &NotificationView) -> String {
    let reason = names::coded(lang, "reason", view.said());
    match Reason::parse(&view.reason) {
        Some(Reason::Climb) => format!("{reason}: {}", alerts::message::silence(lang, &view.remark)),
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
    let graver = before.iter().map(|sent| sent.severity).max().is_some_and(|told| told < view.severity);
    let proposed = !matches!(Reason::parse(&view.reason), Some(Reason::Confirmed | Reason::Update));
    (graver && proposed)
        .then(|| lang.fill("console.incident.again_graver", &[("severity", view.severity.as_str())]))
}

/// A message that went out.
pub(crate) fn sent(lang: Lang, zone: Zone, view: &NotificationView) -> SentLine {
    SentLine {
        number: view.number.clone(),
        office: view.office.as_ref().map_or_else(|| names::desk(lang), |office| names::office(lang, office)),
        channel: view.channel.clone(),
        reason: reason(lang, view),
        again: None,
        state: lang.get(&format!("alerts.state.{}", view.state)),
        failed: view.state == "failed",
        at: time::stamp(lang, view.sent_at.unwrap_or(view.created_at), zone),
        answer: view.answer.map(|answer| {
            let word = lang.get(&format!("alerts.answer.{answer}"));
            let at = view.answered_at.map(|at| time::stamp(lang, at, zone)).unwrap_or_default();
            format!("{word} ({at})")
        }),
        body: view.body.clone(),
    }
}

/// What the offices that were asked have answered, each by its last answer, in a line; `None` while nobody was asked.
pub(crate) fn answers(lang: Lang, all: &[NotificationView]) -> Option<String> {
    let asks = |view: &NotificationView| {
        view.counts() && (view.answer.is_some() || Reason::parse(&view.reason).is_some_and(Reason::asks))
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

/// Everything that went out, by office in the order they were told first.
pub(crate) fn sent_groups(lang: Lang, zone: Zone, all: &[NotificationView]) -> Vec<SentGroup> {
    let mut groups: Vec<SentGroup> = Vec::new();
    let mut answered = BTreeSet::new();
    for (n, view) in all.iter().enumerate() {
        let before: Vec<_> =
            all[..n].iter().filter(|sent| sent.office.is_some() && sent.office == view.office).collect();
        let line = SentLine { again: again(lang, &before, view), ..sent(lang, zone, view) };
        let at = groups.iter().position(|group| group.office == line.office).unwrap_or_else(|| {
            let (lines, reminders) = (Vec::new(), Vec::new());
            groups.push(SentGroup { office: line.office.clone(), lines, reminders, silent: false });
            groups.len() - 1
        });
        // The desk is not asked, nor who only hears that an item waits.
        groups[at].silent |= view.office.is_some() && Reason::parse(&view.reason).is_some_and(Reason::asks);
        if view.answer.is_some() {
            answered.insert(at);
        }
        // A reminder that was answered is what the reader looks for.
        let fold = view.reason == "repeat" && view.answer.is_none();
        if fold { groups[at].reminders.push(line) } else { groups[at].lines.push(line) }
    }
    for at in answered {
        groups[at].silent = false;
    }
    groups
}
