//! The tokens of a text as the net sees them: each is its word, its groups of letters and its sets.

use lexicons::net::LONGEST;
use lexicons::sums::is_shown;
use lexicons::weights::letters;
use lexicons::{Found, Range};

use super::features::{Masks, Name, Piece, Told, walk};
use crate::heard::Heard;

/// The tokens of the post's text as the net sees them: for each the keys of what it is, with their values. The first
/// stands for what the author's profile shows.
pub(crate) fn tokens(heard: &Heard<'_>, masks: &Masks) -> Tokens {
    let mut tokens = Tokens { at: vec![None; heard.text.folded.tokens().len()], of: vec![Token::default()] };
    walk(heard, masks, &mut In { heard, tokens: &mut tokens });
    tokens
}

/// The tokens of a text as the net sees them.
pub(crate) struct Tokens {
    /// Which of `of` each token of the text is; none of those that are not shown, and of those too far behind.
    pub(crate) at: Vec<Option<usize>>,
    pub(crate) of: Vec<Token>,
}

/// What one token is: words, groups of letters and sets count alike, however many there are of each.
#[derive(Clone, Default)]
pub(crate) struct Token {
    pub(crate) words: Vec<u64>,
    pub(crate) letters: Vec<u64>,
    pub(crate) sets: Vec<u64>,
}

/// Gathers the tokens.
struct In<'h, 'p, 't> {
    heard: &'h Heard<'p>,
    tokens: &'t mut Tokens,
}

impl<'a> Told<'a> for In<'_, '_, '_> {
    fn token(&mut self, at: usize, piece: Piece<'a>, is_word: bool) {
        let Tokens { at: places, of } = &mut *self.tokens;
        if of.len() >= LONGEST {
            return;
        }
        places[at] = Some(of.len());
        let groups = letters(piece.text).filter(|_| is_word);
        of.push(Token {
            words: vec![Name::one(b'w', piece).key],
            letters: groups.map(|group| Name::one(b'c', Piece::of(group)).key).collect(),
            sets: Vec::new(),
        });
    }

    fn pair(&mut self, _: &Name<'a>, _: Range) {}

    fn term(&mut self, found: &Found) {
        let names = self.heard.text.sets_of(found).map(|set| self.heard.lexicon.set_name(set));
        let keys: Vec<u64> =
            names.filter(|name| is_shown(name)).map(|name| Name::one(b's', Piece::of(name)).key).collect();
        let places = found.range.start..found.range.end.min(self.tokens.at.len());
        for place in self.tokens.at[places].iter().flatten() {
            self.tokens.of[*place].sets.extend(&keys);
        }
    }

    fn author(&mut self, name: &Name<'a>) {
        self.tokens.of[0].sets.push(name.key);
    }
}
