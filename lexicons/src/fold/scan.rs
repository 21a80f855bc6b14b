//! The pass over a text: where tokens, clauses, sentences, quotations, hashtags and mentions begin and end.

use super::chars::{Unit, unit};
use super::{Dialect, Dialects, Flags, Folded, Lexis, Token, TokenKind, bit, hashtag, look};
use crate::words::Word;

/// Longest short form without a vowel that may hold three equal letters.
const LONGEST_ABBREVIATION: usize = 5;

/// Folds `text` into `out`; `dialects` are found in the text unless they are given.
pub(super) fn run(lexis: &Lexis, text: &str, dialects: Option<Dialects>, out: &mut Folded) {
    out.clear();
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
                b'a'..=b'z' | b'A'..=b'Z' => self.url(at).unwrap_or_else(|| self.word(at, len)),
                b'0'..=b'9' => self.number(at, len),
                b'#' => self.hashtag(at),
                b'@' => self.mention(at),
                _ => self.other(at),
            };
        }
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
            Unit::Newline => self.border(Border::Sentence),
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
        let more = rest.len() - rest.trim_start_matches(MARKS).len();
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
            Some(c) if c.is_alphanumeric() => c.is_uppercase() && !lone && !last.is_capital(),
            Some(_) => !(self.lexis.is(last.word, bit::ABBREVIATION) || lone && last.kind == TokenKind::Word),
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

    fn mention(&mut self, at: usize) -> usize {
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
    fn url(&mut self, at: usize) -> Option<usize> {
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

    fn hashtag(&mut self, at: usize) -> usize {
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

    fn in_tag(&mut self, from: usize, to: usize) -> usize {
        match unit(self.text, from) {
            (Unit::Text(_), _) => self.slow(from, to),
            (_, len) => from + len,
        }
    }

    /// Digits with points, commas or colons between them.
    fn number(&mut self, at: usize, limit: usize) -> usize {
        let bytes = &self.text.as_bytes()[..limit];
        let digit = |n: usize| bytes.get(n).is_some_and(u8::is_ascii_digit);
        let mut end = at;
        while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',' | b':')) && digit(end + 1)) {
            end += 1;
        }
        let letter = bytes.get(end).is_some_and(u8::is_ascii_alphabetic);
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

    fn push_number(&mut self, at: usize, end: usize, base: usize) {
        let word = self.lexis.words.get(&self.out.buf[base..]);
        self.push(TokenKind::Number, at, end, base, word, Flags::default());
    }

    /// The quick way through a word of ASCII letters.
    fn word(&mut self, at: usize, limit: usize) -> usize {
        let bytes = self.text.as_bytes();
        let base = self.out.buf.len();
        let (mut end, mut last, mut run, mut doubled, mut upper) = (at, 0u8, 0u8, false, 0usize);
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
        self.push_letters(at, end, base, doubled && !abbreviated, flags);
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

    fn push_letters(&mut self, at: usize, end: usize, base: usize, doubled: bool, flags: Flags) {
        let found = look::letters(self.lexis, &self.out.buf[base..], doubled);
        if let Some(form) = &found.form {
            self.out.buf.truncate(base);
            self.out.buf.push_str(form);
        }
        self.push(TokenKind::Word, at, end, base, found.word, flags.with(found.flags));
    }

    /// The careful way through a word: any script, digits and symbols within it, marks and invisible characters.
    fn slow(&mut self, at: usize, limit: usize) -> usize {
        let mut chars = std::mem::take(&mut self.out.chars);
        chars.clear();
        let mut end = at;
        let mut upper = 0;
        let mut letters = 0;
        while end < limit {
            let (unit, len) = unit(self.text, end);
            match unit {
                Unit::Text(few) => {
                    let written = self.text[end..].chars().next();
                    letters += 1;
                    upper += usize::from(written.is_some_and(char::is_uppercase));
                    for c in few.as_slice() {
                        add(&mut chars, *c, end, end + len);
                    }
                }
                Unit::Skip => {}
                Unit::Twice => add(&mut chars, '²', end, end + len),
                Unit::Apostrophe if self.letter_at(end + len, limit, false) => {}
                Unit::Symbol(c)
                    if chars.iter().any(|(c, ..)| c.is_alphabetic())
                        && self.letter_at(end + len, limit, true) =>
                {
                    add(&mut chars, c, end, end + len);
                }
                _ => break,
            }
            end += len;
        }
        let first_upper = self.text[at..].chars().next().is_some_and(char::is_uppercase);
        let flags = capitals(first_upper, upper >= 2 && upper == letters);
        let end = end.min(limit);
        self.mixed(&chars, (at, end), flags);
        self.out.chars = chars;
        // Always forward, even when nothing was readable.
        end.max(at + 1)
    }

    fn letter_at(&self, at: usize, limit: usize, or_symbol: bool) -> bool {
        at < limit
            && match unit(self.text, at).0 {
                Unit::Text(_) => true,
                Unit::Symbol(_) => or_symbol && self.letter_at(at + 1, limit, true),
                _ => false,
            }
    }

    /// Makes the tokens of a word that may hold digits, symbols and `²`.
    fn mixed(&mut self, chars: &[(char, u32, u32)], (at, end): (usize, usize), flags: Flags) {
        if chars.iter().all(|(c, ..)| c.is_alphabetic() || !c.is_ascii() && *c != '²') {
            let base = self.out.buf.len();
            self.out.buf.extend(chars.iter().map(|(c, ..)| *c));
            return self.push_letters(at, end, base, true, flags);
        }
        let leading = chars.iter().take_while(|(c, ..)| c.is_ascii_digit()).count();
        if leading >= 2 && leading < chars.len() {
            // A number with a word behind it: nothing is hidden in it.
            let base = self.out.buf.len();
            self.out.buf.extend(chars[..leading].iter().map(|(c, ..)| *c));
            let border = chars[leading].1 as usize;
            self.push_number(at, chars[leading - 1].2 as usize, base);
            self.glue = Flags::GLUED;
            return self.mixed(&chars[leading..], (border, end), flags);
        }
        if self.reduplicated(chars, (at, end), flags) {
            return;
        }
        let mut plain = Vec::with_capacity(chars.len());
        for (c, start, end) in chars.iter().filter(|(c, ..)| *c != '²') {
            add(&mut plain, *c, *start as usize, *end as usize);
        }
        if plain.is_empty() {
            return;
        }
        if plain.len() < chars.len() {
            // Without the mark it may be a word written twice after all (`ssi²2nya`).
            return self.mixed(&plain, (at, end), flags);
        }
        let form: String = plain.iter().map(|(c, ..)| *c).collect();
        if plain.iter().all(|(c, ..)| c.is_alphabetic()) {
            let base = self.out.buf.len();
            self.out.buf.push_str(&form);
            return self.push_letters(at, end, base, true, flags);
        }
        if plain.iter().all(|(c, ..)| c.is_ascii_digit()) {
            let base = self.out.buf.len();
            self.out.buf.push_str(&form);
            return self.push_number(at, end, base);
        }
        if self.whole(&form, (at, end), flags) {
            return;
        }
        self.runs(&plain, (at, end), flags);
    }

    /// `orang2`, `rame²`, `bakar2an`: one token, `orang-orang`.
    fn reduplicated(&mut self, chars: &[(char, u32, u32)], (at, end): (usize, usize), flags: Flags) -> bool {
        let Some(mark) = chars.iter().position(|(c, ..)| matches!(c, '2' | '²')) else { return false };
        let text = |part: &[(char, u32, u32)]| part.iter().map(|(c, ..)| *c).collect::<String>();
        let (stem, suffix) = (text(&chars[..mark]), text(&chars[mark + 1..]));
        let fits = mark >= 2
            && stem.chars().all(char::is_alphabetic)
            && matches!(
                suffix.as_str(),
                "" | "an" | "nya" | "ku" | "mu" | "lah" | "in" | "i" | "kan" | "ne" | "annya"
            );
        let whole = text(chars);
        if !fits || self.lexis.words.get(&whole).is_known() {
            return false;
        }
        let first = look::letters(self.lexis, &stem, true);
        if chars[mark].0 == '2' && self.lexis.is(first.word, bit::NUMBERED) {
            return false;
        }
        let stem = first.form.unwrap_or(stem);
        if stem.chars().nth(1).is_none() {
            return false;
        }
        let second = format!("{stem}{suffix}");
        let second = look::letters(self.lexis, &second, true).form.unwrap_or(second);
        self.push_twice(&format!("{stem}-{second}"), (at, end), flags);
        true
    }

    fn push_twice(&mut self, form: &str, (at, end): (usize, usize), flags: Flags) {
        let base = self.out.buf.len();
        self.out.buf.push_str(form);
        let found = look::twice(self.lexis, form);
        self.push(TokenKind::Word, at, end, base, found.word, flags.with(found.flags).with(Flags::TWICE));
    }

    /// A form with digits or symbols that the vocabulary knows as it is, or undisguised.
    fn whole(&mut self, form: &str, (at, end): (usize, usize), flags: Flags) -> bool {
        let base = self.out.buf.len();
        let word = self.lexis.words.get(form);
        if word.is_known() {
            self.out.buf.push_str(form);
            self.push(TokenKind::Word, at, end, base, word, flags);
            return true;
        }
        if !self.may_be_disguised(form) {
            return false;
        }
        let Some(found) = look::disguised(self.lexis, form) else { return false };
        self.out.buf.push_str(found.form.as_deref().unwrap_or(form));
        self.push(TokenKind::Word, at, end, base, found.word, flags.with(found.flags));
        true
    }

    /// Numbers and codes are spared: `tps4`, `50rb` and `no1` hide no word.
    fn may_be_disguised(&self, form: &str) -> bool {
        let stem = form.trim_end_matches(|c: char| c.is_ascii_digit());
        let trailing = form.len() - stem.len();
        let leading = form.bytes().take_while(u8::is_ascii_digit).count();
        if trailing > 1 || leading > 1 || form.len() < 3 || (leading == 1 && form.len() < 4) {
            return false;
        }
        trailing == 0
            || (matches!(form.as_bytes()[form.len() - 1], b'0' | b'1' | b'3' | b'4')
                && !self.lexis.is(self.lexis.words.get(stem), bit::NUMBERED))
    }

    /// Splits `50rb`, `tps05`, `jam9pagi`; keeps what is no number beside a word (`c3bong`, `a1b2`) whole.
    fn runs(&mut self, chars: &[(char, u32, u32)], (at, end): (usize, usize), flags: Flags) {
        let mut runs: Vec<&[(char, u32, u32)]> =
            chars.chunk_by(|a, b| a.0.is_ascii_digit() == b.0.is_ascii_digit()).collect();
        let symbols = chars.iter().any(|(c, ..)| matches!(c, '*' | '@' | '$'));
        let first: String = runs[0].iter().map(|(c, ..)| *c).collect();
        let numbered = self.lexis.is(self.lexis.words.get(&first), bit::NUMBERED);
        if symbols || (runs.len() > 2 && !numbered) {
            runs = vec![chars];
        }
        let last = runs.len() - 1;
        for (n, run) in runs.iter().enumerate() {
            let from = if n == 0 { at } else { run[0].1 as usize };
            let to = if n == last { end } else { run[run.len() - 1].2 as usize };
            let base = self.out.buf.len();
            self.out.buf.extend(run.iter().map(|(c, ..)| *c));
            if run.iter().all(|(c, ..)| c.is_ascii_digit()) {
                self.push_number(from, to, base);
            } else if runs.len() == 1 {
                self.push(TokenKind::Word, from, to, base, Word::NONE, flags);
            } else {
                self.push_letters(from, to, base, true, flags);
            }
            self.glue = Flags::GLUED;
        }
        self.glue = Flags::default();
    }

    /// Takes a token up; its form is what stands in the buffer from `base` on.
    fn push(&mut self, kind: TokenKind, at: usize, end: usize, base: usize, word: Word, flags: Flags) {
        let glue = std::mem::take(&mut self.glue);
        let pending = std::mem::replace(&mut self.pending, Border::None);
        if !self.out.tokens.is_empty() {
            if pending != Border::None {
                self.clause += 1;
            }
            if pending == Border::Sentence {
                self.sentence += 1;
            }
        }
        let mut word = word;
        if word.is_known() {
            let bits = self.lexis.bits(word);
            if bits & (bit::CLAUSE | bit::MARKER | bit::AMBIGUOUS | bit::SAME) != 0 {
                word = self.special(word, bits, pending);
            }
        }
        let mut flags = flags.with(glue).with(self.tag);
        if self.chain {
            flags = self.chained(kind, base, flags);
        }
        let len = self.out.buf.len() - base;
        if kind == TokenKind::Word && (len == 1 || self.out.buf[base..].chars().nth(1).is_none()) {
            self.singles = self.singles.saturating_add(1);
            self.most_singles = self.most_singles.max(self.singles);
        } else {
            self.singles = 0;
        }
        if word == self.lexis.di && word.is_known() {
            self.seen |= seen::DI;
        }
        self.out.tokens.push(Token {
            start: to_u32(at),
            end: to_u32(end),
            form: (to_u32(base), to_u32(self.out.buf.len())),
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

    fn chained(&mut self, kind: TokenKind, base: usize, flags: Flags) -> Flags {
        match kind {
            TokenKind::Mention => {
                self.out.copy |= self.out.tokens.len() == 1 && self.out.tokens[0].kind == TokenKind::Word;
                flags.with(Flags::CHAIN)
            }
            TokenKind::Word if self.out.tokens.is_empty() && &self.out.buf[base..] == "rt" => {
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

    /// `bakar-bakaran`: the last two tokens, if they are one word reduplicated.
    fn merge_hyphened(&mut self) {
        let [.., first, second] = self.out.tokens.as_slice() else { return };
        if first.kind != TokenKind::Word || second.kind != TokenKind::Word || first.in_chain() {
            return;
        }
        let (first, second) = (*first, *second);
        let (a, b) = (self.out.form_of(&first), self.out.form_of(&second));
        if !look::is_reduplication(a, b) {
            return;
        }
        let form = format!("{a}-{b}");
        self.out.tokens.truncate(self.out.tokens.len() - 2);
        self.singles = 0;
        self.glue = if first.is_glued() { Flags::GLUED } else { Flags::default() };
        let flags = first.flags.without(Flags::CLITIC).without(Flags::GLUED).without(Flags::HYPHEN);
        self.push_twice(&form, (first.start as usize, second.end as usize), flags);
    }

    fn finish(&mut self, dialects: Option<Dialects>) {
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
                    let meant = self.lexis.meant(dialects, token.word);
                    token.word = self.lexis.canonical(meant);
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
    fn join_letters(&mut self) {
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

    fn is_lone(&self, n: usize) -> bool {
        self.out.tokens.get(n).is_some_and(|token| {
            token.kind == TokenKind::Word
                && !token.in_hashtag()
                && self.out.form_of(token).chars().nth(1).is_none()
        })
    }

    /// The single byte between tokens `n - 1` and `n` that letters written apart may have between them.
    fn separator(&self, n: usize) -> Option<u8> {
        let (before, after) = (self.out.tokens[n - 1].end as usize, self.out.tokens[n].start as usize);
        let byte = *self.text.as_bytes().get(before)?;
        (after == before + 1 && matches!(byte, b' ' | b'.' | b'-' | b'_' | b'~' | b'|' | b'/'))
            .then_some(byte)
    }

    fn join(&mut self, from: usize, to: usize) {
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
    fn replace(&mut self, from: usize, to: usize, base: usize, word: Word, flags: Flags) {
        let end = self.out.tokens[to - 1].end;
        let form = (to_u32(base), to_u32(self.out.buf.len()));
        let word = self.lexis.canonical(word);
        let first = &mut self.out.tokens[from];
        *first = Token { end, form, word, flags: first.flags.with(flags).with(Flags::JOINED), ..*first };
        self.out.tokens.drain(from + 1..to);
        if let Some((open, close)) = &mut self.last_quote {
            let gone = |at: usize| if at >= to { to - from - 1 } else { at.saturating_sub(from + 1) };
            *open -= gone(*open);
            *close -= gone(*close);
        }
    }

    /// `di bakar`, written apart by mistake; `di Serang` with its capital is a place.
    fn join_di(&mut self) {
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
                let form = format!("di{}", self.out.form_of(&verb));
                let found = look::letters(self.lexis, &form, false);
                if self.lexis.is(found.word, bit::PASSIVE) {
                    let base = self.out.buf.len();
                    self.out.buf.push_str(&form);
                    self.replace(n, n + 2, base, found.word, found.flags);
                }
            }
            n += 1;
        }
    }

    /// Which dialects the text shows: two different markers, or one in a short text.
    fn dialects(&mut self) {
        let needed = if self.out.tokens.len() <= 6 { 1 } else { 2 };
        let mut counts = [0u8; Dialect::ALL.len()];
        let mut counted: Vec<Word> = Vec::new();
        for token in &self.out.tokens {
            let word = token.word;
            if self.lexis.is(word, bit::MARKER) && !counted.contains(&word) {
                counted.push(word);
                for dialect in self.lexis.markers(word).iter() {
                    let count = &mut counts[dialect as usize];
                    *count = count.saturating_add(1);
                }
            }
        }
        let mut dialects = Dialects::default();
        for dialect in Dialect::ALL {
            if counts[dialect as usize] >= needed {
                dialects.add(dialect);
            }
        }
        self.out.dialects = dialects;
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
