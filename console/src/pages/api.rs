//! The incidents as JSON, for scripts: the same roles and regions, no author and no raw bytes.

use alerts::{IncidentView, QueueFilter, Status};
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};
use stream::{Category, Queue, RegionCode, Severity};

use super::incident::number;
use crate::access::Need;
use crate::shell::Caller;
use crate::view::mask::masked;
use crate::view::names;
use crate::{ConsoleState, Failure};

/// The filter, as it stands in the address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    status: Option<String>,
    category: Option<String>,
    severity: Option<String>,
    region: Option<String>,
    limit: Option<u16>,
    offset: Option<u32>,
}

/// `GET /api/v1/incidents`.
pub(crate) async fn list(
    State(state): State<ConsoleState>,
    caller: Caller,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Failure> {
    let filter = QueueFilter {
        queue: Some(queue(&caller)),
        status: read(ask.status.as_deref(), Status::parse)?,
        category: read(ask.category.as_deref(), Category::parse)?,
        severity: read(ask.severity.as_deref(), Severity::parse)?,
        region: read(ask.region.as_deref(), |code| RegionCode::parse(code).ok())?,
        limit: i64::from(ask.limit.unwrap_or(100).min(1000)),
        offset: i64::from(ask.offset.unwrap_or(0)),
        ..QueueFilter::default()
    };
    let rows = state.desk.queue(&caller.actor()?, &filter).await?;
    let incidents: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "incident": row.incident,
                "excerpt": masked(&row.excerpt),
                "holds": names::chip(&row.incident).0,
                "decide_by": row.next_clock,
                "told": row.told,
                "answered": row.answered,
            })
        })
        .collect();
    Ok(Json(json!({ "incidents": incidents })))
}

/// `GET /api/v1/incidents/{id}`.
pub(crate) async fn one(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    let view = state.desk.incident(&caller.actor()?, number(&id)?).await?;
    if view.incident.queue != queue(&caller) {
        return Err(Failure::NotFound);
    }
    Ok(Json(shown(&view)))
}

/// What of an incident leaves through the API: as on the page, authors as tokens, private numbers hidden.
fn shown(view: &IncidentView) -> Value {
    let posts: Vec<Value> = view
        .posts
        .iter()
        .map(|post| {
            json!({
                "id": post.finding.post.id,
                "source": post.finding.post.source,
                "channel": post.finding.post.channel,
                "posted_at": post.finding.post.posted_at,
                "seen_at": post.finding.post.seen_at,
                "text": masked(&post.finding.post.text),
                "author": post.author,
                "reporter_outside": post.outside,
                "copies": post.copies,
                "sha256": post.sha256,
                "intact": post.intact,
                "signals": post.finding.signals,
                "cleared": post.finding.cleared,
                "lexicon": post.finding.lexicon,
            })
        })
        .collect();
    json!({
        "incident": view.incident,
        // What the page says that holds: without a person's word never more than WASPADA.
        "holds": names::chip(&view.incident).0,
        "posts": posts,
        "told_now": view.told_now,
        "told_after_confirmation": view.told_after_confirmation,
        "notifications": view.notifications,
        "history": view.history,
        "decide_by": view.decide_by,
        "clocks": view.clocks,
        "maybe_same": view.maybe_same,
        "related": view.related,
    })
}

/// The queue of the caller's role.
fn queue(caller: &Caller) -> Queue {
    if caller.may(Need::SeeNeutrality) { Queue::Netralitas } else { Queue::Konflik }
}

/// The value of a filter, if it was given; a value outside its set is refused.
fn read<T>(text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Failure> {
    match text {
        None => Ok(None),
        Some(text) => parse(text).map(Some).ok_or(Failure::bad("console.failure.filter")),
    }
}
