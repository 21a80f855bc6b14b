//! What the second reader sees of a text: its words, their neighbours and shapes, and the lexicon's sets among them.
//! Numbers, places, candidates, mentions and addresses are masked; time, channel and author's name are not looked at.

use lexicons::Range;
use lexicons::fold::TokenKind;
use lexicons::weights::{KEY, key_on};
use stream::Part;

use crate::heard::Heard;

/// A feature of a text and the tokens it is of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feature {
    /// The key of its name ([`lexicons::weights::key`]).
    pub(crate) key: u64,
    /// Its tokens.
    pub(crate) range: Range,
}

/// Length of the letter groups that stand for a word's shape.
const LETTERS: usize = 4;
/// Shortest word, in bytes, whose letter groups are looked at.
const SHAPED: usize = 6;

/// What a token is shown as.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Word,
    Masked(u8),
    Hidden,
}

/// Tells every feature of the post's text to `tell`; the same text always gives the same features in the same order.
pub(crate) fn each(heard: &Heard<'_>, mut tell: impl FnMut(u64, Range)) {
    named(heard, |name, range| tell(name.key(), range));
}

/// As [`each`], with the names of the features: what training writes down.
pub(crate) fn each_named(heard: &Heard<'_>, mut tell: impl FnMut(String)) {
    named(heard, |name, _| tell(name.to_string()));
}

/// A feature's name in pieces: kind, and the words or sets it is of.
struct Name<'a> {
    kind: u8,
    of: &'a [&'a str],
}

impl Name<'_> {
    fn key(&self) -> u64 {
        let kind = key_on(KEY, self.kind);
        self.of.iter().fold(kind, |key, piece| piece.bytes().fold(key_on(key, b' '), key_on))
    }
}

impl std::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", char::from(self.kind))?;
        self.of.iter().try_for_each(|piece| write!(f, " {piece}"))
    }
}

fn named(heard: &Heard<'_>, mut tell: impl FnMut(Name<'_>, Range)) {
    let folded = &heard.text.folded;
    let seen = seen(heard);
    let forms: Vec<(usize, &str)> = seen
        .iter()
        .enumerate()
        .filter(|(_, seen)| **seen != Seen::Hidden)
        .map(|(at, seen)| match seen {
            Seen::Masked(b'#') => (at, "#"),
            Seen::Masked(b'@') => (at, "@"),
            Seen::Masked(_) => (at, "%"),
            _ => (at, folded.form(at)),
        })
        .collect();
    let range = |from: usize, to: usize| Range { start: forms[from].0, end: forms[to].0 + 1 };
    for n in 0..forms.len() {
        let (at, form) = forms[n];
        tell(Name { kind: b'w', of: &[form] }, range(n, n));
        if let Some((_, next)) = forms.get(n + 1) {
            tell(Name { kind: b'b', of: &[form, next] }, range(n, n + 1));
        }
        if let Some((_, after)) = forms.get(n + 2) {
            tell(Name { kind: b'k', of: &[form, after] }, range(n, n + 2));
        }
        if seen[at] == Seen::Word && form.len() >= SHAPED && form.is_ascii() {
            for start in 0..=form.len() - LETTERS {
                tell(Name { kind: b'c', of: &[&form[start..start + LETTERS]] }, range(n, n));
            }
        }
    }
    sets(heard, &seen, &mut tell);
    author(heard, &mut tell);
}

/// The lexicon's named sets in the text: words of one meaning, in whatever language, are one feature.
fn sets(heard: &Heard<'_>, seen: &[Seen], tell: &mut impl FnMut(Name<'_>, Range)) {
    for hit in heard.text.hits().iter().filter(|hit| seen[hit.range.start] == Seen::Word) {
        let name = heard.lexicon.set_name(hit.set);
        // A set of one term is its word over again.
        if name.starts_with(|c: char| c.is_ascii_lowercase()) {
            tell(Name { kind: b's', of: &[name] }, hit.range);
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
                tell(Name { kind: b'a', of: &[name] }, Range { start: 0, end: 0 });
            }
        }
    }
}

/// What every token is shown as.
fn seen(heard: &Heard<'_>) -> Vec<Seen> {
    let reading = &heard.text;
    let tokens = reading.folded.tokens();
    let mut seen: Vec<Seen> = tokens
        .iter()
        .map(|token| match token.kind {
            _ if token.in_chain() => Seen::Hidden,
            TokenKind::Mention | TokenKind::Url => Seen::Hidden,
            TokenKind::Number => Seen::Masked(b'#'),
            TokenKind::Word | TokenKind::Emoji => Seen::Word,
        })
        .collect();
    let mut mask = |range: Range, by: u8| {
        let end = range.end.min(seen.len());
        seen[range.start.min(end)..end].iter_mut().for_each(|seen| *seen = Seen::Masked(by));
    };
    for set in ["pair_names", "pair_words"].into_iter().filter_map(|set| heard.lexicon.set(set)) {
        reading.hits_of(set).for_each(|range| mask(range, b'%'));
    }
    for clue in &heard.place().clues {
        let Some(span) = clue.span.filter(|span| span.part == Part::Text) else { continue };
        let start = tokens.partition_point(|token| token.end <= span.start);
        let end = tokens.partition_point(|token| token.start < span.end);
        // An office is what it is wherever it stands; only the name of its place is hidden.
        let named = (start..end).filter(|at| clue.kind != "office" || tokens[*at].is_capital());
        named
            .filter(|at| !tokens[*at].word.is_known())
            .for_each(|at| mask(Range { start: at, end: at + 1 }, b'@'));
    }
    seen
}

#[cfg(test)]
mod tests {
    use lexicons::weights::key;

    use super::*;

    #[test]
    fn a_feature_has_the_key_of_its_name() {
        let name = Name { kind: b'b', of: &["buka", "lipatan"] };
        assert_eq!(name.to_string(), "b buka lipatan");
        assert_eq!(name.key(), key("b buka lipatan"));
    }
}
