//! What must stand in the judged part for an expression to hold at all: the question of `Look::can_hold` without the
//! other parts, worked out once for each rule and laid out as bits, since it is asked of every rule that a post wakes.

use super::{Expr, Field, SetId};

/// What an expression cannot do without in the judged part.
#[derive(Clone, Debug)]
pub(crate) enum Needs {
    /// One of these sets, as bits of the words of a reading's `present`.
    Any(Box<[(usize, u64)]>),
    /// All of these, the rarest first.
    All(Box<[Needs]>),
    /// One of these.
    One(Box<[Needs]>),
    /// Nothing: a class, or what stands in another part.
    Nothing,
}

impl Needs {
    /// What `expr` needs; `common` tells how common each set is.
    pub(crate) fn of(expr: &Expr, common: &[u32]) -> Needs {
        weighed(expr, common).1
    }

    /// Whether it is there.
    pub(crate) fn met(&self, present: &[u64]) -> bool {
        match self {
            Needs::Any(bits) => {
                bits.iter().any(|(at, bits)| present.get(*at).is_some_and(|present| present & bits != 0))
            }
            Needs::All(all) => all.iter().all(|needs| needs.met(present)),
            Needs::One(all) => all.iter().any(|needs| needs.met(present)),
            Needs::Nothing => true,
        }
    }
}

/// What nothing is needed for is as common as can be.
const EVERYWHERE: u32 = u32::MAX;

/// The needs of `expr`, and how common what they ask for is.
fn weighed(expr: &Expr, common: &[u32]) -> (u32, Needs) {
    match expr {
        Expr::Set(set) => any(std::iter::once(*set), common),
        Expr::And(all) => every(all.iter().map(|expr| weighed(expr, common)).collect()),
        Expr::Near(near) if !near.negated => {
            every(vec![weighed(&near.left, common), weighed(&near.right, common)])
        }
        Expr::Near(near) => weighed(&near.left, common),
        Expr::Or(all) => {
            let sets =
                all.iter().filter_map(|expr| if let Expr::Set(set) = expr { Some(*set) } else { None });
            let others = all.iter().filter(|expr| !matches!(expr, Expr::Set(_)));
            let mut ways: Vec<(u32, Needs)> = others.map(|expr| weighed(expr, common)).collect();
            let (cost, sets) = any(sets, common);
            if cost > 0 {
                ways.insert(0, (cost, sets));
            }
            if ways.iter().any(|(_, needs)| matches!(needs, Needs::Nothing)) {
                return (EVERYWHERE, Needs::Nothing);
            }
            let cost = ways.iter().fold(0, |sum: u32, (cost, _)| sum.saturating_add(*cost));
            let mut ways: Vec<Needs> = ways.into_iter().map(|(_, needs)| needs).collect();
            let one = if ways.len() == 1 { ways.swap_remove(0) } else { Needs::One(ways.into()) };
            (cost, one)
        }
        Expr::Without(expr, _) | Expr::In(Field::Body, expr) | Expr::Closing(expr) => weighed(expr, common),
        Expr::Class(_) | Expr::In(..) => (EVERYWHERE, Needs::Nothing),
    }
}

fn any(sets: impl Iterator<Item = SetId>, common: &[u32]) -> (u32, Needs) {
    let mut bits: Vec<(usize, u64)> = Vec::new();
    let mut cost = 0;
    for set in sets {
        cost += 1 + common.get(set.index()).copied().unwrap_or(0);
        let (at, bit) = (set.index() / 64, 1 << (set.index() % 64));
        match bits.iter_mut().find(|(word, _)| *word == at) {
            Some((_, bits)) => *bits |= bit,
            None => bits.push((at, bit)),
        }
    }
    (cost, Needs::Any(bits.into()))
}

fn every(mut all: Vec<(u32, Needs)>) -> (u32, Needs) {
    all.sort_by_key(|(cost, _)| *cost);
    let cost = all.first().map_or(EVERYWHERE, |(cost, _)| *cost);
    let mut needs: Vec<Needs> =
        all.into_iter().map(|(_, needs)| needs).filter(|needs| !matches!(needs, Needs::Nothing)).collect();
    match needs.len() {
        0 => (EVERYWHERE, Needs::Nothing),
        1 => (cost, needs.swap_remove(0)),
        _ => (cost, Needs::All(needs.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Near, Order, Reach};
    use super::*;

    fn set(n: u32) -> Expr {
        Expr::Set(SetId(n))
    }

    #[test]
    fn one_of_each_group_must_be_present() {
        let reach = Reach { distance: 3, order: Order::Any, one_sentence: true };
        let near = Near { left: set(70), right: set(2), reach, negated: false };
        let apart = Near { left: Expr::Near(Box::new(near)), right: set(9), reach, negated: true };
        let ways = Expr::Or(vec![set(1), Expr::And(vec![set(3), set(4)])]);
        let expr = Expr::And(vec![ways, Expr::Closing(Box::new(Expr::Near(Box::new(apart))))]);
        let needs = Needs::of(&expr, &[0; 100]);
        let present = |sets: &[u32]| {
            let mut bits = [0u64; 2];
            sets.iter().for_each(|set| bits[*set as usize / 64] |= 1 << (set % 64));
            bits
        };
        assert!(needs.met(&present(&[1, 2, 70])));
        assert!(needs.met(&present(&[3, 4, 2, 70])));
        assert!(!needs.met(&present(&[1, 2])), "the other side of WITH");
        assert!(!needs.met(&present(&[2, 70])), "neither way of OR");
    }

    #[test]
    fn what_stands_in_another_part_or_is_a_class_is_not_asked_here() {
        let expr = Expr::And(vec![
            set(1),
            Expr::In(Field::Bio, Box::new(set(2))),
            Expr::Class(super::super::Class::Time),
            Expr::Without(Box::new(set(3)), Box::new(set(4))),
        ]);
        let needs = Needs::of(&expr, &[0; 10]);
        assert!(needs.met(&[0b1010]));
        assert!(!needs.met(&[0b0010]));
    }
}
