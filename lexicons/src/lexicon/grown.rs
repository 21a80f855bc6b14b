//! A lexicon with many times the rules: what the benchmark asks when it wants to know what a rule costs.
//!
//! A further rule is a copy of one that there is, with every set of words exchanged for another that is as frequent in
//! the texts that are judged, so that it is looked at about as often. As frequent are sets of one class: those that stand
//! in about as many of the texts (to a power of two) and have about as many terms (likewise), which tells those apart
//! that stand in none. Only sets that rules ask after are exchanged for each other. Each copy turns every class further by
//! a step of its own, so that no two copies are the same rule; a class of one set stays what it is. What such a rule finds
//! means nothing.

use std::collections::BTreeMap;

use super::Lexicon;
use crate::anchors::Anchors;
use crate::reading::Reading;
use crate::rule::{self, Expr, Near, Rule};
use crate::set_bits::SetId;

impl Lexicon {
    /// This lexicon with `times` as many rules, the further ones made of those that there are, for judging `texts`.
    pub fn grown<'t>(&self, times: usize, texts: impl Iterator<Item = &'t str>) -> Lexicon {
        let classes = self.classes(texts);
        let mut rules = self.rules.clone();
        for n in 1..times {
            rules.extend(self.rules.iter().map(|rule| Rule {
                id: format!("{}-{n}", rule.id),
                when: exchanged(&rule.when, &mut |set| classes.other(set, n, times)),
                ..rule.clone()
            }));
        }
        let anchors = Anchors::new(&rules, self.terms.kinds(), &self.common);
        let clearers = rule::clearers(&rules, &self.guards);
        Lexicon { rules, anchors, clearers, ..self.clone() }
    }

    fn classes<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Classes {
        let mut asked = vec![false; self.set_names.len()];
        for rule in &self.rules {
            // Not exchanged: asked after.
            exchanged(&rule.when, &mut |set| {
                asked[set.index()] = true;
                set
            });
        }
        let (mut reading, mut held) = (Reading::default(), vec![0; asked.len()]);
        for text in texts {
            self.read(text, &mut reading);
            (0..asked.len()).filter(|at| reading.has(SetId(*at as u32))).for_each(|at| held[at] += 1);
        }
        let sizes = self.terms.sizes(asked.len());
        Classes::new(
            (0..asked.len()).filter(|at| asked[*at]).map(|at| (SetId(at as u32), held[at], sizes[at])),
        )
    }
}

/// Sets as frequent as each other.
struct Classes {
    members: Vec<Vec<SetId>>,
    /// By set: its class, and its place there.
    places: BTreeMap<SetId, (usize, usize)>,
}

impl Classes {
    /// Of sets, each with how many texts hold it and how many terms it has.
    fn new(sets: impl Iterator<Item = (SetId, u32, u32)>) -> Classes {
        let power = |n: u32| u32::BITS - n.leading_zeros();
        let mut by_class: BTreeMap<(u32, u32), Vec<SetId>> = BTreeMap::new();
        for (set, held, size) in sets {
            by_class.entry((power(held), power(size))).or_default().push(set);
        }
        let members: Vec<Vec<SetId>> = by_class.into_values().collect();
        let mut places = BTreeMap::new();
        for (class, members) in members.iter().enumerate() {
            places.extend(members.iter().enumerate().map(|(at, set)| (*set, (class, at))));
        }
        Classes { members, places }
    }

    /// The set that stands for `set` in copy `n` of `times`.
    fn other(&self, set: SetId, n: usize, times: usize) -> SetId {
        let Some((class, at)) = self.places.get(&set) else { return set };
        let members = &self.members[*class];
        let step = (members.len() / times).max(1);
        members[(at + n * step) % members.len()]
    }
}

/// `expr` with every set exchanged for its `other`.
fn exchanged(expr: &Expr, other: &mut impl FnMut(SetId) -> SetId) -> Expr {
    let mut all = |all: &[Expr]| all.iter().map(|expr| exchanged(expr, other)).collect();
    match expr {
        Expr::Set(set) => Expr::Set(other(*set)),
        Expr::Class(class) => Expr::Class(*class),
        Expr::And(exprs) => Expr::And(all(exprs)),
        Expr::Or(exprs) => Expr::Or(all(exprs)),
        Expr::Without(expr, not) => {
            Expr::Without(Box::new(exchanged(expr, other)), Box::new(exchanged(not, other)))
        }
        Expr::Near(near) => Expr::Near(Box::new(Near::new(
            exchanged(&near.left, other),
            exchanged(&near.right, other),
            near.reach,
            near.negated,
        ))),
        Expr::In(field, expr) => Expr::In(*field, Box::new(exchanged(expr, other))),
        Expr::Closing(expr) => Expr::Closing(Box::new(exchanged(expr, other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grown_lexicon_has_rules_of_the_same_build_over_other_sets() {
        let lexicon = Lexicon::builtin();
        let grown = lexicon.grown(3, std::iter::once("besok kita serbu kantor desa"));
        assert_eq!(grown.rules().len(), 3 * lexicon.rules().len());
        let (first, further) = (&lexicon.rules()[0], &grown.rules()[lexicon.rules().len()]);
        assert_eq!(further.id, format!("{}-1", first.id));
        assert_eq!(
            grown.clearers(3 * lexicon.rules().len() - 1),
            lexicon.clearers(lexicon.rules().len() - 1)
        );
        assert!(
            grown
                .rules()
                .iter()
                .zip(lexicon.rules().iter().cycle())
                .skip(lexicon.rules().len())
                .any(|(further, rule)| further.when != rule.when)
        );
        assert_eq!(exchanged(&first.when, &mut |set| set), first.when);
    }

    #[test]
    fn a_set_is_exchanged_for_one_that_is_as_frequent() {
        // Sets 0 to 9 stand in 16 to 25 texts with one term, 10 and 11 in none with one, 12 in none with many.
        let held = |set: u32| if set < 10 { 16 + set } else { 0 };
        let sets = (0..13).map(|set| (SetId(set), held(set), if set == 12 { 40 } else { 1 }));
        let classes = Classes::new(sets);
        let others = |n| (0..13).map(|set| classes.other(SetId(set), n, 5).0).collect::<Vec<u32>>();
        assert_eq!(others(1), [2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 11, 10, 12]);
        assert_eq!(others(2), [4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 10, 11, 12]);
        assert_eq!(classes.other(SetId(99), 1, 5), SetId(99), "no rule asks after it");
    }
}
