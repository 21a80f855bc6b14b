//! The pass over a text: where tokens, clauses, sentences, quotations, hashtags and mentions begin and end.

mod finish;
mod mixed;
mod take;
mod things;
mod word;

use super::chars::{Unit, unit};
use super::quick::{Edition, Letters, Rows};
use super::{Dialects, Flags, Folded, Lexis, Pointed, Token, TokenKind};

/// Folds `text` into `out`; `dialects` are found in the text unless they are given.
pub(super) fn run(lexis: &Lexis, text: &str, dialects: Option<Dialects>, out: &mut Folded) {
    out.clear();
    // A word that stands as it is read has its form here.
    out.buf.push_str(text);
    out.buf.make_ascii_lowercase();
    let mut scan = Scan {
        lexis,
        text,
        is_text: dialects.is_none(),
        out,
        sentence: 0,
        clause: 0,
        pending: Border::None,
        glue: Flags::default(),
        tag: Flags::default(),
        quote: None,
        last_quote: None,
        singles: 0,
        most_singles: 0,
        chain: true,
        seen: 0,
        rows: Rows::of(if dialects.is_none() { lexis.edition } else { Edition::NONE }),
    };
    scan.all();
    scan.finish(dialects);
}

/// A border that the next token stands behind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Border {
    None,
    Clause,
    Sentence,
    /// A new line, which ends the sentence too.
    Line,
}

/// What a pass has met that a second look is needed for.
mod seen {
    pub(super) const DI: u8 = 1;
    pub(super) const MARKER: u8 = 2;
    pub(super) const AMBIGUOUS: u8 = 4;
}

struct Scan<'a> {
    lexis: &'a Lexis,
    text: &'a str,
    /// A text, not a term of the lexicon.
    is_text: bool,
    out: &'a mut Folded,
    sentence: u32,
    clause: u32,
    pending: Border,
    /// How the next token hangs on the one before.
    glue: Flags,
    /// Flags of the hashtag being read.
    tag: Flags,
    /// The token at which an open quotation began.
    quote: Option<usize>,
    /// The tokens of the last closed quotation.
    last_quote: Option<(usize, usize)>,
    singles: u8,
    most_singles: u8,
    chain: bool,
    seen: u8,
    /// What was made of words before.
    rows: Rows,
}

