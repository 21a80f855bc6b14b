//! A word of ASCII letters and nothing else, and how any word of letters is taken up.

use super::super::chars::{Unit, unit};
use super::super::{Flags, TokenKind, bit, look};
use super::{Scan, capitals};
use crate::words::Word;

/// Longest short form without a vowel that may hold three equal letters.
const LONGEST_ABBREVIATION: usize = 5;

impl Scan<'_> {
    /// The quick way through a word of ASCII letters.
    pub(super) fn word(&mut self, at: usize, limit: usize) -> usize {
        let bytes = self.text.as_bytes();
        let base = self.out.buf.len();
        // Most words are small letters, none of them twice in a row, and stand as they are.
        let plain = plain_letters(&bytes[at..limit]);
        self.out.buf.push_str(&self.text[at..at + plain]);
        let mut last = if plain == 0 { 0 } else { bytes[at + plain - 1] };
        let (mut end, mut run, mut doubled, mut upper) = (at + plain, 0u8, false, 0usize);
        while end < limit && bytes[end].is_ascii_alphabetic() {
            let lower = bytes[end] | 0x20;
            upper += usize::from(bytes[end] != lower);
            end += 1;
            if lower == last {
                doubled = true;
                run = run.saturating_add(1);
                if run >= 2 {
                    continue;
                }
            } else {
                run = 0;
                last = lower;
            }
            self.out.buf.push(char::from(lower));
        }
        let digit = end < limit && bytes[end].is_ascii_digit();
        let numbered = digit && self.lexis.is(self.lexis.words.get(&self.out.buf[base..]), bit::NUMBERED);
        if end < limit && !numbered && self.goes_on(end, limit) {
            self.out.buf.truncate(base);
            return self.slow(at, limit);
        }
        let mut flags = Flags::default();
        if upper > 0 {
            flags = capitals(bytes[at].is_ascii_uppercase(), upper >= 2 && upper == end - at);
        }
        let squeezed = self.out.buf.len() - base < end - at;
        let abbreviated = squeezed && self.abbreviation(at, end, base);
        let found = self.push_letters(at, end, base, doubled && !abbreviated, flags);
        if let Some((word, found)) = found.filter(|_| !squeezed) {
            self.rows.keep(&bytes[at..], end - at, word, self.lexis.bits(word), found);
        }
        if numbered {
            // *Rp100.000*, *jam21.00*: the number keeps its points.
            self.glue = Flags::GLUED;
        }
        end
    }

    /// Gives a short form its third equal letter back: nobody stretches what has no vowel, and *PPPK* is not *PPK*.
    fn abbreviation(&mut self, at: usize, end: usize, base: usize) -> bool {
        let written = self.text[at..end].to_ascii_lowercase();
        let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
        if written.len() > LONGEST_ABBREVIATION || written.bytes().any(vowel) {
            return false;
        }
        // Only what the lexicon holds; the lexicon's own terms are taken as they stand.
        if self.is_text && !self.lexis.words.get(&written).is_known() {
            return false;
        }
        self.out.buf.truncate(base);
        self.out.buf.push_str(&written);
        true
    }

    /// Whether a word of ASCII letters goes on at `at` with something else than a letter.
    fn goes_on(&self, at: usize, limit: usize) -> bool {
        let bytes = self.text.as_bytes();
        let after = if at + 1 < limit { bytes[at + 1] } else { b' ' };
        match bytes[at] {
            b'0'..=b'9' => true,
            b'\'' | b'`' => after.is_ascii_alphabetic() || after >= 0x80,
            b'*' | b'@' | b'$' => {
                after.is_ascii_alphanumeric() || matches!(after, b'*' | b'@' | b'$') || after >= 0x80
            }
            b'\\' | b'&' | 0x80.. => {
                matches!(unit(self.text, at).0, Unit::Text(_) | Unit::Skip | Unit::Twice | Unit::Apostrophe)
            }
            _ => false,
        }
    }

    /// Takes up a word whose form stands in the buffer from `base` on; returns what it is, if that form is the word's.
    pub(super) fn push_letters(
        &mut self,
        at: usize,
        end: usize,
        base: usize,
        doubled: bool,
        flags: Flags,
    ) -> Option<(Word, Flags)> {
        let found = look::letters(self.lexis, &self.out.buf[base..], doubled);
        if let Some(form) = &found.form {
            self.out.buf.truncate(base);
            self.out.buf.push_str(form);
        }
        self.push(TokenKind::Word, at, end, base, found.word, flags.with(found.flags));
        let own = self.own(found.word, base);
        found.form.is_none().then_some((found.word, found.flags.with(own)))
    }
}

/// How many small letters `bytes` begins with, none the same as the one before it.
#[inline]
fn plain_letters(bytes: &[u8]) -> usize {
    let mut last = 0;
    bytes
        .iter()
        .take_while(|byte| byte.is_ascii_lowercase() && **byte != std::mem::replace(&mut last, **byte))
        .count()
}
