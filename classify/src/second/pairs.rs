//! Two of the lexicon's sets near each other: a gift beside a number tells what neither tells alone.

use lexicons::sums::{Sum, is_shown};
use lexicons::weights::Weights;
use lexicons::{Found, Range};

use super::features::{Masks, Name, Piece};
use crate::heard::Heard;

/// Tokens from the beginning of one term within which the next is near.
const REACH: usize = 8;

/// Tells each pair of sets that two terms of the post's text near each other belong to, with where these stand; once.
pub(super) fn each<'a>(heard: &'a Heard<'_>, masks: &Masks, mut tell: impl FnMut(Name<'a>, [Range; 2])) {
    let terms: Vec<(Range, Vec<Piece<'a>>)> = heard
        .text
        .found()
        .iter()
        .filter(|found| masks.shows(heard, found.range.start))
        .map(|found| (found.range, shown(heard, found)))
        .collect();
    let mut pairs: Vec<(Name<'a>, [Range; 2])> = Vec::new();
    for (at, (range, sets)) in terms.iter().enumerate() {
        let near = terms[at + 1..].iter().take_while(|(other, _)| other.start <= range.start + REACH);
        for (other, others) in near.filter(|(other, _)| other.start >= range.end) {
            for (one, two) in sets.iter().flat_map(|one| others.iter().map(move |two| (one, two))) {
                let (first, second) = if one.text <= two.text { (one, two) } else { (two, one) };
                let name = Name::two(b'p', *first, *second);
                if first.text != second.text {
                    pairs.push((name, [*range, *other]));
                }
            }
        }
    }
    pairs.sort_unstable_by_key(|(name, [one, two])| (name.key, one.start, two.start));
    pairs.dedup_by_key(|(name, _)| name.key);
    pairs.into_iter().for_each(|(name, ranges)| tell(name, ranges));
}

/// What all pairs add up to.
pub(super) fn sum<const N: usize>(heard: &Heard<'_>, weights: &Weights, masks: &Masks) -> Sum<N> {
    let mut sum = Sum::default();
    each(heard, masks, |name, _| sum.add(weights, name.key));
    sum
}

/// The named sets of a term.
fn shown<'a>(heard: &'a Heard<'_>, found: &Found) -> Vec<Piece<'a>> {
    let names = heard.text.sets_of(found).map(|set| heard.lexicon.set_name(set));
    names.filter(|name| is_shown(name)).map(Piece::of).collect()
}
