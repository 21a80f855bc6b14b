//! A line of the queue.

use std::ops::Range;

use alerts::life::next;
use alerts::message::Doubt;
use alerts::{Action, Certainty, Incident, IncidentRow};
use jiff::Timestamp;
use lexicons::Lang;
use stream::{Level, Severity};

use super::mark::{Kind, Note, Piece, pieces};
use super::rests::Rests;
use super::{names, time};

/// How many independent sources tell of `incident`: of several villages the most that tell of one, since what is told of
/// one bears out nothing in the next.
pub(crate) fn sources(lang: Lang, incident: &Incident) -> String {
    names::sources_of(lang, incident.sources, incident.of_several(None))
}

/// A line of the queue as the page shows it.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) severity: &'static str,
    pub(crate) class: &'static str,
    pub(crate) proposal: Option<String>,
    pub(crate) category: String,
    pub(crate) code: &'static str,
    pub(crate) place: String,
    pub(crate) excerpt: Vec<Piece>,
    pub(crate) sources: String,
    pub(crate) copies: Option<i64>,
    pub(crate) status: &'static str,
    pub(crate) decision: Option<Decision>,
    pub(crate) age: String,
    pub(crate) at: String,
    pub(crate) iso: String,
    pub(crate) told: Option<String>,
    pub(crate) flags: Vec<&'static str>,
    /// On how many rules the post of it rests that rests on most.
    pub(crate) rests: Option<Rests>,
    /// What its page calls the confirmation that it offers; empty where it offers none.
    pub(crate) confirm: &'static str,
    /// Whether its page offers to turn it down.
    pub(crate) reject: bool,
}

impl Row {
    /// The line for `row` in the queue whose pages begin with `base`, for `reader`.
    pub(crate) fn new(lang: Lang, row: &IncidentRow, base: &str, reader: &str, now: Timestamp) -> Row {
        let incident = &row.incident;
        let (shown, proposal) = names::chip(incident);
        let wide = incident.place.as_ref().is_some_and(|place| place.level() <= Level::Kabupaten);
        let guess = (row.choose_place && wide).then(String::new);
        let doubt = Doubt { guess, ..Doubt::default() };
        Row {
            id: incident.id.to_string(),
            href: format!("{base}/{}", incident.id),
            severity: shown.as_str(),
            class: names::severity_class(proposal.unwrap_or(shown)),
            proposal: names::proposal(lang, proposal),
            category: names::category(lang, incident.category),
            code: incident.category.as_str(),
            place: names::doubted(lang, incident, &doubt),
            excerpt: marked(row),
            sources: sources(lang, incident),
            copies: (incident.posts > 1).then_some(incident.posts),
            status: names::status(lang, incident.status.as_str()),
            decision: row.next_clock.map(|due| Decision::of(lang, incident, due, row.told > 0, now)),
            age: ages(lang, incident, now),
            at: time::stamp(lang, incident.last_event, incident.zone),
            iso: time::iso(incident.last_event),
            told: (row.told > 0).then(|| {
                let (told, answered) = (row.told.to_string(), row.answered.to_string());
                lang.fill("console.incident.told_count", &[("told", &told), ("answered", &answered)])
            }),
            flags: flags_of(lang, row),
            rests: Rests::of(lang, row.rests),
            confirm: next(incident.status, Action::Confirm)
                .map_or("", |_| lang.get(&format!("console.{}", confirmation(incident, reader)))),
            reject: next(incident.status, Action::Reject).is_some(),
        }
    }
}

/// How long a person has to decide, or how long that is over: the same words on the queue and on the incident's page.
pub(crate) struct Decision {
    pub(crate) clock: String,
    /// Its time is over: it shows red, at any level and whoever was told.
    pub(crate) late: bool,
    /// Its time is over and nobody was told.
    pub(crate) unheard: Option<&'static str>,
}

impl Decision {
    /// That on `incident`, which is `due` then and of which somebody was `told` or nobody.
    pub(crate) fn of(
        lang: Lang,
        incident: &Incident,
        due: Timestamp,
        told: bool,
        now: Timestamp,
    ) -> Decision {
        let (clock, late) = time::to_decide(lang, due, now);
        let unheard = late && !told && incident.proposed >= Severity::Waspada;
        Decision { clock, late, unheard: unheard.then(|| lang.get("console.queue.unheard")) }
    }
}

/// What a confirmation of `incident` is to `reader`, as a key of `console.*`: who has given half of an AWAS adds the
/// call-back, somebody else gives the other half, and what is decided already is changed.
pub(crate) fn confirmation(incident: &Incident, reader: &str) -> &'static str {
    match (&incident.awas_waits_for_second, incident.effective) {
        (Some(first), _) if first == reader => "incident.own_half",
        (Some(_), _) => "incident.second_half",
        (None, Some(_)) => "incident.change_level",
        _ => "key.confirm",
    }
}

/// What has to happen next on an AWAS of which one of two persons has confirmed half, as `reader` reads it.
pub(crate) fn second(lang: Lang, incident: &Incident, reader: &str) -> Option<String> {
    let first = incident.awas_waits_for_second.as_deref()?;
    let key = if first == reader { "second_other" } else { "second_you" };
    Some(lang.fill(&format!("console.incident.{key}"), &[("by", first)]))
}

/// The words of the excerpt, the hits among them marked.
fn marked(row: &IncidentRow) -> Vec<Piece> {
    let note = |range: &Range<usize>| Note { range: range.clone(), kind: Kind::Hit, number: None };
    pieces(&row.excerpt, &row.excerpt_marks.iter().map(note).collect::<Vec<_>>())
}

/// How long ago its posts came: the last, and the first where that is another age.
fn ages(lang: Lang, incident: &Incident, now: Timestamp) -> String {
    let (first, last) =
        (time::ago(lang, incident.first_event, now), time::ago(lang, incident.last_event, now));
    let key = if first == last { "last_post" } else { "first_and_last_post" };
    lang.fill(&format!("console.queue.{key}"), &[("first", &first), ("last", &last)])
}

/// The same with what the queue alone tells: first what came after a decision and is graver, which presses most.
fn flags_of(lang: Lang, row: &IncidentRow) -> Vec<&'static str> {
    let graver = row.graver.then(|| lang.get("console.flag.graver"));
    let place = row.choose_place.then(|| lang.get("console.flag.choose_place"));
    graver.into_iter().chain(place).chain(flags(lang, &row.incident)).collect()
}

/// What sets an incident apart, in a few words.
pub(crate) fn flags(lang: Lang, incident: &Incident) -> Vec<&'static str> {
    let some = incident.certainty_told(None) == Certainty::ReporterOfSome;
    [
        (incident.awas_waits_for_second.is_some(), "second"),
        (incident.returned, "returned"),
        (incident.reporter && !some, "reporter"),
        (some, "reporter_of_some"),
        (incident.archived, "archived"),
        (incident.follows.is_some(), "follows"),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, key)| lang.get(&format!("console.flag.{key}")))
    .collect()
}
