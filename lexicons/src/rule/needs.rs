//! What must stand in a post for an expression to hold at all, laid out flat: asked of every rule that a post wakes.

use super::{Expr, Field, SetId};

/// What each of many expressions cannot do without: questions for sets, each with the next question for yes and for no.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    sets: Vec<SetId>,
    questions: Vec<Question>,
    /// The first question of each expression.
    first: Vec<u32>,
}

/// Whether one of `sets` stands in a part.
#[derive(Clone, Copy, Debug)]
struct Question {
    field: Field,
    sets: (u32, u32),
    yes: u32,
    no: u32,
}

/// No more questions: it may hold.
const MAY: u32 = u32::MAX;
/// No more questions: it cannot.
const CANNOT: u32 = u32::MAX - 1;

impl Needs {
    /// What `exprs` need, in their order; `common` tells how common each set is. Those that are asked only once `woken`
    /// by the rarest that they need are asked for that last.
    pub(crate) fn of<'a>(exprs: impl Iterator<Item = &'a Expr>, common: &[u32], woken: bool) -> Needs {
        let mut needs = Needs::default();
        for expr in exprs {
            let (_, mut need) = weighed(expr, Field::Body, common);
            if let Need::All(all) = &mut need
                && woken
            {
                all.rotate_left(1);
            }
            let first = needs.ask(&need, MAY, CANNOT);
            needs.first.push(first);
        }
        needs
    }

    /// Adds the questions for `need`; returns the first of them.
    fn ask(&mut self, need: &Need, yes: u32, no: u32) -> u32 {
        match need {
            Need::Any(field, sets) => {
                let start = self.sets.len() as u32;
                self.sets.extend(sets);
                self.questions.push(Question {
                    field: *field,
                    sets: (start, self.sets.len() as u32),
                    yes,
                    no,
                });
                self.questions.len() as u32 - 1
            }
            Need::All(all) => all.iter().rev().fold(yes, |next, need| self.ask(need, next, no)),
            Need::One(all) => all.iter().rev().fold(no, |next, need| self.ask(need, yes, next)),
            Need::Nothing => yes,
        }
    }

    /// Whether all that the expression at `at` needs is there; `has` tells whether a part holds a term of a set.
    #[inline]
    pub(crate) fn met(&self, at: usize, has: impl Fn(Field, SetId) -> bool) -> bool {
        let mut next = self.first[at];
        while let Some(Question { field, sets: (start, end), yes, no }) = self.questions.get(next as usize) {
            let found = self.sets[*start as usize..*end as usize].iter().any(|set| has(*field, *set));
            next = if found { *yes } else { *no };
        }
        next == MAY
    }
}

/// What an expression needs, while it is being worked out.
enum Need {
    /// One of these sets in a part.
    Any(Field, Vec<SetId>),
    /// All of these, the rarest first.
    All(Vec<Need>),
    /// One of these.
    One(Vec<Need>),
    /// Nothing: a class may be enough.
    Nothing,
}

/// What nothing is needed for is as common as can be.
const EVERYWHERE: u32 = u32::MAX;

/// The need of `expr` in a part, and how common what it asks for is.
fn weighed(expr: &Expr, field: Field, common: &[u32]) -> (u32, Need) {
    match expr {
        Expr::Set(set) => any(field, std::iter::once(*set), common),
        Expr::And(all) => every(all.iter().map(|expr| weighed(expr, field, common)).collect()),
        Expr::Near(near) if !near.negated => {
            every(vec![weighed(&near.left, field, common), weighed(&near.right, field, common)])
        }
        Expr::Near(near) => weighed(&near.left, field, common),
        Expr::Or(all) => {
            let sets =
                all.iter().filter_map(|expr| if let Expr::Set(set) = expr { Some(*set) } else { None });
            let others = all.iter().filter(|expr| !matches!(expr, Expr::Set(_)));
            let mut ways: Vec<(u32, Need)> = others.map(|expr| weighed(expr, field, common)).collect();
            let (cost, sets) = any(field, sets, common);
            if cost > 0 {
                ways.insert(0, (cost, sets));
            }
            if ways.iter().any(|(_, need)| matches!(need, Need::Nothing)) {
                return (EVERYWHERE, Need::Nothing);
            }
            let cost = ways.iter().fold(0, |sum: u32, (cost, _)| sum.saturating_add(*cost));
            let mut ways: Vec<Need> = ways.into_iter().map(|(_, need)| need).collect();
            (cost, if ways.len() == 1 { ways.swap_remove(0) } else { Need::One(ways) })
        }
        Expr::Without(expr, _) | Expr::Closing(expr) => weighed(expr, field, common),
        Expr::In(field, expr) => weighed(expr, *field, common),
        Expr::Class(_) => (EVERYWHERE, Need::Nothing),
    }
}

