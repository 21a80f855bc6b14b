//! Who has heard of a matter in several villages: what the page says is what went out, and a decision reaches all.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_climb_reached_before_hears_of_the_decision_unless_it_is_not_his() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", TIRON, Severity::Awas, 0)]).await.unwrap();
        house.pass(5).await;
        house.pass(5).await;
        let kapolres = last(&house, "kapolres-35.19");
        assert!(kapolres.contains("[WASPADA, usulan AWAS]") && kapolres.contains("BELUM"), "{kapolres}");
        house.desk.answer(&token(&house, "dandim-35.19"), Answer::BukanWilayah).await.unwrap();
        let dandim = house.messages("dandim-35.19").len();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        house.desk.confirm(&ana, id, Some(Severity::Awas), Some("ditelepon balik")).await.unwrap();
        house.work().await;
        for office in ["kapolres-35.19", "bupati-35.19", "kesbangpol-35.19", "kapolsek-35.19.08"] {
            let heard = last(&house, office);
            assert!(
                heard.contains("[AWAS][KF-13]") && heard.contains("dikonfirmasi analis"),
                "{office}: {heard}"
            );
        }
        assert_eq!(house.messages("dandim-35.19").len(), dandim, "he has said that it is not his");
    }
}

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
