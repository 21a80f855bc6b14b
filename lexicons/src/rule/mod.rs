//! Rules and guards: the expressions over terms that say what a text may be a sign of.

mod class;
mod eval;
mod found;
mod needs;
mod parse;
mod spots;
#[cfg(test)]
mod tests;
mod verse;
mod written;

use std::fmt;

use stream::{Act, Category, Channel, Severity, SubjectClass};

use crate::set_bits::{Bits, SetId};
use crate::texts::Lang;

pub(crate) use class::begins_by_word;
pub use class::{Class, number_of_pair};
pub use eval::{Look, NoPlaces, Parts, Places};
pub use found::{Match, PartHit};
pub(crate) use needs::{Known, Need, Needs, weighed};
pub(crate) use parse::{Parsed, parse};
pub(crate) use spots::PLAIN;

/// Whether an expression of a rule can be read; names of sets and classes are not looked up.
///
/// # Errors
/// The byte and what is wrong there.
pub fn readable(expression: &str) -> Result<(), (usize, crate::said::Said)> {
    parse(expression).map(drop)
}

/// Which part of a post a term is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The part being judged.
    Body,
    /// `author.bio`.
    Bio,
    /// `author.name`.
    Name,
    /// `context.media_text`.
    Media,
    /// `context.quoted_text`.
    Quoted,
}

/// What a rule or guard asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A hit of a set.
    Set(SetId),
    /// A hit of a class that code fills.
    Class(Class),
    /// All of these, anywhere in the part.
    And(Vec<Expr>),
    /// One of these.
    Or(Vec<Expr>),
    /// The left without the right anywhere in the part.
    Without(Box<Expr>, Box<Expr>),
    /// Two within a distance.
    Near(Box<Near>),
    /// In another part of the post.
    In(Field, Box<Expr>),
    /// In the closing lines of the part.
    Closing(Box<Expr>),
}

/// Which of the two of a [`Near`] comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Either.
    Any,
    /// The left (`ONEAR`, `OWITH`, `NOT BEFORE`).
    LeftFirst,
    /// The right (`NOT AFTER`).
    RightFirst,
}

/// How far the two of a [`Near`] may stand from each other, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Most tokens from one to the other; 1 is side by side.
    pub distance: u32,
    /// Which comes first.
    pub order: Order,
    /// Both stand in one sentence (`WITH`); else one may stand in the sentence after the other's (`NEAR`).
    pub one_sentence: bool,
}

/// Two expressions within a distance.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The first operand.
    pub left: Expr,
    /// The second operand.
    pub right: Expr,
    /// How near.
    pub reach: Reach,
    /// The left holds where the right is *not* that near (`NOT NEAR`).
    pub negated: bool,
    /// Whether code has to look through the text for it, where a set is only looked up.
    pub dear: bool,
    /// Of each operand that asks after nothing but sets, all of them: looked for at once.
    pub(crate) sets: [Option<Vec<Bits>>; 2],
}

impl Expr {
    /// Whether code has to look through the text for it, where a set is only looked up.
    pub(crate) fn is_dear(&self) -> bool {
        match self {
            Expr::Set(_) => false,
            Expr::Class(_) => true,
            Expr::And(all) | Expr::Or(all) => all.iter().any(Expr::is_dear),
            Expr::Without(expr, _) | Expr::In(_, expr) | Expr::Closing(expr) => expr.is_dear(),
            Expr::Near(near) => near.dear,
        }
    }
}

impl Expr {
    /// The sets of which it asks for any one, and for nothing more.
    fn only_sets(&self) -> Option<Vec<Bits>> {
        let set = |expr: &Expr| if let Expr::Set(set) = expr { Some(*set) } else { None };
        let sets =
            if let Expr::Or(all) = self { all.iter().map(set).collect() } else { Some(vec![set(self)?]) };
        sets.map(|sets: Vec<SetId>| Bits::of(&sets))
    }
}

impl Near {
    /// Two within `reach`; or, `negated`, the left where the right is not that near.
    pub(crate) fn new(left: Expr, right: Expr, reach: Reach, negated: bool) -> Near {
        let dear = left.is_dear() || right.is_dear();
        let sets = [&left, &right].map(Expr::only_sets);
        Near { left, right, reach, negated, dear, sets }
    }
}

