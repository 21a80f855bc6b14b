//! What is found where an expression holds: its terms, how they stand to each other, and what they may share.

use stream::Part;

use super::{Order, Reach};
use crate::fold::Folded;
use crate::range::Range;
use crate::set_bits::SetId;

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
}

/// A match while a tree is evaluated: most are put aside again, so its terms stand in one store with all others'.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Where its terms stand in the store.
    start: u32,
    end: u32,
    pub(super) extent: Option<Range>,
    /// The tokens of its last term in the judged part: what a following NEAR measures from.
    pub(super) last: Option<Range>,
}

/// The terms of ways, one way's behind the other's.
#[derive(Debug, Default)]
pub(super) struct Terms(Vec<PartHit>);

impl Terms {
    /// Forgets all: ways told before hold no more.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The terms of a way, in the order of the expression.
    pub(super) fn of(&self, way: &Way) -> &[PartHit] {
        &self.0[way.start as usize..way.end as usize]
    }

    pub(super) fn one(&mut self, part: Part, set: Option<SetId>, range: Range) -> Way {
        let start = self.0.len() as u32;
        self.0.push(PartHit { part, set, range });
        Way { start, end: start + 1, extent: Some(range), last: Some(range) }
    }

    pub(super) fn joined(&mut self, a: &Way, b: &Way) -> Way {
        let start = self.0.len() as u32;
        for way in [a, b] {
            self.0.extend_from_within(way.start as usize..way.end as usize);
        }
        let extent = match (a.extent, b.extent) {
            (Some(a), Some(b)) => Some(Range { start: a.start.min(b.start), end: a.end.max(b.end) }),
            (a, b) => a.or(b),
        };
        Way { start, end: self.0.len() as u32, extent, last: b.last.or(a.last) }
    }

    /// Whether two ways share a token: one word is never two signs.
    pub(super) fn share(&self, a: &Way, b: &Way) -> bool {
        let meet = |a: &PartHit, b: &PartHit| {
            a.part == b.part && a.range.start < b.range.end && b.range.start < a.range.end
        };
        self.of(a).iter().any(|a| self.of(b).iter().any(|b| meet(a, b)))
    }

    /// Whether a class finds the same words in both: a number said twice is no second number.
    pub(super) fn repeat(&self, a: &Way, b: &Way, folded: &Folded) -> bool {
        let words = |range: Range| (range.start..range.end).map(|at| folded.form(at));
        let classes = |way: &Way| self.of(way).iter().filter(|hit| hit.set.is_none());
        let same = |a: &PartHit, b: &PartHit| a.part == b.part && words(a.range).eq(words(b.range));
        classes(a).any(|a| classes(b).any(|b| same(a, b)))
    }

    /// A way by itself.
    pub(super) fn told(&self, way: &Way) -> Match {
        Match { hits: self.of(way).to_vec(), extent: way.extent }
    }
}

impl Way {
    pub(super) fn distance(&self, other: &Way) -> usize {
        match (self.extent, other.extent) {
            (Some(a), Some(b)) => b.start.saturating_sub(a.end).max(a.start.saturating_sub(b.end)),
            _ => 0,
        }
    }

    /// Whether `other` stands within `reach` of this one's last term.
    pub(super) fn reaches(&self, other: &Way, reach: Reach, folded: &Folded) -> bool {
        let (Some(here), Some(there)) = (self.last, other.extent) else { return false };
        let left_first = here.start <= there.start;
        let in_order = match reach.order {
            Order::Any => true,
            Order::LeftFirst => left_first,
            Order::RightFirst => !left_first,
        };
        let (first, second) = if left_first { (here, there) } else { (there, here) };
        let gap = (second.start + 1).checked_sub(first.end);
        if !in_order || gap.is_none_or(|gap| gap > reach.distance as usize) {
            return false;
        }
        let sentence = |at: usize| folded.tokens().get(at).map_or(0, |token| token.sentence);
        if reach.one_sentence {
            // All of the two: what a group holds may begin or end in another sentence.
            sentence(first.start) == sentence(first.end.max(second.end).saturating_sub(1))
        } else {
            sentence(second.start).abs_diff(sentence(first.end.saturating_sub(1))) <= 1
        }
    }
}
