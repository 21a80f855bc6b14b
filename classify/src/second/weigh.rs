//! What the second reader says of the signals that the rules raised: one that little speaks for is lowered, or held back.

use stream::{Category, Cleared, Level, Part, Severity, Signal, Step};

use super::{Masks, Opinion, languages};
use crate::heard::Heard;
use lexicons::weights::QUEUES;

/// Signals are lowered one step when no queue reaches this probability.
const LOWERS_BELOW: f32 = 0.03;
/// Weak signals are held back when no queue reaches this probability.
const HOLDS_BELOW: f32 = 0.05;
/// More rules than these are a second sign of their own.
const WEAK_RULES: usize = 2;
/// The name under which it stands among what clears hits.
const GUARD: &str = "second_reader";
/// Elements of a text about which the second reader is not asked: what hurts, burns or arms.
const GRAVE: [&str; 8] =
    ["grave_victim", "weapon_act", "weapon_sharp", "burn_v", "fire_deed", "kill", "beat", "stone"];
/// And these together: a crowd that shuts a road or an office.
const SIEGE: [&str; 2] = ["crowd", "shut"];

/// Lowers the signals that the second reader takes for nothing by one step, shown, and holds back those that are weak
/// besides: their hits stand among the cleared ones, with the word that spoke most against them. It has no say where
/// someone is hurt, something burns, a weapon is named, a crowd shuts something or a registered reporter speaks.
pub(crate) fn weigh(heard: &Heard<'_>, signals: &mut Vec<Signal>, cleared: &mut Vec<Cleared>) {
    let weak = is_weak(signals);
    let weights = heard.lexicon.second_reader();
    if weights.is_empty()
        || !(weak || signals.iter().any(|signal| signal.severity != Severity::Normal))
        || heard.post.verified_reporter()
        || GRAVE.iter().any(|set| heard.has(Part::Text, set))
        || SIEGE.iter().all(|set| heard.has(Part::Text, set))
    {
        return;
    }
    let opinion = Opinion::of(heard, Masks::of(heard));
    let likely = (0..QUEUES).map(|queue| opinion.probability(weights, queue)).fold(0.0, f32::max);
    let languages = languages(heard);
    if weak && likely < HOLDS_BELOW && weights.threshold(&languages, 0).is_some() {
        let span = opinion.word_against(heard, 0);
        for Signal { category, hits, .. } in signals.drain(..) {
            let of = |hit| Cleared { hit, category, guard: GUARD.to_owned(), span };
            cleared.extend(hits.into_iter().map(of));
        }
    } else if likely < LOWERS_BELOW
        && heard.lexicon.wakes_second_reader(&heard.text)
        && languages.iter().all(|language| weights.thresholds.contains_key(*language))
    {
        signals.iter_mut().for_each(lower);
    }
}

/// Whether little speaks for the signals: one or two rules, of the conflict queue, less than AWAS, and no kecamatan or
/// village where it is to be. A desk that looks at all of these stops looking.
fn is_weak(signals: &[Signal]) -> bool {
    let mut rules: Vec<&str> =
        signals.iter().flat_map(|signal| &signal.hits).map(|hit| hit.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let near =
        |signal: &Signal| signal.place.code.as_ref().is_some_and(|code| code.level() >= Level::Kecamatan);
    rules.len() <= WEAK_RULES
        && signals.iter().all(|signal| {
            signal.category != Category::Kf14 && signal.severity < Severity::Awas && !near(signal)
        })
}

/// What is AWAS by its rule alone tells of victims, weapons or fire in words that no set holds.
fn lower(signal: &mut Signal) {
    let to = signal.severity.down();
    if signal.severity < Severity::Awas && to != signal.severity {
        signal.severity = to;
        signal.steps.push(Step { to, why: "second_reader".to_owned(), span: None });
    }
}
