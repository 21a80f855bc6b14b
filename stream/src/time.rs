//! Instants, the three zones of Indonesia, and the one clock that everything reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};

/// A day of the clock.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// A zone of Indonesia. None has daylight saving, so an offset is the whole truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Zone {
    /// *Waktu Indonesia Barat*, UTC+7.
    #[default]
    #[serde(rename = "WIB")]
    Wib,
    /// *Waktu Indonesia Tengah*, UTC+8.
    #[serde(rename = "WITA")]
    Wita,
    /// *Waktu Indonesia Timur*, UTC+9.
    #[serde(rename = "WIT")]
    Wit,
}

impl Zone {
    /// The offset from UTC.
    pub fn offset(self) -> Offset {
        jiff::tz::offset(match self {
            Zone::Wib => 7,
            Zone::Wita => 8,
            Zone::Wit => 9,
        })
    }

    /// The name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Zone::Wib => "WIB",
            Zone::Wita => "WITA",
            Zone::Wit => "WIT",
        }
    }

    /// The calendar day and wall-clock time of `at` in this zone.
    pub fn civil(self, at: Timestamp) -> jiff::civil::DateTime {
        self.offset().to_datetime(at)
    }
}

/// What time it is: an argument everywhere, so that tests set it and `demo` runs it faster.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Stands still until [`Clock::advance`] moves it: for tests.
    Manual(Arc<AtomicI64>),
    /// Runs `factor` times as fast as the machine's clock for `span`, then as fast as it: for `demo`.
    Fast {
        /// What the clock showed when it was made.
        origin: Timestamp,
        /// The machine's time when it was made.
        start: Timestamp,
        /// Clock seconds for each second of the machine, while it runs fast.
        factor: u32,
        /// How long it runs fast, by the machine's clock.
        span: Duration,
    },
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn manual(at: Timestamp) -> Clock {
        Clock::Manual(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// A clock that goes through the day that begins at `origin` in `span` of the machine's time, and then
    /// goes on as fast as the machine's does.
    pub fn replay(origin: Timestamp, span: Duration) -> Clock {
        let factor = u32::try_from(DAY.as_secs() / span.as_secs().max(1)).unwrap_or(u32::MAX).max(1);
        Clock::Fast { origin, start: Timestamp::now(), factor, span }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Manual(at) => {
                Timestamp::from_microsecond(at.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
            Clock::Fast { origin, start, factor, span } => {
                let elapsed = Timestamp::now().as_microsecond() - start.as_microsecond();
                let fast = elapsed.min(micros(*span));
                let shown = origin.as_microsecond() + fast * i64::from(*factor) + (elapsed - fast);
                Timestamp::from_microsecond(shown).unwrap_or(*origin)
            }
        }
    }

    /// How long the machine has to sleep until this clock has moved by `span`.
    pub fn real(&self, span: Duration) -> Duration {
        match self {
            Clock::Fast { start, factor, span: fast, .. } => {
                let elapsed = micros(*fast) - (Timestamp::now().as_microsecond() - start.as_microsecond());
                let left = Duration::from_micros(u64::try_from(elapsed).unwrap_or(0));
                let covered = left * *factor;
                if span <= covered { span / *factor } else { left + (span - covered) }
            }
            _ => span,
        }
    }

    /// Moves a manual clock on; other clocks go by themselves.
    pub fn advance(&self, span: Duration) {
        if let Clock::Manual(at) = self {
            at.fetch_add(micros(span), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replayed_day_passes_in_its_span_and_then_at_the_machines_pace() {
        let origin = Timestamp::UNIX_EPOCH;
        let start = Timestamp::from_microsecond(Timestamp::now().as_microsecond() - 130_000_000).unwrap();
        let over = Clock::Fast { origin, start, factor: 720, span: Duration::from_secs(120) };
        let shown = over.now().as_microsecond() - micros(DAY);
        assert!((10_000_000..40_000_000).contains(&shown), "{shown}");
        let clock = Clock::replay(origin, Duration::from_secs(120));
        assert_eq!(clock.real(Duration::from_secs(720)), Duration::from_secs(1));
        assert!(clock.real(DAY + Duration::from_secs(60)) > Duration::from_secs(170));
    }

    #[test]
    fn a_manual_clock_moves_when_it_is_told() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now().as_second(), 5);
        assert_eq!(Zone::Wit.civil(clock.now()).hour(), 9);
    }
}
