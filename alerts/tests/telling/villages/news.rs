//! Grave facts told of one village of several: news there, and neither a level nor a question.

use super::*;

const THERE: &str = "bhabin-35.19.08.2003";

/// A post of a clash at `place` with `tags`.
fn tells(id: &str, place: &str, tags: &[&str]) -> Finding {
    let mut told =
        finding(post(id, &format!("bentrok, laporan {id}"), 0), Category::Kf01, Severity::Awas, Some(place));
    told.signals[0].tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    told
}

/// How many of the messages to `address` are news.
fn news(house: &House, address: &str) -> usize {
    house.messages(address).iter().filter(|text| text.contains("] KABAR:")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn news_is_no_question_and_whoever_was_told_at_a_lower_level_is_still_asked_at_awas() {
    for house in houses(|_| {}).await {
        house.stage.take(&[tells("a", TIRON, &["ada_api"])]).await.unwrap();
        house.pass(5).await;
        house.stage.take(&[tells("b", NEXT, &[]), tells("c", NEXT, &[])]).await.unwrap();
        house.work().await;
        assert_eq!(house.messages(THERE).len(), 1, "at once, as two sources let it");
        house.stage.take(&[tells("d", NEXT, &["ada_korban"])]).await.unwrap();
        house.work().await;
        assert_eq!(news(&house, THERE), 1);
        house.pass(6).await;
        let told = house.messages(THERE);
        let asked = told.iter().filter(|text| text.contains("/j/") && !text.contains("PENGINGAT"));
        assert_eq!(asked.count(), 2, "nobody has decided: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_victim_in_one_village_is_news_in_the_next_one_too_and_once_to_those_above_both() {
    const HERE: &str = "bhabin-35.19.08.2011";
    const ABOVE: &str = "kapolsek-35.19.08";
    for house in houses(|_| {}).await {
        house.stage.take(&[tells("a", TIRON, &[]), tells("b", NEXT, &[])]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, Some("ditelepon balik")).await.unwrap();
        let all = async |batch: &[Finding]| {
            house.stage.take(batch).await.unwrap();
            house.work().await;
            [HERE, THERE, ABOVE].map(|address| news(&house, address))
        };
        assert_eq!(all(&[tells("c", TIRON, &["ada_korban"])]).await, [1, 0, 1]);
        assert_eq!(all(&[tells("d", NEXT, &["ada_korban"])]).await, [1, 1, 1]);
        assert_eq!(
            all(&[tells("e", KECAMATAN, &["ada_korban"])]).await,
            [1, 1, 1],
            "which village, it does not say"
        );
        house.desk.set_place(&analyst("ana"), id, &code(THIRD)).await.unwrap();
        house.work().await;
        assert_eq!(all(&[tells("f", THIRD, &["ada_korban"])]).await, [1, 1, 1]);
        assert_eq!(news(&house, "bhabin-35.19.08.2004"), 0, "it was told of the matter with its victims");
    }
}
