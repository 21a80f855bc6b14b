//! What can be decided on the page of an incident, by whom, and what it says of it.

use alerts::DeskRole;
use askama::Template;
use stream::{Category, Severity};

use super::super::page::{Extra, compose};
use super::{TEXT, rendered};
use crate::fixture;
use crate::shell::{Caller, Shell};

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
    assert!(own.contains("Analis lain harus mengonfirmasi AWAS di sini"), "{own}");
    assert!(
        own.contains("Catat telepon balik atau jenjang lain") && !own.contains("Konfirmasi dan beri tahu"),
        "{own}"
    );
    assert!(!own.contains("data-key=\"e\" open"), "half of it is done: {own}");
    let others = page("piket-1");
    assert!(others.contains("konfirmasi AWAS di bawah (piket-1 sudah mengonfirmasi)"), "{others}");
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
    assert!(open.contains("AWAS perlu dua orang") && !confirmed.contains("AWAS perlu dua orang"));
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
fn beside_a_button_stands_what_it_covers_and_whom_it_tells() {
    let html = rendered(Category::Kf02, DeskRole::Analis, None);
    let hint = "Berlaku untuk semuanya: 3 unggahan, 2 sumber. Menolak membatalkan seluruh insiden";
    assert!(html.contains(hint), "{html}");
    let for_good = "Setelah itu tidak dapat dibuka lagi: unggahan berikutnya";
    assert!(html.contains(for_good), "{html}");
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let mut incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    (incident.status, incident.effective) = (alerts::Status::Ditangani, Some(Severity::Siaga));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    view.actions = vec![alerts::Action::Finish];
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    assert!(html.contains("Tidak ada pesan yang dikirim; tautan yang sudah dikirim"), "{html}");
    assert!(html.contains(for_good), "{html}");
}

#[test]
fn what_was_turned_down_before_anybody_heard_speaks_of_no_confirmation_to_come() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    view.incident.told_at = None;
    let page = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    assert!(page(&view).contains("Sebelum dikonfirmasi"));
    view.incident.status = alerts::Status::Ditolak;
    let (when, nobody) = ("never".to_owned(), Some("rejected".to_owned()));
    view.told_now = alerts::explain::Told { when, nobody, ..Default::default() };
    let html = page(&view);
    assert!(!html.contains("Sebelum dikonfirmasi") && !html.contains("tidak sama sekali"), "{html}");
    assert!(html.contains("ditolak: tidak ada yang diberi tahu lagi"), "{html}");
}

#[test]
fn only_bawaslu_gets_the_form_of_a_release() {
    assert!(rendered(Category::Kf14, DeskRole::Bawaslu, None).contains("/netralitas/KTG-12/rilis"));
    assert!(!rendered(Category::Kf02, DeskRole::Analis, None).contains("/rilis"));
}

#[test]
fn a_decision_that_is_overdue_shows_the_red_line_of_the_queue() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let page = |severity, told: bool, overdue: i64| {
        let incident = fixture::incident(12, Category::Kf02, severity, Some("62.10.02"));
        let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
        view.notifications.retain(|_| told);
        view.clocks.clear();
        view.decide_by = Some(fixture::now() - jiff::SignedDuration::from_mins(overdue));
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    let red = |span: &str| format!("<span class=\"clock num late\">keputusan: lewat {span}</span>");
    let awas = page(Severity::Awas, true, 5);
    assert!(awas.contains(&red("5 mnt")) && !awas.contains("belum ada yang diberi tahu"), "{awas}");
    let unheard = page(Severity::Siaga, false, 40);
    assert!(unheard.contains(&red("40 mnt")) && unheard.contains("belum ada yang diberi tahu"), "{unheard}");
    let told = page(Severity::Siaga, true, 40);
    assert!(told.contains(&red("40 mnt")) && !told.contains("belum ada yang diberi tahu"), "{told}");
    assert!(page(Severity::Awas, false, -3).contains("<span class=\"clock num\">keputusan: sisa 3 mnt"));
}

#[test]
fn what_new_judgements_emptied_was_rejected_by_nobody_and_leads_to_where_its_posts_stand_now() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    view.incident.status = alerts::Status::Ditarik;
    let line = |kind: &str, detail: &str| alerts::HistoryLine {
        kind: kind.into(),
        detail: detail.into(),
        actor: "sistem".into(),
        at: fixture::now(),
    };
    let page = |history| {
        let shell = Shell::bare(&caller, fixture::now());
        let view = alerts::IncidentView { history, ..view.clone() };
        compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    let moved = line("moved", "KTG-3, KTG-21 (6210e31a0123)");
    let html = page(vec![moved, line("dropped", "6210e31a0123"), line("withdrawn", "")]);
    for link in ["KTG-3", "KTG-21"] {
        assert!(html.contains(&format!("<a href=\"/kejadian/{link}\">{link}</a>")), "{html}");
    }
    assert!(
        html.contains("dinilai ulang dengan leksikon 6210e31a0123 dan kini ada di KTG-3, KTG-21<"),
        "{html}"
    );
    assert!(html.contains("tanpa keputusan siapa pun. Kini ada di") && !html.contains("ditolak"), "{html}");
    let html = page(vec![line("dropped", "6210e31a0123"), line("withdrawn", "")]);
    assert!(html.contains("Kini tidak ada di insiden mana pun di antrean ini."), "{html}");
}
