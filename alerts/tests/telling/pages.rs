//! Answers that the desk is paged of: all is quiet, or not the area of who was asked.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::token;

/// A house told of one matter at `severity`.
async fn told(house: &House, severity: Severity) -> IncidentId {
    house.stage.take(&[clash("a", 0)]).await.unwrap();
    let id = house.only().await.id;
    house.desk.confirm(&analyst("ana"), id, Some(severity), None).await.unwrap();
    house.work().await;
    id
}

async fn answer(house: &House, office: &str, answer: Answer) {
    house.desk.answer(&token(house, office), answer).await.unwrap();
    house.work().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_paged_at_once_of_all_is_quiet_and_of_not_my_area_and_of_each_once() {
    for house in houses_with(|config| config.console_url = Some("http://meja.example/".into())).await {
        told(&house, Severity::Siaga).await;
        let page = async |office: &str, said: Answer| {
            answer(&house, office, said).await;
            house.messages("meja")
        };
        assert!(page("kades-35.19.08.2011", Answer::Menuju).await.is_empty(), "that is what was asked for");
        let pages = page("kapolsek-35.19.08", Answer::Aman).await;
        assert_eq!(pages.len(), 1, "{pages:?}");
        for part in [
            "[SIAGA][KF-13]",
            "KTG-1: Kapolsek Kec. Madiun: Aman / tidak benar",
            "meja.example/kejadian/KTG-1",
        ] {
            assert!(pages[0].contains(part), "{part}: {pages:?}");
        }
        assert!(!pages[0].contains("/j/"), "the desk is asked nothing: {pages:?}");
        let pages = page("babinsa-35.19.08.2011", Answer::BukanWilayah).await;
        assert_eq!(pages.len(), 2, "{pages:?}");
        assert!(pages[1].contains("Babinsa Desa Tiron: Bukan wilayah saya"), "{pages:?}");
        // Confirmed at AWAS every office is asked again; the same answer is no news.
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, Some(Severity::Awas), Some("ditelepon balik")).await.unwrap();
        house.work().await;
        assert_eq!(page("kapolsek-35.19.08", Answer::Aman).await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mild_matter_that_all_call_quiet_and_one_that_is_over_page_nobody() {
    for house in houses().await {
        let id = told(&house, Severity::Waspada).await;
        let offices = house.told();
        for office in &offices {
            answer(&house, office, Answer::Aman).await;
        }
        assert_eq!(house.messages("meja").len(), offices.len() - 1, "the last one says what all say");
        house.desk.finish(&analyst("ana"), id, "aman").await.unwrap();
    }
    for house in houses().await {
        let id = told(&house, Severity::Siaga).await;
        let link = token(&house, "kapolsek-35.19.08");
        house.desk.finish(&analyst("ana"), id, "selesai").await.unwrap();
        let _ = house.desk.answer(&link, Answer::Aman).await;
        house.work().await;
        assert!(house.messages("meja").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_a_decision_and_is_graver_is_marked_until_a_person_decides_again() {
    for house in houses().await {
        let at =
            |id, minutes, severity| finding(post(id, id, minutes), Category::Kf13, severity, Some(TIRON));
        house.stage.take(&[at("ejek", 0, Severity::Waspada)]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        let marked = async || {
            let row = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap()[0].graver;
            let page = house.desk.incident(&ana, id).await.unwrap().graver_since();
            assert_eq!(row, page.is_some(), "the queue and the page say the same");
            page
        };
        house.desk.confirm(&ana, id, Some(Severity::Waspada), None).await.unwrap();
        assert_eq!(marked().await, None);
        house.stage.take(&[at("bakar", 10, Severity::Siaga)]).await.unwrap();
        assert_eq!(marked().await, Some(Severity::Siaga));
        house.desk.confirm(&ana, id, Some(Severity::Waspada), None).await.unwrap();
        assert_eq!(marked().await, None, "who confirms less than is proposed has seen it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_explain_name_the_same_offices_before_a_confirmation_and_those_hear_of_it() {
    for house in houses().await {
        let ana = analyst("ana");
        let fire = |id: &str, minutes| {
            finding(
                post(id, &format!("tenda {id} dibakar"), minutes),
                Category::Kf04,
                Severity::Siaga,
                Some(TIRON),
            )
        };
        let one = fire("a", 0);
        let policy = clocks::Policy::default();
        let alone = explain::told(&one, &one.signals[0], &*house.alerts.roster(), &policy);
        let roles =
            |list: &[explain::Because]| list.iter().map(|it| it.office.to_string()).collect::<Vec<_>>();
        let mut named = roles(&alone.now.told);
        assert!(named.contains(&"KAPOLRES 35.19".to_owned()), "{named:?}");
        house.stage.take(&[one, fire("b", 1)]).await.unwrap();
        house.work().await;
        let id = house.only().await.id;
        let now = house.desk.incident(&ana, id).await.unwrap().told_now;
        assert_eq!((roles(&now.overdue), now.after_minutes), (vec!["KAPOLRES 35.19".to_owned()], Some(30)));
        let mut both = [roles(&now.told), roles(&now.overdue)].concat();
        both.sort();
        named.sort();
        assert_eq!(both, named);
        assert!(house.messages("kapolres-35.19").is_empty());
        house.pass(31).await;
        assert_eq!(house.messages("kapolres-35.19").len(), 1);
        let now = house.desk.incident(&ana, id).await.unwrap().told_now;
        assert!(now.overdue.is_empty() && roles(&now.told).contains(&"KAPOLRES 35.19".to_owned()), "{now:?}");
    }
}
