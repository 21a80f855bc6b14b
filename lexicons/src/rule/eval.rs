//! Evaluating rules on a post: cheap candidates first, then the tree of each over the hits of its terms.

use std::cell::RefCell;
use std::rc::Rc;

use stream::Part;

use super::{Class, Expr, Field, Near, SetId};
use crate::fold::Folded;
use crate::lexicon::Lexicon;
use crate::reading::Reading;

/// Most matches that one node of a rule keeps, in order of the text: bounds the work on any text.
const MOST: usize = 64;

/// Tokens `start..end` of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
}

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

/// One term that holds in a match, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartHit {
    /// The part it stands in.
    pub part: Part,
    /// The set it belongs to; none for a class that code fills.
    pub set: Option<SetId>,
    /// Its tokens.
    pub range: Range,
}

/// One way in which an expression holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The terms, in the order of the expression.
    pub hits: Vec<PartHit>,
    /// From the first to the last of its tokens in the judged part; none when all stand in other parts.
    pub extent: Option<Range>,
    /// The tokens of its last term in the judged part: what a following NEAR measures from.
    last: Option<Range>,
}

impl Match {
    fn one(part: Part, set: Option<SetId>, range: Range) -> Match {
        Match { hits: vec![PartHit { part, set, range }], extent: Some(range), last: Some(range) }
    }

    fn joined(&self, other: &Match) -> Match {
        let mut hits = self.hits.clone();
        hits.extend_from_slice(&other.hits);
        let extent = match (self.extent, other.extent) {
            (Some(a), Some(b)) => Some(Range { start: a.start.min(b.start), end: a.end.max(b.end) }),
            (a, b) => a.or(b),
        };
        Match { hits, extent, last: other.last.or(self.last) }
    }

    /// Whether the two share a token: one word is never two signs.
    fn shares(&self, other: &Match) -> bool {
        self.hits.iter().any(|a| {
            other
                .hits
                .iter()
                .any(|b| a.part == b.part && a.range.start < b.range.end && b.range.start < a.range.end)
        })
    }

    /// Whether a class finds the same words in both: a number said twice is no second number.
    fn repeats(&self, other: &Match, folded: &Folded) -> bool {
        let words = |range: Range| (range.start..range.end).map(|at| folded.form(at));
        let classes = |found: &Match| -> Vec<PartHit> {
            found.hits.iter().filter(|hit| hit.set.is_none()).copied().collect()
        };
        let theirs = classes(other);
        !theirs.is_empty()
            && classes(self)
                .iter()
                .any(|a| theirs.iter().any(|b| a.part == b.part && words(a.range).eq(words(b.range))))
    }

    fn distance(&self, other: &Match) -> usize {
        match (self.extent, other.extent) {
            (Some(a), Some(b)) => b.start.saturating_sub(a.end).max(a.start.saturating_sub(b.end)),
            _ => 0,
        }
    }
}

type ClassHits = Vec<(Part, Class, Rc<[Range]>)>;

/// A look at a post with a lexicon: evaluates its rules and guards, and remembers what code found for each class.
pub struct Look<'a> {
    lexicon: &'a Lexicon,
    parts: &'a Parts<'a>,
    classes: RefCell<ClassHits>,
}

