//! What a page hides inside a text until it is revealed with a reason (SG-03): handles, phone and identity numbers.

use std::ops::Range;

/// What stands in place of what is hidden.
pub(crate) const HIDDEN: &str = "•••";

/// The byte ranges of `text` that hold a handle (`@name`), a phone number, an identity number or an e-mail address.
pub(crate) fn private(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((start, c)) = chars.next() {
        let range = match c {
            '@' => handle(text, start, before),
            '+' | '0'..='9' if !before.is_alphanumeric() => number(text, start),
            _ => None,
        };
        before = c;
        let Some(range) = range else { continue };
        while chars.peek().is_some_and(|(at, _)| *at < range.end) {
            if let Some((_, c)) = chars.next() {
                before = c;
            }
        }
        found.push(range);
    }
    found
}

/// `@name`, or the whole of `name@host`.
fn handle(text: &str, at: usize, before: char) -> Option<Range<usize>> {
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let after = &text[at + 1..];
    let length: usize = after.chars().take_while(|c| of_name(*c)).map(char::len_utf8).sum();
    let length = after[..length].trim_end_matches(['.', '-']).len();
    if length == 0 {
        return None;
    }
    let start = if of_name(before) {
        let front: usize = text[..at].chars().rev().take_while(|c| of_name(*c)).map(char::len_utf8).sum();
        at - front
    } else {
        at
    };
    Some(start..at + 1 + length)
}

/// Ten digits or more in a row, single blanks, dots and hyphens between them not counted.
fn number(text: &str, start: usize) -> Option<Range<usize>> {
    let mut digits = 0;
    let mut end = start;
    let mut gap = false;
    for (offset, c) in text[start..].char_indices() {
        match c {
            '0'..='9' => {
                digits += 1;
                end = start + offset + 1;
                gap = false;
            }
            '+' if offset == 0 => {}
            ' ' | '-' if !gap && digits > 0 => gap = true,
            _ => break,
        }
    }
    (10..=20).contains(&digits).then_some(start..end)
}

/// `text` with what is private hidden.
pub(crate) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in private(text) {
        // An address may begin before the place where its search began.
        if range.start >= at {
            out.push_str(&text[at..range.start]);
            out.push_str(HIDDEN);
            at = range.end;
        }
    }
    out.push_str(&text[at..]);
    out
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
