//! Budgets, digests and reminders: how often an office hears of the same.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::{confirmed, token};

#[tokio::test(flavor = "multi_thread")]
async fn beyond_its_budget_an_office_gets_one_digest_and_awas_is_never_folded() {
    for house in houses().await {
        // Nine matters of as many kecamatan's worth of time: each its own incident, all for one Kapolsek.
        for n in 0..9 {
            house.stage.take(&[clash(&n.to_string(), n * 500 - 3000)]).await.unwrap();
        }
        let ana = analyst("ana");
        for row in
            house.desk.queue(&ana, &QueueFilter { archived: true, ..QueueFilter::default() }).await.unwrap()
        {
            house.desk.confirm(&ana, row.incident.id, None, None).await.unwrap();
        }
        house.work().await;
        let live = house.desk.count(&ana, &QueueFilter::default()).await.unwrap();
        assert!(live > 7);
        assert_eq!(house.messages("kapolsek-35.19.08").len(), 6);
        let grave = finding(post("x", "diserang massa", 0), Category::Kf01, Severity::Awas, Some(TIRON));
        house.stage.take(&[grave]).await.unwrap();
        let top = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap()[0].incident.id;
        house.desk.confirm(&ana, top, None, Some("ditelepon balik, benar")).await.unwrap();
        house.work().await;
        assert_eq!(house.messages("kapolsek-35.19.08").len(), 7);
        house.pass(61).await;
        let messages = house.messages("kapolsek-35.19.08");
        let digests: Vec<_> = messages.iter().filter(|text| text.contains("dalam satu ringkasan")).collect();
        assert_eq!(digests.len(), 1, "{messages:#?}");
        assert_eq!(digests[0].matches("PENGINGAT").count(), 6, "the reminders of that hour are in it, too");
        assert_eq!(
            digests[0].matches("/j/").count(),
            usize::try_from(live).unwrap(),
            "each with its own link"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_office_gets_its_reminders_of_an_hour_in_one_message_and_three_of_a_matter_at_most() {
    for house in houses().await {
        confirmed(&house, 4).await;
        let office = "babinsa-35.19.08.2011";
        assert_eq!(house.messages(office).len(), 4);
        for hour in 1..=3 {
            house.pass(61).await;
            let messages = house.messages(office);
            assert_eq!(messages.len(), 4 + hour, "{messages:#?}");
            for digest in messages.iter().filter(|text| text.contains("PENGINGAT")) {
                assert_eq!(digest.matches("PENGINGAT").count(), 4, "{digest}");
                assert_eq!(digest.matches("/j/").count(), 4, "each with its own link: {digest}");
            }
        }
        house.pass(61).await;
        house.pass(600).await;
        let reminded: usize =
            house.messages(office).iter().map(|message| message.matches("PENGINGAT").count()).sum();
        assert_eq!(reminded, 12, "no fourth reminder of any matter");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reminder_leaves_of_what_was_answered_or_closed_even_if_it_waited_already() {
    for house in houses_with(|config| config.policy.budget_per_hour = 3).await {
        let ids = confirmed(&house, 3).await;
        let (ana, office) = (analyst("ana"), "bhabin-35.19.08.2011");
        let answer = token(&house, office);
        // The reminders are due and written, but the budget of the hour holds them back.
        house.clock.advance(std::time::Duration::from_secs(59 * 60));
        house.desk.finish(&ana, ids[0], "aman").await.unwrap();
        house.pass(1).await;
        house.desk.answer(&answer, Answer::Tahu).await.unwrap();
        house.pass(600).await;
        let reminders: Vec<String> =
            house.messages(office).into_iter().filter(|text| text.contains("PENGINGAT")).collect();
        assert!(!reminders.is_empty());
        for text in &reminders {
            assert!(!text.contains(&format!("ID {}", ids[0])), "finished: {text}");
        }
        assert!(!reminders.iter().skip(1).any(|text| text.contains(&format!("ID {}", ids[2]))), "answered");
        house.desk.finish(&ana, ids[1], "aman").await.unwrap();
        let before = house.messages(office).len();
        house.pass(600).await;
        assert_eq!(house.messages(office).len(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_in_a_digest_is_not_said_any_more_once_it_is_finished() {
    for house in houses_with(|config| config.policy.budget_per_hour = 2).await {
        let ids = confirmed(&house, 4).await;
        let office = "kapolsek-35.19.08";
        assert_eq!(house.messages(office).len(), 2, "two wait for the digest");
        house.desk.finish(&analyst("ana"), ids[3], "sudah aman").await.unwrap();
        house.pass(61).await;
        let digest =
            house.messages(office).into_iter().find(|text| text.contains("dalam satu ringkasan")).unwrap();
        assert!(digest.contains(&format!("ID {}", ids[2])), "{digest}");
        assert!(!digest.contains(&format!("ID {}", ids[3])), "{digest}");
        let view = house.desk.incident(&analyst("ana"), ids[3]).await.unwrap();
        assert!(view.notifications.iter().any(|sent| sent.state == "moot"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn awas_is_repeated_ever_more_rarely_until_it_is_answered_and_climbs_past_offices_that_a_lower_climb_reached()
 {
    for house in houses().await {
        let ana = analyst("ana");
        let grave =
            |id: &str, severity| finding(post(id, "bentrok", 0), Category::Kf01, severity, Some(TIRON));
        house.stage.take(&[grave("a", Severity::Siaga)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&ana, id, None, None).await.unwrap();
        house.pass(31).await;
        let kesbangpol = house.messages("kesbangpol-35.19");
        assert!(kesbangpol.len() == 1 && kesbangpol[0].contains("[SIAGA]"), "{kesbangpol:?}");
        // Answered at SIAGA: at AWAS the line is asked again.
        house.desk.answer(&token(&house, "bhabin-35.19.08.2011"), Answer::Tahu).await.unwrap();
        house.pass(1).await;
        house.desk.confirm(&ana, id, Some(Severity::Awas), Some("ditelepon balik")).await.unwrap();
        house.pass(6).await;
        let kesbangpol = house.messages("kesbangpol-35.19");
        assert!(kesbangpol.last().unwrap().contains("[AWAS]"), "{kesbangpol:?}");
        for _ in 0..24 {
            house.pass(61).await;
        }
        let count = |house: &House, address: &str| {
            house.messages(address).iter().filter(|text| text.contains("PENGINGAT")).count()
        };
        // After one, two, three, five, nine and seventeen hours; not twenty in a day.
        assert_eq!(count(&house, "bhabin-35.19.08.2011"), 6);
        assert_eq!(count(&house, "danramil-35.19.08"), 6);
        house.pass(24 * 60).await;
        assert_eq!(count(&house, "bhabin-35.19.08.2011"), 7, "and goes on");
        house.desk.answer(&token(&house, "danramil-35.19.08"), Answer::Menuju).await.unwrap();
        let (line, other) = (count(&house, "danramil-35.19.08"), count(&house, "bhabin-35.19.08.2011"));
        house.pass(24 * 61).await;
        assert_eq!(count(&house, "danramil-35.19.08"), line, "an answer stops its own line");
        assert!(count(&house, "bhabin-35.19.08.2011") > other, "and no other");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hears_of_it_by_a_climb_is_reminded_a_whole_pause_later() {
    for house in houses_with(|config| config.policy.repeat_minutes = 31).await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, Some(Severity::Siaga), None).await.unwrap();
        house.work().await;
        house.pass(30).await;
        let (first, above) = ("babinsa-35.19.08.2011", "danramil-35.19.08");
        let reminded =
            |address: &str| house.messages(address).iter().filter(|text| text.contains("PENGINGAT")).count();
        assert_eq!(house.messages(above).len(), 1, "it climbs");
        house.pass(1).await;
        assert_eq!((reminded(first), reminded(above)), (1, 0), "told a minute ago");
        house.pass(31).await;
        assert!(reminded(above) == 1, "in the next round: {:?}", house.messages(above));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_longer_concerned_gets_no_reminder_that_waited_when_the_place_was_set() {
    for house in houses().await {
        let id = confirmed(&house, 1).await[0];
        house.clock.advance(std::time::Duration::from_secs(61 * 60));
        assert!(house.teller.fire().await.unwrap() > 0, "the reminders wait");
        house.desk.set_place(&analyst("ana"), id, &code("62.10.02.1001")).await.unwrap();
        house.work().await;
        house.pass(6000).await;
        let told = house.messages("bhabin-35.19.08.2011");
        assert!(told.last().unwrap().contains("bukan lagi wilayah Anda"), "{told:?}");
        assert!(told.iter().all(|text| !text.contains("PENGINGAT")), "{told:?}");
    }
}
