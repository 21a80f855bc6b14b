//! Damage that texts take on their way: escapes written out, HTML entities, and UTF-8 read as Windows-1252.

/// The character that a written-out escape or HTML entity at the start of `text` stands for, and its length in bytes.
pub(super) fn escape(text: &str) -> Option<(char, usize)> {
    if text.starts_with('&') { entity(text) } else { backslash(text) }
}

fn backslash(text: &str) -> Option<(char, usize)> {
    match text.as_bytes().get(1)? {
        b'n' | b'r' => Some(('\n', 2)),
        b't' => Some((' ', 2)),
        b'"' => Some(('"', 2)),
        b'\'' => Some(('\'', 2)),
        b'/' => Some(('/', 2)),
        b'u' => unicode(text),
        _ => None,
    }
}

fn unicode(text: &str) -> Option<(char, usize)> {
    let first = hex4(text, 2)?;
    if (0xD800..0xDC00).contains(&first) {
        let low = text.get(6..8).filter(|mark| *mark == "\\u").and_then(|_| hex4(text, 8));
        return match low {
            Some(low) if (0xDC00..0xE000).contains(&low) => {
                char::from_u32(0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00)).map(|c| (c, 12))
            }
            // Half of a pair, cut off: nothing to see.
            _ => Some(('\u{200B}', 6)),
        };
    }
    Some((char::from_u32(first).unwrap_or('\u{200B}'), 6))
}

fn hex4(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?;
    if digits.bytes().all(|b| b.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
}

fn entity(text: &str) -> Option<(char, usize)> {
    const NAMED: &[(&str, char)] = &[
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&apos;", '\''),
        ("&nbsp;", ' '),
        ("&ldquo;", '\u{201C}'),
        ("&rdquo;", '\u{201D}'),
        ("&rsquo;", '\u{2019}'),
        ("&hellip;", '\u{2026}'),
    ];
    if let Some((name, c)) = NAMED.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((*c, name.len()));
    }
    let body = text.strip_prefix("&#")?;
    let end = body.bytes().take(8).position(|b| b == b';')?;
    let number = match body[..end].strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => body[..end].parse().ok()?,
    };
    Some((char::from_u32(number)?, end + 3))
}

/// The character whose UTF-8 bytes were read as Windows-1252 at the start of `text`, and the length of the damage.
pub(super) fn mojibake(text: &str) -> Option<(char, usize)> {
    let mut chars = text.chars();
    let lead = chars.next().map(u32::from).filter(|c| (0xC2..=0xF4).contains(c))? as u8;
    let more = match lead {
        0xC2..=0xDF => 1,
        0xE0..=0xEF => 2,
        _ => 3,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut len = char::from(lead).len_utf8();
    for byte in bytes.iter_mut().skip(1).take(more) {
        let c = chars.next()?;
        *byte = windows_1252(c).filter(|b| (0x80..=0xBF).contains(b))?;
        len += c.len_utf8();
    }
    let read = std::str::from_utf8(&bytes[..=more]).ok()?;
    read.chars().next().map(|c| (c, len))
}

/// The byte that Windows-1252 (or Latin-1, for what it leaves open) shows as `c`.
fn windows_1252(c: char) -> Option<u8> {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match HIGH.iter().position(|high| *high == c) {
        Some(n) => u8::try_from(0x80 + n).ok(),
        None => u8::try_from(u32::from(c)).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_read_as_windows_1252_is_read_again() {
        assert_eq!(mojibake("Ã©lan"), Some(('é', 4)));
        assert_eq!(mojibake("â€œkata"), Some(('“', "â€œ".len())));
        assert_eq!(mojibake("ðŸ”¥"), Some(('🔥', "ðŸ”¥".len())));
        assert_eq!(mojibake("âb"), None);
    }

    #[test]
    fn written_out_escapes_and_entities_are_read() {
        assert_eq!(escape("\\nayo"), Some(('\n', 2)));
        assert_eq!(escape("\\ud83d\\udd25 x"), Some(('🔥', 12)));
        assert_eq!(escape("&quot;x"), Some(('"', 6)));
        assert_eq!(escape("&#39;"), Some(('\'', 5)));
        assert_eq!(escape("\\ud83d"), Some(('\u{200B}', 6)));
        assert_eq!(escape("& x"), None);
        assert_eq!(escape("\\xyz"), None);
    }
}
