//! Walking the tree of an expression over the hits of its terms: every way in which it holds.

use std::borrow::Cow;

use stream::Part;

use super::{Look, Scene};
use crate::range::Range;
use crate::reading::Reading;
use crate::rule::found::{Terms, Way};
use crate::rule::{Class, Expr, Field, Near, verse};

/// Most matches that one node of a rule keeps, in order of the text: bounds the work on any text.
const MOST: usize = 64;

impl Look<'_> {
    /// As [`Look::told`], in a scene; the ways hold until the next is told.
    pub(super) fn eval(&self, expr: &Expr, scene: Scene<'_>) -> Vec<Way> {
        let mut out = Vec::new();
        self.add(expr, scene, &mut out);
        out
    }

    /// Adds to `out` what [`Look::eval`] finds.
    fn add(&self, expr: &Expr, scene: Scene<'_>, out: &mut Vec<Way>) {
        let from = out.len();
        match expr {
            Expr::Set(set) => {
                let ranges = scene.reading.hits_of(*set).filter(|range| scene.holds(*range));
                let mut terms = self.terms.borrow_mut();
                out.extend(ranges.take(MOST).map(|range| terms.one(scene.part, Some(*set), range)));
            }
            Expr::Class(class) => {
                let ranges = self.class(*class, scene.part, scene.reading);
                let ranges = ranges.iter().copied().filter(|range| scene.holds(*range));
                let mut terms = self.terms.borrow_mut();
                out.extend(ranges.take(MOST).map(|range| terms.one(scene.part, None, range)));
            }
            Expr::And(all) => self.all(all, scene, out),
            Expr::Or(all) => {
                for expr in all.iter().filter(|expr| self.can_hold(expr, scene.reading)) {
                    self.add(expr, scene, out);
                }
                out[from..].sort_by_key(|found| found.extent);
            }
            Expr::Without(expr, not) => {
                self.add(expr, scene, out);
                let holds = || self.can_hold(not, scene.reading) && !self.eval(not, scene).is_empty();
                if out.len() > from && holds() {
                    out.truncate(from);
                }
            }
            Expr::Near(near) => self.near(near, scene, out),
            Expr::Closing(expr) => {
                let within = Some(verse::closing(&scene.reading.folded));
                self.add(expr, Scene { within, ..scene }, out);
            }
            Expr::In(field, expr) => self.elsewhere(*field, expr, out),
        };
        out.truncate(from + MOST);
    }

    fn elsewhere(&self, field: Field, expr: &Expr, out: &mut Vec<Way>) {
        for (part, reading) in self.readings(field).filter(|(_, reading)| self.can_hold(expr, reading)) {
            let from = out.len();
            self.add(expr, Scene { part, reading, within: None }, out);
            // Seen from the judged part it has no extent, unless that part itself was asked for.
            if part != self.parts.part {
                out[from..].iter_mut().for_each(|way| (way.extent, way.last) = (None, None));
            }
        }
    }

    fn all(&self, all: &[Expr], scene: Scene<'_>, out: &mut Vec<Way>) {
        // What code has to look for is asked last: mostly a term is missing, and nobody need look.
        let mut found: Vec<Vec<Way>> = vec![Vec::new(); all.len()];
        for dear in [false, true] {
            for (expr, found) in all.iter().zip(&mut found).filter(|(expr, _)| expr.is_dear() == dear) {
                self.add(expr, scene, found);
                if found.is_empty() {
                    return;
                }
            }
        }
        let joined = found.into_iter().reduce(|before, next| {
            let nearest = |way: &Way| {
                let terms = &mut *self.terms.borrow_mut();
                let apart = next.iter().filter(|other| !terms.share(way, other));
                let nearest = apart.min_by_key(|other| way.distance(other))?;
                Some(terms.joined(way, nearest))
            };
            before.iter().filter_map(nearest).collect()
        });
        out.extend(joined.into_iter().flatten());
    }

    fn near(&self, near: &Near, scene: Scene<'_>, out: &mut Vec<Way>) {
        let right_first = !near.negated && near.left.is_dear() && !near.right.is_dear();
        let known = right_first.then(|| self.eval(&near.right, scene));
        if known.as_ref().is_some_and(Vec::is_empty) {
            return;
        }
        let from = out.len();
        self.add(&near.left, scene, out);
        if out.len() == from || near.negated && !self.can_hold(&near.right, scene.reading) {
            return;
        }
        let left = out.split_off(from);
        let right = known.unwrap_or_else(|| self.eval(&near.right, scene));
        let (folded, terms) = (&scene.reading.folded, &mut *self.terms.borrow_mut());
        let beside = |terms: &Terms, a: &Way, b: &Way| {
            a.reaches(b, near.reach, folded) && !terms.share(a, b) && !terms.repeat(a, b, folded)
        };
        if near.negated {
            out.extend(left.into_iter().filter(|a| !right.iter().any(|b| beside(terms, a, b))));
            return;
        }
        for a in &left {
            for b in &right {
                if beside(terms, a, b) {
                    out.push(terms.joined(a, b));
                    if out.len() >= from + MOST {
                        return;
                    }
                }
            }
        }
    }

    fn class(&self, class: Class, part: Part, reading: &Reading) -> Cow<'_, [Range]> {
        if part == self.parts.part {
            let known = self.classes[class as usize].get_or_init(|| self.find(class, part, reading));
            return Cow::Borrowed(known);
        }
        Cow::Owned(self.find(class, part, reading))
    }

    /// What code finds for a class.
    fn find(&self, class: Class, part: Part, reading: &Reading) -> Vec<Range> {
        let mut out = Vec::new();
        class.find(&reading.folded, &mut out);
        match class {
            Class::Place => self.parts.places.find(part, &reading.folded, &mut out),
            Class::Paslon => self.lexicon.pairs(reading, &mut out),
            _ => {}
        }
        if let Some(set) = self.lexicon.set(class.name()) {
            out.extend(reading.hits_of(set));
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}
