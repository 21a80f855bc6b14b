//! The queue: what waits for a decision on top, NORMAL folded away.

use std::collections::BTreeMap;

use alerts::{IncidentId, IncidentRow, QueueFilter, Status};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use lexicons::Lang;
use serde::Deserialize;
use stream::{Category, Queue, Severity};

use crate::access::Need;
use crate::failure::encode;
use crate::shell::{Caller, Shell, page};
use crate::view::names;
use crate::view::row::Row;
use crate::{ConsoleState, Failure};

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
    region_bad: bool,
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
    let (filter, region_bad) = filter(&ask);
    let rows = rows(&state, &caller, &filter, &ask.pilih).await?;
    if !ask.bagian.is_empty() {
        return page(&rows);
    }
    let part = format!(
        "/antrean?bagian=1&kategori={}&wilayah={}&status={}",
        encode(&ask.kategori),
        encode(&ask.wilayah),
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
        region_bad,
        nobody: state.desk.offices() == 0,
        part,
        may_decide: caller.may(Need::DecideConflict),
        rows,
    })
}

fn filter(ask: &Ask) -> (QueueFilter, bool) {
    let region = names::find_regions(&ask.wilayah).into_iter().next();
    let region_bad = region.is_none() && !ask.wilayah.trim().is_empty();
    let filter = QueueFilter {
        queue: Some(Queue::Konflik),
        status: Status::parse(&ask.status),
        category: Category::parse(&ask.kategori),
        region,
        closed: ask.status == ALL,
        archived: ask.status == ALL,
        limit: 300,
        ..QueueFilter::default()
    };
    (filter, region_bad)
}

async fn rows(
    state: &ConsoleState,
    caller: &Caller,
    filter: &QueueFilter,
    chosen: &str,
) -> Result<Rows, Failure> {
    let rows = state.desk.queue(&caller.actor()?, filter).await?;
    let rests = state.desk.rests_on(rows.iter().map(|row| row.incident.id)).await?;
    Ok(sorted(caller.lang, &rows, &rests, chosen, alive(state, caller.lang), state.clock.now()))
}

/// The rows in their three groups, each in the desk's order.
fn sorted(
    lang: Lang,
    rows: &[IncidentRow],
    rests: &BTreeMap<IncidentId, usize>,
    chosen: &str,
    alive: String,
    now: Timestamp,
) -> Rows {
    let mut groups: [Vec<Row>; 3] = Default::default();
    for row in rows {
        let incident = &row.incident;
        let group = if names::pressing(row) {
            0
        } else if incident.severity() == Severity::Normal && incident.status == Status::Baru {
            2
        } else {
            1
        };
        let rules = rests.get(&incident.id).copied().unwrap_or_default();
        groups[group].push(Row::new(lang, row, rules, "/kejadian", now));
    }
    let [pressing, other, normal] = groups;
    Rows { lang, pressing, other, normal, chosen: chosen.to_owned(), alive }
}

