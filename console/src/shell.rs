//! The guard before every page and the frame around it: who calls, whether they may, in which language.

use std::borrow::Cow;

use alerts::{Actor, DeskError};
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Form, FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use lexicons::Lang;
use serde::Deserialize;
use stream::Zone;

use crate::access::{Grant, Need};
use crate::accounts::{AccountError, TokenScope};
use crate::failure::{Failure, encode, to_login};
use crate::state::ConsoleState;
use crate::view::time;
use crate::{assets, headers};

/// The cookie that holds the session.
pub(crate) const SESSION_COOKIE: &str = "kentongan";
/// The largest form that is read, in bytes.
const MAX_FORM: usize = 64 * 1024;

/// Who calls, as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The language of the answer.
    pub(crate) lang: Lang,
    /// Path and query of the request.
    pub(crate) path: String,
    /// Who signed in.
    pub(crate) visitor: Option<Visitor>,
}

/// Somebody, or a program, that we know.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The account's or token's name.
    pub(crate) name: String,
    /// What it may.
    pub(crate) grant: Grant,
    /// The session's cookie; none for a token.
    session: Option<String>,
    /// What forms carry.
    csrf: String,
}

impl Caller {
    /// The desk's view of the caller.
    pub(crate) fn actor(&self) -> Result<Actor, Failure> {
        let visitor = self.visitor.as_ref().ok_or_else(|| Failure::LoginNeeded(self.path.clone()))?;
        Ok(visitor.grant.actor(&visitor.name))
    }

    /// Whether the caller satisfies `need`.
    pub(crate) fn may(&self, need: Need) -> bool {
        need.open() || self.visitor.as_ref().is_some_and(|visitor| visitor.grant.allows(need))
    }

    /// The session's cookie, for signing out.
    pub(crate) fn session(&self) -> Option<&str> {
        self.visitor.as_ref()?.session.as_deref()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.ok_or_else(|| Failure::Internal("a route without guard".to_owned()))
    }
}

/// Lets a request through to its page if the caller satisfies the route's need.
pub(crate) async fn guard(
    State((state, need)): State<(ConsoleState, Need)>,
    request: Request,
    next: Next,
) -> Response {
    let lang = headers::lang(request.headers());
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let api = path.starts_with("/api/");
    let page = request.method() == Method::GET && !api;
    let mut caller = Caller { lang, path, visitor: None };
    let response = match admit(&state, need, request, &mut caller).await {
        Ok(mut request) => {
            request.extensions_mut().insert(caller.clone());
            next.run(request).await
        }
        Err(Failure::LoginNeeded(path)) if page => return to_login(&path),
        Err(failure) => failure.into_response(),
    };
    match response.extensions().get::<Failure>().cloned() {
        Some(failure) if api => problem(&failure, response),
        Some(failure) => failure_page(&state, &caller, &failure, response),
        None => response,
    }
}

/// The request, if the caller may make it.
async fn admit(
    state: &ConsoleState,
    need: Need,
    request: Request,
    caller: &mut Caller,
) -> Result<Request, Failure> {
    caller.visitor = recognise(state, request.headers()).await?;
    if need.open() {
        return Ok(request);
    }
    let Some(visitor) = &caller.visitor else { return Err(Failure::LoginNeeded(caller.path.clone())) };
    if !visitor.grant.allows(need) {
        return Err(Failure::Forbidden);
    }
    // A token reads incidents through the API, and no more.
    if visitor.session.is_none() && need != Need::SeeIncidents {
        return Err(Failure::Forbidden);
    }
    if request.method() == Method::GET {
        return Ok(request);
    }
    checked_form(request, &visitor.csrf).await
}

/// Whoever the cookie or the token names.
async fn recognise(
    state: &ConsoleState,
    headers: &axum::http::HeaderMap,
) -> Result<Option<Visitor>, Failure> {
    if let Some(token) = headers::cookie(headers, SESSION_COOKIE)
        && let Some(account) = state.accounts.session(token).await?
    {
        let csrf = state.accounts.form_token(token);
        let session = Some(token.to_owned());
        return Ok(Some(Visitor { name: account.name, grant: account.grant, session, csrf }));
    }
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(secret) = bearer.and_then(|value| value.strip_prefix("Bearer ")) else { return Ok(None) };
    let token = state.accounts.token(secret).await?.filter(|token| token.scope == TokenScope::Read);
    Ok(token.map(|token| {
        let grant = Grant { role: alerts::DeskRole::Analis, regions: token.region.into_iter().collect() };
        Visitor { name: format!("token:{}", token.name), grant, session: None, csrf: String::new() }
    }))
}

