//! The page of one incident, in either queue; and its authors, revealed with a reason.

use alerts::{Action, IncidentId, IncidentView};
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use jiff::Timestamp;
use lexicons::Lang;
use serde::Deserialize;
use stream::{Queue, Severity};

use crate::access::Need;
use crate::shell::{Caller, Shell, page};
use crate::view::incident::{self as view, PastLine, PlaceLine, PostCard, SentGroup, ToldView};
use crate::view::{names, row, time};
use crate::{ConsoleState, Failure};

/// Posts on a page, unless all are asked for.
const POSTS: usize = 20;

/// A revealed author is shown for so long, in seconds; then the page goes back.
const REVEAL_S: u32 = 120;

/// Which queue a request is about: its path says.
pub(crate) fn side(caller: &Caller) -> Queue {
    if caller.path.starts_with("/netralitas") { Queue::Netralitas } else { Queue::Konflik }
}

/// Where the pages of a queue begin.
pub(crate) fn base(queue: Queue) -> &'static str {
    match queue {
        Queue::Konflik => "/kejadian",
        Queue::Netralitas => "/netralitas",
    }
}

/// The incident's number from a path.
pub(crate) fn number(text: &str) -> Result<IncidentId, Failure> {
    IncidentId::parse(text).ok_or(Failure::NotFound)
}

/// An incident that may be the same.
struct Same {
    id: String,
    href: String,
    place: String,
    at: String,
}

