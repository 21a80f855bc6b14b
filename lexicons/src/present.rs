//! Which sets a text holds terms of, and between which of its hits each stands.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::rule::SetId;

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
    rows: Vec<(u32, u32)>,
    /// The sets whose first hit is known, as bits.
    seen: Vec<u64>,
}

impl Present {
    /// Forgets all; room for this many sets.
    pub(crate) fn clear(&mut self, sets: usize) {
        self.bits.clear();
        self.bits.resize(sets.div_ceil(64), 0);
        let hits = self.hits.get_mut();
        hits.known = false;
        hits.rows.resize(sets, (0, 0));
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
        sets.iter().any(|sets| self.bits.get(sets.word as usize).is_some_and(|bits| bits & sets.mask != 0))
    }

    /// From the first hit of `set` to one past the last; `sets` are those of each hit, in order.
    pub(crate) fn between<'a>(
        &self,
        set: SetId,
        sets: impl Iterator<Item = &'a [SetId]>,
    ) -> Option<Range<usize>> {
        if !self.has(set) {
            return None;
        }
        let Hits { known, rows, seen } = &mut *self.hits.borrow_mut();
        if !*known {
            *known = true;
            seen.clear();
            seen.resize(self.bits.len(), 0);
            for (at, sets) in sets.enumerate() {
                for set in sets {
                    let (row, bit) = (&mut rows[set.index()], 1 << (set.index() % 64));
                    let seen = &mut seen[set.index() / 64];
                    if *seen & bit == 0 {
                        row.0 = at as u32;
                    }
                    *seen |= bit;
                    row.1 = at as u32;
                }
            }
        }
        let (first, last) = rows[set.index()];
        Some(first as usize..last as usize + 1)
    }
}

/// Sets that stand side by side in the table of bits: asked after all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    word: u32,
    mask: u64,
}

impl Bits {
    /// Of `sets`, in as few as hold them.
    pub(crate) fn of(sets: &[SetId]) -> Vec<Bits> {
        Bits::of_numbers(sets.iter().map(|set| set.0))
    }

    /// Of numbers, whatever they stand for.
    pub(crate) fn of_numbers(numbers: impl Iterator<Item = u32>) -> Vec<Bits> {
        let mut words: BTreeMap<u32, u64> = BTreeMap::new();
        for number in numbers {
            *words.entry(number / 64).or_default() |= 1 << (number % 64);
        }
        words.into_iter().map(|(word, mask)| Bits { word, mask }).collect()
    }

    /// Sets them in a table that has room for them.
    #[inline]
    pub(crate) fn mark(self, table: &mut [u64]) {
        if let Some(word) = table.get_mut(self.word as usize) {
            *word |= self.mask;
        }
    }

    /// The sets they stand for.
    #[cfg(test)]
    pub(crate) fn sets(self) -> impl Iterator<Item = SetId> {
        (0..64).filter(move |bit| self.mask & (1 << bit) != 0).map(move |bit| SetId(self.word * 64 + bit))
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
        assert_eq!(present.between(SetId(3), hits.into_iter()), Some(0..5));
        assert_eq!(present.between(SetId(130), hits.into_iter()), Some(1..2));
        assert!(present.has(SetId(130)) && !present.has(SetId(4)) && !present.has(SetId(199)));
        assert!(present.has_any(&Bits::of(&[SetId(199), SetId(4), SetId(130)])));
        assert!(!present.has_any(&Bits::of(&[SetId(199), SetId(4), SetId(131)])));
        present.clear(200);
        assert!(!present.has(SetId(3)) && present.between(SetId(3), hits.into_iter()).is_none());
        present.add_one(SetId(3));
        assert_eq!(present.between(SetId(3), hits[3..].iter().copied()), Some(1..2));
        present.clear(10);
        assert!(!present.has(SetId(130)));
    }
}
