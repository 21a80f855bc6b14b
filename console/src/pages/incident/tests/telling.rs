//! Who was told and what they answered, as the page of an incident shows it, and its history.

use alerts::DeskRole;
use askama::Template;
use lexicons::Lang;
use stream::{Category, Severity};

use super::super::page::{Extra, compose};
use super::TEXT;
use crate::fixture;
use crate::shell::{Caller, Shell};
use crate::view::telling::{Mood, sent_groups, told};

#[test]
fn an_office_that_is_reminded_hourly_is_one_line_with_its_latest_answer_and_the_rest_folded() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let first = view.notifications[0].clone();
    for n in 2..=9 {
        let channel = format!("saluran-{n}");
        let answer = Some(alerts::Answer::Aman).filter(|_| n == 9);
        let answered_at = answer.map(|_| fixture::now());
        let again = alerts::NotificationView {
            channel,
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
    assert!(told.find("Aman / tidak benar").unwrap() < fold && told.find("saluran-9").unwrap() > fold);
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
fn an_office_that_is_to_be_told_and_was_not_stands_apart_from_those_that_were() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let mut incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    incident.told_at = Some(fixture::now());
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    view.told_now.not_yet = vec![view.told_now.told.pop().unwrap()];
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    let (told, rest) = html.split_once("Belum diberi tahu: menyusul, paling lambat").expect("set apart");
    assert!(!told.contains("<b>Bhabin") && rest.contains("<li>Bhabin"), "{html}");
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
    let quiet = "ada kantor yang menjawab: aman / tidak benar";
    let page = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    assert!(!page(&view).contains(quiet), "only an office complained of says so");
    view.aman = true;
    let html = page(&view);
    let line = "3 jabatan ditanya: Menuju lokasi 1 · Aman / tidak benar 1 · belum menjawab 1";
    assert!(html.find(line).expect(line) < html.find("id=\"konfirmasi\"").unwrap(), "{html}");
    assert!(html.find(quiet).expect(quiet) < html.find(line).unwrap(), "{html}");
}

#[test]
fn an_office_that_heard_before_the_complaint_against_it_was_read_is_not_called_untold() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let page = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    let (untold, told) = ("(tidak diberi tahu: yang diadukan", "sudah terlanjur diberi tahu pada");
    assert!(page(&view).contains(untold) && !page(&view).contains(told));
    let camat =
        |region: &str| alerts::Office::new(stream::Role::Camat, stream::RegionCode::parse(region).unwrap());
    let sent = view.notifications[0].clone();
    view.notifications.push(alerts::NotificationView { office: Some(camat("62.10.03")), ..sent.clone() });
    assert!(page(&view).contains(untold), "the next kecamatan's is another office");
    view.notifications.push(alerts::NotificationView { office: Some(camat("62.10.02")), ..sent });
    let html = page(&view);
    let when =
        format!("{told} 26 Nov 2024 16.55 WIB, sebelum unggahan ini dibaca; sejak itu tidak lagi): Camat");
    assert!(html.contains(&when) && !html.contains(untold), "{html}");
    let last = view.notifications.last_mut().unwrap();
    (last.state, last.sent_at) = ("moot".into(), None);
    assert!(page(&view).contains(untold), "what was taken back in time told nobody");
}

