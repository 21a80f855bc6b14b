//! Words that are a place's name: in "Desa Batu Nyiwuh" nobody has a stone, in "Kubu Raya" there is no camp.

use lexicons::gazetteer::{NameKey, WordClass};
use lexicons::{Range, Reading};
use stream::{Part, Span};

use crate::heard::Heard;
use crate::place::Words;

/// The clues of a place that are its name.
const NAMES: [&str; 5] = ["chain", "marker", "name", "dateline", "origin"];

impl Heard<'_> {
    /// Whether these words are the name of the post's place or a piece of it: in "Desa Batu Nyiwuh" nobody has a stone.
    pub(crate) fn in_place_name(&self, part: Part, range: Range) -> bool {
        let Some(reading) = self.reading(part) else { return false };
        let (words, span) = (self.lexicon.land().words(), self.span(part, range));
        let form = |at: usize| reading.folded.form(at);
        // "Desa", "Kades", "kantor camat" and their like tell of more than the name.
        let own = |at: usize| words.is_of_any(form(at)) || words.marks(form(at));
        // A name of one word may be that word after all, unless a word of place stands before it ("di Batu") or the dash
        // of a dateline behind it ("SERANG - ").
        let located = range.start.checked_sub(1).is_some_and(|at| words.is(form(at), WordClass::Locative));
        let inside = |kind: &str, name: &Span| {
            let sure = located || kind == "dateline" || name.end - name.start > span.end - span.start;
            name.part == part && name.start <= span.start && span.end <= name.end && sure
        };
        !(range.start..range.end).any(own)
            && (located || self.may_be_piece(part, span))
            && self.is_named(inside)
    }

    /// Whether these words name the post's place: a guard's word that does clears nothing ("TPS 3 Komodo Mabar").
    pub(crate) fn names_place(&self, part: Part, range: Range) -> bool {
        let span = self.span(part, range);
        let name = || span.of(self.post).is_some_and(|words| self.lexicon.land().is_name(NameKey::of(words)));
        let inside =
            |_: &str, name: &Span| name.part == part && name.start <= span.start && span.end <= name.end;
        (name() || self.may_be_piece(part, span)) && self.is_named(inside)
    }

    /// Whether words of the text that tell the place are so, by the kind of clue and where they stand.
    fn is_named(&self, so: impl Fn(&str, &Span) -> bool) -> bool {
        let mut names = self.place().clues.iter().filter(|clue| NAMES.contains(&clue.kind.as_str()));
        names.any(|clue| clue.span.as_ref().is_some_and(|span| so(&clue.kind, span)))
    }

    /// Whether words may be a piece of a longer name; false is sure. Where the post happens is known already, or costs
    /// more to find than a look around these words.
    fn may_be_piece(&self, part: Part, span: Span) -> bool {
        let land = self.lexicon.land();
        let around = |words: &Words<'_>| words.may_be_piece(land, span.start, span.end);
        match (self.place.get(), part.of(self.post)) {
            (Some(_), _) | (_, None) => true,
            (None, Some(_)) if part == Part::Text => around(self.words()),
            (None, Some(text)) => around(&Words::of(land, text)),
        }
    }

    /// The text read without the names that tell its place, each of whose words stands as a word that nobody knows: what
    /// is left is said of something else. None where no name is to be left out.
    pub(crate) fn unnamed(&self, part: Part) -> Option<&Reading> {
        let read = || {
            let names = self.place().clues.iter().filter(|clue| NAMES.contains(&clue.kind.as_str()));
            let spans: Vec<Span> =
                names.filter_map(|clue| clue.span.filter(|span| span.part == Part::Text)).collect();
            let mut reading = Reading::default();
            self.lexicon.read(&masked(&self.post.text, &spans), &mut reading);
            // A token must stay that token, since matches tell their words by number.
            let same = reading.folded.tokens().len() == self.text.folded.tokens().len();
            (same && !spans.is_empty()).then(|| Box::new(reading))
        };
        if part != Part::Text {
            return None;
        }
        self.unnamed.get_or_init(read).as_deref()
    }
}

/// `text` with other letters in `spans`, as many bytes of them.
fn masked(text: &str, spans: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let inside = spans.iter().any(|span| (span.start as usize..span.end as usize).contains(&at));
        if inside && c.is_alphabetic() {
            // Two letters in turn, since one in a row is read as a stretched one.
            (at..at + c.len_utf8()).for_each(|at| out.push(if at % 2 == 0 { 'q' } else { 'x' }));
        } else {
            out.push(c);
        }
    }
    out
}
