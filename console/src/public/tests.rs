//! What an officer's page shows, and what it asks.

use alerts::{Certainty, Office, Scene, Unknown};
use stream::{Category, RegionCode, Role, Zone};

use super::*;

fn told(severity: Severity, certainty: Certainty) -> AnswerPage {
    let kurun = RegionCode::parse("62.10.02").unwrap();
    AnswerPage {
        number: "KTG-12".into(),
        office: Office::new(Role::Kapolsek, kurun.clone()),
        category: Some(Category::Kf04),
        severity,
        proposed: None,
        reason: Reason::Unconfirmed,
        remark: String::new(),
        place: Some(kurun),
        scenes: Vec::new(),
        doubt: alerts::message::Doubt::default(),
        at: crate::fixture::now(),
        certainty,
        sources: 1,
        each: false,
        wide: 0,
        unknown: Unknown::TruthAndSpot,
        answer: None,
        elsewhere: false,
        beside: None,
        answered_at: None,
        zone: Zone::Wib,
        holds: false,
        open: true,
        ended: None,
        withheld: false,
    }
}

/// The page as a phone shows it.
fn html(found: &AnswerPage, desk: Option<(&str, &str, &str)>) -> String {
    let own = |(name, phone, dialled): (&str, &str, &str)| (name.into(), phone.into(), dialled.into());
    let state = Shown::Matter(Box::new(matter(Lang::Id, found)));
    let page = Page {
        lang: Lang::Id,
        css: "/a/x.css",
        icon: "/a/x.svg",
        simulation: false,
        down: false,
        desk: desk.map(own),
        state,
    };
    page.render().unwrap()
}

#[test]
fn a_place_that_is_a_guess_is_said_to_be_one_as_in_the_message() {
    let mut page = told(Severity::Siaga, Certainty::Unverified);
    page.place = Some(RegionCode::parse("35").unwrap());
    page.doubt.guess = Some("desa Ngale".into());
    page.doubt.unlisted = vec!["Desa Wanabrata".into()];
    let html = html(&page, None).replace("&#34;", "\"");
    let said = "lokasi belum pasti (Prov. Jawa Timur), disebut \"desa Ngale\", disebut \"Desa Wanabrata\" (tidak ada";
    assert!(html.contains(said), "{html}");
}

#[test]
fn why_an_office_was_told_at_once_stays_what_it_was_when_more_is_known() {
    let page = AnswerPage {
        reason: Reason::AtOnce,
        remark: "two_sources".into(),
        ..told(Severity::Waspada, Certainty::Reporter)
    };
    let shown = html(&page, None);
    assert!(shown.contains("langsung, karena dilaporkan lebih dari satu sumber"), "{shown}");
    assert!(!shown.contains("karena dilaporkan pelapor terdaftar"), "{shown}");
}

#[test]
fn the_other_link_of_an_office_says_what_it_has_answered_and_asks_nothing() {
    let page = AnswerPage {
        answer: Some(Answer::Tahu),
        answered_at: Some(crate::fixture::now()),
        elsewhere: true,
        open: false,
        ..told(Severity::Siaga, Certainty::Confirmed)
    };
    let shown = html(&page, None);
    // Without it a browser asks for one that is not there.
    assert!(shown.contains("<link rel=\"icon\" href=\"/a/x.svg\""), "{shown}");
    assert!(shown.contains("Kantor ini sudah menjawab lewat tautan lain:<br>Sudah tahu"), "{shown}");
    assert!(!shown.contains("<form") && !shown.contains("tel:"), "{shown}");
    let own = html(&AnswerPage { elsewhere: false, ..page }, Some(("Meja", "112", "112")));
    assert!(own.contains("Jawaban sudah diterima:") && own.contains("<a href=\"tel:112\">112</a>"));
}

#[test]
fn a_matter_at_the_place_of_another_names_the_message_that_told_of_that() {
    let beside = alerts::Beside { number: "KTG-3".into(), one_village: false };
    let page = AnswerPage { beside: Some(beside), ..told(Severity::Waspada, Certainty::TwoSources) };
    assert!(html(&page, None).contains("<dt>Di kecamatan yang sama</dt><dd>lihat KTG-3</dd>"));
}

#[test]
fn what_no_person_has_confirmed_is_a_proposal_on_the_officers_phone() {
    let said = |page: &AnswerPage| matter(Lang::Id, page).unconfirmed;
    let open = told(Severity::Awas, Certainty::Unverified);
    assert_eq!(said(&open).as_deref(), Some("usulan AWAS"));
    assert_eq!(said(&told(Severity::Awas, Certainty::Confirmed)), None);
    assert_eq!(said(&told(Severity::Waspada, Certainty::TwoSources)), None);
    let half = AnswerPage { proposed: Some(Severity::Awas), ..told(Severity::Siaga, Certainty::OneOfTwo) };
    let shown = matter(Lang::Id, &half);
    assert_eq!(
        (shown.severity, shown.unconfirmed, shown.proposed),
        ("SIAGA", None, Some("usulan AWAS".into()))
    );
    assert!(shown.facts.iter().any(|fact| fact.1.contains("AWAS menunggu orang kedua")));
    // An office complained of by now learns nothing from the page that its message did not say.
    let since = AnswerPage { withheld: true, certainty: Certainty::Confirmed, ..open };
    assert_eq!(said(&since).as_deref(), Some("usulan AWAS"));
}

#[test]
fn the_villages_of_a_matter_are_named_and_the_page_stays_small() {
    let scene = |n: usize| Scene {
        place: RegionCode::parse(&format!("62.10.02.{n}")).unwrap(),
        posts: 1,
        wide: 0,
        sources: 1,
        reporter: false,
        last: None,
        later: n == 1003,
    };
    let two = AnswerPage {
        scenes: vec![scene(1001), scene(1003)],
        ..told(Severity::Waspada, Certainty::Unverified)
    };
    let place = |page: &AnswerPage| facts(Lang::Id, page)[0].1.clone();
    let said = place(&two);
    assert!(said.starts_with("Kec. Kurun, Kab. Gunung Mas: ") && said.ends_with(" (belum dicek)"), "{said}");
    assert_eq!(said.matches(", ").count(), 2, "the place and its two villages: {said}");
    let own = AnswerPage { place: Some(two.scenes[0].place.clone()), ..two };
    let (said, village) = (place(&own), alerts::message::village(&own.scenes[0].place));
    let whole = format!("{village}, Kec. Kurun, Kab. Gunung Mas, juga ");
    assert!(said.starts_with(&whole) && said.ends_with(" (belum dicek)"), "{said}");
    let some = AnswerPage { wide: 2, sources: 3, ..own.clone() };
    let said = facts(Lang::Id, &some).into_iter().find(|(_, value)| value.contains("sumber"));
    let said = said.map(|(_, value)| value).unwrap_or_default();
    assert_eq!(said, "3 sumber (termasuk 2 unggahan yang tidak menyebut desa)");
    let many = AnswerPage { place: two.place, scenes: (1001..1030).map(scene).collect(), ..own };
    assert!(html(&many, Some(("Meja", "112", "112"))).len() < 14_000);
}
