//! The fold: one pass over a text makes tokens without case, accent or disguise, each with the way back to its bytes.

mod chars;
mod damage;
mod dialect;
mod hashtag;
mod lexis;
mod look;
mod quick;
mod scan;
#[cfg(test)]
mod tests;

pub use dialect::{Dialect, Dialects};
pub use lexis::Lexis;
pub(crate) use lexis::{Pointed, bit};

use crate::words::Word;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, or letters with digits and symbols among them.
    Word,
    /// Digits, with points, commas or colons between them (`21.00`, `05`).
    Number,
    /// A picture; repeated ones are one token.
    Emoji,
    /// `@name`.
    Mention,
    /// A web address.
    Url,
}

/// Properties of a token, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    pub(crate) const QUOTED: Flags = Flags(1);
    pub(crate) const HASHTAG: Flags = Flags(1 << 1);
    pub(crate) const CHAIN: Flags = Flags(1 << 2);
    pub(crate) const CAPITAL: Flags = Flags(1 << 3);
    pub(crate) const SHOUTED: Flags = Flags(1 << 4);
    pub(crate) const TWICE: Flags = Flags(1 << 5);
    pub(crate) const CLITIC: Flags = Flags(1 << 6);
    pub(crate) const GLUED: Flags = Flags(1 << 7);
    pub(crate) const HYPHEN: Flags = Flags(1 << 8);
    pub(crate) const JOINED: Flags = Flags(1 << 9);
    pub(crate) const LINE: Flags = Flags(1 << 10);
    pub(crate) const OWN: Flags = Flags(1 << 11);

    fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }

    fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A word, number, picture, mention or address of a text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte in the text as written.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    form: (u32, u32),
    /// The word of the lexicon that this token is, or [`Word::NONE`].
    pub word: Word,
    /// Which sentence it stands in, from 0.
    pub sentence: u32,
    /// Which clause it stands in, counted through the whole text.
    pub clause: u32,
    /// What it is.
    pub kind: TokenKind,
    flags: Flags,
}

impl Token {
    /// Between quotation marks (those around a whole text do not count).
    pub fn in_quotes(&self) -> bool {
        self.flags.has(Flags::QUOTED)
    }

    /// Part of a hashtag.
    pub fn in_hashtag(&self) -> bool {
        self.flags.has(Flags::HASHTAG)
    }

    /// Part of the `RT` and mentions that a text begins with: not the author's words.
    pub fn in_chain(&self) -> bool {
        self.flags.has(Flags::CHAIN)
    }

    /// Written with a capital first letter.
    pub fn is_capital(&self) -> bool {
        self.flags.has(Flags::CAPITAL)
    }

    /// Written in capitals throughout (two letters at least).
    pub fn is_shouted(&self) -> bool {
        self.flags.has(Flags::SHOUTED)
    }

    /// Reduplicated: `orang2`, `orang-orang`, `bakar-bakaran`.
    pub fn is_twice(&self) -> bool {
        self.flags.has(Flags::TWICE)
    }

    /// Found in the lexicon once a clitic (`-nya`, `-lah` …) was taken off.
    pub fn has_clitic(&self) -> bool {
        self.flags.has(Flags::CLITIC)
    }

    /// Nothing stands between it and the token before (`50rb`, `TPS05`).
    pub fn is_glued(&self) -> bool {
        self.flags.has(Flags::GLUED)
    }

    /// A hyphen stands between it and the token before (`H-1`).
    pub fn is_hyphened(&self) -> bool {
        self.flags.has(Flags::HYPHEN)
    }

    /// First of its line, in a text of several lines.
    pub fn begins_line(&self) -> bool {
        self.flags.has(Flags::LINE)
    }

    /// Its form is the name of its word: neither clitic nor slang, nor a dialect's word.
    pub fn is_own(&self) -> bool {
        self.flags.has(Flags::OWN)
    }

    /// Made of parts written apart (`di bakar`, `b.a.k.a.r`).
    pub fn is_joined(&self) -> bool {
        self.flags.has(Flags::JOINED)
    }
}

/// A folded text: its tokens and their folded forms. Owns its buffers, so that one serves text after text.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    buf: String,
    tokens: Vec<Token>,
    dialects: Dialects,
    copy: bool,
    /// Work space of the slow way through a word: character and its bytes in the text.
    chars: Vec<(char, u32, u32)>,
}

impl Folded {
    /// The tokens in order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The folded form of token `n`; empty past the end.
    pub fn form(&self, n: usize) -> &str {
        self.tokens.get(n).map_or("", |token| self.form_of(token))
    }

    fn form_of(&self, token: &Token) -> &str {
        &self.buf[token.form.0 as usize..token.form.1 as usize]
    }

    /// Adds the form of `token` at the end of the buffer.
    fn append(&mut self, token: &Token) {
        self.buf.extend_from_within(token.form.0 as usize..token.form.1 as usize);
    }

    /// The bytes of the text that tokens `start..end` cover.
    pub fn bytes(&self, start: usize, end: usize) -> (u32, u32) {
        let first = self.tokens.get(start).map_or(0, |token| token.start);
        let last = end.checked_sub(1).and_then(|n| self.tokens.get(n)).map_or(first, |token| token.end);
        (first, last.max(first))
    }

    /// The dialects whose marker words the text shows.
    pub fn dialects(&self) -> Dialects {
        self.dialects
    }

    /// Whether the text begins with `RT @name`: a copy of another's words.
    pub fn is_copy(&self) -> bool {
        self.copy
    }

    /// The folded forms with a blank between them: what a search index reads. Folding it again changes nothing.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.buf.len() + self.tokens.len());
        for token in &self.tokens {
            let form = self.form_of(token);
            out.push_str(form);
            // A comma keeps apart what would be read together: lone letters, and `di` before a name.
            out.push_str(if form == "di" || form.chars().nth(1).is_none() { ", " } else { " " });
        }
        out.truncate(out.trim_end_matches([' ', ',']).len());
        out
    }

    fn clear(&mut self) {
        self.buf.clear();
        self.tokens.clear();
        self.dialects = Dialects::default();
        self.copy = false;
    }
}

/// Folds `text` into `out`, which may have served before.
pub fn fold(lexis: &Lexis, text: &str, out: &mut Folded) {
    scan::run(lexis, text, None, out);
}

/// Folds a term of the lexicon, which is in `dialects` whether it shows them or not.
pub(crate) fn fold_term(lexis: &Lexis, term: &str, dialects: Dialects, out: &mut Folded) {
    scan::run(lexis, term, Some(dialects), out);
}
