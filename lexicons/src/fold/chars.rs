//! What a character means to the fold: letters without case, accent, width or disguise; everything else by kind.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::damage;

/// Up to four characters that one written character stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Few {
    chars: [char; 4],
    len: u8,
}

impl Few {
    fn one(c: char) -> Few {
        Few { chars: [c, '\0', '\0', '\0'], len: 1 }
    }

    fn of(chars: impl Iterator<Item = char>) -> Few {
        let mut few = Few { chars: ['\0'; 4], len: 0 };
        for c in chars.take(4) {
            few.chars[usize::from(few.len)] = c;
            few.len += 1;
        }
        few
    }

    pub(super) fn as_slice(&self) -> &[char] {
        &self.chars[..usize::from(self.len)]
    }
}

/// One written character (or a damaged or escaped one) as the fold sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Letters and digits, folded.
    Text(Few),
    /// `²`: the word before it twice.
    Twice,
    /// Within a word it is dropped; elsewhere it separates.
    Apostrophe,
    /// `*`, `@` or `$`: within a word it may hide a letter.
    Symbol(char),
    /// Invisible, or a mark upon the letter before it.
    Skip,
    /// A picture.
    Emoji(char),
    /// A double quotation mark; `Some(true)` opens, `Some(false)` closes, `None` does either.
    Quote(Option<bool>),
    /// White space.
    Space,
    /// A new line.
    Newline,
    /// Any other sign.
    Sign(char),
}

/// The unit at byte `at` of `text` and its length in bytes; `at` is a character border before the end.
pub(super) fn unit(text: &str, at: usize) -> (Unit, usize) {
    let byte = text.as_bytes()[at];
    match byte {
        b'\\' | b'&' => {
            if let Some((c, len)) = damage::escape(&text[at..]) {
                return (of_char(c), len);
            }
            (Unit::Sign(char::from(byte)), 1)
        }
        0..=0x7F => (of_ascii(byte), 1),
        _ => {
            let rest = &text[at..];
            if let Some((c, len)) = damage::mojibake(rest) {
                return (of_char(c), len);
            }
            let Some(c) = rest.chars().next() else { return (Unit::Space, 1) };
            (of_char(c), c.len_utf8())
        }
    }
}

fn of_ascii(byte: u8) -> Unit {
    match byte {
        b'a'..=b'z' | b'0'..=b'9' => Unit::Text(Few::one(char::from(byte))),
        b'A'..=b'Z' => Unit::Text(Few::one(char::from(byte.to_ascii_lowercase()))),
        b'\'' | b'`' => Unit::Apostrophe,
        b'"' => Unit::Quote(None),
        b'*' | b'@' | b'$' => Unit::Symbol(char::from(byte)),
        b'\n' | b'\r' => Unit::Newline,
        0..=b' ' | 0x7F => Unit::Space,
        _ => Unit::Sign(char::from(byte)),
    }
}

fn of_char(c: char) -> Unit {
    if c.is_ascii() {
        return of_ascii(c as u8);
    }
    match c {
        '²' => Unit::Twice,
        '\u{2018}'
        | '\u{2019}'
        | '\u{201B}'
        | '\u{2032}'
        | '\u{00B4}'
        | '\u{02B9}'..='\u{02BF}'
        | '\u{FF07}' => Unit::Apostrophe,
        '\u{201C}' | '\u{201E}' | '\u{00AB}' => Unit::Quote(Some(true)),
        '\u{201D}' | '\u{00BB}' => Unit::Quote(Some(false)),
        '\u{201F}' | '\u{2033}' | '\u{FF02}' => Unit::Quote(None),
        '\u{2028}' | '\u{2029}' | '\u{0085}' => Unit::Newline,
        _ if is_invisible(c) => Unit::Skip,
        _ if is_emoji(c) => Unit::Emoji(c),
        _ if keeps_script(c) => {
            if c.is_alphanumeric() || is_combining_mark(c) {
                Unit::Text(Few::one(c))
            } else {
                Unit::Sign(c)
            }
        }
        _ if is_combining_mark(c) => Unit::Skip,
        _ if c.is_whitespace() => Unit::Space,
        _ => disguised(c),
    }
}

