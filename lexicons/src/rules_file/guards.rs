//! `guards.toml`: each guard read, looked up and checked.

use std::collections::BTreeSet;

use serde::Deserialize;
use stream::Category;
use toml::Spanned;

use super::entries::{Entry, entries};
use super::{FARTHEST, Reader};
use crate::fault::{Fault, Lines};
use crate::rule::{Guard, Scope};
use crate::said;
use crate::sets::Sets;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGuard {
    name: Spanned<String>,
    scope: Scope,
    reach: Option<Spanned<usize>>,
    clears: Spanned<Clears>,
    when: Spanned<String>,
    #[serde(default)]
    spares: Vec<Spanned<String>>,
    why: String,
    #[serde(default)]
    keeps: Vec<Spanned<String>>,
    #[serde(default)]
    clears_examples: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Clears {
    All(String),
    These(Vec<String>),
}

/// Reads `guards.toml`.
pub(crate) fn guards(file: &str, source: &str, sets: &mut Sets, faults: &mut Vec<Fault>) -> Vec<Guard> {
    let parsed = entries::<RawGuard>(file, source, "guard", faults);
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut reader = Reader { file, source, lines: Lines::of(source), faults, inside: Vec::new() };
    let mut guards = Vec::new();
    for Entry { raw, .. } in parsed {
        if !names.insert(raw.name.get_ref().clone()) {
            reader.fault(raw.name.span().start, said::guard_exists(raw.name.get_ref()));
        }
        guards.extend(reader.guard(raw, sets));
    }
    guards
}

impl Reader<'_> {
    /// How many words a guard of this scope reaches; only a guard of words has a reach, and it must say it.
    fn reach(&mut self, scope: Scope, reach: Option<&Spanned<usize>>, at: usize) -> usize {
        match (scope, reach) {
            (Scope::Token, Some(reach)) if (1..=FARTHEST).contains(reach.get_ref()) => {
                return *reach.get_ref();
            }
            (Scope::Token, Some(reach)) => {
                self.fault(reach.span().start, said::reach_range(&FARTHEST));
            }
            (Scope::Token, None) => {
                self.fault(at, said::reach_wanted());
            }
            (_, Some(reach)) => {
                self.fault(reach.span().start, said::reach_only());
            }
            (_, None) => {}
        }
        0
    }

    fn guard(&mut self, raw: RawGuard, sets: &mut Sets) -> Option<Guard> {
        let at = raw.clears.span().start;
        let clears = match raw.clears.into_inner() {
            Clears::All(all) if all == "all" => Category::ALL.to_vec(),
            Clears::All(other) => {
                self.fault(at, said::clears_all(&other));
                Vec::new()
            }
            Clears::These(codes) => {
                let mut these = Vec::new();
                for code in codes {
                    match Category::parse(&code) {
                        Some(category) => these.push(category),
                        None => self.fault(at, said::unknown_category(&code)),
                    }
                }
                these
            }
        };
        let reach = self.reach(raw.scope, raw.reach.as_ref(), raw.name.span().start);
        let mut spares = Vec::new();
        for name in &raw.spares {
            match sets.get(name.get_ref()) {
                Some(set) => spares.push(set),
                None => {
                    let said = said::no_set(name.get_ref()).meant(name.get_ref(), sets.names());
                    self.fault(name.span().start, said);
                }
            }
        }
        let when = self.expression(&raw.when, sets);
        let line = self.lines.line(raw.name.span().start);
        Some(Guard {
            name: raw.name.into_inner(),
            scope: raw.scope,
            reach,
            clears,
            spares,
            when: when?,
            source: raw.when.into_inner(),
            why: raw.why,
            keeps: self.sentences(raw.keeps),
            clears_examples: self.sentences(raw.clears_examples),
            file: self.file.to_owned(),
            line,
        })
    }
}
