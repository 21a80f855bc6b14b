//! Who would be told of a matter, now and after confirmation, and why: what `explain` and the incident page show.

use serde::Serialize;

use crate::Office;

/// Who is told and who is not, each with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Offices that are told.
    pub told: Vec<Because>,
    /// Offices that the routing considered and left out.
    pub not_told: Vec<Because>,
    /// Offices that nobody holds; the one in `instead` is told, if any.
    pub gaps: Vec<Vacant>,
    /// Why nobody at all is told, as a code of `alerts.why.*`.
    pub nobody: Option<String>,
    /// When this happens, as a code of `alerts.when.*` (`at_once`, `unless_decided`, `on_confirmation`, `never`).
    pub when: String,
    /// For `unless_decided`: after so many minutes.
    pub after_minutes: Option<i64>,
}

/// An office and the reason it is told or not, as a code of `alerts.why.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The office.
    pub office: Office,
    /// The code of the reason.
    pub why: String,
}

/// An office without holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vacant {
    /// The office.
    pub office: Office,
    /// Who is told instead, one level up.
    pub instead: Option<Office>,
}
