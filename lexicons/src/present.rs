//! Which sets a text holds terms of, and between which of its hits each stands.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::rule::SetId;

/// The sets present in a text. Owns its tables, so that one serves text after text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Present {
    /// By set, as bits.
    bits: Vec<u64>,
    /// By set: its first hit and its last; of sets that are not present, those of an earlier text.
    hits: Vec<(u32, u32)>,
    /// Each that is present.
    all: Vec<SetId>,
}

impl Present {
    /// Forgets all; room for this many sets.
    pub(crate) fn clear(&mut self, sets: usize) {
        if self.hits.len() == sets {
            self.all.iter().for_each(|set| self.bits[set.index() / 64] = 0);
        } else {
            self.bits = vec![0; sets.div_ceil(64)];
            self.hits = vec![(0, 0); sets];
        }
        self.all.clear();
    }

    /// Adds the hit at `at`; hits come in order.
    #[inline]
    pub(crate) fn add(&mut self, set: SetId, at: usize) {
        let (bits, hits) = (&mut self.bits[set.index() / 64], &mut self.hits[set.index()]);
        let bit = 1 << (set.index() % 64);
        if *bits & bit == 0 {
            *bits |= bit;
            hits.0 = at as u32;
            self.all.push(set);
        }
        hits.1 = at as u32;
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

    /// From the first hit of `set` to one past the last.
    pub(crate) fn between(&self, set: SetId) -> Option<Range<usize>> {
        let (first, last) = self.hits.get(set.index()).filter(|_| self.has(set))?;
        Some(*first as usize..*last as usize + 1)
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
        let mut words: BTreeMap<u32, u64> = BTreeMap::new();
        for set in sets {
            *words.entry(set.0 / 64).or_default() |= 1 << (set.0 % 64);
        }
        words.into_iter().map(|(word, mask)| Bits { word, mask }).collect()
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
        [(SetId(3), 0), (SetId(130), 1), (SetId(3), 4)]
            .into_iter()
            .for_each(|(set, at)| present.add(set, at));
        assert_eq!(present.between(SetId(3)), Some(0..5));
        assert!(present.has(SetId(130)) && !present.has(SetId(4)) && !present.has(SetId(199)));
        assert!(present.has_any(&Bits::of(&[SetId(199), SetId(4), SetId(130)])));
        assert!(!present.has_any(&Bits::of(&[SetId(199), SetId(4), SetId(131)])));
        present.clear(200);
        assert!(!present.has(SetId(3)) && present.between(SetId(130)).is_none());
        present.clear(10);
        assert!(!present.has(SetId(130)));
    }
}
