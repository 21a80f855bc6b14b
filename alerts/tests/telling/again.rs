//! The desk is called again while nobody decides, with a place and without.

use alerts::clocks::Unconfirmed;
use alerts::*;
use stream::*;

use crate::support::*;

/// How often the desk was called at which minute, of one matter, over so many minutes.
async fn calls(house: &House, minutes: u64) -> Vec<u64> {
    house.work().await;
    let mut at = vec![0; house.messages("meja").len()];
    for minute in 1..=minutes {
        house.pass(1).await;
        at.extend(vec![minute; house.messages("meja").len() - at.len()]);
    }
    at
}

fn grave(id: &str, severity: Severity, place: Option<&str>) -> Finding {
    finding(post(id, "diserang massa", 0), Category::Kf01, severity, place)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_without_a_place_has_its_clock_and_calls_the_desk_ever_more_rarely() {
    for house in houses().await {
        house.stage.take(&[grave("a", Severity::Awas, None)]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        let clocks = house.desk.incident(&ana, id).await.unwrap().clocks;
        assert_eq!(clocks.iter().map(|clock| clock.kind.as_str()).collect::<Vec<_>>(), ["desk"]);
        assert_eq!(calls(&house, 80).await, [0, 5, 15, 35, 75]);
        let again = house.messages("meja").pop().unwrap();
        for part in ["MASIH MENUNGGU KEPUTUSAN MEJA, KTG-1", "Tanpa lokasi", "[WASPADA, usulan AWAS]"] {
            assert!(again.contains(part), "{part}: {again}");
        }
        // A further post that is no graver puts nothing off; a decision ends it.
        house.stage.take(&[grave("b", Severity::Awas, None)]).await.unwrap();
        let calls_by = house.desk.incident(&ana, id).await.unwrap().clocks;
        assert_eq!(calls_by[0].due.as_second() - house.clock.now().as_second(), 75 * 60);
        house.desk.reject(&ana, id, "sudah dicek").await.unwrap();
        let before = house.messages("meja").len();
        house.pass(24 * 60).await;
        assert_eq!(house.messages("meja").len(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_place_too_the_desk_is_called_again_once_its_time_is_over() {
    for house in houses().await {
        house.stage.take(&[grave("a", Severity::Siaga, Some(TIRON))]).await.unwrap();
        assert_eq!(calls(&house, 100).await, [0, 30, 90]);
        let again = house.messages("meja").pop().unwrap();
        assert!(again.contains("MASIH MENUNGGU") && !again.contains("diberi tahu"), "offices were: {again}");
        // Graver: at its own pace from now on.
        house.stage.take(&[grave("b", Severity::Awas, Some(TIRON))]).await.unwrap();
        house.work().await;
        let before = house.messages("meja").len();
        house.pass(5).await;
        assert_eq!(house.messages("meja").len(), before + 1);
        // Decided by one of two: the second is called for.
        let (ana, id) = (analyst("ana"), house.only().await.id);
        house.desk.confirm(&ana, id, None, None).await.unwrap();
        house.pass(5).await;
        let second = house.messages("meja").pop().unwrap();
        assert_eq!(house.messages("meja").len(), before + 2);
        assert!(second.contains("AWAS menunggu orang kedua"), "{second}");
        house.desk.confirm(&analyst("rio"), id, None, None).await.unwrap();
        house.pass(24 * 60).await;
        assert_eq!(house.messages("meja").len(), before + 2, "decided");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_goes_out_unconfirmed_the_desk_is_told_that_nobody_has_heard_and_siaga_ends_when_old() {
    for house in houses_with(|config| config.policy.unconfirmed = Unconfirmed::Hold).await {
        house.stage.take(&[grave("a", Severity::Siaga, Some(TIRON))]).await.unwrap();
        house.pass(30).await;
        let again = house.messages("meja").pop().unwrap();
        assert!(again.contains("Belum ada jabatan yang diberi tahu"), "{again}");
        for _ in 0..100 {
            house.pass(61).await;
        }
        let (all, now) = (house.messages("meja").len(), house.only().await.id);
        assert_eq!(all, 7, "until it is too old to tell anybody");
        assert!(house.desk.incident(&analyst("ana"), now).await.unwrap().clocks.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_that_a_decided_one_is_merged_into_waits_for_nobody_any_more() {
    for house in houses().await {
        house.stage.take(&[grave("a", Severity::Siaga, Some(TIRON))]).await.unwrap();
        let open = house.only().await.id;
        let other = finding(post("b", "bentrok", 0), Category::Kf13, Severity::Siaga, Some(TIRON));
        house.stage.take(&[other]).await.unwrap();
        let ana = analyst("ana");
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let decided = rows.iter().map(|row| row.incident.id).find(|id| *id != open).unwrap();
        house.desk.confirm(&ana, decided, None, None).await.unwrap();
        house.desk.merge(&ana, decided, open).await.unwrap();
        assert_eq!(house.only().await.status, Status::Dikonfirmasi);
        let clocks: Vec<(i64, String)> = sqlx::query_as("SELECT incident, kind FROM timers")
            .fetch_all(house.alerts.db.pool())
            .await
            .unwrap();
        assert!(clocks.iter().all(|(_, kind)| kind != "desk" && kind != "unconfirmed"), "{clocks:?}");
        // What was told of it is followed up there.
        assert_eq!(clocks.len(), 2, "{clocks:?}");
        assert!(clocks.iter().all(|(incident, _)| *incident == open.0), "{clocks:?}");
        house.pass(60).await;
        let climbed = house.messages("danramil-35.19.08").pop().expect("the silent lines climb");
        assert!(climbed.contains("KF-01"), "{climbed}");
        assert!(house.messages("kades-35.19.08.2011").iter().any(|text| text.contains("PENGINGAT")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_awas_of_one_confirmation_waits_for_its_second_person_also_once_it_is_merged_into_another() {
    for house in houses().await {
        house.stage.take(&[grave("a", Severity::Siaga, Some(TIRON))]).await.unwrap();
        let open = house.only().await.id;
        house.stage.take(&[grave("b", Severity::Awas, Some("35.20.07.2001"))]).await.unwrap();
        let ana = analyst("ana");
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let half = rows.iter().map(|row| row.incident.id).find(|id| *id != open).unwrap();
        house.desk.confirm(&ana, half, None, None).await.unwrap();
        house.desk.merge(&ana, half, open).await.unwrap();
        assert_eq!(house.only().await.awas_waits_for_second.as_deref(), Some("ana"));
        house.work().await;
        let called = house.messages("meja").len();
        house.pass(5).await;
        assert_eq!(house.messages("meja").len(), called + 1, "the second is called for");
        house.desk.confirm(&analyst("rio"), open, Some(Severity::Awas), None).await.unwrap();
        assert_eq!(house.only().await.effective, Some(Severity::Awas));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_awas_of_one_confirmation_goes_out_in_its_time_also_once_it_is_merged_into_a_milder_matter() {
    // Merged at once, while its clock runs, and after it went off where nobody could be told: it lay nowhere.
    for (place, minutes) in [(Some(TIRON), 1), (None, 6)] {
        for house in houses().await {
            house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
            let (ana, open) = (analyst("ana"), house.only().await.id);
            house.stage.take(&[grave("c", Severity::Awas, place)]).await.unwrap();
            let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
            let half = rows.iter().map(|row| row.incident.id).find(|id| *id != open).unwrap();
            house.desk.confirm(&ana, half, None, None).await.unwrap();
            house.pass(minutes).await;
            house.desk.merge(&ana, half, open).await.unwrap();
            // Of the matter that took it in; its own says so from its first message on.
            let awas = || {
                let told = house.messages("bhabin-35.19.08.2011");
                told.iter().any(|text| text.contains("[SIAGA, usulan AWAS][KF-13]"))
            };
            house.work().await;
            // Who has heard of the one confirmation by its own matter hears no more before the second's time is over.
            let of_one = house.messages("bhabin-35.19.08.2011").len();
            assert_eq!(awas(), place.is_none(), "{:?}", house.messages("bhabin-35.19.08.2011"));
            house.pass(5).await;
            assert!(awas(), "{place:?}: {:?}", house.messages("bhabin-35.19.08.2011"));
            assert_eq!(house.messages("bhabin-35.19.08.2011").len(), of_one + 1);
        }
    }
}
