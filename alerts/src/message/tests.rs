//! What messages say: every code has its text, nobody is accused, and a proposal is no decision.

use stream::Category;

use super::*;
use crate::Scene;
use crate::channels::Kind;
use crate::explain::Why;
use crate::model::{Action, Answer, Certainty, Event, Fact, Status, Timer, Unknown};
use crate::reason::WAITS;
use crate::roster::Wrong;

#[test]
fn every_code_has_its_text() {
    let mut keys: Vec<String> = Vec::new();
    let mut all = |area: &str, codes: Vec<&'static str>| {
        keys.extend(codes.iter().map(|code| format!("alerts.{area}.{code}")));
    };
    all("category", Category::ALL.iter().map(|code| code.as_str()).collect());
    all("severity", Severity::ALL.iter().map(|code| code.as_str()).collect());
    all("role", stream::Role::ALL.iter().map(|code| code.as_str()).collect());
    all("status", Status::ALL.iter().map(|code| code.as_str()).collect());
    all("action", Action::ALL.iter().map(|code| code.as_str()).collect());
    all("answer", Answer::ALL.iter().map(|code| code.as_str()).collect());
    for queue in stream::Queue::ALL {
        all("certainty", Certainty::ALL.iter().map(|code| code.said(*queue)).collect());
    }
    all("fact", Fact::ALL.iter().map(|code| code.as_str()).collect());
    all("unknown", Unknown::ALL.iter().map(|code| code.as_str()).collect());
    all("why", Why::ALL.iter().map(|code| code.as_str()).collect());
    all("history", Event::ALL.iter().map(|code| code.as_str()).collect());
    all("clock", Timer::ALL.iter().map(|code| code.as_str()).collect());
    all("roster", Wrong::ALL.iter().map(|code| code.as_str()).collect());
    for area in ["message", "subject", "reason"] {
        all(area, Reason::ALL.iter().map(|code| code.as_str()).collect());
    }
    for area in ["message", "subject", "reason"] {
        all(area, Reason::ALL.iter().map(|code| code.said(WAITS)).collect());
    }
    all("reason", Certainty::ALL.iter().map(|code| Reason::AtOnce.because(code.as_str())).collect());
    for lang in [Lang::Id, Lang::En] {
        for key in &keys {
            assert!(lang.texts().has(key), "{key} in {}", lang.code());
        }
    }
    assert_eq!(Kind::ALL.len(), 3);
}

#[test]
fn what_bawaslu_has_confirmed_is_not_said_to_be_confirmed_by_an_analyst() {
    let said = |queue| Lang::Id.get(&format!("alerts.certainty.{}", Certainty::Confirmed.said(queue)));
    assert!(said(stream::Queue::Konflik).starts_with("dikonfirmasi analis"));
    assert!(said(stream::Queue::Netralitas).starts_with("dikonfirmasi petugas Bawaslu"));
}

#[test]
fn no_message_accuses_anybody() {
    let banned = ["terbukti", "pelaku", "tersangka", "melanggar", "perpetrator", "suspect", "guilty"];
    for lang in [Lang::Id, Lang::En] {
        for key in lang.texts().keys().filter(|key| key.starts_with("alerts.")) {
            let text = lang.get(key).to_lowercase();
            assert!(!banned.iter().any(|word| text.contains(word)), "{key}: {text}");
        }
    }
}

/// An incident of KF-04 that is proposed as AWAS, in the hands of nobody.
fn proposal() -> Incident {
    let at: Timestamp = "2024-11-27T06:05:00Z".parse().unwrap();
    let begun = Incident::begun(crate::IncidentId(1), Category::Kf04, Severity::Awas, at);
    Incident { place: RegionCode::parse("62.10.02").ok(), ..begun }
}

