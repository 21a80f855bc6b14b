//! What is found where an expression holds: its terms, how they stand to each other, and what they may share.

use stream::Part;

use super::{Order, Reach, SetId};
use crate::fold::Folded;

/// Tokens `start..end` of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
}

impl Range {
    /// Its tokens as bits, as far as they are among the first 128.
    #[inline]
    pub(crate) fn bits(self) -> u128 {
        let end = u32::try_from(self.end).unwrap_or(u32::MAX).min(u128::BITS);
        let start = u32::try_from(self.start).unwrap_or(u32::MAX);
        let up_to_end = u128::MAX.checked_shr(u128::BITS - end).unwrap_or(0);
        up_to_end & u128::MAX.checked_shl(start).unwrap_or(0)
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
    pub(super) last: Option<Range>,
}

impl Match {
    pub(super) fn one(part: Part, set: Option<SetId>, range: Range) -> Match {
        Match { hits: vec![PartHit { part, set, range }], extent: Some(range), last: Some(range) }
    }

    pub(super) fn joined(&self, other: &Match) -> Match {
        let mut hits = self.hits.clone();
        hits.extend_from_slice(&other.hits);
        let extent = match (self.extent, other.extent) {
            (Some(a), Some(b)) => Some(Range { start: a.start.min(b.start), end: a.end.max(b.end) }),
            (a, b) => a.or(b),
        };
        Match { hits, extent, last: other.last.or(self.last) }
    }

    /// Whether the two share a token: one word is never two signs.
    pub(super) fn shares(&self, other: &Match) -> bool {
        self.hits.iter().any(|a| {
            other
                .hits
                .iter()
                .any(|b| a.part == b.part && a.range.start < b.range.end && b.range.start < a.range.end)
        })
    }

    /// Whether a class finds the same words in both: a number said twice is no second number.
    pub(super) fn repeats(&self, other: &Match, folded: &Folded) -> bool {
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

    pub(super) fn distance(&self, other: &Match) -> usize {
        match (self.extent, other.extent) {
            (Some(a), Some(b)) => b.start.saturating_sub(a.end).max(a.start.saturating_sub(b.end)),
            _ => 0,
        }
    }

    /// Whether `other` stands within `reach` of this one's last term.
    pub(super) fn reaches(&self, other: &Match, reach: Reach, folded: &Folded) -> bool {
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
