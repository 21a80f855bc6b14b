//! What told the place of a post: each area once, by its own name where the next wider one is listed too, with every
//! reason that points at it.

use std::collections::BTreeSet;

use alerts::PostView;
use lexicons::Lang;
use lexicons::gazetteer::Gazetteer;
use stream::{Post, RegionCode, Span};

use super::mask::shown_words;
use super::names;

/// An area that something in a post points at.
pub(crate) struct ClueLine {
    pub(crate) code: RegionCode,
    pub(crate) name: String,
    pub(crate) reasons: Vec<Reason>,
}

/// What points at it, and the words that do, where they may be shown.
pub(crate) struct Reason {
    pub(crate) why: String,
    pub(crate) words: Option<String>,
    span: Option<Span>,
}

/// The areas that clues of `view`, a post of this incident, point at, in the order they came.
pub(crate) fn clue_lines(lang: Lang, post: &Post, view: &PostView) -> Vec<ClueLine> {
    let mut lines: Vec<ClueLine> = Vec::new();
    for clue in &view.clues {
        let why = names::clue(lang, &clue.kind);
        let words = clue.span.and_then(|span| shown_words(post, span));
        match lines.iter_mut().find(|line| line.code == clue.code) {
            Some(line) => line.add(Reason { why, words, span: clue.span }),
            None => {
                let (code, name) = (clue.code.clone(), names::region(&clue.code));
                lines.push(ClueLine { code, name, reasons: vec![Reason { why, words, span: clue.span }] });
            }
        }
    }
    let land = Gazetteer::in_use();
    let listed: BTreeSet<RegionCode> = lines.iter().map(|line| line.code.clone()).collect();
    for line in &mut lines {
        let own = line.code.parent().filter(|around| listed.contains(around));
        if let Some(name) = own.and_then(|_| land.kind_and_name(&line.code)) {
            line.name = name;
        }
    }
    lines
}

impl ClueLine {
    /// Adds a reason unless one says as much: a name and a bio may tell the same, and of a name no words are shown; what
    /// several kinds read in the same words of the post is told by the first.
    fn add(&mut self, new: Reason) {
        if new.span.is_some() && self.reasons.iter().any(|reason| reason.span == new.span) {
            return;
        }
        match self.reasons.iter_mut().find(|reason| reason.why == new.why) {
            Some(reason) if reason.words.is_none() => reason.words = new.words,
            Some(_) if new.words.is_none() => {}
            _ => self.reasons.push(new),
        }
    }
}
