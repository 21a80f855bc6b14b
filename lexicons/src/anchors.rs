//! Which rules a term wakes: each way in which a rule may hold hangs on the rarest sets that it cannot hold without.

use std::collections::BTreeMap;

use crate::groups::{GroupMaker, Groups, Standing};
use crate::kinds::{Kind, Kinds};
use crate::reading::Reading;
use crate::rule::{Expr, Field, Known, Need, Needs, PLAIN, Rule, weighed};
use crate::set_bits::SetId;

/// The ways in which the rules of a lexicon may hold, by what wakes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anchors {
    by_field: [FieldAnchors; 5],
    /// Ways that hang on no set.
    always: Vec<Wake>,
    /// The rule of each way.
    rules: Vec<usize>,
    /// What each way needs.
    needs: Needs,
    /// How each way leads from the top of its rule to what it hangs on, one behind the other.
    paths: Vec<u16>,
    /// Where the path of each way ends.
    ends: Vec<u32>,
    gates: Groups,
}

/// How many groups of sets a way is seen by at a glance to lack or to have.
const GATES: usize = 2;

/// A way, and its gates: the rarest groups of sets, beside those that wake it, of which it needs one each in the judged
/// part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wake {
    way: u32,
    gates: [u32; GATES],
}

impl Wake {
    #[inline]
    fn is_open(&self, standing: &Standing) -> bool {
        self.gates.iter().all(|gate| standing.has(*gate))
    }
}

/// Ways by kind of term, one kind's behind the other's.
#[derive(Clone, Debug, Default)]
struct FieldAnchors {
    ways: Vec<Wake>,
    /// Where those of each kind end.
    ends: Vec<u32>,
}

impl FieldAnchors {
    fn new(by_set: &BTreeMap<SetId, Vec<Wake>>, kinds: &Kinds) -> FieldAnchors {
        let mut anchors = FieldAnchors::default();
        for kind in kinds.all() {
            let mut woken: Vec<Wake> =
                kinds.sets(kind).iter().filter_map(|set| by_set.get(set)).flatten().copied().collect();
            woken.sort_unstable();
            woken.dedup();
            anchors.ways.extend(woken);
            anchors.ends.push(anchors.ways.len() as u32);
        }
        anchors
    }
}

impl Anchors {
    /// Of `rules`, retired ones left out; `common` tells how common each set is.
    pub(crate) fn new(rules: &[Rule], kinds: &Kinds, common: &[u32]) -> Anchors {
        let (mut anchors, mut gates) = (Anchors::default(), GroupMaker::default());
        let mut hung: [BTreeMap<SetId, Vec<Wake>>; 5] = Default::default();
        for (n, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.retired.is_none()) {
            let Some((_, ways)) = ways(&rule.when, Field::Body, common) else {
                let needs = vec![Need::of(&rule.when, Field::Body, common)];
                let way = anchors.add(n, needs, &[], &mut gates);
                anchors.always.push(way);
                continue;
            };
            for Way { field, sets, needs, path } in ways {
                let way = anchors.add(n, needs, &path, &mut gates);
                sets.into_iter().for_each(|set| hung[field as usize].entry(set).or_default().push(way));
            }
        }
        anchors.by_field = hung.map(|by_set| FieldAnchors::new(&by_set, kinds));
        anchors.gates = gates.finish(kinds, common.len());
        anchors
    }

    /// Adds a way, whose `needs` are in the order of how rare they are, what wakes it last; what code has to look for is
    /// asked after last.
    fn add(&mut self, rule: usize, mut needs: Vec<Need>, path: &[u16], made: &mut GroupMaker) -> Wake {
        let (mut gates, mut at) = ([Standing::ALWAYS; GATES], 0);
        for gate in &mut gates {
            let mut others = needs[..needs.len().saturating_sub(1)].iter().enumerate().skip(at);
            let Some((next, sets)) = others.find_map(|(at, need)| Some((at, need.sets_in(Field::Body)?)))
            else {
                break;
            };
            *gate = made.group(sets);
            at = next + 1;
            // Nothing is asked twice.
            if matches!(needs[next], Need::Any(..)) {
                needs.remove(next);
                at = next;
            }
        }
        needs.sort_by_key(Need::is_dear);
        self.rules.push(rule);
        self.paths.extend(path);
        self.ends.push(self.paths.len() as u32);
        Wake { way: self.needs.add(&needs) as u32, gates }
    }

