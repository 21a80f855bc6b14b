//! The public listener's pages: answer links on a phone, without login or script, and health.

use alerts::{Answer, AnswerPage, Desk, DeskError, Reason, Status};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use lexicons::Lang;
use serde::Deserialize;
use stream::{Category, Queue, Severity};

use crate::pages::health::verdict;
use crate::state::Probe;
use crate::view::{names, time};
use crate::{Failure, assets, headers};

/// What the public pages stand on.
#[derive(Clone)]
pub struct PublicState {
    /// Takes the answers.
    pub desk: Desk,
    /// Whether the process lives: why not, as internal text.
    pub healthy: Probe<Result<(), String>>,
    /// Whether it can take work and tell people: why not, as internal text.
    pub ready: Probe<Result<(), String>>,
    /// The page carries "SIMULASI – DATA REKAAN".
    pub simulation: bool,
}

#[derive(Template)]
#[template(path = "answer.html")]
struct Page {
    lang: Lang,
    css: &'static str,
    icon: &'static str,
    simulation: bool,
    down: bool,
    /// How the desk is called, with its number as it is read and as it is dialled.
    desk: Option<(String, String, String)>,
    state: Shown,
}

enum Shown {
    /// The address itself was opened, without a link.
    Front,
    /// The link is none of ours.
    Unknown,
    /// Answering is not possible now.
    Later,
    /// The matter.
    Matter(Box<Matter>),
}

