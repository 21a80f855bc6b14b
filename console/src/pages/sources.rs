//! Sources and their health, the line behind them, the alert service, and the kill switches (SG-17).

use alerts::{Gap, Health, QueueFilter};
use askama::Template;
use axum::extract::{Form, State};
use axum::response::{Redirect, Response};
use lexicons::Lang;
use serde::Deserialize;
use stream::Zone;

use crate::access::Need;
use crate::shell::{Caller, Shell, page};
use crate::state::GroupHealth;
use crate::view::{names, time};
use crate::{ConsoleState, Failure};

/// One source.
struct SourceLine {
    name: String,
    kind: String,
    state: &'static str,
    word: &'static str,
    posts: u64,
    last: String,
    error: Option<String>,
}

/// A part of the line, what it reads, and how much of that it has not read.
struct PartLine {
    part: String,
    reads: String,
    lag: u64,
}

/// A kill switch that is on.
struct SwitchLine {
    scope: String,
    /// The same in words.
    held: String,
    by: String,
    at: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    s: Shell,
    sources: Vec<SourceLine>,
    parts: Vec<PartLine>,
    health: Health,
    /// Offices that nobody holds, each with how often and when it was last looked for.
    gaps: Vec<(String, String)>,
    switches: Vec<SwitchLine>,
    may_switch: bool,
    /// Open incidents: those the caller's queue shows, or all of them for who reads no queue.
    open: i64,
}

/// `GET /sumber`.
pub(crate) async fn show(State(state): State<ConsoleState>, caller: Caller) -> Result<Response, Failure> {
    let (lang, now) = (caller.lang, state.clock.now());
    let health = state.desk.health().await?;
    let actor = caller.actor()?;
    let reads = stream::Queue::ALL.iter().any(|queue| actor.reads(*queue));
    let open = if reads { state.desk.count(&actor, &QueueFilter::default()).await? } else { health.open };
    let gaps = state.desk.gaps().await?;
    let line = |gap: &Gap| {
        let values = [("n", gap.times.to_string()), ("last", time::ago(lang, gap.last, now))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        (names::office(lang, &gap.office), lang.fill("console.source.gap_times", &values))
    };
    let switches = health.switches.iter().map(|switch| SwitchLine {
        scope: switch.scope.clone(),
        held: names::switch_scope(&switch.scope),
        by: switch.by.clone(),
        at: time::stamp(lang, switch.at, Zone::Wib),
        reason: switch.reason.clone(),
    });
    page(&SourcesPage {
        s: Shell::new(&state, &caller),
        sources: source_lines(&state, &caller),
        parts: (state.probes.groups)().iter().map(|group| part_line(lang, group)).collect(),
        gaps: gaps.iter().map(line).collect(),
        switches: switches.collect(),
        may_switch: caller.may(Need::Switch),
        open,
        health,
    })
}

/// A consumer group in words, with the name that the operators know it by.
fn part_line(lang: Lang, group: &GroupHealth) -> PartLine {
    let both = |table: &str, code: &str| match names::named(lang, table, code) {
        same if same == code => same,
        words => format!("{words} ({code})"),
    };
    PartLine {
        part: both("console.part_of_line", &group.group),
        reads: both("console.stream", &group.topic),
        lag: group.lag,
    }
}

fn source_lines(state: &ConsoleState, caller: &Caller) -> Vec<SourceLine> {
    let (lang, now) = (caller.lang, state.clock.now());
    let line = |source: crate::SourceHealth| SourceLine {
        state: source.state.key(),
        word: lang.get(&format!("console.source.{}", source.state.key())),
        posts: source.posts,
        last: source.last_post.map_or_else(|| "–".to_owned(), |at| time::ago(lang, at, now)),
        error: source.error,
        name: source.name,
        kind: names::named(lang, "console.source_kind", &source.kind),
    };
    (state.probes.sources)(lang).into_iter().map(line).collect()
}

/// What the form of a switch sends.
#[derive(Deserialize)]
pub(crate) struct SwitchForm {
    scope: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    off: String,
}

/// `POST /sumber/sakelar`: turns telling off for a region or channel, or on again.
pub(crate) async fn switch(
    State(state): State<ConsoleState>,
    caller: Caller,
    Form(form): Form<SwitchForm>,
) -> Result<Redirect, Failure> {
    let scope = meant(form.scope.trim())?;
    state.desk.switch(&caller.actor()?, &scope, form.off.is_empty(), &form.reason).await?;
    Ok(Redirect::to("/sumber?kabar=switched"))
}

/// The scope that a person means by `typed`: the name of a region becomes its code, all else is for the desk to judge.
fn meant(typed: &str) -> Result<String, Failure> {
    if typed.contains(':') {
        return Ok(typed.to_owned());
    }
    match names::sure_region(typed) {
        Ok(code) => Ok(code.to_string()),
        Err(0) => Ok(typed.to_owned()),
        Err(_) => Err(Failure::bad("console.failure.region_many")),
    }
}
