//! Kinds of terms: all that belong to the same sets are of one kind, so that a hit is one entry however many sets it
//! stands in.

use std::collections::BTreeMap;

use crate::set_bits::{Bits, SetId};

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

/// The sets of each kind, one row behind the other: few stand in a row, so that the table stays small.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kinds {
    sets: Vec<SetId>,
    /// The sets of each kind as bits.
    bits: Vec<Bits>,
    rows: Vec<Row>,
    /// How many sets there are.
    known: usize,
}

/// Where the sets of a kind stand.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    sets: (u32, u32),
    bits: (u32, u32),
    /// A bit for each of 64 groups of sets.
    sign: u64,
}

/// The bit of [`Row::sign`] that stands for `set`.
#[inline]
fn sign(set: SetId) -> u64 {
    1 << (set.index() % 64)
}

impl Kinds {
    /// Every kind, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = Kind> + use<> {
        (0u32..).map(Kind).take(self.rows.len())
    }

    /// The sets of `kind`, in order.
    #[inline]
    pub(crate) fn sets(&self, kind: Kind) -> &[SetId] {
        let (start, end) = self.rows[kind.index()].sets;
        &self.sets[start as usize..end as usize]
    }

    /// The sets of `kind` as bits.
    #[inline]
    pub(crate) fn bits(&self, kind: Kind) -> &[Bits] {
        let (start, end) = self.rows[kind.index()].bits;
        &self.bits[start as usize..end as usize]
    }

    /// Whether a kind may hold a set; false is sure.
    #[inline]
    pub(crate) fn may_hold(&self, kind: Kind, set: SetId) -> bool {
        self.rows[kind.index()].sign & sign(set) != 0
    }

    /// How many sets the lexicon has.
    pub(crate) fn known(&self) -> usize {
        self.known
    }
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
        let mut rows: Vec<(Vec<SetId>, Kind)> = self.known.into_iter().collect();
        rows.sort_unstable_by_key(|(_, kind)| kind.index());
        let mut kinds = Kinds { known: self.sets, ..Kinds::default() };
        for (mut sets, _) in rows {
            let (first, first_bits) = (kinds.sets.len() as u32, kinds.bits.len() as u32);
            let sign = sets.iter().fold(0, |all, set| all | sign(*set));
            kinds.bits.extend(Bits::of(&sets));
            kinds.sets.append(&mut sets);
            let (end, end_bits) = (kinds.sets.len() as u32, kinds.bits.len() as u32);
            kinds.rows.push(Row { sets: (first, end), bits: (first_bits, end_bits), sign });
        }
        kinds
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
        let other = maker.kind(vec![SetId(3)]);
        assert_ne!(other, kind);
        assert_eq!(maker.kind(Vec::new()), Kind::NONE);
        let kinds = maker.finish();
        assert_eq!(kinds.all().count(), 3);
        assert_eq!(kinds.sets(kind), [SetId(3), SetId(64), SetId(129)]);
        assert_eq!(kinds.sets(other), [SetId(3)]);
        assert!(kinds.sets(Kind::NONE).is_empty());
        assert!(kinds.may_hold(kind, SetId(64)) && !kinds.may_hold(Kind::NONE, SetId(3)));
        assert_eq!(kinds.bits(kind), Bits::of(&[SetId(3), SetId(64), SetId(129)]));
    }
}
