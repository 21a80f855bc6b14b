//! The pages, one file each.

pub(crate) mod admin;
pub(crate) mod api;
pub(crate) mod decide;
pub(crate) mod health;
pub(crate) mod incident;
pub(crate) mod language;
pub(crate) mod login;
pub(crate) mod neutrality;
pub(crate) mod offices;
pub(crate) mod queue;
pub(crate) mod search;
pub(crate) mod sources;
