//! The brake on guessing passwords: few wrong tries per name, and a bound over all names.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// Wrong tries count for so long.
const WINDOW: Duration = Duration::from_secs(5 * 60);
/// Wrong tries on one name within the window.
const PER_NAME: usize = 5;
/// Wrong tries on all names together within the window; also bounds the memory.
const OVERALL: usize = 300;

/// The wrong tries of the last minutes, in memory: a restart forgives, a second console counts its own.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<HashMap<String, Vec<Timestamp>>>);

impl Throttle {
    /// How long `name` has to wait before its next try, if it has to.
    pub(super) fn wait(&self, name: &str, now: Timestamp) -> Option<Duration> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.retain(|_, times| {
            times.retain(|at| age(*at, now) < WINDOW);
            !times.is_empty()
        });
        let overall: usize = tries.values().map(Vec::len).sum();
        let own = tries.get(name).map_or(0, Vec::len);
        let oldest = if own >= PER_NAME {
            tries.get(name).and_then(|times| times.first().copied())
        } else if overall >= OVERALL {
            tries.values().filter_map(|times| times.first().copied()).min()
        } else {
            None
        }?;
        Some(WINDOW.saturating_sub(age(oldest, now)).max(Duration::from_secs(1)))
    }

    /// Counts a wrong try.
    pub(super) fn failed(&self, name: &str, now: Timestamp) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.entry(name.to_owned()).or_default().push(now);
    }

    /// Forgets the wrong tries on `name`.
    pub(super) fn passed(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

fn age(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_try_waits_until_the_first_is_old_and_other_names_do_not() {
        let throttle = Throttle::default();
        let start: Timestamp = "2024-11-26T10:00:00Z".parse().unwrap();
        for _ in 0..PER_NAME {
            assert_eq!(throttle.wait("ani", start), None);
            throttle.failed("ani", start);
        }
        assert_eq!(throttle.wait("ani", start), Some(WINDOW));
        assert_eq!(throttle.wait("budi", start), None);
        let later: Timestamp = "2024-11-26T10:05:01Z".parse().unwrap();
        assert_eq!(throttle.wait("ani", later), None);
    }

    #[test]
    fn guessing_over_many_names_is_stopped_too() {
        let throttle = Throttle::default();
        let now: Timestamp = "2024-11-26T10:00:00Z".parse().unwrap();
        for n in 0..OVERALL {
            throttle.failed(&format!("nama-{n}"), now);
        }
        assert!(throttle.wait("nama-baru", now).is_some());
        throttle.passed("nama-0");
        assert!(throttle.wait("nama-baru", now).is_none());
    }
}