impl Scan<'_> {
    fn all(&mut self) {
        let len = self.text.len();
        let mut at = 0;
        while at < len {
            let byte = self.text.as_bytes()[at];
            at = match byte {
                b' ' => {
                    self.glue = Flags::default();
                    at + 1
                }
                b'a'..=b'z' | b'A'..=b'Z' => match self.known(at) {
                    Some(end) => end,
                    None => self.url(at).unwrap_or_else(|| self.word(at, len)),
                },
                b'0'..=b'9' => self.number(at, len),
                b'#' => self.hashtag(at),
                b'@' => self.mention(at),
                b',' => {
                    self.glue = Flags::default();
                    self.border(Border::Clause);
                    at + 1
                }
                b'.' => {
                    self.glue = Flags::default();
                    self.stop('.', at + 1)
                }
                _ => self.other(at),
            };
        }
    }

    /// The quick way through a word: the end of one that is known as it stands.
    #[inline]
    fn known(&mut self, at: usize) -> Option<usize> {
        let letters = Letters::at(&self.text.as_bytes()[at..])?;
        let row = *self.rows.get(&letters)?;
        let flags = match letters.upper {
            0 => row.flags,
            upper => row.flags.with(capitals(letters.first_upper, upper >= 2 && upper == letters.len)),
        };
        let end = at + letters.len;
        self.take((at, end), (at, end), TokenKind::Word, (row.word, row.bits), flags);
        // A blank, which stands behind most words, parts them: nothing hangs on this one.
        let parted = self.glue == Flags::default() && self.text.as_bytes().get(end) == Some(&b' ');
        Some(end + usize::from(parted))
    }

    /// Anything that is no ASCII letter, digit or blank.
    fn other(&mut self, at: usize) -> usize {
        let (unit, len) = unit(self.text, at);
        let next = at + len;
        let glue = std::mem::take(&mut self.glue);
        match unit {
            Unit::Text(_) => {
                self.glue = glue;
                return self.slow(at, self.text.len());
            }
            Unit::Skip => self.glue = glue,
            Unit::Emoji(c) => self.emoji(c, at, next),
            Unit::Quote(side) => return self.quotation(side, next),
            Unit::Newline => self.border(Border::Line),
            Unit::Sign(c) => return self.sign(c, at, next),
            Unit::Twice | Unit::Apostrophe | Unit::Symbol(_) | Unit::Space => {}
        }
        next
    }

    fn border(&mut self, border: Border) {
        self.pending = self.pending.max(border);
    }

    fn sign(&mut self, c: char, at: usize, next: usize) -> usize {
        match c {
            '.' | '!' | '?' | '…' => return self.stop(c, next),
            ',' | ';' | ':' | '(' | ')' | '[' | ']' | '|' | '–' | '—' | '•' | '►' => {
                self.border(Border::Clause);
            }
            '-' => {
                let before = self.out.tokens.last().is_some_and(|token| token.end as usize == at);
                let after = self.text[next..].chars().next().is_some_and(char::is_alphanumeric);
                if before && after {
                    self.glue = Flags::HYPHEN;
                } else if !before && !after {
                    self.border(Border::Clause);
                }
            }
            _ => {}
        }
        next
    }

    /// A run of full stops, question and exclamation marks that begins with `c`, itself perhaps in disguise (`．`).
    fn stop(&mut self, c: char, next: usize) -> usize {
        const MARKS: [char; 4] = ['.', '!', '?', '…'];
        let rest = &self.text[next..];
        let lone = rest.bytes().next().is_none_or(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
        let more = if lone { 0 } else { rest.len() - rest.trim_start_matches(MARKS).len() };
        let (marks, after) = rest.split_at(more);
        if matches!(c, '!' | '?') || marks.contains(['!', '?']) {
            self.border(Border::Sentence);
        } else if c == '…' || !marks.is_empty() {
            self.border(Border::Clause);
        } else if self.ends_sentence(after) {
            self.border(Border::Sentence);
        }
        next + more
    }

    /// Whether a single full stop before `after` ends a sentence.
    fn ends_sentence(&self, after: &str) -> bool {
        let Some(last) = self.out.tokens.last() else { return false };
        let lone = last.form.1 - last.form.0 <= 1;
        match after.chars().next() {
            None => true,
            Some(c) if c.is_alphanumeric() => {
                c.is_uppercase() && !lone && !last.is_capital() && !self.is_short(last)
            }
            Some(_) => !(lone && last.kind == TokenKind::Word || self.is_short(last)),
        }
    }

    /// Whether a point behind the last token belongs to it: `Kec.`, or `Pak.` where a sentence begins.
    fn is_short(&self, last: &Token) -> bool {
        let begins = || {
            let before = self.out.tokens.iter().rev().nth(1);
            last.is_capital() && before.is_none_or(|before| before.sentence != last.sentence)
        };
        match self.lexis.pointed(self.out.form_of(last)) {
            Some(Pointed::Short) => true,
            Some(Pointed::Title) => begins(),
            None => false,
        }
    }

    fn quotation(&mut self, side: Option<bool>, mut next: usize) -> usize {
        while next < self.text.len() {
            let (Unit::Quote(_), len) = unit(self.text, next) else { break };
            next += len;
        }
        self.border(Border::Clause);
        let here = self.out.tokens.len();
        match (side, self.quote) {
            (Some(true), _) | (None, None) => self.quote = Some(here),
            (_, Some(open)) => {
                for token in &mut self.out.tokens[open..here] {
                    token.flags = token.flags.with(Flags::QUOTED);
                }
                self.last_quote = Some((open, here));
                self.quote = None;
            }
            (Some(false), None) => {}
        }
        next
    }

    fn emoji(&mut self, c: char, at: usize, next: usize) {
        let base = self.out.buf.len();
        if let Some(last) = self.out.tokens.last_mut()
            && last.kind == TokenKind::Emoji
            && self.out.buf[last.form.0 as usize..].starts_with(c)
        {
            last.end = to_u32(next);
            return;
        }
        self.out.buf.push(c);
        let word = self.lexis.words.get(&self.out.buf[base..]);
        self.push(TokenKind::Emoji, at, next, base, word, Flags::default());
    }
}

/// Adds a character, but never a third time in a row: *serbuuuu*.
fn add(chars: &mut Vec<(char, u32, u32)>, c: char, start: usize, end: usize) {
    if c.is_alphabetic()
        && let [.., (a, ..), (b, _, last)] = chars.as_mut_slice()
        && *a == c
        && *b == c
    {
        *last = to_u32(end);
        return;
    }
    chars.push((c, to_u32(start), to_u32(end)));
}

fn capitals(first: bool, all: bool) -> Flags {
    match (first, all) {
        (true, true) => Flags::CAPITAL.with(Flags::SHOUTED),
        (true, false) => Flags::CAPITAL,
        _ => Flags::default(),
    }
}

/// Offsets are 32 bits: a text is at most 64 KiB at the edge, and far below 4 GiB anywhere.
fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
