//! A cancellation reaches every office that was told the alarm, also one that nobody held when it was cancelled.

use super::*;

/// A house whose Kapolsek, at `lama`, was told of a matter.
async fn told() -> Vec<House> {
    let houses = one_kapolsek(|_| {}).await;
    for house in &houses {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
    }
    houses
}

/// The cancellations that `address` has got.
fn cancelled(house: &House, address: &str) -> usize {
    house.messages(address).iter().filter(|text| text.contains("[DIBATALKAN]")).count()
}

async fn reject(house: &House) {
    house.desk.reject(&analyst("ana"), IncidentId(1), "latihan").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_whose_address_was_gone_is_caught_up_once_it_is_back_or_another_holds_the_office() {
    const BARU: &str = "KAPOLSEK,35.19.08,,,file,baru\n";
    for (after, address) in [(LAMA, "lama"), (BARU, "baru")] {
        // Gone when it was to leave, and gone already when the desk decided.
        for decided_first in [true, false] {
            for house in told().await {
                if decided_first {
                    reject(&house).await;
                    assert_eq!(named(&house, NOBODY).await, 0);
                } else {
                    assert_eq!(named(&house, NOBODY).await, 0);
                    reject(&house).await;
                }
                house.pass(60).await;
                assert_eq!(cancelled(&house, "lama"), 0);
                assert_eq!(named(&house, after).await, 1, "{decided_first}");
                assert_eq!(cancelled(&house, address), 1);
                assert_eq!(house.teller.catch_up().await.unwrap(), 0, "once");
                assert_eq!(named(&house, "KAPOLSEK,35.19.08,,,file,lagi\n").await, 0, "the office has heard");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_heard_no_alarm_or_one_of_an_older_day_hears_no_cancellation() {
    for house in one_kapolsek(|_| {}).await {
        named(&house, NOBODY).await;
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        reject(&house).await;
        assert_eq!(named(&house, LAMA).await, 0, "it was told nothing");
    }
    for house in told().await {
        named(&house, NOBODY).await;
        reject(&house).await;
        house.pass(49 * 60).await;
        assert_eq!(named(&house, LAMA).await, 0, "it is over long since");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_whose_matter_was_merged_meanwhile_is_caught_up_all_the_same() {
    for house in told().await {
        named(&house, NOBODY).await;
        reject(&house).await;
        house.stage.take(&[clash("c", 2)]).await.unwrap();
        house.desk.merge(&analyst("ana"), IncidentId(1), IncidentId(2)).await.unwrap();
        named(&house, LAMA).await;
        assert_eq!(cancelled(&house, "lama"), 1);
        assert_eq!(house.teller.catch_up().await.unwrap(), 0, "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_that_failed_for_good_goes_to_an_address_that_is_named_beside_the_first() {
    for house in told().await {
        reject(&house).await;
        sql(
            &house,
            "UPDATE notifications SET state = 'failed', error = '410 Gone' WHERE reason = 'rejected'",
        )
        .await;
        assert_eq!(named(&house, LAMA).await, 0, "the same address is not tried again");
        assert_eq!(named(&house, &format!("{LAMA}KAPOLSEK,35.19.08,,,file,baru\n")).await, 1);
        assert_eq!((cancelled(&house, "lama"), cancelled(&house, "baru")), (0, 1));
        assert_eq!(house.teller.catch_up().await.unwrap(), 0, "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sent_the_matter_back_before_it_was_graver_hears_no_cancellation_later_either() {
    for house in one_kapolsek(|_| {}).await {
        named(&house, &format!("{LAMA}BABINSA,{TIRON},,,file,babinsa\n")).await;
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        house.desk.answer(&crate::token(&house, "lama"), Answer::BukanWilayah).await.unwrap();
        let graver = finding(post("c", "makin ramai", 2), Category::Kf13, Severity::Siaga, Some(TIRON));
        house.pass(1).await;
        house.stage.take(&[graver]).await.unwrap();
        house.pass(60).await;
        assert!(house.messages("babinsa").iter().any(|text| text.contains("usulan SIAGA")));
        reject(&house).await;
        house.work().await;
        assert_eq!((cancelled(&house, "lama"), cancelled(&house, "babinsa")), (0, 1));
        assert_eq!(house.teller.catch_up().await.unwrap(), 0);
    }
}
