//! Kinds of terms: all that belong to the same sets are of one kind, so that a hit is one entry however many sets it
//! stands in.

use std::collections::BTreeMap;

use crate::rule::SetId;

/// Terms that belong to the same sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kind(u32);

impl Kind {
    /// Of no set.
    pub(crate) const NONE: Kind = Kind(0);

    /// Its place in tables of one row per kind.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The sets of each kind, as rows of bits in order of the sets' numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kinds {
    width: usize,
    bits: Vec<u64>,
}

impl Kinds {
    /// Every kind, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = Kind> + use<> {
        (0u32..).map(Kind).take(self.bits.len().checked_div(self.width).unwrap_or(0))
    }

    /// The sets of `kind`, as bits.
    #[inline]
    pub(crate) fn bits(&self, kind: Kind) -> &[u64] {
        &self.bits[kind.index() * self.width..][..self.width]
    }

    /// Length of a row, in words of 64 bits.
    #[inline]
    pub(crate) fn width(&self) -> usize {
        self.width
    }
}

/// Whether `set` stands in a row of bits.
#[inline]
pub(crate) fn holds(bits: &[u64], set: SetId) -> bool {
    bits.get(set.index() / 64).is_some_and(|bits| bits & (1 << (set.index() % 64)) != 0)
}

/// The sets that stand in a row of bits, in order.
pub(crate) fn ones(bits: &[u64]) -> impl Iterator<Item = SetId> + '_ {
    (0u32..).zip(bits).flat_map(|(at, bits)| {
        let left = std::iter::successors(Some(*bits), |bits| Some(bits & bits.wrapping_sub(1)));
        left.take_while(|bits| *bits != 0).map(move |bits| SetId(at * 64 + bits.trailing_zeros()))
    })
}

/// Gives each group of sets its kind.
pub(crate) struct KindMaker {
    sets: usize,
    known: BTreeMap<Vec<SetId>, Kind>,
}

impl KindMaker {
    /// For lexicons of this many sets.
    pub(crate) fn new(sets: usize) -> KindMaker {
        KindMaker { sets, known: BTreeMap::from([(Vec::new(), Kind::NONE)]) }
    }

    /// The kind of terms that belong to just these sets.
    pub(crate) fn kind(&mut self, mut sets: Vec<SetId>) -> Kind {
        sets.sort_unstable();
        sets.dedup();
        let new = Kind(u32::try_from(self.known.len()).unwrap_or(u32::MAX));
        *self.known.entry(sets).or_insert(new)
    }

    /// The table of all that were given.
    pub(crate) fn finish(self) -> Kinds {
        let width = self.sets.div_ceil(64);
        let mut bits = vec![0; width * self.known.len()];
        for (sets, kind) in self.known {
            let row = &mut bits[kind.index() * width..][..width];
            sets.iter().for_each(|set| row[set.index() / 64] |= 1 << (set.index() % 64));
        }
        Kinds { width, bits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sets_in_any_order_are_one_kind() {
        let mut maker = KindMaker::new(130);
        let kind = maker.kind(vec![SetId(129), SetId(3), SetId(64)]);
        assert_eq!(maker.kind(vec![SetId(3), SetId(64), SetId(129), SetId(3)]), kind);
        assert_ne!(maker.kind(vec![SetId(3)]), kind);
        assert_eq!(maker.kind(Vec::new()), Kind::NONE);
        let kinds = maker.finish();
        assert_eq!(kinds.all().count(), 3);
        assert_eq!(ones(kinds.bits(kind)).collect::<Vec<_>>(), [SetId(3), SetId(64), SetId(129)]);
        assert!(holds(kinds.bits(kind), SetId(64)) && !holds(kinds.bits(kind), SetId(65)));
        assert_eq!(ones(kinds.bits(Kind::NONE)).count(), 0);
    }
}