/// What can be done now.
struct Acts {
    confirm: bool,
    reject: bool,
    handle: bool,
    finish: bool,
    merge: bool,
    place: bool,
    release: bool,
}

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage {
    s: Shell,
    base: &'static str,
    list: &'static str,
    neutral: bool,
    id: String,
    severity: &'static str,
    class: &'static str,
    proposal: Option<String>,
    code: &'static str,
    category: String,
    place: String,
    placeless: bool,
    status: &'static str,
    certainty: String,
    sources: String,
    first: String,
    last: String,
    flags: Vec<&'static str>,
    second: Option<String>,
    awas: bool,
    closing: Option<String>,
    merged_into: Option<String>,
    follows: Option<String>,
    choices: Vec<(&'static str, bool)>,
    acts: Acts,
    posts: Vec<PostCard>,
    more: Option<String>,
    same: Vec<Same>,
    now: ToldView,
    after: ToldView,
    sent: Vec<SentGroup>,
    clocks: Vec<(String, String, bool)>,
    history: Vec<PastLine>,
    asked_place: String,
    found: Vec<PlaceLine>,
    next: Option<String>,
    previous: Option<String>,
}

/// What the address asks for.
#[derive(Deserialize, Default)]
pub(crate) struct Ask {
    /// A place looked for by name.
    #[serde(default)]
    tempat: String,
    /// All posts, not the first few.
    #[serde(default)]
    semua: String,
}

/// `GET /kejadian/{id}` and `GET /netralitas/{id}`.
pub(crate) async fn show(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
) -> Result<Response, Failure> {
    page(&build(&state, &caller, number(&id)?, ask, None).await?)
}

/// What the form of a reveal sends.
#[derive(Deserialize)]
pub(crate) struct RevealForm {
    post: String,
    reason: String,
}

/// `POST …/penulis`: the page once more, with one author shown; it goes back by itself.
pub(crate) async fn reveal(
    State(state): State<ConsoleState>,
    caller: Caller,
    Path(id): Path<String>,
    Form(form): Form<RevealForm>,
) -> Result<Response, Failure> {
    if form.reason.trim().is_empty() {
        return Err(Failure::bad("console.failure.reason"));
    }
    let id = number(&id)?;
    let author = state.desk.reveal_author(&caller.actor()?, id, &form.post, form.reason.trim()).await?;
    // The post may stand behind the first few.
    let all = Ask { semua: "1".to_owned(), ..Ask::default() };
    let mut response = page(&build(&state, &caller, id, all, Some((form.post, author))).await?)?;
    let back = format!("{REVEAL_S}; url={}/{id}", base(side(&caller)));
    if let Ok(value) = HeaderValue::from_str(&back) {
        response.headers_mut().insert(header::REFRESH, value);
    }
    Ok(response)
}

/// What the address or a press adds to an incident's page.
#[derive(Default)]
struct Extra {
    /// What the address asks for.
    ask: Ask,
    /// A post and its author, revealed.
    revealed: Option<(String, String)>,
    /// The incidents before and after.
    neighbours: (Option<String>, Option<String>),
}

async fn build(
    state: &ConsoleState,
    caller: &Caller,
    id: IncidentId,
    ask: Ask,
    revealed: Option<(String, String)>,
) -> Result<IncidentPage, Failure> {
    let view = state.desk.incident(&caller.actor()?, id).await?;
    // The desk refuses what the role may not read; a page of the wrong queue is none at all.
    if view.incident.queue != side(caller) {
        return Err(Failure::NotFound);
    }
    let neighbours = neighbours(state, caller, &view).await?;
    let extra = Extra { ask, revealed, neighbours };
    let rules = |id: &str| (state.probes.rule)(id);
    Ok(compose(Shell::new(state, caller), caller, &view, extra, &rules, state.clock.now()))
}

/// The page of `view`.
fn compose(
    s: Shell,
    caller: &Caller,
    view: &IncidentView,
    extra: Extra,
    rules: view::Rules<'_>,
    now: Timestamp,
) -> IncidentPage {
    let incident = &view.incident;
    let (lang, zone, queue) = (caller.lang, incident.zone, incident.queue);
    let (shown, proposal) = names::chip(incident);
    let asked = extra.ask.tempat.trim();
    let found = names::find_regions(asked);
    let shown_posts = if extra.ask.semua.is_empty() { POSTS } else { view.posts.len() };
    let more = view.posts.len().checked_sub(shown_posts).filter(|more| *more > 0);
    let card = |post: &alerts::PostView| {
        let mut card = view::post_card(lang, incident, post, rules);
        let own = extra.revealed.as_ref().filter(|(post, _)| *post == card.id);
        card.revealed = own.map(|(_, author)| author.clone());
        card
    };
    IncidentPage {
        base: base(queue),
        list: if queue == Queue::Konflik { "/antrean" } else { "/netralitas" },
        neutral: queue == Queue::Netralitas,
        id: incident.id.to_string(),
        severity: shown.as_str(),
        class: names::severity_class(proposal.unwrap_or(shown)),
        proposal: proposal
            .map(|severity| lang.fill("console.incident.proposed", &[("severity", severity.as_str())])),
        code: incident.category.as_str(),
        category: names::category(lang, incident.category),
        place: names::place(lang, incident),
        placeless: incident.place.is_none(),
        status: names::status(lang, incident.status.as_str()),
        certainty: names::coded(lang, "certainty", incident.certainty().as_str()),
        sources: names::sources(lang, incident.sources),
        first: time::stamp(lang, incident.first_event, zone),
        last: time::stamp(lang, incident.last_event, zone),
        flags: flags(lang, incident),
        second: incident.awas_waits_for_second.clone(),
        awas: awaits_awas(incident),
        closing: incident.closing_note.clone(),
        merged_into: incident.merged_into.map(|id| id.to_string()),
        follows: incident.follows.map(|id| id.to_string()),
        choices: view::choices(incident),
        acts: acts(caller, view),
        posts: view.posts.iter().take(shown_posts).map(card).collect(),
        more: more.map(|n| lang.fill("console.incident.more_posts", &[("n", &n.to_string())])),
        same: same(lang, view),
        now: view::told(lang, &view.told_now),
        after: view::told(lang, &view.told_after_confirmation),
        sent: view::sent_groups(lang, zone, &view.notifications),
        clocks: view::clocks(lang, view, now),
        history: view.history.iter().rev().map(|line| view::past(lang, zone, line)).collect(),
        asked_place: extra.ask.tempat.clone(),
        found: view::found_places(lang, &found[..found.len().min(12)]),
        previous: extra.neighbours.0,
        next: extra.neighbours.1,
        s,
    }
}

/// Whether an AWAS waits for a decision: once it is taken, the page does not ask for it any more.
fn awaits_awas(incident: &alerts::Incident) -> bool {
    let undecided = incident.status == alerts::Status::Baru && incident.proposed == Severity::Awas;
    undecided || incident.status.is_open() && incident.awas_waits_for_second.is_some()
}

/// What sets the incident apart, without what its certainty says beside it.
fn flags(lang: Lang, incident: &alerts::Incident) -> Vec<&'static str> {
    let said = incident.certainty() == alerts::Certainty::Reporter;
    let reporter = lang.get("console.flag.reporter");
    row::flags(lang, incident).into_iter().filter(|flag| !said || *flag != reporter).collect()
}

