//! A kecamatan set by hand, and what came to stand in it with villages of its own.

use super::*;

/// A clash of which no place is known.
fn nowhere(id: &str) -> Finding {
    finding(post(id, "bentrok di desa sebelah", 0), Category::Kf13, Severity::Waspada, None)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_kecamatan_set_by_hand_takes_in_keeps_its_village_and_the_village_is_told() {
    for house in houses(|_| {}).await {
        house.stage.take(&[nowhere("n")]).await.unwrap();
        let (ana, own) = (analyst("ana"), house.only().await.id);
        house.stage.take(&[at("a", NEXT, Severity::Waspada, 5)]).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let other = rows.iter().find(|row| row.incident.id != own).unwrap().incident.id;
        let placed = house.desk.set_place(&ana, own, &code(KECAMATAN)).await.unwrap();
        assert_eq!(placed.placed, Placed::Here { taken: vec![other] });
        // What comes later does not move what a person set, and names its village, too.
        house.stage.take(&[at("b", THIRD, Severity::Waspada, 6)]).await.unwrap();
        let one = house.only().await;
        let scenes: Vec<_> = one.scenes.iter().map(|it| it.place.as_str()).collect();
        assert_eq!((one.place, scenes), (Some(code(KECAMATAN)), vec![NEXT, THIRD]));
        house.pass(241).await;
        assert!(told(&house, NEXT) && told(&house, THIRD) && !told(&house, TIRON));
        assert!(last(&house, &of("kades", NEXT)).contains(&name(NEXT)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_that_a_person_placed_in_the_kecamatan_make_no_village_of_it() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", NEXT, Severity::Waspada, 0)]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        house.desk.set_place(&ana, id, &code(KECAMATAN)).await.unwrap();
        house.pass(241).await;
        assert!(house.only().await.scenes.is_empty() && !told(&house, NEXT));
    }
}
