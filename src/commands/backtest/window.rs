//! The stretch of time whose posts are looked at, by event time; a date is a day in western Indonesia.

use anyhow::anyhow;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use lexicons::Lang;
use stream::Zone;

/// From when up to when.
pub(super) struct Window {
    /// The first moment in it.
    pub(super) since: Option<Timestamp>,
    /// The first moment after it.
    pub(super) until: Option<Timestamp>,
}

impl Window {
    /// Reads `--since` and `--until`: dates, both inclusive, or times.
    pub(super) fn read(since: Option<&str>, until: Option<&str>, lang: Lang) -> anyhow::Result<Window> {
        let read = |value: &str, ends| {
            moment(value, ends).ok_or_else(|| anyhow!(lang.fill("cli.backtest.date", &[("value", value)])))
        };
        let window = Window {
            since: since.map(|value| read(value, false)).transpose()?,
            until: until.map(|value| read(value, true)).transpose()?,
        };
        match (window.since, window.until) {
            (Some(since), Some(until)) if until <= since => Err(anyhow!(lang.get("cli.backtest.empty"))),
            _ => Ok(window),
        }
    }

    /// Whether `at` lies in it.
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// The day of `at`.
pub(super) fn day(at: Timestamp) -> Date {
    Zone::Wib.civil(at).date()
}

/// The moment that `value` means; where it `ends` something, a date means the end of its day.
fn moment(value: &str, ends: bool) -> Option<Timestamp> {
    if let Ok(at) = value.parse::<Timestamp>() {
        return Some(at);
    }
    let date = Date::strptime("%Y-%m-%d", value).ok()?;
    let date = if ends { date.tomorrow().ok()? } else { date };
    Zone::Wib.offset().to_timestamp(date.to_datetime(Time::midnight())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_whole_days_in_western_indonesia_and_times_are_taken_as_they_are() {
        let window = Window::read(Some("2024-11-25"), Some("2024-11-26"), Lang::Id).unwrap();
        for (at, inside) in [
            ("2024-11-24T16:59:59Z", false),
            ("2024-11-24T17:00:00Z", true),
            ("2024-11-26T16:59:59Z", true),
            ("2024-11-26T17:00:00Z", false),
        ] {
            assert_eq!(window.holds(at.parse().unwrap()), inside, "{at}");
        }
        let window = Window::read(Some("2024-11-25T08:00:00+08:00"), None, Lang::Id).unwrap();
        assert!(window.holds("2024-11-25T00:00:00Z".parse().unwrap()));
        assert!(!window.holds("2024-11-24T23:59:59Z".parse().unwrap()));
        assert_eq!(day("2024-11-24T17:00:00Z".parse().unwrap()).to_string(), "2024-11-25");
    }

    #[test]
    fn what_is_no_date_and_a_window_that_ends_before_it_begins_are_refused() {
        for (since, until) in
            [("kemarin", "2024-11-26"), ("25-11-2024", "2024-11-26"), ("2024-11-27", "2024-11-26")]
        {
            assert!(Window::read(Some(since), Some(until), Lang::Id).is_err(), "{since}");
        }
    }
}
