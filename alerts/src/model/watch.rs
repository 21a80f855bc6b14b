//! How the service itself is: health, switches, gaps in the roster, the audit.

use jiff::Timestamp;
use serde::Serialize;

use super::Office;

/// What `/-/ready`, the health page and the banner need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Who holds the lease.
    pub holder: Option<String>,
    /// The lease's epoch.
    pub epoch: i64,
    /// Open incidents, without archived ones.
    pub open: i64,
    /// Messages waiting to leave.
    pub waiting: i64,
    /// Messages that failed for good.
    pub failed: i64,
    /// Clocks overdue by more than a minute.
    pub overdue: i64,
    /// Offices the routing needed and nobody holds.
    pub gaps: i64,
    /// Offices that the roster has somebody for; 0 means that nobody can be told of anything.
    pub offices: i64,
    /// Kill switches that are on.
    pub switches: Vec<Switch>,
}

/// A kill switch that is on (SG-17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Switch {
    /// `region:62.10` or `channel:email`.
    pub scope: String,
    /// Who turned it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// An office the routing needed and nobody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The office.
    pub office: Office,
    /// How often it was needed.
    pub times: i64,
    /// When last.
    pub last: Timestamp,
}

/// One row of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// Its number, without holes.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What (`confirm`, `reject`, `reveal`, `export` …).
    pub action: String,
    /// On what.
    pub subject: String,
    /// Details.
    pub detail: String,
    /// Hash over this row and the hash before it.
    pub hash: String,
}

/// Whether the audit's chain holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum AuditCheck {
    /// All rows fit, so many.
    Whole(i64),
    /// The first row that does not fit.
    BrokenAt(i64),
}
