//! Evaluating rules on a post: cheap candidates first, then the tree of each over the hits of its terms.

mod lack;

mod sight;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use stream::Part;

use super::found::{Match, Range};
use super::spots::{self, spots};
use super::{Class, Expr, Field, Near, verse};
use crate::fold::Folded;
use crate::lexicon::Lexicon;
use crate::reading::Reading;

/// Most matches that one node of a rule keeps, in order of the text: bounds the work on any text.
const MOST: usize = 64;

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
        }
    }

    /// The rules (by index, in order, retired ones left out) whose terms are all present; `out` is cleared first.
    pub fn candidates(&self, out: &mut Vec<usize>) {
        out.clear();
        let others = [Field::Bio, Field::Name, Field::Quoted, Field::Media];
        let readings =
            others.into_iter().flat_map(|field| self.readings(field).map(move |(_, it)| (field, it)));
        let terms =
            readings.flat_map(|(field, reading)| reading.found().iter().map(move |it| (field, it.kind)));
        self.lexicon.anchors().woken(self.parts.body, terms, self, |rule| out.push(rule));
        out.sort_unstable();
        out.dedup();
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
            Some(it) if self.lexicon.may_guard(guard, self) => self.eval(&it.when, self.scene()),
            _ => Vec::new(),
        }
    }

    /// Every way in which a rule of [`Look::candidates`], by index, holds: as [`Look::matches`] of what it asks for.
    pub fn held(&self, rule: usize) -> Vec<Match> {
        match self.lexicon.rules().get(rule) {
            Some(rule) if self.may_hold(&rule.when) => self.eval(&rule.when, self.scene()),
            _ => Vec::new(),
        }
    }

    /// Whether `expr` may hold in the judged part, going by where its terms stand: false is sure.
    fn may_hold(&self, expr: &Expr) -> bool {
        self.parts.body.folded.tokens().len() > spots::MOST || !spots(expr, self).is_nowhere()
    }

    /// Every way in which `expr` holds, in order of the text (64 at most).
    pub fn matches(&self, expr: &Expr) -> Vec<Match> {
        let scene = self.scene();
        if self.can_hold(expr, scene.reading) { self.eval(expr, scene) } else { Vec::new() }
    }

    fn scene(&self) -> Scene<'a> {
        Scene { part: self.parts.part, reading: self.parts.body, within: None }
    }

    /// As [`Look::matches`], of what can hold: all that it asks for was seen to be there, save in ways of an OR.
    fn eval(&self, expr: &Expr, scene: Scene<'_>) -> Vec<Match> {
        let mut out = match expr {
            Expr::Set(set) => {
                let ranges = scene.reading.hits_of(*set).filter(|range| scene.holds(*range));
                ranges.map(|range| Match::one(scene.part, Some(*set), range)).take(MOST).collect()
            }
            Expr::Class(class) => {
                let ranges = self.class(*class, scene.part, scene.reading);
                let ranges = ranges.iter().copied().filter(|range| scene.holds(*range));
                ranges.take(MOST).map(|range| Match::one(scene.part, None, range)).collect()
            }
            Expr::And(all) => self.all(all, scene),
            Expr::Or(all) => {
                let mut out = Vec::new();
                for expr in all.iter().filter(|expr| self.can_hold(expr, scene.reading)) {
                    out.append(&mut self.eval(expr, scene));
                }
                out.sort_by_key(|found| found.extent);
                out
            }
            Expr::Without(expr, not) => {
                let out = self.eval(expr, scene);
                let holds = || self.can_hold(not, scene.reading) && !self.eval(not, scene).is_empty();
                if out.is_empty() || holds() { Vec::new() } else { out }
            }
            Expr::Near(near) => self.near(near, scene),
            Expr::Closing(expr) => {
                let within = Some(verse::closing(&scene.reading.folded));
                self.eval(expr, Scene { within, ..scene })
            }
            Expr::In(field, expr) => self.elsewhere(*field, expr),
        };
        out.truncate(MOST);
        out
    }

    fn elsewhere(&self, field: Field, expr: &Expr) -> Vec<Match> {
        let mut out = Vec::new();
        for (part, reading) in self.readings(field).filter(|(_, reading)| self.can_hold(expr, reading)) {
            for found in self.eval(expr, Scene { part, reading, within: None }) {
                // Seen from the judged part it has no extent, unless that part itself was asked for.
                let here = part == self.parts.part;
                let (extent, last) = if here { (found.extent, found.last) } else { (None, None) };
                out.push(Match { extent, last, ..found });
            }
        }
        out
    }

    fn all(&self, all: &[Expr], scene: Scene<'_>) -> Vec<Match> {
        // What code has to look for is asked last: mostly a term is missing, and nobody need look.
        let mut found: Vec<Option<Vec<Match>>> = vec![None; all.len()];
        for dear in [false, true] {
            for (expr, found) in all.iter().zip(&mut found).filter(|(expr, _)| expr.is_dear() == dear) {
                let matches = self.eval(expr, scene);
                if matches.is_empty() {
                    return matches;
                }
                *found = Some(matches);
            }
        }
        let joined = found.into_iter().flatten().reduce(|before, next| {
            let nearest = |found: &Match| {
                let apart = next.iter().filter(|other| !found.shares(other));
                apart.min_by_key(|other| found.distance(other)).map(|other| found.joined(other))
            };
            before.iter().filter_map(nearest).collect()
        });
        joined.unwrap_or_default()
    }

    fn near(&self, near: &Near, scene: Scene<'_>) -> Vec<Match> {
        let right_first = !near.negated && near.left.is_dear() && !near.right.is_dear();
        let known = right_first.then(|| self.eval(&near.right, scene));
        if known.as_ref().is_some_and(Vec::is_empty) {
            return Vec::new();
        }
        let left = self.eval(&near.left, scene);
        if left.is_empty() {
            return left;
        }
        if near.negated && !self.can_hold(&near.right, scene.reading) {
            return left;
        }
        let right = known.unwrap_or_else(|| self.eval(&near.right, scene));
        let folded = &scene.reading.folded;
        let beside =
            |a: &Match, b: &Match| !a.shares(b) && a.reaches(b, near.reach, folded) && !a.repeats(b, folded);
        if near.negated {
            return left.into_iter().filter(|a| !right.iter().any(|b| beside(a, b))).collect();
        }
        let mut out = Vec::new();
        for a in &left {
            for b in right.iter().filter(|b| beside(a, b)) {
                out.push(a.joined(b));
                if out.len() >= MOST {
                    return out;
                }
            }
        }
        out
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
