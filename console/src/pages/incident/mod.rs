//! The page of one incident, in either queue; and its authors, revealed with a reason.

mod acts;
mod beside;
mod page;
#[cfg(test)]
mod tests;

use alerts::{IncidentId, IncidentView};
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;
use stream::Queue;

use crate::shell::{Caller, Shell};
use crate::{ConsoleState, Failure};
use page::{Extra, IncidentPage, compose};

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

/// What the address asks for.
#[derive(Deserialize, Default)]
pub(crate) struct Ask {
    /// A place looked for by name.
    #[serde(default)]
    pub(super) tempat: String,
    /// A place outside of the kabupaten, to be set only once the reader has said so again.
    #[serde(default)]
    pub(super) luar: String,
    /// All posts, not the first few.
    #[serde(default)]
    pub(super) semua: String,
}

/// `GET /kejadian/{id}` and `GET /netralitas/{id}`.
pub(crate) async fn show(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Response, Failure> {
    crate::shell::page(&build(&state, &caller, number(&id)?, ask, None).await?)
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
    // The post may stand behind the first few.
    let all = Ask { semua: "1".to_owned(), ..Ask::default() };
    let mut response =
        crate::shell::page(&build(&state, &caller, id, all, Some((form.post, author))).await?)?;
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
    ask: Ask,
    revealed: Option<(String, String)>,
) -> Result<IncidentPage, Failure> {
    let view = state.desk.incident(&caller.actor()?, id).await?;
    // The desk refuses what the role may not read; a page of the wrong queue is none at all.
    if view.incident.queue != side(caller) {
        return Err(Failure::NotFound);
    }
    let neighbours = neighbours(state, caller, &view).await?;
    let extra = Extra { ask, revealed, neighbours };
    let rules = |id: &str| (state.probes.rule)(id, caller.lang);
    let shell = Shell::new(state, caller).with_told(&view.notifications);
    Ok(compose(shell, caller, &view, extra, &rules, state.clock.now()))
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
