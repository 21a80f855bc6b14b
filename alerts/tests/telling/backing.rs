//! What an AWAS that holds stands on: two persons, or one who has called back.

use alerts::*;
use stream::*;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn of_an_awas_it_is_said_whether_two_persons_or_one_with_a_call_back_confirmed_it() {
    let (ana, rio) = (analyst("ana"), analyst("rio"));
    let awas = Some(Severity::Awas);
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let id = house.only().await.id;
        let certainty = async || house.only().await.certainty();
        let last = || house.messages("bhabin-35.19.08.2011").pop().unwrap();
        house.desk.confirm(&ana, id, awas, Some("ditelepon balik")).await.unwrap();
        house.work().await;
        assert!(last().contains("sumber, dikonfirmasi satu orang setelah telepon balik,"), "{}", last());
        // Once more by another says nothing else of how it came to hold; a milder level stands on nothing of the kind.
        house.desk.confirm(&rio, id, awas, None).await.unwrap();
        assert_eq!(certainty().await, Certainty::ByCall);
        house.desk.confirm(&rio, id, Some(Severity::Siaga), None).await.unwrap();
        assert_eq!(certainty().await, Certainty::Confirmed);
        house.desk.confirm(&ana, id, awas, None).await.unwrap();
        assert_eq!(certainty().await, Certainty::OneOfTwo);
        house.desk.confirm(&rio, id, awas, Some("ditelepon balik")).await.unwrap();
        assert_eq!(certainty().await, Certainty::ByTwo);
        // It goes with the matter into another one.
        let beside = finding(post("b", "ribut", 0), Category::Kf01, Severity::Waspada, Some(TIRON));
        house.stage.take(&[beside]).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let other = rows.iter().map(|row| row.incident.id).find(|other| *other != id).unwrap();
        house.desk.merge(&ana, id, other).await.unwrap();
        assert_eq!(certainty().await, Certainty::ByTwo);
    }
}
