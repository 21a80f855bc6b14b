//! What led to an example's not coming out as written: what is missing, what stands against it, or which words hold.

use lexicons::said::{self, Said};
use lexicons::{Lexicon, Match};
use stream::{Finding, Hit, Part, Post, Span};

use crate::heard::Heard;
use crate::trial::Trial;

/// Why the rule at `at` raises nothing.
pub(super) fn silent(heard: &Heard<'_>, at: usize) -> Vec<Said> {
    let parts = heard.parts(Part::Text);
    let trial = Trial::new(heard, &parts);
    let (rule, tried) = trial.tries(at);
    if let Some(found) = tried.stands {
        return vec![said::no_subject(&named(heard, &found))];
    }
    let Some(fallen) = tried.fallen else { return trial.look().lacks(&rule.source, &rule.when) };
    let hit = named(heard, &fallen.found);
    let (guard, span) = fallen.by;
    let words = span.map(|span| quoted(heard.post, &[span]));
    vec![match (guard.as_str(), words) {
        ("vague", _) => said::cleared_vague(&hit),
        ("called", _) => said::cleared_called(&hit),
        ("place_name", Some(words)) => said::cleared_place(&hit, &words),
        (guard, Some(words)) => said::cleared_by(&hit, guard, &words),
        (guard, None) => said::cleared_by_profile(&hit, guard),
    }]
}

/// By which words the rule at `at` holds.
pub(super) fn raised(heard: &Heard<'_>, at: usize) -> Vec<Said> {
    let parts = heard.parts(Part::Text);
    let (_, tried) = Trial::new(heard, &parts).tries(at);
    tried.stands.map(|found| said::raised_by(&named(heard, &found))).into_iter().collect()
}

/// Why the guard at `at` does not clear its example, of which `found` is what was judged.
pub(super) fn not_cleared(heard: &Heard<'_>, at: usize, found: Option<&Finding>) -> Vec<Said> {
    let guard = &heard.lexicon.guards()[at];
    let parts = heard.parts(Part::Text);
    let trial = Trial::new(heard, &parts);
    let mut why = trial.look().lacks(&guard.source, &guard.when);
    let Some(found) = found else {
        why.push(said::guard_idle());
        return why;
    };
    if let Some(held) = trial.look().guarded(at).first() {
        why.push(said::guard_short(&named(heard, held)));
    }
    let hits = found.signals.iter().flat_map(|signal| &signal.hits);
    why.extend(hits.map(|hit| said::still_raised(&hit.rule, &words(heard.post, hit))));
    why.extend(cleared(found, |_| true));
    why
}

/// Why no signal of `category` is left of a contrast text, of which `found` is what was judged.
pub(super) fn not_kept(category: &str, found: Option<&Finding>) -> Vec<Said> {
    let of = |cleared: &stream::Cleared| cleared.category.as_str() == category;
    let why = found.map(|found| cleared(found, of)).unwrap_or_default();
    if why.is_empty() { vec![said::none_of(category)] } else { why }
}

fn cleared(found: &Finding, of: impl Fn(&stream::Cleared) -> bool) -> Vec<Said> {
    let those = found.cleared.iter().filter(|cleared| of(cleared));
    those.map(|cleared| said::cleared_instead(&cleared.hit.rule, &cleared.guard)).collect()
}

fn words(post: &Post, hit: &Hit) -> String {
    quoted(post, &hit.spans)
}

fn quoted(post: &Post, spans: &[Span]) -> String {
    let words: Vec<String> =
        spans.iter().filter_map(|span| span.of(post)).map(|words| format!("\"{words}\"")).collect();
    words.join(" + ")
}

/// The words of a match as written, each behind the set that it is of.
fn named(heard: &Heard<'_>, found: &Match) -> String {
    let one = |hit: &lexicons::PartHit| {
        let words = quoted(heard.post, &[heard.span(hit.part, hit.range)]);
        // A set of one word is named by it.
        let set = hit.set.map_or("", |set| name(heard.lexicon, set));
        if set.is_empty() { words } else { format!("%{set} {words}") }
    };
    found.hits.iter().map(one).collect::<Vec<_>>().join(" + ")
}

/// The name of a set as rules use it; none of one that a rule writes as its word.
fn name(lexicon: &Lexicon, set: lexicons::SetId) -> &str {
    let name = lexicon.set_name(set);
    if name.starts_with(['"', '~']) { "" } else { name }
}
