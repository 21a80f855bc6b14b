//! What people see and press: queue, incident, Bawaslu desk, answers, search and the HTTP API of the same.

pub mod access;
pub mod accounts;
mod assets;
mod failure;
#[cfg(test)]
mod fixture;
mod headers;
mod live;
mod pages;
mod public;
mod routes;
mod secret;
mod shell;
mod state;
mod view;

pub use failure::Failure;
pub use public::{PublicState, public_router};
pub use routes::{Route, router, routes};
pub use state::{
    ConsoleState, GroupHealth, Probe, Probes, RuleNames, RuleNote, SourceHealth, SourceState, Sources,
};
pub use view::mask::masked;
