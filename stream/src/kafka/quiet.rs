//! Keeps the log readable in an outage: every client of a process tells of every refused connection, many times a
//! second; the same complaint is shown once a minute, with how often it came.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a complaint is held back after it was shown.
const HOLD: Duration = Duration::from_secs(60);
/// Most complaints that are told apart.
const MOST: usize = 100;

/// What was complained of lately.
pub(super) struct Quiet(Mutex<BTreeMap<String, Complaint>>);

struct Complaint {
    shown: Instant,
    held_back: u64,
}

impl Quiet {
    pub(super) const fn new() -> Quiet {
        Quiet(Mutex::new(BTreeMap::new()))
    }

    /// Whether to show this complaint now: how often it was held back since it was last shown, or `None`.
    pub(super) fn show(&self, complaint: &str, now: Instant) -> Option<u64> {
        // librdkafka ends its reasons with how long a state lasted and how many it has left out itself.
        let (same, _) = complaint.rsplit_once(" (").unwrap_or((complaint, ""));
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(complaint) = known.get_mut(same) {
            if now.saturating_duration_since(complaint.shown) < HOLD {
                complaint.held_back += 1;
                return None;
            }
            complaint.shown = now;
            return Some(std::mem::take(&mut complaint.held_back));
        }
        if known.len() >= MOST {
            known.retain(|_, complaint| now.saturating_duration_since(complaint.shown) < HOLD);
            if known.len() >= MOST {
                return None;
            }
        }
        known.insert(same.to_owned(), Complaint { shown: now, held_back: 0 });
        Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(port: u16, after: u64, left_out: u64) -> String {
        format!(
            "127.0.0.1:{port}/1: Connect to ipv4#127.0.0.1:{port} failed: Connection refused (after {after}ms in \
             state CONNECT, {left_out} identical error(s) suppressed)"
        )
    }

    #[test]
    fn an_outage_of_an_hour_is_a_line_a_minute_for_each_broker() {
        let (quiet, start) = (Quiet::new(), Instant::now());
        let (mut shown, mut told) = (0, 0);
        for tick in 0..3600 * 4 {
            let now = start + Duration::from_millis(tick * 250);
            for port in [9092, 9093] {
                if let Some(held_back) = quiet.show(&refused(port, tick % 7, tick / 30), now) {
                    shown += 1;
                    told += held_back + 1;
                }
            }
        }
        assert_eq!(shown, 2 * 60);
        // All but those of the last minute were counted.
        assert_eq!(told, 2 * (59 * 240 + 1));
    }

    #[test]
    fn a_new_complaint_is_shown_at_once_and_a_flood_of_different_ones_is_not() {
        let (quiet, now) = (Quiet::new(), Instant::now());
        assert_eq!(quiet.show(&refused(9092, 1, 0), now), Some(0));
        assert_eq!(quiet.show(&refused(9092, 2, 3), now), None);
        assert_eq!(quiet.show("127.0.0.1:9092/1: SASL authentication error", now), Some(0));
        let flood = (0..1000).filter(|n| quiet.show(&format!("reason {n}"), now).is_some()).count();
        assert_eq!(flood, MOST - 2);
        assert_eq!(quiet.show("reason after the flood", now + HOLD), Some(0));
    }
}
