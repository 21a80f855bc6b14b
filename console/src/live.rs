//! Live updates: a stream of server-sent events that says *that* something changed; the page fetches what.

use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use alerts::{Actor, Desk, QueueFilter};
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use tokio_stream::wrappers::ReceiverStream;

use crate::Failure;
use crate::shell::Caller;
use crate::state::ConsoleState;

/// How often the database is asked: several processes may show one console, so that none of them alone knows.
const EVERY: Duration = Duration::from_secs(2);

/// The stream of one page. It ends when the session ends or the process stops.
pub(crate) async fn stream(
    State(state): State<ConsoleState>,
    caller: Caller,
) -> Result<impl IntoResponse, Failure> {
    let actor = caller.actor()?;
    let session = caller.session().map(str::to_owned);
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Event, Infallible>>(4);
    tokio::spawn(async move {
        let mut seen = fingerprint(&state.desk, &actor).await;
        loop {
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = state.stop.cancelled() => return,
                () = sender.closed() => return,
            }
            if !still_in(&state, session.as_deref()).await {
                return;
            }
            let now = fingerprint(&state.desk, &actor).await;
            if now.is_some() && now != seen {
                seen = now;
                if sender.send(Ok(Event::default().event("ubah").data("1"))).await.is_err() {
                    return;
                }
            }
        }
    });
    Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::default()))
}

/// Whether the session still holds; a database that does not answer ends nobody's session.
async fn still_in(state: &ConsoleState, session: Option<&str>) -> bool {
    match session {
        Some(token) => state.accounts.session(token).await.map_or(true, |account| account.is_some()),
        None => true,
    }
}

/// A number that changes with the queue that `actor` sees.
async fn fingerprint(desk: &Desk, actor: &Actor) -> Option<u64> {
    let rows = desk.queue(actor, &QueueFilter::default()).await.ok()?;
    let mut hash = DefaultHasher::new();
    for row in &rows {
        let it = &row.incident;
        (it.id, it.status, it.proposed, it.effective, it.posts, it.released, it.returned).hash(&mut hash);
        (row.told, row.answered, it.place.as_ref().map(ToString::to_string)).hash(&mut hash);
    }
    Some(hash.finish())
}
