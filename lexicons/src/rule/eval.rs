//! Evaluating rules on a post: cheap candidates first, then the tree of each over the hits of its terms.

mod lack;
mod sight;
mod tree;

use std::cell::{Cell, OnceCell, RefCell};

use stream::Part;

use sight::AnyClass;

use super::found::{Match, Terms};
use super::spots;
use super::{Class, Expr, Field, Known};
use crate::fold::Folded;
use crate::lexicon::Lexicon;
use crate::range::Range;
use crate::reading::Reading;

/// Who knows the places of a text: the gazetteer, which lexicons' rules ask for `%place`.
pub trait Places {
    /// The token ranges of `folded` that name a place, in order.
    fn find(&self, part: Part, folded: &Folded, out: &mut Vec<Range>);
}

/// Knows no places.
#[derive(Clone, Copy, Debug)]
pub struct NoPlaces;

impl Places for NoPlaces {
    fn find(&self, _: Part, _: &Folded, _: &mut Vec<Range>) {}
}

/// The parts of a post, read; one of them is judged, the others can be asked for by `bio:(…)` and its like.
pub struct Parts<'a> {
    /// The part being judged.
    pub body: &'a Reading,
    /// Which part that is.
    pub part: Part,
    /// `author.bio`.
    pub bio: Option<&'a Reading>,
    /// `author.name`.
    pub name: Option<&'a Reading>,
    /// `context.quoted_text`.
    pub quoted: Option<&'a Reading>,
    /// `context.media_text`, in order.
    pub media: &'a [Reading],
    /// Who fills `%place`.
    pub places: &'a dyn Places,
}

impl<'a> Parts<'a> {
    /// A text alone, with no places.
    pub fn of(body: &'a Reading) -> Parts<'a> {
        Parts { body, part: Part::Text, bio: None, name: None, quoted: None, media: &[], places: &NoPlaces }
    }
}

/// Where an expression is looked for.
#[derive(Clone, Copy)]
struct Scene<'r> {
    part: Part,
    reading: &'r Reading,
    /// Only in these tokens; none = in all of the part.
    within: Option<Range>,
}

impl Scene<'_> {
    fn holds(&self, range: Range) -> bool {
        self.within.is_none_or(|within| within.start <= range.start && range.end <= within.end)
    }
}

/// A look at a post with a lexicon: evaluates its rules and guards, and remembers what code found for each class in the
/// judged part.
pub struct Look<'a> {
    lexicon: &'a Lexicon,
    parts: &'a Parts<'a>,
    classes: [OnceCell<Vec<Range>>; Class::ALL.len()],
    /// Whether there is anything of each class, which most rules stop at: known without asking for memory.
    finds: [Cell<Option<bool>>; Class::ALL.len()],
    /// The classes that any word of the judged part may begin something of, as bits.
    begins: OnceCell<u8>,
    /// The tokens of the judged part with which a sentence begins.
    sentences: OnceCell<u128>,
    /// The terms of what an evaluation has found so far.
    terms: RefCell<Terms>,
}

