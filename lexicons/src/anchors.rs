//! Which rules a term wakes: each rule hangs on the rarest sets that it cannot hold without.

use std::collections::BTreeMap;

use crate::kinds::{Kind, Kinds};
use crate::rule::{Expr, Field, Rule, SetId};

/// The rules of a lexicon by what wakes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anchors {
    by_field: [FieldAnchors; 5],
    /// Rules that hang on no set.
    always: Vec<usize>,
}

/// Rules by kind of term, one kind's behind the other's.
#[derive(Clone, Debug, Default)]
struct FieldAnchors {
    rules: Vec<usize>,
    /// Where those of each kind end.
    ends: Vec<u32>,
}

impl FieldAnchors {
    fn new(by_set: &BTreeMap<SetId, Vec<usize>>, kinds: &Kinds) -> FieldAnchors {
        let mut anchors = FieldAnchors::default();
        for kind in kinds.all() {
            let mut woken: Vec<usize> =
                kinds.sets(kind).iter().filter_map(|set| by_set.get(set)).flatten().copied().collect();
            woken.sort_unstable();
            woken.dedup();
            anchors.rules.extend(woken);
            anchors.ends.push(anchors.rules.len() as u32);
        }
        anchors
    }
}

impl Anchors {
    /// Of `rules`, retired ones left out; `common` tells how common each set is.
    pub(crate) fn new(rules: &[Rule], kinds: &Kinds, common: &[u32]) -> Anchors {
        let mut always = Vec::new();
        let mut hung: [BTreeMap<SetId, Vec<usize>>; 5] = Default::default();
        for (n, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.retired.is_none()) {
            match anchor(&rule.when, Field::Body, common) {
                None => always.push(n),
                Some((_, sets)) => {
                    sets.into_iter()
                        .for_each(|(field, set)| hung[field as usize].entry(set).or_default().push(n));
                }
            }
        }
        Anchors { by_field: hung.map(|by_set| FieldAnchors::new(&by_set, kinds)), always }
    }

    /// The rules that a term of this kind may wake where it stands in this part.
    #[inline]
    pub(crate) fn of(&self, field: Field, kind: Kind) -> &[usize] {
        let FieldAnchors { rules, ends } = &self.by_field[field as usize];
        let start = kind.index().checked_sub(1).map_or(0, |before| ends[before]);
        &rules[start as usize..ends[kind.index()] as usize]
    }

    /// The rules that hang on no set.
    pub(crate) fn always(&self) -> &[usize] {
        &self.always
    }
}

/// The terms of which one must be present for `expr` to hold, and how common they are together.
fn anchor(expr: &Expr, field: Field, common: &[u32]) -> Option<(u32, Vec<(Field, SetId)>)> {
    let least = |all: &[&Expr]| {
        all.iter().filter_map(|expr| anchor(expr, field, common)).min_by_key(|(cost, _)| *cost)
    };
    match expr {
        Expr::Set(set) => Some((1 + common[set.index()], vec![(field, *set)])),
        Expr::Class(_) => None,
        Expr::And(all) => least(&all.iter().collect::<Vec<_>>()),
        Expr::Or(all) => {
            let mut cost = 0;
            let mut sets = Vec::new();
            for expr in all {
                let (more, also) = anchor(expr, field, common)?;
                cost += more;
                sets.extend(also);
            }
            Some((cost, sets))
        }
        Expr::Without(expr, _) | Expr::Closing(expr) => anchor(expr, field, common),
        Expr::Near(near) if near.negated => anchor(&near.left, field, common),
        Expr::Near(near) => least(&[&near.left, &near.right]),
        Expr::In(field, expr) => anchor(expr, *field, common),
    }
}
