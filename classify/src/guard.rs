//! Guards: what makes a hit mean something else, and how far each reaches.

use std::cell::OnceCell;

use lexicons::{Guard, Lexicon, Look, Match, Parts, Range, Scope};
use stream::{Category, Part, Span};

use crate::heard::Heard;

/// The guards of one part of a post, each looked for when a rule first asks.
pub(crate) struct Guards<'p> {
    /// By guard: where it holds; none when it does not.
    held: Vec<OnceCell<Option<Vec<Range>>>>,
    before: Option<&'p Could<'p>>,
}

/// Which guards could hold in one part of a post, and so in its variants that say no more.
pub(crate) struct Could<'p> {
    part: Part,
    look: Look<'p>,
    guards: Vec<OnceCell<bool>>,
}

impl<'p> Could<'p> {
    /// Of the part that `parts` looks at.
    pub(crate) fn new(lexicon: &'p Lexicon, parts: &'p Parts<'p>) -> Could<'p> {
        let guards = vec![OnceCell::new(); lexicon.guards().len()];
        Could { part: parts.part, look: Look::new(lexicon, parts), guards }
    }

    /// Which part of the post it is.
    pub(crate) fn part(&self) -> Part {
        self.part
    }

    fn holds(&self, guard: usize) -> bool {
        self.guards.get(guard).is_none_or(|known| *known.get_or_init(|| self.look.could_guard(guard)))
    }
}

/// What cleared a hit.
pub(crate) struct Clearing {
    /// The guard's name.
    pub(crate) guard: String,
    /// Its words.
    pub(crate) span: Option<Span>,
}

impl<'p> Guards<'p> {
    /// The guards of a lexicon; of a variant that says no more than the post `before`, those that could hold there.
    pub(crate) fn new(lexicon: &Lexicon, before: Option<&'p Could<'p>>) -> Guards<'p> {
        Guards { held: vec![OnceCell::new(); lexicon.guards().len()], before }
    }

    /// Where a guard holds, if it does; nowhere in the text when it holds by the profile alone.
    fn ranges(&self, look: &Look<'_>, at: usize, guard: &Guard) -> Option<&[Range]> {
        if self.before.is_some_and(|before| !before.holds(at)) {
            return None;
        }
        let held = self.held.get(at)?.get_or_init(|| {
            let matches = look.guarded(at);
            let ranges: Vec<Range> = matches.iter().filter_map(|found| found.extent).collect();
            // What holds in the profile alone has no place in the text: it reaches all of it, or nothing.
            let elsewhere = guard.scope == Scope::Text && !matches.is_empty();
            (elsewhere || !ranges.is_empty()).then_some(ranges)
        });
        held.as_deref()
    }

    /// What clears this match of a rule, by index, in what `look` looks at, if anything does.
    pub(crate) fn clears(
        &self,
        heard: &Heard<'_>,
        look: &Look<'_>,
        part: Part,
        rule: usize,
        found: &Match,
    ) -> Option<Clearing> {
        let category = heard.lexicon.rules()[rule].category;
        heard.lexicon.clearers(rule).iter().find_map(|&at| {
            let guard = &heard.lexicon.guards()[at];
            let ranges = self.ranges(look, at, guard)?;
            if ranges.is_empty() {
                return Some(Clearing { guard: guard.name.clone(), span: None });
            }
            let clears = |by: &&Range| {
                reaches(heard, part, guard, **by, found, category) && !heard.names_place(part, **by)
            };
            let by = ranges.iter().find(clears)?;
            Some(Clearing { guard: guard.name.clone(), span: Some(heard.span(part, *by)) })
        })
    }
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
