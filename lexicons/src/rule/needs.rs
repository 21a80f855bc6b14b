//! What must stand in a post for an expression to hold at all, laid out flat: asked of every rule that a post wakes.

use std::collections::BTreeMap;

use super::{Class, Expr, Field};
use crate::set_bits::{Bits, SetId};

/// What each of many expressions cannot do without: questions for sets, each with the next question for yes and for no.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// Each group of sets that is asked after, once: where its bits stand.
    groups: Vec<(Field, u32, u32)>,
    bits: Vec<Bits>,
    known: BTreeMap<(u8, Vec<SetId>), u32>,
    questions: Vec<Question>,
    /// The first question of each expression.
    first: Vec<u32>,
}

/// What to ask, and the question that comes next.
#[derive(Clone, Copy, Debug)]
struct Question {
    ask: Ask,
    yes: u32,
    no: u32,
}

#[derive(Clone, Copy, Debug)]
enum Ask {
    /// Whether one of a group of sets stands in its part.
    Any(u32),
    /// Whether code finds this class in the judged part.
    Class(Class),
}

/// Who knows what stands in a post.
pub(crate) trait Known {
    /// Whether a part holds a term of one of these sets.
    fn has_any(&self, field: Field, sets: &[Bits]) -> bool;
    /// Whether the judged part holds something of `class`.
    fn finds(&self, class: Class) -> bool;
}

/// No more questions: it may hold.
const MAY: u32 = u32::MAX;
/// No more questions: it cannot.
const CANNOT: u32 = u32::MAX - 1;

impl Needs {
    /// Adds what an expression needs: all of `needs`, asked in their order. Returns where they stand.
    pub(crate) fn add(&mut self, needs: &[Need]) -> usize {
        let first = needs.iter().rev().fold(MAY, |next, need| self.ask(need, next, CANNOT));
        self.first.push(first);
        self.first.len() - 1
    }

    /// Adds the questions for `need`; returns the first of them.
    fn ask(&mut self, need: &Need, yes: u32, no: u32) -> u32 {
        match need {
            Need::Any(field, sets) => {
                let group = self.group(*field, sets);
                self.question(Ask::Any(group), yes, no)
            }
            Need::Class(class) => self.question(Ask::Class(*class), yes, no),
            Need::All(all) => all.iter().rev().fold(yes, |next, need| self.ask(need, next, no)),
            Need::One(all) => all.iter().rev().fold(no, |next, need| self.ask(need, yes, next)),
            Need::Nothing => yes,
        }
    }

    /// The number of a group of sets that is asked after in a part.
    fn group(&mut self, field: Field, sets: &[SetId]) -> u32 {
        let mut sorted = sets.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let Needs { groups, bits, known, .. } = self;
        *known.entry((field as u8, sorted)).or_insert_with_key(|(_, sets)| {
            let start = bits.len() as u32;
            bits.extend(Bits::of(sets));
            groups.push((field, start, bits.len() as u32));
            groups.len() as u32 - 1
        })
    }

    /// Whether one of a group stands in its part.
    #[inline]
    fn stands(&self, group: u32, known: &impl Known) -> bool {
        let (field, start, end) = self.groups[group as usize];
        known.has_any(field, &self.bits[start as usize..end as usize])
    }

    fn question(&mut self, ask: Ask, yes: u32, no: u32) -> u32 {
        self.questions.push(Question { ask, yes, no });
        self.questions.len() as u32 - 1
    }

    /// Whether all that the expression at `at` needs is there.
    #[inline]
    pub(crate) fn met(&self, at: usize, known: &impl Known) -> bool {
        let mut next = self.first[at];
        while let Some(Question { ask, yes, no }) = self.questions.get(next as usize) {
            let found = match ask {
                Ask::Any(group) => self.stands(*group, known),
                Ask::Class(class) => known.finds(*class),
            };
            next = if found { *yes } else { *no };
        }
        next == MAY
    }
}

/// What an expression needs, while it is being worked out.
pub(crate) enum Need {
    /// One of these sets in a part.
    Any(Field, Vec<SetId>),
    /// All of these, the rarest first.
    All(Vec<Need>),
    /// One of these.
    One(Vec<Need>),
    /// Something of a class.
    Class(Class),
    /// Nothing.
    Nothing,
}