impl<'a> Look<'a> {
    /// Looks at `parts`.
    pub fn new(lexicon: &'a Lexicon, parts: &'a Parts<'a>) -> Look<'a> {
        Look { lexicon, parts, classes: RefCell::new(Vec::new()) }
    }

    /// The rules (by index, in order, retired ones left out) whose terms are all present; `out` is cleared first.
    pub fn candidates(&self, out: &mut Vec<usize>) {
        out.clear();
        let (parts, rules) = (self.parts, self.lexicon.rules());
        let mut wake = |rule: usize| {
            if self.lexicon.may_hold(rule, parts.body) && self.possible(&rules[rule].when, Field::Body) {
                out.push(rule);
            }
        };
        self.lexicon.anchored(Field::Body, parts.body, &mut wake);
        for (field, reading) in
            [(Field::Bio, parts.bio), (Field::Name, parts.name), (Field::Quoted, parts.quoted)]
        {
            if let Some(reading) = reading {
                self.lexicon.anchored(field, reading, &mut wake);
            }
        }
        for reading in parts.media {
            self.lexicon.anchored(Field::Media, reading, &mut wake);
        }
        out.sort_unstable();
        out.dedup();
    }

    /// Whether `expr` could hold, going by which sets are present at all.
    pub fn possible(&self, expr: &Expr, field: Field) -> bool {
        match expr {
            Expr::Set(set) if field == Field::Body => self.parts.body.has(*set),
            Expr::Set(set) => self.readings(field).any(|(_, reading)| reading.has(*set)),
            Expr::Class(_) => true,
            Expr::And(all) => all.iter().all(|expr| self.possible(expr, field)),
            Expr::Or(all) => all.iter().any(|expr| self.possible(expr, field)),
            Expr::Without(expr, _) => self.possible(expr, field),
            Expr::Near(near) => {
                self.possible(&near.left, field) && (near.negated || self.possible(&near.right, field))
            }
            Expr::In(field, expr) => self.possible(expr, *field),
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
            Some(it) if self.lexicon.may_guard(guard, self.parts.body) => self.matches(&it.when),
            _ => Vec::new(),
        }
    }

    /// Every way in which `expr` holds, in order of the text (64 at most).
    pub fn matches(&self, expr: &Expr) -> Vec<Match> {
        if !self.possible(expr, Field::Body) {
            return Vec::new();
        }
        self.eval(expr, self.parts.part, self.parts.body)
    }

    fn eval(&self, expr: &Expr, part: Part, reading: &Reading) -> Vec<Match> {
        let mut out = match expr {
            Expr::Set(set) => {
                reading.hits_of(*set).map(|range| Match::one(part, Some(*set), range)).take(MOST).collect()
            }
            Expr::Class(class) => {
                let ranges = self.class(*class, part, reading);
                ranges.iter().take(MOST).map(|range| Match::one(part, None, *range)).collect()
            }
            Expr::And(all) => self.all(all, part, reading),
            Expr::Or(all) => {
                let mut out = Vec::new();
                for expr in all.iter().filter(|expr| !is_absent(expr, reading)) {
                    out.append(&mut self.eval(expr, part, reading));
                }
                out.sort_by_key(|found| found.extent);
                out
            }
            Expr::Without(expr, not) => {
                let out = self.eval(expr, part, reading);
                if out.is_empty() || !self.eval(not, part, reading).is_empty() { Vec::new() } else { out }
            }
            Expr::Near(near) => self.near(near, part, reading),
            Expr::In(field, expr) => self.elsewhere(*field, expr),
        };
        out.truncate(MOST);
        out
    }

    fn elsewhere(&self, field: Field, expr: &Expr) -> Vec<Match> {
        let mut out = Vec::new();
        for (part, reading) in self.readings(field) {
            for found in self.eval(expr, part, reading) {
                // Seen from the judged part it has no extent, unless that part itself was asked for.
                let here = part == self.parts.part;
                let (extent, last) = if here { (found.extent, found.last) } else { (None, None) };
                out.push(Match { extent, last, ..found });
            }
        }
        out
    }

    fn all(&self, all: &[Expr], part: Part, reading: &Reading) -> Vec<Match> {
        if all.iter().any(|expr| is_absent(expr, reading)) {
            return Vec::new();
        }
        // What code has to look for is asked last: mostly a term is missing, and nobody need look.
        let mut found: Vec<Option<Vec<Match>>> = vec![None; all.len()];
        for dear in [false, true] {
            for (expr, found) in all.iter().zip(&mut found).filter(|(expr, _)| is_dear(expr) == dear) {
                let matches = self.eval(expr, part, reading);
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

    fn near(&self, near: &Near, part: Part, reading: &Reading) -> Vec<Match> {
        if is_absent(&near.left, reading) || !near.negated && is_absent(&near.right, reading) {
            return Vec::new();
        }
        let right_first = !near.negated && is_dear(&near.left) && !is_dear(&near.right);
        let known = right_first.then(|| self.eval(&near.right, part, reading));
        if known.as_ref().is_some_and(Vec::is_empty) {
            return Vec::new();
        }
        let left = self.eval(&near.left, part, reading);
        if left.is_empty() {
            return left;
        }
        let right = known.unwrap_or_else(|| self.eval(&near.right, part, reading));
        let folded = &reading.folded;
        let beside =
            |a: &Match, b: &Match| !a.shares(b) && is_near(near, a, b, folded) && !a.repeats(b, folded);
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

    fn class(&self, class: Class, part: Part, reading: &Reading) -> Rc<[Range]> {
        let known = self
            .classes
            .borrow()
            .iter()
            .find(|(p, c, _)| *p == part && *c == class)
            .map(|(.., hits)| hits.clone());
        if let Some(known) = known {
            return known;
        }
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
        let out: Rc<[Range]> = out.into();
        self.classes.borrow_mut().push((part, class, out.clone()));
        out
    }
}

/// Whether `expr` surely has no hit in `reading`: a look at what is present, which costs next to nothing.
fn is_absent(expr: &Expr, reading: &Reading) -> bool {
    match expr {
        Expr::Set(set) => !reading.has(*set),
        Expr::Or(all) => all.iter().all(|expr| is_absent(expr, reading)),
        Expr::And(all) => all.iter().any(|expr| is_absent(expr, reading)),
        Expr::Without(expr, _) => is_absent(expr, reading),
        Expr::Near(near) => {
            is_absent(&near.left, reading) || !near.negated && is_absent(&near.right, reading)
        }
        Expr::Class(_) | Expr::In(..) => false,
    }
}

/// Whether code has to look through the text for `expr`, where a set is only looked up.
fn is_dear(expr: &Expr) -> bool {
    match expr {
        Expr::Set(_) => false,
        Expr::Class(_) => true,
        Expr::And(all) | Expr::Or(all) => all.iter().any(is_dear),
        Expr::Without(expr, _) | Expr::In(_, expr) => is_dear(expr),
        Expr::Near(near) => is_dear(&near.left) || is_dear(&near.right),
    }
}

/// Whether `b` stands near the last term of `a`: in its sentence or a neighbouring one, and within the distance.
fn is_near(near: &Near, a: &Match, b: &Match, folded: &Folded) -> bool {
    let (Some(a), Some(b)) = (a.last, b.extent) else { return false };
    let tokens = folded.tokens();
    let (first, second) = if a.start <= b.start {
        (a, b)
    } else if near.ordered {
        return false;
    } else {
        (b, a)
    };
    let Some(gap) = (second.start + 1).checked_sub(first.end) else { return false };
    if gap > near.distance as usize {
        return false;
    }
    let sentence = |at: usize| tokens.get(at).map_or(0, |token| token.sentence);
    sentence(second.start).abs_diff(sentence(first.end.saturating_sub(1))) <= 1
}