#[test]
fn no_word_to_an_office_takes_a_proposal_for_a_decision() {
    let writer = Writer { lang: Lang::Id, banner: Some("LATIHAN".into()) };
    let heads = |incident: &Incident, reason, severity, head: &str| {
        let body = writer.body(incident, reason, severity, "tni", Along::default());
        assert!(body.starts_with(&format!("LATIHAN\n{head}[KF-04] ")), "{body}");
        let subject = writer.subject(reason, "tni", None, &body, "KTG-1-1");
        assert!(subject.starts_with(&format!("{head}[KF-04] ")), "{subject}");
        // Which message it is of the matter is nothing to read.
        for told in [&body, &subject] {
            assert!(told.ends_with("KTG-1"), "{told}");
        }
        body
    };
    let open = proposal();
    let decided =
        |effective| Incident { status: Status::Dikonfirmasi, effective: Some(effective), ..proposal() };
    let half = Incident { awas_waits_for_second: Some("ana".into()), ..decided(Severity::Siaga) };
    for reason in [Reason::Unconfirmed, Reason::Climb, Reason::Repeat] {
        heads(&open, reason, Severity::Awas, "[WASPADA, usulan AWAS]");
        let body = heads(&half, reason, Severity::Awas, "[SIAGA, usulan AWAS]");
        assert!(body.contains("menunggu orang kedua"), "{body}");
        heads(&decided(Severity::Siaga), reason, Severity::Awas, "[SIAGA]");
        heads(&decided(Severity::Awas), reason, Severity::Awas, "[AWAS]");
    }
    heads(&open, Reason::AtOnce, Severity::Waspada, "[WASPADA, usulan AWAS]");
    let mild = Incident { proposed: Severity::Waspada, ..proposal() };
    heads(&mild, Reason::AtOnce, Severity::Waspada, "[WASPADA]");
}

#[test]
fn a_climb_names_the_offices_that_are_silent() {
    assert_eq!(silence(Lang::Id, "BHABIN KAPOLSEK"), "belum ada jawaban dari Bhabinkamtibmas, Kapolsek");
    assert_eq!(silence(Lang::Id, "~BHABIN"), "jawaban Bhabinkamtibmas datang sebelum jenjangnya naik");
    assert_eq!(silence(Lang::Id, "-BHABIN"), "waktu itu belum ada jawaban dari Bhabinkamtibmas; kini sudah");
    let spoke = |role: &str, _: Option<&RegionCode>| role == "BHABIN";
    assert_eq!(offices::still_silent("BHABIN KAPOLSEK", spoke), "KAPOLSEK");
    assert_eq!(offices::still_silent("BHABIN", spoke), "-BHABIN");
    assert!(silence(Lang::Id, "+tni").starts_with("jalur TNI baru diberi tahu"));
    let says = |key: &str| Lang::Id.get(&format!("alerts.{key}.climb")).to_lowercase();
    for key in ["message", "reason", "clock"] {
        assert!(says(key).contains("atasan diberi tahu"), "no level is raised: {}", says(key));
    }
    for lang in [Lang::Id, Lang::En] {
        for line in crate::route::offices::Line::ALL {
            assert!(lang.texts().has(&format!("alerts.line.{line}")), "{line} in {}", lang.code());
        }
    }
}

#[test]
fn times_are_shown_in_the_zone_of_the_place() {
    let at: Timestamp = "2024-11-27T06:05:00Z".parse().unwrap();
    assert_eq!(when(at, Zone::Wib), "27/11 13.05 WIB");
    assert_eq!(when(at, Zone::Wit), "27/11 15.05 WIT");
}

/// A matter of Kec. Madiun in two villages, decided at SIAGA before the second was named.
fn two_villages(category: Category) -> Incident {
    let at: Timestamp = "2024-11-27T06:05:00Z".parse().unwrap();
    let scene = |place: &str, sources: i64, later: bool| Scene {
        place: RegionCode::parse(place).unwrap(),
        posts: sources,
        wide: 0,
        sources,
        reporter: false,
        last: None,
        later,
    };
    Incident {
        place: RegionCode::parse("35.19.08").ok(),
        scenes: vec![scene("35.19.08.2010", 1, true), scene("35.19.08.2011", 3, false)],
        sources: 3,
        status: Status::Dikonfirmasi,
        effective: Some(Severity::Siaga),
        ..Incident::begun(crate::IncidentId(1), category, Severity::Siaga, at)
    }
}

