//! One post of an incident as a card: its text marked, why it was flagged, why here, who asserts it.

use alerts::account::{self, AccountLine};
use alerts::{IncidentView, PostView};
use lexicons::Lang;
use stream::{Post, Signal, Span};

use super::accused::{AccusedLine, accused_line};
use super::clues::{ClueLine, clue_lines};
use super::mark::{Kind, letter};
use super::mask::shown_words;
use super::parts::{Notes, PartView, parts};
use super::rests::Rests;
use super::subjects::said_of;
use super::{names, time};
use crate::state::RuleNote;

/// How a rule is called.
pub(crate) type Rules<'a> = &'a dyn Fn(&str) -> Option<RuleNote>;

/// A hit or a cleared hit, beside the text.
pub(crate) struct HitLine {
    /// The letter it has in the text.
    pub(crate) note: String,
    pub(crate) words: String,
    pub(crate) rule: String,
    pub(crate) title: String,
    pub(crate) why: String,
    pub(crate) cleared_by: Option<String>,
}

/// A step of the severity.
pub(crate) struct StepLine {
    pub(crate) severity: &'static str,
    pub(crate) class: &'static str,
    pub(crate) why: String,
    pub(crate) words: Option<String>,
}

/// A reading of the place, or one to choose.
pub(crate) struct PlaceLine {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) why: String,
}

/// One post of the incident.
pub(crate) struct PostCard {
    pub(crate) id: String,
    pub(crate) author: Option<String>,
    pub(crate) revealed: Option<String>,
    pub(crate) channel: String,
    pub(crate) source: String,
    pub(crate) at: String,
    pub(crate) seen: String,
    pub(crate) copies: i64,
    pub(crate) reporter: bool,
    /// The reporter is registered for another area.
    pub(crate) outside: Option<String>,
    pub(crate) parts: Vec<PartView>,
    pub(crate) hits: Vec<HitLine>,
    /// On how many rules it rests.
    pub(crate) rests: Option<Rests>,
    pub(crate) cleared: Vec<HitLine>,
    pub(crate) steps: Vec<StepLine>,
    pub(crate) account: Vec<AccountLine>,
    pub(crate) clues: Vec<ClueLine>,
    /// The words that name a hamlet of which no village is known.
    pub(crate) hamlets: Vec<String>,
    pub(crate) candidates: Vec<PlaceLine>,
    /// Whether the candidates are a kota and a kabupaten of one name.
    pub(crate) kota_or_kabupaten: bool,
    /// The class of official, which tells the law that holds.
    pub(crate) subject: Option<&'static str>,
    /// What the post itself calls the official.
    pub(crate) subject_said: Option<String>,
    pub(crate) acts: Vec<&'static str>,
    pub(crate) accused: Option<AccusedLine>,
    pub(crate) tags: Vec<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) intact: bool,
    pub(crate) sha256: String,
    pub(crate) lexicon: String,
}

/// The card of one post of `incident`, with the signal it stands here for.
pub(crate) fn post_card(lang: Lang, incident: &IncidentView, view: &PostView, rules: Rules<'_>) -> PostCard {
    let (finding, zone) = (&view.finding, incident.incident.zone);
    let post = &finding.post;
    let signal = view.signal();
    let mut notes = Notes::default();
    let hits = signal.map(|signal| hit_lines(post, signal, rules, &mut notes)).unwrap_or_default();
    let cleared = cleared_lines(lang, view, rules, hits.len(), &mut notes);
    for clue in &view.clues {
        notes.add(clue.span, Kind::Place, None);
    }
    PostCard {
        id: post.id.to_string(),
        author: view.author.clone(),
        revealed: None,
        channel: names::channel(lang, post.channel.as_str()),
        source: post.source.clone(),
        at: time::stamp(lang, post.event_time(), zone),
        seen: time::stamp(lang, post.seen_at, zone),
        copies: view.copies,
        reporter: post.verified_reporter(),
        outside: view
            .outside
            .as_ref()
            .map(|home| lang.fill("alerts.note.reporter_outside", &[("detail", &names::region(home))])),
        parts: parts(lang, post, &notes),
        hits,
        rests: signal.and_then(|signal| Rests::of_signal(lang, signal)),
        cleared,
        steps: signal.map(|signal| steps(lang, post, signal, rules)).unwrap_or_default(),
        account: signal
            .and_then(|signal| Some((signal, signal.account.as_ref()?)))
            // What is for Bawaslu's eyes is not hinted at on the analysts' page (SG-18), nor the reverse.
            .map(|(signal, account)| {
                let queue = Some(signal.queue());
                let mut lines = account::lines(lang, account, queue, |span| shown_words(post, span));
                lines.extend(account::laws(lang, account));
                lines
            })
            .unwrap_or_default(),
        clues: clue_lines(lang, post, view),
        hamlets: signal.map(|signal| hamlets(post, signal)).unwrap_or_default(),
        candidates: signal.map(|signal| candidates(lang, signal)).unwrap_or_default(),
        kota_or_kabupaten: signal.is_some_and(|signal| {
            names::namesakes(signal.place.candidates.iter().map(|candidate| &candidate.code))
        }),
        subject: signal
            .and_then(|signal| signal.subject.as_ref())
            .map(|subject| names::subject(lang, subject.class)),
        subject_said: said_of(view),
        acts: signal
            .map(|signal| signal.acts.iter().map(|hit| names::act(lang, hit.act)).collect())
            .unwrap_or_default(),
        accused: signal.and_then(|signal| {
            let said = signal.accused.as_ref()?.span.and_then(|span| shown_words(post, span));
            accused_line(lang, incident, signal, said)
        }),
        tags: signal
            .map(|signal| signal.tags.iter().map(|tag| names::tag(lang, tag)).collect())
            .unwrap_or_default(),
        notes: post.notes.iter().map(|note| names::coded(lang, "note", note)).collect(),
        intact: view.intact,
        sha256: view.sha256.clone(),
        lexicon: finding.lexicon.chars().take(12).collect(),
    }
}

