//! A text cut into pieces: plain, hit, cleared, place; what is private hidden.

use std::ops::Range;

use super::mask;

/// What a stretch of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Tells the place.
    Place,
    /// Hit, and cleared by a guard.
    Cleared,
    /// Hit.
    Hit,
}

/// A stretch of a text with its meaning.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
    /// What it is.
    pub(crate) kind: Kind,
    /// The number it has in the list beside the text, if any.
    pub(crate) number: Option<usize>,
}

/// A piece of a text as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The words; hidden ones are dots already.
    pub(crate) text: String,
    /// The class of its mark; empty for plain text.
    pub(crate) class: &'static str,
    /// Whether it is marked at all.
    pub(crate) marked: bool,
    /// The letters of the notes that end here.
    pub(crate) notes: Vec<String>,
}

/// The letter of the note with this number, from 1: a number beside the words would read like that of a candidate.
pub(crate) fn letter(number: usize) -> String {
    let (before, own) = (number.saturating_sub(1) / 26, number.saturating_sub(1) % 26);
    let mut letters = if before > 0 { letter(before) } else { String::new() };
    letters.extend(('a'..='z').nth(own));
    letters
}

/// Cuts `text` at the borders of `notes`. Where notes overlap, a hit outranks a cleared hit, that a place.
/// Ranges that do not fall on characters of the text are left out.
pub(crate) fn pieces(text: &str, notes: &[Note]) -> Vec<Piece> {
    let fits = |range: &Range<usize>| range.start < range.end && text.get(range.clone()).is_some();
    let notes: Vec<&Note> = notes.iter().filter(|note| fits(&note.range)).collect();
    let hidden = mask::private(text);
    let mut borders: Vec<usize> = notes
        .iter()
        .map(|note| &note.range)
        .chain(&hidden)
        .flat_map(|range| [range.start, range.end])
        .chain([0, text.len()])
        .collect();
    borders.sort_unstable();
    borders.dedup();
    let mut out: Vec<Piece> = Vec::new();
    for pair in borders.windows(2) {
        push(&mut out, text, pair[0]..pair[1], &notes, &hidden);
    }
    out
}

fn push(out: &mut Vec<Piece>, text: &str, range: Range<usize>, notes: &[&Note], hidden: &[Range<usize>]) {
    let holding: Vec<_> =
        notes.iter().filter(|note| note.range.start <= range.start && range.end <= note.range.end).collect();
    let kind = holding.iter().map(|note| note.kind).max();
    let mut numbers: Vec<usize> =
        holding.iter().filter(|note| note.range.end == range.end).filter_map(|note| note.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let letters: Vec<String> = numbers.into_iter().map(letter).collect();
    let inside = hidden.iter().find(|hide| hide.start <= range.start && range.end <= hide.end);
    let words = match inside {
        Some(hide) if hide.start == range.start => mask::HIDDEN,
        Some(_) => "",
        None => &text[range],
    };
    let class = match kind {
        Some(Kind::Cleared) => "cleared",
        Some(Kind::Place) => "place",
        _ => "",
    };
    let marked = kind.is_some();
    match out.last_mut() {
        // Neighbours that look the same are one piece.
        Some(last) if last.marked == marked && last.class == class && last.notes.is_empty() => {
            last.text.push_str(words);
            last.notes = letters;
        }
        _ => out.push(Piece { text: words.to_owned(), class, marked, notes: letters }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(range: Range<usize>, kind: Kind, number: usize) -> Note {
        Note { range, kind, number: Some(number) }
    }

    fn shown(text: &str, notes: &[Note]) -> String {
        pieces(text, notes)
            .iter()
            .map(|piece| match (piece.marked, piece.class) {
                (false, _) => piece.text.clone(),
                (true, "") => format!("[{}]{}", piece.text, piece.notes.join(" ")),
                (true, class) => format!("<{}:{}>{}", &class[..1], piece.text, piece.notes.join(" ")),
            })
            .collect()
    }

    #[test]
    fn the_words_of_each_hit_are_marked_and_nothing_is_lost_between_them() {
        let text = "besok kita serbu kantor KPU";
        let notes = [note(11..16, Kind::Hit, 1), note(17..27, Kind::Place, 2)];
        assert_eq!(shown(text, &notes), "besok kita [serbu]a <p:kantor KPU>b");
        let joined: String = pieces(text, &notes).iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(joined, text);
    }

    #[test]
    fn notes_are_called_by_letters_beyond_the_alphabet_by_two() {
        assert_eq!([1, 2, 26, 27, 53].map(letter), ["a", "b", "z", "aa", "ba"]);
    }

    #[test]
    fn a_hit_outranks_a_place_where_they_overlap() {
        let notes = [note(0..9, Kind::Place, 2), note(5..9, Kind::Hit, 1)];
        assert_eq!(shown("desa serbu!", &notes), "<p:desa >[serb]a bu!");
    }

    #[test]
    fn a_handle_inside_a_hit_is_hidden_and_a_range_off_the_characters_is_left_out() {
        assert_eq!(shown("ancam @ani!", &[note(0..10, Kind::Hit, 1)]), "[ancam •••]a!");
        assert_eq!(shown("é!", &[note(1..2, Kind::Hit, 1), note(0..9, Kind::Hit, 2)]), "é!");
    }
}
