//! A set of terms by its number, and several at once as bits of a table.

use std::collections::BTreeMap;

/// A set of terms: named in `sets/`, or made of one term of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetId(pub(crate) u32);

impl SetId {
    /// Its place in tables of one row per set.
    pub fn index(self) -> usize {
        self.0 as usize
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

    /// Of one number, whatever it stands for.
    pub(crate) fn of_number(number: u32) -> Bits {
        Bits { word: number / 64, mask: 1 << (number % 64) }
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

    /// Those of them that stand in a table, as its word has them.
    #[inline]
    pub(crate) fn within(self, table: &[u64]) -> u64 {
        table.get(self.word as usize).map_or(0, |word| word & self.mask)
    }

    /// The number of the first that could stand beside them.
    #[inline]
    pub(crate) fn first(self) -> usize {
        self.word as usize * 64
    }

    /// The sets they stand for.
    #[cfg(test)]
    pub(crate) fn sets(self) -> impl Iterator<Item = SetId> {
        (0..64).filter(move |bit| self.mask & (1 << bit) != 0).map(move |bit| SetId(self.word * 64 + bit))
    }
}
