//! Health and metrics, for machines.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::ConsoleState;

/// `GET /-/healthy`: whether the process lives.
pub(crate) async fn healthy(State(state): State<ConsoleState>) -> Response {
    verdict("healthy", (state.probes.healthy)())
}

/// `GET /-/ready`: whether it can take work and tell people.
pub(crate) async fn ready(State(state): State<ConsoleState>) -> Response {
    verdict("ready", (state.probes.ready)())
}

/// `GET /metrics`, in Prometheus' text form.
pub(crate) async fn metrics(State(state): State<ConsoleState>) -> Response {
    let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    ([kind], (state.probes.metrics)()).into_response()
}

/// The answer of a health probe; why it is bad stands in the log, not in the answer.
pub(crate) fn verdict(word: &'static str, state: Result<(), String>) -> Response {
    match state {
        Ok(()) => (StatusCode::OK, format!("{word}\n")).into_response(),
        Err(cause) => {
            tracing::warn!(probe = word, error = %cause, "a health probe failed");
            (StatusCode::SERVICE_UNAVAILABLE, format!("not {word}\n")).into_response()
        }
    }
}
