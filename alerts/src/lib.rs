//! Incidents: grouping, routing, roster, escalation, channels and the store.

#[cfg(test)]
extern crate self as alerts;

pub mod account;
pub mod backtest;
pub mod channels;
pub mod clocks;
mod contact;
pub mod db;
mod desk;
mod excerpt;
pub mod explain;
pub mod group;
pub mod keys;
pub mod lease;
pub mod life;
pub mod message;
mod model;
mod nearness;
mod outbox;
mod reason;
mod rests;
pub mod roster;
pub mod route;
mod setup;
mod sketch;
pub mod sources;
mod stage;
mod store;
mod tell;
mod teller;
mod view;

pub use contact::DeskContact;
pub use desk::coverage::{Cover, Vacancies, coverage, total, without_first};
pub use desk::{Desk, DeskError};
pub use model::*;
pub use reason::Reason;
pub use rests::rules_under;
pub use setup::{Alerts, AlertsConfig, SetupError};
pub use stage::AlertsStage;
pub use teller::{Teller, run};
