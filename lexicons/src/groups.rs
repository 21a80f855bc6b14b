//! Which groups of sets stand in a text: marked term by term, so that a question for a group is one bit.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::kinds::Kinds;
use crate::reading::Reading;
use crate::set_bits::{Bits, SetId};

/// Gives each group of sets that is asked after its number.
#[derive(Default)]
pub(crate) struct GroupMaker {
    known: BTreeMap<Vec<SetId>, u32>,
}

impl GroupMaker {
    /// The number of a group.
    pub(crate) fn group(&mut self, mut sets: Vec<SetId>) -> u32 {
        sets.sort_unstable();
        sets.dedup();
        let new = self.known.len() as u32 + Standing::ALWAYS + 1;
        *self.known.entry(sets).or_insert(new)
    }

    /// The table of all that were given, for the terms of `kinds` and for each of so many sets.
    pub(crate) fn finish(self, kinds: &Kinds, sets: usize) -> Groups {
        let mut of_set: Vec<Vec<u32>> = vec![Vec::new(); sets];
        for (members, group) in &self.known {
            members.iter().for_each(|set| of_set[set.index()].push(*group));
        }
        let mut groups = Groups { count: self.known.len() + 1, ..Groups::default() };
        for kind in kinds.all() {
            groups.by_kind.add(kinds.sets(kind).iter().flat_map(|set| of_set[set.index()].iter().copied()));
        }
        for of_set in &of_set {
            groups.by_set.add(of_set.iter().copied());
        }
        groups
    }
}

/// For each kind of term and each set, the groups that it stands for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    by_kind: Rows,
    by_set: Rows,
    count: usize,
}

/// Groups as bits, one row behind the other.
#[derive(Clone, Debug, Default)]
struct Rows {
    bits: Vec<Bits>,
    /// Where each row ends.
    ends: Vec<u32>,
}

impl Rows {
    fn add(&mut self, groups: impl Iterator<Item = u32>) {
        self.bits.extend(Bits::of_numbers(groups));
        self.ends.push(self.bits.len() as u32);
    }

    #[inline]
    fn mark(&self, row: usize, table: &mut [u64]) {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bits[start as usize..self.ends[row] as usize].iter().for_each(|bits| bits.mark(table));
    }
}

impl Groups {
    /// The groups that stand in the judged part.
    pub(crate) fn standing(&self, body: &Reading) -> Standing {
        let mut bits = TABLE.take();
        bits.clear();
        bits.resize(self.count.div_ceil(64), 0);
        Bits::of_number(Standing::ALWAYS).mark(&mut bits);
        for found in body.found() {
            if found.is_whole() {
                self.by_kind.mark(found.kind.index(), &mut bits);
            } else {
                body.sets_of(found).for_each(|set: SetId| self.by_set.mark(set.index(), &mut bits));
            }
        }
        Standing { bits }
    }
}

thread_local! {
    static TABLE: Cell<Vec<u64>> = const { Cell::new(Vec::new()) };
}

/// The groups that stand in one text; its table goes back to the thread it is from.
pub(crate) struct Standing {
    bits: Vec<u64>,
}

impl Standing {
    /// A group that stands in every text.
    pub(crate) const ALWAYS: u32 = 0;

    /// Whether a group stands.
    #[inline]
    pub(crate) fn has(&self, group: u32) -> bool {
        self.bits.get(group as usize / 64).is_some_and(|bits| bits & 1 << (group % 64) != 0)
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        TABLE.set(std::mem::take(&mut self.bits));
    }
}
