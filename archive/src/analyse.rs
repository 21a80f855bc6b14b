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

/// Whether a word that Indonesian leaves as it is wears an ending of English (`trending`, `voters`, `rallies`).
fn is_english(word: &str) -> bool {
    const ENDINGS: [&str; 8] = ["ies", "ers", "ed", "tion", "tions", "ment", "ments", "ness"];
    let long = word.len() >= 6 && ENDINGS.iter().any(|ending| word.ends_with(ending));
    // Many short roots of Indonesian end like this, too: kuning, penting, kucing.
    long || (word.len() >= 8 && word.ends_with("ing"))
}

/// Letters drawn out (`seruuuu`) to one, then the Snowball stem of Indonesian, or of English for words mixed in.
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
        let english = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::English);
        IndonesianStream { inner: self.inner.token_stream(text), stemmer, english }
    }
}

struct IndonesianStream<T> {
    inner: T,
    stemmer: Stemmer,
    english: rust_stemmers::Stemmer,
}

impl<T: TokenStream> TokenStream for IndonesianStream<T> {
    fn advance(&mut self) -> bool {
        if !self.inner.advance() {
            return false;
        }
        let token = self.inner.token_mut();
        squeeze(&mut token.text);
        let indonesian = self.stemmer.stem(&token.text);
        if indonesian != token.text {
            token.text = indonesian.into_owned();
        } else if is_english(&token.text) {
            token.text = self.english.stem(&token.text).into_owned();
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

    #[test]
    fn english_words_mixed_into_posts_meet_their_other_forms() {
        assert_eq!(terms("voters trending"), terms("voter trended"));
        assert_eq!(terms("penting kuning"), ["penting", "kuning"]);
    }
}
