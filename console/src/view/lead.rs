//! The gravest post in brief, for whoever decides on a phone: its words around the marked ones, and why they are marked.

use super::mark::Piece;
use super::post::PostCard;

/// Characters of it that stand above the decision.
const LENGTH: usize = 280;
/// Characters before the first mark, when that lies deep.
const BEFORE: usize = 60;
/// Reasons that are named.
const REASONS: usize = 3;

/// A post in brief.
pub(crate) struct Lead {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) why: String,
}

impl Lead {
    /// What `card` says in full.
    pub(crate) fn of(card: &PostCard) -> Lead {
        let mut why: Vec<&str> = card.hits.iter().map(|hit| hit.title.as_str()).collect();
        why.dedup();
        why.truncate(REASONS);
        let pieces = card.parts.first().map(|part| brief(&part.pieces)).unwrap_or_default();
        Lead { pieces, why: why.join(" · ") }
    }
}

/// `pieces` cut so that the first hit among them is seen.
fn brief(pieces: &[Piece]) -> Vec<Piece> {
    let count = |pieces: &[Piece]| -> usize { pieces.iter().map(|piece| piece.text.chars().count()).sum() };
    let first = pieces.iter().position(|piece| piece.marked && piece.class.is_empty()).unwrap_or(0);
    let (before, all) = (count(&pieces[..first]), count(pieces));
    let mut skip = if all > LENGTH { before.saturating_sub(BEFORE) } else { 0 };
    let (cut_before, mut left) = (skip > 0, LENGTH);
    let cut_behind = all - skip > LENGTH;
    let mut short: Vec<Piece> = Vec::new();
    for piece in pieces {
        let text: String = piece.text.chars().skip(skip).take(left).collect();
        skip = skip.saturating_sub(piece.text.chars().count());
        left -= text.chars().count();
        if !text.is_empty() {
            short.push(Piece { text, notes: Vec::new(), ..piece.clone() });
        }
    }
    if let Some(first) = short.first_mut().filter(|_| cut_before) {
        first.text.insert(0, '…');
    }
    if let Some(last) = short.last_mut().filter(|_| cut_behind) {
        last.text.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_post_the_words_around_the_first_hit_stand_above_the_decision_and_a_short_one_whole() {
        let piece =
            |text: &str, marked: bool| Piece { text: text.into(), class: "", marked, notes: Vec::new() };
        let said = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
        let short = [piece("besok ", false), piece("serbu", true)];
        assert_eq!(said(&brief(&short)), "besok serbu");
        let long = [piece(&"a ".repeat(200), false), piece("serbu", true), piece(&" b".repeat(200), false)];
        let cut = brief(&long);
        assert!(cut.iter().any(|piece| piece.marked && piece.text == "serbu"));
        let text = said(&cut);
        assert!(text.starts_with('…') && text.ends_with('…') && text.chars().count() == LENGTH + 2, "{text}");
    }
}
