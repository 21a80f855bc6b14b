//! Named sets of terms while the lexicon is being made.

mod layout;
mod read;

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use crate::fold::Dialects;
use crate::forms::Shape;
use crate::rule::{Class, Parsed};
use crate::set_bits::SetId;

/// A term waiting for the vocabulary to be whole.
struct Term {
    set: SetId,
    text: String,
    dialects: Dialects,
    stop: bool,
}

/// A root waiting to be expanded.
struct Root {
    set: SetId,
    root: String,
    shape: Shape,
}

/// Every set while the lexicon is being made: named ones, and those that single terms of rules make.
#[derive(Default)]
pub(crate) struct Sets {
    names: Vec<String>,
    by_name: FxHashMap<String, SetId>,
    terms: Vec<Term>,
    roots: Vec<Root>,
    includes: Vec<(SetId, SetId)>,
    signs: HashMap<String, Parsed>,
}

impl Sets {
    /// What a sign stands for: an expression that rules use by name, like a set.
    pub(crate) fn sign(&self, name: &str) -> Option<&Parsed> {
        self.signs.get(name)
    }

    fn add(&mut self, name: &str) -> SetId {
        let set = SetId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(name.to_owned());
        self.by_name.insert(name.to_owned(), set);
        set
    }

    /// The named set.
    pub(crate) fn get(&self, name: &str) -> Option<SetId> {
        self.by_name.get(name).copied()
    }

    /// The names of the sets that a file gives a name; those of single terms are no names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| !name.starts_with(['"', '~']))
    }

    /// What may stand behind `%` in a rule: sets, signs, and the classes that code fills.
    pub(crate) fn percent_names(&self) -> impl Iterator<Item = &str> {
        self.names()
            .chain(self.signs.keys().map(String::as_str))
            .chain(Class::ALL.iter().map(|class| class.name()))
    }

    /// The set of one word or exact phrase, made if new.
    pub(crate) fn phrase(&mut self, text: &str) -> SetId {
        let name = format!("\"{text}\"");
        self.get(&name).unwrap_or_else(|| {
            let set = self.add(&name);
            self.terms.push(Term { set, text: text.to_owned(), dialects: Dialects::default(), stop: false });
            set
        })
    }

    /// The set of one root, made if new.
    pub(crate) fn root(&mut self, root: &str) -> SetId {
        let name = format!("~{root}");
        self.get(&name).unwrap_or_else(|| {
            let set = self.add(&name);
            self.roots.push(Root { set, root: root.to_owned(), shape: Shape::Full });
            set
        })
    }

    /// A set that code makes (names and slogans of pairs), made if new, with one more term.
    pub(crate) fn made(&mut self, name: &str, text: &str) -> SetId {
        let set = self.get(name).unwrap_or_else(|| self.add(name));
        self.terms.push(Term { set, text: text.to_owned(), dialects: Dialects::default(), stop: false });
        set
    }

    /// Leaves roots as they stand instead of expanding them.
    pub(crate) fn keep_roots_only(&mut self) {
        for root in self.roots.drain(..) {
            self.terms.push(Term {
                set: root.set,
                text: root.root,
                dialects: Dialects::default(),
                stop: false,
            });
        }
    }
}