    /// How a way leads from the top of its rule to what it hangs on.
    fn path(&self, way: u32) -> &[u16] {
        let start = (way as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.paths[start as usize..self.ends[way as usize] as usize]
    }

    /// The ways that a term of this kind may wake where it stands in this part.
    #[inline]
    fn of(&self, field: Field, kind: Kind) -> &[Wake] {
        let FieldAnchors { ways, ends } = &self.by_field[field as usize];
        let start = kind.index().checked_sub(1).map_or(0, |before| ends[before]);
        &ways[start as usize..ends[kind.index()] as usize]
    }

    /// Tells `wake` each rule that may hold, and the path of the way in which it may, going by what needs be there: in the
    /// judged part `body`, and in the others, whose terms `others` are. A rule may be told more than once.
    pub(crate) fn woken(
        &self,
        body: &Reading,
        others: impl Iterator<Item = (Field, Kind)>,
        known: &impl Known,
        mut wake: impl FnMut(usize, &[u16]),
    ) {
        let standing = self.gates.standing(body);
        let mut asked = Asked([0; ASKED]);
        let mut ask = |it: &Wake| {
            if it.is_open(&standing) && asked.is_new(it.way) && self.needs.met(it.way as usize, known) {
                wake(self.rules[it.way as usize], self.path(it.way));
            }
        };
        self.always.iter().for_each(&mut ask);
        let here = body.found().iter().map(|found| (Field::Body, found.kind));
        for (field, kind) in here.chain(others) {
            self.of(field, kind).iter().for_each(&mut ask);
        }
    }

    /// Whether the rule, by index, hangs on no set.
    pub(crate) fn is_always(&self, rule: usize) -> bool {
        self.always.iter().any(|wake| self.rules[wake.way as usize] == rule)
    }
}

/// The ways that were asked about one post already, as far as is remembered: most of those asked are asked again.
struct Asked([u64; ASKED]);

/// Words of 64 bits for the ways that are remembered.
const ASKED: usize = 64;

impl Asked {
    /// Whether a way was not asked about before.
    #[inline]
    fn is_new(&mut self, way: u32) -> bool {
        let Some(asked) = self.0.get_mut(way as usize / 64) else { return true };
        let before = *asked;
        *asked |= 1 << (way % 64);
        before != *asked
    }
}

/// One way in which an expression may hold.
struct Way {
    /// The sets of which one must stand in this part.
    field: Field,
    sets: Vec<SetId>,
    /// What it needs, in the order of asking: what wakes it stands last.
    needs: Vec<Need>,
    /// How it leads to them from the top of the expression, the last step first.
    path: Vec<u16>,
}

impl Way {
    fn of(field: Field, sets: Vec<SetId>, common: &[u32]) -> (u32, Vec<Way>) {
        let cost = sets.iter().map(|set| 1 + common[set.index()]).sum();
        (cost, vec![Way { field, needs: vec![Need::Any(field, sets.clone())], sets, path: Vec::new() }])
    }
}

/// The ways in which `expr` may hold, by the rarest sets that each hangs on, and how common those are together; none
/// where one of them hangs on no set.
fn ways(expr: &Expr, field: Field, common: &[u32]) -> Option<(u32, Vec<Way>)> {
    match expr {
        Expr::Set(set) => Some(Way::of(field, vec![*set], common)),
        Expr::Class(_) => None,
        Expr::And(all) => together(&all.iter().collect::<Vec<_>>(), field, common),
        Expr::Or(all) => {
            let set = |expr: &Expr| if let Expr::Set(set) = expr { Some(*set) } else { None };
            let sets: Vec<SetId> = all.iter().filter_map(set).collect();
            let (mut cost, mut out) =
                if sets.is_empty() { (0, Vec::new()) } else { Way::of(field, sets, common) };
            out.iter_mut().for_each(|way| way.path.push(PLAIN));
            for (at, expr) in (0..PLAIN).zip(all).filter(|(_, expr)| set(expr).is_none()) {
                let (more, mut also) = ways(expr, field, common)?;
                also.iter_mut().for_each(|way| way.path.push(at));
                cost += more;
                out.extend(also);
            }
            Some((cost, out))
        }
        Expr::Without(expr, _) | Expr::Closing(expr) => ways(expr, field, common),
        Expr::Near(near) if near.negated => ways(&near.left, field, common),
        Expr::Near(near) => together(&[&near.left, &near.right], field, common),
        Expr::In(field, expr) => ways(expr, *field, common),
    }
}

/// The ways of expressions that must all hold: those of the rarest, each in need of the others.
fn together(all: &[&Expr], field: Field, common: &[u32]) -> Option<(u32, Vec<Way>)> {
    let each = all.iter().enumerate().filter_map(|(at, expr)| Some((at, ways(expr, field, common)?)));
    let (rarest, (cost, mut ways)) = each.min_by_key(|(_, (cost, _))| *cost)?;
    let others = || {
        let others = all.iter().enumerate().filter(|(at, _)| *at != rarest);
        let mut others: Vec<(u32, Need)> = others.map(|(_, expr)| weighed(expr, field, common)).collect();
        others.sort_by_key(|(cost, _)| *cost);
        others.into_iter().map(|(_, need)| need)
    };
    for way in &mut ways {
        way.needs.splice(0..0, others());
        way.path.push(rarest as u16);
    }
    Some((cost, ways))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(n: u32) -> Expr {
        Expr::Set(SetId(n))
    }

    #[test]
    fn each_way_of_an_or_hangs_on_its_own_rarest_set_and_needs_the_rest() {
        // (1 AND 2 OR 3) AND (4 OR a class): 2 is rarer than 1, and the class hangs on nothing.
        let either = Expr::Or(vec![Expr::And(vec![set(1), set(2)]), set(3)]);
        let open = Expr::Or(vec![set(4), Expr::Class(crate::rule::Class::Money)]);
        let common = [0, 9, 1, 5, 0];
        let (cost, ways) =
            ways(&Expr::And(vec![either, open]), Field::Body, &common).expect("it hangs on sets");
        let anchors: Vec<Vec<SetId>> = ways.iter().map(|way| way.sets.clone()).collect();
        assert_eq!((cost, anchors), (2 + 6, vec![vec![SetId(3)], vec![SetId(2)]]));
        assert!(matches!(&ways[1].needs[..], [Need::One(_), Need::Any(_, one), Need::Any(_, two)]
            if one == &[SetId(1)] && two == &[SetId(2)]));
        assert!(super::ways(&Expr::Class(crate::rule::Class::Money), Field::Body, &common).is_none());
    }
}
