//! Two of the lexicon's sets near each other: a gift beside a number tells what neither tells alone.

use lexicons::narrow::Keyed;
use lexicons::weights::pair_key;
use lexicons::{Found, Range, SetId};

use super::features::Masks;
use crate::heard::Heard;

/// Tokens from the beginning of one term within which the next is near.
const REACH: usize = 8;

/// Two sets near each other in a text.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    /// See [`pair_key`].
    pub(crate) key: u64,
    /// The names of the sets, the lesser first.
    pub(crate) names: [&'a str; 2],
    /// Where they stand first.
    pub(crate) ranges: [Range; 2],
}

/// The pairs of sets that two terms of the post's text near each other belong to, each once, in order of their keys.
pub(crate) fn pairs<'a>(heard: &'a Heard<'_>, masks: &Masks) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    each(heard, masks, |key, sets, ranges| {
        let mut names = sets.map(|(set, _)| heard.lexicon.set_name(set));
        names.sort_unstable();
        pairs.push(Pair { key, names, ranges });
    });
    // In order of the text among those of one key, so that the first stays.
    pairs.sort_by_key(|pair| pair.key);
    pairs.dedup_by_key(|pair| pair.key);
    pairs
}

/// The keys of [`pairs`] alone.
pub(crate) fn keys(heard: &Heard<'_>, masks: &Masks) -> Vec<u64> {
    let mut keys = Vec::new();
    each(heard, masks, |key, _, _| keys.push(key));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Tells two sets of two terms near each other, as often as they stand so.
fn each(heard: &Heard<'_>, masks: &Masks, mut tell: impl FnMut(u64, [Keyed; 2], [Range; 2])) {
    let shown = heard.text.found().iter().filter(|found| masks.shows(heard, found.range.start));
    let terms: Vec<(Range, Keyed)> =
        shown.flat_map(|found| narrowest(heard, found).map(|set| (found.range, set))).collect();
    for (at, (range, one)) in terms.iter().enumerate() {
        let near = terms[at + 1..].iter().take_while(|(other, _)| other.start <= range.start + REACH);
        for (other, two) in near.filter(|(other, two)| other.start >= range.end && two.0 != one.0) {
            tell(pair_key(one.1, two.1), [*one, *two], [*range, *other]);
        }
    }
}

/// The narrowest sets of a term, as far as it counts as a hit of them.
fn narrowest<'a>(heard: &'a Heard<'_>, found: &'a Found) -> impl Iterator<Item = Keyed> + 'a {
    let counts = |set: SetId| found.is_whole() || heard.text.sets_of(found).any(|own| own == set);
    heard.lexicon.narrow().of(found.kind).iter().copied().filter(move |(set, _)| counts(*set))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_that_stand_near_each_other_are_a_pair_once_and_far_ones_are_none() {
        let lexicon = lexicons::Lexicon::builtin();
        let told = |text: &str| {
            let post = crate::check::post(text);
            let heard = Heard::new(&lexicon, &post);
            let pairs = pairs(&heard, &Masks::of(&heard));
            assert!(pairs.windows(2).all(|two| two[0].key < two[1].key), "each once, in order");
            assert!(pairs.iter().all(|pair| pair.names[0] < pair.names[1]), "the lesser name first");
            let keyed: Vec<u64> = pairs.iter().map(|pair| pair.key).collect();
            assert_eq!(keyed, keys(&heard, &Masks::of(&heard)));
            let starts = pairs.iter().map(|pair| (pair.ranges[0].start, pair.ranges[1].start));
            starts.collect::<Vec<_>>()
        };
        let near = told("amplop dibagi, coblos besok. amplop dibagi, coblos besok");
        assert!(near.contains(&(0, 2)), "{near:?}");
        assert!(near.iter().all(|(one, two)| one < two && two - one <= REACH), "{near:?}");
        let far = told("amplop a b c d e f g h coblos");
        assert!(far.iter().all(|(one, two)| (*one, *two) != (0, 9)), "{far:?}");
    }
}
