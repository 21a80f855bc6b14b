//! The pages as people use them, a file for each.

mod answer;
mod api;
#[path = "../common/mod.rs"]
mod common;
mod decide;
mod english;
mod frame;
mod incident;
mod neutrality;
mod people;
mod places;
mod queue;
mod search;
mod sources;
