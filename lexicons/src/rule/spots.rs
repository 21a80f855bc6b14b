//! Where an expression may hold, seen from afar: tokens as bits, distances as shifts. It asks for no memory and is sure
//! when it says *nowhere*, which is what becomes of most rules that a post wakes: their words are there, but not beside
//! each other.

#[cfg(test)]
mod tests;

use super::{Expr, Near, Order};
use crate::fold::Folded;
use crate::set_bits::{Bits, SetId};

/// Longest text, in tokens, that is looked at so.
pub(super) const MOST: usize = u128::BITS as usize;

/// The tokens that an expression's matches may stand on; more may be told than there are, never fewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spots {
    /// Those from the first of a match to its last.
    extent: u128,
    /// Those of its last term.
    last: u128,
}

impl Spots {
    pub(super) const NOWHERE: Spots = Spots { extent: 0, last: 0 };
    pub(super) const ANYWHERE: Spots = Spots { extent: u128::MAX, last: u128::MAX };

    /// Of single terms, by all their tokens.
    pub(super) fn of(tokens: u128) -> Spots {
        Spots { extent: tokens, last: tokens }
    }

    /// Those of two together.
    fn or(self, other: Spots) -> Spots {
        Spots { extent: self.extent | other.extent, last: self.last | other.last }
    }

    pub(super) fn is_nowhere(self) -> bool {
        self.extent == 0
    }
}

/// Who knows what stands where.
pub(super) trait Seen {
    /// Whether a term of this set stands anywhere.
    fn has(&self, set: SetId) -> bool;
    /// Where the terms of a set stand.
    fn set(&self, set: SetId) -> Spots;
    /// On which tokens the terms of several sets stand.
    fn any(&self, sets: &[Bits]) -> u128;
    /// Where a class or what is asked of another part may stand.
    fn other(&self, expr: &Expr) -> Spots;
    /// The tokens with which a sentence begins, as bits.
    fn sentences(&self) -> u128;
}

/// The tokens of `folded` with which a sentence begins, but the first.
pub(super) fn sentences(folded: &Folded) -> u128 {
    let pairs = folded.tokens().windows(2).take(MOST - 1).enumerate();
    let begins = pairs.filter(|(_, pair)| pair[0].sentence != pair[1].sentence);
    begins.fold(0, |all, (at, _)| all | 1 << (at + 1))
}

/// In a path: of an OR those ways that are sets.
pub(crate) const PLAIN: u16 = u16::MAX;

/// What is left of a path behind one node: to which operand of it, and on from there. No path: all ways.
#[derive(Clone, Copy)]
struct Path<'p>(Option<&'p [u16]>);

impl<'p> Path<'p> {
    /// The operand that it leads to.
    fn next(self) -> Option<u16> {
        self.0?.last().copied()
    }

    /// What is left of it for the operand that it leads to.
    fn of_next(self) -> Path<'p> {
        Path(self.0.and_then(<[u16]>::split_last).map(|(_, rest)| rest))
    }

    /// What is left of it for operand `at`.
    fn of(self, at: usize) -> Path<'p> {
        let (next, rest) = self.0.and_then(<[u16]>::split_last).unzip();
        Path(rest.filter(|_| next.is_some_and(|next| usize::from(*next) == at)))
    }
}

/// Whether `expr` may hold, in all its ways or in that one alone which `path` leads to: it tells of each node the operand
/// to follow, the last first.
pub(super) fn may_stand(expr: &Expr, path: Option<&[u16]>, seen: &impl Seen) -> bool {
    somewhere(expr, Path(path), seen)
}

