//! `rules/`, `guards.toml` and `severity.toml`: read, looked up against sets and codes, and checked.

mod elements;
mod entries;
mod expression;
mod guards;

use std::collections::{BTreeSet, HashMap};

pub(crate) use elements::{FILE as ELEMENTS, elements};
use entries::{Entry, entries};
pub(crate) use guards::guards;
use serde::Deserialize;
use stream::{Act, Category, Channel, Severity, SubjectClass};
use toml::Spanned;

use crate::examples::enough;
use crate::fault::{Fault, Lines};
use crate::rule::{Rule, Sentence};
use crate::said::{self, Said};
use crate::sets::Sets;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: Spanned<String>,
    title: String,
    title_en: Option<String>,
    category: Spanned<String>,
    when: Spanned<String>,
    severity: Option<Spanned<String>>,
    why: String,
    why_en: Option<String>,
    #[serde(default)]
    law: Vec<Spanned<String>>,
    #[serde(default)]
    tags: Vec<String>,
    act: Option<Spanned<String>>,
    subject: Option<Spanned<String>>,
    #[serde(default)]
    guards: Vec<Spanned<String>>,
    #[serde(default)]
    channels: Vec<Spanned<String>>,
    since: Spanned<String>,
    retired: Option<Spanned<String>>,
    #[serde(default)]
    flagged: Vec<Spanned<String>>,
    #[serde(default)]
    clean: Vec<Spanned<String>>,
}

/// Farthest that a guard of scope "token" reaches, in words; beyond it a clause says it better.
const FARTHEST: usize = 12;

/// One file being read: what is wrong in it goes to `faults`.
struct Reader<'a> {
    file: &'a str,
    source: &'a str,
    lines: Lines,
    faults: &'a mut Vec<Fault>,
    /// The signs being built, outermost first.
    inside: Vec<String>,
}

impl Reader<'_> {
    fn fault(&mut self, at: usize, said: Said) {
        self.faults.push(Fault::at(self.file, self.source, at, said));
    }

    /// The member of a closed set that `code` names.
    fn code<T>(&mut self, what: &str, code: &Spanned<String>, parse: fn(&str) -> Option<T>) -> Option<T> {
        let found = parse(code.get_ref());
        if found.is_none() {
            self.fault(code.span().start, said::unknown(what, code.get_ref()));
        }
        found
    }

    fn date(&mut self, date: &Spanned<String>) {
        if date.get_ref().parse::<jiff::civil::Date>().is_err() {
            self.fault(date.span().start, said::no_date(date.get_ref(), "2026-11-22"));
        }
    }

    fn rule(&mut self, raw: RawRule, sets: &mut Sets, known: &Known<'_>) -> Option<Rule> {
        let at = raw.id.span().start;
        let category = Category::parse(raw.category.get_ref());
        if category.is_none() {
            self.fault(raw.category.span().start, said::unknown_category(raw.category.get_ref()));
        }
        let severity = raw.severity.as_ref().and_then(|code| self.code("severity", code, Severity::parse));
        let act = raw.act.as_ref().and_then(|code| self.code("act", code, Act::parse));
        let subject =
            raw.subject.as_ref().and_then(|code| self.code("subject class", code, SubjectClass::parse));
        let channels =
            raw.channels.iter().filter_map(|code| self.code("channel", code, Channel::parse)).collect();
        for law in raw.law.iter().filter(|law| !known.laws.contains(law.get_ref())) {
            let laws = known.laws.iter().map(String::as_str);
            self.fault(law.span().start, said::no_law(law.get_ref()).meant(law.get_ref(), laws));
        }
        if (act.is_some() || subject.is_some()) && category.is_some_and(|category| category != Category::Kf14)
        {
            self.fault(at, said::kf14_only());
        }
        let english = [&raw.title_en, &raw.why_en].into_iter().flatten();
        if [&raw.title, &raw.why].into_iter().chain(english).any(|words| words.trim().is_empty()) {
            self.fault(at, said::title_why(raw.id.get_ref()));
        }
        let guards = raw.guards.iter().filter_map(|guard| self.guard_ref(guard, known)).collect();
        self.date(&raw.since);
        raw.retired.iter().for_each(|date| self.date(date));
        let when = self.expression(&raw.when, sets);
        let line = self.lines.line(at);
        Some(Rule {
            id: raw.id.into_inner(),
            title: raw.title,
            title_en: raw.title_en,
            category: category?,
            when: when?,
            source: raw.when.into_inner(),
            severity,
            why: raw.why,
            why_en: raw.why_en,
            law: raw.law.into_iter().map(Spanned::into_inner).collect(),
            tags: raw.tags,
            act,
            subject,
            guards,
            channels,
            since: raw.since.into_inner(),
            retired: raw.retired.map(Spanned::into_inner),
            flagged: self.sentences(raw.flagged),
            clean: self.sentences(raw.clean),
            file: self.file.to_owned(),
            line,
        })
    }

    fn sentences(&self, raw: Vec<Spanned<String>>) -> Vec<Sentence> {
        let line = |text: &Spanned<String>| self.lines.line(text.span().start);
        raw.into_iter().map(|text| Sentence { line: line(&text), text: text.into_inner() }).collect()
    }

    fn guard_ref(&mut self, guard: &Spanned<String>, known: &Known<'_>) -> Option<(String, bool)> {
        let text = guard.get_ref();
        let (name, clears) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(name), _) => (name, true),
            (_, Some(name)) => (name, false),
            _ => {
                self.fault(guard.span().start, said::plus_minus(text));
                return None;
            }
        };
        if !known.guards.contains(name) {
            self.fault(guard.span().start, said::no_guard(name).meant(name, known.guards.iter().copied()));
        }
        Some((name.to_owned(), clears))
    }
}

/// Names that rules may refer to.
pub(crate) struct Known<'a> {
    pub(crate) laws: &'a BTreeSet<String>,
    pub(crate) guards: &'a BTreeSet<&'a str>,
}

/// Reads every rule; ids are unique over all files.
pub(crate) fn rules<'a>(
    files: impl Iterator<Item = (&'a str, &'a str)>,
    sets: &mut Sets,
    known: &Known<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut ids: HashMap<String, (String, u32)> = HashMap::new();
    for (file, source) in files {
        let parsed = entries::<RawRule>(file, source, "rule", faults);
        let mut reader = Reader { file, source, lines: Lines::of(source), faults, inside: Vec::new() };
        for Entry { raw, whole } in parsed {
            let at = raw.id.span().start;
            let line = reader.lines.line(at);
            if let Some((other, line)) = ids.get(raw.id.get_ref()) {
                reader.fault(at, said::id_taken(raw.id.get_ref(), &format!("{other}:{line}")));
            } else {
                ids.insert(raw.id.get_ref().clone(), (file.to_owned(), line));
            }
            let (id, live) = (raw.id.get_ref().clone(), raw.retired.is_none());
            let examples = [reader.sentences(raw.flagged.clone()), reader.sentences(raw.clean.clone())];
            match reader.rule(raw, sets, known).filter(|_| whole) {
                Some(rule) => rules.push(rule),
                // No rule comes of it that could be looked at later.
                None if live => enough(&id, &examples[0], &examples[1], &mut |said| {
                    reader.faults.push(Fault::new(file, line, 0, said));
                }),
                None => {}
            }
        }
    }
    // The order of files and rules does not matter to a verdict; this one is the same on every machine.
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}