fn any(field: Field, sets: impl Iterator<Item = SetId>, common: &[u32]) -> (u32, Need) {
    let sets: Vec<SetId> = sets.collect();
    let cost = sets.iter().map(|set| 1 + common.get(set.index()).copied().unwrap_or(0)).sum();
    (cost, Need::Any(field, sets))
}

fn every(mut all: Vec<(u32, Need)>) -> (u32, Need) {
    all.sort_by_key(|(cost, _)| *cost);
    let cost = all.first().map_or(EVERYWHERE, |(cost, _)| *cost);
    let mut needs: Vec<Need> =
        all.into_iter().map(|(_, need)| need).filter(|need| !matches!(need, Need::Nothing)).collect();
    match needs.len() {
        0 => (EVERYWHERE, Need::Nothing),
        1 => (cost, needs.swap_remove(0)),
        _ => (cost, Need::All(needs)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Near, Order, Reach};
    use super::*;

    fn set(n: u32) -> Expr {
        Expr::Set(SetId(n))
    }

    fn met(expr: &Expr, sets: &[u32]) -> bool {
        let needs = Needs::of(std::iter::once(expr), &[0; 100], true);
        needs.met(0, |field, set| field == Field::Body && sets.contains(&set.0))
    }

    #[test]
    fn one_of_each_group_must_be_present() {
        let reach = Reach { distance: 3, order: Order::Any, one_sentence: true };
        let near = Near::new(set(70), set(2), reach, false);
        let apart = Near::new(Expr::Near(Box::new(near)), set(9), reach, true);
        let ways = Expr::Or(vec![set(1), Expr::And(vec![set(3), set(4)])]);
        let expr = Expr::And(vec![ways, Expr::Closing(Box::new(Expr::Near(Box::new(apart))))]);
        assert!(met(&expr, &[1, 2, 70]));
        assert!(met(&expr, &[3, 4, 2, 70]));
        assert!(!met(&expr, &[1, 2]), "the other side of WITH");
        assert!(!met(&expr, &[2, 70]), "neither way of OR");
        assert!(!met(&expr, &[3, 2, 70]), "half a way of OR");
    }

    #[test]
    fn what_is_a_class_is_not_asked_for_and_another_part_by_itself() {
        let expr = Expr::And(vec![
            set(1),
            Expr::Class(super::super::Class::Time),
            Expr::Without(Box::new(set(3)), Box::new(set(4))),
        ]);
        assert!(met(&expr, &[1, 3]));
        assert!(!met(&expr, &[1]));
        assert!(met(&Expr::Or(vec![set(1), Expr::Class(super::super::Class::Time)]), &[]));
        let elsewhere = Expr::And(vec![set(1), Expr::In(Field::Bio, Box::new(set(2)))]);
        assert!(!met(&elsewhere, &[1, 2]));
        let needs = Needs::of(std::iter::once(&elsewhere), &[0; 10], true);
        assert!(
            needs
                .met(0, |field, set| (field, set.0) == (Field::Body, 1) || (field, set.0) == (Field::Bio, 2))
        );
    }
}
