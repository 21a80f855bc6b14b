//! A post taken out of a matter of several villages: whoever was told because of it hears that, and nobody hears of it anew.

use super::*;

async fn part(house: &House, id: IncidentId, post: &str) -> IncidentId {
    let post = PostId::of_source("uji", post).as_str().to_owned();
    house.desk.part(&analyst("ana"), id, &post, Apart::OtherEvent).await.unwrap()
}

/// A matter of Tiron and of the next village, which one post tells of, confirmed and told.
async fn confirmed(house: &House) -> IncidentId {
    let posts = [at("a", TIRON, Severity::Siaga, 0), at("b", NEXT, Severity::Siaga, 1)];
    house.stage.take(&posts).await.unwrap();
    let id = house.only().await.id;
    house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
    house.work().await;
    assert!(told(house, TIRON) && told(house, NEXT));
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_nothing_tells_of_any_more_hears_that_it_is_not_its_own() {
    for house in houses(|_| {}).await {
        let id = confirmed(&house).await;
        let before = house.messages(&of("kades", TIRON)).len();
        part(&house, id, "b").await;
        house.work().await;
        let away = last(&house, &of("kades", NEXT));
        assert!(away.contains("bukan lagi wilayah Anda. Tidak perlu tindakan"), "{away}");
        assert!(away.contains(&format!("lokasi sekarang {}", name(TIRON))), "{away}");
        assert!(away.contains(&format!("sebelumnya {}", name(NEXT))), "{away}");
        assert_eq!(house.messages(&of("kades", TIRON)).len(), before, "to Tiron it is what it was");
        let above = last(&house, "kapolsek-35.19.08");
        assert!(above.contains("RALAT") && above.contains(&format!("sekarang {}", name(TIRON))), "{above}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_was_called_off_and_is_named_again_is_told_at_once_each_time() {
    for house in houses(|_| {}).await {
        let id = confirmed(&house).await;
        for (first, again) in [("b", "d"), ("d", "e")] {
            house.pass(1).await;
            part(&house, id, first).await;
            house.work().await;
            assert!(last(&house, &of("kades", NEXT)).contains("bukan lagi wilayah Anda"));
            house.pass(1).await;
            let before = house.messages(&of("kades", NEXT)).len();
            for _ in 0..2 {
                house.stage.take(&[at(again, NEXT, Severity::Siaga, 3)]).await.unwrap();
                house.work().await;
            }
            let since = house.messages(&of("kades", NEXT)).split_off(before);
            assert_eq!(since.len(), 1, "as if new, and once: {since:?}");
            let told = last(&house, &of("kades", NEXT));
            assert!(
                told.contains(&format!(
                    "UNGGAHAN LANJUTAN menyebut {}",
                    alerts::message::village(&code(NEXT))
                )),
                "{told}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_called_off_before_it_left_was_heard_by_nobody_and_is_told_when_the_village_is_named_again()
{
    for house in houses(|_| {}).await {
        let posts = [at("a", TIRON, Severity::Siaga, 0), at("b", NEXT, Severity::Siaga, 1)];
        house.stage.take(&posts).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        for (first, again) in [("b", "d"), ("d", "e")] {
            part(&house, id, first).await;
            house.stage.take(&[at(again, NEXT, Severity::Siaga, 3)]).await.unwrap();
        }
        house.work().await;
        let heard = house.messages(&of("kades", NEXT));
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(heard[0].contains("UNGGAHAN LANJUTAN"), "{heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_kecamatan_remains_the_village_is_called_off_and_not_reminded() {
    for house in houses(|_| {}).await {
        let posts = [
            at("a", TIRON, Severity::Siaga, 0),
            at("b", NEXT, Severity::Siaga, 1),
            at("c", THIRD, Severity::Siaga, 2),
        ];
        house.stage.take(&posts).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        house.work().await;
        part(&house, id, "b").await;
        house.work().await;
        assert!(last(&house, &of("kades", NEXT)).contains("bukan lagi wilayah Anda"));
        let heard = house.messages(&of("kades", NEXT));
        house.pass(600).await;
        assert_eq!(
            house.messages(&of("kades", NEXT)).iter().filter(|it| it.contains("PENGINGAT")).count(),
            0
        );
        assert!(last(&house, &of("kades", THIRD)).contains("PENGINGAT"));
        house.desk.confirm(&analyst("ana"), id, Some(Severity::Awas), Some("ditelepon")).await.unwrap();
        house.work().await;
        let since: Vec<_> =
            house.messages(&of("kades", NEXT)).into_iter().filter(|it| !heard.contains(it)).collect();
        let own = since.iter().filter(|it| it.contains(&format!("ID {id}"))).count();
        assert_eq!(own, 0, "what a person decides on is not its own: {since:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_holds_for_no_village_that_only_the_post_taken_out_named() {
    for house in houses(|_| {}).await {
        let id = confirmed(&house).await;
        part(&house, id, "b").await;
        house.stage.take(&[at("d", NEXT, Severity::Siaga, 3)]).await.unwrap();
        let one = house.desk.incident(&analyst("ana"), id).await.unwrap().incident;
        let later: Vec<_> = one.scenes.iter().map(|it| (it.place.as_str(), it.later)).collect();
        assert_eq!(later, [(NEXT, true), (TIRON, false)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reporter_told_and_a_person_took_out_is_told_by_its_clock_and_as_no_development() {
    for house in houses(|_| {}).await {
        let mut field = at("r", TIRON, Severity::Siaga, 1);
        field.post.author = Some(Author { verified_reporter: true, ..Author::default() });
        house.stage.take(&[at("a", TIRON, Severity::Siaga, 0), field]).await.unwrap();
        house.work().await;
        let id = house.only().await.id;
        let heard = house.messages("kapolsek-35.19.08").len();
        assert!(heard > 0);
        let made = part(&house, id, "r").await;
        house.work().await;
        let of_it = || {
            let all = house.messages("kapolsek-35.19.08").into_iter();
            all.filter(|it| it.contains(&format!("ID {made}"))).collect::<Vec<_>>()
        };
        assert!(of_it().is_empty(), "{:?}", of_it());
        let view = house.desk.incident(&analyst("ana"), made).await.unwrap();
        assert_eq!(view.told_now.when, "unless_decided");
        assert!(house.messages("meja").iter().any(|it| it.contains(&format!("{made}"))), "the desk is paged");
        house.pass(60).await;
        let told = of_it();
        assert!(!told.is_empty() && !told[0].contains("PERKEMBANGAN"), "{told:?}");
    }
}
