//! Who has heard of a matter in several villages: what the page says is what went out, and a decision reaches all.

use super::*;

/// Who was told of `id` by the page, who not yet, and whom a message went to.
async fn panel(house: &House, id: IncidentId) -> [BTreeSet<String>; 3] {
    let view = house.desk.incident(&analyst("ana"), id).await.unwrap();
    let of = |list: Vec<explain::Because>| list.into_iter().map(|one| one.office.to_string()).collect();
    let sent = view.notifications.iter().filter_map(|sent| sent.office.as_ref());
    [of(view.told_now.told), of(view.told_now.not_yet), sent.map(Office::to_string).collect()]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_calls_nobody_told_whom_no_message_went_to() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", TIRON, Severity::Siaga, 0)]).await.unwrap();
        let id = house.only().await.id;
        let [told, not_yet, _] = panel(&house, id).await;
        assert!(
            told.contains(&format!("KADES {TIRON}")) && not_yet.is_empty(),
            "the plan, while nobody is told"
        );
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        house.stage.take(&[at("b", NEXT, Severity::Siaga, 5)]).await.unwrap();
        house.work().await;
        let [told, not_yet, sent] = panel(&house, id).await;
        assert_eq!(told, sent);
        let danramil = format!("DANRAMIL {KECAMATAN}");
        assert!(not_yet.contains(&danramil) && !house.told().contains(&format!("danramil-{KECAMATAN}")));
        // The next decision tells whom the page announced.
        house.desk.confirm(&analyst("ana"), id, Some(Severity::Awas), Some("ditelepon balik")).await.unwrap();
        house.work().await;
        let [told, not_yet, sent] = panel(&house, id).await;
        assert!(told == sent && not_yet.is_empty() && told.contains(&danramil), "{told:?} {not_yet:?}");
        house.desk.finish(&analyst("ana"), id, "selesai").await.unwrap();
        assert!(panel(&house, id).await[1].is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_the_roster_names_later_stands_as_not_told_until_an_exchange_or_start_tells_it() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let with = |villages: &[&str]| {
            let roster = roster_of(dir.path(), villages);
            move |config: &mut AlertsConfig| config.roster = Some(roster.clone())
        };
        let before = house(dir.path(), &url, "satu", with(&[TIRON])).await;
        before.stage.take(&[at("a", TIRON, Severity::Siaga, 0)]).await.unwrap();
        let id = before.only().await.id;
        before.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        before.stage.take(&[at("b", NEXT, Severity::Siaga, 5)]).await.unwrap();
        before.work().await;
        let after = house(dir.path(), &url, "satu", with(&[TIRON, NEXT])).await;
        let kades = format!("KADES {NEXT}");
        let [told, not_yet, sent] = panel(&after, id).await;
        assert!(told == sent && not_yet.contains(&kades), "{told:?} {not_yet:?}");
        assert_eq!(after.teller.catch_up().await.unwrap(), 1);
        after.work().await;
        assert!(self::told(&after, NEXT) && last(&after, &of("kades", NEXT)).contains("UNGGAHAN LANJUTAN"));
        let [told, not_yet, sent] = panel(&after, id).await;
        assert!(told == sent && told.contains(&kades) && !not_yet.contains(&kades));
        assert_eq!(after.teller.catch_up().await.unwrap(), 0, "once");
    }
}

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
