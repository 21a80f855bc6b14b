//! What is wrong with lexicon data, apart from the language it is told in: a key of `texts/faults.*.toml` and what fills
//! the gaps of its text.

use std::fmt::{self, Display};

use stream::nearest;

use crate::parser;
use crate::texts::Lang;

/// From this length on, in bytes, the beginning of a name tells which one is meant.
const BEGUN: usize = 4;

/// What is wrong, in one sentence of any language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// A text with gaps.
    Text {
        /// Its key below `faults`.
        key: &'static str,
        /// What fills each gap.
        values: Vec<(&'static str, String)>,
    },
    /// The words of a parser, as it said them.
    Parser(String),
    /// Something that is not known, and what was probably meant.
    Meant {
        /// What is wrong.
        what: Box<Said>,
        /// The name that is nearest.
        near: String,
    },
    /// A fault with what led to it.
    Because {
        /// What is wrong.
        what: Box<Said>,
        /// What led to it, in order.
        why: Vec<Said>,
    },
}

impl Said {
    /// Whether it is the text of this key.
    pub fn is_text(&self, of: &str) -> bool {
        match self {
            Said::Text { key, .. } => *key == of,
            Said::Meant { what, .. } => what.is_text(of),
            Said::Parser(_) | Said::Because { .. } => false,
        }
    }

    /// It, with the one of `names` that `wanted` was probably meant to be: misspelt, or cut short.
    pub(crate) fn meant<'n>(self, wanted: &str, names: impl Iterator<Item = &'n str>) -> Said {
        let names: Vec<&str> = names.collect();
        let begins =
            || names.iter().copied().filter(|name| wanted.len() >= BEGUN && name.starts_with(wanted));
        let begun = || begins().min_by_key(|name| (name.len(), *name));
        match nearest(wanted, names.iter().copied()).or_else(begun) {
            Some(near) => Said::Meant { what: Box::new(self), near: near.to_owned() },
            None => self,
        }
    }

    /// It, with what led to it.
    pub fn because(self, why: Vec<Said>) -> Said {
        if why.is_empty() { self } else { Said::Because { what: Box::new(self), why } }
    }

    /// The sentence in `lang`; what led to it stands below it, a line each.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Said::Because { what, why } => {
                let why = why.iter().map(|said| format!("\n    {}", said.text(lang)));
                what.text(lang) + &why.collect::<String>()
            }
            Said::Text { key, values } => {
                let values: Vec<(&str, &str)> =
                    values.iter().map(|(gap, value)| (*gap, value.as_str())).collect();
                lang.fill(&format!("faults.{key}"), &values)
            }
            Said::Meant { what, near } => {
                format!("{}. {}", what.text(lang), lang.fill("cli.config.near", &[("near", near)]))
            }
            Said::Parser(words) => parser::told(words, lang),
        }
    }
}

impl Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

