//! The page of one incident, made of what the desk knows of it.

use alerts::{IncidentView, PostView};
use askama::Template;
use jiff::Timestamp;
use lexicons::Lang;
use stream::{Queue, Severity};

use super::acts::{Acts, acts};
use super::beside::{Same, related, same_line};
use super::{Ask, base};
use crate::shell::{Caller, Shell};
use crate::view::incident::{
    PastLine, Report, Withdrawn, awaits_awas, choices, clocks, decision, flags_shown, past, reject_all,
    releasable, report, villages, withdrawn,
};
use crate::view::lead::Lead;
use crate::view::places::{Outside, by_nearness, found_places};
use crate::view::post::{PlaceLine, PostCard, Rules, post_card};
use crate::view::rests::Rests;
use crate::view::row::{Decision, confirmation, second, sources};
use crate::view::subjects::may_differ;
use crate::view::telling::{SentGroup, ToldView, answers, sent_groups, told, told_after};
use crate::view::{names, time};

/// Posts on a page, unless all are asked for.
const POSTS: usize = 20;
/// Lines of the history that are not folded away.
const PAST: usize = 6;
/// Places offered to choose from.
const PLACES: usize = 12;
/// What may be the same and is not folded away.
const LIKELIEST: usize = 3;

#[derive(Template)]
#[template(path = "incident.html")]
pub(super) struct IncidentPage {
    pub(super) s: Shell,
    base: &'static str,
    list: &'static str,
    pub(super) neutral: bool,
    id: String,
    severity: &'static str,
    class: &'static str,
    proposal: Option<String>,
    code: &'static str,
    category: String,
    place: String,
    placeless: bool,
    /// Each village that posts name, with what is told of it.
    villages: Vec<String>,
    /// That its posts may speak of different officials.
    may_differ: Option<String>,
    status: &'static str,
    certainty: String,
    sources: String,
    /// On how many rules the post of it rests that rests on most.
    rests: Option<Rests>,
    first: String,
    last: String,
    flags: Vec<&'static str>,
    /// What has to happen next and by whom, while a second person is awaited for AWAS.
    second: Option<String>,
    /// It was the reader: somebody else has to.
    second_is_other: bool,
    awas: bool,
    /// AWAS is confirmed by as many persons as it takes.
    awas_holds: bool,
    closing: Option<String>,
    merged_into: Option<String>,
    withdrawn: Option<Withdrawn>,
    follows: Option<String>,
    choices: Vec<(&'static str, bool)>,
    acts: Acts,
    /// Of several posts, that turning it down calls all of them off.
    reject_all: Option<String>,
    posts: Vec<PostCard>,
    /// The gravest post in brief, above the decision where the posts themselves stand below it.
    lead: Option<Lead>,
    more: Option<String>,
    same: Vec<Same>,
    /// Those that are less likely, folded.
    same_too: Vec<Same>,
    /// At the same place and time, those of `same` aside.
    related: Vec<Same>,
    now_title: &'static str,
    now: ToldView,
    /// Who is told once it is decided, while that is to come.
    after: Option<ToldView>,
    /// What the offices have answered, in a line.
    answers: Option<String>,
    /// Until when Bawaslu's report is due.
    report: Option<Report>,
    /// What a confirmation is called.
    confirmation: &'static str,
    /// A person has decided; what can be confirmed is another level.
    decided: bool,
    /// That posts came after the decision which are graver than what it was taken on.
    graver: Option<String>,
    pub(super) sent: Vec<SentGroup>,
    /// How long a person has to decide.
    decision: Option<Decision>,
    clocks: Vec<(String, String, bool)>,
    history: Vec<PastLine>,
    /// What happened before the last few things, folded.
    earlier: Vec<PastLine>,
    asked_place: String,
    found: Vec<PlaceLine>,
    /// A place that lies elsewhere, to be confirmed.
    outside: Option<Outside>,
    /// How many places more were found.
    further: Option<String>,
    next: Option<String>,
    previous: Option<String>,
}

/// What the address or a press adds to an incident's page.
#[derive(Default)]
pub(super) struct Extra {
    /// What the address asks for.
    pub(super) ask: Ask,
    /// A post and its author, revealed.
    pub(super) revealed: Option<(String, String)>,
    /// The incidents before and after.
    pub(super) neighbours: (Option<String>, Option<String>),
}

/// The page of `view`.
pub(super) fn compose(
    s: Shell,
    caller: &Caller,
    view: &IncidentView,
    extra: Extra,
    rules: Rules<'_>,
    now: Timestamp,
) -> IncidentPage {
    let incident = &view.incident;
    let (lang, zone, queue) = (caller.lang, incident.zone, incident.queue);
    let (shown, proposal) = names::chip(incident);
    let asked = extra.ask.tempat.trim();
    let mut found = names::find_regions(asked).all();
    by_nearness(&mut found, view, caller.regions());
    let further = found.len().checked_sub(PLACES).filter(|more| *more > 0);
    let shown_posts = if extra.ask.semua.is_empty() { POSTS } else { view.posts.len() };
    let more = view.posts.len().checked_sub(shown_posts).filter(|more| *more > 0);
    let mut history: Vec<PastLine> = view.history.iter().rev().map(|line| past(lang, zone, line)).collect();
    let earlier = history.split_off(history.len().min(PAST));
    let card = |post: &alerts::PostView| {
        let mut card = post_card(lang, view, post, rules);
        let own = extra.revealed.as_ref().filter(|(post, _)| *post == card.id);
        card.revealed = own.map(|(_, author)| author.clone());
        card
    };
    let by_now = told_by_now(lang, view);
    let mut same: Vec<Same> = view.maybe_same.iter().map(|other| same_line(lang, incident, other)).collect();
    let same_too = same.split_off(same.len().min(LIKELIEST));
    IncidentPage {
        base: base(queue),
        list: if queue == Queue::Konflik { "/antrean" } else { "/netralitas" },
        neutral: queue == Queue::Netralitas,
        id: incident.id.to_string(),
        severity: shown.as_str(),
        class: names::severity_class(proposal.unwrap_or(shown)),
        proposal: names::proposal(lang, proposal),
        code: incident.category.as_str(),
        category: names::category(lang, incident.category),
        place: names::doubted(lang, incident, &view.doubt),
        placeless: incident.place.is_none(),
        villages: villages(lang, incident),
        may_differ: may_differ(lang, view),
        status: names::status(lang, incident.status.as_str()),
        certainty: names::coded(lang, "certainty", incident.certainty_told(None).said(incident.queue)),
        sources: sources(lang, incident),
        rests: Rests::of(lang, view.rests),
        first: time::stamp(lang, incident.first_event, zone),
        last: time::stamp(lang, incident.last_event, zone),
        flags: flags_shown(lang, view),
        second_is_other: incident.awas_waits_for_second.is_some() && incident.awas_waits_for_second == s.user,
        second: second(lang, incident, s.user.as_deref().unwrap_or_default()),
        awas: awaits_awas(incident),
        awas_holds: incident.effective == Some(Severity::Awas) && incident.awas_waits_for_second.is_none(),
        closing: incident.closing_note.clone(),
        withdrawn: withdrawn(lang, view),
        merged_into: incident.merged_into.map(|id| id.to_string()),
        follows: incident.follows.map(|id| id.to_string()),
        choices: choices(incident),
        acts: acts(caller, view),
        reject_all: reject_all(lang, incident),
        posts: view.posts.iter().take(shown_posts).map(card).collect(),
        lead: gravest(view).map(|post| Lead::of(&post_card(lang, view, post, rules))),
        more: more.map(|n| lang.fill("console.incident.more_posts", &[("n", &n.to_string())])),
        same,
        same_too,
        related: related(lang, view),
        now_title: lang.get(match incident.told_at {
            Some(_) => "console.incident.told_before",
            None if incident.status.is_open() => "console.incident.told_now",
            None => "console.source.telling",
        }),
        after: to_come(view).then(|| told_after(lang, &by_now, &view.told_after_confirmation)),
        now: by_now,
        answers: answers(lang, &view.notifications),
        report: (queue == Queue::Netralitas && incident.status.is_open()).then(|| report(lang, view, now)),
        confirmation: s.t(confirmation(incident, s.user.as_deref().unwrap_or_default())),
        decided: incident.effective.is_some() && incident.awas_waits_for_second.is_none(),
        graver: view.graver_since().map(|level| {
            let held = incident.severity();
            let values = [("severity", level.as_str()), ("held", held.as_str())];
            lang.fill("console.incident.graver", &values)
        }),
        sent: sent_groups(lang, zone, &view.notifications),
        decision: decision(lang, view, now),
        clocks: clocks(lang, view, now),
        history,
        earlier,
        outside: Outside::of(lang, view, &extra.ask.luar),
        asked_place: extra.ask.tempat.clone(),
        found: found_places(lang, &found[..found.len().min(PLACES)]),
        further: further.map(|n| lang.fill("console.incident.place_more", &[("n", &n.to_string())])),
        previous: extra.neighbours.0,
        next: extra.neighbours.1,
        s,
    }
}

/// The gravest post, of equals the first.
fn gravest(view: &IncidentView) -> Option<&PostView> {
    // Of equals `max_by_key` gives the last: looked at from the end, that is the first.
    view.posts.iter().rev().max_by_key(|post| post.signal().map(|signal| signal.severity))
}

/// Who is told without a decision; once its time is over, or it is closed, the page does not speak of it as to come.
fn told_by_now(lang: Lang, view: &IncidentView) -> ToldView {
    let mut now = told(lang, &view.told_now);
    match view.told_now.when.as_str() {
        "never" if !view.incident.status.is_open() => now.when.clear(),
        _ if view.incident.told_at.is_none() => {}
        "unless_decided" => lang.get("console.incident.told_already").clone_into(&mut now.when),
        // The title says it.
        "at_once" | "already" => now.when.clear(),
        _ => {}
    }
    now
}

/// Whether a decision that tells somebody is still to come.
fn to_come(view: &IncidentView) -> bool {
    let incident = &view.incident;
    match incident.queue {
        Queue::Netralitas => releasable(view),
        Queue::Konflik => incident.status == alerts::Status::Baru || incident.awas_waits_for_second.is_some(),
    }
}
