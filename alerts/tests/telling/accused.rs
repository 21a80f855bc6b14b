//! SG-14 told by the clock: whoever is complained of hears nothing, or no more.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::{confirmed, token};

#[tokio::test(flavor = "multi_thread")]
async fn the_accused_office_hears_nothing_in_any_step_and_neither_does_its_address() {
    for house in houses().await {
        let mut threat =
            finding(post("a", "pak kades mengancam", 0), Category::Kf13, Severity::Siaga, Some(TIRON));
        threat.signals[0].accused =
            Some(Accused { role: Role::Kades, region: Some(code(TIRON)), span: None });
        let mut fair = threat.clone();
        fair.post = post("b", "kades ancam warga lagi", 1);
        fair.id = "b".to_owned();
        house.stage.take(&[threat, fair]).await.unwrap();
        house.work().await;
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        house.pass(600).await;
        let told = house.told();
        assert!(told.contains(&"kapolsek-35.19.08".to_owned()), "{told:?}");
        for kept_out in ["kades", "camat", "bupati", "sekda", "kesbangpol-35.19", "bhabin", "babinsa"] {
            assert!(!told.iter().any(|address| address.starts_with(kept_out)), "{kept_out}: {told:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_turns_out_to_be_complained_of_hears_no_more_and_the_link_shows_nothing_new() {
    for house in houses_with(|config| config.policy.budget_per_hour = 1).await {
        confirmed(&house, 2).await;
        let office = "kades-35.19.08.2011";
        let link = token(&house, office);
        assert!(house.desk.answer_page(&link).await.is_ok());
        for (n, minutes) in [(0, -840), (1, -420)] {
            let mut threat = clash(&format!("kades{n}"), minutes + 5);
            threat.signals[0].accused =
                Some(Accused { role: Role::Kades, region: Some(code(TIRON)), span: None });
            house.stage.take(&[threat]).await.unwrap();
        }
        house.pass(601).await;
        assert_eq!(house.messages(office).len(), 1, "what waited for the digest stays here");
        let page = house.desk.answer_page(&link).await.unwrap();
        assert!(page.withheld && page.open, "a link once sent goes on answering");
        assert_eq!((page.place, page.sources, page.proposed), (None, 0, None), "and shows no news");
        assert!(house.messages("kapolsek-35.19.08").len() > 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_that_joins_later_silences_nobody_but_the_accused_and_his_chain() {
    for house in houses().await {
        let id = confirmed(&house, 1).await.remove(0);
        let offices = ["kades-35.19.08.2011", "bhabin-35.19.08.2011", "kapolsek-35.19.08"];
        let [kades, bhabin, kapolsek] = offices.map(|office| token(&house, office));
        let mut threat = clash("kades", -415);
        threat.signals[0].accused =
            Some(Accused { role: Role::Kades, region: Some(code(TIRON)), span: None });
        house.stage.take(&[threat]).await.unwrap();
        house.pass(61).await;
        let reminded = |office: &str| house.messages(office).last().unwrap().contains("PENGINGAT");
        assert!(!reminded(offices[0]) && reminded(offices[1]) && reminded(offices[2]));
        for link in [&bhabin, &kapolsek] {
            let page = house.desk.answer_page(link).await.unwrap();
            assert!(page.open && !page.withheld && page.place.is_some());
        }
        // What the accused says is kept, and neither takes the matter in hand nor stops a line.
        let page = house.desk.answer(&kades, Answer::Menuju).await.unwrap();
        assert_eq!(page.answer, Some(Answer::Menuju));
        assert_eq!(house.only().await.status, Status::Dikonfirmasi);
        house.desk.answer(&bhabin, Answer::Menuju).await.unwrap();
        assert_eq!(house.only().await.status, Status::Ditangani);
        let view = house.desk.incident(&analyst("ana"), id).await.unwrap();
        let told = view.told_after_confirmation;
        assert!(told.nobody.is_none(), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_aman_of_an_office_complained_of_is_no_sign_of_quiet_and_that_of_another_is() {
    for house in houses().await {
        let id = confirmed(&house, 1).await.remove(0);
        let offices = ["kades-35.19.08.2011", "bhabin-35.19.08.2011"];
        let [kades, bhabin] = offices.map(|office| token(&house, office));
        house.desk.answer(&kades, Answer::Aman).await.unwrap();
        let aman = async || house.desk.incident(&analyst("ana"), id).await.unwrap().aman;
        assert!(aman().await, "nobody complains of him yet");
        let mut threat = clash("kades", -415);
        threat.signals[0].accused =
            Some(Accused { role: Role::Kades, region: Some(code(TIRON)), span: None });
        house.stage.take(&[threat]).await.unwrap();
        assert!(!aman().await, "his word quiets nobody");
        house.desk.answer(&bhabin, Answer::Aman).await.unwrap();
        assert!(aman().await);
    }
}
