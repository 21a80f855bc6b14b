//! Post to finding: no IO, no clock, no async.

mod account;
mod accused;
mod check;
mod doer;
mod guard;
mod heard;
mod held;
mod hinge;
mod judge;
mod matter;
mod named;
mod neutral;
pub mod place;
pub mod second;
mod severity;
mod tags;
pub mod train;
mod trial;

pub use check::check;
#[cfg(test)]
pub(crate) use judge::read;
pub use judge::{judge, judge_by_rules};

/// The version of the code that judges; part of a finding's id, raised whenever a verdict can change.
pub const CODE: &str = "judge-6";