fn hit_lines(post: &Post, signal: &Signal, rules: Rules<'_>, notes: &mut Notes) -> Vec<HitLine> {
    let lines = signal.hits.iter().enumerate().map(|(at, hit)| {
        let number = at + 1;
        mark_hit(notes, &hit.spans, Kind::Hit, number);
        let note = rules(&hit.rule);
        HitLine {
            note: letter(number),
            words: words(post, &hit.spans),
            rule: hit.rule.clone(),
            title: note.as_ref().map_or_else(|| hit.rule.clone(), |note| note.title.clone()),
            why: note.map(|note| note.why).unwrap_or_default(),
            cleared_by: None,
        }
    });
    lines.collect()
}

fn cleared_lines(
    lang: Lang,
    view: &PostView,
    rules: Rules<'_>,
    before: usize,
    notes: &mut Notes,
) -> Vec<HitLine> {
    let post = &view.finding.post;
    let lines = view.finding.cleared.iter().enumerate().map(|(at, cleared)| {
        let number = before + at + 1;
        mark_hit(notes, &cleared.hit.spans, Kind::Cleared, number);
        let guard = names::guard(lang, &cleared.guard);
        let by = match cleared.span.and_then(|span| shown_words(post, span)) {
            Some(words) => format!("{guard}: “{words}”"),
            None => guard,
        };
        let note = rules(&cleared.hit.rule);
        HitLine {
            note: letter(number),
            words: words(post, &cleared.hit.spans),
            rule: cleared.hit.rule.clone(),
            title: note.map_or_else(|| cleared.hit.rule.clone(), |note| note.title),
            why: cleared.category.to_string(),
            cleared_by: Some(by),
        }
    });
    lines.collect()
}

/// Marks the words of a hit; only its last stretch carries the number.
fn mark_hit(notes: &mut Notes, spans: &[Span], kind: Kind, number: usize) {
    let last = spans.iter().max().copied();
    for span in spans {
        notes.add(Some(*span), kind, (Some(*span) == last).then_some(number));
    }
}

fn words(post: &Post, spans: &[Span]) -> String {
    spans.iter().filter_map(|span| shown_words(post, *span)).collect::<Vec<_>>().join(" … ")
}

fn steps(lang: Lang, post: &Post, signal: &Signal, rules: Rules<'_>) -> Vec<StepLine> {
    let line = |step: &stream::Step| StepLine {
        severity: step.to.as_str(),
        class: names::severity_class(step.to),
        why: rules(&step.why).map_or_else(|| names::step(lang, &step.why), |note| note.title),
        words: step.span.and_then(|span| shown_words(post, span)),
    };
    signal.steps.iter().map(line).collect()
}

fn hamlets(post: &Post, signal: &Signal) -> Vec<String> {
    signal.place.hamlets.iter().filter_map(|span| shown_words(post, *span)).collect()
}

fn candidates(lang: Lang, signal: &Signal) -> Vec<PlaceLine> {
    let line = |candidate: &stream::Candidate| PlaceLine {
        code: candidate.code.to_string(),
        name: names::region(&candidate.code),
        why: lang.fill("console.incident.share", &[("n", &format!("{:.0}", candidate.share * 100.0))]),
    };
    signal.place.candidates.iter().map(line).collect()
}
