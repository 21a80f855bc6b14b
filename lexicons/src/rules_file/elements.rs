//! `severity.toml`: what raises or lowers a severity, looked up against sets and codes.

use std::collections::BTreeMap;

use serde::Deserialize;
use stream::{Category, Severity};
use toml::Spanned;

use super::entries::{Entry, entries};
use super::{FARTHEST, Reader};
use crate::fault::{Fault, Lines};
use crate::said;
use crate::set_bits::SetId;
use crate::sets::Sets;
use crate::severity::{Behind, CEILING, Condition, Does, Element, On};

/// The file.
pub(crate) const FILE: &str = "severity.toml";
/// What is written for one step.
const ONE: &str = "one";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawElement {
    id: Spanned<String>,
    why: String,
    shown: Option<RawShown>,
    told_as: Option<Spanned<String>>,
    #[serde(default)]
    categories: Vec<Spanned<String>>,
    level: Option<Spanned<String>>,
    up: Option<Spanned<String>>,
    down: Option<Spanned<String>>,
    when: Option<Spanned<String>>,
    #[serde(default)]
    with: Vec<Spanned<String>>,
    unless: Option<Spanned<String>>,
    not_behind: Option<RawBehind>,
    opens: Option<Spanned<String>>,
    #[serde(default)]
    or_placed: bool,
    floor: Option<Spanned<String>>,
    on: Option<Spanned<String>>,
    #[serde(default)]
    reporter: bool,
    #[serde(default)]
    reaches: Vec<Spanned<String>>,
    #[serde(default)]
    keeps: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawShown {
    id: String,
    en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBehind {
    set: Spanned<String>,
    words: Spanned<usize>,
}

impl Reader<'_> {
    fn condition(&mut self, when: &Spanned<String>, sets: &mut Sets) -> Option<Condition> {
        let expr = self.expression(when, sets)?;
        Some(Condition { expr, source: when.get_ref().clone() })
    }

    /// What the element does: one of the three, and no step that leads nowhere.
    fn does(&mut self, raw: &RawElement) -> Option<Does> {
        let said: Vec<&Spanned<String>> = [&raw.level, &raw.up, &raw.down].into_iter().flatten().collect();
        let [told] = said[..] else {
            self.fault(raw.id.span().start, said::element_does(raw.id.get_ref()));
            return None;
        };
        let at = told.span().start;
        let to = match told.get_ref().as_str() {
            ONE if raw.level.is_none() => None,
            _ => Some(self.code("severity", told, Severity::parse)?),
        };
        let (does, moves) = match (raw.level.is_some(), raw.up.is_some(), to) {
            (true, _, level) => (Does::Level(level?), level > Some(Severity::Normal)),
            (_, true, to) => {
                if to > Some(CEILING) {
                    self.fault(at, said::element_ceiling(&CEILING));
                }
                (Does::Up(to), to != Some(Severity::Normal))
            }
            (_, _, to) => (Does::Down(to), to != Some(Severity::Awas)),
        };
        if !moves {
            self.fault(at, said::element_nowhere(told.get_ref()));
        }
        Some(does)
    }

    fn behind(&mut self, raw: &RawBehind, sets: &Sets) -> Option<Behind> {
        if !(1..=FARTHEST).contains(raw.words.get_ref()) {
            self.fault(raw.words.span().start, said::element_behind(&FARTHEST));
        }
        Some(Behind { set: self.named_set(&raw.set, sets)?, words: *raw.words.get_ref() })
    }

    fn named_set(&mut self, name: &Spanned<String>, sets: &Sets) -> Option<SetId> {
        let set = sets.get(name.get_ref());
        if set.is_none() {
            let said = said::no_set(name.get_ref()).meant(name.get_ref(), sets.names());
            self.fault(name.span().start, said);
        }
        set
    }

    fn on(&mut self, on: &Spanned<String>) -> Option<On> {
        let found = On::parse(on.get_ref());
        if found.is_none() {
            let known: Vec<&str> = On::ALL.iter().map(|on| on.as_str()).collect();
            self.fault(on.span().start, said::no_days(on.get_ref(), &known.join(", ")));
        }
        found
    }

    fn element(&mut self, raw: RawElement, sets: &mut Sets) -> Option<Element> {
        let at = raw.id.span().start;
        let id = raw.id.get_ref().clone();
        let does = self.does(&raw);
        if raw.why.trim().is_empty() || raw.shown.is_some() == raw.told_as.is_some() {
            self.fault(at, said::element_words(&id));
        }
        if raw.categories.is_empty() {
            self.fault(at, said::element_categories(&id));
        }
        let mut categories = Vec::new();
        for code in &raw.categories {
            match Category::parse(code.get_ref()) {
                Some(category) => categories.push(category),
                None => self.fault(code.span().start, said::unknown_category(code.get_ref())),
            }
        }
        if raw.when.is_none() && (raw.or_placed || raw.not_behind.is_some()) {
            self.fault(at, said::element_when(&id));
        }
        if raw.when.is_none() && raw.on.is_none() && !raw.reporter {
            self.fault(at, said::element_always(&id));
        }
        let when = raw.when.as_ref().map(|when| self.condition(when, sets));
        let with: Vec<Option<Condition>> = raw.with.iter().map(|it| self.condition(it, sets)).collect();
        let unless = raw.unless.as_ref().map(|it| self.condition(it, sets));
        let not_behind = raw.not_behind.as_ref().map(|raw| self.behind(raw, sets));
        let opens = raw.opens.as_ref().map(|name| {
            if raw.down.is_none() || raw.when.is_none() {
                self.fault(name.span().start, said::element_opens());
            }
            self.named_set(name, sets)
        });
        let floor = raw.floor.as_ref().and_then(|floor| {
            if raw.down.is_none() {
                self.fault(floor.span().start, said::element_floor());
            }
            self.code("severity", floor, Severity::parse)
        });
        let on = raw.on.as_ref().map(|on| self.on(on));
        Some(Element {
            step: raw.told_as.map_or_else(|| id.clone(), Spanned::into_inner),
            id,
            shown: raw.shown.map(|shown| [shown.id, shown.en]),
            why: raw.why,
            categories,
            does: does?,
            // What could not be read is told; without it the element would mean something else.
            when: if let Some(when) = when { Some(when?) } else { None },
            with: with.into_iter().collect::<Option<Vec<Condition>>>()?,
            unless: if let Some(unless) = unless { Some(unless?) } else { None },
            not_behind: if let Some(behind) = not_behind { Some(behind?) } else { None },
            opens: if let Some(opens) = opens { Some(opens?) } else { None },
            or_placed: raw.or_placed,
            floor,
            on: if let Some(on) = on { Some(on?) } else { None },
            reporter: raw.reporter,
            reaches: self.sentences(raw.reaches),
            keeps: self.sentences(raw.keeps),
            file: self.file.to_owned(),
            line: self.lines.line(at),
        })
    }
}

/// Reads [`FILE`]: its elements in the order in which they are asked.
pub(crate) fn elements(source: &str, sets: &mut Sets, faults: &mut Vec<Fault>) -> Vec<Element> {
    let parsed = entries::<RawElement>(FILE, source, "element", faults);
    let mut reader = Reader { file: FILE, source, lines: Lines::of(source), faults, inside: Vec::new() };
    let mut told: BTreeMap<String, bool> = BTreeMap::new();
    let mut told_as: Vec<(usize, String)> = Vec::new();
    let mut elements = Vec::new();
    for Entry { raw, whole } in parsed {
        let (id, at) = (raw.id.get_ref().clone(), raw.id.span().start);
        if told.insert(id.clone(), raw.shown.is_some()).is_some() {
            reader.fault(at, said::element_twice(&id));
        }
        told_as.extend(raw.told_as.as_ref().map(|other| (other.span().start, other.get_ref().clone())));
        elements.extend(reader.element(raw, sets).filter(|_| whole));
    }
    for (at, other) in told_as {
        if told.get(&other) != Some(&true) {
            reader.fault(at, said::no_element(&other));
        }
    }
    elements.sort_by_key(Element::order);
    elements
}
