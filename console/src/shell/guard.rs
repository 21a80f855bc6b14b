//! The guard before every page: who calls, whether they may, and the page of a failure.

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lexicons::Lang;
use serde::Deserialize;

use super::caller::Visitor;
use super::{Caller, SESSION_COOKIE, Shell};
use crate::access::{Grant, Need};
use crate::accounts::TokenScope;
use crate::failure::{Failure, to_login};
use crate::headers;
use crate::state::ConsoleState;

/// The largest form that is read, in bytes.
const MAX_FORM: usize = 64 * 1024;

/// Lets a request through to its page if the caller satisfies the route's need.
pub(crate) async fn guard(
    State((state, need)): State<(ConsoleState, Need)>,
    request: Request,
    next: Next,
) -> Response {
    let lang = headers::lang(request.headers());
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let api = path.starts_with("/api/");
    // A program asks as programs do; a browser that has chosen a language keeps it.
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let accepted = accepted.map_or(lang, Lang::accepted);
    let page = request.method() == Method::GET && !api;
    let press = request.method() == Method::POST;
    let mut caller = Caller { lang, path, visitor: None };
    let mut typed = String::new();
    let response = match admit(&state, need, request, &mut caller, &mut typed).await {
        Ok(mut request) => {
            request.extensions_mut().insert(caller.clone());
            next.run(request).await
        }
        Err(Failure::LoginNeeded(path)) if page => return to_login(&path),
        Err(failure) => failure.into_response(),
    };
    match response.extensions().get::<Failure>().cloned() {
        Some(failure) if api => problem(&failure, accepted, response),
        Some(failure) => {
            let from = pressed_on(&caller.path).filter(|_| press && !matches!(failure, Failure::NotFound));
            failure_page(&state, &caller, &failure, from, typed, response)
        }
        None => response,
    }
}

/// The request, if the caller may make it; what its form holds that a person has `typed` is kept for the page that says
/// why it could not be done.
async fn admit(
    state: &ConsoleState,
    need: Need,
    request: Request,
    caller: &mut Caller,
    typed: &mut String,
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
    checked_form(request, &visitor.csrf, typed).await
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
        let first_password = account.first_password;
        return Ok(Some(Visitor { name: account.name, grant: account.grant, first_password, session, csrf }));
    }
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(secret) = bearer.and_then(|value| value.strip_prefix("Bearer ")) else { return Ok(None) };
    let token = state.accounts.token(secret).await?.filter(|token| token.scope == TokenScope::Read);
    Ok(token.map(|token| {
        let grant = Grant { role: alerts::DeskRole::Analis, regions: token.region.into_iter().collect() };
        let name = format!("token:{}", token.name);
        Visitor { name, grant, first_password: false, session: None, csrf: String::new() }
    }))
}

#[derive(Deserialize)]
struct FormToken {
    #[serde(default)]
    csrf: String,
    /// What a person has written for the history: a reason or note, and of whom a call-back was made.
    #[serde(default)]
    reason: String,
    #[serde(default)]
    call_back: String,
}

/// The request with its body read once, if its form carries the session's token.
async fn checked_form(request: Request, csrf: &str, typed: &mut String) -> Result<Request, Failure> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MAX_FORM).await.map_err(|_| Failure::bad("console.failure.form"))?;
    let copy = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let Form(form) = Form::<FormToken>::from_request(copy, &()).await.map_err(|_| Failure::StaleForm)?;
    *typed = [form.reason.trim(), form.call_back.trim()].join(" ").trim().to_owned();
    if !alerts::keys::same(form.csrf.as_bytes(), csrf.as_bytes()) {
        return Err(Failure::StaleForm);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    s: Shell,
    text: &'static str,
    back: bool,
    /// The page of the incident on which a button was pressed.
    from: Option<String>,
    /// What was typed there.
    typed: String,
}

/// The page of the incident whose button leads to `path`.
fn pressed_on(path: &str) -> Option<&str> {
    let path = path.split('?').next()?;
    let (page, _) = path.rsplit_once('/')?;
    let (_, id) = page.rsplit_once('/')?;
    alerts::IncidentId::parse(id).map(|_| page)
}

fn failure_page(
    state: &ConsoleState,
    caller: &Caller,
    failure: &Failure,
    from: Option<&str>,
    typed: String,
    bare: Response,
) -> Response {
    let text = caller.lang.get(failure.text_key());
    let back = caller.visitor.is_some();
    let from = from.filter(|_| back).map(str::to_owned);
    let template = FailurePage { s: Shell::new(state, caller), text, back, from, typed };
    // A template without IO renders; if it should not, the bare status stands.
    let body = template.render().unwrap_or_default();
    let (mut parts, _) = bare.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

/// The failure as problem+json (RFC 9457), its type in English.
fn problem(failure: &Failure, lang: Lang, bare: Response) -> Response {
    let status = failure.status();
    let detail = match failure {
        // A program has no page to sign in on.
        Failure::LoginNeeded(_) => "ingest.problem.unauthorized",
        failure => failure.text_key(),
    };
    let body = serde_json::json!({
        "type": format!("urn:kentongan:{}", failure.problem()),
        "title": lang.get(&format!("ingest.problem_title.{}", status.as_u16())),
        "status": status.as_u16(),
        "detail": lang.get(detail),
    });
    let (mut parts, _) = bare.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body.to_string()))
}
