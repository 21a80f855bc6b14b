//! What the page of an incident shows and what it must not.

mod clues;
mod decide;
mod telling;

use alerts::DeskRole;
use askama::Template;
use stream::{Category, Severity};

use super::page::{Extra, compose};
use super::{Ask, base};
use crate::fixture;
use crate::shell::{Caller, Shell};

const TEXT: &str =
    "Besok jam 9 kita serbu kantor KPU di Kurun <script>alert(1)</script> lapor @warga_rekaan 081234567890";

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
    assert!(html.contains("&lt;script&gt;alert(1)") || html.contains("&#60;script&#62;alert(1)"), "{html}");
}

#[test]
fn the_hit_is_marked_and_the_author_the_handle_and_the_phone_are_hidden() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    assert!(html.contains("<mark class=\"\">serbu kantor KPU</mark><sup class=\"note\">a</sup>"), "{html}");
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
    let other =
        rendered(Category::Kf02, DeskRole::Analis, Some(("another".to_owned(), "Warga Rekaan".to_owned())));
    assert!(!other.contains("Warga Rekaan"));
}

#[test]
fn where_a_post_names_nobody_there_is_no_author_to_uncover() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let page = |named: bool| {
        let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
        let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
        for post in &mut view.posts {
            post.author = post.author.take().filter(|_| named);
        }
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    assert!(page(true).contains("/penulis\""));
    assert!(page(false).contains("tidak disebut") && !page(false).contains("/penulis\""), "{}", page(false));
}

#[test]
fn a_page_says_why_it_was_flagged_what_was_cleared_and_who_is_told_and_who_not() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    for part in ["KF-02-serbu-kantor", "KF-03-kumpul-massa", "Babinsa", "Kapolsek", "Menuju lokasi"] {
        assert!(html.contains(part), "{part}");
    }
    assert!(html.contains("KTG-12") && !html.contains("KTG-12-1"), "one number for one matter: {html}");
}

#[test]
fn what_may_be_the_same_says_why_it_is_thought_so_and_can_be_merged() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    assert!(html.contains("kecamatan yang sama · kategori berdekatan · selisih 40 mnt"), "{html}");
    assert!(html.contains("Gabung ke KTG-7: KF-04, "));
}

#[test]
fn the_three_likeliest_to_be_the_same_are_offered_and_the_others_folded() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    view.maybe_same = (20..25)
        .map(|id| {
            let mut same = view.maybe_same[0].clone();
            same.incident.id = alerts::IncidentId(id);
            same
        })
        .collect();
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    let (open, folded) = html.split_once("Kurang mungkin sama (2)").expect("a fold");
    let offered = |html: &str| html.matches("value=\"KTG-2").count();
    assert_eq!((offered(open), offered(folded.split_once("</details>").unwrap().0)), (3, 2), "{html}");
}

#[test]
fn what_a_phone_folds_away_is_nothing_that_went_wrong() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let folds = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        let page = compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now());
        page.render().unwrap().matches("data-wide").count()
    };
    let calm = folds(&view);
    view.told_now.nobody = Some("no_place".to_owned());
    view.notifications[0].answer = None;
    view.notifications[0].state = "failed".to_owned();
    assert_eq!((calm, folds(&view)), (5, 3));
}

#[test]
fn a_place_that_is_a_guess_or_that_no_list_has_is_said_to_be_that_in_the_heading() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("35.21"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let heading = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        let page =
            compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
        page.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap().replace("&#34;", "\"")
    };
    assert!(heading(&view).starts_with("Kab. Ngawi"), "{}", heading(&view));
    view.doubt.guess = Some("desa Ngale".to_owned());
    let said = heading(&view);
    assert!(
        said.starts_with("Lokasi belum pasti (Kab. Ngawi") && said.ends_with("disebut \"desa Ngale\""),
        "{said}"
    );
    view.doubt = alerts::message::Doubt { guess: None, unlisted: vec!["Desa Wanabrata".to_owned()] };
    assert!(heading(&view).ends_with("disebut \"Desa Wanabrata\" (tidak ada dalam daftar wilayah)"));
}

