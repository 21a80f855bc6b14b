//! The page of one incident, in either queue; and its authors, revealed with a reason.

use alerts::{Action, IncidentId, IncidentView};
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use lexicons::{Lang, gazetteer::Gazetteer};
use serde::Deserialize;
use stream::{Queue, Severity};

use crate::access::Need;
use crate::shell::{Caller, Shell, page};
use crate::view::incident::{self as view, PastLine, PlaceLine, PostCard, SentLine, ToldView};
use crate::view::{names, row, time};
use crate::{ConsoleState, Failure};

/// A revealed author is shown for so long, in seconds; then the page goes back.
const REVEAL_S: u32 = 120;

/// Which queue a request is about: its path says.
pub(crate) fn side(caller: &Caller) -> Queue {
    if caller.path.starts_with("/netralitas") { Queue::Netralitas } else { Queue::Konflik }
}

/// Where the pages of a queue begin.
pub(crate) fn base(queue: Queue) -> &'static str {
    match queue {
        Queue::Konflik => "/kejadian",
        Queue::Netralitas => "/netralitas",
    }
}

/// The incident's number from a path.
pub(crate) fn number(text: &str) -> Result<IncidentId, Failure> {
    IncidentId::parse(text).ok_or(Failure::NotFound)
}

/// An incident that may be the same.
struct Same {
    id: String,
    href: String,
    place: String,
    at: String,
}

