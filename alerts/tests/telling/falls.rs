//! A level that a person lowers, and confirms again: who hears of it, and at which pace it is followed up.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::token;

const BABINSA: &str = "babinsa-35.19.08.2011";
const BHABIN: &str = "bhabin-35.19.08.2011";

async fn decide(house: &House, id: IncidentId, level: Severity) {
    let by_phone = (level == Severity::Awas).then_some("ditelepon balik");
    house.desk.confirm(&analyst("ana"), id, Some(level), by_phone).await.unwrap();
    house.work().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_that_was_lowered_and_is_confirmed_again_is_told_again() {
    for house in houses().await {
        let grave = |id| finding(clash(id, 0).post, Category::Kf13, Severity::Siaga, Some(TIRON));
        house.stage.take(&[grave("a"), grave("b")]).await.unwrap();
        let id = house.only().await.id;
        house.work().await;
        house.desk.answer(&token(&house, BHABIN), Answer::Menuju).await.unwrap();
        for (level, all) in
            [(Severity::Siaga, 2), (Severity::Siaga, 2), (Severity::Waspada, 3), (Severity::Siaga, 4)]
        {
            decide(&house, id, level).await;
            for office in [BABINSA, BHABIN] {
                let messages = house.messages(office);
                assert_eq!(messages.len(), all, "{level}: {messages:#?}");
                assert!(messages[all - 1].contains(&format!("[{level}][KF-13]")), "{messages:#?}");
            }
        }
        let asked = |office: &str| house.messages(office).pop().unwrap().contains("/j/");
        assert!(asked(BABINSA) && !asked(BHABIN), "whoever has answered at that level is told that it holds");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_has_lowered_is_reminded_of_and_climbs_at_the_pace_of_the_lower_level() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        decide(&house, id, Severity::Awas).await;
        decide(&house, id, Severity::Waspada).await;
        let clocks = house.desk.incident(&ana, id).await.unwrap().clocks.into_iter();
        let clocks: Vec<(String, i64)> =
            clocks.map(|clock| (clock.kind, (clock.due.as_second() - eve().as_second()) / 60)).collect();
        assert_eq!(clocks, [("repeat".to_owned(), 60), ("climb".to_owned(), 240)]);
        for _ in 0..60 {
            house.pass(60).await;
        }
        let messages = house.messages(BABINSA);
        let reminders: Vec<&String> = messages.iter().filter(|text| text.contains("PENGINGAT")).collect();
        assert_eq!(reminders.len(), 3, "those of AWAS would not end: {messages:#?}");
        assert!(reminders.iter().all(|text| text.contains("[WASPADA]")), "{reminders:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_given_at_the_level_that_a_person_came_back_to_is_one() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        decide(&house, id, Severity::Siaga).await;
        let offices: Vec<String> = house.told().into_iter().filter(|office| office != "meja").collect();
        for office in &offices {
            house.desk.answer(&token(&house, office), Answer::Tahu).await.unwrap();
        }
        decide(&house, id, Severity::Awas).await;
        decide(&house, id, Severity::Siaga).await;
        assert!(
            house.desk.incident(&ana, id).await.unwrap().clocks.iter().all(|clock| clock.kind != "climb")
        );
        let told = house.told();
        house.pass(300).await;
        let reminded = |office: &String| house.messages(office).iter().any(|text| text.contains("PENGINGAT"));
        assert!(!offices.iter().any(reminded), "they have answered at SIAGA");
        assert_eq!(house.told(), told);
    }
}