/// The matter as an office sees it: no text of a post, no name.
struct Matter {
    number: String,
    office: String,
    severity: &'static str,
    class: &'static str,
    /// The severity as a proposal, while nobody has confirmed it.
    unconfirmed: Option<String>,
    proposed: Option<String>,
    what: Option<String>,
    facts: Vec<(&'static str, String)>,
    answered: Option<(&'static str, String)>,
    /// The answer came through another link of the office.
    elsewhere: bool,
    /// The answer holds for what was confirmed since.
    holds: bool,
    /// The desk turned it down: nobody is to go.
    cancelled: Option<String>,
    over: bool,
    open: bool,
    /// What was sent is none of the answers.
    not_offered: bool,
    withheld: bool,
    /// It stands on Bawaslu's desk (KF-14).
    bawaslus: bool,
    buttons: Vec<(&'static str, &'static str, &'static str)>,
}

impl Page {
    fn t(&self, key: &str) -> &'static str {
        self.lang.get(&format!("console.public.{key}"))
    }

    /// What this address is for, for whoever opens it bare: in each language, since nobody has chosen one here.
    fn front(&self) -> [(&'static str, &'static str); 2] {
        [Lang::Id, Lang::En]
            .map(|lang| (lang.get("console.public.front_title"), lang.get("console.public.front")))
    }
}

/// The public pages over `state`. Field form and `POST /api/v1/posts` are ingest's and are merged beside them.
pub fn public_router(state: PublicState) -> Router {
    Router::new()
        .route("/", get(front))
        .route("/j/{token}", get(show).post(answer))
        .route("/a/{file}", get(assets::serve))
        .route("/-/healthy", get(healthy))
        .route("/-/ready", get(ready))
        .layer(DefaultBodyLimit::max(4096))
        .layer(from_fn(headers::secure))
        .with_state(state)
}

async fn healthy(State(state): State<PublicState>) -> Response {
    verdict("healthy", (state.healthy)())
}

async fn ready(State(state): State<PublicState>) -> Response {
    verdict("ready", (state.ready)())
}

/// `GET /`: what this address is for.
async fn front(State(state): State<PublicState>, headers: HeaderMap) -> Response {
    respond(&state, headers::lang(&headers), StatusCode::OK, Shown::Front)
}

/// `GET /j/{token}`: shows, changes nothing. Previews and mail scanners press links.
async fn show(State(state): State<PublicState>, headers: HeaderMap, Path(token): Path<String>) -> Response {
    let lang = headers::lang(&headers);
    match state.desk.answer_page(&token).await {
        Ok(found) => respond(&state, lang, StatusCode::OK, Shown::Matter(Box::new(matter(lang, &found)))),
        Err(error) => refuse(&state, lang, error.into()),
    }
}

#[derive(Deserialize)]
struct AnswerForm {
    #[serde(default)]
    jawaban: String,
}

/// `POST /j/{token}`: takes the answer; then the same link shows the state.
async fn answer(
    State(state): State<PublicState>,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(form): Form<AnswerForm>,
) -> Response {
    let lang = headers::lang(&headers);
    let Some(answer) = Answer::parse(&form.jawaban) else {
        return not_offered(&state, lang, &token).await;
    };
    match state.desk.answer(&token, answer).await {
        // The token came in the path and is well-formed, or the desk had not known it.
        // Closed while the officer read: the page says how.
        Ok(_) | Err(DeskError::Refused(_)) => Redirect::to(&format!("/j/{token}")).into_response(),
        Err(error) => refuse(&state, lang, error.into()),
    }
}

/// What came is none of the answers: the page of the link says so and offers them again.
async fn not_offered(state: &PublicState, lang: Lang, token: &str) -> Response {
    match state.desk.answer_page(token).await {
        Ok(found) => {
            let matter = Matter { not_offered: true, ..matter(lang, &found) };
            respond(state, lang, StatusCode::UNPROCESSABLE_ENTITY, Shown::Matter(Box::new(matter)))
        }
        Err(error) => refuse(state, lang, error.into()),
    }
}

fn refuse(state: &PublicState, lang: Lang, failure: Failure) -> Response {
    let status = failure.status();
    let shown = if status.is_server_error() { Shown::Later } else { Shown::Unknown };
    // Logged by the failure itself; its bare response is replaced by a page.
    drop(failure.into_response());
    respond(state, lang, status, shown)
}

fn respond(state: &PublicState, lang: Lang, status: StatusCode, shown: Shown) -> Response {
    let down = (state.ready)().is_err();
    // What is Bawaslu's is none of the desk's.
    let bawaslus = matches!(&shown, Shown::Matter(matter) if matter.bawaslus);
    let desk = state.desk.contact().filter(|_| !bawaslus);
    let desk = desk.map(|desk| (desk.name(lang).to_owned(), desk.phone.clone(), desk.dialled()));
    let page = Page {
        lang,
        css: &assets::ANSWER_CSS.href,
        icon: &assets::MARK.href,
        simulation: state.simulation,
        down,
        desk,
        state: shown,
    };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => Failure::Internal(error.to_string()).into_response(),
    }
}

/// What is known of the matter, line by line.
fn facts(lang: Lang, page: &AnswerPage) -> Vec<(&'static str, String)> {
    let place = names::spot(lang, page.place.as_ref(), &page.scenes);
    let place = page.doubt.said(lang, page.place.as_ref(), place);
    let queue = page.category.map_or(Queue::Konflik, Category::queue);
    let facts = [
        ("place", place),
        ("time", time::stamp(lang, page.at, page.zone)),
        ("certainty", names::coded(lang, "certainty", page.certainty.said(queue))),
        ("sources", names::sources_of(lang, page.sources, page.each) + &names::wide(lang, page.wide)),
        ("unknown", names::coded(lang, "unknown", page.unknown.as_str())),
        ("why", names::coded(lang, "reason", page.reason.because(&page.remark))),
    ];
    if page.withheld {
        return vec![(lang.get("console.fact.sent"), time::stamp(lang, page.at, page.zone))];
    }
    // Of what was turned down nothing is left to find out: only which matter it was.
    let left = if is_cancelled(page) { 2 } else { facts.len() };
    let beside = page.beside.as_ref().filter(|_| !is_cancelled(page));
    let beside =
        beside.map(|beside| (beside.key(), lang.fill("console.public.see", &[("number", &beside.number)])));
    let facts = facts.into_iter().take(left).chain(beside);
    facts.map(|(key, value)| (lang.get(&format!("console.fact.{key}")), value)).collect()
}

/// Whether the desk turned the matter down.
fn is_cancelled(page: &AnswerPage) -> bool {
    page.ended.is_some_and(|ended| ended.status == Status::Ditolak)
}

/// What an officer is told of a matter that the desk turned down.
fn cancelled(lang: Lang, page: &AnswerPage) -> Option<String> {
    is_cancelled(page).then(|| {
        let at = page.ended.and_then(|ended| ended.at);
        let at = at.map(|at| time::stamp(lang, at, page.zone)).unwrap_or_default();
        lang.fill("console.public.cancelled", &[("at", &at)])
    })
}

/// Whether the severity told is the machine's proposal, which no person has confirmed (domain.md 2.3). An office that is
/// complained of sees what its message said and no more.
fn is_proposal(page: &AnswerPage) -> bool {
    let decided = match page.withheld {
        true => page.reason == Reason::Confirmed,
        false => page.certainty.is_decided(),
    };
    page.severity > Severity::Waspada && !decided
}

fn matter(lang: Lang, page: &AnswerPage) -> Matter {
    let word = |answer: Answer| lang.get(&format!("alerts.answer.{answer}"));
    let hint = |answer: Answer| lang.get(&format!("console.answer_hint.{answer}"));
    Matter {
        number: page.number.clone(),
        office: names::office(lang, &page.office),
        unconfirmed: names::proposal(lang, Some(page.severity).filter(|_| is_proposal(page))),
        severity: page.severity.as_str(),
        class: names::severity_class(page.severity),
        proposed: names::proposal(lang, page.proposed),
        what: page.category.map(|category| {
            lang.fill("console.public.what", &[("what", lang.get(&format!("alerts.category.{category}")))])
        }),
        facts: facts(lang, page),
        answered: page.answer.map(|answer| {
            (word(answer), page.answered_at.map(|at| time::stamp(lang, at, page.zone)).unwrap_or_default())
        }),
        elsewhere: page.elsewhere,
        holds: page.holds,
        cancelled: cancelled(lang, page),
        over: page.ended.is_some() && !is_cancelled(page),
        open: page.open && page.answer.is_none(),
        not_offered: false,
        withheld: page.withheld,
        bawaslus: page.category.is_none_or(|category| category.queue() == Queue::Netralitas),
        buttons: Answer::OFFERED
            .iter()
            .map(|answer| (answer.as_str(), word(*answer), hint(*answer)))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
