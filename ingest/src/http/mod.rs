//! What posts can be sent to: the API for programs and the form for registered reporters.

mod api;
mod field;
mod gate;
mod note;
mod problem;
mod rate;
mod recent;
mod whereabouts;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use stream::{Bus, Clock};

pub use gate::{Gate, GateDown, ReporterGrant, TokenGrant};
pub use rate::ApiConfig;

/// What the routes need.
#[derive(Clone)]
pub struct IngestState {
    /// Where posts go.
    pub bus: Bus,
    /// Who may send them.
    pub gate: Arc<dyn Gate>,
    /// What time it is.
    pub clock: Clock,
    /// Nothing is taken while a group is this many records behind.
    pub max_lag: u64,
    /// How often one token may send.
    pub api: ApiConfig,
    /// Makes the number of a form, so that sending it twice does nothing twice: 32 hexadecimal digits.
    pub nonce: Arc<dyn Fn() -> String + Send + Sync>,
}

/// `POST /api/v1/posts` and `/lapangan/{link}`, for the public listener.
pub fn router(state: IngestState) -> Router {
    let posts =
        Router::new().route("/api/v1/posts", post(api::posts)).with_state(api::Api::new(state.clone()));
    let form = Router::new().route("/lapangan/{link}", get(field::show).post(field::send)).with_state(state);
    posts.merge(form)
}