fn acts(caller: &Caller, view: &IncidentView) -> Acts {
    let neutral = view.incident.queue == Queue::Netralitas;
    let may = caller.may(if neutral { Need::DecideNeutrality } else { Need::DecideConflict });
    let can = |action| may && view.actions.contains(&action);
    Acts {
        confirm: can(Action::Confirm) || (may && view.incident.awas_waits_for_second.is_some()),
        reject: can(Action::Reject),
        handle: can(Action::Handle),
        finish: can(Action::Finish),
        merge: can(Action::Merge),
        place: may && view.incident.status.is_open(),
        release: may && neutral && view.incident.status.is_open() && !view.incident.released,
    }
}

fn same(lang: Lang, view: &IncidentView) -> Vec<Same> {
    let line = |other: &alerts::Incident| Same {
        id: other.id.to_string(),
        href: format!("{}/{}", base(other.queue), other.id),
        place: names::place(lang, other),
        at: time::stamp(lang, other.last_event, other.zone),
    };
    view.maybe_same.iter().map(line).collect()
}

/// The incidents before and after this one in its queue, for "submit and next".
async fn neighbours(
    state: &ConsoleState,
    caller: &Caller,
    view: &IncidentView,
) -> Result<(Option<String>, Option<String>), Failure> {
    let queue = view.incident.queue;
    let filter = alerts::QueueFilter { queue: Some(queue), limit: 300, ..alerts::QueueFilter::default() };
    let rows = state.desk.queue(&caller.actor()?, &filter).await?;
    let at = rows.iter().position(|row| row.incident.id == view.incident.id);
    let link = |at: Option<usize>| {
        let row = rows.get(at?)?;
        Some(format!("{}/{}", base(queue), row.incident.id))
    };
    Ok((link(at.and_then(|at| at.checked_sub(1))), link(at.map_or(Some(0), |at| Some(at + 1)))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use alerts::DeskRole;
    use stream::Category;

    const TEXT: &str = "Besok jam 9 kita serbu kantor KPU di Kurun <script>alert(1)</script> lapor @warga_rekaan 081234567890";

    fn rendered(category: Category, role: DeskRole, revealed: Option<(String, String)>) -> String {
        let path = base(category.queue());
        let caller = Caller::of(role, path);
        let incident = fixture::incident(12, category, Severity::Siaga, Some("62.10.02"));
        let view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
        let extra = Extra { revealed, ..Extra::default() };
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, &view, extra, &|_| None, fixture::now()).render().unwrap()
    }

    #[test]
    fn a_script_in_a_post_is_shown_as_text() {
        let html = rendered(Category::Kf02, DeskRole::Analis, None);
        assert!(!html.contains("<script>alert"));
        assert!(
            html.contains("&lt;script&gt;alert(1)") || html.contains("&#60;script&#62;alert(1)"),
            "{html}"
        );
    }

    #[test]
    fn the_hit_is_marked_and_the_author_the_handle_and_the_phone_are_hidden() {
        let html = rendered(Category::Kf02, DeskRole::Analis, None);
        assert!(html.contains("<mark class=\"\">serbu kantor KPU<sup>1</sup></mark>"), "{html}");
        for hidden in ["warga_rekaan", "Warga Rekaan", "081234567890", "pegawai di Kurun"] {
            assert!(!html.contains(hidden), "{hidden}");
        }
        assert!(html.contains("A-7F3K2Q9"));
    }

    #[test]
    fn a_revealed_author_stands_on_that_page_only() {
        let post = fixture::post(TEXT).id.to_string();
        let html = rendered(Category::Kf02, DeskRole::Analis, Some((post, "Warga Rekaan".to_owned())));
        assert!(html.contains("Warga Rekaan"));
        let other = rendered(
            Category::Kf02,
            DeskRole::Analis,
            Some(("another".to_owned(), "Warga Rekaan".to_owned())),
        );
        assert!(!other.contains("Warga Rekaan"));
    }

    #[test]
    fn a_page_says_why_it_was_flagged_what_was_cleared_and_who_is_told_and_who_not() {
        let html = rendered(Category::Kf02, DeskRole::Analis, None);
        for part in
            ["KF-02-serbu-kantor", "KF-03-kumpul-massa", "Babinsa", "Kapolsek", "Menuju lokasi", "KTG-12-1"]
        {
            assert!(html.contains(part), "{part}");
        }
    }

    #[test]
    fn of_hundreds_of_posts_the_first_twenty_stand_there_and_a_link_to_the_rest() {
        let caller = Caller::of(DeskRole::Analis, "/kejadian");
        let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
        let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
        view.posts = vec![view.posts[0].clone(); 321];
        let render = |semua: &str| {
            let ask = Ask { semua: semua.to_owned(), ..Ask::default() };
            let shell = Shell::bare(&caller, fixture::now());
            let extra = Extra { ask, ..Extra::default() };
            compose(shell, &caller, &view, extra, &|_| None, fixture::now()).render().unwrap()
        };
        let first = render("");
        assert_eq!(first.matches("<article").count(), 20);
        assert!(first.contains("/kejadian/KTG-12?semua=1") && first.contains("301 lagi"));
        let all = render("1");
        assert_eq!(all.matches("<article").count(), 321);
        assert!(!all.contains("?semua=1"));
    }

    #[test]
    fn hourly_reminders_of_an_office_are_folded_and_an_answered_one_is_not() {
        let caller = Caller::of(DeskRole::Analis, "/kejadian");
        let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
        let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
        let first = view.notifications[0].clone();
        for n in 2..=9 {
            let number = format!("KTG-12-{n}");
            let answer = first.answer.filter(|_| n == 9);
            let again = alerts::NotificationView { number, reason: "repeat".into(), answer, ..first.clone() };
            view.notifications.push(again);
        }
        let groups = view::sent_groups(Lang::Id, stream::Zone::Wib, &view.notifications);
        assert_eq!(groups.len(), 1);
        assert_eq!((groups[0].lines.len(), groups[0].reminders.len()), (2, 7));
        let shell = Shell::bare(&caller, fixture::now());
        let page = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now());
        assert!(page.render().unwrap().contains("Pengingat (7)"));
    }

    #[test]
    fn a_decision_taken_is_not_asked_for_any_more() {
        let caller = Caller::of(DeskRole::Analis, "/kejadian");
        let page = |status, effective| {
            let mut incident = fixture::incident(12, Category::Kf02, Severity::Awas, Some("62.10.02"));
            (incident.status, incident.effective) = (status, effective);
            let view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
            let shell = Shell::bare(&caller, fixture::now());
            compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
        };
        let asks = |html: &str| html.contains("Usulan AWAS. Bila ada bahaya");
        let open = page(alerts::Status::Baru, None);
        assert!(asks(&open) && open.contains("usulan AWAS"));
        let rejected = page(alerts::Status::Ditolak, None);
        assert!(!asks(&rejected) && !rejected.contains("usulan AWAS"));
        let confirmed = page(alerts::Status::Dikonfirmasi, Some(Severity::Awas));
        assert!(!asks(&confirmed) && confirmed.contains("<span class=\"sev awas\">AWAS</span>"));
    }

    #[test]
    fn bawaslus_form_speaks_of_no_awas_and_the_decision_stands_before_the_posts() {
        let html = rendered(Category::Kf14, DeskRole::Bawaslu, None);
        assert!(!html.contains("AWAS perlu dua orang") && !html.contains("name=\"call_back\""));
        let html = rendered(Category::Kf02, DeskRole::Analis, None);
        assert!(html.contains("AWAS perlu dua orang"));
        assert!(html.find("id=\"konfirmasi\"").unwrap() < html.find("<article").unwrap());
    }

    #[test]
    fn only_bawaslu_gets_the_form_of_a_release() {
        assert!(rendered(Category::Kf14, DeskRole::Bawaslu, None).contains("/netralitas/KTG-12/rilis"));
        assert!(!rendered(Category::Kf02, DeskRole::Analis, None).contains("/rilis"));
    }

    #[test]
    fn no_page_of_ours_states_guilt() {
        for (category, role) in [(Category::Kf02, DeskRole::Analis), (Category::Kf14, DeskRole::Bawaslu)] {
            let html = rendered(category, role, None).to_lowercase();
            for banned in ["terbukti", "pelaku", "tersangka", "melanggar"] {
                assert!(!html.contains(banned), "{banned}");
            }
        }
    }
}
