//! Incidents: grouping, routing, roster, escalation, channels and the store.

pub mod channels;
pub mod db;
mod desk;
pub mod explain;
mod model;

use stream::Clock;

pub use desk::{Desk, DeskError};
pub use model::*;

/// What the stage, the desk and the teller share.
#[derive(Debug)]
pub struct Alerts {
    /// The database.
    pub db: db::Db,
    /// What time it is.
    pub clock: Clock,
}
