//! A line of the queue.

use std::time::Duration;

use alerts::{Incident, IncidentRow, Status};
use jiff::Timestamp;
use lexicons::Lang;
use stream::Severity;

use super::mask::masked;
use super::{names, time};

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
    pub(crate) excerpt: String,
    pub(crate) sources: String,
    pub(crate) copies: Option<i64>,
    pub(crate) status: &'static str,
    pub(crate) clock: Option<String>,
    pub(crate) late: bool,
    pub(crate) age: String,
    pub(crate) at: String,
    pub(crate) iso: String,
    pub(crate) told: Option<String>,
    pub(crate) flags: Vec<&'static str>,
}

impl Row {
    /// The line for `row`, in the queue whose pages begin with `base`.
    pub(crate) fn new(lang: Lang, row: &IncidentRow, base: &str, now: Timestamp) -> Row {
        let incident = &row.incident;
        let (shown, proposal) = names::chip(incident);
        let clock = deadline(incident).map(|due| time::left(lang, due, now));
        Row {
            id: incident.id.to_string(),
            href: format!("{base}/{}", incident.id),
            severity: shown.as_str(),
            class: names::severity_class(incident.severity()),
            proposal: proposal
                .map(|severity| lang.fill("console.incident.proposed", &[("severity", severity.as_str())])),
            category: names::category(lang, incident.category),
            code: incident.category.as_str(),
            place: names::place(lang, incident),
            excerpt: masked(&row.excerpt),
            sources: lang.fill("console.incident.sources", &[("n", &incident.sources.to_string())]),
            copies: (incident.posts > 1).then_some(incident.posts),
            status: names::status(lang, incident.status.as_str()),
            late: clock.as_ref().is_some_and(|(_, late)| *late),
            clock: clock.map(|(text, _)| text),
            age: time::ago(lang, incident.last_event, now),
            at: time::stamp(lang, incident.last_event, incident.zone),
            iso: time::iso(incident.last_event),
            told: (row.told > 0).then(|| {
                let (told, answered) = (row.told.to_string(), row.answered.to_string());
                lang.fill("console.incident.told_count", &[("told", &told), ("answered", &answered)])
            }),
            flags: flags(lang, incident),
        }
    }
}

/// Until when somebody has to decide (domain.md 2.3). What was told at WASPADA without waiting still has to be
/// decided when more is proposed.
pub(crate) fn deadline(incident: &Incident) -> Option<Timestamp> {
    let told = incident.told_at.is_some() && incident.proposed <= Severity::Waspada;
    let undecided = incident.status == Status::Baru && !told;
    if !undecided || incident.archived || incident.place.is_none() || incident.awas_waits_for_second.is_some()
    {
        return None;
    }
    let minutes = match incident.proposed {
        Severity::Normal => return None,
        Severity::Waspada => 4 * 60,
        Severity::Siaga => 30,
        Severity::Awas => 5,
    };
    incident.created_at.checked_add(Duration::from_secs(minutes * 60)).ok()
}

/// What sets an incident apart, in a few words.
pub(crate) fn flags(lang: Lang, incident: &Incident) -> Vec<&'static str> {
    [
        (incident.awas_waits_for_second.is_some(), "second"),
        (incident.returned, "returned"),
        (incident.reporter, "reporter"),
        (incident.archived, "archived"),
        (incident.follows.is_some(), "follows"),
        (incident.released, "released"),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, key)| lang.get(&format!("console.flag.{key}")))
    .collect()
}
