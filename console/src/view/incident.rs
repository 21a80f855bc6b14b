//! The rest of an incident's page: its history, its clocks, what a person may choose.

use std::collections::BTreeSet;
use std::time::Duration;

use alerts::message::village;
use alerts::{HistoryLine, Incident, IncidentView, Scene};
use jiff::Timestamp;
use lexicons::Lang;
use stream::{Queue, Severity, Zone};

use super::{names, row, time};

/// What is told of each village that the posts of `incident` name: their number, their sources, whether a registered
/// reporter is among them, and that nobody has looked there where it was named after the decision.
pub(crate) fn villages(lang: Lang, incident: &Incident) -> Vec<String> {
    let line = |scene: &Scene| {
        let posts = scene.posts.to_string();
        let (name, sources) = (village(&scene.place), names::sources(lang, scene.sources));
        let values = [("village", name.as_str()), ("posts", &posts), ("sources", &sources)];
        let told = lang.fill("console.incident.village", &values);
        let wide = lang.fill("console.incident.village_wide", &[("n", &scene.wide.to_string())]);
        let wide = Some(wide).filter(|_| scene.wide > 0);
        let more = [(scene.reporter, "console.flag.reporter"), (scene.later, "console.incident.not_looked")];
        let more = more.into_iter().filter(|(holds, _)| *holds).map(|(_, key)| lang.get(key).to_owned());
        [told].into_iter().chain(wide).chain(more).collect::<Vec<_>>().join(" · ")
    };
    incident.scenes.iter().map(line).collect()
}

/// Whether an AWAS waits for a decision: once it is taken, the page does not ask for it any more.
pub(crate) fn awaits_awas(incident: &Incident) -> bool {
    let undecided = incident.status == alerts::Status::Baru && incident.proposed == Severity::Awas;
    undecided || incident.status.is_open() && incident.awas_waits_for_second.is_some()
}

/// Of an incident of several posts, how much turning it down calls off.
pub(crate) fn reject_all(lang: Lang, incident: &Incident) -> Option<String> {
    let values = [("posts", &*incident.posts.to_string()), ("sources", &*row::sources(lang, incident))];
    (incident.posts > 1).then(|| lang.fill("console.incident.reject_all", &values))
}

/// A line of the history.
pub(crate) struct PastLine {
    pub(crate) at: String,
    pub(crate) iso: String,
    pub(crate) actor: String,
    pub(crate) what: String,
    pub(crate) detail: String,
}

/// A line of the history.
pub(crate) fn past(lang: Lang, zone: Zone, line: &HistoryLine) -> PastLine {
    let what = names::coded(lang, "history", &line.kind);
    // A new judgement is kept with the number of its finding, a backtest with its beginning, a word of calm with its
    // post: none tells a reader more than the line does.
    let told = match line.kind.as_str() {
        "rejudged" | "backtested" | "moved" | "calm" => line.detail.split(" (").next().unwrap_or_default(),
        _ => &line.detail,
    };
    let detail = match line.kind.as_str() {
        // What a person has written stands word for word: 21.05 is an hour there, "aman" no answer of an office.
        // Nor is the mark of a lexicon a word of ours.
        "called_back" | "rejected" | "finished" | "backtested" | "dropped" => told.to_owned(),
        _ => names::spelled(lang, told),
    };
    let filled = what.contains("{detail}");
    PastLine {
        at: time::stamp(lang, line.at, zone),
        iso: time::iso(line.at),
        actor: match line.actor.as_str() {
            "sistem" => lang.get("console.incident.system").to_owned(),
            actor => names::spelled(lang, actor),
        },
        what: what.replace("{detail}", &detail).replace("{lexicon}", lexicon_of(&line.detail)),
        detail: if filled { String::new() } else { detail },
    }
}

/// The lexicon that a line names which tells where a post has gone.
fn lexicon_of(detail: &str) -> &str {
    detail.split_once(" (").map_or(detail, |(_, rest)| rest.trim_end_matches(')'))
}

/// Of an incident that new judgements emptied, by which lexicon, and where its posts went.
pub(crate) struct Withdrawn {
    pub(crate) said: String,
    pub(crate) into: BTreeSet<String>,
}

/// What became of the posts of `view`, which new judgements emptied.
pub(crate) fn withdrawn(lang: Lang, view: &IncidentView) -> Option<Withdrawn> {
    let left = |line: &&HistoryLine| ["moved", "dropped"].contains(&line.kind.as_str());
    let last = view.history.iter().rfind(left).filter(|_| view.incident.status == alerts::Status::Ditarik)?;
    let moved = view.history.iter().filter(|line| line.kind == "moved");
    let into = moved.filter_map(|line| line.detail.split(" (").next()).flat_map(|ids| ids.split(", "));
    let into: BTreeSet<String> = into.map(str::to_owned).collect();
    let key = if into.is_empty() { "withdrawn_nowhere" } else { "withdrawn_into" };
    let values = [("lexicon", lexicon_of(&last.detail))];
    Some(Withdrawn { said: lang.fill(&format!("console.incident.{key}"), &values), into })
}

/// What sets the incident apart, in a few words; of a release also whether it went to anybody, of a field note whether
/// its reporter is registered elsewhere.
pub(crate) fn flags(lang: Lang, view: &IncidentView) -> Vec<&'static str> {
    let key = if view.forwarded() { "released" } else { "released_to_nobody" };
    let released = view.incident.released.then(|| lang.get(&format!("console.flag.{key}")));
    let outside = view.posts.iter().any(|post| post.outside.is_some());
    let outside = outside.then(|| lang.get("console.flag.reporter_outside"));
    let quiet = (view.aman && view.incident.status.is_open()).then(|| lang.get("console.flag.quiet"));
    row::flags(lang, &view.incident).into_iter().chain(quiet).chain(released).chain(outside).collect()
}

