//! The clocks of domain.md 2.3 and 3.3, and the settings that telling goes by.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use stream::{Level, RegionCode, Severity};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

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

/// How long the desk has before it is called again (`step` 1, 2 …) of a proposal that nobody decides: the time for its
/// decision, then each time twice as long as before, at most a day. Of WASPADA it is not called.
pub fn call_again(severity: Severity, step: i64) -> Option<Duration> {
    let clock = decision(severity).filter(|_| severity >= Severity::Siaga)?;
    let doubled = clock.as_secs() << (step - 1).clamp(0, 16);
    Some(Duration::from_secs(doubled.min(DAY)))
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
    /// How often an office is told once more at this pace; of AWAS further reminders follow at doubled pauses.
    pub repeats: u32,
    /// Messages an hour for an office on a channel; the rest in one digest. AWAS is never folded; a
    /// proposal of it goes out as WASPADA and counts.
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

    /// What happened before this time tells nobody any more.
    pub(crate) fn too_old(&self, now: Timestamp) -> Timestamp {
        now - SignedDuration::from_hours(i64::from(self.archive_after_hours))
    }

    /// The pause before reminder `step` (1, 2 …) of a matter told at `severity`; `None` after the last, and of NORMAL.
    ///
    /// AWAS is repeated until it is answered (domain.md 3.3): after the first `repeats` each reminder waits twice as
    /// long as the one before, at most a day, so that silence is not answered with noise.
    pub fn reminder(&self, severity: Severity, step: i64) -> Option<Duration> {
        let beyond = step - i64::from(self.repeats);
        if severity == Severity::Normal || beyond > 0 && severity < Severity::Awas {
            return None;
        }
        let pause = u64::from(self.repeat_minutes) * MINUTE;
        let doubled = pause << beyond.clamp(0, 16);
        Some(Duration::from_secs(doubled.min(pause.max(DAY))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_end_after_three_and_those_of_awas_grow_rarer_to_one_a_day() {
        let hours = |severity: Severity| -> Vec<u64> {
            let pauses = (1..=10).map_while(|step| Policy::default().reminder(severity, step));
            pauses.map(|pause| pause.as_secs() / HOUR).collect()
        };
        assert_eq!(hours(Severity::Waspada), [1, 1, 1]);
        assert_eq!(hours(Severity::Siaga), [1, 1, 1]);
        assert_eq!(hours(Severity::Awas), [1, 1, 1, 2, 4, 8, 16, 24, 24, 24]);
    }

    #[test]
    fn the_desk_is_called_again_ever_more_rarely_and_of_waspada_not_at_all() {
        let minutes = |severity: Severity| -> Vec<u64> {
            let pauses = (1..=10).map_while(|step| call_again(severity, step));
            pauses.map(|pause| pause.as_secs() / MINUTE).collect()
        };
        assert!(minutes(Severity::Waspada).is_empty());
        assert_eq!(minutes(Severity::Siaga)[..4], [30, 60, 120, 240]);
        assert_eq!(minutes(Severity::Awas), [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440]);
    }
}