#[test]
fn each_village_hears_of_its_own_first_and_none_that_it_was_confirmed_where_nobody_has_looked() {
    let incident = two_villages(Category::Kf13);
    let to = |region: &str, reason, lang, note: &str| {
        let seen = incident.seen_from(&RegionCode::parse(region).unwrap(), reason);
        Writer { lang, banner: None }.body(&seen, reason, Severity::Siaga, note, Along::default())
    };
    let tiron = to("35.19.08.2011", Reason::Repeat, Lang::Id, "");
    assert!(
        tiron.starts_with("[SIAGA][KF-13]") && tiron.contains("3 sumber, dikonfirmasi analis"),
        "{tiron}"
    );
    assert!(
        tiron.contains(
            "Desa Tiron, Kec. Madiun, Kab. Madiun (35.19.08.2011), juga Desa Banjarsari (belum dicek), info"
        ),
        "{tiron}"
    );
    let next = to("35.19.08.2010", Reason::Repeat, Lang::Id, "");
    assert!(next.starts_with("[WASPADA, usulan SIAGA][KF-13]") && next.contains("1 sumber, BELUM"), "{next}");
    assert!(next.contains("(35.19.08.2010) (belum dicek), juga Desa Tiron, info"), "{next}");
    let first = to("35.19.08.2010", Reason::Further, Lang::En, "35.19.08.2010");
    assert!(first.contains("A FURTHER POST names Desa Banjarsari, not looked at yet. "), "{first}");
    assert!(first.contains(", sources: 1, NOT"), "a number that needs no plural: {first}");
    let camat = to("35.19.08", Reason::Climb, Lang::Id, "KADES");
    assert!(
        camat.contains("(35.19.08): Desa Banjarsari (belum dicek), Desa Tiron")
            && camat.contains("tiap desa hingga 3 sumber"),
        "{camat}"
    );
    // Whoever stands in for a village without holder hears of that village.
    let danramil = to("35.19.08", Reason::Further, Lang::Id, "35.19.08.2010");
    assert!(danramil.contains("1 sumber, BELUM") && !danramil.contains("dikonfirmasi"), "{danramil}");
}

#[test]
fn what_a_reporter_says_of_one_village_vouches_for_no_other_in_their_kecamatan() {
    let mut incident =
        Incident { effective: None, status: Status::Baru, reporter: true, ..two_villages(Category::Kf13) };
    (incident.scenes[0].later, incident.scenes[0].reporter) = (false, true);
    let to = |region: &str| {
        let seen = incident.seen_from(&RegionCode::parse(region).unwrap(), Reason::AtOnce);
        let writer = Writer { lang: Lang::Id, banner: None };
        writer.body(&seen, Reason::AtOnce, Severity::Waspada, "", Along::default())
    };
    let (camat, own, next) = (to("35.19.08"), to("35.19.08.2010"), to("35.19.08.2011"));
    assert!(camat.contains(": Desa Banjarsari (dari pelapor), Desa Tiron, info"), "{camat}");
    assert!(camat.contains("3 sumber, dari pelapor terdaftar untuk sebagian desa, BELUM"), "{camat}");
    assert!(own.contains(" 1 sumber, dari pelapor terdaftar, BELUM"), "{own}");
    assert!(next.contains(" 3 sumber, tidak saling menyalin"), "{next}");
    assert_eq!(incident.certainty_told(None), Certainty::ReporterOfSome);
    incident.scenes[1].reporter = true;
    assert_eq!(incident.certainty_told(None), Certainty::Reporter);
}

#[test]
fn an_awas_that_one_of_two_has_confirmed_is_a_proposal_in_a_village_that_is_named_later() {
    let half = Incident { awas_waits_for_second: Some("ana".into()), ..two_villages(Category::Kf13) };
    let seen = half.seen_from(&RegionCode::parse("35.19.08.2010").unwrap(), Reason::Further);
    let writer = Writer { lang: Lang::Id, banner: None };
    let body = writer.body(&seen, Reason::Further, Severity::Siaga, "35.19.08.2010", Along::default());
    assert!(body.starts_with("[WASPADA, usulan AWAS]") && !body.contains("dikonfirmasi"), "{body}");
}

#[test]
fn what_is_bawaslus_names_no_village() {
    let incident = two_villages(Category::Kf14);
    let writer = Writer { lang: Lang::Id, banner: None };
    let body = writer.body(&incident, Reason::ItemWaits, Severity::Siaga, "", Along::default());
    assert!(body.contains("Kec. Madiun, Kab. Madiun (35.19.08)") && !body.contains("Desa"), "{body}");
}
