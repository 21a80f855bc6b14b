//! The part of a post that stands in the queue: the words around the first hit, with the hits marked.

use std::ops::Range;

use stream::{Part, Post, Signal, Span};

/// Characters of a post that stand in the queue.
const LENGTH: usize = 160;
/// The first hit ends within so many characters: a phone shows two lines.
const SEEN: usize = 70;
/// Characters before the first hit, when it lies too deep to be shown from the beginning.
const BEFORE: usize = 30;

/// The words of a post around its first hit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// The words, on one line.
    pub text: String,
    /// The hits among them, in bytes, in order.
    pub marks: Vec<Range<usize>>,
}

impl Excerpt {
    /// The excerpt of `post` for `signal`: of its text, or where that holds no hit, of what it quotes, answers or shows
    /// that does. What its author says of himself is nobody's to read here.
    pub(crate) fn of(post: &Post, signal: &Signal) -> Excerpt {
        let spans = || signal.hits.iter().flat_map(|hit| &hit.spans);
        let shown = |span: &&Span| !matches!(span.part, Part::Bio | Part::Name);
        let part = spans().filter(shown).map(|span| span.part).min().unwrap_or(Part::Text);
        let text = part.of(post).unwrap_or_default();
        let spans = spans().filter(|span| span.part == part);
        let mut hits: Vec<Range<usize>> = spans.map(|span| span.start as usize..span.end as usize).collect();
        hits.retain(|hit| hit.start < hit.end && text.get(hit.clone()).is_some());
        hits.sort_by_key(|hit| (hit.start, hit.end));
        cut(text, &hits)
    }
}

/// Cuts `text` so that the first of `hits` is in it.
fn cut(text: &str, hits: &[Range<usize>]) -> Excerpt {
    let start = begin(text, hits.first());
    let mut short = if start > 0 { "…".to_owned() } else { String::new() };
    let mut marks: Vec<Range<usize>> = Vec::new();
    let mut chars = text[start..].char_indices();
    for (at, c) in chars.by_ref().take(LENGTH) {
        let from = short.len();
        short.push(if c.is_control() { ' ' } else { c });
        if !hits.iter().any(|hit| hit.contains(&(start + at))) {
            continue;
        }
        match marks.last_mut() {
            Some(last) if last.end == from => last.end = short.len(),
            _ => marks.push(from..short.len()),
        }
    }
    if chars.next().is_some() {
        short.push('…');
    }
    Excerpt { text: short, marks }
}

/// Where the excerpt begins: at the beginning when the first hit is seen from there, else at a word before that hit.
fn begin(text: &str, first: Option<&Range<usize>>) -> usize {
    let Some(hit) = first else { return 0 };
    if text[..hit.end].chars().count() <= SEEN {
        return 0;
    }
    let before = &text[..hit.start];
    let Some((from, _)) = before.char_indices().rev().nth(BEFORE) else { return 0 };
    before[from..].find(char::is_whitespace).map_or(hit.start, |blank| {
        let word = from + blank;
        word + before[word..].chars().take_while(|c| c.is_whitespace()).map(char::len_utf8).sum::<usize>()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(excerpt: &Excerpt) -> Vec<&str> {
        excerpt.marks.iter().map(|mark| &excerpt.text[mark.clone()]).collect()
    }

    #[test]
    fn a_short_post_stands_whole_on_one_line_with_its_hits_marked() {
        let text = "Besok\u{85}kita serbu kantor 🏢 bawa parang";
        let at = |word: &str| text.find(word).map(|start| start..start + word.len()).unwrap();
        let excerpt = cut(text, &[at("serbu kantor"), at("kantor 🏢"), at("parang")]);
        assert_eq!(excerpt.text, "Besok kita serbu kantor 🏢 bawa parang");
        assert_eq!(words(&excerpt), ["serbu kantor 🏢", "parang"], "overlapping hits are one mark");
        assert_eq!(
            cut("tanpa apa-apa", &[]),
            Excerpt { text: "tanpa apa-apa".to_owned(), marks: Vec::new() }
        );
    }

    #[test]
    fn of_a_long_post_the_words_around_the_first_hit_stand_there() {
        let text = format!(
            "{} besok kita serbu kantor {}",
            "panjang lebar ".repeat(30),
            "dan lain-lain ".repeat(30)
        );
        let start = text.find("serbu").unwrap();
        let excerpt = cut(&text, &[start..start + 5, text.len() - 10..text.len() - 2]);
        assert_eq!(words(&excerpt), ["serbu"], "{}", excerpt.text);
        assert!(excerpt.text.starts_with("…") && excerpt.text.ends_with('…'));
        assert!(excerpt.text.chars().count() <= LENGTH + 2);
        let deep = format!("{}serbu kantor", "panjang ".repeat(12));
        let excerpt = cut(&deep, std::slice::from_ref(&(96..101)));
        assert_eq!(
            excerpt.text, "…panjang panjang panjang serbu kantor",
            "two lines of a phone end before it"
        );
        let stuck = format!("{}serbu", "a".repeat(400));
        assert_eq!(words(&cut(&stuck, std::slice::from_ref(&(400..405)))), ["serbu"]);
    }

    #[test]
    fn where_only_the_picture_holds_a_hit_its_words_stand_there_and_the_profile_never() {
        let post: Post = serde_json::from_value(json!({
            "id": "0123456789abcdef0123456789abcdef", "source": "s", "channel": "x",
            "posted_at": "2024-11-26T09:41:00Z", "seen_at": "2024-11-26T09:41:00Z",
            "text": "lihat ini", "author": {"name": "Warga", "bio": "siap serbu"},
            "context": {"media_text": [{"kind": "ocr", "text": "AYO SERBU"}]}, "raw": stream::Raw::new(b"x"),
        }))
        .unwrap();
        let of = |part: Part, start: u32, end: u32| {
            let hits = json!([{"rule": "r", "spans": [Span { part, start, end }]}]);
            let signal: Signal = serde_json::from_value(json!({
                "category": "KF-02", "severity": "WASPADA", "event_time": "2024-11-26T09:41:00Z", "hits": hits,
                "place": {"zone": "WIB"}, "steps": [], "acts": [],
            }))
            .unwrap();
            Excerpt::of(&post, &signal)
        };
        let picture = of(Part::Media(0), 4, 9);
        assert_eq!((picture.text.as_str(), words(&picture)), ("AYO SERBU", vec!["SERBU"]));
        let bio = of(Part::Bio, 5, 10);
        assert_eq!((bio.text.as_str(), bio.marks.len()), ("lihat ini", 0));
    }
}
