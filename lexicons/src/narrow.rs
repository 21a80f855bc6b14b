//! The narrowest sets of each kind of term: a term stands in ten sets, and the least wide of them tell most of what it is.

use crate::kinds::{Kind, Kinds};
use crate::set_bits::SetId;
use crate::sums::is_shown;
use crate::weights::piece_key;

/// How many sets of a term count.
const FEW: usize = 2;

/// A set with the key of its name, which pairs of sets are looked up by.
pub type Keyed = (SetId, u64);

/// The narrowest sets of each kind.
#[derive(Clone, Debug, Default)]
pub struct Narrow(Vec<Vec<Keyed>>);

impl Narrow {
    pub(crate) fn new(kinds: &Kinds, set_names: &[String]) -> Narrow {
        // A set is as wide as there are kinds of term in it.
        let mut width = vec![0_u32; set_names.len()];
        kinds.all().flat_map(|kind| kinds.sets(kind)).for_each(|set| width[set.index()] += 1);
        let narrowest = |kind: Kind| {
            let name = |set: &SetId| set_names[set.index()].as_str();
            let mut sets: Vec<SetId> =
                kinds.sets(kind).iter().copied().filter(|set| is_shown(name(set))).collect();
            sets.sort_unstable_by_key(|set| (width[set.index()], name(set)));
            sets.truncate(FEW);
            sets.into_iter().map(|set| (set, piece_key(name(&set)))).collect()
        };
        Narrow(kinds.all().map(narrowest).collect())
    }

    /// The narrowest sets of a kind, the narrowest first.
    #[inline]
    pub fn of(&self, kind: Kind) -> &[Keyed] {
        self.0.get(kind.index()).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::KindMaker;

    #[test]
    fn a_term_is_told_by_its_narrowest_named_sets() {
        let names = ["wide", "fist", "blow", "~pukul"].map(str::to_owned);
        let [wide, fist, blow, own] = [0, 1, 2, 3].map(SetId);
        let mut maker = KindMaker::new(names.len());
        let hit = maker.kind(vec![wide, fist, blow, own]);
        let other = maker.kind(vec![wide, blow]);
        maker.kind(vec![wide]);
        let narrow = Narrow::new(&maker.finish(), &names);
        let keyed = |set: SetId| (set, piece_key(&names[set.index()]));
        assert_eq!(narrow.of(hit), [fist, blow].map(keyed));
        assert_eq!(narrow.of(other), [blow, wide].map(keyed));
        assert!(narrow.of(Kind::NONE).is_empty());
    }
}
