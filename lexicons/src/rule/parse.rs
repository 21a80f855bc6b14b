//! The operator language of rules: from text to a tree of terms, with every error at its column.

use super::{Class, Field, Order, Reach};
use crate::said::{self, Said};

/// A tree as written, before terms are looked up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Parsed {
    /// `%set`, at this byte.
    Set(String, usize),
    /// A class that code fills.
    Class(Class),
    /// A bare word or exact phrase.
    Phrase(String, usize),
    /// `~root`.
    Root(String, usize),
    And(Vec<Parsed>),
    Or(Vec<Parsed>),
    Not(Box<Parsed>, usize),
    Near {
        left: Box<Parsed>,
        right: Box<Parsed>,
        reach: Reach,
        negated: bool,
    },
    In(Field, Box<Parsed>),
    Closing(Box<Parsed>),
}

/// What is wrong, and at which byte of the expression.
pub(crate) type ParseError = (usize, Said);

/// Widest distance that `NEAR` takes; beyond it `AND` says it better.
const WIDEST: u32 = 50;
/// Every operator with a distance: its name, which side comes first, whether both stand in one sentence, and whether it
/// stands only behind `NOT`.
pub(super) const REACHES: [(&str, Order, bool, bool); 6] = [
    ("NEAR", Order::Any, false, false),
    ("ONEAR", Order::LeftFirst, false, false),
    ("WITH", Order::Any, true, false),
    ("OWITH", Order::LeftFirst, true, false),
    ("BEFORE", Order::LeftFirst, true, true),
    ("AFTER", Order::RightFirst, true, true),
];
/// Deepest nesting of parentheses.
const DEEPEST: usize = 40;

/// Reads an expression.
pub(crate) fn parse(source: &str) -> Result<Parsed, ParseError> {
    let tokens = lex(source)?;
    let mut parser = Parser { tokens: &tokens, at: 0, end: source.len(), depth: 0 };
    let tree = parser.or()?;
    match parser.peek() {
        None => Ok(tree),
        Some((Lexeme::Close, at)) => Err((*at, said::closes_nothing())),
        Some((_, at)) => Err((*at, said::no_operator_before())),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Lexeme {
    Open,
    Close,
    And,
    Or,
    Not,
    /// An operator with a distance, and whether it stands only behind `NOT`.
    Near(Reach, bool),
    Field(Field),
    Closing,
    Set(String),
    Root(String),
    Word(String),
    Phrase(String),
}

fn lex(source: &str) -> Result<Vec<(Lexeme, usize)>, ParseError> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        let lexeme = match c {
            c if c.is_whitespace() => continue,
            '(' => Lexeme::Open,
            ')' => Lexeme::Close,
            '"' => {
                let Some(len) = source[at..].find('"') else {
                    return Err((start, said::open_quote()));
                };
                let phrase = source[at..at + len].trim();
                if phrase.is_empty() {
                    return Err((start, said::empty_phrase()));
                }
                at += len + 1;
                Lexeme::Phrase(phrase.to_owned())
            }
            _ => {
                let len =
                    source[at..].find([' ', '\t', '\n', '\r', '(', ')', '"']).unwrap_or(source.len() - at);
                at += len;
                word(&source[start..at], start)?
            }
        };
        out.push((lexeme, start));
    }
    Ok(out)
}

fn word(text: &str, start: usize) -> Result<Lexeme, ParseError> {
    Ok(match text {
        "AND" => Lexeme::And,
        "OR" => Lexeme::Or,
        "NOT" => Lexeme::Not,
        "bio:" => Lexeme::Field(Field::Bio),
        "name:" => Lexeme::Field(Field::Name),
        "media:" => Lexeme::Field(Field::Media),
        "quoted:" => Lexeme::Field(Field::Quoted),
        "closing:" => Lexeme::Closing,
        _ => match reach(text) {
            Some(near) => near.map_err(|said| (start, said))?,
            None => term(text, start)?,
        },
    })
}

/// The operator with a distance that `text` is, if it begins with the name of one.
fn reach(text: &str) -> Option<Result<Lexeme, Said>> {
    REACHES.into_iter().find_map(|(name, order, one_sentence, only_not)| {
        let rest = text.strip_prefix(name)?;
        let distance = rest.strip_prefix('/').and_then(|digits| digits.parse::<u32>().ok());
        Some(match distance.filter(|distance| (1..=WIDEST).contains(distance)) {
            Some(distance) => Ok(Lexeme::Near(Reach { distance, order, one_sentence }, only_not)),
            None => Err(said::write_n(name, &WIDEST)),
        })
    })
}

