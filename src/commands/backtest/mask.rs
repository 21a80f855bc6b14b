//! What a sample hides (SG-03), as the console does: handles, e-mail addresses, phone and identity numbers.

/// What stands in place of what is hidden.
const HIDDEN: &str = "•••";
/// So many digits in a row are a number of a person; fewer are a date, an hour, a sum.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=20;

/// `text` with `@name`, `name@host`, and ten digits and more in a row (single blanks and hyphens between them not
/// counted) hidden.
pub(super) fn masked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = handle(&chars, at).or_else(|| number(&chars, at));
        match end {
            Some(end) => {
                out.push_str(HIDDEN);
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The end of a handle or address that begins at `at`.
fn handle(chars: &[char], at: usize) -> Option<usize> {
    let inside = |c: &char| is_word(*c) || matches!(c, '.' | '-');
    // One that began earlier was hidden whole: only its first character is asked.
    if at > 0 && inside(&chars[at]) && inside(&chars[at - 1]) {
        return None;
    }
    let sign = at + chars[at..].iter().take_while(|c| inside(c)).count();
    if chars.get(sign) != Some(&'@') || !chars.get(sign + 1).copied().is_some_and(is_word) {
        return None;
    }
    let mut end = sign + 1 + chars[sign + 1..].iter().take_while(|c| inside(c)).count();
    while !is_word(chars[end - 1]) {
        end -= 1;
    }
    Some(end)
}

/// The end of a long number that begins at `at`.
fn number(chars: &[char], at: usize) -> Option<usize> {
    let begins = chars[at] == '+' || (chars[at].is_numeric() && !(at > 0 && is_word(chars[at - 1])));
    let mut next = if chars[at] == '+' { at + 1 } else { at };
    let (mut digits, mut end) = (0, at);
    while begins && digits < *DIGITS.end() {
        // A single blank or hyphen stands between digits only.
        let gap = usize::from(digits > 0 && matches!(chars.get(next), Some(' ' | '-')));
        if !chars.get(next + gap).is_some_and(|c| c.is_numeric()) {
            break;
        }
        next += gap + 1;
        (digits, end) = (digits + 1, next);
    }
    DIGITS.contains(&digits).then_some(end)
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
            ("@ani @budi: 08123456789", "••• •••: •••"),
            ("", ""),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }
}
