//! Whether words may be a piece of a longer name of a place: asked of a text whose place is not known yet.

use lexicons::gazetteer::{Gazetteer, WordClass};

use super::read::{LONGEST, Reader};
use super::tokens::{Gap, Token, tokens};

/// The words of a text, which both its place and [`Words::may_be_piece`] are told from.
pub(crate) struct Words<'t>(pub(super) Vec<Token<'t>>);

impl<'t> Words<'t> {
    /// Of `text`.
    pub(crate) fn of(land: &Gazetteer, text: &'t str) -> Words<'t> {
        Words(tokens(land, text))
    }

    /// Whether the bytes `start..end` of the text may be a piece of a longer name of a place; false is sure.
    pub(crate) fn may_be_piece(&self, land: &Gazetteer, start: u32, end: u32) -> bool {
        let tokens = &self.0[..];
        let first = tokens.partition_point(|token| token.end <= start);
        let behind = tokens.partition_point(|token| token.start < end);
        let tail = behind.checked_sub(1).and_then(|at| tokens.get(at));
        let (Some(head), Some(tail)) = (tokens.get(first), tail) else { return true };
        // What is read as one word here and as several there may be a name by itself.
        if head.start < start || tail.end > end || behind <= first {
            return true;
        }
        Reader { land, tokens, shouting: false }.may_be_piece(first, behind - 1)
    }
}

impl Reader<'_> {
    /// Whether the words `first..=last` may be a piece of a longer mention; false is sure.
    fn may_be_piece(&self, first: usize, last: usize) -> bool {
        // Between an office and its name numbers and fillers may stand.
        let between = |at: &usize| self.is_number(*at) || self.is(WordClass::OfficeFiller, self.low(*at));
        let before = (0..first).rev().find(|at| !between(at));
        let led = before.is_some_and(|at| self.marks(at)) || self.low(last + 1) == "kota";
        let dateline = last <= LONGEST && (1..=LONGEST).any(|at| self.gap(at) == Gap::Dash);
        let own = |at: usize| self.tokens[at].hashtag || self.is_number(at) || self.marks(at);
        let longer = |start: usize, end: usize| end > last + 1 || end == last + 1 && (led || start < first);
        let named = |start: usize| {
            let (mut keys, mut capital) = (self.keys(), true);
            for at in start..start + LONGEST {
                if !self.goes_on(&mut keys, start, at - start) {
                    return false;
                }
                // Of a name only begun all words are in capitals.
                capital &= self.tokens[at].capital;
                let known = || capital || keys.iter().any(|(key, _)| self.land.is_name(*key));
                if longer(start, at + 1) && known() {
                    return true;
                }
            }
            false
        };
        dateline || (first..=last).any(own) || (first.saturating_sub(LONGEST)..=first).any(named)
    }

    /// Whether a word is a marker or of an office.
    fn marks(&self, at: usize) -> bool {
        self.words().marks(self.low(at))
    }
}
