//! Taking a token up: where it stands, what it hangs on, and what is special about its word.

use super::super::{Flags, Token, TokenKind, bit};
use super::{Border, Scan, seen, to_u32};
use crate::words::Word;

impl Scan<'_> {
    /// Takes a token up; its form is what stands in the buffer from `base` on.
    pub(super) fn push(
        &mut self,
        kind: TokenKind,
        at: usize,
        end: usize,
        base: usize,
        word: Word,
        flags: Flags,
    ) {
        let (bits, own) = (self.lexis.bits(word), self.own(word, base));
        self.take((at, end), (base, self.out.buf.len()), kind, (word, bits), flags.with(own));
    }

    /// Whether what stands in the buffer from `base` on is the word's own name.
    pub(super) fn own(&self, word: Word, base: usize) -> Flags {
        let own = word.is_known() && self.lexis.name(word) == &self.out.buf[base..];
        if own { Flags::OWN } else { Flags::default() }
    }

    /// Takes a token up; `form` is where its form stands in the buffer, and its word comes with what is special about it.
    #[inline(always)]
    pub(super) fn take(
        &mut self,
        (at, end): (usize, usize),
        form: (usize, usize),
        kind: TokenKind,
        (mut word, bits): (Word, u16),
        mut flags: Flags,
    ) {
        let glue = std::mem::take(&mut self.glue);
        let pending = std::mem::replace(&mut self.pending, Border::None);
        if pending != Border::None && !self.out.tokens.is_empty() {
            self.clause += 1;
            self.sentence += u32::from(pending >= Border::Sentence);
        }
        if bits & (bit::CLAUSE | bit::MARKER | bit::AMBIGUOUS | bit::SAME) != 0 {
            let meant = self.special(word, bits, pending);
            if meant != word {
                flags = flags.without(Flags::OWN);
            }
            word = meant;
        }
        flags = flags.with(glue).with(self.tag);
        if pending == Border::Line {
            flags = flags.with(Flags::LINE);
        }
        if self.chain {
            flags = self.chained(kind, form, flags);
        }
        if kind == TokenKind::Word && self.is_one_letter(form) {
            self.singles = self.singles.saturating_add(1);
            self.most_singles = self.most_singles.max(self.singles);
        } else {
            self.singles = 0;
        }
        if word == self.lexis.di {
            self.seen |= seen::DI;
        }
        self.out.tokens.push(Token {
            start: to_u32(at),
            end: to_u32(end),
            form: (to_u32(form.0), to_u32(form.1)),
            word,
            sentence: self.sentence,
            clause: self.clause,
            kind,
            flags,
        });
        if glue == Flags::HYPHEN {
            self.merge_hyphened();
        }
    }

    #[inline]
    fn is_one_letter(&self, (from, to): (usize, usize)) -> bool {
        let bytes = self.out.buf.as_bytes();
        to - from <= 1 || bytes[from] >= 0x80 && self.out.buf[from..to].chars().nth(1).is_none()
    }

    fn special(&mut self, word: Word, bits: u16, pending: Border) -> Word {
        if bits & bit::CLAUSE != 0 && pending == Border::None && !self.out.tokens.is_empty() {
            self.clause += 1;
        }
        if bits & bit::MARKER != 0 {
            self.seen |= seen::MARKER;
        }
        if bits & bit::AMBIGUOUS != 0 {
            self.seen |= seen::AMBIGUOUS;
        }
        // What tells a dialect or depends on one keeps its own word until all tokens stand.
        if bits & (bit::MARKER | bit::AMBIGUOUS) != 0 { word } else { self.lexis.canonical(word) }
    }

    fn chained(&mut self, kind: TokenKind, form: (usize, usize), flags: Flags) -> Flags {
        match kind {
            TokenKind::Mention => {
                self.out.copy |= self.out.tokens.len() == 1 && self.out.tokens[0].kind == TokenKind::Word;
                flags.with(Flags::CHAIN)
            }
            TokenKind::Word if self.out.tokens.is_empty() && &self.out.buf[form.0..form.1] == "rt" => {
                flags.with(Flags::CHAIN)
            }
            _ => {
                self.chain = false;
                if let [rt] = self.out.tokens.as_mut_slice()
                    && rt.kind == TokenKind::Word
                {
                    // A neighbourhood (*rukun tetangga*), not a copy.
                    rt.flags = rt.flags.without(Flags::CHAIN);
                }
                flags
            }
        }
    }
}