impl Need {
    /// Sets of which one must stand in `part` for the need to be met; none where it may be met without any.
    pub(crate) fn sets_in(&self, part: Field) -> Option<Vec<SetId>> {
        match self {
            Need::Any(field, sets) => (*field == part).then(|| sets.clone()),
            Need::All(all) => all.iter().find_map(|need| need.sets_in(part)),
            Need::One(all) => {
                let each: Option<Vec<Vec<SetId>>> = all.iter().map(|need| need.sets_in(part)).collect();
                each.map(|all| all.concat())
            }
            Need::Class(_) | Need::Nothing => None,
        }
    }

    /// Whether code has to look through the text for it.
    pub(crate) fn is_dear(&self) -> bool {
        match self {
            Need::Class(_) => true,
            Need::All(all) | Need::One(all) => all.iter().any(Need::is_dear),
            Need::Any(..) | Need::Nothing => false,
        }
    }
}

/// What nothing is needed for is as common as can be.
const EVERYWHERE: u32 = u32::MAX;
/// What code has to look for is asked for last.
const DEAR: u32 = EVERYWHERE - 1;

impl Need {
    /// What `expr` needs in a part; `common` tells how common each set is.
    pub(crate) fn of(expr: &Expr, field: Field, common: &[u32]) -> Need {
        weighed(expr, field, common).1
    }
}

/// The need of `expr` in a part, and how common what it asks for is.
pub(crate) fn weighed(expr: &Expr, field: Field, common: &[u32]) -> (u32, Need) {
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
            let cost = ways.iter().fold(0, |sum: u32, (cost, _)| sum.saturating_add(*cost)).min(DEAR);
            let mut ways: Vec<Need> = ways.into_iter().map(|(_, need)| need).collect();
            (cost, if ways.len() == 1 { ways.swap_remove(0) } else { Need::One(ways) })
        }
        Expr::Without(expr, _) | Expr::Closing(expr) => weighed(expr, field, common),
        Expr::In(field, expr) => weighed(expr, *field, common),
        // Places cost more to find than a rule to try; the other parts are short.
        Expr::Class(Class::Place | Class::Sampiran) => (EVERYWHERE, Need::Nothing),
        Expr::Class(class) if field == Field::Body => (DEAR, Need::Class(*class)),
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

    fn needs_of(expr: &Expr) -> Needs {
        let mut needs = Needs::default();
        needs.add(&[Need::of(expr, Field::Body, &[0; 100])]);
        needs
    }

    fn met(expr: &Expr, sets: &[u32]) -> bool {
        let body: Vec<(Field, u32)> = sets.iter().map(|set| (Field::Body, *set)).collect();
        needs_of(expr).met(0, &Stands { sets: &body, classes: &[] })
    }

    struct Stands<'a> {
        sets: &'a [(Field, u32)],
        classes: &'a [Class],
    }

    impl Known for Stands<'_> {
        fn has_any(&self, field: Field, sets: &[Bits]) -> bool {
            sets.iter().flat_map(|bits| bits.sets()).any(|set| self.sets.contains(&(field, set.0)))
        }

        fn finds(&self, class: Class) -> bool {
            self.classes.contains(&class)
        }
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
    fn another_part_is_asked_by_itself_and_a_class_of_code_where_it_costs_little() {
        let both = Expr::And(vec![
            Expr::Class(Class::Money),
            set(1),
            Expr::In(Field::Bio, Box::new(set(2))),
            Expr::Class(Class::Place),
            Expr::Without(Box::new(set(3)), Box::new(set(4))),
        ]);
        let needs = needs_of(&both);
        let all = [(Field::Body, 1), (Field::Bio, 2), (Field::Body, 3)];
        assert!(needs.met(0, &Stands { sets: &all, classes: &[Class::Money] }));
        assert!(!needs.met(0, &Stands { sets: &all, classes: &[Class::Time] }), "no money");
        let body = [(Field::Body, 1), (Field::Body, 2), (Field::Body, 3)];
        assert!(!needs.met(0, &Stands { sets: &body, classes: &[Class::Money] }), "not in the profile");
        let either = Expr::Or(vec![set(1), Expr::Class(Class::Paslon)]);
        let needs = needs_of(&either);
        assert!(needs.met(0, &Stands { sets: &[], classes: &[Class::Paslon] }));
        assert!(!needs.met(0, &Stands { sets: &[], classes: &[] }));
    }
}
