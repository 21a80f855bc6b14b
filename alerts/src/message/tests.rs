//! What messages say: every code has its text, nobody is accused, and a proposal is no decision.

use stream::Category;

use super::*;
use crate::channels::Kind;
use crate::explain::Why;
use crate::model::{Action, Answer, Certainty, Event, Status, Timer, Unknown};
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
    all("unknown", Unknown::ALL.iter().map(|code| code.as_str()).collect());
    all("why", Why::ALL.iter().map(|code| code.as_str()).collect());
    all("history", Event::ALL.iter().map(|code| code.as_str()).collect());
    all("clock", Timer::ALL.iter().map(|code| code.as_str()).collect());
    all("roster", Wrong::ALL.iter().map(|code| code.as_str()).collect());
    for area in ["message", "subject", "reason"] {
        all(area, Reason::ALL.iter().map(|code| code.as_str()).collect());
    }
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
        let body = writer.body(incident, reason, severity, "KTG-1-1", "tni", None);
        assert!(body.starts_with(&format!("LATIHAN\n{head}[KF-04] ")), "{body}");
        let subject = writer.subject(reason, "tni", None, &body, "KTG-1-1");
        assert!(subject.starts_with(&format!("{head}[KF-04] ")), "{subject}");
        body
    };
    let open = proposal();
    let decided =
        |effective| Incident { status: Status::Dikonfirmasi, effective: Some(effective), ..proposal() };
    let half = Incident { awas_waits_for_second: Some("ana".into()), ..decided(Severity::Siaga) };
    for reason in [Reason::Unconfirmed, Reason::Climb, Reason::Repeat] {
        heads(&open, reason, Severity::Awas, "[AWAS, usulan]");
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
    assert!(silence(Lang::Id, "+tni").starts_with("jalur TNI baru diberi tahu"));
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
