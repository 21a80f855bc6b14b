//! Faults of a configuration file in the reader's language.

use lexicons::{Lang, parser};

/// Texts whose English form begins what a check says behind the key; the rest, a number or a key, stands for itself.
const PHRASES: [&str; 9] =
    ["at_least", "at_most", "range", "empty", "letters", "sasl", "longer", "shorter", "url"];

/// What a check says of an area, and the text for it.
const AREAS: [(&str, &str); 2] = [("there is no such area", "region"), ("no regency or city", "regency")];

/// `message` as the parser or a check said it, in `lang`; as it stands where no text fits.
pub(crate) fn told(message: &str, lang: Lang) -> String {
    for (at, colon) in message.match_indices(": ") {
        let (before, after) = message.split_at(at + colon.len());
        if let Some((_, text)) = AREAS.iter().find(|(english, _)| *english == after) {
            return format!("{before}{}", lang.get(&format!("cli.config.{text}")));
        }
        for phrase in PHRASES {
            let english = Lang::En.get(&format!("cli.config.{phrase}"));
            let begins = english.strip_suffix("{rest}").unwrap_or(english);
            if let Some(rest) = after.strip_prefix(begins) {
                return format!("{before}{}", lang.fill(&format!("cli.config.{phrase}"), &[("rest", rest)]));
            }
        }
    }
    parser::told(message, lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_check_says_is_told_in_indonesian_and_keeps_key_and_value() {
        for (message, parts) in [
            ("bus.partitions = 0: 1 to 200", &["bus.partitions = 0: ", "1 sampai 200"][..]),
            ("bus.max_bytes = 5: at least 1048576", &["bus.max_bytes = 5: ", "paling sedikit 1048576"]),
            (
                "archive_days = 90: longer than the bus keeps posts (bus.retention_days = 2)",
                &["archive_days = 90: ", "lebih lama", "bus.retention_days = 2"],
            ),
        ] {
            let told = told(message, Lang::Id);
            assert!(parts.iter().all(|part| told.contains(part)), "{told}");
        }
        assert_eq!(told("something new", Lang::Id), "something new");
    }
}
