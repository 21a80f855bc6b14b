//! Two of the lexicon's sets near each other: a gift beside a number tells what neither tells alone.

use lexicons::weights::{pair_key, piece_key};
use lexicons::{Found, Range};

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

/// A set of a term: its name, and the key of it.
type Named<'a> = (&'a str, u64);

/// The pairs of sets that two terms of the post's text near each other belong to, each once, in order of their keys.
pub(crate) fn pairs<'a>(heard: &'a Heard<'_>, masks: &Masks) -> Vec<Pair<'a>> {
    let shown = heard.text.found().iter().filter(|found| masks.shows(heard, found.range.start));
    let terms: Vec<(Range, Vec<Named<'a>>)> =
        shown.map(|found| (found.range, narrowest(heard, found))).collect();
    let mut pairs = Vec::new();
    for (at, (range, sets)) in terms.iter().enumerate() {
        let near = terms[at + 1..].iter().take_while(|(other, _)| other.start <= range.start + REACH);
        for (other, others) in near.filter(|(other, _)| other.start >= range.end) {
            for (one, two) in sets.iter().flat_map(|one| others.iter().map(move |two| (one, two))) {
                if one.0 != two.0 {
                    let names = if one.0 < two.0 { [one.0, two.0] } else { [two.0, one.0] };
                    pairs.push(Pair { key: pair_key(one.1, two.1), names, ranges: [*range, *other] });
                }
            }
        }
    }
    // In order of the text among those of one key, so that the first stays.
    pairs.sort_by_key(|pair| pair.key);
    pairs.dedup_by_key(|pair| pair.key);
    pairs
}

/// The narrowest sets of a term, as far as it counts as a hit of them.
fn narrowest<'a>(heard: &'a Heard<'_>, found: &Found) -> Vec<Named<'a>> {
    let sets = heard.lexicon.narrow().of(found.kind).iter();
    let counts =
        |set: &&lexicons::SetId| found.is_whole() || heard.text.sets_of(found).any(|own| own == **set);
    let name = |set: &lexicons::SetId| heard.lexicon.set_name(*set);
    sets.filter(counts).map(|set| (name(set), piece_key(name(set)))).collect()
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