/// A letter or sign in a foreign dress: accent, width, style, another alphabet's look-alike.
fn disguised(c: char) -> Unit {
    if let Some(letter) = squared(c) {
        return Unit::Text(Few::one(letter));
    }
    let plain = Few::of(
        std::iter::once(c)
            .nfkd()
            .filter(|c| !is_combining_mark(*c))
            .flat_map(char::to_lowercase)
            .map(look_alike)
            .filter(|c| c.is_alphanumeric() && !matches!(c, '\u{02B9}'..='\u{02BF}')),
    );
    let digits = plain.as_slice().iter().filter(|c| c.is_numeric()).count();
    match plain.as_slice() {
        // *㎡*, *㏠*: number and word in one character cannot be two tokens.
        _ if digits > 0 && digits < plain.as_slice().len() => Unit::Text(Few::one(c)),
        [] if c.is_alphanumeric() => Unit::Text(Few::one(c)),
        [] => match std::iter::once(c).nfkd().next() {
            Some(ascii) if ascii.is_ascii() => of_ascii(ascii as u8),
            _ => Unit::Sign(c),
        },
        _ => Unit::Text(expand(plain)),
    }
}

/// Letters that decompose into nothing but stand for one or two plain ones.
fn expand(few: Few) -> Few {
    if few.as_slice().iter().all(char::is_ascii) {
        return few;
    }
    Few::of(few.as_slice().iter().flat_map(|c| {
        let plain: &[char] = match c {
            'ß' => &['s', 's'],
            'æ' => &['a', 'e'],
            'œ' => &['o', 'e'],
            'ŋ' => &['n', 'g'],
            _ => std::slice::from_ref(c),
        };
        plain.iter().copied()
    }))
}

/// Squared and circled capital letters, which Unicode does not decompose.
fn squared(c: char) -> Option<char> {
    let base = match c {
        '\u{1F130}'..='\u{1F149}' => 0x1F130,
        '\u{1F150}'..='\u{1F169}' => 0x1F150,
        '\u{1F170}'..='\u{1F189}' => 0x1F170,
        _ => return None,
    };
    char::from_u32(u32::from('a') + (c as u32 - base))
}

/// The Latin letter that a Cyrillic, Greek or barred letter is mistaken for.
fn look_alike(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' | 'ь' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' | 'đ' | 'ɗ' | 'ð' => 'd',
        'е' | 'ε' | 'є' | 'ə' => 'e',
        'ɡ' => 'g',
        'һ' | 'н' => 'h',
        'і' | 'ι' | 'ı' | 'ɩ' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | 'ł' => 'l',
        'м' => 'm',
        'п' | 'ո' | 'η' => 'n',
        'о' | 'ο' | 'σ' | 'ø' => 'o',
        'р' | 'ρ' => 'p',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => c,
    }
}

/// Scripts that are left as they are written: Hebrew and Arabic with their forms, Javanese and other Brahmic scripts.
fn keeps_script(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{0900}'..='\u{10FF}' | '\u{1A00}'..='\u{1AAF}' | '\u{1B00}'..='\u{1BFF}'
        | '\u{A880}'..='\u{A9FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{20D0}'..='\u{20F0}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFD}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{203C}' | '\u{2049}' | '\u{231A}'..='\u{23FF}' | '\u{25A0}'..='\u{27BF}' | '\u{2934}'..='\u{2935}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1F0FF}' | '\u{1F18E}'..='\u{1F19A}' | '\u{1F1E6}'..='\u{1F1FF}'
        | '\u{1F201}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> String {
        let mut at = 0;
        let mut out = String::new();
        while at < text.len() {
            let (unit, len) = unit(text, at);
            if let Unit::Text(few) = unit {
                out.extend(few.as_slice());
            }
            at += len;
        }
        out
    }

    #[test]
    fn disguised_letters_lose_their_disguise() {
        for written in
            ["BAKAR", "ｂａｋａｒ", "𝐛𝐚𝐤𝐚𝐫", "bаkаr", "b\u{200B}a\u{AD}kar", "bâkár", "🅱🅰kar", "ⓑⓐⓚⓐⓡ"]
        {
            assert_eq!(letters(written), "bakar", "{written}");
        }
    }

    #[test]
    fn arabic_script_stays_as_written() {
        assert_eq!(letters("بِسْمِ اللَّهِ"), "بِسْمِاللَّهِ");
    }

    #[test]
    fn a_pictograph_is_a_picture_and_its_skin_is_nothing() {
        assert_eq!(unit("🔥", 0).0, Unit::Emoji('🔥'));
        assert_eq!(unit("👊🏽", 4).0, Unit::Skip);
    }
}