/// An example sentence of a rule or guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// As it is written.
    pub text: String,
    /// The line it begins in, from 1.
    pub line: u32,
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// One rule of a `rules/` file.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name for ever; never reused.
    pub id: String,
    /// Short title, Indonesian.
    pub title: String,
    /// The same in English, where the keeper wrote it.
    pub title_en: Option<String>,
    /// What it is a sign of.
    pub category: Category,
    /// What must hold.
    pub when: Expr,
    /// `when` as written.
    pub source: String,
    /// Proposed severity; absent = the category's own.
    pub severity: Option<Severity>,
    /// Why it matters, shown to people, Indonesian.
    pub why: String,
    /// The same in English, where the keeper wrote it.
    pub why_en: Option<String>,
    /// Ids in `law.toml`.
    pub law: Vec<String>,
    /// Cross-cutting tags.
    pub tags: Vec<String>,
    /// The act it is a sign of; KF-14 only.
    pub act: Option<Act>,
    /// The subject class where the text tells none; KF-14 only.
    pub subject: Option<SubjectClass>,
    /// Guards that clear it beyond its category's (`true`), or do not (`false`).
    pub guards: Vec<(String, bool)>,
    /// Only on these channels; empty = on all.
    pub channels: Vec<Channel>,
    /// Since when it stands, a date.
    pub since: String,
    /// Since when it is out of use; its id stays taken.
    pub retired: Option<String>,
    /// Sentences it must find.
    pub flagged: Vec<Sentence>,
    /// Sentences that must raise nothing, with the rule's own words.
    pub clean: Vec<Sentence>,
    /// The file it stands in.
    pub file: String,
    /// The line of its id.
    pub line: u32,
}

impl Rule {
    /// Its title in `lang`; the Indonesian one where the keeper wrote no other.
    pub fn title_in(&self, lang: Lang) -> &str {
        worded(&self.title, self.title_en.as_deref(), lang)
    }

    /// Why it matters in `lang`; in Indonesian where the keeper wrote nothing else.
    pub fn why_in(&self, lang: Lang) -> &str {
        worded(&self.why, self.why_en.as_deref(), lang)
    }
}

fn worded<'r>(id: &'r str, en: Option<&'r str>, lang: Lang) -> &'r str {
    match lang {
        Lang::Id => id,
        Lang::En => en.unwrap_or(id),
    }
}

/// How far a guard reaches around its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Deeds that begin within its `reach` of words behind it, in its clause.
    Token,
    /// Hits in its clause.
    Clause,
    /// Hits in its sentence.
    Sentence,
    /// All hits of the part.
    Text,
}

/// One guard of `guards.toml`: what makes a hit mean something else.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Its name.
    pub name: String,
    /// How far it reaches.
    pub scope: Scope,
    /// Of [`Scope::Token`]: how many words behind its own a deed may begin.
    pub reach: usize,
    /// Which categories it clears.
    pub clears: Vec<Category>,
    /// Sets whose hits outside its scope it never clears.
    pub spares: Vec<SetId>,
    /// What must hold.
    pub when: Expr,
    /// `when` as written.
    pub source: String,
    /// Why, Indonesian.
    pub why: String,
    /// Contrast texts that it must not clear, with the category expected (`KF-02: text`).
    pub keeps: Vec<Sentence>,
    /// Texts that it clears.
    pub clears_examples: Vec<Sentence>,
    /// The file it stands in.
    pub file: String,
    /// The line of its name.
    pub line: u32,
}

/// By rule: the guards that may clear it, by index.
pub(crate) fn clearers(rules: &[Rule], guards: &[Guard]) -> Vec<Vec<usize>> {
    let of = |rule| guards.iter().enumerate().filter(move |(_, guard)| guard.clears_rule(rule));
    rules.iter().map(|rule| of(rule).map(|(at, _)| at).collect()).collect()
}

impl Guard {
    /// Whether it is one that clears this rule at all: as the rule says of it, or else as its category has it.
    fn clears_rule(&self, rule: &Rule) -> bool {
        let said = rule.guards.iter().rev().find(|(name, _)| *name == self.name);
        said.map_or_else(|| self.clears.contains(&rule.category), |(_, more)| *more)
    }
}
