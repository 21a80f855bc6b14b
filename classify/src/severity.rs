//! How grave a signal is proposed to be: the level by eval/GUIDE.md's list, then up, then down, each step with its reason.
//! What moves a severity stands in the lexicon's `severity.toml`; here is only in which order, and what no word decides.

use lexicons::calendar::ElectionDay;
use lexicons::severity::{Behind, CEILING, Condition, Does, Element};
use lexicons::{Look, Match, Range, SetId};
use stream::{ActHit, Category, Part, Place, Severity, Span, Step};

use crate::heard::Heard;
use crate::held::Held;

/// How many words may stand before what opens a clause: "tapi katanya".
const LEAD: usize = 1;
/// How many words what opens a clause tells at least; fewer say how what stands before it is known: "…, katanya sih".
const TELLS: usize = 2;

/// From the level of the rules to the level proposed, step by step.
pub(crate) fn steps<'a>(
    heard: &Heard<'a>,
    category: Category,
    held: &[Held<'a>],
    place: &Place,
    acts: &[ActHit],
) -> Vec<Step> {
    let part = held.first().map_or(Part::Text, |held| held.part);
    let parts = heard.parts(part);
    let day = heard.lexicon.calendar().day(heard.post.event_time(), place.code.as_ref(), place.zone);
    let look = Look::new(heard.lexicon, &parts);
    let scene = Scene { heard, part, look, category, held, place, day: day.as_ref() };
    let base = held.iter().map(|held| held.rule.severity.unwrap_or(category.severity())).max();
    let base = base.unwrap_or(category.severity());
    let mut steps = vec![Step { to: base, why: "default".to_owned(), span: None }];
    let mut now = base;
    let mut step = |to: Severity, why: &str, span: Option<Span>| {
        if to != now {
            now = to;
            steps.push(Step { to, why: why.to_owned(), span });
        }
        now
    };
    let level = |does: Does| if let Does::Level(level) = does { Some(level) } else { None };
    let mut at = base;
    if let Some((to, by, words)) = scene.first(level) {
        at = step(to.max(at), &by.step, words);
    }
    // Acts are told from a post by more than words (neutral.rs): power of the state weighs more than a photo.
    if at < Severity::Waspada && acts.iter().any(|act| act.act.is_state_power()) {
        at = step(Severity::Waspada, "state_power", None);
    }
    let up = |does: Does| if let Does::Up(to) = does { Some(to) } else { None };
    if let Some((to, by, words)) = scene.first(up) {
        at = step(to.map_or_else(|| at.up(CEILING), |to| at.max(to)), &by.step, words);
    }
    let down = |does: Does| if let Does::Down(to) = does { Some(to) } else { None };
    if let Some((to, by, words)) = scene.first(down) {
        let lower = to.map_or_else(|| at.down(), |to| at.min(to));
        let floor = by.floor.map_or(Severity::Normal, |floor| floor.min(at));
        at = step(lower.max(floor), &by.step, words);
    }
    if heard.is_machine_read(part) {
        step(at.min(Severity::Waspada), "machine_read", None);
    }
    steps
}

/// The signal whose severity is asked.
struct Scene<'s, 'a> {
    heard: &'s Heard<'a>,
    part: Part,
    look: Look<'s>,
    category: Category,
    held: &'s [Held<'a>],
    place: &'s Place,
    day: Option<&'s ElectionDay>,
}

