//! A lexicon with many times the rules: what the benchmark asks when it wants to know what a rule costs.

use super::Lexicon;
use crate::anchors::Anchors;
use crate::rule::{Expr, Near, Rule, SetId};

/// How far the one that a set is exchanged for stands behind it: beyond those of its own rule.
const STEP: usize = 101;

impl Lexicon {
    /// This lexicon with `times` as many rules. Each further one is built like one that there is, with every set that
    /// everyday texts hold no word of exchanged for another such: what makes it a rule of its own. What it finds
    /// means nothing.
    pub fn grown(&self, times: usize) -> Lexicon {
        let rare: Vec<usize> = (0..self.common.len()).filter(|set| self.common[*set] == 0).collect();
        let mut rules = self.rules.clone();
        for n in 1..times {
            let other = |set: SetId| match rare.binary_search(&set.index()) {
                Ok(at) => SetId(rare[(at + n * STEP) % rare.len()] as u32),
                Err(_) => set,
            };
            rules.extend(self.rules.iter().map(|rule| Rule {
                id: format!("{}-{n}", rule.id),
                when: exchanged(&rule.when, &other),
                ..rule.clone()
            }));
        }
        let anchors = Anchors::new(&rules, self.terms.kinds(), &self.common);
        Lexicon { rules, anchors, ..self.clone() }
    }
}

/// `expr` with every set exchanged for its `other`.
fn exchanged(expr: &Expr, other: &impl Fn(SetId) -> SetId) -> Expr {
    let all = |all: &[Expr]| all.iter().map(|expr| exchanged(expr, other)).collect();
    let boxed = |expr: &Expr| Box::new(exchanged(expr, other));
    match expr {
        Expr::Set(set) => Expr::Set(other(*set)),
        Expr::Class(class) => Expr::Class(*class),
        Expr::And(exprs) => Expr::And(all(exprs)),
        Expr::Or(exprs) => Expr::Or(all(exprs)),
        Expr::Without(expr, not) => Expr::Without(boxed(expr), boxed(not)),
        Expr::Near(near) => Expr::Near(Box::new(Near::new(
            exchanged(&near.left, other),
            exchanged(&near.right, other),
            near.reach,
            near.negated,
        ))),
        Expr::In(field, expr) => Expr::In(*field, boxed(expr)),
        Expr::Closing(expr) => Expr::Closing(boxed(expr)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grown_lexicon_has_rules_of_the_same_build_over_other_sets() {
        let lexicon = Lexicon::builtin();
        let grown = lexicon.grown(3);
        assert_eq!(grown.rules().len(), 3 * lexicon.rules().len());
        let (first, further) = (&lexicon.rules()[0], &grown.rules()[lexicon.rules().len()]);
        assert_eq!(further.id, format!("{}-1", first.id));
        assert!(
            grown
                .rules()
                .iter()
                .zip(lexicon.rules().iter().cycle())
                .skip(lexicon.rules().len())
                .any(|(further, rule)| further.when != rule.when)
        );
        assert_eq!(exchanged(&first.when, &|set| set), first.when);
    }
}
