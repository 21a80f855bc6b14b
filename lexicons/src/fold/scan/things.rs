//! What stands among the words: mentions, addresses, hashtags, numbers.

use super::super::chars::{Unit, unit};
use super::super::{Flags, TokenKind, hashtag};
use super::{Border, Scan};
use crate::words::Word;

impl Scan<'_> {
    pub(super) fn mention(&mut self, at: usize) -> usize {
        let rest = &self.text[at + 1..];
        let run = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
        let name = rest[..run].trim_end_matches('.');
        if name.is_empty() || name.starts_with('.') {
            self.glue = Flags::default();
            return at + 1;
        }
        let base = self.out.buf.len();
        self.out.buf.push('@');
        self.out.buf.extend(name.chars().map(|c| c.to_ascii_lowercase()));
        let end = at + 1 + name.len();
        self.push(TokenKind::Mention, at, end, base, Word::NONE, Flags::default());
        end
    }

    /// The end of a web address that begins at `at`, once its token is made.
    pub(super) fn url(&mut self, at: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[at..];
        if !matches!(bytes[0] | 0x20, b'h' | b'w') {
            return None;
        }
        let begins = |with: &str| {
            bytes.len() > with.len() && bytes[..with.len()].eq_ignore_ascii_case(with.as_bytes())
        };
        let scheme = ["https://", "http://", "www."].into_iter().find(|with| begins(with))?;
        let inside = |b: &&u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'`');
        let run = bytes.iter().take_while(inside).count();
        let address =
            self.text[at..at + run].trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '/');
        if address.len() <= scheme.len() {
            return None;
        }
        let base = self.out.buf.len();
        self.out.buf.extend(address.chars().map(|c| c.to_ascii_lowercase()));
        let end = at + address.len();
        self.push(TokenKind::Url, at, end, base, Word::NONE, Flags::default());
        Some(end)
    }

    pub(super) fn hashtag(&mut self, at: usize) -> usize {
        self.glue = Flags::default();
        let rest = &self.text[at + 1..];
        let run = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let tag = &rest[..run];
        if !tag.contains(char::is_alphabetic) {
            return at + 1;
        }
        self.border(Border::Clause);
        let lexis = self.lexis;
        self.tag = Flags::HASHTAG;
        for piece in hashtag::borders(lexis, tag).windows(2) {
            let (mut from, to) = (at + 1 + piece[0], at + 1 + piece[1]);
            while from < to {
                from = match self.text.as_bytes()[from] {
                    b'a'..=b'z' | b'A'..=b'Z' => self.word(from, to),
                    b'0'..=b'9' => self.number(from, to),
                    b'_' => from + 1,
                    _ => self.in_tag(from, to),
                };
            }
            self.glue = Flags::GLUED;
        }
        self.glue = Flags::default();
        self.tag = Flags::default();
        self.border(Border::Clause);
        at + 1 + run
    }

    pub(super) fn in_tag(&mut self, from: usize, to: usize) -> usize {
        match unit(self.text, from) {
            (Unit::Text(_), _) => self.slow(from, to),
            (_, len) => from + len,
        }
    }

    /// Digits with points, commas or colons between them.
    pub(super) fn number(&mut self, at: usize, limit: usize) -> usize {
        let bytes = &self.text.as_bytes()[..limit];
        let digit = |n: usize| bytes.get(n).is_some_and(u8::is_ascii_digit);
        let mut end = at;
        while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',' | b':')) && digit(end + 1)) {
            end += 1;
        }
        let letter = bytes.get(end).is_some_and(|byte| {
            byte.is_ascii_alphabetic() || *byte >= 0x80 && matches!(unit(self.text, end).0, Unit::Text(_))
        });
        if letter && end - at == 1 {
            return self.slow(at, limit);
        }
        let base = self.out.buf.len();
        self.out.buf.push_str(&self.text[at..end]);
        self.push_number(at, end, base);
        if letter {
            self.glue = Flags::GLUED;
        }
        end
    }

    pub(super) fn push_number(&mut self, at: usize, end: usize, base: usize) {
        let word = self.lexis.words.get(&self.out.buf[base..]);
        self.push(TokenKind::Number, at, end, base, word, Flags::default());
    }
}
