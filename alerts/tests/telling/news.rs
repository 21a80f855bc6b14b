//! Grave facts that further posts tell of a running AWAS: one message a kind to whoever was told, and no more.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::token;

const BHABIN: &str = "bhabin-35.19.08.2011";
const BABINSA: &str = "babinsa-35.19.08.2011";
const KAPOLSEK: &str = "kapolsek-35.19.08";

/// A post of a clash at `place` with `tags`.
fn tells(id: &str, place: &str, tags: &[&str]) -> Finding {
    let text = format!("bentrok, laporan {id}");
    let mut told = finding(post(id, &text, 0), Category::Kf01, Severity::Awas, Some(place));
    told.signals[0].tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    told
}

/// A house told of an AWAS with fire in Tiron, which the desk has confirmed after a call.
async fn running() -> Vec<House> {
    let houses = houses().await;
    for house in &houses {
        house.stage.take(&[tells("a", TIRON, &["ada_api"])]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, Some("ditelepon balik")).await.unwrap();
        house.work().await;
    }
    houses
}

/// Takes a post in; the news that `address` has got by then.
async fn news(house: &House, batch: &[Finding], address: &str) -> Vec<String> {
    house.stage.take(batch).await.unwrap();
    house.work().await;
    house.messages(address).into_iter().filter(|text| text.contains("] KABAR:")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_victim_and_the_first_weapon_of_a_running_awas_are_told_once_and_ask_nothing() {
    for house in &running().await {
        house.desk.answer(&token(house, BABINSA), Answer::Menuju).await.unwrap();
        assert!(
            news(house, &[tells("b", TIRON, &["ada_api"])], BHABIN).await.is_empty(),
            "it was told of that"
        );
        let first = news(house, &[tells("c", TIRON, &["ada_korban", "hari_H"])], BHABIN).await;
        assert!(first.len() == 1 && first[0].contains("[AWAS][KF-01] KABAR"), "{first:?}");
        assert!(first[0].contains("menyebut korban, belum dicek") && !first[0].contains("/j/"), "{first:?}");
        let knows = news(house, &[tells("d", TIRON, &["ada_korban"])], BABINSA).await;
        assert_eq!(knows.len(), 1, "whoever has answered hears of it too, and of the same once");
        let both = [tells("e", TIRON, &["ada_sajam"]), tells("f", TIRON, &["ada_senpi", "ada_korban"])];
        let second = news(house, &both, BHABIN).await;
        assert!(second.len() == 2 && second[1].contains("menyebut senjata, belum dicek"), "{second:?}");
        let sent = house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap();
        assert!(sent.history.iter().any(|line| line.kind == "told" && line.detail.ends_with("(news)")));
        // The question stays: who is silent is reminded, who has answered is not.
        house.pass(60).await;
        let reminded = |address: &str| house.messages(address).iter().any(|text| text.contains("PENGINGAT"));
        assert!(reminded(BHABIN) && !reminded(BABINSA));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_together_is_one_message_and_what_came_before_the_awas_was_told_is_none() {
    for house in houses().await {
        house.stage.take(&[tells("a", TIRON, &["ada_api"])]).await.unwrap();
        assert!(news(&house, &[tells("b", TIRON, &["ada_sajam"])], BHABIN).await.is_empty());
        house.pass(5).await;
        assert!(house.messages(BHABIN).pop().unwrap().contains("usulan AWAS"), "nobody has decided");
        let told = news(&house, &[tells("c", TIRON, &["ada_senpi"])], BHABIN).await;
        assert!(told.is_empty(), "a weapon was told of before: {told:?}");
        let told = news(&house, &[tells("d", TIRON, &["ada_korban", "ada_api"])], BHABIN).await;
        assert!(told.len() == 1 && told[0].contains("menyebut korban, belum"), "{told:?}");
    }
    for house in houses().await {
        // A milder proposal that the desk confirms as AWAS.
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, Some(Severity::Awas), Some("ditelepon")).await.unwrap();
        let mut further = clash("b", 1);
        further.signals[0].severity = Severity::Siaga;
        further.signals[0].tags = vec!["ada_api".to_owned(), "ada_korban".to_owned()];
        let told = news(&house, &[further], BHABIN).await;
        assert!(told.len() == 1 && told[0].contains("menyebut korban, api, belum"), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_village_nearby_only_those_above_both_hear() {
    for house in &running().await {
        let told = news(house, &[tells("b", "35.19.08.2003", &["ada_korban"])], KAPOLSEK).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            !house.messages(BHABIN).iter().any(|text| text.contains("] KABAR:")),
            "it is not his village"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_a_post_taken_out_told_of_is_news_when_another_one_tells_of_it() {
    for house in &running().await {
        assert_eq!(news(house, &[tells("b", TIRON, &["ada_korban"])], BHABIN).await.len(), 1);
        let post = PostId::of_source("uji", "b").as_str().to_owned();
        house.desk.part(&analyst("ana"), IncidentId(1), &post, Apart::OtherEvent).await.unwrap();
        assert!(news(house, &[tells("c", TIRON, &["ada_api"])], BHABIN).await.len() == 1, "still known");
        let told = news(house, &[tells("d", TIRON, &["ada_korban"])], BHABIN).await;
        assert_eq!(told.len(), 2, "{told:?}");
    }
}
