//! What the page of an incident shows and what it must not.

use alerts::DeskRole;
use askama::Template;
use lexicons::Lang;
use stream::{Category, Severity};

use super::page::{Extra, compose};
use super::{Ask, base};
use crate::fixture;
use crate::shell::{Caller, Shell};
use crate::view::telling::{Mood, sent_groups, told};

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
fn a_page_says_why_it_was_flagged_what_was_cleared_and_who_is_told_and_who_not() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    for part in
        ["KF-02-serbu-kantor", "KF-03-kumpul-massa", "Babinsa", "Kapolsek", "Menuju lokasi", "KTG-12-1"]
    {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn what_may_be_the_same_says_why_it_is_thought_so_and_can_be_merged() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    assert!(html.contains("kecamatan yang sama · kategori berdekatan · selisih 40 mnt"), "{html}");
    assert!(html.contains("Gabung ke KTG-7") && html.contains("KF-04"));
}

#[test]
fn what_happened_at_the_same_place_is_listed_without_being_offered_for_merging() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    assert!(html.contains("Kejadian lain di tempat dan waktu yang sama"), "{html}");
    assert!(html.contains("<a href=\"/kejadian/KTG-8\">KTG-8</a>") && html.contains("KF-08"));
    assert!(html.contains("tempat yang sama · selisih 30 mnt") && !html.contains("Gabung ke KTG-8"));
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
    assert!(lead.starts_with("“Besok jam 9 kita serbu") && !lead.contains("081234567890"), "{lead}");
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
fn an_office_that_is_reminded_hourly_is_one_line_with_its_latest_answer_and_the_rest_folded() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let first = view.notifications[0].clone();
    for n in 2..=9 {
        let number = format!("KTG-12-{n}");
        let answer = Some(alerts::Answer::Aman).filter(|_| n == 9);
        let answered_at = answer.map(|_| fixture::now());
        let again = alerts::NotificationView {
            number,
            reason: "repeat".into(),
            answer,
            answered_at,
            ..first.clone()
        };
        view.notifications.push(again);
    }
    let groups = sent_groups(Lang::Id, stream::Zone::Wib, &view.notifications);
    assert_eq!((groups.len(), groups[0].lines.len()), (1, 9));
    assert!(groups[0].outcome.starts_with("Aman / tidak benar"), "{}", groups[0].outcome);
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    let told = html.split("Yang dikirim dan jawabannya").nth(1).unwrap();
    let fold = told.find("<details><summary><small class=\"num\">9 pesan, terakhir").expect("the fold");
    assert!(told.find("Aman / tidak benar").unwrap() < fold && told.find("KTG-12-9").unwrap() > fold);
}

#[test]
fn of_a_long_history_the_last_things_stand_there_and_the_rest_is_folded() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let line = view.history[1].clone();
    view.history
        .extend((1..=40).map(|n| alerts::HistoryLine { actor: format!("orang-{n}."), ..line.clone() }));
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    let fold = html.find("Sebelumnya <span class=\"soft num\">(36)").expect("the fold");
    assert!(html.find("orang-40.").unwrap() < fold && html.find("orang-1.").unwrap() > fold);
}

#[test]
fn who_confirmed_an_awas_first_is_told_that_somebody_else_has_to_and_another_that_it_is_up_to_them() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let page = |first: &str| {
        let mut incident = fixture::incident(12, Category::Kf02, Severity::Awas, Some("62.10.02"));
        (incident.status, incident.effective) = (alerts::Status::Dikonfirmasi, Some(Severity::Siaga));
        incident.awas_waits_for_second = Some(first.to_owned());
        let view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    let own = page(caller.visitor.as_ref().map(|visitor| visitor.name.as_str()).unwrap());
    assert!(own.contains("Orang lain harus masuk dengan akunnya sendiri"), "{own}");
    let others = page("piket-1");
    assert!(others.contains("konfirmasi AWAS di bawah") && others.contains("<b>piket-1</b>"), "{others}");
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
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    assert!(html.contains("dua petunjuk") && html.contains("●●○○"), "{html}");
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
    // What is confirmed does not look as if it waited to be: another level can be chosen, folded away.
    let lower = page(alerts::Status::Dikonfirmasi, Some(Severity::Siaga));
    for decided in [&confirmed, &lower] {
        assert!(
            decided.contains("Ubah jenjang") && !decided.contains("Konfirmasi dan beri tahu"),
            "{decided}"
        );
        assert!(
            !decided.contains("data-key=\"e\" open") && !decided.contains("Diberi tahu setelah konfirmasi")
        );
    }
    assert!(lower.contains("<option selected>SIAGA"), "the confirmed level is the one chosen: {lower}");
    assert!(open.contains("data-key=\"e\" open") && open.contains("Diberi tahu setelah konfirmasi"));
}