/// What can be done now.
struct Acts {
    confirm: bool,
    reject: bool,
    handle: bool,
    finish: bool,
    merge: bool,
    place: bool,
    release: bool,
}

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage {
    s: Shell,
    base: &'static str,
    list: &'static str,
    neutral: bool,
    id: String,
    severity: &'static str,
    class: &'static str,
    proposal: Option<String>,
    code: &'static str,
    category: String,
    place: String,
    placeless: bool,
    status: &'static str,
    certainty: String,
    sources: String,
    first: String,
    last: String,
    flags: Vec<&'static str>,
    second: Option<String>,
    awas: bool,
    closing: Option<String>,
    merged_into: Option<String>,
    follows: Option<String>,
    choices: Vec<(&'static str, bool)>,
    acts: Acts,
    posts: Vec<PostCard>,
    same: Vec<Same>,
    now: ToldView,
    after: ToldView,
    sent: Vec<SentLine>,
    clocks: Vec<(String, String, bool)>,
    history: Vec<PastLine>,
    asked_place: String,
    found: Vec<PlaceLine>,
    next: Option<String>,
    previous: Option<String>,
}

/// A place looked for by name.
#[derive(Deserialize)]
pub(crate) struct Ask {
    #[serde(default)]
    tempat: String,
}

/// `GET /kejadian/{id}` and `GET /netralitas/{id}`.
pub(crate) async fn show(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Response, Failure> {
    page(&build(&state, &caller, number(&id)?, &ask.tempat, None).await?)
}

/// What the form of a reveal sends.
#[derive(Deserialize)]
pub(crate) struct RevealForm {
    post: String,
    reason: String,
}

/// `POST …/penulis`: the page once more, with one author shown; it goes back by itself.
pub(crate) async fn reveal(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Form(form): Form<RevealForm>,
) -> Result<Response, Failure> {
    if form.reason.trim().is_empty() {
        return Err(Failure::bad("console.failure.reason"));
    }
    let id = number(&id)?;
    let author = state.desk.reveal_author(&caller.actor()?, id, &form.post, form.reason.trim()).await?;
    let mut response = page(&build(&state, &caller, id, "", Some((form.post, author))).await?)?;
    let back = format!("{REVEAL_S}; url={}/{id}", base(side(&caller)));
    if let Ok(value) = HeaderValue::from_str(&back) {
        response.headers_mut().insert(header::REFRESH, value);
    }
    Ok(response)
}

async fn build(
    state: &ConsoleState,
    caller: &Caller,
    id: IncidentId,
    place: &str,
    revealed: Option<(String, String)>,
) -> Result<IncidentPage, Failure> {
    let queue = side(caller);
    let view = state.desk.incident(&caller.actor()?, id).await?;
    // The desk refuses what the role may not read; a page of the wrong queue is none at all.
    if view.incident.queue != queue {
        return Err(Failure::NotFound);
    }
    let (previous, next) = neighbours(state, caller, &view).await?;
    let (lang, zone) = (caller.lang, view.incident.zone);
    let rules = |id: &str| (state.probes.rule)(id);
    let incident = &view.incident;
    let (shown, proposal) = names::chip(incident);
    let found = if place.trim().is_empty() { Vec::new() } else { Gazetteer::builtin().find(place.trim()) };
    let card = |post: &alerts::PostView| {
        let mut card = view::post_card(lang, incident, post, &rules);
        card.revealed =
            revealed.as_ref().filter(|(post, _)| *post == card.id).map(|(_, author)| author.clone());
        card
    };
    Ok(IncidentPage {
        s: Shell::new(state, caller),
        base: base(queue),
        list: if queue == Queue::Konflik { "/antrean" } else { "/netralitas" },
        neutral: queue == Queue::Netralitas,
        id: incident.id.to_string(),
        severity: shown.as_str(),
        class: names::severity_class(incident.severity()),
        proposal: proposal
            .map(|severity| lang.fill("console.incident.proposed", &[("severity", severity.as_str())])),
        code: incident.category.as_str(),
        category: names::category(lang, incident.category),
        place: names::place(lang, incident),
        placeless: incident.place.is_none(),
        status: names::status(lang, incident.status.as_str()),
        certainty: names::coded(lang, "certainty", incident.certainty().as_str()),
        sources: lang.fill("console.incident.sources", &[("n", &incident.sources.to_string())]),
        first: time::stamp(lang, incident.first_event, zone),
        last: time::stamp(lang, incident.last_event, zone),
        flags: row::flags(lang, incident),
        second: incident.awas_waits_for_second.clone(),
        awas: incident.proposed == Severity::Awas,
        closing: incident.closing_note.clone(),
        merged_into: incident.merged_into.map(|id| id.to_string()),
        follows: incident.follows.map(|id| id.to_string()),
        choices: view::choices(incident),
        acts: acts(caller, &view),
        posts: view.posts.iter().map(card).collect(),
        same: same(lang, &view),
        now: view::told(lang, &view.told_now),
        after: view::told(lang, &view.told_after_confirmation),
        sent: view.notifications.iter().map(|sent| view::sent(lang, zone, sent)).collect(),
        clocks: view::clocks(lang, &view, state.clock.now()),
        history: view.history.iter().rev().map(|line| view::past(lang, zone, line)).collect(),
        asked_place: place.to_owned(),
        found: view::found_places(lang, &found[..found.len().min(12)]),
        next,
        previous,
    })
}

fn acts(caller: &Caller, view: &IncidentView) -> Acts {
    let neutral = view.incident.queue == Queue::Netralitas;
    let may = caller.may(if neutral { Need::DecideNeutrality } else { Need::DecideConflict });
    let can = |action| may && view.actions.contains(&action);
    Acts {
        confirm: can(Action::Confirm) || (may && view.incident.awas_waits_for_second.is_some()),
        reject: can(Action::Reject),
        handle: can(Action::Handle),
        finish: can(Action::Finish),
        merge: can(Action::Merge),
        place: may && view.incident.status.is_open(),
        release: may && neutral && view.incident.status.is_open() && !view.incident.released,
    }
}

fn same(lang: Lang, view: &IncidentView) -> Vec<Same> {
    let line = |other: &alerts::Incident| Same {
        id: other.id.to_string(),
        href: format!("{}/{}", base(other.queue), other.id),
        place: names::place(lang, other),
        at: time::stamp(lang, other.last_event, other.zone),
    };
    view.maybe_same.iter().map(line).collect()
}

/// The incidents before and after this one in its queue, for "submit and next".
async fn neighbours(
    state: &ConsoleState,
    caller: &Caller,
    view: &IncidentView,
) -> Result<(Option<String>, Option<String>), Failure> {
    let queue = view.incident.queue;
    let filter = alerts::QueueFilter { queue: Some(queue), limit: 300, ..alerts::QueueFilter::default() };
    let rows = state.desk.queue(&caller.actor()?, &filter).await?;
    let at = rows.iter().position(|row| row.incident.id == view.incident.id);
    let link = |at: Option<usize>| {
        let row = rows.get(at?)?;
        Some(format!("{}/{}", base(queue), row.incident.id))
    };
    Ok((link(at.and_then(|at| at.checked_sub(1))), link(at.map_or(Some(0), |at| Some(at + 1)))))
}
