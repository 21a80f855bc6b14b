//! The queue: what waits for a decision on top, NORMAL folded away.

mod asked;
#[cfg(test)]
mod tests;

use alerts::{IncidentRow, QueueFilter, Status, Urgency};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use lexicons::Lang;
use serde::Deserialize;
use stream::{Category, Queue, RegionCode, Severity};

use crate::access::Need;
use crate::failure::encode;
use crate::shell::{Caller, Shell, page};
use crate::view::names;
use crate::view::row::Row;
use crate::{ConsoleState, Failure};
use asked::Asked;

/// The filter, as it stands in the address.
#[derive(Deserialize, Default)]
pub(crate) struct Ask {
    #[serde(default)]
    kategori: String,
    #[serde(default)]
    wilayah: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    pilih: String,
    #[serde(default)]
    bagian: String,
}

/// A choice of a select.
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

/// The row the keys act on, and its neighbours: links, so that the buttons work without a script.
struct Chosen {
    id: String,
    open: String,
    /// What its page offers, as its row says it.
    confirm: &'static str,
    reject: bool,
    next: String,
    previous: String,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    s: Shell,
    rows: Rows,
    total: usize,
    categories: Vec<Choice>,
    statuses: Vec<Choice>,
    region: String,
    asked: Asked,
    /// No office has a holder.
    nobody: bool,
    part: String,
    chosen: Option<Chosen>,
    may_decide: bool,
}

#[derive(Template)]
#[template(path = "queue_rows.html")]
struct Rows {
    lang: Lang,
    pressing: Vec<Row>,
    other: Vec<Row>,
    normal: Vec<Row>,
    chosen: String,
    alive: String,
    /// Some were asked for, not all that wait.
    filtered: bool,
}

impl Rows {
    fn t(&self, key: &str) -> &'static str {
        self.lang.get(&format!("console.{key}"))
    }
}

/// What `?status=` may be besides a status of its own.
const ALL: &str = "semua";

/// `GET /antrean`; with `bagian=1` only its rows, which the script puts in place.
pub(crate) async fn show(
    State(state): State<ConsoleState>,
    caller: Caller,
    Query(ask): Query<Ask>,
) -> Result<Response, Failure> {
    let own = caller.visitor.as_ref().map_or(&[][..], |visitor| &visitor.grant.regions);
    let (region, asked) = Asked::of(caller.lang, &ask, own);
    let filter = filter(&ask, region);
    let rows = rows(&state, &caller, &filter, &ask.pilih).await?;
    if !ask.bagian.is_empty() {
        return page(&rows);
    }
    // By its code, so that no name is looked for at each refresh.
    let shown = filter.region.as_ref().map_or("", RegionCode::as_str);
    let part = format!(
        "/antrean?bagian=1&kategori={}&wilayah={}&status={}",
        encode(&ask.kategori),
        shown,
        encode(&ask.status)
    );
    let lang = caller.lang;
    page(&QueuePage {
        s: Shell::new(&state, &caller),
        total: rows.pressing.len() + rows.other.len() + rows.normal.len(),
        chosen: chosen(&rows, &ask.pilih),
        categories: categories(lang, filter.category),
        statuses: statuses(lang, &ask.status),
        region: ask.wilayah,
        asked,
        nobody: state.desk.offices() == 0,
        part,
        may_decide: caller.may(Need::DecideConflict),
        rows,
    })
}

/// The filter that `ask` means, with the region it means.
fn filter(ask: &Ask, region: Option<RegionCode>) -> QueueFilter {
    QueueFilter {
        queue: Some(Queue::Konflik),
        status: Status::parse(&ask.status),
        category: Category::parse(&ask.kategori),
        region,
        closed: ask.status == ALL,
        archived: ask.status == ALL,
        limit: 300,
        ..QueueFilter::default()
    }
}

async fn rows(
    state: &ConsoleState,
    caller: &Caller,
    filter: &QueueFilter,
    chosen: &str,
) -> Result<Rows, Failure> {
    let rows = state.desk.queue(&caller.actor()?, filter).await?;
    let filtered = filter.region.is_some() || filter.status.is_some() || filter.category.is_some();
    let reader = caller.visitor.as_ref().map_or("", |visitor| &visitor.name);
    let sorted = sorted(caller.lang, &rows, chosen, reader, alive(state, caller.lang), state.clock.now());
    Ok(Rows { filtered, ..sorted })
}

/// The rows in their three groups, each in the desk's order, as `reader` may act on them.
fn sorted(
    lang: Lang,
    rows: &[IncidentRow],
    chosen: &str,
    reader: &str,
    alive: String,
    now: Timestamp,
) -> Rows {
    let mut groups: [Vec<Row>; 3] = Default::default();
    for row in rows {
        let incident = &row.incident;
        let group = if incident.urgency() < Urgency::Other {
            0
        } else if incident.severity() == Severity::Normal && incident.status == Status::Baru {
            2
        } else {
            1
        };
        groups[group].push(Row::new(lang, row, "/kejadian", reader, now));
    }
    let [pressing, other, normal] = groups;
    Rows { lang, pressing, other, normal, chosen: chosen.to_owned(), alive, filtered: false }
}

/// What proves that an empty queue is a quiet one: the sources that live and the last post they gave.
fn alive(state: &ConsoleState, lang: Lang) -> String {
    alive_of(&(state.probes.sources)(lang), lang, state.clock.now())
}

/// Posts may come by import or API alone: then no source can be told alive.
fn alive_of(sources: &[crate::SourceHealth], lang: Lang, now: Timestamp) -> String {
    if sources.is_empty() {
        return lang.get("console.queue.no_source").to_owned();
    }
    let living = sources.iter().filter(|source| source.state == crate::SourceState::Alive).count();
    let last = sources.iter().filter_map(|source| source.last_post).max();
    let last = last.map_or_else(
        || lang.get("console.queue.no_post").to_owned(),
        |at| crate::view::time::ago(lang, at, now),
    );
    lang.fill(
        "console.queue.alive",
        &[("living", &living.to_string()), ("all", &sources.len().to_string()), ("last", &last)],
    )
}

fn chosen(rows: &Rows, asked: &str) -> Option<Chosen> {
    let all: Vec<&Row> = rows.pressing.iter().chain(&rows.other).collect();
    let at = all.iter().position(|row| row.id == asked);
    let first = all.first()?;
    let here = at.map_or(*first, |at| all[at]);
    let beside = |at: usize| format!("/antrean?pilih={0}#{0}", all[at.min(all.len() - 1)].id);
    Some(Chosen {
        id: here.id.clone(),
        open: here.href.clone(),
        confirm: here.confirm,
        reject: here.reject,
        next: beside(at.map_or(0, |at| at + 1)),
        previous: beside(at.unwrap_or(0).saturating_sub(1)),
    })
}

fn categories(lang: Lang, chosen: Option<Category>) -> Vec<Choice> {
    Category::ALL
        .iter()
        .filter(|category| category.queue() == Queue::Konflik)
        .map(|category| Choice {
            value: category.as_str(),
            label: format!("{category} {}", names::category(lang, *category)),
            chosen: chosen == Some(*category),
        })
        .collect()
}

fn statuses(lang: Lang, chosen: &str) -> Vec<Choice> {
    let one = |value: &'static str, label: &'static str| Choice {
        value,
        label: label.to_owned(),
        chosen: chosen == value,
    };
    let each = Status::ALL.iter().map(|status| one(status.as_str(), names::status(lang, status.as_str())));
    each.chain([one(ALL, lang.get("console.queue.all"))]).collect()
}
