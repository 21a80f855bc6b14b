//! Guards: what makes a hit mean something else, and how far each reaches.

use std::cell::OnceCell;

use lexicons::{Guard, Lexicon, Look, Match, Range, Rule, Scope};
use stream::{Category, Part, Span};

use crate::heard::Heard;

/// The guards of one part of a post, each looked for when a rule first asks.
pub(crate) struct Guards {
    /// By guard: where it holds; none when it does not.
    held: Vec<OnceCell<Option<Vec<Range>>>>,
}

/// What cleared a hit.
pub(crate) struct Clearing {
    /// The guard's name.
    pub(crate) guard: String,
    /// Its words.
    pub(crate) span: Option<Span>,
}

impl Guards {
    /// The guards of a lexicon.
    pub(crate) fn new(lexicon: &Lexicon) -> Guards {
        Guards { held: vec![OnceCell::new(); lexicon.guards().len()] }
    }

    /// Where a guard holds, if it does; nowhere in the text when it holds by the profile alone.
    fn ranges(&self, look: &Look<'_>, at: usize, guard: &Guard) -> Option<&[Range]> {
        let held = self.held.get(at)?.get_or_init(|| {
            let matches = look.guarded(at);
            let ranges: Vec<Range> = matches.iter().filter_map(|found| found.extent).collect();
            // What holds in the profile alone has no place in the text: it reaches all of it, or nothing.
            let elsewhere = guard.scope == Scope::Text && !matches.is_empty();
            (elsewhere || !ranges.is_empty()).then_some(ranges)
        });
        held.as_deref()
    }

    /// What clears this match of `rule` in what `look` looks at, if anything does.
    pub(crate) fn clears(
        &self,
        heard: &Heard<'_>,
        look: &Look<'_>,
        part: Part,
        rule: &Rule,
        found: &Match,
    ) -> Option<Clearing> {
        heard.lexicon.guards().iter().enumerate().find_map(|(at, guard)| {
            if !applies(guard, rule) {
                return None;
            }
            let ranges = self.ranges(look, at, guard)?;
            if ranges.is_empty() {
                return Some(Clearing { guard: guard.name.clone(), span: None });
            }
            let clears = |by: &&Range| {
                reaches(heard, part, guard, **by, found, rule.category) && !heard.names_place(part, **by)
            };
            let by = ranges.iter().find(clears)?;
            Some(Clearing { guard: guard.name.clone(), span: Some(heard.span(part, *by)) })
        })
    }
}

/// Whether the guard is one that clears this rule at all.
fn applies(guard: &Guard, rule: &Rule) -> bool {
    let said = rule.guards.iter().rev().find(|(name, _)| *name == guard.name);
    said.map_or_else(|| guard.clears.contains(&rule.category), |(_, more)| *more)
}

/// Whether a guard whose words stand at `by` reaches the match.
fn reaches(
    heard: &Heard<'_>,
    part: Part,
    guard: &Guard,
    by: Range,
    found: &Match,
    category: Category,
) -> bool {
    let Some(reading) = heard.reading(part) else { return false };
    let tokens = reading.folded.tokens();
    let token = |at: usize| tokens.get(at.min(tokens.len().saturating_sub(1)));
    let Some(extent) = found.extent else { return guard.scope == Scope::Text };
    let spared = guard.spares.iter().any(|set| {
        reading
            .hits_of(*set)
            .any(|hit| extent.start < hit.end && hit.start < extent.end && outside(guard, by, hit))
    });
    if spared {
        return false;
    }
    match guard.scope {
        Scope::Text => true,
        Scope::Sentence => {
            let here = token(by.start).map(|token| token.sentence);
            deeds(heard, part, found).iter().any(|deed| token(deed.start).map(|token| token.sentence) == here)
        }
        Scope::Clause => {
            let here = token(by.start).map(|token| token.clause);
            deeds(heard, part, found).iter().any(|deed| token(deed.start).map(|token| token.clause) == here)
        }
        Scope::Token => {
            // Money is negated only when the giving is; elsewhere any deed of the match will do.
            let deeds = deeds(heard, part, found);
            let within = category != Category::Kf14 && by.start >= extent.start && by.end <= extent.end;
            // A negator that is part of a matched phrase ("jangan tidak ingat nomor dua") binds within that phrase.
            let part_of_hit = found
                .hits
                .iter()
                .any(|hit| hit.part == part && by.start >= hit.range.start && by.end <= hit.range.end);
            !part_of_hit
                && deeds.iter().any(|deed| {
                    let inside = by.start >= deed.start && by.end <= deed.end;
                    let gap = deed.start.checked_sub(by.end);
                    let clause = token(deed.start).map(|token| token.clause)
                        == token(by.start).map(|token| token.clause);
                    !inside
                        && clause
                        && gap.is_some_and(|gap| gap < guard.reach)
                        && (within || by.start < extent.start || gap.is_some())
                })
        }
    }
}

fn outside(guard: &Guard, by: Range, hit: Range) -> bool {
    guard.scope == Scope::Text || hit.end <= by.start || hit.start >= by.end
}

/// The deeds of a match: the words that a negator or a call governs; all its words when none is a deed.
fn deeds(heard: &Heard<'_>, part: Part, found: &Match) -> Vec<Range> {
    let acts = heard.hits(part, "deed");
    let own: Vec<Range> = found.hits.iter().filter(|hit| hit.part == part).map(|hit| hit.range).collect();
    let deeds: Vec<Range> = own
        .iter()
        .filter(|range| acts.iter().any(|act| act.start < range.end && range.start < act.end))
        .copied()
        .collect();
    if deeds.is_empty() { own } else { deeds }
}
