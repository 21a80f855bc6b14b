//! The parts of a post as a card shows them: its words marked, of a field note what its form was answered apart.

use std::collections::BTreeMap;
use std::ops::Range;

use lexicons::Lang;
use stream::{Part, Post, Span};

use super::mark::{Kind, Note, Piece, pieces};

/// The field of a field note that says how many bytes of its text the reporter has written; what follows are the answers
/// of its form, a line each.
const WRITTEN: &str = "written";

/// A part of a post with its marks.
pub(crate) struct PartView {
    pub(crate) label: Option<&'static str>,
    pub(crate) pieces: Vec<Piece>,
    /// It is an answer of a form, not words of the author.
    pub(crate) answer: bool,
}

/// The notes on each part of a post.
#[derive(Default)]
pub(super) struct Notes(BTreeMap<Part, Vec<Note>>);

impl Notes {
    pub(super) fn add(&mut self, span: Option<Span>, kind: Kind, number: Option<usize>) {
        let Some(span) = span else { return };
        let range = span.start as usize..span.end as usize;
        self.0.entry(span.part).or_default().push(Note { range, kind, number });
    }

    /// The pieces of `within` of the `text` of `part`.
    fn pieces(&self, part: Part, text: &str, within: Range<usize>) -> Vec<Piece> {
        let moved = |note: &Note| {
            let (start, end) = (note.range.start.max(within.start), note.range.end.min(within.end));
            let range = start.checked_sub(within.start)?..end.checked_sub(within.start)?;
            Some(Note { range, ..note.clone() })
        };
        let notes: Vec<Note> = self.0.get(&part).into_iter().flatten().filter_map(moved).collect();
        pieces(&text[within], &notes)
    }
}

/// The parts of a post that are shown: not the profile, whose words stand only in the hits.
pub(super) fn parts(lang: Lang, post: &Post, notes: &Notes) -> Vec<PartView> {
    let media = post.context.as_ref().map_or(0, |context| context.media_text.len());
    let media = (0..media).filter_map(|n| u16::try_from(n).ok().map(Part::Media));
    let context = [Part::Quoted, Part::ReplyTo, Part::ThreadRoot].into_iter().chain(media);
    let context = context.filter_map(|part| {
        let text = part.of(post)?;
        let key = match part {
            Part::Quoted => "quoted",
            Part::ReplyTo => "reply_to",
            Part::ThreadRoot => "thread_root",
            _ => "media",
        };
        let label = Some(lang.get(&format!("console.part.{key}")));
        Some(PartView { label, pieces: notes.pieces(part, text, 0..text.len()), answer: false })
    });
    own(lang, post, notes).into_iter().chain(context).collect()
}

/// What its author wrote, and of a field note the answers of the form under its labels.
fn own(lang: Lang, post: &Post, notes: &Notes) -> Vec<PartView> {
    let text = post.text.as_str();
    let written = post.extra.get(WRITTEN).filter(|_| post.verified_reporter()).and_then(|n| n.as_u64());
    let written = written.and_then(|n| usize::try_from(n).ok()).filter(|n| text.is_char_boundary(*n));
    let end = written.unwrap_or(text.len());
    let words = PartView { label: None, pieces: notes.pieces(Part::Text, text, 0..end), answer: false };
    let mut shown: Vec<PartView> = Some(words).filter(|_| end > 0).into_iter().collect();
    let mut from = end;
    for line in text[end..].split_inclusive('\n') {
        let (start, stop) = (from, from + line.trim_end_matches('\n').len());
        from += line.len();
        let known = [("Tempat: ", "form_place"), ("Terlihat: ", "form_seen")];
        let known = known.into_iter().find(|(label, _)| line.starts_with(label));
        let (skip, key) = known.map_or((0, None), |(label, key)| (label.len(), Some(key)));
        let label = key.map(|key| lang.get(&format!("console.part.{key}")));
        if start + skip < stop {
            let pieces = notes.pieces(Part::Text, text, start + skip..stop);
            shown.push(PartView { label, pieces, answer: true });
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn of_a_field_note_the_reporters_words_stand_alone_and_the_answers_of_the_form_under_their_labels() {
        let words = "Ada orang bawa parang\nTempat: dekat balai";
        let text = format!("{words}\nTempat: Kec. Kurun.\nTerlihat: senjata tajam; massa berkumpul.");
        let mut post = fixture::post(&text);
        post.context = None;
        let mut notes = Notes::default();
        for hit in ["bawa parang", "senjata tajam"] {
            let start = text.find(hit).unwrap();
            let span = Span { part: Part::Text, start: start as u32, end: (start + hit.len()) as u32 };
            notes.add(Some(span), Kind::Hit, None);
        }
        let shown = |post: &Post| -> Vec<(Option<&str>, String)> {
            let said = |piece: &Piece| match piece.marked {
                true => format!("[{}]", piece.text),
                false => piece.text.clone(),
            };
            let line = |part: PartView| (part.label, part.pieces.iter().map(said).collect());
            parts(Lang::Id, post, &notes).into_iter().map(line).collect()
        };
        assert_eq!(shown(&post).len(), 1, "of others nothing is known of a form");
        post.extra.insert(WRITTEN.to_owned(), words.len().into());
        post.author.as_mut().unwrap().verified_reporter = true;
        let expected = [
            (None, "Ada orang [bawa parang]\nTempat: dekat balai".to_owned()),
            (Some("Tempat (isian formulir)"), "Kec. Kurun.".to_owned()),
            (Some("Terlihat (dicentang di formulir)"), "[senjata tajam]; massa berkumpul.".to_owned()),
        ];
        assert_eq!(shown(&post), expected);
    }
}
