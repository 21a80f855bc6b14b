//! The example sentences of the rules in use.

use super::Lexicon;
use crate::rule::Sentence;

/// An example sentence of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    /// The rule, by index.
    pub rule: usize,
    /// The sentence.
    pub text: &'a str,
    /// The line it begins in, from 1.
    pub line: u32,
    /// Whether the rule must find it, or nothing may be raised.
    pub flagged: bool,
}

impl<'a> Example<'a> {
    fn of(rule: usize, sentence: &'a Sentence, flagged: bool) -> Example<'a> {
        Example { rule, text: &sentence.text, line: sentence.line, flagged }
    }
}

impl Lexicon {
    /// Every example sentence of the rules in use.
    pub fn examples(&self) -> impl Iterator<Item = Example<'_>> {
        let live = self.rules.iter().enumerate().filter(|(_, rule)| rule.retired.is_none());
        live.flat_map(|(n, rule)| {
            let flagged = rule.flagged.iter().map(move |it| Example::of(n, it, true));
            flagged.chain(rule.clean.iter().map(move |it| Example::of(n, it, false)))
        })
    }
}
