//! The clocks of domain.md 2.3 and 3.3, and the settings that telling goes by.

use std::time::Duration;

use serde::Deserialize;
use stream::{Level, RegionCode, Severity};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// How long a proposal may wait for a person before it goes out as *belum terverifikasi* (domain.md 2.3).
pub fn decision(severity: Severity) -> Option<Duration> {
    match severity {
        Severity::Normal => None,
        Severity::Waspada => Some(Duration::from_secs(4 * HOUR)),
        Severity::Siaga => Some(Duration::from_secs(30 * MINUTE)),
        Severity::Awas => Some(Duration::from_secs(5 * MINUTE)),
    }
}

/// How long after telling the climb takes its `step` (1, 2 …), or `None` when there is no such step (domain.md 3.3).
pub fn climb(severity: Severity, step: i64) -> Option<Duration> {
    let seconds = match (severity, step) {
        (Severity::Waspada, 1) => 4 * HOUR,
        (Severity::Waspada, 2) => 12 * HOUR,
        (Severity::Siaga, 1) => 30 * MINUTE,
        (Severity::Siaga, 2) => 2 * HOUR,
        (Severity::Awas, 1) => 5 * MINUTE,
        (Severity::Awas, 2) => 15 * MINUTE,
        _ => return None,
    };
    Some(Duration::from_secs(seconds))
}

/// What becomes of a matter that nobody decided in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unconfirmed {
    /// It goes out as *belum terverifikasi*: a warning system fails open.
    #[default]
    Tell,
    /// It waits for a person.
    Hold,
}

/// The settings of grouping and telling.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// How deep places are told apart when grouping: `kecamatan` by default.
    pub group_level: Level,
    /// Hours without a post after which another matter begins.
    pub gap_hours: u32,
    /// What becomes of a matter that nobody decided in time.
    pub unconfirmed: Unconfirmed,
    /// Minutes after which an office that did not answer is told once more.
    pub repeat_minutes: u32,
    /// How often at most an office is told once more.
    pub repeats: u32,
    /// Messages an hour for an office on a channel; the rest in one digest. AWAS is never folded.
    pub budget_per_hour: u32,
    /// Hours after which an event is *arsip* and tells nobody.
    pub archive_after_hours: u32,
    /// Regencies where the head of the region or a relative is a candidate, or the Pj is the subject.
    pub incumbents: Vec<RegionCode>,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            group_level: Level::Kecamatan,
            gap_hours: 6,
            unconfirmed: Unconfirmed::Tell,
            repeat_minutes: 60,
            repeats: 3,
            budget_per_hour: 6,
            archive_after_hours: 48,
            incumbents: Vec::new(),
        }
    }
}

impl Policy {
    /// The gap between two matters, in seconds.
    pub fn gap_seconds(&self) -> i64 {
        i64::from(self.gap_hours) * 3600
    }
}
