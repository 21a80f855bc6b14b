//! Bawaslu's page: the KF-14 findings, each with its deadline.

use alerts::{IncidentView, QueueFilter, Status};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use stream::Queue;

use crate::shell::{Caller, Shell, page};
use crate::view::incident::{Report, flags, releasable, report};
use crate::view::post::{PostCard, post_card};
use crate::view::subjects::may_differ;
use crate::view::{names, time};
use crate::{ConsoleState, Failure};

/// The filter, as it stands in the address.
#[derive(Deserialize)]
pub(crate) struct Ask {
    #[serde(default)]
    status: String,
}

/// One finding.
struct Card {
    id: String,
    href: String,
    severity: &'static str,
    class: &'static str,
    proposal: Option<String>,
    place: String,
    status: &'static str,
    flags: Vec<&'static str>,
    releasable: bool,
    report: Report,
    post: Option<PostCard>,
    more: usize,
    /// That its posts may speak of different officials.
    may_differ: Option<String>,
    at: String,
}

#[derive(Template)]
#[template(path = "neutrality.html")]
struct NeutralityPage {
    s: Shell,
    cards: Vec<Card>,
    all: bool,
}

/// `GET /netralitas`.
pub(crate) async fn show(
    State(state): State<ConsoleState>,
    caller: Caller,
    Query(ask): Query<Ask>,
) -> Result<Response, Failure> {
    let all = ask.status == "semua";
    let filter = QueueFilter {
        queue: Some(Queue::Netralitas),
        status: Status::parse(&ask.status),
        closed: all,
        archived: all,
        limit: 100,
        ..QueueFilter::default()
    };
    let views = state.desk.neutrality_findings(&caller.actor()?, &filter).await?;
    let cards = views.iter().map(|view| card(&state, &caller, view)).collect();
    page(&NeutralityPage { s: Shell::new(&state, &caller), cards, all })
}

fn card(state: &ConsoleState, caller: &Caller, view: &IncidentView) -> Card {
    let (lang, incident) = (caller.lang, &view.incident);
    let rules = |id: &str| (state.probes.rule)(id, lang);
    let (shown, proposal) = names::chip(incident);
    Card {
        id: incident.id.to_string(),
        href: format!("/netralitas/{}", incident.id),
        severity: shown.as_str(),
        class: names::severity_class(proposal.unwrap_or(shown)),
        proposal: names::proposal(lang, proposal),
        place: names::place(lang, incident),
        status: names::status(lang, incident.status.as_str()),
        flags: flags(lang, view),
        releasable: releasable(view),
        report: report(lang, view, state.clock.now()),
        post: view.posts.first().map(|post| post_card(lang, view, post, &rules)),
        more: view.posts.len().saturating_sub(1),
        may_differ: may_differ(lang, view),
        at: time::stamp(lang, incident.last_event, incident.zone),
    }
}
