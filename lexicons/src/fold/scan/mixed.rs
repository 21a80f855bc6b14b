//! A word of any letters, digits and symbols: in pieces, disguised, with a number or written twice.

use arrayvec::ArrayString;

use super::super::chars::{Unit, unit};
use super::super::{Flags, TokenKind, bit, look};
use super::{Scan, add, capitals};
use crate::words::Word;

/// Longest word, in bytes, that a number follows: all are short.
const LONGEST_NUMBERED: usize = 32;

impl Scan<'_> {
    /// The careful way through a word: any script, digits and symbols within it, marks and invisible characters.
    pub(super) fn slow(&mut self, at: usize, limit: usize) -> usize {
        let mut chars = std::mem::take(&mut self.out.chars);
        chars.clear();
        let mut end = at;
        let mut upper = 0;
        let mut letters = 0;
        let mut numbered = false;
        while end < limit {
            let (unit, len) = unit(self.text, end);
            match unit {
                Unit::Text(few) => {
                    let digit = few.as_slice().first().is_some_and(char::is_ascii_digit);
                    numbered = digit && self.is_numbered(&chars);
                    if numbered {
                        break;
                    }
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
        if numbered {
            // As on the quick way: *Rp１00*, *jam２1* are a word and its number, which is read by itself.
            self.glue = Flags::GLUED;
        }
        // Always forward, even when nothing was readable.
        end.max(at + 1)
    }

    /// Whether `chars`, but for a number at their beginning, are a word that a number follows (`no`, `tps`).
    fn is_numbered(&self, chars: &[(char, u32, u32)]) -> bool {
        let leading = chars.iter().take_while(|(c, ..)| c.is_ascii_digit()).count();
        let word = if leading >= 2 { &chars[leading..] } else { chars };
        let mut form = ArrayString::<LONGEST_NUMBERED>::new();
        let all = word.iter().filter(|(c, ..)| *c != '²').all(|(c, ..)| form.try_push(*c).is_ok());
        all && self.lexis.is(self.lexis.words.get(&form), bit::NUMBERED)
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
            self.push_letters(at, end, base, true, flags);
            return;
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
            self.push_letters(at, end, base, true, flags);
            return;
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
        let second = suffixed(&stem, &suffix);
        let second = look::letters(self.lexis, &second, true).form.unwrap_or(second);
        // Without its stretched letters the second half may be another word (`jaal2an`): then it is none written twice.
        if !second.starts_with(&stem) {
            return false;
        }
        let base = self.out.buf.len();
        if self.glue == Flags::HYPHEN {
            // *gara-gara2*: it stands twice already.
            self.out.buf.push_str(&second);
            self.push_letters(at, end, base, true, flags);
            return true;
        }
        self.out.buf.extend([stem.as_str(), "-", second.as_str()]);
        self.push_twice(base, (at, end), flags);
        true
    }

    /// Takes up a word written twice, whose form stands in the buffer from `base` on.
    pub(super) fn push_twice(&mut self, base: usize, (at, end): (usize, usize), flags: Flags) {
        let found = look::twice(self.lexis, &self.out.buf[base..]);
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

    /// Splits `50rb`, `mei05`; keeps what is no number beside a word (`c3bong`, `a1b2`) whole.
    fn runs(&mut self, chars: &[(char, u32, u32)], (at, end): (usize, usize), flags: Flags) {
        let mut runs: Vec<&[(char, u32, u32)]> =
            chars.chunk_by(|a, b| a.0.is_ascii_digit() == b.0.is_ascii_digit()).collect();
        let symbols = chars.iter().any(|(c, ..)| matches!(c, '*' | '@' | '$'));
        if symbols || runs.len() > 2 {
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
}

/// A stem and its suffix as one word, no letter more than twice in a row (`adii2i`).
fn suffixed(stem: &str, suffix: &str) -> String {
    let mut back = stem.chars().rev();
    let last = back.next().filter(|last| back.next() == Some(*last));
    let suffix = last.and_then(|last| suffix.strip_prefix(last)).unwrap_or(suffix);
    format!("{stem}{suffix}")
}