impl<'s> Scene<'s, '_> {
    /// The first element of those that `does` picks which holds, what it does, and the words that decide.
    fn first<T>(&self, does: impl Fn(Does) -> Option<T>) -> Option<(T, &'s Element, Option<Span>)> {
        let lexicon: &'s lexicons::Lexicon = self.heard.lexicon;
        lexicon.elements().iter().find_map(|element| {
            let what = does(element.does)?;
            Some((what, element, self.holds(element)?))
        })
    }

    /// Whether an element holds, with the words that decide, if words do.
    fn holds(&self, element: &Element) -> Option<Option<Span>> {
        let asked = element.categories.contains(&self.category)
            && element.on.is_none_or(|on| self.day.is_some_and(|day| on.holds(day)))
            && (!element.reporter || self.heard.post.verified_reporter());
        if !asked {
            return None;
        }
        let words = match &element.when {
            Some(when) => self.words(element, when),
            None => None,
        };
        let told =
            element.when.is_none() || words.is_some() || element.or_placed && self.place.code.is_some();
        let stands = |condition: &Condition| self.matches(condition).next().is_some();
        let holds = told && element.with.iter().all(stands) && !element.unless.as_ref().is_some_and(stands);
        holds.then_some(words.and_then(|words| self.span(&words)))
    }

    /// The words of an element that count: what lowers must stand in a sentence of what was found, since hearsay
    /// elsewhere in the text is another matter, and what opens a later clause tells that clause.
    fn words(&self, element: &Element, when: &Condition) -> Option<Match> {
        let lowers = matches!(element.does, Does::Down(_));
        self.matches(when).find(|found| {
            let denied = |behind: &Behind| {
                found.extent.is_some_and(|extent| {
                    self.heard.stands_behind(self.part, extent, behind.set, behind.words)
                })
            };
            !element.not_behind.as_ref().is_some_and(denied)
                && (!lowers
                    || found.extent.is_some_and(|extent| {
                        self.beside_deed(extent)
                            && !element.opens.is_some_and(|set| self.told_before(extent, set))
                    }))
        })
    }

    /// Whether `words` open a clause with a hit of `set` and tell more in it, and what was found stands before, none of it
    /// after: in "rumah dibakar, katanya besok tambah lagi" the fire is told plainly, in "kaca dipecah, katanya kotak
    /// dibakar" the fire is hearsay.
    fn told_before(&self, words: Range, set: SetId) -> bool {
        let Some(reading) = self.heard.reading(self.part) else { return false };
        let tokens = reading.folded.tokens();
        let clause = |at: usize| tokens.get(at).map(|token| token.clause);
        let here = clause(words.start);
        let first = (0..words.start).rev().take_while(|at| clause(*at) == here).last().unwrap_or(words.start);
        let more = (words.end..tokens.len()).take_while(|at| clause(*at) == here).count();
        let opens = words.start - first <= LEAD && reading.hits_of(set).any(|hit| hit.start == words.start);
        let sentence = |at: usize| tokens.get(at).map(|token| token.sentence);
        let held = self.held.iter().filter(|held| held.part == self.part);
        let extents: Vec<Range> = held.filter_map(|held| held.found.extent).collect();
        let ends = |found: &Range| found.end <= first && sentence(found.start) == sentence(words.start);
        opens && more >= TELLS && extents.iter().any(ends) && extents.iter().all(|found| found.start < first)
    }

    /// How a condition holds in the judged part; a word that is a piece of a place's name tells nothing.
    fn matches(&self, condition: &Condition) -> impl Iterator<Item = Match> {
        let named = |found: &Match| {
            let mut words = found.hits.iter().filter(|hit| hit.set.is_some());
            words.any(|hit| self.heard.in_place_name(hit.part, hit.range))
        };
        self.look.matches(&condition.expr).into_iter().filter(move |found| !named(found))
    }

    fn span(&self, found: &Match) -> Option<Span> {
        found.extent.map(|extent| self.heard.span(self.part, extent))
    }

    /// Whether words stand in a sentence of what was found.
    fn beside_deed(&self, words: Range) -> bool {
        let Some(reading) = self.heard.reading(self.part) else { return false };
        let tokens = reading.folded.tokens();
        let sentence = |at: usize| tokens.get(at).map(|token| token.sentence);
        let extents = self.held.iter().filter_map(|held| held.found.extent);
        let mut spans = extents.map(|found| sentence(found.start)..=sentence(found.end.saturating_sub(1)));
        spans.any(|span| span.contains(&sentence(words.start)))
    }
}