/// A function for each text, which takes a value for each of its gaps; the test below holds them against the tables.
macro_rules! texts {
    ($($(#[$doc:meta])* $vis:vis fn $key:ident($($gap:ident),*);)*) => {
        $($(#[$doc])* $vis fn $key($($gap: &(impl Display + ?Sized)),*) -> Said {
            Said::Text { key: stringify!($key), values: vec![$((stringify!($gap), $gap.to_string())),*] }
        })*

        /// Every key that code names, with its gaps.
        #[cfg(test)]
        const KEYS: &[(&str, &[&str])] = &[$((stringify!($key), &[$(stringify!($gap)),*])),*];
    };
}

texts! {
    pub(crate) fn no_date(what, like);
    pub(crate) fn keys_left_out(table, keys);
    pub(crate) fn later(first, last);
    pub(crate) fn stage_later(id, first, last);
    pub(crate) fn one_pair(id);
    pub(crate) fn pair_names(number, id);
    pub(crate) fn pair_uneven(id, field, with, without);
    pub(crate) fn pair_twice(id);
    pub(crate) fn here_twice(id);
    pub(crate) fn empty_row(code);
    pub(crate) fn single_term(id);
    pub(crate) fn wakes_always(id);
    pub(crate) fn one_pair_only(id);
    pub(crate) fn few_examples(id, count, kind, wanted);
    pub(crate) fn both_kinds(id, text);
    pub(crate) fn clean_without(id, text);
    pub(crate) fn adds_nothing(id, other);
    pub(crate) fn unknown_category(code);
    pub(crate) fn unknown_language_of(code, known);
    pub(crate) fn unknown_language(code);
    pub(crate) fn unknown_class_of(code, known);
    pub(crate) fn unknown(what, code);
    pub(crate) fn no_percent_set(name);
    pub(crate) fn no_set(name);
    pub(crate) fn no_law(id);
    pub(crate) fn no_guard(name);
    pub(crate) fn not_beside();
    pub(crate) fn near_parts();
    pub(crate) fn sign_of_itself(name);
    pub(crate) fn kf14_only();
    pub(crate) fn title_why(id);
    pub(crate) fn plus_minus(text);
    pub(crate) fn reach_range(most);
    pub(crate) fn reach_wanted();
    pub(crate) fn reach_only();
    pub(crate) fn clears_all(other);
    pub(crate) fn element_does(id);
    pub(crate) fn element_ceiling(most);
    pub(crate) fn element_nowhere(code);
    pub(crate) fn element_behind(most);
    pub(crate) fn element_floor();
    pub(crate) fn element_opens();
    pub(crate) fn no_days(name, known);
    pub(crate) fn element_words(id);
    pub(crate) fn element_categories(id);
    pub(crate) fn element_when(id);
    pub(crate) fn element_always(id);
    pub(crate) fn element_twice(id);
    pub(crate) fn no_element(id);
    pub(crate) fn few_reached(id, count, kind, wanted);
    pub(crate) fn unreachable(id, category);
    pub(crate) fn element_shadow(id, other);
    pub(crate) fn id_taken(id, other);
    pub(crate) fn guard_exists(name);
    pub(crate) fn set_and_sign(name);
    pub(crate) fn set_letters(name);
    pub(crate) fn set_exists(name);
    pub(crate) fn set_why(name);
    pub(crate) fn root_word(text);
    pub(crate) fn empty_term();
    pub(crate) fn by_program(name);
    pub(crate) fn sign_why(name);
    pub(crate) fn sign_exists(name);
    pub(crate) fn function_word(term, name);
    pub(crate) fn slang_of_slang(key, means);
    pub(crate) fn slang_by_language(key);
    pub(crate) fn slang_marker(key);
    pub(crate) fn one_word(text);
    pub(crate) fn cannot_read(cause);
    pub(crate) fn no_line(kind, name);
    pub(crate) fn not_utf8();
    pub(crate) fn not_allowed();
    pub(crate) fn closes_nothing();
    pub(crate) fn no_operator_before();
    pub(crate) fn open_quote();
    pub(crate) fn empty_phrase();
    pub(crate) fn write_n(name, most);
    pub(crate) fn root_letters(text);
    pub(crate) fn capitals(text);
    pub(crate) fn no_operator(text);
    pub(crate) fn not_before();
    pub(crate) fn term_at_end();
    pub(crate) fn part_parentheses();
    pub(crate) fn closing_parentheses();
    pub(crate) fn term_before_close();
    pub(crate) fn term_before_operator();
    pub(crate) fn not_place();
    pub(crate) fn too_deep(most);
    pub(crate) fn never_closed();
    pub(crate) fn no_area_name(word);
    pub(crate) fn short_name(name);
    pub(crate) fn no_area(name);
    pub(crate) fn no_code(name, code);
    pub(crate) fn no_area_code(code, like);
    pub(crate) fn no_name(name);
    pub(crate) fn code_twice(code);
    pub(crate) fn no_parent(code);
    /// The rule `id` does not find its flagged example.
    pub fn not_found(id, text);
    /// The rule `id` raises its clean example.
    pub fn raises_clean(id, text);
    /// The guard `name` does not clear its example.
    pub fn not_cleared(name, text);
    /// The guard `name` leaves no signal of `category` in its contrast text.
    pub fn not_kept(name, category, text);
    pub(crate) fn lack_nothing(asked);
    pub(crate) fn lack_way(asked);
    pub(crate) fn lack_far(one, other, apart, operator);
    pub(crate) fn lack_order(one, other, operator);
    pub(crate) fn lack_sentence(one, other, operator);
    pub(crate) fn lack_shared(words);
    pub(crate) fn lack_barred(asked, words);
    pub(crate) fn lack_closing(asked);
    pub(crate) fn lack_part(part);
    /// The rule holds by `hit`, and `guard` clears that by `words`.
    pub fn cleared_by(hit, guard, words);
    /// The rule holds by `hit`, and `guard` clears that by the author's profile.
    pub fn cleared_by_profile(hit, guard);
    /// The rule holds by `hit`, which alleges without evidence.
    pub fn cleared_vague(hit);
    /// The rule holds by `hit`, whose officials are only called upon.
    pub fn cleared_called(hit);
    /// The rule holds by `hit`, of which `words` are a place's name.
    pub fn cleared_place(hit, words);
    /// The rule holds by `hit`, but whom it is about, or what he did, cannot be told.
    pub fn no_subject(hit);
    /// A rule holds by `hit`.
    pub fn raised_by(hit);
    /// The rule `id` still holds by `hit`.
    pub fn still_raised(id, hit);
    /// The guard holds by `words`, and does not reach what the rule found.
    pub fn guard_short(words);
    /// Nothing holds that a guard could clear.
    pub fn guard_idle();
    /// The guard `guard` clears what the rule `id` found.
    pub fn cleared_instead(id, guard);
    /// The element `id` does not reach its example `text`.
    pub fn not_reached(id, text);
    /// The element `id` reaches the example `text` that it must not.
    pub fn reached(id, text);
    /// The element `id` has an example without a signal that it could have moved.
    pub fn reaches_nothing(id, text);
    /// No rule of the element's `categories` holds in its example.
    pub fn no_signal(categories);
    /// The severity came about by these steps.
    pub fn by_steps(category, steps);
    /// What must not stand there does: `written`.
    pub fn element_unless(written);
    /// No rule of `category` holds.
    pub fn none_of(category);
    /// A labelled text stands under a queue that is none.
    pub fn no_queue(name);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn gaps(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    #[test]
    fn code_and_tables_have_the_same_keys_and_gaps() {
        for lang in [Lang::Id, Lang::En] {
            let written: BTreeSet<&str> =
                lang.texts().keys().filter_map(|key| key.strip_prefix("faults.")).collect();
            assert_eq!(written, KEYS.iter().map(|(key, _)| *key).collect(), "{}", lang.code());
            for (key, named) in KEYS {
                let text = lang.get(&format!("faults.{key}"));
                assert_eq!(gaps(text), named.iter().copied().collect(), "{} {key}", lang.code());
            }
        }
    }

    #[test]
    fn a_fault_is_told_with_its_values_in_each_language() {
        let few = few_examples("KF-02-a", &2, "flagged", &3);
        assert_eq!(few.to_string(), "the rule 'KF-02-a' has 2 different flagged examples; it needs 3");
        assert_eq!(few.text(Lang::Id), "aturan 'KF-02-a' punya 2 contoh flagged yang berbeda; perlu 3");
        let odd = raises_clean("KF-02-a", "kata 'ini': adds nothing to");
        assert!(odd.text(Lang::Id).ends_with("menandai contoh clean-nya: kata 'ini': adds nothing to"));
    }
}
