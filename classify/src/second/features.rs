//! What the second reader sees of a text: its words, their neighbours and shapes, and the lexicon's sets among them.
//! Numbers, places, candidates, mentions and addresses are masked; time, channel and author's name are not looked at.

use lexicons::fold::TokenKind;
use lexicons::sums::{Sum, Table, is_shown};
use lexicons::weights::{Weights, key_of, key_with, letters, piece_key};
use lexicons::{Found, Range, Word};
use stream::Part;

use crate::heard::Heard;

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

    /// Whether the token at `at` is shown as the word that it is.
    pub(super) fn shows(&self, heard: &Heard<'_>, at: usize) -> bool {
        self.seen(heard, at) == Seen::Word
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
    walk(heard, masks, &mut Each { heard, tell: |name: Name<'_>, range| tell(name.key, range) });
}

/// As [`each`], with the names of the features: what training writes down.
pub(crate) fn each_named(heard: &Heard<'_>, masks: &Masks, mut tell: impl FnMut(String)) {
    walk(heard, masks, &mut Each { heard, tell: |name: Name<'_>, _| tell(name.to_string()) });
}

/// What all features add up to for the first `N` outputs: as the sum over [`each`], with what `table` knows of words and
/// terms beforehand.
pub(crate) fn sum<const N: usize>(
    heard: &Heard<'_>,
    weights: &Weights,
    table: &Table<N>,
    masks: &Masks,
) -> Sum<N> {
    let mut adds = Adds { heard, weights, table, sum: Sum::default() };
    walk(heard, masks, &mut adds);
    adds.sum
}

/// A word as shown, or a set's name, with its key.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    key: u64,
    /// The word of the vocabulary that it is, if its sum is known.
    word: Option<Word>,
}

impl<'a> Piece<'a> {
    pub(super) fn of(text: &'a str) -> Piece<'a> {
        Piece { text, key: piece_key(text), word: None }
    }
}

/// A feature's name in pieces: kind, and the one or two words or sets it is of.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    kind: u8,
    of: (Piece<'a>, Option<Piece<'a>>),
    pub(super) key: u64,
}

impl<'a> Name<'a> {
    pub(super) fn one(kind: u8, of: Piece<'a>) -> Name<'a> {
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

/// Who is told what a text shows.
pub(super) trait Told<'a> {
    /// A token as it is shown, masked or a word.
    fn token(&mut self, at: usize, piece: Piece<'a>, is_word: bool);
    /// A token with one before it.
    fn pair(&mut self, name: &Name<'a>, range: Range);
    /// A term.
    fn term(&mut self, found: &Found);
    /// A set of offices that the author's profile shows.
    fn author(&mut self, name: &Name<'a>);
}

pub(super) fn walk<'a>(heard: &'a Heard<'_>, masks: &Masks, told: &mut impl Told<'a>) {
    let folded = &heard.text.folded;
    // The two shown tokens before this one, the nearer first.
    let mut before: [Option<(usize, Piece<'_>)>; 2] = [None; 2];
    for at in 0..folded.tokens().len() {
        let seen = masks.seen(heard, at);
        let piece = match seen {
            Seen::Hidden => continue,
            Seen::Masked(by) => Piece::of(by),
            Seen::Word => known(heard, at).unwrap_or_else(|| Piece::of(folded.form(at))),
        };
        told.token(at, piece, seen == Seen::Word);
        if let Some((start, other)) = before[0] {
            told.pair(&Name::two(b'b', other, piece), Range { start, end: at + 1 });
        }
        if let Some((start, other)) = before[1] {
            told.pair(&Name::two(b'k', other, piece), Range { start, end: at + 1 });
        }
        before = [Some((at, piece)), before[0]];
    }
    for found in heard.text.found() {
        if masks.shows(heard, found.range.start) {
            told.term(found);
        }
    }
    for part in [Part::Bio, Part::Name] {
        let Some(reading) = heard.reading(part) else { continue };
        for set in reading.found().iter().flat_map(|found| reading.sets_of(found)) {
            let name = heard.lexicon.set_name(set);
            if name.starts_with("sub_") {
                told.author(&Name::one(b'a', Piece::of(name)));
            }
        }
    }
}

/// The piece of a word of the vocabulary that stands in its own form.
fn known<'a>(heard: &'a Heard<'_>, at: usize) -> Option<Piece<'a>> {
    let (folded, lexicon) = (&heard.text.folded, heard.lexicon);
    let token = folded.tokens().get(at).filter(|token| token.is_own())?;
    let (key, _) = lexicon.sums().queues.word(token.word)?;
    Some(Piece { text: folded.form(at), key: *key, word: Some(token.word) })
}

/// Tells each feature by its name.
struct Each<'h, 'p, F> {
    heard: &'h Heard<'p>,
    tell: F,
}

impl<'a, F: FnMut(Name<'_>, Range)> Told<'a> for Each<'a, '_, F> {
    fn token(&mut self, at: usize, piece: Piece<'a>, is_word: bool) {
        let here = Range { start: at, end: at + 1 };
        (self.tell)(Name::one(b'w', piece), here);
        if is_word {
            letters(piece.text).for_each(|group| (self.tell)(Name::one(b'c', Piece::of(group)), here));
        }
    }

    fn pair(&mut self, name: &Name<'a>, range: Range) {
        (self.tell)(*name, range);
    }

    /// The lexicon's named sets in the text: words of one meaning, in whatever language, are one feature.
    fn term(&mut self, found: &Found) {
        let names = self.heard.text.sets_of(found).map(|set| self.heard.lexicon.set_name(set));
        for name in names.filter(|name| is_shown(name)) {
            (self.tell)(Name::one(b's', Piece::of(name)), found.range);
        }
    }

    fn author(&mut self, name: &Name<'a>) {
        (self.tell)(*name, Range { start: 0, end: 0 });
    }
}

/// Adds up what the features weigh.
struct Adds<'h, 'p, const N: usize> {
    heard: &'h Heard<'p>,
    weights: &'h Weights,
    /// What is known beforehand; empty where the weights are not the lexicon's own.
    table: &'h Table<N>,
    sum: Sum<N>,
}

impl<'a, const N: usize> Told<'a> for Adds<'_, '_, N> {
    fn token(&mut self, _: usize, piece: Piece<'a>, is_word: bool) {
        match piece.word.and_then(|word| self.table.word(word)) {
            Some((_, known)) => self.sum.join(known),
            None if is_word => self.sum.add_word(self.weights, piece.text, piece.key),
            None => self.sum.add(self.weights, Name::one(b'w', piece).key),
        }
    }

    fn pair(&mut self, name: &Name<'a>, _: Range) {
        self.sum.add(self.weights, name.key);
    }

    fn term(&mut self, found: &Found) {
        match self.table.kind(found.kind).filter(|_| found.is_whole()) {
            Some(known) => self.sum.join(known),
            None => {
                let names = self.heard.text.sets_of(found).map(|set| self.heard.lexicon.set_name(set));
                for name in names.filter(|name| is_shown(name)) {
                    self.sum.add(self.weights, Name::one(b's', Piece::of(name)).key);
                }
            }
        }
    }

    fn author(&mut self, name: &Name<'a>) {
        self.sum.add(self.weights, name.key);
    }
}

#[cfg(test)]
mod tests {
    use lexicons::weights::{OUTPUTS, key};

    use super::*;

    #[test]
    fn a_feature_has_the_key_of_its_name() {
        let name = Name::two(b'b', Piece::of("buka"), Piece::of("lipatan"));
        assert_eq!(name.to_string(), "b buka lipatan");
        assert_eq!(name.key, key("b buka lipatan"));
        assert_eq!(Name::one(b'w', Piece::of("buka")).key, key("w buka"));
    }

    #[test]
    fn what_is_summed_beforehand_is_what_the_features_add_up_to() {
        let lexicon = lexicons::Lexicon::builtin();
        // Words of the vocabulary with and without clitic, unknown ones, phrases inside phrases, a name and a number.
        for text in [
            "Besok kita serbu kantornya KPU Gunung Mas, bawa parang, 20 orang sudah siap",
            "baru buka lipatan udah ada lobangnya di nomor 1, kata saksi Xylofia",
            "serangan fajar serangan balik bakar-bakaran dibakarin, gek ojo ngono",
        ] {
            let post = crate::check::post(text);
            let heard = Heard::new(&lexicon, &post);
            let weights = lexicon.second_reader();
            let quick = sum(&heard, weights, &lexicon.sums().all, &Masks::of(&heard));
            let slow = sum(&heard, weights, &Table::<{ OUTPUTS.len() }>::default(), &Masks::of(&heard));
            let queues = sum(&heard, weights, &lexicon.sums().queues, &Masks::of(&heard));
            assert_eq!((queues.features, &queues.row[..]), (quick.features, &quick.row[..2]), "{text}");
            let mut count = 0;
            each(&heard, &Masks::of(&heard), |_, _| count += 1);
            assert_eq!((quick.features, slow.features), (count, count), "{text}");
            let near = quick.row.iter().zip(&slow.row).all(|(a, b)| (a - b).abs() < 1e-3);
            assert!(near && quick.row != [0.0; 14], "{text}: {:?} {:?}", quick.row, slow.row);
        }
    }
}