/// What sets the incident apart, without what its certainty says beside it.
pub(crate) fn flags_shown(lang: Lang, view: &IncidentView) -> Vec<&'static str> {
    let said = match view.incident.certainty_told(None) {
        alerts::Certainty::Reporter => Some(lang.get("console.flag.reporter")),
        alerts::Certainty::OneOfTwo => Some(lang.get("console.flag.second")),
        alerts::Certainty::ReporterOfSome => Some(lang.get("console.flag.reporter_of_some")),
        _ => None,
    };
    flags(lang, view).into_iter().filter(|flag| Some(*flag) != said).collect()
}

/// Whether Bawaslu has something to release: what went to nobody can be released again.
pub(crate) fn releasable(view: &IncidentView) -> bool {
    let incident = &view.incident;
    incident.queue == Queue::Netralitas
        && incident.status.is_open()
        && !(incident.released && view.forwarded())
}

/// An event known is reported within seven days (domain.md 1.5).
const REPORT_WITHIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Until when a report is due.
pub(crate) struct Report {
    pub(crate) due: String,
    pub(crate) left: String,
    pub(crate) late: bool,
}

/// Until when a report on `view` is due: the clock runs from the day its first post was seen.
pub(crate) fn report(lang: Lang, view: &IncidentView, now: Timestamp) -> Report {
    let seen = view.posts.iter().map(|post| post.finding.post.seen_at).min();
    let known = seen.unwrap_or(view.incident.created_at);
    let due = known.checked_add(REPORT_WITHIN).unwrap_or(known);
    let (left, late) = time::left(lang, due, now);
    Report { due: time::stamp(lang, due, view.incident.zone), left, late }
}

/// How long a person has to decide on `view`, as its line in the queue says it.
pub(crate) fn decision(lang: Lang, view: &IncidentView, now: Timestamp) -> Option<row::Decision> {
    let told = view.notifications.iter().any(|sent| sent.office.is_some() && sent.counts());
    view.decide_by.map(|due| row::Decision::of(lang, &view.incident, due, told, now))
}

/// The clocks that run, each with what happens then.
pub(crate) fn clocks(lang: Lang, view: &IncidentView, now: Timestamp) -> Vec<(String, String, bool)> {
    let line = |clock: &alerts::ClockView| {
        let (text, late) = time::left(lang, clock.due, now);
        (names::coded(lang, "clock", &clock.kind), text, late)
    };
    view.clocks.iter().map(line).collect()
}

/// The severities a person may confirm, with the confirmed one chosen, or the proposed one while none is.
pub(crate) fn choices(incident: &Incident) -> Vec<(&'static str, bool)> {
    let (lowest, highest) = match incident.queue {
        Queue::Konflik => (Severity::Waspada, Severity::Awas),
        Queue::Netralitas => (Severity::Normal, Severity::Siaga),
    };
    // Of an AWAS that waits for its second person the form asks for that.
    let confirmed = incident.effective.filter(|_| incident.awas_waits_for_second.is_none());
    let chosen = confirmed.unwrap_or(incident.proposed).clamp(lowest, highest);
    Severity::ALL
        .iter()
        .copied()
        .filter(|severity| (lowest..=highest).contains(severity))
        .map(|severity| (severity.as_str(), severity == chosen))
        .collect()
}

#[cfg(test)]
mod tests {
    use stream::Category;

    use super::*;
    use crate::fixture;

    #[test]
    fn what_a_person_has_written_stands_in_the_history_word_for_word() {
        let line = |kind: &str, detail: &str| {
            let (kind, detail) = (kind.to_owned(), detail.to_owned());
            let line = HistoryLine { at: fixture::now(), actor: "ana".to_owned(), kind, detail };
            let past = past(Lang::Id, Zone::Wib, &line);
            format!("{} {}", past.what, past.detail)
        };
        let note = "Polsek 21.05, situasi aman, tahu 35.21.10";
        for kind in ["called_back", "rejected", "finished"] {
            assert!(line(kind, note).contains(note), "{kind}");
        }
        assert!(line("place", "35.21.10").contains("Kec. Paron"), "a code is spelled");
    }

    #[test]
    fn over_several_villages_the_head_says_that_its_sources_are_those_of_one() {
        let one = fixture::incident(1, Category::Kf13, Severity::Siaga, Some("62.10.02"));
        assert_eq!(row::sources(Lang::Id, &one), "2 sumber");
        let scenes = vec![fixture::scene("62.10.02.1001", 2), fixture::scene("62.10.02.1003", 2)];
        let two = Incident { scenes, ..one };
        assert_eq!(row::sources(Lang::Id, &two), "tiap desa hingga 2 sumber");
        assert_eq!(villages(Lang::Id, &two)[0].matches("2 unggahan, 2 sumber").count(), 1);
        let mut wide = two.clone();
        wide.scenes[0].wide = 1;
        assert!(
            villages(Lang::Id, &wide)[0].ends_with("2 sumber · termasuk 1 unggahan yang tidak menyebut desa")
        );
        assert_eq!(villages(Lang::Id, &wide)[1], villages(Lang::Id, &two)[1]);
        let all = reject_all(Lang::Id, &two).unwrap_or_default();
        assert!(all.contains(&format!("{} unggahan, tiap desa hingga 2 sumber", two.posts)), "{all}");
        assert_eq!(reject_all(Lang::Id, &Incident { posts: 1, ..two }), None);
    }
}
