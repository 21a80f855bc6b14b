//! Who has heard of a matter in several villages: what the page says is what went out, and a decision reaches all.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_called_once_for_each_village_that_is_named_after_its_decision() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", TIRON, Severity::Waspada, 0)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        house.work().await;
        assert_eq!(house.messages("meja").len(), 0);
        for (n, place) in [NEXT, NEXT, THIRD].into_iter().enumerate() {
            house.stage.take(&[at(&n.to_string(), place, Severity::Waspada, 5)]).await.unwrap();
            house.work().await;
        }
        let pages = house.messages("meja");
        assert_eq!(pages.len(), 2, "{pages:?}");
        for (page, village) in pages.iter().zip([NEXT, THIRD]) {
            let words = format!("UNGGAHAN LANJUTAN, {id}: menyebut {}; keputusan meja belum", name(village));
            assert!(page.contains(&words) && !page.contains("/j/"), "{page}");
        }
        house.desk.confirm(&analyst("ana"), id, Some(Severity::Siaga), None).await.unwrap();
        house.work().await;
        assert_eq!(house.messages("meja").len(), 2, "with all before it the desk has decided");
    }
}
