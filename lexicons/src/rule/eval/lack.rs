//! Why an expression does not hold: which of its operands finds nothing, or what stands against it, as its keeper
//! wrote it.

use super::{Look, Scene};
use crate::fold::Folded;
use crate::range::Range;
use crate::rule::found::Way;
use crate::rule::parse::{Parsed, parse};
use crate::rule::written::{Operand, operator, part};
use crate::rule::{Expr, Near, Order, Reach};
use crate::said::{self, Said};

/// Most characters that are shown of a piece of a rule.
const SHOWN: usize = 120;

/// What keeps an expression from holding.
struct Lack {
    /// Each cause; none where it holds.
    why: Vec<Said>,
    /// How many of its operands find something: of several ways the one that lacks least is told.
    found: usize,
}

impl Lack {
    fn nothing(written: &Parsed) -> Lack {
        Lack { why: vec![said::lack_nothing(&shown(written))], found: 0 }
    }

    fn one(said: Said, found: usize) -> Lack {
        Lack { why: vec![said], found }
    }

    fn all(lacks: Vec<Lack>) -> Lack {
        let found = lacks.iter().map(|lack| lack.found).sum();
        Lack { why: lacks.into_iter().flat_map(|lack| lack.why).collect(), found }
    }

    /// In a hundred: how much of it is there.
    fn share(&self) -> usize {
        100 * self.found / (self.found + self.why.len()).max(1)
    }
}

impl Look<'_> {
    /// What keeps `expr`, which is written as `source`, from holding; nothing where it holds.
    pub fn lacks(&self, source: &str, expr: &Expr) -> Vec<Said> {
        // What is in use could be read when it was loaded.
        let Ok(written) = parse(source) else { return Vec::new() };
        self.lack(&written, expr, self.scene()).why
    }

    /// Walks both trees side by side; a sign stands for its tree under its name.
    fn lack(&self, written: &Parsed, expr: &Expr, scene: Scene<'_>) -> Lack {
        if !self.eval(expr, scene).is_empty() {
            return Lack { why: Vec::new(), found: operands(expr) };
        }
        match (written, expr) {
            (Parsed::Or(ways), Expr::Or(all)) => self.no_way(written, ways, all, scene),
            (Parsed::And(all), Expr::Without(holds, bar)) => self.barred(all, holds, bar, scene),
            (Parsed::And(written), Expr::And(all)) => {
                let lack = Lack::all(
                    written.iter().zip(all).map(|(written, expr)| self.lack(written, expr, scene)).collect(),
                );
                if lack.why.is_empty() { self.shared(&all[0], lack.found, scene) } else { lack }
            }
            (Parsed::Near { left, right, .. }, Expr::Near(near)) => self.not_near(left, right, near, scene),
            (Parsed::Closing(written), Expr::Closing(expr)) => {
                let anywhere = self.eval(expr, scene);
                match anywhere.first() {
                    Some(found) => Lack::one(said::lack_closing(&self.named(written, found)), operands(expr)),
                    None => self.lack(written, expr, scene),
                }
            }
            (Parsed::In(field, written), Expr::In(_, expr)) => {
                let scenes =
                    self.readings(*field).map(|(part, reading)| Scene { part, reading, within: None });
                let lacks = scenes.map(|scene| self.lack(written, expr, scene));
                lacks.max_by_key(Lack::share).unwrap_or_else(|| Lack::one(said::lack_part(part(*field)), 0))
            }
            _ => Lack::nothing(written),
        }
    }

    /// Of the ways of an OR the one that is nearest to holding; where nothing is found of any, all of them.
    fn no_way(&self, written: &Parsed, ways: &[Parsed], all: &[Expr], scene: Scene<'_>) -> Lack {
        let lacks = ways.iter().zip(all).map(|(way, expr)| (way, self.lack(way, expr, scene)));
        let begun = lacks.filter(|(_, lack)| lack.found > 0);
        // Of equals the first: `max_by_key` takes the last.
        match begun.reduce(|best, next| if next.1.share() > best.1.share() { next } else { best }) {
            None => Lack::nothing(written),
            Some((way, mut lack)) => {
                lack.why.insert(0, said::lack_way(&shown(way)));
                lack
            }
        }
    }

    /// Of `… AND NOT …`: what is missing, or what stands there and must not.
    fn barred(&self, all: &[Parsed], holds: &Expr, bar: &Expr, scene: Scene<'_>) -> Lack {
        let wanted: Vec<Parsed> =
            all.iter().filter(|part| !matches!(part, Parsed::Not(..))).cloned().collect();
        let bars: Vec<Parsed> = all
            .iter()
            .filter_map(|part| if let Parsed::Not(inner, _) = part { Some((**inner).clone()) } else { None })
            .collect();
        let lack = match &wanted[..] {
            [one] => self.lack(one, holds, scene),
            _ => self.lack(&Parsed::And(wanted), holds, scene),
        };
        if !lack.why.is_empty() {
            return lack;
        }
        let mut why = Vec::new();
        match &bars[..] {
            [one] => self.bars(one, bar, scene, &mut why),
            _ => self.bars(&Parsed::Or(bars), bar, scene, &mut why),
        }
        Lack { why, found: lack.found }
    }

    /// What of `bar` stands there.
    fn bars(&self, written: &Parsed, bar: &Expr, scene: Scene<'_>, why: &mut Vec<Said>) {
        if let (Parsed::Or(ways), Expr::Or(all)) = (written, bar) {
            ways.iter().zip(all).for_each(|(way, expr)| self.bars(way, expr, scene, why));
        } else if let Some(found) = self.eval(bar, scene).first() {
            why.push(said::lack_barred(&shown(written), &self.words(found)));
        }
    }

    fn not_near(&self, left: &Parsed, right: &Parsed, near: &Near, scene: Scene<'_>) -> Lack {
        let before = self.lack(left, &near.left, scene);
        if near.negated && !before.why.is_empty() {
            return before;
        }
        let (ones, others) = (self.eval(&near.left, scene), self.eval(&near.right, scene));
        let folded = &scene.reading.folded;
        let apart = |a: &Way, b: &Way| {
            let terms = self.terms.borrow();
            !terms.share(a, b) && !terms.repeat(a, b, folded)
        };
        let mut pairs = ones.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
        if near.negated {
            let pair = pairs.find(|(a, b)| apart(a, b) && a.reaches(b, near.reach, folded));
            let asked =
                format!("{} {}", operator(near.reach, true).trim_start_matches("NOT "), Operand(right));
            let words =
                pair.map_or_else(String::new, |(a, b)| format!("{} + {}", self.words(a), self.words(b)));
            return Lack::one(said::lack_barred(&clipped(&asked), &words), before.found);
        }
        let after = self.lack(right, &near.right, scene);
        let found = before.found + after.found;
        let lack = Lack::all(vec![before, after]);
        if !lack.why.is_empty() {
            return lack;
        }
        let pair = pairs
            .filter(|(a, b)| apart(a, b))
            .filter_map(|(a, b)| Some((miss(a, b, near.reach, folded)?, a, b)))
            .min_by_key(|(miss, ..)| *miss);
        let Some((miss, a, b)) = pair else { return self.shared(&near.left, found, scene) };
        let (one, other) = (self.named(left, a), self.named(right, b));
        let operator = operator(near.reach, false);
        let said = match miss {
            Miss::Sentence => said::lack_sentence(&one, &other, &operator),
            Miss::Order => said::lack_order(&one, &other, &operator),
            Miss::Far(apart) => said::lack_far(&one, &other, &apart, &operator),
        };
        Lack::one(said, found)
    }

    /// All is there, but one word would have to be two signs.
    fn shared(&self, expr: &Expr, found: usize, scene: Scene<'_>) -> Lack {
        let words = self.eval(expr, scene).first().map(|found| self.words(found));
        Lack::one(said::lack_shared(&words.unwrap_or_default()), found)
    }

    /// A piece of a rule with the words that it finds.
    fn named(&self, written: &Parsed, found: &Way) -> String {
        let (asked, words) = (shown(written), self.words(found));
        // A bare word finds itself.
        if words.trim_matches('"') == asked.trim_matches('"') { words } else { format!("{asked} {words}") }
    }

    /// The words of a match, as they were read.
    fn words(&self, found: &Way) -> String {
        let words = |hit: &crate::rule::PartHit| {
            let all = [super::Field::Body, super::Field::Bio, super::Field::Name, super::Field::Quoted];
            let mut readings = all
                .into_iter()
                .chain([super::Field::Media])
                .flat_map(|field| self.readings(field))
                .filter(|(part, _)| *part == hit.part);
            let (_, reading) = readings.next()?;
            let forms: Vec<&str> =
                (hit.range.start..hit.range.end).map(|at| reading.folded.form(at)).collect();
            Some(format!("\"{}\"", forms.join(" ")))
        };
        self.terms.borrow().of(found).iter().filter_map(words).collect::<Vec<_>>().join(" + ")
    }
}

