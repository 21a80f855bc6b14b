//! `POST /api/v1/posts`: one object, an array or NDJSON; answered item by item once all that is good is durable.
//!
//! The answer counts `accepted` (now on the bus), `duplicate` and `rejected` items and names each in `items`.
//! Sending a post again is always harmless: its `post` id is the same, and whatever reads the bus works on it once.
//! `duplicate` says so where it is known at once, namely of an id with the same text among the same request's items
//! or the latest hundred thousand that this process took; then nothing is put on the bus again. After a restart,
//! through another ingest process or long after, a repeated post is answered `accepted` once more. An id counts for
//! its source alone, which is the token's: a line that came by `import`, or with a token of another source, is another
//! post and `accepted`. A `rejected` item
//! lies in the dead letters, once however often it is sent within that memory.

mod taken;

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lexicons::Lang;
use serde_json::{Value, json};
use stream::{Bus, BusError, Intake, Pressure};
use tokio_stream::StreamExt;

use super::problem::{Problem, asked, told};
use super::rate::Buckets;
use super::recent::Recent;
use super::{IngestState, TokenGrant};
use crate::Words;
use taken::sort;

/// The largest body, in bytes.
const MAX_BODY: usize = 8 * 1024 * 1024;
/// How far a body that is too large is read before the client is cut off, in bytes.
const MAX_DISCARDED: usize = 8 * MAX_BODY;
/// Most items in a body.
const MAX_ITEMS: usize = 10_000;
/// When a client comes again after the bus was full or away, in seconds.
pub(super) const RETRY_AFTER: u32 = 30;

/// How a body holds its items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One object, or an array of them.
    Json,
    /// One object a line.
    Lines,
}

/// What the API needs beside what all routes do.
#[derive(Clone)]
pub(super) struct Api {
    state: IngestState,
    recent: Arc<Recent>,
    buckets: Arc<Buckets>,
}

impl Api {
    pub(super) fn new(state: IngestState) -> Api {
        let buckets = Arc::new(Buckets::new(state.api));
        Api { state, recent: Arc::default(), buckets }
    }
}

/// Takes posts from a program.
pub(super) async fn posts(State(api): State<Api>, headers: HeaderMap, body: Body) -> Response {
    let lang = asked(&headers);
    match take(&api, &headers, body, lang).await {
        Ok(answer) => answer.into_response(),
        Err(problem) => problem.respond(lang),
    }
}

async fn take(api: &Api, headers: &HeaderMap, body: Body, lang: Lang) -> Result<Json<Value>, Problem> {
    let Api { state, recent, buckets } = api;
    let grant = authorise(state, headers).await?;
    if let Err(seconds) = buckets.take(&grant.name, state.clock.now()) {
        let rate = state.api.requests_per_s.to_string();
        return Err(Problem::too_often(told("rate_limited", &[("rate", &rate)]), seconds));
    }
    let form = form(headers)?;
    room(&state.bus, state.max_lag).await?;
    let body = read(headers, body).await?;
    let now = state.clock.now();
    let intake = Intake {
        trusted: grant.trusted,
        source_region: grant.source_region,
        ..Intake::new(grant.source, now)
    };
    let (source, known) = (intake.source.clone(), Arc::clone(recent));
    let given_up = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", told("internal", &[]));
    let sorted = tokio::task::spawn_blocking(move || sort(&body, form, &intake, &known, now, lang));
    let taken = sorted.await.map_err(given_up)??;
    state.bus.publish(taken.records).await.map_err(|error| unpublished(&error))?;
    // Only now: what is called a duplicate must be on the bus.
    recent.add(taken.keys);
    stream::metrics::posts_read(&source, taken.accepted);
    for _ in 0..taken.parked {
        stream::metrics::parked("item");
    }
    if taken.accepted + taken.duplicate == 0 {
        let detail = match &taken.items[..] {
            [only] => Words::of(|_| only["detail"].as_str().unwrap_or_default().to_owned()),
            items => told("none", &[("count", &items.len().to_string())]),
        };
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", detail)
            .with("items", Value::Array(taken.items)));
    }
    Ok(Json(json!({
        "accepted": taken.accepted,
        "duplicate": taken.duplicate,
        "rejected": taken.rejected,
        "items": taken.items,
    })))
}

async fn authorise(state: &IngestState, headers: &HeaderMap) -> Result<TokenGrant, Problem> {
    let refused = || Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", told("unauthorized", &[]));
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(refused)?;
    match state.gate.token(token).await {
        Ok(grant) => grant.ok_or_else(refused),
        Err(error) => {
            tracing::warn!(%error, "a token of the API could not be looked up");
            Err(Problem::later("accounts_unavailable", told("accounts_unavailable", &[]), RETRY_AFTER))
        }
    }
}

fn form(headers: &HeaderMap) -> Result<Form, Problem> {
    let unsupported = |what: &str| {
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", told(what, &[]))
    };
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return Err(unsupported("compressed"));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let (kind, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    let charset = parameters
        .split(';')
        .find_map(|one| one.trim().to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned));
    if charset.is_some_and(|charset| charset.trim_matches('"') != "utf-8") {
        return Err(unsupported("charset"));
    }
    match kind.trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok(Form::Json),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Form::Lines),
        _ => Err(unsupported("content_type")),
    }
}

/// Refuses while the bus has no room: nothing is read then.
pub(super) async fn room(bus: &Bus, max_lag: u64) -> Result<(), Problem> {
    match bus.backpressure(max_lag).await {
        Ok(Pressure::Flowing) => Ok(()),
        Ok(Pressure::Behind { .. }) => Err(Problem::later("behind", told("behind", &[]), RETRY_AFTER)),
        Ok(Pressure::Full { .. }) => Err(Problem::later("full", told("full", &[]), RETRY_AFTER)),
        Err(error) => Err(unpublished(&error)),
    }
}

/// What a client hears when nothing could be published: it keeps the items and comes again.
pub(super) fn unpublished(error: &BusError) -> Problem {
    tracing::warn!(%error, "posts of the API were not taken");
    match error {
        BusError::Full { .. } => Problem::later("full", told("full", &[]), RETRY_AFTER),
        error if error.is_retryable() => Problem::later("unavailable", told("unavailable", &[]), RETRY_AFTER),
        _ => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", told("internal", &[])),
    }
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let too_large = || {
        let detail = told("too_large", &[("limit", &MAX_BODY.to_string())]);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    };
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let mut refused = announced.is_some_and(|length: usize| length > MAX_BODY);
    let (mut parts, mut whole, mut length) = (body.into_data_stream(), Vec::new(), 0);
    while let Some(part) = parts.next().await {
        let part =
            part.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "incomplete", told("incomplete", &[])))?;
        length += part.len();
        refused |= length > MAX_BODY;
        if length > MAX_DISCARDED {
            break;
        }
        if refused {
            // Read on: a client that is cut off while it sends never sees the answer.
            whole = Vec::new();
        } else {
            whole.extend_from_slice(&part);
        }
    }
    if refused { Err(too_large()) } else { Ok(whole.into()) }
}
