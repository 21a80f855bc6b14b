//! Splitting a hashtag into its words: by capitals, digits and underscores, or by the vocabulary.

use super::Lexis;

/// Longest hashtag that is split by the vocabulary.
const LONGEST: usize = 48;

/// The borders inside `tag` (bytes, both ends included) at which its words begin and end.
pub(super) fn borders(lexis: &Lexis, tag: &str) -> Vec<usize> {
    let mut borders = vec![0];
    let chars: Vec<(usize, char)> = tag.char_indices().collect();
    for pair in 1..chars.len() {
        let (before, (at, here)) = (chars[pair - 1].1, chars[pair]);
        let after = chars.get(pair + 1).map(|(_, c)| *c);
        let border = here == '_'
            || before == '_'
            || before.is_numeric() != here.is_numeric()
            || (before.is_lowercase() && here.is_uppercase())
            || (before.is_uppercase() && here.is_uppercase() && after.is_some_and(char::is_lowercase));
        if border {
            borders.push(at);
        }
    }
    borders.push(tag.len());
    let mut out = vec![0];
    for piece in borders.windows(2) {
        out.extend(segments(lexis, &tag[piece[0]..piece[1]]).into_iter().map(|at| piece[0] + at));
    }
    out
}

/// The ends of the words in one piece; only its own end when the vocabulary does not cover it.
fn segments(lexis: &Lexis, piece: &str) -> Vec<usize> {
    let len = piece.len();
    let whole = vec![len];
    if !(6..=LONGEST).contains(&len) || !piece.bytes().all(|b| b.is_ascii_alphabetic()) {
        return whole;
    }
    let lower = piece.to_ascii_lowercase();
    if lexis.words.get(&lower).is_known() {
        return whole;
    }
    // best[end] = fewest words that cover ..end, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; len + 1];
    best[0] = Some((0, 0));
    for end in 2..=len {
        for start in (end.saturating_sub(20)..=end - 2).rev() {
            let Some((count, _)) = best[start] else { continue };
            if best[end].is_some_and(|(least, _)| least <= count + 1) {
                continue;
            }
            if super::look::letters(lexis, &lower[start..end], false).word.is_known() {
                best[end] = Some((count + 1, start));
            }
        }
    }
    let mut ends = Vec::new();
    let mut at = len;
    while at > 0 {
        let Some((_, start)) = best[at] else { return whole };
        ends.push(at);
        at = start;
    }
    ends.reverse();
    ends
}
