//! Searching the archive.

use alerts::IncidentId;
use archive::{ArchivedSignal, Hit, Query as Wanted};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use stream::{Category, Queue, Severity, Zone};

use super::incident::base;
use super::queue::Choice;
use crate::access::Need;
use crate::failure::encode;
use crate::shell::{Caller, Shell, page};
use crate::view::mark::{Kind, Note, Piece, pieces};
use crate::view::{names, time};
use crate::{ConsoleState, Failure};

/// Hits on a page.
const PER_PAGE: usize = 25;
/// Hits that can be passed over: whoever would turn more pages narrows his question.
const DEEPEST: usize = 10_000;
/// In place of a category: what the second reader held back.
const HELD_BACK: &str = "ditahan";
/// The longest question that is asked, in bytes.
const MAX_WORDS: usize = 500;

/// The question, as it stands in the address.
#[derive(Deserialize, Default)]
pub(crate) struct Ask {
    #[serde(default)]
    kata: String,
    #[serde(default)]
    kategori: String,
    #[serde(default)]
    mulai: usize,
}

/// One post that was found.
struct Found {
    at: String,
    channel: String,
    source: String,
    pieces: Vec<Piece>,
    signals: Vec<Sign>,
    /// The categories of what the second reader held back.
    held_back: Vec<&'static str>,
    /// The incidents it stands in that the caller may open: number and address.
    incidents: Vec<(String, String)>,
}

/// What the machine took a post for.
struct Sign {
    code: &'static str,
    /// Above WASPADA a proposal, in words: the archive holds no person's decision.
    severity: String,
    class: &'static str,
    open: bool,
    place: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    s: Shell,
    words: String,
    categories: Vec<Choice>,
    asked: bool,
    off: bool,
    count: String,
    found: Vec<Found>,
    next: Option<String>,
    /// There are more hits than anybody turns pages to.
    ends: bool,
    incomplete: bool,
}

/// `GET /cari`.
pub(crate) async fn show(
    State(state): State<ConsoleState>,
    caller: Caller,
    Query(ask): Query<Ask>,
) -> Result<Response, Failure> {
    let lang = caller.lang;
    let category = Category::parse(&ask.kategori);
    let held_back = ask.kategori == HELD_BACK;
    let asked = !ask.kata.trim().is_empty() || category.is_some() || held_back;
    if ask.kata.len() > MAX_WORDS {
        return Err(Failure::bad("console.failure.form"));
    }
    let actor = caller.actor()?;
    let offset = ask.mulai.min(DEEPEST);
    let wanted = Wanted {
        words: ask.kata.clone(),
        category,
        held_back,
        within: actor.regions.clone(),
        netralitas: caller.may(Need::SeeNeutrality),
        limit: PER_PAGE,
        offset,
        ..Wanted::default()
    };
    let results = match (&state.archive, asked) {
        (Some(archive), true) => {
            let archive = archive.clone();
            state.desk.audit(&actor.name, "search", "archive", ask.kata.trim()).await?;
            // The archive reads files: not on the threads that serve everybody.
            let results = tokio::task::spawn_blocking(move || archive.search(&wanted)).await;
            results.map_err(|error| Failure::Internal(error.to_string()))??
        }
        _ => archive::Results::default(),
    };
    let may_lie = |it: &ArchivedSignal| actor.may_lie(it.category.queue(), it.place.as_ref());
    let visible = |hit: &&Hit| hit.signals.is_empty() || hit.signals.iter().any(may_lie);
    let hits: Vec<&Hit> = results.hits.iter().filter(visible).collect();
    let posts: Vec<&str> = hits.iter().map(|hit| hit.id.as_str()).collect();
    let incidents = state.desk.incidents_of(&actor, &posts).await?;
    let found: Vec<Found> = hits.iter().map(|hit| shown(&caller, hit, &incidents)).collect();
    let more = offset + results.hits.len();
    let further = more < results.total && !results.hits.is_empty();
    let next = (further && more <= DEEPEST)
        .then(|| format!("/cari?kata={}&kategori={}&mulai={more}", encode(&ask.kata), encode(&ask.kategori)));
    page(&SearchPage {
        s: Shell::new(&state, &caller),
        categories: categories(&caller, category, held_back),
        asked,
        off: state.archive.is_none(),
        count: lang.fill("console.search.found", &[("n", &results.total.to_string())]),
        found,
        next,
        ends: further && more > DEEPEST,
        incomplete: !results.damaged.is_empty(),
        words: ask.kata,
    })
}

fn shown(caller: &Caller, hit: &Hit, incidents: &[(String, IncidentId, Queue)]) -> Found {
    let own = incidents.iter().filter(|(post, _, _)| *post == hit.id);
    let note = |range: &std::ops::Range<usize>| Note { range: range.clone(), kind: Kind::Hit, number: None };
    let notes: Vec<Note> = hit.marks.iter().map(note).collect();
    let signals = hit.signals.iter().map(|signal| {
        let severity = signal.severity;
        let proposal = names::proposal(caller.lang, Some(severity).filter(|it| *it > Severity::Waspada));
        Sign {
            code: signal.category.as_str(),
            class: names::severity_class(severity),
            open: proposal.is_some(),
            severity: proposal.unwrap_or_else(|| severity.to_string()),
            place: signal.place.as_ref().map(names::region).unwrap_or_default(),
        }
    });
    let zone = hit.signals.iter().find_map(|signal| signal.place.as_ref()).map_or(Zone::Wib, names::zone);
    Found {
        at: time::stamp(caller.lang, hit.posted_at.min(hit.seen_at), zone),
        channel: names::channel(caller.lang, &hit.channel),
        source: hit.source.clone(),
        pieces: pieces(&hit.fragment, &notes),
        signals: signals.collect(),
        held_back: hit.held_back.iter().map(|category| category.as_str()).collect(),
        incidents: own.map(|(_, id, queue)| (id.to_string(), format!("{}/{id}", base(*queue)))).collect(),
    }
}

fn categories(caller: &Caller, chosen: Option<Category>, held_back: bool) -> Vec<Choice> {
    let open = |category: &&Category| **category != Category::Kf14 || caller.may(Need::SeeNeutrality);
    let choice = |category: &Category| Choice {
        value: category.as_str(),
        label: format!("{category} {}", names::category(caller.lang, *category)),
        chosen: chosen == Some(*category),
    };
    let label = caller.lang.get("console.search.held_back").to_owned();
    let held_back = Choice { value: HELD_BACK, label, chosen: held_back };
    Category::ALL.iter().filter(open).map(choice).chain([held_back]).collect()
}

impl From<archive::ArchiveError> for Failure {
    fn from(error: archive::ArchiveError) -> Failure {
        if error.is_retryable() {
            Failure::Unavailable(error.to_string())
        } else {
            Failure::Internal(error.to_string())
        }
    }
}