/// As [`along`], where nobody asks where: the first of several ways is enough.
fn somewhere(expr: &Expr, path: Path<'_>, seen: &impl Seen) -> bool {
    match expr {
        Expr::And(all) => {
            // What leads to the term that woke it is the rarest of them.
            let first = path.next().map_or(0, usize::from).min(all.len());
            let mut order = (first..all.len()).chain(0..first);
            order.all(|at| somewhere(&all[at], path.of(at), seen))
        }
        Expr::Or(all) => match path.next().map(|next| all.get(usize::from(next))) {
            Some(Some(expr)) => somewhere(expr, path.of_next(), seen),
            // Those that are sets: one of them woke it.
            Some(None) => true,
            None => all.iter().any(|expr| somewhere(expr, path, seen)),
        },
        Expr::Set(set) => seen.has(*set),
        Expr::Without(expr, _) | Expr::Closing(expr) => somewhere(expr, path, seen),
        Expr::Near(it) if it.negated => somewhere(&it.left, path, seen),
        Expr::Near(..) | Expr::Class(_) | Expr::In(..) => !along(expr, path, seen).is_nowhere(),
    }
}

/// Where `expr` may hold along a path.
fn along(expr: &Expr, path: Path<'_>, seen: &impl Seen) -> Spots {
    match expr {
        Expr::And(all) => {
            let mut last = 0;
            for (at, expr) in all.iter().enumerate() {
                let spots = along(expr, path.of(at), seen);
                if spots.is_nowhere() {
                    return Spots::NOWHERE;
                }
                last |= spots.last;
            }
            // From any of them to any other.
            Spots { extent: u128::MAX, last }
        }
        Expr::Or(all) => {
            if let Some(expr) = path.next().and_then(|next| all.get(usize::from(next))) {
                return along(expr, path.of_next(), seen);
            }
            let mut any = Spots::NOWHERE;
            for expr in all {
                // Most of what an OR asks after is a set that the text does not hold.
                match expr {
                    Expr::Set(set) if !seen.has(*set) => {}
                    Expr::Set(set) => any = any.or(seen.set(*set)),
                    _ if path.next().is_some() => {}
                    _ => any = any.or(along(expr, path, seen)),
                }
            }
            any
        }
        Expr::Set(set) => seen.set(*set),
        Expr::Without(expr, _) | Expr::Closing(expr) => along(expr, path, seen),
        Expr::Near(it) if it.negated => along(&it.left, path, seen),
        Expr::Near(it) => near(it, path, seen),
        Expr::Class(_) | Expr::In(..) => seen.other(expr),
    }
}

fn near(near: &Near, path: Path<'_>, seen: &impl Seen) -> Spots {
    let side = |at: usize, expr: &Expr| match &near.sets[at] {
        Some(sets) => Spots::of(seen.any(sets)),
        None => along(expr, path.of(at), seen),
    };
    let left = side(0, &near.left);
    if left.is_nowhere() {
        return left;
    }
    let right = side(1, &near.right);
    if right.is_nowhere() {
        return right;
    }
    let distance = near.reach.distance;
    let borders = if near.reach.one_sentence { seen.sentences() } else { 0 };
    let mut within = left.last;
    if near.reach.order != Order::RightFirst {
        within |= behind(left.last, distance, borders);
    }
    if near.reach.order != Order::LeftFirst {
        within |= before(left.last, distance, borders);
    }
    if within & right.extent == 0 {
        return Spots::NOWHERE;
    }
    // Between the two nothing is further from either than their distance.
    let both = left.extent | right.extent;
    Spots { extent: around(both, distance), last: right.last }
}

/// `tokens` and as many behind each, up to a border.
fn behind(mut tokens: u128, distance: u32, borders: u128) -> u128 {
    for _ in 0..distance.min(u128::BITS) {
        tokens |= (tokens << 1) & !borders;
    }
    tokens
}

/// `tokens` and as many before and behind each.
fn around(mut tokens: u128, distance: u32) -> u128 {
    let (mut left, mut step) = (distance.min(u128::BITS - 1), 1);
    while left > 0 {
        // What was reached before reaches twice as far.
        let by = left.min(step);
        tokens |= tokens << by | tokens >> by;
        (left, step) = (left - by, step + by);
    }
    tokens
}

/// `tokens` and as many before each, up to a border.
fn before(mut tokens: u128, distance: u32, borders: u128) -> u128 {
    for _ in 0..distance.min(u128::BITS) {
        tokens |= (tokens & !borders) >> 1;
    }
    tokens
}
