//! Verses: a pantun paints a picture in its opening lines (sampiran) and says what it means in its closing ones (isi).

use crate::fold::{Folded, Token, TokenKind};
use crate::range::Range;

/// Lines of a stanza.
const STANZA: usize = 4;
/// Fewest and most words in a line of verse; beyond it four lines are a report or a list.
const LINE: std::ops::RangeInclusive<usize> = 2..=10;

/// The closing lines: of a verse its last two, of any other text its last line, of one line its last sentence.
pub(super) fn closing(folded: &Folded) -> Range {
    let lines = lines(folded);
    let end = folded.tokens().len();
    let start = match (verse(folded, &lines), lines.as_slice()) {
        ([.., second_last, _], _) => second_last.start,
        (_, [_, .., last]) => last.start,
        _ => {
            let last =
                folded.tokens().iter().rfind(|token| is_plain(token)).map_or(0, |token| token.sentence);
            folded.tokens().partition_point(|token| token.sentence < last)
        }
    };
    Range { start, end }
}

/// Adds each sentence of the opening lines of a verse.
pub(super) fn opening(folded: &Folded, out: &mut Vec<Range>) {
    let lines = lines(folded);
    for line in verse(folded, &lines).chunks(STANZA).flat_map(|stanza| &stanza[..STANZA / 2]) {
        let mut start = line.start;
        for sentence in folded.tokens()[line.start..line.end].chunk_by(|a, b| a.sentence == b.sentence) {
            out.push(Range { start, end: start + sentence.len() });
            start += sentence.len();
        }
    }
}

/// The lines that are verse: all, or all but a line before or behind them (*pantun pagi:*, *sebarkan*); none otherwise.
fn verse<'l>(folded: &Folded, lines: &'l [Range]) -> &'l [Range] {
    let (first, second): (&[Range], &[Range]) = match (lines, lines.len() % STANZA) {
        (_, 0) => (lines, &[]),
        ([first @ .., _], 1) => (first, &lines[1..]),
        _ => (&[], &[]),
    };
    // Where both could be verse, the one that rhymes better is; of equals the first.
    let rhymes = [first, second].map(|lines| rhymes(folded, lines));
    match rhymes {
        [0, 0] => &[],
        [one, other] if other > one => second,
        _ => first,
    }
}

/// A word of the author's own: no hashtag, no number, none of the names that the text is sent to.
fn is_plain(token: &Token) -> bool {
    token.kind == TokenKind::Word && !token.in_hashtag() && !token.in_chain()
}

/// The lines that hold a word.
fn lines(folded: &Folded) -> Vec<Range> {
    let tokens = folded.tokens();
    let mut out = Vec::new();
    let mut start = 0;
    for line in tokens.chunk_by(|_, next| !next.begins_line()) {
        let end = start + line.len();
        if line.iter().any(is_plain) {
            out.push(Range { start, end });
        }
        start = end;
    }
    out
}

/// How many pairs of lines rhyme, if `lines` are stanzas of four short ones in each of which one pair does; else 0.
fn rhymes(folded: &Folded, lines: &[Range]) -> usize {
    let words =
        |line: &Range| folded.tokens()[line.start..line.end].iter().filter(|token| is_plain(token)).count();
    if !lines.len().is_multiple_of(STANZA) || !lines.iter().all(|line| LINE.contains(&words(line))) {
        return 0;
    }
    let of_stanza = |stanza: &[Range]| {
        let ends: Vec<&str> = stanza.iter().map(|line| rhyme(folded, *line)).collect();
        let pairs = |pairs: [(usize, usize); 2]| {
            pairs.iter().filter(|(a, b)| !ends[*a].is_empty() && ends[*a] == ends[*b]).count()
        };
        // a-b-a-b or a-a-b-b; writers are content with one pair.
        pairs([(0, 2), (1, 3)]).max(pairs([(0, 1), (2, 3)]))
    };
    let all: Vec<usize> = lines.chunks(STANZA).map(of_stanza).collect();
    if all.contains(&0) { 0 } else { all.iter().sum() }
}

/// The sound that a line ends on: its last word from the last vowel on.
fn rhyme(folded: &Folded, line: Range) -> &str {
    let last = (line.start..line.end).rev().find(|at| is_plain(&folded.tokens()[*at]));
    let form = last.map_or("", |at| folded.form(at));
    form.rfind(['a', 'e', 'i', 'o', 'u']).map_or("", |at| &form[at..])
}
