//! What is seen only once all tokens are there: lone letters joined, `di` with its verb, the dialects shown.

use super::super::{Dialect, Dialects, Flags, Token, TokenKind, bit, look};
use super::{Scan, add, seen, to_u32};
use crate::words::Word;

impl Scan<'_> {
    /// `bakar-bakaran`: the last two tokens, if they are one word reduplicated.
    pub(super) fn merge_hyphened(&mut self) {
        let [.., first, second] = self.out.tokens.as_slice() else { return };
        if first.kind != TokenKind::Word || second.kind != TokenKind::Word || first.in_chain() {
            return;
        }
        let (first, second) = (*first, *second);
        let (a, b) = (self.out.form_of(&first), self.out.form_of(&second));
        if !look::is_reduplication(a, b) {
            return;
        }
        let base = self.out.buf.len();
        self.out.append(&first);
        self.out.buf.push('-');
        self.out.append(&second);
        self.out.tokens.truncate(self.out.tokens.len() - 2);
        self.singles = 0;
        self.glue = if first.is_glued() { Flags::GLUED } else { Flags::default() };
        let flags = first.flags.without(Flags::CLITIC).without(Flags::GLUED).without(Flags::HYPHEN);
        self.push_twice(base, (first.start as usize, second.end as usize), flags);
    }

    pub(super) fn finish(&mut self, dialects: Option<Dialects>) {
        if self.most_singles >= 3 {
            self.join_letters();
        }
        if self.seen & seen::DI != 0 {
            self.join_di();
        }
        if let Some(dialects) = dialects {
            self.out.dialects = dialects;
        } else if self.seen & seen::MARKER != 0 {
            self.dialects();
        }
        if self.seen & (seen::MARKER | seen::AMBIGUOUS) != 0 {
            let dialects = self.out.dialects;
            for token in &mut self.out.tokens {
                if token.word.is_known() {
                    let meant = self.lexis.canonical(self.lexis.meant(dialects, token.word));
                    if meant != token.word {
                        (token.word, token.flags) = (meant, token.flags.without(Flags::OWN));
                    }
                }
            }
        }
        let body = self.out.tokens.iter().take_while(|token| token.in_chain()).count();
        if self.last_quote == Some((body, self.out.tokens.len())) {
            for token in &mut self.out.tokens {
                token.flags = token.flags.without(Flags::QUOTED);
            }
        }
    }

    /// Letters written apart: `b.a.k.a.r`, `b a k a r`.
    pub(super) fn join_letters(&mut self) {
        let mut n = 0;
        while n < self.out.tokens.len() {
            let mut end = n;
            let mut dotted = true;
            while self.is_lone(end) && (end == n || self.separator(end).is_some()) {
                dotted &= end == n || self.separator(end) != Some(b' ');
                end += 1;
            }
            if end - n >= if dotted { 3 } else { 4 } {
                self.join(n, end);
            }
            n += 1;
        }
    }

    pub(super) fn is_lone(&self, n: usize) -> bool {
        self.out.tokens.get(n).is_some_and(|token| {
            token.kind == TokenKind::Word
                && !token.in_hashtag()
                && self.out.form_of(token).chars().nth(1).is_none()
        })
    }

    /// The single byte between tokens `n - 1` and `n` that letters written apart may have between them.
    pub(super) fn separator(&self, n: usize) -> Option<u8> {
        let (before, after) = (self.out.tokens[n - 1].end as usize, self.out.tokens[n].start as usize);
        let byte = *self.text.as_bytes().get(before)?;
        (after == before + 1 && matches!(byte, b' ' | b'.' | b'-' | b'_' | b'~' | b'|' | b'/'))
            .then_some(byte)
    }

    pub(super) fn join(&mut self, from: usize, to: usize) {
        let base = self.out.buf.len();
        let mut chars: Vec<(char, u32, u32)> = Vec::with_capacity(to - from);
        for n in from..to {
            if let Some(c) = self.out.form(n).chars().next() {
                add(&mut chars, c, 0, 0);
            }
        }
        let form: String = chars.iter().map(|(c, ..)| *c).collect();
        let found = look::letters(self.lexis, &form, true);
        self.out.buf.push_str(found.form.as_deref().unwrap_or(&form));
        self.replace(from, to, base, found.word, found.flags);
    }

    /// Puts one token, whose form stands in the buffer from `base` on, in place of tokens `from..to`.
    pub(super) fn replace(&mut self, from: usize, to: usize, base: usize, word: Word, flags: Flags) {
        let end = self.out.tokens[to - 1].end;
        let form = (to_u32(base), to_u32(self.out.buf.len()));
        let word = self.lexis.canonical(word);
        let flags = flags.with(self.own(word, base));
        let first = &mut self.out.tokens[from];
        *first = Token {
            end,
            form,
            word,
            flags: first.flags.without(Flags::OWN).with(flags).with(Flags::JOINED),
            ..*first
        };
        self.out.tokens.drain(from + 1..to);
        if let Some((open, close)) = &mut self.last_quote {
            let gone = |at: usize| if at >= to { to - from - 1 } else { at.saturating_sub(from + 1) };
            *open -= gone(*open);
            *close -= gone(*close);
        }
    }

    /// `di bakar`, written apart by mistake; `di Serang` with its capital is a place.
    pub(super) fn join_di(&mut self) {
        let mut n = 0;
        while n + 1 < self.out.tokens.len() {
            let (di, verb) = (self.out.tokens[n], self.out.tokens[n + 1]);
            let blank = self.text.get(di.end as usize..verb.start as usize);
            let joins = di.word == self.lexis.di
                && self.out.form_of(&di) == "di"
                && verb.kind == TokenKind::Word
                && verb.word.is_known()
                && (!verb.is_capital() || verb.is_shouted() && di.is_shouted())
                && !self.lexis.is(verb.word, bit::APART)
                && matches!(blank, Some(" " | "-" | "  "));
            if joins {
                let base = self.out.buf.len();
                self.out.buf.push_str("di");
                self.out.append(&verb);
                let found = look::letters(self.lexis, &self.out.buf[base..], false);
                if self.lexis.is(found.word, bit::PASSIVE) {
                    self.replace(n, n + 2, base, found.word, found.flags);
                } else {
                    self.out.buf.truncate(base);
                }
            }
            n += 1;
        }
    }

    /// Which dialects the text shows: two different markers, or one in a short text.
    pub(super) fn dialects(&mut self) {
        let needed = if self.out.tokens.len() <= 6 { 1 } else { 2 };
        let mut first = [Word::NONE; Dialect::ALL.len()];
        let mut dialects = Dialects::default();
        for token in &self.out.tokens {
            let word = token.word;
            if !self.lexis.is(word, bit::MARKER) {
                continue;
            }
            for dialect in self.lexis.markers(word).iter() {
                let known = &mut first[dialect as usize];
                if needed == 1 || known.is_known() && *known != word {
                    dialects.add(dialect);
                } else {
                    *known = word;
                }
            }
        }
        self.out.dialects = dialects;
    }
}
