//! Words of a text with what stands between them: all that reading places needs, and the way back to the text.

use std::borrow::Cow;
use std::ops::Deref;

use lexicons::gazetteer::Gazetteer;

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// It is the first word.
    Start,
    /// Blanks only.
    Space,
    /// A comma.
    Comma,
    /// A full stop on the same line: an abbreviation's or a sentence's.
    Dot,
    /// A hyphen without blanks.
    Hyphen,
    /// A dash with blanks, or a long one: what follows a dateline.
    Dash,
    /// A slash.
    Slash,
    /// A bracket.
    Paren,
    /// A colon.
    Colon,
    /// A new line.
    Line,
    /// Anything else.
    Other,
}

/// One word.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    /// First byte in the text.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
    /// Lower case, accents and apostrophes taken off.
    pub(super) low: Cow<'t, str>,
    /// Begins with a capital letter.
    pub(super) capital: bool,
    /// Has several letters, all of them capital.
    pub(super) shouted: bool,
    /// Follows `#`.
    pub(super) hashtag: bool,
    /// The words inside a hashtag, as its capitals and digits part them, in lower case.
    pub(super) humps: Vec<String>,
    /// Follows `@`.
    pub(super) handle: bool,
    /// What stands before it.
    pub(super) gap: Gap,
    /// Nothing that concerns places begins with it, save one run together with its marker, or is told by it.
    pub(super) plain: bool,
}

/// The words of one text: looked for here, or known from elsewhere.
pub(super) enum Tokens<'t> {
    Own(Vec<Token<'t>>),
    Known(&'t [Token<'t>]),
}

impl<'t> Deref for Tokens<'t> {
    type Target = [Token<'t>];

    fn deref(&self) -> &[Token<'t>] {
        match self {
            Tokens::Own(tokens) => tokens,
            Tokens::Known(tokens) => tokens,
        }
    }
}

impl Token<'_> {
    /// Whether it begins a sentence, where a capital letter tells nothing.
    pub(super) fn opens(&self) -> bool {
        !matches!(self.gap, Gap::Space | Gap::Comma | Gap::Hyphen | Gap::Slash | Gap::Paren)
    }
}

fn gap_of(between: &str) -> Gap {
    // Nearly all gaps are one of these.
    match between {
        " " => return Gap::Space,
        ", " | "," => return Gap::Comma,
        ". " | "." => return Gap::Dot,
        "-" => return Gap::Hyphen,
        _ => {}
    }
    if between.contains('\n') {
        return Gap::Line;
    }
    let marks: String = between.chars().filter(|c| !c.is_whitespace()).collect();
    let marks = marks.trim_end_matches(['#', '@', '"', '*', '_', '“', '”', '\'']);
    let marks = marks.trim_start_matches(['"', '*', '_', '“', '”', '\'']);
    match marks {
        "" => Gap::Space,
        "," => Gap::Comma,
        "." => Gap::Dot,
        "-" | "–" | "—" | "--" => Gap::Dash,
        "/" => Gap::Slash,
        "(" | ")" | "|" | ".(" => Gap::Paren,
        ":" | ".:" => Gap::Colon,
        ")," | ".," => Gap::Comma,
        _ => Gap::Other,
    }
}

fn plain(c: char, out: &mut String) {
    let folded = match c {
        'à' | 'á' | 'â' | 'ä' | 'ã' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        '\'' | '’' | '‘' | '`' => return,
        other => other,
    };
    out.push(folded);
}

/// `PilkadaMadiun2024` as `pilkada`, `madiun`, `2024`.
fn humps(word: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in word.chars() {
        let parts = c.is_uppercase() && before.is_lowercase() || c.is_numeric() != before.is_numeric();
        if out.is_empty() || parts {
            out.push(String::new());
        }
        if let Some(last) = out.last_mut() {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    out
}

/// A word in small letters, without accents and apostrophes, and whether it has several letters and all are capital.
fn lowered(word: &str) -> (Cow<'_, str>, bool) {
    // Most words stand as they are to be read.
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return (Cow::Borrowed(word), false);
    }
    if word.is_ascii() {
        let mut low = word.to_ascii_lowercase();
        low.retain(|c| c != '\'' && c != '`');
        let several = word.bytes().filter(u8::is_ascii_alphabetic).count() > 1;
        return (Cow::Owned(low), several && !word.bytes().any(|byte| byte.is_ascii_lowercase()));
    }
    let mut low = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        plain(c, &mut low);
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    (Cow::Owned(low), letters > 1 && !word.chars().any(char::is_lowercase))
}

/// Where the word that goes on at `at` ends.
fn word_end(text: &str, at: usize) -> usize {
    let mut end = at;
    loop {
        end += text.as_bytes()[end..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let Some(c) = text[end..].chars().next() else { return end };
        let behind = end + c.len_utf8();
        let joins = || matches!(c, '\'' | '’' | '`') && text[behind..].starts_with(char::is_alphanumeric);
        if !c.is_alphanumeric() && !joins() {
            return end;
        }
        end = behind;
    }
}

/// The words of `text`, in order.
pub(super) fn tokens<'t>(land: &Gazetteer, text: &'t str) -> Vec<Token<'t>> {
    let mut out: Vec<Token<'_>> = Vec::with_capacity(text.len() / 6 + 1);
    let (mut last_end, mut at) = (0, 0);
    while let Some(first) = text[at..].chars().next() {
        if first == ' ' {
            at += 1;
            continue;
        }
        let start = at;
        at += first.len_utf8();
        if !first.is_alphanumeric() {
            continue;
        }
        let end = word_end(text, at);
        at = end;
        let word = &text[start..end];
        let (low, shouted) = lowered(word);
        let between = &text[last_end..start];
        let hashtag = between.ends_with('#');
        // `@pemkot_surabaya` is one handle.
        let handle = between.ends_with('@')
            || matches!(between, "_" | "." | "-") && out.last().is_some_and(|last: &Token<'_>| last.handle);
        let capital = first.is_uppercase();
        let marked = capital || hashtag || handle || first.is_ascii_digit();
        out.push(Token {
            start: start as u32,
            end: end as u32,
            plain: !marked && land.is_plain(&low),
            low,
            capital,
            shouted,
            hashtag,
            humps: if hashtag { humps(word) } else { Vec::new() },
            handle,
            gap: if out.is_empty() { Gap::Start } else { gap_of(between) },
        });
        last_end = end;
    }
    out
}
