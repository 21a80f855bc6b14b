//! Answers and clocks of a matter in several villages: an answer speaks for its own area, and no village puts off another's.

use alerts::*;
use stream::*;

use super::{NEXT, THIRD, at, houses, last, name, of};
use crate::support::*;
use crate::token;

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_of_one_village_silences_neither_the_reminders_nor_the_climb_of_the_next() {
    for house in houses(|_| {}).await {
        let both = [at("a", TIRON, Severity::Siaga, 0), at("b", NEXT, Severity::Siaga, 1)];
        house.stage.take(&both).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        house.desk.confirm(&ana, id, None, None).await.unwrap();
        house.work().await;
        let [here, there] = [TIRON, NEXT].map(|village| of("babinsa", village));
        house.desk.answer(&token(&house, &here), Answer::Menuju).await.unwrap();
        house.pass(31).await;
        let dandim = house.told().contains(&"dandim-35.19".to_owned());
        assert!(!dandim, "Dandim hears of AWAS alone");
        let view = house.desk.incident(&ana, id).await.unwrap();
        let climbs: Vec<&str> = view.notifications.iter().map(|it| it.remark.as_str()).collect();
        assert!(climbs.iter().any(|silent| silent.contains("BABINSA")), "it climbs: {climbs:?}");
        house.pass(31).await;
        let reminded = |address: &str| last(&house, address).contains("PENGINGAT");
        assert!(reminded(&there) && !reminded(&here));
        // The Danramil, who has both villages, answers: nothing is asked of his line any more.
        assert!(reminded("danramil-35.19.08"));
        house.desk.answer(&token(&house, "danramil-35.19.08"), Answer::Tahu).await.unwrap();
        let before = house.messages(&there).len();
        house.pass(120).await;
        assert_eq!(house.messages(&there).len(), before, "an answer from above speaks for both");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_takes_back_the_reminder_that_waits_for_its_own_village_alone() {
    for house in houses(|_| {}).await {
        let both = [at("a", TIRON, Severity::Waspada, 0), at("b", NEXT, Severity::Waspada, 1)];
        house.stage.take(&both).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        house.work().await;
        let [here, there] = [TIRON, NEXT].map(|village| of("babinsa", village));
        let link = token(&house, &here);
        house.clock.advance(std::time::Duration::from_secs(61 * 60));
        assert!(house.teller.fire().await.unwrap() > 0, "the reminders are written and have not left");
        house.desk.answer(&link, Answer::Tahu).await.unwrap();
        house.work().await;
        let reminded = |address: &str| last(&house, address).contains("PENGINGAT");
        assert!(reminded(&there) && reminded("danramil-35.19.08") && !reminded(&here));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_awas_climbs_for_the_village_that_is_silent_though_the_next_has_answered() {
    for house in houses(|_| {}).await {
        let both = [at("a", TIRON, Severity::Awas, 0), at("b", NEXT, Severity::Awas, 1)];
        house.stage.take(&both).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        house.desk.confirm(&ana, id, Some(Severity::Awas), Some("ditelepon balik")).await.unwrap();
        house.work().await;
        house.desk.answer(&token(&house, &of("babinsa", TIRON)), Answer::Menuju).await.unwrap();
        for role in ["kades", "bhabin"] {
            for village in [TIRON, NEXT] {
                house.desk.answer(&token(&house, &of(role, village)), Answer::Menuju).await.unwrap();
            }
        }
        house.pass(6).await;
        let dandim = last(&house, "dandim-35.19");
        let silent = format!("belum ada jawaban dari Babinsa {}, Danramil", name(NEXT));
        assert!(dandim.contains(&silent), "{dandim}");
        assert!(dandim.contains(&format!("(35.19.08): {}, {}", name(NEXT), name(TIRON))), "{dandim}");
        assert!(!house.told().contains(&"kapolres-35.19".to_owned()), "the police have answered in both");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_village_puts_off_no_clock_of_the_first() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", TIRON, Severity::Waspada, 0)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        house.pass(55).await;
        house.stage.take(&[at("b", NEXT, Severity::Waspada, 55)]).await.unwrap();
        house.pass(6).await;
        assert!(
            last(&house, &of("kades", TIRON)).contains("PENGINGAT"),
            "after an hour, as if it had not come"
        );
        house.pass(180).await;
        assert!(house.told().contains(&"camat-35.19.08".to_owned()), "and after four it climbs");
        // All of the first have answered and the reminders are over: a third village has its own.
        for role in ["kades", "babinsa", "bhabin"] {
            for village in [TIRON, NEXT] {
                house.desk.answer(&token(&house, &of(role, village)), Answer::Tahu).await.unwrap();
            }
        }
        house.pass(600).await;
        house.stage.take(&[at("c", THIRD, Severity::Waspada, 300)]).await.unwrap();
        house.pass(61).await;
        assert!(last(&house, &of("kades", THIRD)).contains("PENGINGAT"));
        let reminded = house.messages(&of("kades", TIRON));
        assert!(reminded.iter().filter(|text| text.contains("PENGINGAT")).count() <= 3, "{reminded:?}");
    }
}
