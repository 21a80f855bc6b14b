//! What a page hides inside a text until it is revealed with a reason (SG-03): handles, phone and identity numbers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use stream::{Part, Post, Span};

/// What stands in place of what is hidden.
pub(crate) const HIDDEN: &str = "•••";

/// `@name`, `name@host`, or ten digits and more in a row, single blanks and hyphens between them not counted.
static PRIVATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\w.-]*@\w(?:[\w.-]*\w)?|(?:\+|\b)\d(?:[ -]?\d){9,19}")
        .expect("a fixed pattern, held by a test")
});

/// The byte ranges of `text` that hold a handle (`@name`), a phone number, an identity number or an e-mail address.
pub(crate) fn private(text: &str) -> Vec<Range<usize>> {
    PRIVATE.find_iter(text).map(|found| found.range()).collect()
}

/// `text` with what is private hidden: handles, e-mail addresses, phone and identity numbers (SG-03).
pub fn masked(text: &str) -> String {
    PRIVATE.replace_all(text, HIDDEN).into_owned()
}

/// The words of a span as a page may show them; of a name nothing (SG-03).
pub(super) fn shown_words(post: &Post, span: Span) -> Option<String> {
    if span.part == Part::Name {
        return None;
    }
    Some(masked(span.of(post)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_numbers_and_addresses_are_hidden_and_money_dates_and_codes_stay() {
        for (text, shown) in [
            ("lapor @warga.rekaan_1.", "lapor •••."),
            ("hubungi 0812-3456-7890 ya", "hubungi ••• ya"),
            ("WA +62 812 3456 7890", "WA •••"),
            ("NIK 6210021234567890", "NIK •••"),
            ("surel ani.rekaan@contoh.id ke KPU", "surel ••• ke KPU"),
            ("jam 9 tgl 27-11-2024 di TPS 05", "jam 9 tgl 27-11-2024 di TPS 05"),
            ("dibagi Rp100.000 dan Rp 1.500.000.000", "dibagi Rp100.000 dan Rp 1.500.000.000"),
            ("harga @ 5000", "harga @ 5000"),
            ("ketemu é@ani", "ketemu •••"),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }
}
