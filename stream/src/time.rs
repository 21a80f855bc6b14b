//! Instants, the three zones of Indonesia, and the one clock that everything reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};

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
    /// Runs `factor` times as fast as the machine's clock since `start`: for `demo`.
    Fast {
        /// What the clock showed when it was made.
        origin: Timestamp,
        /// The machine's time when it was made.
        start: Timestamp,
        /// Clock seconds for each second of the machine.
        factor: i64,
    },
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn manual(at: Timestamp) -> Clock {
        Clock::Manual(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// A clock that shows `origin` now and runs `factor` times as fast.
    pub fn fast(origin: Timestamp, factor: i64) -> Clock {
        Clock::Fast { origin, start: Timestamp::now(), factor }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Manual(at) => {
                Timestamp::from_microsecond(at.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
            Clock::Fast { origin, start, factor } => {
                let elapsed = Timestamp::now().as_microsecond() - start.as_microsecond();
                Timestamp::from_microsecond(origin.as_microsecond() + elapsed * factor).unwrap_or(*origin)
            }
        }
    }

    /// How long the machine has to sleep until this clock has moved by `span`.
    pub fn real(&self, span: std::time::Duration) -> std::time::Duration {
        match self {
            Clock::Fast { factor, .. } => span / u32::try_from(*factor).unwrap_or(1).max(1),
            _ => span,
        }
    }

    /// Moves a manual clock on; other clocks go by themselves.
    pub fn advance(&self, span: std::time::Duration) {
        if let Clock::Manual(at) = self {
            at.fetch_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}