#[test]
fn posts_of_one_case_of_bawaslus_may_speak_of_different_officials_and_the_page_says_how_each_calls_his() {
    let caller = Caller::of(DeskRole::Bawaslu, "/netralitas");
    let incident = fixture::incident(12, Category::Kf14, Severity::Waspada, Some("62.10.02"));
    let text = "Sekdes dan kaur keuangan di Kurun ikut bagi stiker paslon";
    let mut view = fixture::view(incident.clone(), text, "Sekdes", "Kurun");
    let page = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    assert!(!page(&view).contains("orang yang berbeda"), "one post speaks of one");
    let other = fixture::view(incident, text, "kaur keuangan", "Kurun").posts.remove(0);
    view.posts.extend([other.clone(), other]);
    let html = page(&view);
    assert!(html.contains("bisa membicarakan orang yang berbeda, perlu verifikasi."), "{html}");
    assert!(html.contains("disebut sebagai: “Sekdes”, “kaur keuangan” ×2"), "{html}");
    assert_eq!(html.matches("disebut sebagai: <b>“kaur keuangan”</b>").count(), 2, "{html}");
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
        remark: "KADES".into(),
        ..first.clone()
    };
    let groups = sent_groups(Lang::Id, stream::Zone::Wib, &[first, other, graver, climb]);
    let again: Vec<Option<&str>> = groups[0].lines.iter().map(|line| line.again.as_deref()).collect();
    assert_eq!(
        again,
        [None, Some("pesan yang sama lewat saluran kedua"), Some("dikirim lagi: usulan naik ke AWAS")]
    );
    let awas = |severity, body: &str| alerts::NotificationView {
        severity,
        body: format!("[{body}][KF-02] Indikasi ancaman."),
        ..seen.notifications[0].clone()
    };
    let at_once = awas(Severity::Waspada, "WASPADA, usulan AWAS");
    let clock = alerts::NotificationView { step: 3, ..awas(Severity::Awas, "WASPADA, usulan AWAS") };
    let lower = alerts::NotificationView { step: 2, ..awas(Severity::Siaga, "SIAGA") };
    let same = sent_groups(Lang::Id, stream::Zone::Wib, &[at_once, clock, lower]);
    let again: Vec<_> = same[0].lines.iter().map(|line| line.again.as_deref()).collect();
    assert_eq!(again, [None; 3], "it was told as a proposal of AWAS before");
    assert_eq!(groups[1].lines[0].reason, "atasan diberi tahu: belum ada jawaban dari Kades");
    assert_eq!(groups[1].lines[0].again, None);
}

#[test]
fn the_box_of_who_was_told_says_whose_silence_made_it_climb_as_the_message_does() {
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut seen = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let climbed = |role: stream::Role, silent: &str| alerts::explain::Because {
        office: alerts::Office::new(role, stream::RegionCode::parse("62.10").unwrap()),
        why: alerts::explain::Why::Climb,
        silent: Some(silent.to_owned()),
    };
    seen.told_now.told =
        vec![climbed(stream::Role::Kapolres, "KAPOLSEK"), climbed(stream::Role::Kesbangpol, "+kesbangpol")];
    let groups = told(Lang::Id, &seen.told_now).told;
    let why: Vec<&str> = groups.iter().map(|group| group.why.as_str()).collect();
    assert_eq!(
        why,
        [
            "belum ada jawaban dari Kapolsek",
            "jalur Kesbangpol baru diberi tahu; dari jalur lain sudah ada yang menjawab"
        ]
    );
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
    view.history.push(alerts::HistoryLine {
        kind: "backtested".into(),
        detail: "6210e31a0123 (2026-11-23T11:05:00Z)".into(),
        ..view.history[0].clone()
    });
    view.incident.told_at = None;
    view.told_now.after_minutes = Some(240);
    let shell = Shell::bare(&caller, fixture::now());
    let html = compose(shell, &caller, &view, Extra::default(), &|_| None, fixture::now()).render().unwrap();
    assert!(html.contains("Penilaian baru atas satu unggahan: KF-04 AWAS<") && !html.contains("cbd31e6a"));
    assert!(
        html.contains("(backtest) dengan leksikon 6210e31a0123 mengganti") && !html.contains("11:05:00Z")
    );
    assert!(html.contains("dalam 4 jam") && !html.contains("240"));
}

#[test]
fn a_message_whose_address_left_the_roster_stands_as_that_and_not_only_as_failed() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let sent = &mut view.notifications[0];
    (sent.state, sent.sent_at, sent.answer) = ("failed".into(), None, None);
    let page = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    let gone = "gagal: alamat ini tidak ada lagi di roster";
    assert!(!page(&view).contains(gone));
    view.notifications[0].error = Some(alerts::UNREACHABLE.into());
    assert!(page(&view).contains(gone));
}
