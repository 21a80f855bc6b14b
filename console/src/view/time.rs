//! Times as people of the place read them, and how long ago or ahead they are.

use jiff::Timestamp;
use lexicons::Lang;
use stream::Zone;

const MONTHS: [[&str; 12]; 2] = [
    ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];

/// Day, time and zone: `26 Nov 2024 14.05 WIB` (`14:05` in English).
pub(crate) fn stamp(lang: Lang, at: Timestamp, zone: Zone) -> String {
    let civil = zone.civil(at);
    let table = &MONTHS[usize::from(lang == Lang::En)];
    let month = table[usize::from(civil.month().unsigned_abs()).saturating_sub(1).min(11)];
    let mark = if lang == Lang::En { ':' } else { '.' };
    let (day, year, hour, minute) = (civil.day(), civil.year(), civil.hour(), civil.minute());
    format!("{day} {month} {year} {hour:02}{mark}{minute:02} {}", zone.name())
}

/// A length of time, in its greatest unit (two for hours): `12 mnt`, `3 jam 5 mnt`, `2 hari`.
pub(crate) fn span(lang: Lang, seconds: i64) -> String {
    let minutes = seconds.abs() / 60;
    let unit = |key: &str, n: i64| lang.fill(&format!("console.time.{key}"), &[("n", &n.to_string())]);
    match minutes {
        0 => unit("moment", 0),
        1..60 => unit("minutes", minutes),
        60..1440 if minutes % 60 == 0 || minutes >= 360 => unit("hours", minutes / 60),
        60..1440 => format!("{} {}", unit("hours", minutes / 60), unit("minutes", minutes % 60)),
        _ => unit("days", minutes / 1440),
    }
}

/// How long ago `at` was.
pub(crate) fn ago(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - at.as_second();
    if seconds < 60 {
        return lang.get("console.time.now").to_owned();
    }
    lang.fill("console.time.ago", &[("span", &span(lang, seconds))])
}

/// How long it is to `due`, or how long that has passed.
pub(crate) fn left(lang: Lang, due: Timestamp, now: Timestamp) -> (String, bool) {
    let seconds = due.as_second() - now.as_second();
    let key = if seconds >= 0 { "console.time.left" } else { "console.time.late" };
    (lang.fill(key, &[("span", &span(lang, seconds))]), seconds < 0)
}

/// How long a person has to decide until `due`, or how long that has passed, and whether it has.
pub(crate) fn to_decide(lang: Lang, due: Timestamp, now: Timestamp) -> (String, bool) {
    let seconds = due.as_second() - now.as_second();
    let key = if seconds >= 0 { "console.queue.decide_left" } else { "console.queue.decide_late" };
    (lang.fill(key, &[("span", &span(lang, seconds))]), seconds < 0)
}

/// The machine-readable form, for `<time datetime>`.
pub(crate) fn iso(at: Timestamp) -> String {
    at.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_same_moment_shows_in_the_zone_of_each_place() {
        let moment = at("2024-11-26T17:30:00Z");
        assert_eq!(stamp(Lang::Id, moment, Zone::Wib), "27 Nov 2024 00.30 WIB");
        assert_eq!(stamp(Lang::Id, moment, Zone::Wita), "27 Nov 2024 01.30 WITA");
        assert_eq!(stamp(Lang::En, moment, Zone::Wit), "27 Nov 2024 02:30 WIT");
    }

    #[test]
    fn a_clock_says_what_is_left_and_what_is_late() {
        let now = at("2024-11-26T10:00:00Z");
        let (text, late) = left(Lang::Id, at("2024-11-26T10:12:00Z"), now);
        assert!(text.contains("12 mnt") && !late, "{text}");
        let (text, late) = left(Lang::Id, at("2024-11-26T08:55:00Z"), now);
        assert!(text.contains("1 jam 5 mnt") && late, "{text}");
        assert!(ago(Lang::Id, at("2024-11-23T09:00:00Z"), now).contains("3 hari"));
    }
}
