//! What a look sees without evaluating anything: which sets stand, and about where.

use super::super::class::begins;
use super::super::spots::{self, Seen, Spots};
use super::super::{Class, Expr, Field, Known};
use super::Look;
use crate::set_bits::{Bits, SetId};

impl Seen for Look<'_> {
    #[inline]
    fn has(&self, set: SetId) -> bool {
        self.parts.body.has(set)
    }

    fn set(&self, set: SetId) -> Spots {
        Spots::of(self.parts.body.bits_of(set))
    }

    fn any(&self, sets: &[Bits]) -> u128 {
        self.parts.body.bits_of_any(sets)
    }

    fn other(&self, expr: &Expr) -> Spots {
        let may = match expr {
            // Found only where it is asked for.
            Expr::Class(Class::Place | Class::Sampiran) => true,
            Expr::Class(class) => self.finds(*class),
            Expr::In(field, expr) => self.readings(*field).any(|(_, reading)| self.can_hold(expr, reading)),
            _ => true,
        };
        if may { Spots::ANYWHERE } else { Spots::NOWHERE }
    }

    fn sentences(&self) -> u128 {
        *self.sentences.get_or_init(|| spots::sentences(&self.parts.body.folded))
    }
}

impl Known for Look<'_> {
    #[inline]
    fn has_any(&self, field: Field, sets: &[Bits]) -> bool {
        match field {
            Field::Body => self.parts.body.has_any(sets),
            _ => self.readings(field).any(|(_, reading)| reading.has_any(sets)),
        }
    }

    fn finds(&self, class: Class) -> bool {
        let (body, finds) = (self.parts.body, &self.finds[class as usize]);
        let begins =
            || *self.begins.get_or_init(|| begins(&body.folded, self.lexicon.begins())) & class.bit() != 0;
        let find = || begins() && class.stands_in(&body.folded) || self.lexicon.may_name(class, body);
        finds.get().unwrap_or_else(|| {
            finds.set(Some(find()));
            finds.get() == Some(true)
        })
    }
}

/// A look that takes every class that code fills for found.
pub(super) struct AnyClass<'l, 'a>(pub(super) &'l Look<'a>);

impl Known for AnyClass<'_, '_> {
    fn has_any(&self, field: Field, sets: &[Bits]) -> bool {
        self.0.has_any(field, sets)
    }

    fn finds(&self, _: Class) -> bool {
        true
    }
}
