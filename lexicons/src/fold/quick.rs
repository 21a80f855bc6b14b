//! The quick way through a word: what the careful way made of the same letters before is looked up by all of them at once.
//!
//! Most tokens of any text are short words of ASCII letters that stood in a text before. What becomes of such a word
//! hangs on its letters and on the vocabulary alone, never on what stands around it, as long as nothing follows that
//! could belong to it (a digit, an apostrophe, a sign that hides a letter). So it is worked out once, the careful way
//! (`scan/word.rs`), and kept in a row of this table; the next time sixteen bytes of the text are read as one number, the
//! letters at its beginning are the key, and the row is the answer. A row that another word needs is given to it: the
//! table never grows, and what a text becomes does not depend on what was read before.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Flags;
use crate::words::Word;

/// A vocabulary that no more words are added to; none may share rows with another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Edition(u32);

impl Edition {
    /// Not finished: nothing is kept of it.
    pub(super) const NONE: Edition = Edition(0);

    /// One that there was none of before.
    pub(super) fn new() -> Edition {
        static LAST: AtomicU32 = AtomicU32::new(0);
        Edition(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// What the careful way made of a word, whose form is the letters themselves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    /// Its letters in lower case, the first in the lowest byte; none where the row is free.
    letters: u128,
    edition: Edition,
    pub(super) word: Word,
    /// What is special about the word.
    pub(super) bits: u16,
    pub(super) flags: Flags,
}

/// A word at the beginning of sixteen bytes.
#[derive(Clone, Copy)]
pub(super) struct Letters {
    lower: u128,
    /// How many there are.
    pub(super) len: usize,
    /// Begins with a capital.
    pub(super) first_upper: bool,
    /// How many are capitals.
    pub(super) upper: usize,
}

/// The bits of the letters that a number's bytes begin with, and those of them that are capitals; the first byte of the
/// text is the lowest.
macro_rules! letters {
    ($number:ident: $type:ty) => {{
        // In every byte the number `n`.
        const fn each(n: u8) -> $type {
            <$type>::from_ne_bytes([n; size_of::<$type>()])
        }
        let small = $number | each(0x20);
        // The high bit of each byte tells of it: from `a` on, behind `z`, no ASCII at all.
        let seven = small & each(0x7F);
        let from_a = seven + each(0x80 - b'a');
        let behind_z = seven + each(0x80 - b'z' - 1);
        let others = !(from_a & !behind_z & !$number) & each(0x80);
        let len = (others.trailing_zeros() / 8) as usize;
        (len, small, !$number & each(0x20))
    }};
}

/// Addresses begin with these; they are for the careful way alone.
const ADDRESSES: [&[u8]; 3] = [b"http", b"https", b"www"];

impl Letters {
    /// The word that `bytes` begin with, of two to fifteen letters; none where what stands behind it may belong to it.
    #[inline(always)]
    pub(super) fn at(bytes: &[u8]) -> Option<Letters> {
        // Most words are short.
        if let Some(eight) = bytes.first_chunk() {
            let eight = u64::from_le_bytes(*eight);
            let (len, small, upper) = letters!(eight: u64);
            if len < 8 {
                let own = (1 << (8 * len)) - 1;
                let ends = len >= 2 && ends_word((eight >> (8 * len)) as u8);
                return ends.then(|| Letters::new(u128::from(small & own), len, u128::from(upper & own)));
            }
        }
        let sixteen = match bytes.first_chunk() {
            Some(sixteen) => u128::from_le_bytes(*sixteen),
            None => {
                let mut padded = [b' '; 16];
                padded[..bytes.len()].copy_from_slice(bytes);
                u128::from_le_bytes(padded)
            }
        };
        let (len, small, upper) = letters!(sixteen: u128);
        if !(2..16).contains(&len) || !ends_word((sixteen >> (8 * len)) as u8) {
            return None;
        }
        let own = (1 << (8 * len)) - 1;
        Some(Letters::new(small & own, len, upper & own))
    }

    /// Of the letters in lower case, and the bits of those that are capitals.
    #[inline]
    fn new(lower: u128, len: usize, upper: u128) -> Letters {
        let count = if upper == 0 { 0 } else { upper.count_ones() as usize };
        Letters { lower, len, first_upper: upper & 0x20 != 0, upper: count }
    }

    fn is_address(&self) -> bool {
        let bytes = self.lower.to_le_bytes();
        ADDRESSES.contains(&&bytes[..self.len])
    }
}

/// Whether nothing that begins with this byte goes on with the word before it, whatever follows.
#[inline]
fn ends_word(byte: u8) -> bool {
    const GOES_ON: u128 = bits(b"0123456789'`*@$\\&");
    byte < 0x80 && GOES_ON >> byte & 1 == 0
}

const fn bits(of: &[u8]) -> u128 {
    let (mut bits, mut n) = (0, 0);
    while n < of.len() {
        bits |= 1 << of[n];
        n += 1;
    }
    bits
}

/// How many rows there are, as a power of two: a quarter of a megabyte for each thread that reads.
const SIZE: u32 = 13;

thread_local! {
    static KEPT: Cell<Vec<Row>> = const { Cell::new(Vec::new()) };
}

/// This thread's rows, lent for one text.
pub(super) struct Rows {
    rows: Vec<Row>,
    edition: Edition,
}

impl Rows {
    pub(super) fn of(edition: Edition) -> Rows {
        let mut rows = if edition == Edition::NONE { Vec::new() } else { KEPT.take() };
        if edition != Edition::NONE && rows.is_empty() {
            rows.resize(1 << SIZE, Row::default());
        }
        Rows { rows, edition }
    }

    #[inline]
    fn place(letters: u128) -> usize {
        let (low, high) = (letters as u64, (letters >> 64) as u64);
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> (64 - SIZE)) as usize
    }

    /// What was made of a word, if that is kept.
    #[inline]
    pub(super) fn get(&self, letters: &Letters) -> Option<&Row> {
        let row = self.rows.get(Rows::place(letters.lower))?;
        (row.letters == letters.lower && row.edition == self.edition).then_some(row)
    }

    /// Keeps what was made of the word that `bytes` begin with, if it ends where `end` does.
    pub(super) fn keep(&mut self, bytes: &[u8], end: usize, word: Word, bits: u16, flags: Flags) {
        let Some(letters) = Letters::at(bytes).filter(|it| it.len == end && !it.is_address()) else { return };
        if let Some(row) = self.rows.get_mut(Rows::place(letters.lower)) {
            *row = Row { letters: letters.lower, edition: self.edition, word, bits, flags };
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if !self.rows.is_empty() {
            KEPT.set(std::mem::take(&mut self.rows));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_its_letters_up_to_what_cannot_belong_to_it() {
        let at = |text: &str| Letters::at(text.as_bytes()).map(|it| (it.len, it.first_upper, it.upper));
        assert_eq!(at("kotak suara"), Some((5, false, 0)));
        assert_eq!(at("Kotak"), Some((5, true, 1)));
        assert_eq!(at("KPU, katanya"), Some((3, true, 3)));
        assert_eq!(at("bakar-bakaran di sana"), Some((5, false, 0)));
        assert_eq!(at("abcdefghijklmno pq"), Some((15, false, 0)));
        for careful in
            ["abcdefghijklmnop", "a b", "b4kar", "jum'at", "kat\u{e0}", "b*kar", "rp&amp;", "x\\n", "[a"]
        {
            assert_eq!(at(careful), None, "{careful}");
        }
        assert!(Letters::at(b"HTTPS://x.invalid/abcdef").is_some_and(|it| it.is_address()));
    }

    #[test]
    fn what_one_vocabulary_made_of_a_word_is_nothing_to_another() {
        let (one, other) = (Edition::new(), Edition::new());
        let letters = Letters::at(b"serbu ").expect("it is a word");
        let mut rows = Rows::of(one);
        rows.keep(b"serbu ", 5, Word::NONE, 3, Flags::default());
        assert_eq!(rows.get(&letters).map(|row| row.bits), Some(3));
        drop(rows);
        assert!(Rows::of(other).get(&letters).is_none());
        assert!(Rows::of(one).get(&letters).is_some());
        assert!(Rows::of(Edition::NONE).get(&letters).is_none());
    }
}
