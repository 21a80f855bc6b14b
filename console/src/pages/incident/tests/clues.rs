//! What told the place of a post, as its incident's page lists it.

use alerts::DeskRole;
use askama::Template;
use stream::{Category, Clue, Part, Severity, Span};

use super::TEXT;
use crate::fixture;
use crate::pages::incident::page::{Extra, compose};
use crate::shell::{Caller, Shell};

#[test]
fn a_place_that_name_and_bio_both_tell_stands_once_with_the_words_that_may_be_shown() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let code = view.posts[0].clues[0].code.clone();
    let clue = |part, start, end| {
        let span = Some(Span { part, start, end });
        Clue { kind: "bio".into(), span, code: code.clone() }
    };
    // Of a name ("Warga Rekaan") nothing is shown; of a bio ("pegawai di Kurun") its words are.
    let (name, bio) = (clue(Part::Name, 0, 5), clue(Part::Bio, 11, 16));
    for both in [[name.clone(), bio.clone()], [bio, name]] {
        view.posts[0].clues.truncate(1);
        view.posts[0].clues.extend(both);
        let shell = Shell::bare(&caller, fixture::now());
        let extra = Extra::default();
        let html = compose(shell, &caller, &view, extra, &|_| None, fixture::now()).render().unwrap();
        assert_eq!(html.matches("profil penulis").count(), 1, "{html}");
        assert!(html.contains("profil penulis “Kurun”"), "{html}");
    }
}

#[test]
fn an_area_that_several_words_point_at_stands_once_with_each_of_them() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let first = view.posts[0].clues[0].clone();
    let words = |words: &str| {
        let start = TEXT.find(words).unwrap() as u32;
        Some(Span { part: Part::Text, start, end: start + words.len() as u32 })
    };
    let (same, wider) = (
        Clue { kind: "marker".into(), ..first.clone() },
        Clue { kind: "chain".into(), span: words("di Kurun"), ..first.clone() },
    );
    let around = Clue { kind: "chain".into(), span: words("Besok"), code: first.code.parent().unwrap() };
    view.posts[0].clues.extend([same, wider]);
    let listed = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        let page = compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now());
        let html = page.render().unwrap();
        html.split("Mengapa lokasi ini").nth(1).and_then(|it| it.split("</ul>").next()).unwrap().to_owned()
    };
    let list = listed(&view);
    assert_eq!(list.matches("Kec. Kurun, Kab. Gunung Mas").count(), 1, "{list}");
    assert_eq!(list.matches("“Kurun”").count(), 1, "{list}");
    assert!(list.contains("nama wilayah berurutan “di Kurun”"), "{list}");
    view.posts[0].clues.push(around);
    let list = listed(&view);
    assert!(list.contains("Kec. Kurun <small"), "what lies around it stands below: {list}");
    assert_eq!(list.matches("Gunung Mas").count(), 1, "{list}");
}

#[test]
fn a_hamlet_that_no_list_has_is_named_where_the_place_is_explained() {
    let caller = Caller::of(DeskRole::Analis, "/kejadian");
    let incident = fixture::incident(12, Category::Kf02, Severity::Siaga, Some("62.10.02"));
    let mut view = fixture::view(incident, TEXT, "serbu kantor KPU", "Kurun");
    let page = |view: &alerts::IncidentView| {
        let shell = Shell::bare(&caller, fixture::now());
        compose(shell, &caller, view, Extra::default(), &|_| None, fixture::now()).render().unwrap()
    };
    assert!(!page(&view).contains("nama dusun"));
    let start = TEXT.find("di Kurun").unwrap() as u32;
    view.posts[0].finding.signals[0].place.hamlets =
        vec![Span { part: Part::Text, start, end: start + "di Kurun".len() as u32 }];
    let html = page(&view);
    assert!(
        html.contains("“di Kurun” <small>nama dusun atau desa yang tidak ada dalam daftar wilayah"),
        "{html}"
    );
}
