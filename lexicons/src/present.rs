//! Which sets a text holds terms of, and between which of its hits each stands.

use std::cell::{Ref, RefCell};

use crate::range::Range;
use crate::set_bits::{Bits, SetId};

/// The sets present in a text. Owns its tables, so that one serves text after text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Present {
    /// By set, as bits.
    bits: Vec<u64>,
    hits: RefCell<Hits>,
}

/// By set: its first hit and its last; of sets that are not present, those of an earlier text. Made when first asked
/// for: most texts are done with before.
#[derive(Clone, Debug, Default)]
struct Hits {
    known: bool,
    rows: Vec<HitsOf>,
}

/// Where a set is hit: from which hit of the text to which, and on which of its first 128 tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HitsOf {
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) tokens: u128,
}

impl Present {
    /// Forgets all; room for this many sets.
    pub(crate) fn clear(&mut self, sets: usize) {
        self.bits.clear();
        self.bits.resize(sets.div_ceil(64), 0);
        let hits = self.hits.get_mut();
        hits.known = false;
        hits.rows.resize(sets, HitsOf::default());
    }

    /// Adds sets.
    #[inline]
    pub(crate) fn add(&mut self, sets: &[Bits]) {
        sets.iter().for_each(|sets| sets.mark(&mut self.bits));
    }

    /// Adds one set.
    pub(crate) fn add_one(&mut self, set: SetId) {
        self.bits[set.index() / 64] |= 1 << (set.index() % 64);
    }

    /// Whether `set` is present.
    #[inline]
    pub(crate) fn has(&self, set: SetId) -> bool {
        self.bits.get(set.index() / 64).is_some_and(|bits| bits & (1 << (set.index() % 64)) != 0)
    }

    /// Whether one of several sets is present.
    #[inline]
    pub(crate) fn has_any(&self, sets: &[Bits]) -> bool {
        sets.iter().any(|sets| sets.within(&self.bits) != 0)
    }

    /// Whether every set that is present in `other` is present here.
    pub(crate) fn has_all_of(&self, other: &Present) -> bool {
        self.bits.len() >= other.bits.len()
            && self.bits.iter().zip(&other.bits).all(|(here, there)| there & !here == 0)
    }

    /// Where `set` is hit, if it is; `hits` are all of the text, in order.
    #[inline]
    pub(crate) fn hits<'a>(
        &self,
        set: SetId,
        hits: impl Iterator<Item = (Range, &'a [SetId])>,
    ) -> Option<HitsOf> {
        self.has(set).then(|| self.found(hits).rows[set.index()])
    }

    /// On which of the first 128 tokens one of several sets is hit; `hits` are all of the text, in order.
    #[inline]
    pub(crate) fn tokens<'a>(&self, sets: &[Bits], hits: impl Iterator<Item = (Range, &'a [SetId])>) -> u128 {
        if !self.has_any(sets) {
            return 0;
        }
        let (found, mut tokens) = (self.found(hits), 0);
        for sets in sets {
            let mut here = sets.within(&self.bits);
            while here != 0 {
                tokens |= found.rows[sets.first() + here.trailing_zeros() as usize].tokens;
                here &= here - 1;
            }
        }
        tokens
    }

    fn found<'a>(&self, hits: impl Iterator<Item = (Range, &'a [SetId])>) -> Ref<'_, Hits> {
        if !self.hits.borrow().known {
            self.hits.borrow_mut().find(&self.bits, hits);
        }
        self.hits.borrow()
    }
}

impl Hits {
    /// Finds those of the sets that are `present`.
    fn find<'a>(&mut self, present: &[u64], hits: impl Iterator<Item = (Range, &'a [SetId])>) {
        self.known = true;
        for (word, bits) in present.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let none = HitsOf { first: u32::MAX, last: 0, tokens: 0 };
                self.rows[word * 64 + bits.trailing_zeros() as usize] = none;
                bits &= bits - 1;
            }
        }
        for (at, (range, sets)) in (0u32..).zip(hits) {
            let tokens = range.bits();
            for set in sets {
                let row = &mut self.rows[set.index()];
                (row.first, row.last) = (row.first.min(at), at);
                row.tokens |= tokens;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_text_held_is_forgotten() {
        let mut present = Present::default();
        present.clear(200);
        let hits: [&[SetId]; 5] = [&[SetId(3)], &[SetId(130)], &[], &[], &[SetId(3)]];
        hits.iter().for_each(|sets| present.add(&Bits::of(sets)));
        let at = |set| {
            let hits = (0..).zip(hits).map(|(at, sets)| (Range { start: at, end: at + 1 }, sets));
            present.hits(SetId(set), hits).map(|of| (of.first, of.last, of.tokens))
        };
        assert_eq!((at(3), at(130), at(4)), (Some((0, 4, 0b10001)), Some((1, 1, 0b10)), None));
        let tokens = |sets: &[SetId]| {
            let hits = (0..).zip(hits).map(|(at, sets)| (Range { start: at, end: at + 1 }, sets));
            present.tokens(&Bits::of(sets), hits)
        };
        assert_eq!((tokens(&[SetId(130), SetId(3), SetId(4)]), tokens(&[SetId(4)])), (0b10011, 0));
        assert!(present.has(SetId(130)) && !present.has(SetId(4)) && !present.has(SetId(199)));
        assert!(present.has_any(&Bits::of(&[SetId(199), SetId(4), SetId(130)])));
        assert!(!present.has_any(&Bits::of(&[SetId(199), SetId(4), SetId(131)])));
        let mut fewer = Present::default();
        fewer.clear(200);
        fewer.add_one(SetId(130));
        assert!(present.has_all_of(&fewer) && !fewer.has_all_of(&present));
        present.clear(200);
        assert!(!present.has(SetId(3)));
        present.add_one(SetId(3));
        let again = present.hits(SetId(3), std::iter::once((Range { start: 7, end: 8 }, hits[0])));
        assert_eq!(again, Some(HitsOf { first: 0, last: 0, tokens: 1 << 7 }));
        present.clear(10);
        assert!(!present.has(SetId(130)));
    }
}