#[derive(Deserialize)]
struct FormToken {
    #[serde(default)]
    csrf: String,
}

/// The request with its body read once, if its form carries the session's token.
async fn checked_form(request: Request, csrf: &str) -> Result<Request, Failure> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MAX_FORM).await.map_err(|_| Failure::bad("console.failure.form"))?;
    let copy = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let Form(form) = Form::<FormToken>::from_request(copy, &()).await.map_err(|_| Failure::StaleForm)?;
    if !alerts::keys::same(form.csrf.as_bytes(), csrf.as_bytes()) {
        return Err(Failure::StaleForm);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// The frame of a page: everything that is the same on all of them.
pub(crate) struct Shell {
    /// The language.
    pub(crate) lang: Lang,
    /// What forms carry.
    pub(crate) csrf: String,
    /// Who signed in.
    pub(crate) user: Option<String>,
    /// Whether the simulation's band shows.
    pub(crate) simulation: bool,
    /// Whether the band of a system that is down shows.
    pub(crate) down: bool,
    /// What the last press did.
    pub(crate) note: Option<String>,
    path: String,
    grant: Option<Grant>,
    now: jiff::Timestamp,
}

/// An entry of the navigation.
pub(crate) struct NavItem {
    pub(crate) href: &'static str,
    pub(crate) label: &'static str,
    pub(crate) current: bool,
}

/// An entry of the language switch.
pub(crate) struct LangItem {
    pub(crate) href: String,
    pub(crate) label: &'static str,
    pub(crate) code: &'static str,
    pub(crate) current: bool,
}

/// The pages of the navigation, each with its need and the key of its label; a new one is a line here.
const NAV: &[(&str, Need, &str)] = &[
    ("/antrean", Need::SeeConflict, "console.nav.queue"),
    ("/netralitas", Need::SeeNeutrality, "console.nav.neutrality"),
    ("/cari", Need::Search, "console.nav.search"),
    ("/sumber", Need::SeeSources, "console.nav.sources"),
    ("/orang", Need::ManagePeople, "console.nav.people"),
    ("/bantuan", Need::SignedIn, "console.nav.help"),
];

/// The first page that `grant` may see.
pub(crate) fn front_page(grant: &Grant) -> &'static str {
    NAV.iter().find(|(_, need, _)| grant.allows(*need)).map_or("/bantuan", |(href, _, _)| href)
}

#[cfg(test)]
impl Shell {
    /// A frame for tests of templates.
    pub(crate) fn bare(caller: &Caller, now: jiff::Timestamp) -> Shell {
        let visitor = caller.visitor.as_ref();
        Shell {
            lang: caller.lang,
            csrf: "formulir".to_owned(),
            user: visitor.map(|visitor| visitor.name.clone()),
            simulation: true,
            down: false,
            note: None,
            path: caller.path.clone(),
            grant: visitor.map(|visitor| visitor.grant.clone()),
            now,
        }
    }
}

#[cfg(test)]
impl Caller {
    /// Somebody of `role` at `path`.
    pub(crate) fn of(role: alerts::DeskRole, path: &str) -> Caller {
        let grant = Grant { role, regions: Vec::new() };
        let visitor = Visitor { name: "ani".to_owned(), grant, session: None, csrf: String::new() };
        Caller { lang: Lang::Id, path: path.to_owned(), visitor: Some(visitor) }
    }
}

impl Shell {
    /// The frame for `caller`.
    pub(crate) fn new(state: &ConsoleState, caller: &Caller) -> Shell {
        let visitor = caller.visitor.as_ref();
        let note = query_value(&caller.path, "kabar")
            .filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
            .map(|word| format!("console.done.{word}"))
            .filter(|key| caller.lang.texts().has(key))
            .map(|key| caller.lang.get(&key).to_owned());
        Shell {
            lang: caller.lang,
            csrf: visitor.map(|visitor| visitor.csrf.clone()).unwrap_or_default(),
            user: visitor.map(|visitor| visitor.name.clone()),
            simulation: state.simulation,
            down: (state.probes.ready)().is_err(),
            note,
            path: caller.path.clone(),
            grant: visitor.map(|visitor| visitor.grant.clone()),
            now: state.clock.now(),
        }
    }