fn term(text: &str, start: usize) -> Result<Lexeme, ParseError> {
    let named = |name: &str| {
        let fits = !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        fits.then(|| name.to_owned())
    };
    if let Some(name) = text.strip_prefix('%') {
        return named(name).map(Lexeme::Set).ok_or_else(|| (start, said::set_letters(text)));
    }
    if let Some(root) = text.strip_prefix('~') {
        return named(root).map(Lexeme::Root).ok_or_else(|| (start, said::root_letters(text)));
    }
    let in_small = |(name, ..): &(&str, Order, bool, bool)| {
        text.split_once('/').is_some_and(|(before, _)| before == name.to_ascii_lowercase())
    };
    if matches!(text, "and" | "or" | "not") || REACHES.iter().any(in_small) {
        return Err((start, said::capitals(text)));
    }
    if text.contains(['%', '~', ':', '&', '|', '!']) && !text.contains(char::is_alphanumeric) {
        return Err((start, said::no_operator(text)));
    }
    Ok(Lexeme::Word(text.to_owned()))
}

struct Parser<'a> {
    tokens: &'a [(Lexeme, usize)],
    at: usize,
    end: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&(Lexeme, usize)> {
        self.tokens.get(self.at)
    }

    fn takes(&mut self, lexeme: &Lexeme) -> bool {
        let found = self.peek().is_some_and(|(next, _)| next == lexeme);
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Result<Parsed, ParseError> {
        let mut all = vec![self.and()?];
        while self.takes(&Lexeme::Or) {
            all.push(self.and()?);
        }
        Ok(one_or(all, Parsed::Or))
    }

    fn and(&mut self) -> Result<Parsed, ParseError> {
        let mut all = vec![self.not()?];
        while self.takes(&Lexeme::And) {
            all.push(self.not()?);
        }
        if let Some(Parsed::Not(_, at)) = all.first()
            && all.iter().all(|part| matches!(part, Parsed::Not(..)))
        {
            return Err((*at, said::not_beside()));
        }
        Ok(one_or(all, Parsed::And))
    }

    fn not(&mut self) -> Result<Parsed, ParseError> {
        let at = self.peek().map_or(self.end, |(_, at)| *at);
        if self.takes(&Lexeme::Not) { Ok(Parsed::Not(Box::new(self.near()?), at)) } else { self.near() }
    }

    fn near(&mut self) -> Result<Parsed, ParseError> {
        let mut left = self.atom()?;
        loop {
            let (negated, reach) = match (self.peek(), self.tokens.get(self.at + 1)) {
                (Some((Lexeme::Not, _)), Some((Lexeme::Near(reach, _), _))) => (true, *reach),
                (Some((Lexeme::Near(_, true), at)), _) => {
                    return Err((*at, said::not_before()));
                }
                (Some((Lexeme::Near(reach, false), _)), _) => (false, *reach),
                _ => return Ok(left),
            };
            self.at += 1 + usize::from(negated);
            let right = self.atom()?;
            left = Parsed::Near { left: Box::new(left), right: Box::new(right), reach, negated };
        }
    }

    fn atom(&mut self) -> Result<Parsed, ParseError> {
        let Some((lexeme, at)) = self.peek().cloned() else {
            return Err((self.end, said::term_at_end()));
        };
        self.at += 1;
        match lexeme {
            Lexeme::Open => self.group(at),
            Lexeme::Field(field) => {
                if !self.takes(&Lexeme::Open) {
                    return Err((at, said::part_parentheses()));
                }
                Ok(Parsed::In(field, Box::new(self.group(at)?)))
            }
            Lexeme::Closing => {
                if !self.takes(&Lexeme::Open) {
                    return Err((at, said::closing_parentheses()));
                }
                Ok(Parsed::Closing(Box::new(self.group(at)?)))
            }
            Lexeme::Set(name) => Ok(Class::parse(&name).map_or(Parsed::Set(name, at), Parsed::Class)),
            Lexeme::Root(root) => Ok(Parsed::Root(root, at)),
            Lexeme::Word(word) => Ok(Parsed::Phrase(word, at)),
            Lexeme::Phrase(phrase) => Ok(Parsed::Phrase(phrase, at)),
            Lexeme::Close => Err((at, said::term_before_close())),
            Lexeme::And | Lexeme::Or | Lexeme::Near(..) => Err((at, said::term_before_operator())),
            Lexeme::Not => Err((at, said::not_place())),
        }
    }

    fn group(&mut self, open: usize) -> Result<Parsed, ParseError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err((open, said::too_deep(&DEEPEST)));
        }
        let inner = self.or()?;
        if !self.takes(&Lexeme::Close) {
            return Err((open, said::never_closed()));
        }
        self.depth -= 1;
        Ok(inner)
    }
}

fn one_or(mut all: Vec<Parsed>, make: fn(Vec<Parsed>) -> Parsed) -> Parsed {
    match all.pop() {
        Some(one) if all.is_empty() && !matches!(one, Parsed::Not(..)) => one,
        Some(last) => {
            all.push(last);
            make(all)
        }
        None => make(all),
    }
}
