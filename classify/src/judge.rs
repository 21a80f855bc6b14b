//! The judgement of one post: rules hit, guards clear, severity climbs and falls, and what is left becomes signals.

use std::collections::BTreeMap;

use lexicons::Lexicon;
use stream::{Act, Category, Cleared, Finding, Hit, Part, Place, Post, Severity, Signal, SubjectClass};

use crate::heard::Heard;
use crate::held::Held;
use crate::trial::{Trial, Tried};
use crate::{account, accused, matter, neutral, second, severity, tags};

/// The version of the code that judges; part of a finding's id, raised whenever a verdict can change.
pub const CODE: &str = "judge-12";

/// The gravest of equals comes first: what hurts people, then what stops a vote, then what is said.
const ORDER: [Category; 14] = [
    Category::Kf04,
    Category::Kf01,
    Category::Kf12,
    Category::Kf13,
    Category::Kf02,
    Category::Kf09,
    Category::Kf08,
    Category::Kf14,
    Category::Kf07,
    Category::Kf03,
    Category::Kf06,
    Category::Kf10,
    Category::Kf05,
    Category::Kf11,
];

/// Judges `post`: `None` when nothing hits and no registered reporter says that all is calm; otherwise its signals,
/// gravest first, and the hits that guards cleared.
pub fn judge(lexicon: &Lexicon, post: &Post) -> Option<Finding> {
    let heard = Heard::new(lexicon, post);
    let says_calm = post.verified_reporter() && heard.affirmed(Part::Text, "_calm").is_some();
    let mut finding = read(&heard, true).or_else(|| says_calm.then(|| nothing(lexicon, post)))?;
    let Finding { signals, cleared, .. } = &mut finding;
    second::weigh(&heard, signals, cleared);
    // What was lowered may stand behind what was not.
    rank(&heard, signals);
    account::give(&heard, signals, cleared);
    matter::keep_one_of_each(&heard, signals);
    finding.calm = (says_calm && finding.signals.is_empty()).then(|| heard.place().clone());
    Some(finding)
}

/// Judges `post` by the rules alone, without the second reader: what a rule's own examples are tried on.
pub fn judge_by_rules(lexicon: &Lexicon, post: &Post) -> Option<Finding> {
    read(&Heard::new(lexicon, post), false)
}

pub(crate) fn read(heard: &Heard<'_>, twice: bool) -> Option<Finding> {
    let mut held: BTreeMap<Category, Vec<Held<'_>>> = BTreeMap::new();
    let mut cleared = Vec::new();
    for part in heard.judged() {
        hits(heard, part, &mut held, &mut cleared);
    }
    let mut signals: Vec<Signal> =
        held.iter().filter_map(|(category, held)| signal(heard, *category, held)).collect();
    // Where a guard cleared a hit, what is said has been understood: nothing is left to guess.
    if twice && signals.is_empty() && cleared.is_empty() {
        signals.extend(second::add(heard));
    }
    if signals.is_empty() && held.is_empty() && cleared.is_empty() {
        return None;
    }
    rank(heard, &mut signals);
    Some(Finding { signals, cleared, ..nothing(heard.lexicon, heard.post) })
}

/// The finding in which nothing stands: what a judgement of `post` begins with, and what holds where one before had more.
pub fn nothing(lexicon: &Lexicon, post: &Post) -> Finding {
    Finding {
        id: Finding::id_of(post, lexicon.hash(), CODE),
        post: post.clone(),
        lexicon: lexicon.hash().to_owned(),
        code: CODE.to_owned(),
        signals: Vec::new(),
        cleared: Vec::new(),
        calm: None,
        backtest: None,
        extra: serde_json::Map::new(),
    }
}

/// Collects the matches of every rule in one part: at most one of each rule holds, and one is shown as cleared.
fn hits<'a>(
    heard: &Heard<'a>,
    part: Part,
    held: &mut BTreeMap<Category, Vec<Held<'a>>>,
    cleared: &mut Vec<Cleared>,
) {
    let parts = heard.parts(part);
    let trial = Trial::new(heard, &parts);
    for at in trial.candidates() {
        let (rule, Tried { stands, fallen }) = trial.tries(at);
        if let Some(found) = stands {
            held.entry(rule.category).or_default().push(Held { rule, part, found });
        } else if let Some(fallen) = fallen {
            let (guard, span) = fallen.by;
            let hit = heard.hit(&rule.id, &fallen.found.hits);
            cleared.push(Cleared { hit, category: rule.category, guard, span });
        }
    }
}

fn signal<'a>(heard: &Heard<'a>, category: Category, held: &[Held<'a>]) -> Option<Signal> {
    let (subject, acts) = if category == Category::Kf14 {
        let (subject, acts) = neutral::subject_and_acts(heard, held)?;
        (Some(subject), acts)
    } else {
        (None, Vec::new())
    };
    let place: Place = heard.place().clone();
    let steps = severity::steps(heard, category, held, &place, &acts);
    let mut hits: Vec<Hit> = held.iter().map(|held| heard.hit(&held.rule.id, &held.found.hits)).collect();
    hits.dedup();
    Some(Signal {
        category,
        severity: steps.last().map_or(Severity::Normal, |step| step.to),
        steps,
        hits,
        accused: accused::of(heard, category, held, &place),
        place,
        subject,
        acts,
        tags: tags::of(heard, held),
        event_time: heard.post.event_time(),
        account: None,
    })
}

/// What an official may do to votes, money and voters: one deed with his partiality.
const OF_ONE_DEED: [Category; 5] =
    [Category::Kf03, Category::Kf05, Category::Kf06, Category::Kf07, Category::Kf08];

/// The graver leads; of one deed or equals the doer decides: an official's partiality stands before what he did.
fn rank(heard: &Heard<'_>, signals: &mut [Signal]) {
    let place = |category: Category| ORDER.iter().position(|other| *other == category).unwrap_or(ORDER.len());
    let others =
        |signal: &Signal| signal.category == Category::Kf14 || OF_ONE_DEED.contains(&signal.category);
    // An organiser who cheats at the count is a matter of KF-06, unless he acts for a stated candidate or his deed is
    // a partiality of its own (a photo, a banner): then the doer decides.
    let organiser = signals.iter().any(|signal| {
        signal.subject.as_ref().is_some_and(|subject| subject.class == SubjectClass::Peny)
            && signal.acts.iter().all(|act| act.act.is_state_power() || act.act == Act::KegiatanMemihak)
    });
    let cheats = signals.iter().any(|signal| signal.category == Category::Kf06);
    let one_deed = signals.iter().all(others) && !(organiser && cheats && !heard.has(Part::Text, "favour"));
    signals.sort_by_key(|signal| {
        let first = one_deed && signal.category == Category::Kf14;
        (!first, std::cmp::Reverse(signal.severity), place(signal.category))
    });
}
