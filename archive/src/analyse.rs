//! How words become terms of the index: lower case, no accents, no drawn-out letters, Indonesian stem.

use snowball_stemmers_rs::{Algorithm, Stemmer};
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token, TokenFilter,
    TokenStream, Tokenizer,
};

/// The analyser's name in the schema; another behaviour needs another name and a rebuilt index.
pub(crate) const NAME: &str = "kentongan_1";

/// Terms longer than this, in bytes, are no words.
const LONGEST: usize = 60;

/// The analyser of posts and of what is searched for.
pub(crate) fn analyser() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Indonesian)
        .build()
}

/// The terms of `text`, in order.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let mut analyser = analyser();
    analyser.token_stream(text).process(&mut |token: &Token| terms.push(token.text.clone()));
    terms
}

/// Letters drawn out (`seruuuu`) to one, then the Snowball stem of Indonesian.
#[derive(Clone)]
struct Indonesian;

impl TokenFilter for Indonesian {
    type Tokenizer<T: Tokenizer> = IndonesianTokenizer<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> IndonesianTokenizer<T> {
        IndonesianTokenizer { inner }
    }
}

#[derive(Clone)]
struct IndonesianTokenizer<T> {
    inner: T,
}

impl<T: Tokenizer> Tokenizer for IndonesianTokenizer<T> {
    type TokenStream<'a> = IndonesianStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        let stemmer = Stemmer::create(Algorithm::Indonesian);
        IndonesianStream { inner: self.inner.token_stream(text), stemmer }
    }
}

struct IndonesianStream<T> {
    inner: T,
    stemmer: Stemmer,
}

impl<T: TokenStream> TokenStream for IndonesianStream<T> {
    fn advance(&mut self) -> bool {
        if !self.inner.advance() {
            return false;
        }
        let token = self.inner.token_mut();
        squeeze(&mut token.text);
        if let std::borrow::Cow::Owned(stem) = self.stemmer.stem(&token.text) {
            token.text = stem;
        } else {
            let length = self.stemmer.stem(&token.text).len();
            token.text.truncate(length);
        }
        true
    }

    fn token(&self) -> &Token {
        self.inner.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.inner.token_mut()
    }
}

/// Three and more of one letter become one; digits stay, since 1000 is not 10.
fn squeeze(text: &mut String) {
    let drawn =
        text.as_bytes().windows(3).any(|w| w[0] == w[1] && w[1] == w[2] && w[0].is_ascii_alphabetic());
    if !drawn {
        return;
    }
    let mut letters: Vec<(char, usize)> = Vec::new();
    for letter in text.chars() {
        match letters.last_mut() {
            Some((last, count)) if *last == letter => *count += 1,
            _ => letters.push((letter, 1)),
        }
    }
    *text = letters
        .into_iter()
        .flat_map(|(letter, count)| {
            let count = if letter.is_ascii_alphabetic() && count >= 3 { 1 } else { count };
            std::iter::repeat_n(letter, count)
        })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one_term() {
        for form in ["membakar", "dibakar", "pembakaran", "Bakar", "BAKARRRR", "bakarlah"] {
            assert_eq!(terms(form), ["bakar"], "{form}");
        }
        assert_eq!(terms("TPS 1000, désa"), ["tps", "1000", "desa"]);
    }
}