#[test]
fn offices_of_one_reason_stand_under_it_and_only_who_was_asked_is_called_silent() {
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut seen = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let groups = told(Lang::Id, &seen.told_now);
    assert_eq!(groups.told.iter().map(|group| group.offices.len()).collect::<Vec<_>>(), [2]);
    let silent = |seen: &[alerts::NotificationView]| {
        let groups = sent_groups(Lang::Id, stream::Zone::Wib, seen);
        groups.iter().map(|group| group.mood == Mood::Silent).collect::<Vec<_>>()
    };
    assert_eq!(silent(&seen.notifications), [false], "it answered");
    seen.notifications[0].answer = None;
    assert_eq!(silent(&seen.notifications), [true]);
    seen.notifications[0].reason = "item_waits".into();
    assert_eq!(silent(&seen.notifications), [false], "it hears that an item waits, and is asked nothing");
    (seen.notifications[0].reason, seen.notifications[0].office) = ("page".into(), None);
    assert_eq!(silent(&seen.notifications), [false], "the desk itself");
}

#[test]
fn what_went_out_unconfirmed_is_not_spoken_of_as_to_come() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let page = |told_at| {
        let mut incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
        incident.told_at = told_at;
        let view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    let to_come = "bila belum diputuskan analis dalam 30 menit";
    assert!(page(None).contains(to_come));
    let told = page(Some(fixture::now()));
    assert!(
        !told.contains(to_come) && told.contains("sudah diberi tahu sebagai belum terverifikasi"),
        "{told}"
    );
}

#[test]
fn what_the_offices_answered_stands_above_the_decision_and_the_last_answer_of_each_counts() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let first = view.notifications[0].clone();
    let region = first.office.clone().unwrap().region;
    let of = |role, reason: &str, answer: Option<alerts::Answer>, minutes: i64| alerts::NotificationView {
        office: Some(alerts::Office::new(role, region.clone())),
        reason: reason.to_owned(),
        answer,
        answered_at: answer.map(|_| fixture::now() + jiff::SignedDuration::from_mins(minutes)),
        ..first.clone()
    };
    use alerts::Answer::{Aman, Menuju, Tahu};
    view.notifications = vec![
        of(stream::Role::Kapolsek, "at_once", Some(Tahu), 1),
        of(stream::Role::Kapolsek, "confirmed", Some(Menuju), 5),
        of(stream::Role::Kapolsek, "repeat", None, 0),
        of(stream::Role::Danramil, "at_once", Some(Aman), 2),
        of(stream::Role::Danramil, "update", Some(Aman), 2),
        of(stream::Role::Camat, "at_once", None, 0),
        of(stream::Role::Panwascam, "item_waits", None, 0),
        alerts::NotificationView { office: None, ..of(stream::Role::Camat, "page", None, 0) },
    ];
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    let line = "3 jabatan ditanya: Menuju lokasi 1 · Aman / tidak benar 1 · belum menjawab 1";
    assert!(html.find(line).expect(line) < html.find("id=\"konfirmasi\"").unwrap(), "{html}");
}

#[test]
fn bawaslu_sees_until_when_its_report_is_due_and_who_is_told_stands_before_the_posts() {
    let html = rendered(Category::Kf14, DeskRole::Bawaslu, None);
    assert!(html.contains("batas 7 hari sejak diketahui"), "{html}");
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    assert!(!html.contains("batas 7 hari"));
    assert!(html.find("Diberi tahu setelah konfirmasi").unwrap() < html.find("<article").unwrap());
}

#[test]
fn what_is_for_bawaslu_is_told_after_a_release_and_a_confirmation_promises_no_telling() {
    let html = rendered(Category::Kf14, DeskRole::Bawaslu, None);
    assert!(html.contains("Diberi tahu setelah diteruskan") && !html.contains("Konfirmasi dan beri tahu"));
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    assert!(html.contains("Diberi tahu setelah konfirmasi") && html.contains("Konfirmasi dan beri tahu"));
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

#[test]
fn a_second_message_to_an_office_says_why_and_a_climb_names_the_silent_line() {
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let seen = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let first = seen.notifications[0].clone();
    let other = alerts::NotificationView { channel: "email".into(), ..first.clone() };
    let graver = alerts::NotificationView { severity: Severity::Awas, step: 3, ..first.clone() };
    let camat =
        first.office.as_ref().map(|office| alerts::Office::new(stream::Role::Camat, office.region.clone()));
    let climb = alerts::NotificationView {
        office: camat,
        reason: "climb".into(),
        remark: "sipil".into(),
        ..first.clone()
    };
    let groups = sent_groups(Lang::Id, stream::Zone::Wib, &[first, other, graver, climb]);
    let again: Vec<Option<&str>> = groups[0].lines.iter().map(|line| line.again.as_deref()).collect();
    assert_eq!(
        again,
        [None, Some("pesan yang sama lewat saluran kedua"), Some("dikirim lagi: usulan naik ke AWAS")]
    );
    assert_eq!(groups[1].lines[0].reason, "naik tingkat: belum ada jawaban dari jalur pemerintahan");
    assert_eq!(groups[1].lines[0].again, None);
}

#[test]
fn the_history_shows_no_raw_hash_and_a_wait_of_hours_in_hours() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf04, Severity::Waspada, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    view.history.push(alerts::HistoryLine {
        kind: "rejudged".into(),
        detail: "KF-04 AWAS (cbd31e6a0123456789abcdef01234567)".into(),
        ..view.history[0].clone()
    });
    view.incident.told_at = None;
    view.told_now.after_minutes = Some(240);
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    assert!(html.contains("Penilaian baru atas satu kiriman: KF-04 AWAS<") && !html.contains("cbd31e6a"));
    assert!(html.contains("dalam 4 jam") && !html.contains("240"));
}
