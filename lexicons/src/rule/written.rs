//! An expression as its keeper writes it, for faults that point at a piece of it.

use std::fmt::{self, Display, Formatter};

use super::parse::{Parsed, REACHES};
use super::{Field, Reach};

/// Most ways of an OR that are shown; of the others only how many there are.
const WAYS: usize = 6;

impl Display for Parsed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Parsed::Set(name, _) => write!(f, "%{name}"),
            Parsed::Class(class) => write!(f, "%{}", class.name()),
            Parsed::Root(root, _) => write!(f, "~{root}"),
            Parsed::Phrase(text, _) if text.contains(' ') => write!(f, "\"{text}\""),
            Parsed::Phrase(text, _) => f.write_str(text),
            Parsed::And(all) => joined(f, all, " AND "),
            Parsed::Or(all) => {
                joined(f, all.get(..WAYS).unwrap_or(all), " OR ")?;
                if all.len() > WAYS { write!(f, " OR … +{}", all.len() - WAYS) } else { Ok(()) }
            }
            Parsed::Not(inner, _) => write!(f, "NOT {}", Operand(inner)),
            Parsed::Near { left, right, reach, negated } => {
                match **left {
                    Parsed::Near { .. } => write!(f, "{left}")?,
                    _ => write!(f, "{}", Operand(left))?,
                }
                write!(f, " {} {}", operator(*reach, *negated), Operand(right))
            }
            Parsed::In(field, inner) => write!(f, "{}:({inner})", part(*field)),
            Parsed::Closing(inner) => write!(f, "closing:({inner})"),
        }
    }
}

/// An operand of an operator that binds tighter than what it may be made of.
pub(super) struct Operand<'a>(pub(super) &'a Parsed);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Parsed::And(_) | Parsed::Or(_) | Parsed::Near { .. } => write!(f, "({})", self.0),
            one => write!(f, "{one}"),
        }
    }
}

fn joined(f: &mut Formatter<'_>, all: &[Parsed], by: &str) -> fmt::Result {
    for (n, one) in all.iter().enumerate() {
        f.write_str(if n == 0 { "" } else { by })?;
        match one {
            Parsed::Or(_) => write!(f, "({one})")?,
            _ => write!(f, "{one}")?,
        }
    }
    Ok(())
}

/// The operator with its distance, as written.
pub(super) fn operator(reach: Reach, negated: bool) -> String {
    let fits = |only_not: bool| {
        let mut all = REACHES.iter();
        all.find(|(_, order, one, not)| (*order, *one, *not) == (reach.order, reach.one_sentence, only_not))
    };
    let name = fits(negated).or_else(|| fits(!negated)).map_or("NEAR", |(name, ..)| name);
    format!("{}{name}/{}", if negated { "NOT " } else { "" }, reach.distance)
}

/// A part of a post as rules name it.
pub(super) fn part(field: Field) -> &'static str {
    match field {
        Field::Body => "text",
        Field::Bio => "bio",
        Field::Name => "name",
        Field::Media => "media",
        Field::Quoted => "quoted",
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;

    #[test]
    fn an_expression_is_shown_as_it_was_written() {
        for written in [
            "(%call OR %intend) NEAR/6 %raid NEAR/8 %office",
            "%a AND ~bakar AND NOT (x OR \"dua kata\")",
            "a OR b AND (c OR d)",
            "a NOT NEAR/3 (b OR c) OWITH/2 (d NEAR/1 e)",
            "a NOT AFTER/2 b NOT BEFORE/3 c WITH/4 d",
            "closing:(a OR b) AND bio:(%time)",
        ] {
            assert_eq!(parse(written).unwrap().to_string(), written);
        }
        let many = parse("a OR b OR c OR d OR e OR f OR g OR h").unwrap();
        assert_eq!(many.to_string(), "a OR b OR c OR d OR e OR f OR … +2");
    }
}
