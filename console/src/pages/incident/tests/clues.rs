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
