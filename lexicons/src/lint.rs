//! What a lexicon must be beyond well-formed: rules with evidence, examples, and an even hand.

mod elements;

use std::collections::{BTreeSet, HashMap};

use stream::Category;

use crate::examples::enough;
use crate::fault::Fault;
use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::rule::{Class, Expr, Rule, Sentence};
use crate::said::{self, Said};
use crate::set_bits::SetId;

/// Adds what is wrong with the rules, guards and elements of `lexicon`.
pub(crate) fn run(lexicon: &Lexicon, faults: &mut Vec<Fault>) {
    let live: Vec<&Rule> = lexicon.rules().iter().filter(|rule| rule.retired.is_none()).collect();
    for rule in &live {
        let mut fault = |line, said: Said| faults.push(Fault::new(&rule.file, line, 0, said));
        if strength(lexicon, &rule.when) < 2 {
            fault(rule.line, said::single_term(&rule.id));
        }
        examples(lexicon, rule, &mut fault);
        if lexicon.wakes_always(rule) {
            fault(rule.line, said::wakes_always(&rule.id));
        }
        if names_one_pair(lexicon, rule) {
            fault(rule.line, said::one_pair_only(&rule.id));
        }
    }
    shadows(&live, faults);
    elements::run(lexicon, faults);
}

/// How many terms must come together for `expr` to hold; a phrase counts as two.
fn strength(lexicon: &Lexicon, expr: &Expr) -> u32 {
    match expr {
        Expr::Set(set) => {
            let name = lexicon.set_name(*set);
            1 + u32::from(name.starts_with('"') && name.contains(' '))
        }
        Expr::Class(_) => 1,
        Expr::And(all) => all.iter().map(|expr| strength(lexicon, expr)).sum(),
        Expr::Or(all) => all.iter().map(|expr| strength(lexicon, expr)).min().unwrap_or(0),
        Expr::Without(expr, _) | Expr::In(_, expr) | Expr::Closing(expr) => strength(lexicon, expr),
        Expr::Near(near) if near.negated => strength(lexicon, &near.left),
        Expr::Near(near) => strength(lexicon, &near.left) + strength(lexicon, &near.right),
    }
}

/// The sets that `expr` looks for.
fn sets_of(expr: &Expr, out: &mut BTreeSet<SetId>) {
    match expr {
        Expr::Set(set) => {
            out.insert(*set);
        }
        Expr::Class(_) => {}
        Expr::And(all) | Expr::Or(all) => all.iter().for_each(|expr| sets_of(expr, out)),
        Expr::Without(expr, _) | Expr::In(_, expr) | Expr::Closing(expr) => sets_of(expr, out),
        Expr::Near(near) => {
            sets_of(&near.left, out);
            if !near.negated {
                sets_of(&near.right, out);
            }
        }
    }
}

fn examples(lexicon: &Lexicon, rule: &Rule, fault: &mut impl FnMut(u32, Said)) {
    enough(&rule.id, &rule.flagged, &rule.clean, &mut |said| fault(rule.line, said));
    let twice = |one: &&Sentence| rule.clean.iter().any(|other| other.text == one.text);
    if let Some(both) = rule.flagged.iter().find(twice) {
        fault(both.line, said::both_kinds(&rule.id, both));
    }
    let mut sets = BTreeSet::new();
    sets_of(&rule.when, &mut sets);
    let mut reading = Reading::default();
    for sentence in &rule.clean {
        lexicon.read(&sentence.text, &mut reading);
        if !sets.is_empty() && !sets.iter().any(|set| reading.has(*set)) {
            fault(sentence.line, said::clean_without(&rule.id, sentence));
        }
    }
}

/// Whether a term of the rule is the number or name of one pair: rules treat all pairs alike.
fn names_one_pair(lexicon: &Lexicon, rule: &Rule) -> bool {
    let mut sets = BTreeSet::new();
    sets_of(&rule.when, &mut sets);
    let mut reading = Reading::default();
    sets.into_iter().any(|set| {
        let name = lexicon.set_name(set);
        let Some(term) = name.strip_prefix('"').and_then(|term| term.strip_suffix('"')) else { return false };
        lexicon.read(term, &mut reading);
        let folded = &reading.folded;
        let mut pairs = Vec::new();
        Class::Paslon.find(folded, &mut pairs);
        // "paslon" alone is any pair; with a number or a contest's name it is one.
        let numbered = pairs.iter().any(|pair| {
            let words = pair.end - pair.start;
            words > 1 || folded.form(pair.start).bytes().all(|b| b.is_ascii_digit())
        });
        let named = [crate::contests::NAMES, crate::contests::WORDS];
        numbered || named.iter().any(|set| lexicon.set(set).is_some_and(|set| reading.has(set)))
    })
}

/// Finds rules that another one of the same category always fires with: all its parts are among theirs.
fn shadows(live: &[&Rule], faults: &mut Vec<Fault>) {
    let keys: Vec<Vec<String>> = live.iter().map(|rule| parts(&rule.when)).collect();
    let mut counts: HashMap<(Category, &str), usize> = HashMap::new();
    for (rule, keys) in live.iter().zip(&keys) {
        keys.iter().for_each(|key| *counts.entry((rule.category, key)).or_default() += 1);
    }
    // Each rule is filed under its rarest part: whoever it shadows has that part too.
    let mut filed: HashMap<(Category, &str), Vec<usize>> = HashMap::new();
    for (n, rule) in live.iter().enumerate() {
        let rarest = keys[n].iter().min_by_key(|key| counts.get(&(rule.category, key.as_str())));
        if let Some(key) = rarest {
            filed.entry((rule.category, key)).or_default().push(n);
        }
    }
    for (n, rule) in live.iter().enumerate() {
        let others = keys[n].iter().filter_map(|key| filed.get(&(rule.category, key.as_str()))).flatten();
        let shadow = others.copied().find(|m| {
            let same = keys[*m].len() == keys[n].len();
            // Of two equal ones the later is told.
            *m != n
                && (!same || *m < n)
                && alike(rule, live[*m])
                && keys[*m].iter().all(|key| keys[n].contains(key))
        });
        if let Some(other) = shadow.map(|m| &live[m].id) {
            faults.push(Fault::new(&rule.file, rule.line, 0, said::adds_nothing(&rule.id, other)));
        }
    }
}

/// The parts that must all hold, as keys that are equal when the parts are.
fn parts(when: &Expr) -> Vec<String> {
    match when {
        Expr::And(all) => all.iter().map(|part| format!("{part:?}")).collect(),
        other => vec![format!("{other:?}")],
    }
}

/// Whether `other` says of a text all that `rule` says.
fn alike(rule: &Rule, other: &Rule) -> bool {
    rule.severity == other.severity
        && rule.act == other.act
        && rule.subject == other.subject
        && rule.tags == other.tags
        && (other.channels.is_empty() || other.channels == rule.channels)
}