/// What proves that an empty queue is a quiet one: the sources that live and the last post they gave.
fn alive(state: &ConsoleState, lang: Lang) -> String {
    let sources = (state.probes.sources)(lang);
    let living = sources.iter().filter(|source| source.state == crate::SourceState::Alive).count();
    let last = sources.iter().filter_map(|source| source.last_post).max();
    let last = last.map_or_else(
        || lang.get("console.queue.no_post").to_owned(),
        |at| crate::view::time::ago(lang, at, state.clock.now()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use jiff::SignedDuration;

    fn row(
        id: i64,
        category: Category,
        severity: Severity,
        place: Option<&str>,
        excerpt: &str,
    ) -> IncidentRow {
        let incident = fixture::incident(id, category, severity, place);
        let minutes = match severity {
            Severity::Normal => None,
            Severity::Waspada => Some(240),
            Severity::Siaga => Some(30),
            Severity::Awas => Some(5),
        };
        IncidentRow {
            next_clock: minutes.map(|minutes| incident.created_at + SignedDuration::from_mins(minutes)),
            incident,
            excerpt: excerpt.to_owned(),
            excerpt_marks: excerpt.find("kumpul").map(|at| at..at + 6).into_iter().collect(),
            told: 0,
            answered: 0,
        }
    }

    fn day() -> Vec<IncidentRow> {
        vec![
            row(
                12,
                Category::Kf04,
                Severity::Awas,
                Some("62.10.02.1012"),
                "Kotak suara di TPS 02 terbakar, warga berkerumun dan petugas belum datang. Mohon bantuan segera.",
            ),
            row(
                15,
                Category::Kf02,
                Severity::Siaga,
                Some("35.28.06"),
                "Besok jam 9 kita kumpul di depan kantor kecamatan, bawa alat. Hubungi @warga_rekaan",
            ),
            row(
                9,
                Category::Kf07,
                Severity::Waspada,
                Some("16.07.01"),
                "Ada yang bagi amplop 50rb per kepala di dusun 3, katanya untuk besok pagi.",
            ),
            row(
                18,
                Category::Kf12,
                Severity::Waspada,
                None,
                "Jalan masuk kebun sudah ditutup portal warga sejak pagi, truk tidak bisa lewat.",
            ),
            row(
                20,
                Category::Kf03,
                Severity::Normal,
                Some("35.19.08"),
                "Aksi damai di depan kantor besok pukul 10, sudah ada pemberitahuan ke polres.",
            ),
        ]
    }

    fn rows(rows: &[IncidentRow]) -> Rows {
        let rests = rows.iter().zip(1..).map(|(row, rules)| (row.incident.id, rules)).collect();
        sorted(Lang::Id, rows, &rests, "", "4 dari 5 sumber hidup".to_owned(), fixture::now())
    }

    #[test]
    fn proposals_of_awas_and_siaga_stand_on_top_and_normal_is_folded() {
        let html = rows(&day()).render().unwrap();
        let at = |id: &str| html.find(&format!("id=\"{id}\"")).unwrap();
        assert!(at("KTG-12") < at("KTG-15") && at("KTG-15") < at("KTG-9"));
        let fold = html.find("<details").unwrap();
        assert!(at("KTG-18") < fold && fold < at("KTG-20"));
        assert!(html.contains("usulan AWAS") && !html.contains("warga_rekaan"));
    }

    #[test]
    fn an_undecided_proposal_shows_the_clock_of_its_severity() {
        let html = rows(&day()).render().unwrap();
        // AWAS was made seven minutes ago and had five; SIAGA has 23 minutes left.
        assert!(html.contains("lewat 2 mnt") && html.contains("sisa 23 mnt"), "{html}");
        assert!(html.contains("kita <mark>kumpul</mark> di depan"), "{html}");
    }

    #[test]
    fn what_nobody_was_told_of_in_time_is_red_and_says_so_and_what_went_out_is_calm() {
        let late = |severity, told| {
            let mut late = row(12, Category::Kf04, severity, Some("62.10.02.1012"), "terbakar");
            late.next_clock = Some(fixture::now() - SignedDuration::from_mins(40));
            late.told = told;
            rows(&[late]).render().unwrap()
        };
        let red = |html: &str| html.contains("clock num late");
        let unheard = late(Severity::Awas, 0);
        assert!(red(&unheard) && unheard.contains("lewat 40 mnt"), "{unheard}");
        assert!(unheard.contains("belum ada yang diberi tahu"));
        let told = late(Severity::Siaga, 3);
        assert!(!red(&told) && told.contains("lewat 40 mnt") && !told.contains("belum ada yang diberi tahu"));
        assert!(red(&late(Severity::Awas, 3)), "an AWAS that nobody decided");
    }

    #[test]
    fn what_was_turned_down_or_confirmed_proposes_nothing_any_more() {
        let mut done = row(12, Category::Kf04, Severity::Awas, Some("62.10.02.1012"), "terbakar");
        (done.next_clock, done.incident.status) = (None, Status::Ditolak);
        let html = rows(std::slice::from_ref(&done)).render().unwrap();
        assert!(!html.contains("usulan") && !html.contains("sev awas"), "{html}");
        (done.incident.status, done.incident.effective) = (Status::Dikonfirmasi, Some(Severity::Awas));
        let html = rows(&[done]).render().unwrap();
        assert!(!html.contains("usulan") && html.contains("sev awas"), "{html}");
    }

    #[test]
    fn a_row_says_what_its_times_are_the_time_of() {
        let mut matter = row(12, Category::Kf04, Severity::Siaga, Some("62.10.02.1012"), "terbakar");
        let html = rows(std::slice::from_ref(&matter)).render().unwrap();
        assert!(html.contains("sisa 23 mnt untuk memutuskan"), "{html}");
        assert!(html.contains("kiriman pertama 20 mnt lalu, terakhir 8 mnt lalu"), "{html}");
        matter.incident.first_event = matter.incident.last_event;
        let html = rows(&[matter]).render().unwrap();
        assert!(html.contains("kiriman terakhir 8 mnt lalu"), "{html}");
    }

    #[test]
    fn an_awas_that_waits_for_its_second_person_stands_with_what_is_to_be_decided() {
        let mut half = row(12, Category::Kf04, Severity::Awas, Some("62.10.02.1012"), "terbakar");
        (half.incident.status, half.incident.effective) = (Status::Dikonfirmasi, Some(Severity::Siaga));
        half.incident.awas_waits_for_second = Some("piket-1".to_owned());
        let shown = rows(std::slice::from_ref(&half));
        assert_eq!((shown.pressing.len(), shown.other.len()), (1, 0));
        assert!(shown.render().unwrap().contains("menunggu orang kedua"));
    }

    #[test]
    fn a_row_says_in_words_and_shape_on_how_many_rules_it_rests() {
        let html = rows(&day()).render().unwrap();
        assert!(html.contains("satu petunjuk") && html.contains("●○○○"), "{html}");
        assert!(html.contains("dua petunjuk") && html.contains("●●○○"), "{html}");
    }

    #[test]
    fn an_empty_queue_says_that_the_sources_live() {
        let html = rows(&[]).render().unwrap();
        assert!(html.contains("4 dari 5 sumber hidup"));
    }
}
