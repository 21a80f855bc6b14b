//! One post that names several villages of a kecamatan: each is a village of its matter.

use super::*;

/// A post of the kecamatan that names `villages` in its text.
fn naming(id: &str, villages: &[&str], severity: Severity, minutes: i64) -> Finding {
    let mut one = at(id, KECAMATAN, severity, minutes);
    one.signals[0].place.clues = villages
        .iter()
        .zip(0..)
        .map(|(village, n)| Clue {
            kind: "marker".to_owned(),
            span: Some(Span { part: Part::Text, start: 3 * n, end: 3 * n + 2 }),
            code: code(village),
        })
        .collect();
    one
}

#[tokio::test(flavor = "multi_thread")]
async fn both_villages_that_one_post_names_are_told_and_explain_says_so_before() {
    for house in houses(|_| {}).await {
        let both = naming("a", &[TIRON, NEXT], Severity::Siaga, 0);
        let before = explain::told(&both, &both.signals[0], &house.alerts.roster(), &house.alerts.policy);
        house.stage.take(&[both]).await.unwrap();
        let one = house.only().await;
        let seen: Vec<_> = one.scenes.iter().map(|it| (it.place.as_str(), it.posts, it.sources)).collect();
        assert_eq!((one.place.clone(), seen), (Some(code(KECAMATAN)), vec![(NEXT, 1, 1), (TIRON, 1, 1)]));
        house.desk.confirm(&analyst("ana"), one.id, None, None).await.unwrap();
        house.work().await;
        assert!(told(&house, TIRON) && told(&house, NEXT) && !told(&house, THIRD));
        let sent = house.desk.incident(&analyst("ana"), one.id).await.unwrap().notifications;
        let sent: BTreeSet<Office> = sent.into_iter().filter_map(|sent| sent.office).collect();
        let said = before.after_confirmation.told.into_iter().map(|because| because.office);
        assert_eq!(said.collect::<BTreeSet<_>>(), sent);
        let tiron = last(&house, &of("kades", TIRON));
        assert!(tiron.contains(&format!("({TIRON}), juga {}, info", name(NEXT))), "{tiron}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_of_two_villages_bears_out_each_of_them_and_no_third() {
    for house in houses(|_| {}).await {
        let posts = [
            naming("a", &[TIRON, NEXT], Severity::Waspada, 0),
            at("b", TIRON, Severity::Waspada, 1),
            at("c", THIRD, Severity::Waspada, 2),
        ];
        house.stage.take(&posts).await.unwrap();
        house.work().await;
        let seen: Vec<_> = house.only().await.scenes.into_iter().map(|it| it.sources).collect();
        assert_eq!(seen, [1, 1, 2], "in the order of their codes: the next, the third, Tiron");
        assert!(told(&house, TIRON) && !told(&house, NEXT) && !told(&house, THIRD));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_a_person_sets_ends_the_villages_that_the_post_names() {
    for house in houses(|_| {}).await {
        house.stage.take(&[naming("a", &[TIRON, NEXT], Severity::Waspada, 0)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.set_place(&analyst("ana"), id, &code(KECAMATAN)).await.unwrap();
        assert_eq!(house.only().await.scenes, Vec::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_says_how_many_of_the_posts_behind_its_sources_name_no_village_as_the_page_does() {
    for house in houses(|_| {}).await {
        let told = [
            at("a", TIRON, Severity::Waspada, 0),
            at("b", KECAMATAN, Severity::Waspada, 1),
            at("c", NEXT, Severity::Waspada, 2),
        ];
        house.stage.take(&told[..2]).await.unwrap();
        house.work().await;
        let said = "2 sumber (termasuk 1 unggahan yang tidak menyebut desa), ";
        for office in [of("babinsa", TIRON), of("kapolsek", KECAMATAN)] {
            assert!(last(&house, &office).contains(said), "{office}: {}", last(&house, &office));
        }
        house.stage.take(&told[2..]).await.unwrap();
        house.work().await;
        assert!(last(&house, &of("babinsa", NEXT)).contains(said), "{}", last(&house, &of("babinsa", NEXT)));
        let wide: Vec<i64> = house.only().await.scenes.iter().map(|scene| scene.wide).collect();
        assert_eq!(wide, [1, 1]);
        let page = house.desk.answer_page(&token(&house, &of("babinsa", TIRON))).await.unwrap();
        assert_eq!((page.sources, page.wide, page.each), (2, 1, false));
        house.stage.take(&[at("d", TIRON, Severity::Waspada, 3)]).await.unwrap();
        house.desk.confirm(&analyst("ana"), house.only().await.id, None, None).await.unwrap();
        house.work().await;
        let said = "tiap desa hingga 3 sumber (termasuk 1 unggahan yang tidak menyebut desa), ";
        let camat = last(&house, &of("kapolsek", KECAMATAN));
        assert!(camat.contains(said), "{camat}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_an_office_of_the_kecamatan_is_no_source_of_a_village_and_what_names_no_village_is() {
    for house in houses(|_| {}).await {
        let text = "Gudang logistik PPK Madiun dibakar";
        let clue = Clue { kind: "office".into(), span: span(text, "PPK Madiun"), code: code(KECAMATAN) };
        let mut at_office = finding(post("b", text, 1), Category::Kf13, Severity::Waspada, Some(KECAMATAN));
        at_office.signals[0].place.clues = vec![clue.clone()];
        house.stage.take(&[at("a", TIRON, Severity::Waspada, 0), at_office.clone()]).await.unwrap();
        let told = |one: &Incident| {
            let scenes: Vec<_> = one.scenes.iter().map(|it| (it.posts, it.wide, it.sources)).collect();
            (one.place.as_ref().map(ToString::to_string), one.sources, scenes)
        };
        let kecamatan = || Some(KECAMATAN.to_owned());
        assert_eq!(told(&house.only().await), (kecamatan(), 1, vec![(1, 0, 1)]));
        // A second source of the office's: two tell of one place, none of them of the village.
        let text = "kantor PPK Madiun ikut kena api";
        let mut second = finding(post("c", text, 2), Category::Kf13, Severity::Waspada, Some(KECAMATAN));
        second.signals[0].place.clues = vec![Clue { span: span(text, "PPK Madiun"), ..clue.clone() }];
        house.stage.take(&[second]).await.unwrap();
        assert_eq!(told(&house.only().await), (kecamatan(), 2, vec![(1, 0, 1)]));
        // "Di Kec. Madiun" names no village: that may be it.
        let text = "bentrok di Kec. Madiun, gudang kosong";
        let mut wide = finding(post("d", text, 3), Category::Kf13, Severity::Waspada, Some(KECAMATAN));
        wide.signals[0].place.clues = vec![Clue { span: span(text, "Kec. Madiun"), ..clue }];
        house.stage.take(&[wide]).await.unwrap();
        assert_eq!(told(&house.only().await), (kecamatan(), 3, vec![(2, 1, 2)]));
    }
}

/// Where `words` stand in `text`.
fn span(text: &str, words: &str) -> Option<Span> {
    let start = text.find(words)?;
    let [start, end] = [start, start + words.len()].map(|at| u32::try_from(at).unwrap());
    Some(Span { part: Part::Text, start, end })
}