/// How two that are both there fail to be near, the slightest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Miss {
    /// Other sentences.
    Sentence,
    /// The wrong way round.
    Order,
    /// This many words from one to the other.
    Far(usize),
}

/// How `a` misses `b`, if it does.
fn miss(a: &Way, b: &Way, reach: Reach, folded: &Folded) -> Option<Miss> {
    if a.reaches(b, reach, folded) {
        return None;
    }
    let (here, there): (Range, Range) = (a.last?, b.extent?);
    let left_first = here.start <= there.start;
    let (first, second) = if left_first { (here, there) } else { (there, here) };
    let apart = (second.start + 1).saturating_sub(first.end);
    let in_order = match reach.order {
        Order::Any => true,
        Order::LeftFirst => left_first,
        Order::RightFirst => !left_first,
    };
    Some(if apart > reach.distance as usize {
        Miss::Far(apart)
    } else if in_order {
        Miss::Sentence
    } else {
        Miss::Order
    })
}

/// How many operands must find something for `expr` to hold.
fn operands(expr: &Expr) -> usize {
    match expr {
        Expr::Set(_) | Expr::Class(_) => 1,
        Expr::And(all) => all.iter().map(operands).sum(),
        Expr::Or(all) => all.iter().map(operands).max().unwrap_or(0),
        Expr::Without(expr, _) | Expr::In(_, expr) | Expr::Closing(expr) => operands(expr),
        Expr::Near(near) if near.negated => operands(&near.left),
        Expr::Near(near) => operands(&near.left) + operands(&near.right),
    }
}

/// A piece of a rule, as far as a line can hold it.
fn shown(written: &Parsed) -> String {
    clipped(&Operand(written).to_string())
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
