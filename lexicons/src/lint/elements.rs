//! What the elements of severity must be beyond well-formed: tried by examples, reachable, and each of use.

use std::collections::BTreeSet;

use stream::{Category, Severity};

use crate::fault::Fault;
use crate::lexicon::Lexicon;
use crate::rule::Sentence;
use crate::said;
use crate::severity::{Condition, Does, Element};

/// Fewest different examples of each kind.
const EXAMPLES: usize = 2;

/// Adds what is wrong with the elements of `lexicon`.
pub(super) fn run(lexicon: &Lexicon, faults: &mut Vec<Fault>) {
    for (at, element) in lexicon.elements().iter().enumerate() {
        let mut fault = |said| faults.push(Fault::new(&element.file, element.line, 0, said));
        for (kind, texts) in [("reaches", &element.reaches), ("keeps", &element.keeps)] {
            let different: BTreeSet<&str> = texts.iter().map(|text: &Sentence| text.text.trim()).collect();
            if different.len() < EXAMPLES {
                fault(said::few_reached(&element.id, &different.len(), kind, &EXAMPLES));
            }
        }
        for category in element.categories.iter().filter(|category| !can_move(lexicon, element, **category)) {
            fault(said::unreachable(&element.id, category));
        }
        if let Some(other) = lexicon.elements()[..at].iter().find(|other| covers(other, element)) {
            fault(said::element_shadow(&element.id, &other.id));
        }
    }
}

/// Whether the element can move a signal of `category`: a level must lie above the lowest that its rules give.
fn can_move(lexicon: &Lexicon, element: &Element, category: Category) -> bool {
    let Does::Level(level) = element.does else { return true };
    let live = lexicon.rules().iter().filter(|rule| rule.retired.is_none() && rule.category == category);
    let lowest: Option<Severity> = live.map(|rule| rule.severity.unwrap_or(category.severity())).min();
    level > lowest.unwrap_or(category.severity())
}

/// Whether `other`, which is asked before, holds wherever `element` does.
fn covers(other: &Element, element: &Element) -> bool {
    let same = |a: &Condition, b: &Condition| a.expr == b.expr;
    let among = |a: &Condition, all: &[Condition]| all.iter().any(|b| same(a, b));
    let phase = |element: &Element| element.order().0;
    phase(other) == phase(element)
        && element.categories.iter().all(|category| other.categories.contains(category))
        && other.on.is_none_or(|on| element.on == Some(on))
        && (!other.reporter || element.reporter)
        && other.unless.is_none()
        && other.not_behind.is_none()
        && other.opens.is_none_or(|set| element.opens == Some(set))
        && match (&other.when, &element.when) {
            (None, _) => true,
            (Some(a), Some(b)) => same(a, b) && (other.or_placed || !element.or_placed),
            (Some(_), None) => false,
        }
        && other.with.iter().all(|a| among(a, &element.with))
}
