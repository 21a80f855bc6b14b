//! What the second reader says of the signals that the rules raised: one that little speaks for is lowered, or held back.

use stream::{Category, Cleared, Level, Part, SECOND_READER, Severity, Signal, Step};

use super::{Masks, Opinion, languages};
use crate::heard::Heard;
use lexicons::weights::QUEUES;

/// What the second reader takes for nothing: no queue reaches this probability.
const UNLIKELY: f32 = 0.05;
/// Of what rules say of an official, who is often named in few plain words, only this.
const UNLIKELY_OF_OFFICIAL: f32 = 0.02;
/// More rules than these are a second sign of their own.
const WEAK_RULES: usize = 2;
/// Categories whose words everyday talk is full of (peoples and faiths, banners, land, fights, late goods): their rules
/// are believed only from these probabilities on, however many hit and wherever it is to be.
const DOUBTED: [(Category, f32); 5] = [
    (Category::Kf05, 0.08),
    (Category::Kf09, 0.18),
    (Category::Kf11, 0.18),
    (Category::Kf12, 0.08),
    (Category::Kf13, 0.18),
];
/// A call to drive or shut people out is not doubted: the second reader takes "usir mereka dari Indonesia" for nothing.
const CALLS: [&str; 3] = ["shun_strong", "out_with", "folk_act"];
/// Elements about which the second reader is not asked, in the text or beside it: what hurts, burns, arms or comes to blows.
const GRAVE: [&str; 10] = [
    "grave_victim",
    "victim_hard",
    "weapon_act",
    "weapon_sharp",
    "burn_v",
    "fire_deed",
    "kill",
    "beat",
    "stone",
    "fight_hard",
];
/// And these together: a crowd that shuts a road or an office.
const SIEGE: [&str; 2] = ["crowd", "shut"];

/// Lowers the signals that the second reader takes for nothing by one step, shown, and holds back those that are weak
/// besides or of a doubted category: their hits stand among the cleared ones, with the word that spoke most against
/// them. It reads the text alone, so it has no say about what stands in a picture or a quotation, nor where it is off,
/// nor where someone is hurt, something burns, a weapon is named, a crowd shuts something or a registered reporter speaks.
pub(crate) fn weigh(heard: &Heard<'_>, signals: &mut Vec<Signal>, cleared: &mut Vec<Cleared>) {
    let weights = heard.lexicon.second_reader();
    let told = |set: &&str| heard.has(Part::Text, set);
    if signals.is_empty()
        || weights.threshold(languages(heard), 0).is_none()
        || heard.post.verified_reporter()
        || !stand_in_text(signals)
        || heard.judged().any(|part| GRAVE.iter().any(|set| heard.has(part, set)))
        || SIEGE.iter().all(told)
    {
        return;
    }
    let doubted = doubted(signals).filter(|_| !CALLS.iter().any(told));
    let held_below = doubted.or(weak(signals));
    let is_lowered = signals.iter().any(|signal| signal.severity != Severity::Normal);
    if held_below.is_none() && !is_lowered {
        return;
    }
    let opinion = Opinion::of(heard, Masks::of(heard));
    let likely = (0..QUEUES).map(|queue| opinion.probability(weights, queue)).fold(0.0, f32::max);
    if held_below.is_some_and(|least| likely < least) {
        let span = opinion.word_against(heard, 0);
        for Signal { category, hits, .. } in signals.drain(..) {
            let of = |hit| Cleared { hit, category, guard: SECOND_READER.to_owned(), span };
            cleared.extend(hits.into_iter().map(of));
        }
    } else if is_lowered && likely < UNLIKELY && heard.lexicon.wakes_second_reader(&heard.text) {
        signals.iter_mut().for_each(lower);
    }
}

/// The probability below which signals of doubted categories alone are held back: the lowest of them.
fn doubted(signals: &[Signal]) -> Option<f32> {
    let of = |signal: &Signal| DOUBTED.iter().find(|(category, _)| *category == signal.category);
    signals.iter().try_fold(1.0, |lowest: f32, signal| {
        let (_, least) = of(signal).filter(|_| signal.severity < Severity::Awas)?;
        Some(lowest.min(*least))
    })
}

/// Whether every word that was hit stands in the post's own text.
fn stand_in_text(signals: &[Signal]) -> bool {
    let hits = signals.iter().flat_map(|signal| &signal.hits);
    hits.flat_map(|hit| &hit.spans).all(|span| span.part == Part::Text)
}

/// The probability below which signals are held back that little speaks for: one or two rules, less than AWAS, and no
/// kecamatan or village where it is to be. A desk that looks at all of these stops looking, and Bawaslu is not to be led to doubt an official for so little.
fn weak(signals: &[Signal]) -> Option<f32> {
    let mut rules: Vec<&str> =
        signals.iter().flat_map(|signal| &signal.hits).map(|hit| hit.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let near =
        |signal: &Signal| signal.place.code.as_ref().is_some_and(|code| code.level() >= Level::Kecamatan);
    let is_weak = (1..=WEAK_RULES).contains(&rules.len())
        && signals.iter().all(|signal| signal.severity < Severity::Awas && !near(signal));
    let official = signals.iter().any(|signal| signal.category == Category::Kf14);
    is_weak.then_some(if official { UNLIKELY_OF_OFFICIAL } else { UNLIKELY })
}

/// What is AWAS by its rule alone tells of victims, weapons or fire in words that no set holds.
fn lower(signal: &mut Signal) {
    let to = signal.severity.down();
    if signal.severity < Severity::Awas && to != signal.severity {
        signal.severity = to;
        signal.steps.push(Step { to, why: SECOND_READER.to_owned(), span: None });
    }
}
