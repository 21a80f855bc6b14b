//! A webhook receiver that is sometimes slow and sometimes answers 500, and remembers what it took.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

/// A message that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) id: String,
    /// Whether it says that it may be a repetition.
    pub(crate) marked: bool,
    pub(crate) body: String,
}

/// The receiver.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    taken: Arc<Mutex<Vec<Taken>>>,
    tries: Arc<Mutex<BTreeMap<String, u32>>>,
    busy: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
}

/// Counts a request for as long as it is at work.
struct Busy(Arc<AtomicUsize>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Receiver {
    /// Listens on loopback; gives the receiver and its address.
    pub(crate) async fn start() -> (Receiver, String) {
        let receiver = Receiver::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/kentongan", listener.local_addr().unwrap());
        let router = Router::new().route("/kentongan/{office}", post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (receiver, url)
    }

    /// What it took, in order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    /// Requests it is working on.
    pub(crate) fn busy(&self) -> usize {
        self.busy.load(Ordering::SeqCst)
    }

    /// Requests it answered with 500.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::SeqCst)
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    receiver.busy.fetch_add(1, Ordering::SeqCst);
    let _busy = Busy(Arc::clone(&receiver.busy));
    let id = headers["webhook-id"].to_str().unwrap().to_owned();
    let first = {
        let mut tries = receiver.tries.lock().unwrap();
        let count = tries.entry(id.clone()).or_default();
        *count += 1;
        *count == 1
    };
    // By the id, so that the same message fares the same in every run.
    let chance = id.bytes().map(u32::from).sum::<u32>();
    if first && chance.is_multiple_of(5) {
        receiver.refused.fetch_add(1, Ordering::SeqCst);
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let body = String::from_utf8(body.to_vec()).unwrap();
    let payload: serde_json::Value = serde_json::from_str(&body).unwrap();
    let marked = payload["commonAnnotations"]["ulangan"] == "true";
    // Taken from here on, whether or not the sender lives to hear of it.
    receiver.taken.lock().unwrap().push(Taken { id, marked, body });
    tokio::time::sleep(Duration::from_millis(u64::from(chance % 7) * 100)).await;
    StatusCode::NO_CONTENT
}
