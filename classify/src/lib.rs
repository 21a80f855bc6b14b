//! Post to finding: no IO, no clock, no async.

pub mod place;