#[test]
fn the_gravest_post_stands_in_brief_above_the_decision_without_what_is_private() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let mut mild = view.posts[0].clone();
    mild.finding.post.text = "Kabarnya ramai".to_owned();
    mild.finding.signals[0].severity = Severity::Waspada;
    view.posts.insert(0, mild);
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    let lead = html.split("<p class=\"lead\">").nth(1).and_then(|rest| rest.split("</p>").next()).unwrap();
    assert!(lead.starts_with("“Besok jam 9 kita <mark class=\"\">serbu kantor KPU</mark>"), "{lead}");
    assert!(lead.ends_with("<small>Mengapa ditandai: KF-02-serbu-kantor</small>"), "{lead}");
    assert!(!lead.contains("081234567890"), "{lead}");
    assert!(html.find("class=\"lead\"").unwrap() < html.find("id=\"konfirmasi\"").unwrap());
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
fn the_page_says_in_words_on_how_many_rules_the_finding_rests_and_what_that_means() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    assert!(html.contains("satu petunjuk") && html.contains("Hanya satu aturan mengenali"), "{html}");
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let first = view.posts[0].finding.signals[0].hits[0].clone();
    let other = stream::Hit { rule: "KF-02-ancam-kantor".into(), ..first.clone() };
    // A rule that hits twice is one sign.
    view.posts[0].finding.signals[0].hits.extend([other, first]);
    view.rests = 3;
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    assert!(html.contains("dua petunjuk") && html.contains("●●○○"), "the post's own: {html}");
    assert!(html.contains("tiga petunjuk") && html.contains("●●●○"), "the matter's: {html}");
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

#[test]
fn what_happened_at_the_same_place_is_listed_without_being_offered_for_merging() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    assert!(html.contains("Kejadian lain di sekitarnya pada waktu yang sama"), "{html}");
    assert!(html.contains("<a href=\"/kejadian/KTG-8\">KTG-8</a>") && html.contains("KF-08"));
    assert!(html.contains("kecamatan yang sama · selisih 30 mnt") && !html.contains("Gabung ke KTG-8"));
}

#[test]
fn what_may_be_the_same_under_another_category_can_be_merged_and_says_that_it_is_another() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    view.maybe_same[0].kinship = alerts::Kinship::Other;
    let shell = Shell::bare(&caller, fixture::now());
    let page = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now());
    let html = page.render().unwrap();
    assert!(html.contains("kategori lain, mungkin satu kejadian yang terbaca berbeda"), "{html}");
    assert!(html.contains("Gabung ke KTG-7") && !html.contains("kategori berdekatan"), "{html}");
}

#[test]
fn an_official_is_called_as_the_post_calls_him_beside_the_class_whose_law_holds() {
    let html = rendered(Category::Kf14, DeskRole::Bawaslu, None);
    assert!(html.contains("<b>“serbu kantor KPU”</b> <small>Kepala desa"), "{html}");
}

#[test]
fn a_reporter_outside_of_his_area_is_marked_above_and_at_his_note() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let page = |outside: Option<&str>| {
        let mut view = fixture::view(incident.clone(), TEXT, "serbu kantor KPU", "Kurun");
        view.posts[0].outside = outside.map(|code| stream::RegionCode::parse(code).unwrap());
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    let html = page(Some("35.28"));
    assert!(html.contains("pelapor di luar wilayahnya (Kab. Pamekasan"), "{html}");
    assert_eq!(html.matches("pelapor di luar wilayahnya").count(), 2);
    assert!(!page(None).contains("di luar wilayahnya"));
}

#[test]
fn a_page_names_each_village_with_what_is_told_of_it() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = alerts::Incident {
        scenes: ["62.10.02.1012", "62.10.02.2001"].map(|place| fixture::scene(place, 2)).into(),
        ..fixture::incident(12, Category::Kf13, Severity::Siaga, Some("62.10.02"))
    };
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    view.incident.scenes[1].later = true;
    let shell = Shell::bare(&caller, fixture::now());
    let page = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now());
    let html = page.render().unwrap();
    let [first, second] = [0, 1].map(|at| alerts::message::village(&view.incident.scenes[at].place));
    assert!(html.contains(&format!("<h1>Kec. Kurun, Kab. Gunung Mas: {first}, {second} (belum dicek)</h1>")));
    assert!(html.contains(&format!("<li>{first}: 2 unggahan, 2 sumber</li>")), "{html}");
    assert!(html.contains(&format!("<li>{second}: 2 unggahan, 2 sumber · belum dicek, baru disebut")));
}
