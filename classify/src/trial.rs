//! One part of a post before the rules: which of them hold there, and what clears their matches.

use std::cell::OnceCell;

use lexicons::fold::{Token, TokenKind};
use lexicons::{Class, Expr, Look, Match, Parts, Rule};
use stream::{Category, Part, Span};

use crate::guard::{Could, Guards};
use crate::heard::Heard;
use crate::neutral;

/// Kinds of evidence of which a concrete allegation names two (eval/GUIDE.md).
const EVIDENCE: [&[&str]; 5] = [
    &["tps_only", "place_said"],
    &["number_word"],
    &["organiser", "doer", "witness_only", "sub_any", "person_said"],
    &["time_word"],
    &["document"],
];

/// A part, looked at by the rules and by the guards of its post's lexicon.
pub(crate) struct Trial<'a, 'p> {
    heard: &'p Heard<'a>,
    part: Part,
    look: Look<'p>,
    guards: OnceCell<Guards<'p>>,
    /// Of a variant: the guards that could hold in the post that it is one of.
    before: Option<&'p Could<'p>>,
}

/// What came of one rule.
#[derive(Default)]
pub(crate) struct Tried {
    /// The first match that nothing clears.
    pub(crate) stands: Option<Match>,
    /// The first match that something clears.
    pub(crate) fallen: Option<Fallen>,
}

/// What clears a match: the guard's name, and the words that show it.
type By = (String, Option<Span>);

/// A match that something cleared.
pub(crate) struct Fallen {
    pub(crate) found: Match,
    /// What cleared it.
    pub(crate) by: By,
}

impl<'a, 'p> Trial<'a, 'p> {
    /// Of the part of `heard` that `parts` looks at.
    pub(crate) fn new(heard: &'p Heard<'a>, parts: &'p Parts<'p>) -> Trial<'a, 'p>
    where
        'a: 'p,
    {
        Trial::again(heard, parts, None)
    }

    /// Of the part of a variant that says no more than what `before` knows, if it does not.
    pub(crate) fn again(
        heard: &'p Heard<'a>,
        parts: &'p Parts<'p>,
        before: Option<&'p Could<'p>>,
    ) -> Trial<'a, 'p>
    where
        'a: 'p,
    {
        let look = Look::new(heard.lexicon, parts);
        Trial { heard, part: parts.part, look, guards: OnceCell::new(), before }
    }

    /// The rules that may hold, by index, in order.
    pub(crate) fn candidates(&self) -> Vec<usize> {
        let mut candidates = Vec::new();
        self.look.candidates(&mut candidates);
        let channel = self.heard.post.channel;
        candidates.retain(|at| {
            let channels = &self.rule(*at).channels;
            channels.is_empty() || channels.contains(&channel)
        });
        candidates
    }

    /// The part that is tried.
    pub(crate) fn part(&self) -> Part {
        self.part
    }

    /// The look at the part.
    pub(crate) fn look(&self) -> &Look<'p> {
        &self.look
    }

    /// A rule by its index.
    pub(crate) fn rule(&self, at: usize) -> &'a Rule {
        &self.heard.lexicon.rules()[at]
    }

    /// Tries a rule that may hold. Where the post happens is asked last, since that costs more than all else; where
    /// but words of its name stood, what holds without them.
    pub(crate) fn tries(&self, at: usize) -> (&'a Rule, Tried) {
        let (rule, mut tried, mut named) = (self.rule(at), Tried::default(), false);
        for found in self.look.held(at) {
            let by = self.clearing(at, &found);
            let name = by.is_none().then(|| in_place_name(self.heard, &found)).flatten();
            named |= name.is_some();
            match by.or(name) {
                Some(by) => _ = tried.fallen.get_or_insert(Fallen { found, by }),
                None => {
                    tried.stands = Some(found);
                    break;
                }
            }
        }
        if named && tried.stands.is_none() {
            tried.stands = self.unnamed(at);
        }
        (rule, tried)
    }

    /// The first match that nothing clears in the part without the names of its place.
    fn unnamed(&self, at: usize) -> Option<Match> {
        let body = self.heard.unnamed(self.part)?;
        let parts = Parts { body, ..self.heard.parts(self.part) };
        let look = Look::new(self.heard.lexicon, &parts);
        let mut candidates = Vec::new();
        look.candidates(&mut candidates);
        let held = if candidates.contains(&at) { look.held(at) } else { Vec::new() };
        held.into_iter().find(|found| self.clearing(at, found).is_none())
    }

    /// What clears a match of a rule, by index.
    fn clearing(&self, rule: usize, found: &Match) -> Option<By> {
        let Trial { heard, part, look, guards, before } = self;
        let category = self.rule(rule).category;
        vague(heard, look, *part, category).or_else(|| called(heard, *part, category, found)).or_else(|| {
            let guards = guards.get_or_init(|| Guards::new(heard.lexicon, *before));
            guards.clears(heard, look, *part, rule, found).map(|by| (by.guard, by.span))
        })
    }
}

