//! The expression of a rule or guard: its names looked up against sets and signs, every fault at its column.

use toml::Spanned;

use super::Reader;
use crate::fault::raw_offset;
use crate::rule::{Expr, Near, Parsed, parse};
use crate::said;
use crate::sets::Sets;

impl Reader<'_> {
    /// The expression, with its sets looked up.
    pub(super) fn expression(&mut self, when: &Spanned<String>, sets: &mut Sets) -> Option<Expr> {
        let raw = &self.source[when.span()];
        match parse(when.get_ref()) {
            Ok(parsed) => self.build(&parsed, raw, when.span().start, sets),
            Err((at, said)) => {
                self.fault(when.span().start + raw_offset(raw, at), said);
                None
            }
        }
    }

    fn build(&mut self, parsed: &Parsed, raw: &str, start: usize, sets: &mut Sets) -> Option<Expr> {
        Some(match parsed {
            Parsed::Set(name, at) => match sets.get(name) {
                Some(set) => Expr::Set(set),
                None if sets.sign(name).is_some() => {
                    return self.sign(name, start + raw_offset(raw, *at), sets);
                }
                None => {
                    let said = said::no_percent_set(name).meant(name, sets.percent_names());
                    self.fault(start + raw_offset(raw, *at), said);
                    return None;
                }
            },
            Parsed::Class(class) => Expr::Class(*class),
            Parsed::Phrase(text, _) => Expr::Set(sets.phrase(text)),
            Parsed::Root(root, _) => Expr::Set(sets.root(root)),
            Parsed::Or(all) => Expr::Or(self.build_all(all.iter(), raw, start, sets)?),
            Parsed::And(all) => {
                let (nots, holds): (Vec<&Parsed>, Vec<&Parsed>) =
                    all.iter().partition(|part| matches!(part, Parsed::Not(..)));
                let mut holds = self.build_all(holds.into_iter(), raw, start, sets)?;
                let inner = nots.into_iter().map(|part| match part {
                    Parsed::Not(inner, _) => inner.as_ref(),
                    other => other,
                });
                let mut nots = self.build_all(inner, raw, start, sets)?;
                let holds = if holds.len() == 1 { holds.pop()? } else { Expr::And(holds) };
                match nots.len() {
                    0 => holds,
                    1 => Expr::Without(Box::new(holds), Box::new(nots.pop()?)),
                    _ => Expr::Without(Box::new(holds), Box::new(Expr::Or(nots))),
                }
            }
            Parsed::Not(_, at) => {
                self.fault(start + raw_offset(raw, *at), said::not_beside());
                return None;
            }
            Parsed::Near { left, right, reach, negated } => {
                let left = self.build(left, raw, start, sets);
                let right = self.build(right, raw, start, sets);
                let (left, right) = (left?, right?);
                if [&left, &right].into_iter().any(|expr| matches!(expr, Expr::In(..))) {
                    self.fault(start, said::near_parts());
                    return None;
                }
                Expr::Near(Box::new(Near::new(left, right, *reach, *negated)))
            }
            Parsed::Closing(inner) => Expr::Closing(Box::new(self.build(inner, raw, start, sets)?)),
            Parsed::In(field, inner) => Expr::In(*field, Box::new(self.build(inner, raw, start, sets)?)),
        })
    }

    /// The expression that the sign `name` stands for, used at `at`.
    fn sign(&mut self, name: &str, at: usize, sets: &mut Sets) -> Option<Expr> {
        let meant = sets.sign(name)?.clone();
        if self.inside.iter().any(|sign| sign == name) {
            self.fault(at, said::sign_of_itself(name));
            return None;
        }
        self.inside.push(name.to_owned());
        // What is wrong inside is told where the sign is used.
        let built = self.build(&meant, "", at.saturating_sub(1), sets);
        self.inside.pop();
        built
    }

    /// Builds all, so that every unknown set is told, not only the first.
    fn build_all<'p>(
        &mut self,
        all: impl Iterator<Item = &'p Parsed>,
        raw: &str,
        start: usize,
        sets: &mut Sets,
    ) -> Option<Vec<Expr>> {
        let built: Vec<Option<Expr>> = all.map(|part| self.build(part, raw, start, sets)).collect();
        built.into_iter().collect()
    }
}