impl<'a> Look<'a> {
    /// Looks at `parts`.
    pub fn new(lexicon: &'a Lexicon, parts: &'a Parts<'a>) -> Look<'a> {
        Look {
            lexicon,
            parts,
            classes: Default::default(),
            finds: Default::default(),
            begins: OnceCell::new(),
            sentences: OnceCell::new(),
            terms: RefCell::default(),
        }
    }

    /// The rules (by index, in order, retired ones left out) whose terms are all present, and about where one of its
    /// ways needs them; `out` is cleared first.
    pub fn candidates(&self, out: &mut Vec<usize>) {
        out.clear();
        let others = [Field::Bio, Field::Name, Field::Quoted, Field::Media];
        let readings =
            others.into_iter().flat_map(|field| self.readings(field).map(move |(_, it)| (field, it)));
        let terms =
            readings.flat_map(|(field, reading)| reading.found().iter().map(move |it| (field, it.kind)));
        let rules = self.lexicon.rules();
        self.lexicon.anchors().woken(self.parts.body, terms, self, |rule, path| {
            if !out.contains(&rule) && self.may_hold(&rules[rule].when, path) {
                out.push(rule);
            }
        });
        out.sort_unstable();
    }

    /// Whether `expr` could hold in `reading`, going by which sets are present at all: costs next to nothing.
    #[inline]
    fn can_hold(&self, expr: &Expr, reading: &Reading) -> bool {
        // Most of what is asked after is a set: no call for that.
        if let Expr::Set(set) = expr { reading.has(*set) } else { self.tree_can_hold(expr, reading) }
    }

    fn tree_can_hold(&self, expr: &Expr, reading: &Reading) -> bool {
        match expr {
            Expr::Set(set) => reading.has(*set),
            Expr::Class(_) => true,
            Expr::And(all) => all.iter().all(|expr| self.can_hold(expr, reading)),
            Expr::Or(all) => all.iter().any(|expr| self.can_hold(expr, reading)),
            Expr::Without(expr, _) | Expr::Closing(expr) => self.can_hold(expr, reading),
            Expr::Near(near) => {
                self.can_hold(&near.left, reading) && (near.negated || self.can_hold(&near.right, reading))
            }
            Expr::In(field, expr) => self.readings(*field).any(|(_, reading)| self.can_hold(expr, reading)),
        }
    }

    fn readings(&self, field: Field) -> impl Iterator<Item = (Part, &'a Reading)> {
        let parts = self.parts;
        let one = match field {
            Field::Body => Some((parts.part, parts.body)),
            Field::Bio => parts.bio.map(|reading| (Part::Bio, reading)),
            Field::Name => parts.name.map(|reading| (Part::Name, reading)),
            Field::Quoted => parts.quoted.map(|reading| (Part::Quoted, reading)),
            Field::Media => None,
        };
        let media = if field == Field::Media { parts.media } else { &[] };
        let numbered = media.iter().zip(0u16..).map(|(reading, n)| (Part::Media(n), reading));
        one.into_iter().chain(numbered)
    }

    /// Every way in which a guard, by index, holds: as [`Look::matches`] of what it asks for.
    pub fn guarded(&self, guard: usize) -> Vec<Match> {
        match self.lexicon.guards().get(guard) {
            Some(it) if self.lexicon.may_guard(guard, self) => self.told(&it.when),
            _ => Vec::new(),
        }
    }

    /// Whether a guard, by index, could hold here or in any text with no terms but those that stand here: false is sure.
    pub fn could_guard(&self, guard: usize) -> bool {
        self.lexicon.may_guard(guard, &AnyClass(self))
    }

    /// Whether there is anything of `class` in the judged part.
    pub fn holds(&self, class: Class) -> bool {
        match class {
            Class::Place | Class::Paslon | Class::Sampiran => !self.matches(&Expr::Class(class)).is_empty(),
            _ => self.finds(class),
        }
    }

    /// Every way in which a rule of [`Look::candidates`], by index, holds: as [`Look::matches`] of what it asks for.
    pub fn held(&self, rule: usize) -> Vec<Match> {
        let rule = self.lexicon.rules().get(rule);
        rule.map(|rule| self.told(&rule.when)).unwrap_or_default()
    }

    /// Whether `expr` may hold in the judged part in the way that `path` leads to, going by where its terms stand: false
    /// is sure.
    fn may_hold(&self, expr: &Expr, path: &[u16]) -> bool {
        let path = Some(path).filter(|path| !path.is_empty());
        self.parts.body.folded.tokens().len() > spots::MOST || spots::may_stand(expr, path, self)
    }

    /// Every way in which `expr` holds, in order of the text (64 at most).
    pub fn matches(&self, expr: &Expr) -> Vec<Match> {
        if self.can_hold(expr, self.parts.body) { self.told(expr) } else { Vec::new() }
    }

    fn scene(&self) -> Scene<'a> {
        Scene { part: self.parts.part, reading: self.parts.body, within: None }
    }

    /// As [`Look::matches`], of what can hold: all that it asks for was seen to be there, save in ways of an OR.
    fn told(&self, expr: &Expr) -> Vec<Match> {
        self.terms.borrow_mut().clear();
        let ways = self.eval(expr, self.scene());
        let terms = self.terms.borrow();
        ways.iter().map(|way| terms.told(way)).collect()
    }
}
