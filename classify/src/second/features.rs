//! What the second reader sees of a text: its words, their neighbours and shapes, and the lexicon's sets among them.
//! Numbers, places, candidates, mentions and addresses are masked; time, channel and author's name are not looked at.

use lexicons::Range;
use lexicons::fold::TokenKind;
use lexicons::weights::{key_of, key_with, piece_key};
use stream::Part;

use crate::heard::Heard;

/// Length of the letter groups that stand for a word's shape.
const LETTERS: usize = 4;
/// Shortest word, in bytes, whose letter groups are looked at.
const SHAPED: usize = 6;

/// What a token is shown as.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Word,
    /// By the sign that stands in its place.
    Masked(&'static str),
    Hidden,
}

/// The tokens that are masked beside numbers: names of candidates and of places.
pub(crate) struct Masks(Vec<(Range, &'static str)>);

impl Masks {
    /// The names of candidates alone: what is known without asking where the post happens.
    pub(crate) fn of_candidates(heard: &Heard<'_>) -> Masks {
        let sets = ["pair_names", "pair_words"].into_iter().filter_map(|set| heard.lexicon.set(set));
        Masks(sets.flat_map(|set| heard.text.hits_of(set)).map(|range| (range, "%")).collect())
    }

    /// The names of candidates and of places.
    pub(crate) fn of(heard: &Heard<'_>) -> Masks {
        let mut masks = Masks::of_candidates(heard);
        let tokens = heard.text.folded.tokens();
        for clue in &heard.place().clues {
            let Some(span) = clue.span.filter(|span| span.part == Part::Text) else { continue };
            let start = tokens.partition_point(|token| token.end <= span.start);
            let end = tokens.partition_point(|token| token.start < span.end);
            // An office is what it is wherever it stands; only the name of its place is hidden.
            let named = (start..end).filter(|at| clue.kind != "office" || tokens[*at].is_capital());
            let unknown = named.filter(|at| !tokens[*at].word.is_known());
            masks.0.extend(unknown.map(|at| (Range { start: at, end: at + 1 }, "@")));
        }
        masks
    }

    fn seen(&self, heard: &Heard<'_>, at: usize) -> Seen {
        let token = &heard.text.folded.tokens()[at];
        // The later mask lies over the earlier.
        if let Some((_, by)) = self.0.iter().rev().find(|(range, _)| range.start <= at && at < range.end) {
            return Seen::Masked(by);
        }
        match token.kind {
            _ if token.in_chain() => Seen::Hidden,
            TokenKind::Mention | TokenKind::Url => Seen::Hidden,
            TokenKind::Number => Seen::Masked("#"),
            TokenKind::Word | TokenKind::Emoji => Seen::Word,
        }
    }
}

/// Tells every feature of the post's text to `tell`; the same text always gives the same features in the same order.
pub(crate) fn each(heard: &Heard<'_>, masks: &Masks, mut tell: impl FnMut(u64, Range)) {
    named(heard, masks, |name, range| tell(name.key, range));
}

/// As [`each`], with the names of the features: what training writes down.
pub(crate) fn each_named(heard: &Heard<'_>, masks: &Masks, mut tell: impl FnMut(String)) {
    named(heard, masks, |name, _| tell(name.to_string()));
}

/// A word as shown, or a set's name, with its key.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    key: u64,
}

impl<'a> Piece<'a> {
    fn of(text: &'a str) -> Piece<'a> {
        Piece { text, key: piece_key(text) }
    }
}

/// A feature's name in pieces: kind, and the one or two words or sets it is of.
struct Name<'a> {
    kind: u8,
    of: (Piece<'a>, Option<Piece<'a>>),
    key: u64,
}

impl<'a> Name<'a> {
    fn one(kind: u8, of: Piece<'a>) -> Name<'a> {
        Name { kind, of: (of, None), key: key_with(key_of(kind), of.key) }
    }

    fn two(kind: u8, of: Piece<'a>, with: Piece<'a>) -> Name<'a> {
        Name { kind, of: (of, Some(with)), key: key_with(key_with(key_of(kind), of.key), with.key) }
    }
}

impl std::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", char::from(self.kind), self.of.0.text)?;
        self.of.1.iter().try_for_each(|piece| write!(f, " {}", piece.text))
    }
}

fn named(heard: &Heard<'_>, masks: &Masks, mut tell: impl FnMut(Name<'_>, Range)) {
    let folded = &heard.text.folded;
    // The two shown tokens before this one, the nearer first.
    let mut before: [Option<(usize, Piece<'_>)>; 2] = [None; 2];
    for at in 0..folded.tokens().len() {
        let seen = masks.seen(heard, at);
        let piece = match seen {
            Seen::Hidden => continue,
            Seen::Masked(by) => Piece::of(by),
            Seen::Word => Piece::of(folded.form(at)),
        };
        let here = Range { start: at, end: at + 1 };
        tell(Name::one(b'w', piece), here);
        for ((start, other), kind) in before.into_iter().flatten().zip([b'b', b'k']) {
            tell(Name::two(kind, other, piece), Range { start, end: at + 1 });
        }
        if seen == Seen::Word && piece.text.len() >= SHAPED && piece.text.is_ascii() {
            for start in 0..=piece.text.len() - LETTERS {
                tell(Name::one(b'c', Piece::of(&piece.text[start..start + LETTERS])), here);
            }
        }
        before = [Some((at, piece)), before[0]];
    }
    sets(heard, masks, &mut tell);
    author(heard, &mut tell);
}

/// The lexicon's named sets in the text: words of one meaning, in whatever language, are one feature.
fn sets(heard: &Heard<'_>, masks: &Masks, tell: &mut impl FnMut(Name<'_>, Range)) {
    for hit in heard.text.hits() {
        let name = heard.lexicon.set_name(hit.set);
        // A set of one term is its word over again.
        let of_its_own = name.starts_with(|c: char| c.is_ascii_lowercase());
        if of_its_own && masks.seen(heard, hit.range.start) == Seen::Word {
            tell(Name::one(b's', Piece::of(name)), hit.range);
        }
    }
}

/// What office the author's profile shows.
fn author(heard: &Heard<'_>, tell: &mut impl FnMut(Name<'_>, Range)) {
    for part in [Part::Bio, Part::Name] {
        let Some(reading) = heard.reading(part) else { continue };
        for hit in reading.hits() {
            let name = heard.lexicon.set_name(hit.set);
            if name.starts_with("sub_") {
                tell(Name::one(b'a', Piece::of(name)), Range { start: 0, end: 0 });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use lexicons::weights::key;

    use super::*;

    #[test]
    fn a_feature_has_the_key_of_its_name() {
        let name = Name::two(b'b', Piece::of("buka"), Piece::of("lipatan"));
        assert_eq!(name.to_string(), "b buka lipatan");
        assert_eq!(name.key, key("b buka lipatan"));
        assert_eq!(Name::one(b'w', Piece::of("buka")).key, key("w buka"));
    }
}
