//! How an office answers and reaches the desk: the link alone, by the words of its page, and a telephone where there is one.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::{confirmed, token};

const BHABIN: &str = "bhabin-35.19.08.2011";

#[tokio::test(flavor = "multi_thread")]
async fn a_message_offers_the_answers_of_its_link_in_their_order_and_no_other_way() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        let message = house.messages(BHABIN).pop().expect("told");
        let asks =
            "Jawab lewat tautan ini (Menuju lokasi · Sudah tahu · Aman / tidak benar · Bukan wilayah saya): ";
        assert!(message.contains(asks), "{message}");
        for promised in ["balas", "1 tahu", "telepon"] {
            assert!(!message.contains(promised), "{promised}: {message}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desks_telephone_stands_in_every_message_to_an_office_and_in_none_of_bawaslus() {
    let desk = DeskContact { name: Some("Desk Pilkada rekaan".into()), phone: "0800-123-4567".into() };
    let change = |config: &mut AlertsConfig| {
        config.desk = Some(desk.clone());
        config.policy.budget_per_hour = 2;
    };
    for house in houses_with(change).await {
        let line = "Desk Pilkada rekaan, telepon 0800-123-4567";
        confirmed(&house, 4).await;
        let told = house.messages(BHABIN);
        assert!(told.len() == 2 && told.iter().all(|text| text.contains(line)), "{told:?}");
        assert!(house.desk.answer_page(&token(&house, BHABIN)).await.is_ok(), "the link stands last");
        assert_eq!(house.desk.contact(), Some(&desk));
        house.pass(61).await;
        let digest = house.messages(BHABIN).into_iter().find(|text| text.contains("ringkasan")).expect("one");
        assert_eq!(digest.matches(line).count(), 1, "{digest}");

        let aide = finding(post("n", "netral", 60), Category::Kf14, Severity::Waspada, Some(TIRON));
        house.stage.take(&[aide]).await.unwrap();
        house.work().await;
        let waits = house.messages("pkd-35.19.08.2011").pop().expect("told");
        assert!(!waits.contains("telepon"), "what is Bawaslu's is not the desk's: {waits}");
    }
}