/// A word of the match that is a name's is no weapon and no deed: "Desa Batu Nyiwuh".
fn in_place_name(heard: &Heard<'_>, found: &Match) -> Option<By> {
    let mut words = found.hits.iter().filter(|hit| hit.set.is_some());
    let word = words.find(|hit| heard.in_place_name(hit.part, hit.range))?;
    Some(("place_name".to_owned(), Some(heard.span(word.part, word.range))))
}

/// An allegation of fraud that names fewer than two kinds of evidence is criticism; of pressure, none at all.
fn vague(heard: &Heard<'_>, look: &Look<'_>, part: Part, category: Category) -> Option<By> {
    let wanted = match category {
        Category::Kf06 => 2,
        // A call to shun people alleges nothing, and armed men are no suspicion.
        Category::Kf08 if heard.has(part, "needs_no_proof") => return None,
        Category::Kf08 => 1,
        _ => return None,
    };
    let class = |class| look.holds(class);
    let mut kinds = EVIDENCE.iter().filter(|sets| sets.iter().any(|set| heard.has(part, set))).count();
    let placed = || class(Class::Tps) || class(Class::Place) || names_village(heard, part);
    kinds += usize::from(!heard.has(part, "tps_only") && placed());
    kinds += usize::from(!heard.has(part, "number_word") && counted(heard, look, part));
    kinds += usize::from(!heard.has(part, "time_word") && class(Class::Time));
    (kinds < wanted).then(|| ("vague".to_owned(), None))
}

/// Whether a place is named that the gazetteer cannot tell from its namesakes, or does not know: "di Desa Kaibon". The
/// capitals of a headline or a shout tell nothing: what the vocabulary holds is no name ("di Desa Terpencil").
fn names_village(heard: &Heard<'_>, part: Part) -> bool {
    let Some(reading) = heard.reading(part) else { return false };
    let tokens = reading.folded.tokens();
    heard.hits(part, "_place_noun").iter().any(|noun| {
        let at = noun.start > 0 && reading.folded.form(noun.start - 1) == "di";
        let is_name = |name: &&Token| {
            let written = name.kind == TokenKind::Word && name.is_capital() && !name.is_shouted();
            written && !name.word.is_known() && name.clause == tokens[noun.start].clause
        };
        at && tokens.get(noun.end).filter(is_name).is_some()
    })
}

/// An official who is only called upon about somebody's partiality shows none of his own.
fn called(heard: &Heard<'_>, part: Part, category: Category, found: &Match) -> Option<By> {
    let called = category == Category::Kf14 && neutral::is_only_called(heard, part, found);
    called.then(|| ("called".to_owned(), None))
}

/// Whether things are counted: ten or more of anything, or a numeral with its thing behind it ("tiga lembar").
fn counted(heard: &Heard<'_>, look: &Look<'_>, part: Part) -> bool {
    if look.holds(Class::Count) {
        return true;
    }
    let things = heard.hits(part, "counted_thing");
    let numbers = look.matches(&Expr::Class(Class::Number));
    numbers
        .iter()
        .filter_map(|number| number.extent)
        .any(|number| things.iter().any(|thing| thing.start == number.end))
}