    /// The text at `console.{key}`.
    pub(crate) fn t(&self, key: &str) -> &'static str {
        self.lang.get(&format!("console.{key}"))
    }

    pub(crate) fn css(&self) -> &str {
        &assets::CSS.href
    }

    pub(crate) fn js(&self) -> &str {
        &assets::JS.href
    }

    pub(crate) fn mark(&self) -> &str {
        &assets::MARK.href
    }

    /// When this page was made, for the band of a lost connection.
    pub(crate) fn now_text(&self) -> String {
        time::stamp(self.lang, self.now, Zone::Wib)
    }

    pub(crate) fn nav(&self) -> Vec<NavItem> {
        let Some(grant) = &self.grant else { return Vec::new() };
        let at = self.path.split('?').next().unwrap_or_default();
        NAV.iter()
            .filter(|(_, need, _)| grant.allows(*need))
            .map(|(href, _, label)| NavItem {
                href,
                label: self.lang.get(label),
                current: at.starts_with(href) || (*href == "/antrean" && at.starts_with("/kejadian")),
            })
            .collect()
    }

    pub(crate) fn languages(&self) -> Vec<LangItem> {
        [(Lang::Id, "Indonesia"), (Lang::En, "English")]
            .into_iter()
            .map(|(lang, label)| LangItem {
                href: format!("/bahasa/{}?kembali={}", lang.code(), encode(&self.path)),
                label,
                code: lang.code(),
                current: lang == self.lang,
            })
            .collect()
    }
}

/// The value of `name` in the query of `path`, as it stands.
fn query_value<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = path.split_once('?')?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// A page.
pub(crate) fn page(template: &impl Template) -> Result<Response, Failure> {
    Ok(Html(template.render()?).into_response())
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    s: Shell,
    text: &'static str,
    back: bool,
}

fn failure_page(state: &ConsoleState, caller: &Caller, failure: &Failure, bare: Response) -> Response {
    let text = caller.lang.get(failure.text_key());
    let template = FailurePage { s: Shell::new(state, caller), text, back: caller.visitor.is_some() };
    // A template without IO renders; if it should not, the bare status stands.
    let body = template.render().unwrap_or_default();
    let (mut parts, _) = bare.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

/// The failure as problem+json (RFC 9457), its type in English.
fn problem(failure: &Failure, bare: Response) -> Response {
    let status = failure.status();
    let body = serde_json::json!({
        "type": format!("urn:kentongan:{}", failure.problem()),
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": Lang::En.get(failure.text_key()),
    });
    let (mut parts, _) = bare.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body.to_string()))
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Failure {
        match error {
            DeskError::NotFound => Failure::NotFound,
            DeskError::Forbidden { .. } => Failure::Forbidden,
            DeskError::Status { .. } => Failure::Conflict("console.failure.status".into()),
            DeskError::Refused(code) => Failure::Bad(refused(code)),
            error if error.is_retryable() => Failure::Unavailable(error.to_string()),
            error => Failure::Internal(error.to_string()),
        }
    }
}

/// The key of what the desk refused: its own text if there is one.
fn refused(code: &'static str) -> Cow<'static, str> {
    let key = format!("alerts.refused.{code}");
    if Lang::Id.texts().has(&key) { key.into() } else { "console.failure.refused".into() }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Failure {
        match error {
            AccountError::WrongLogin => Failure::bad("console.failure.login_wrong"),
            AccountError::TooMany(seconds) => Failure::TooMany(seconds),
            AccountError::Unknown(_) => Failure::NotFound,
            AccountError::Taken(_) | AccountError::BadName(_) => Failure::bad("console.failure.name"),
            AccountError::BadPassword => Failure::bad("console.failure.password"),
            error if error.is_retryable() => Failure::Unavailable(error.to_string()),
            error => Failure::Internal(error.to_string()),
        }
    }
}
