//! Who is told what and when: stories told by the clock.

mod support;

use alerts::clocks::Unconfirmed;
use alerts::*;
use stream::*;
use support::*;

/// The token of the answer link in the last message to `address`.
fn token(house: &House, address: &str) -> String {
    let message = house.messages(address).pop().expect("a message");
    message.rsplit("/j/").next().unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_source_waits_for_the_desk_and_goes_out_as_not_verified_after_its_clock() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        house.pass(239).await;
        assert!(house.told().is_empty());
        house.pass(1).await;
        assert_eq!(
            house.told(),
            ["babinsa-35.19.08.2011", "bhabin-35.19.08.2011", "kades-35.19.08.2011", "kapolsek-35.19.08"]
        );
        let message = house.messages("kades-35.19.08.2011").pop().unwrap();
        assert!(message.contains("[WASPADA, usulan][KF-13] Indikasi"), "{message}");
        assert!(message.contains("Tiron") && message.contains("BELUM terverifikasi"), "{message}");
        assert!(
            !message.contains("perguruan") && !message.contains("warga_a"),
            "neither text nor name: {message}"
        );
        // Four hours later the silent lines climb to the kecamatan, after twelve to Kesbangpol.
        house.pass(240).await;
        assert!(house.told().contains(&"camat-35.19.08".to_owned()));
        assert!(!house.told().contains(&"kesbangpol-35.19".to_owned()));
        house.pass(480).await;
        assert!(house.told().contains(&"kesbangpol-35.19".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_hold_nothing_leaves_unconfirmed() {
    for house in houses_with(|config| config.policy.unconfirmed = Unconfirmed::Hold).await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        house.pass(6000).await;
        assert!(house.told().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_independent_sources_or_a_reporter_are_told_at_once_and_copies_are_not_two() {
    for house in houses().await {
        let copy =
            |id: &str| finding(post(id, "TEKS yang sama!", 0), Category::Kf13, Severity::Siaga, Some(TIRON));
        house.stage.take(&[copy("a"), copy("b")]).await.unwrap();
        house.work().await;
        assert_eq!(house.told(), ["meja"], "a proposal of SIAGA pages the desk, and no more");
        assert_eq!(house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap().posts[0].copies, 2);
        house.stage.take(&[clash("c", 5)]).await.unwrap();
        house.work().await;
        let message = house.messages("bhabin-35.19.08.2011").pop().unwrap();
        assert!(message.contains("[WASPADA, usulan SIAGA]"), "never higher without a person: {message}");

        let mut field =
            finding(post("r", "saya lihat sendiri", 0), Category::Kf12, Severity::Waspada, Some(TIRON));
        field.post.author = Some(Author { verified_reporter: true, ..Author::default() });
        house.stage.take(&[field]).await.unwrap();
        house.work().await;
        assert!(house.messages("camat-35.19.08").pop().unwrap().contains("KF-12"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn awas_takes_two_persons_and_warns_meanwhile() {
    for house in houses().await {
        let grave =
            finding(post("a", "bentrok, ada celurit", 0), Category::Kf01, Severity::Awas, Some(TIRON));
        house.stage.take(&[grave]).await.unwrap();
        let (ana, rio) = (analyst("ana"), analyst("rio"));
        let id = house.only().await.id;
        assert_eq!(house.desk.confirm(&ana, id, None, None).await.unwrap(), Confirmed::WaitsForSecond);
        assert!(matches!(
            house.desk.confirm(&ana, id, None, None).await,
            Err(DeskError::Refused("same_person"))
        ));
        house.work().await;
        let told = house.messages("bhabin-35.19.08.2011");
        assert!(told[0].contains("[SIAGA][KF-01]"), "{told:?}");
        house.pass(5).await;
        let told = house.messages("bhabin-35.19.08.2011");
        assert!(told.last().unwrap().contains("[AWAS, usulan][KF-01]"), "{told:?}");
        assert_eq!(house.desk.confirm(&rio, id, None, None).await.unwrap(), Confirmed::At(Severity::Awas));
        house.work().await;
        assert!(house.messages("bhabin-35.19.08.2011").last().unwrap().contains("[AWAS][KF-01]"));
        house.pass(5).await;
        for office in ["kapolres-35.19", "dandim-35.19", "bupati-35.19", "kesbangpol-35.19"] {
            assert!(house.told().contains(&office.to_owned()), "{office}");
        }
        house.pass(10).await;
        assert!(house.told().contains(&"polda-35".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_stops_its_own_line_and_not_my_area_returns_to_the_desk() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        house.work().await;
        let bhabin = token(&house, "bhabin-35.19.08.2011");
        let page = house.desk.answer_page(&bhabin).await.unwrap();
        assert!(page.open && page.answer.is_none() && page.office_title.contains("Tiron"));
        assert!(house.desk.answer_page(&format!("{bhabin}x")).await.is_err());
        let page = house.desk.answer(&bhabin, Answer::Menuju).await.unwrap();
        assert_eq!((page.answer, page.open), (Some(Answer::Menuju), false));
        let again = house.desk.answer(&bhabin, Answer::Aman).await.unwrap();
        assert_eq!(again.answer, Some(Answer::Menuju), "the first answer holds");
        assert_eq!(house.only().await.status, Status::Ditangani);
        let babinsa = token(&house, "babinsa-35.19.08.2011");
        house.desk.answer(&babinsa, Answer::BukanWilayah).await.unwrap();
        assert!(house.only().await.returned);
        house.pass(240).await;
        let told = house.told();
        assert!(told.contains(&"camat-35.19.08".to_owned()), "the silent line climbs: {told:?}");
        assert!(!told.contains(&"danramil-35.19.08".to_owned()), "who answered does not: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_told_is_told_of_rejection_and_of_a_corrected_place() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        let id = house.only().await.id;
        house.desk.set_place(&ana, id, &code("62.10.02.1001")).await.unwrap();
        house.work().await;
        let told = house.messages("bhabin-35.19.08.2011");
        assert!(told.last().unwrap().contains("RALAT"), "{told:?}");
        assert!(house.told().contains(&"lurah-62.10.02.1001".to_owned()), "{:?}", house.told());
        assert!(house.desk.reject(&ana, id, "  ").await.is_err());
        house.desk.reject(&ana, id, "latihan gabungan").await.unwrap();
        house.work().await;
        for address in ["bhabin-35.19.08.2011", "lurah-62.10.02.1001"] {
            let last = house.messages(address).pop().unwrap();
            assert!(last.contains("[DIBATALKAN]") && !last.contains("latihan"), "{last}");
        }
        house.pass(6000).await;
        assert_eq!(house.messages("bhabin-35.19.08.2011").len(), 3, "after that nothing more");
    }
}

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
async fn kf14_is_bawaslus_alone_and_says_nothing_before_release() {
    for house in houses().await {
        let mut item =
            finding(post("a", "pak camat ikut kampanye", 0), Category::Kf14, Severity::Waspada, Some(TIRON));
        item.signals[0].subject = Some(Subject { class: SubjectClass::Lurah, span: None });
        house.stage.take(&[item]).await.unwrap();
        house.pass(2000).await;
        assert_eq!(house.told(), ["bawaslu-35.19"], "a camat is complained of: his kecamatan hears nothing");
        assert!(!house.messages("bawaslu-35.19")[0].contains("camat"));

        let item = finding(
            post("b", "guru kontrak ikut kampanye", 0),
            Category::Kf14,
            Severity::Waspada,
            Some("62.10.02.1001"),
        );
        house.stage.take(&[item]).await.unwrap();
        house.pass(2000).await;
        assert_eq!(house.told(), ["bawaslu-35.19", "panwascam-62.10.02", "pkd-62.10.02.1001"]);
        let message = house.messages("pkd-62.10.02.1001").pop().unwrap();
        assert!(message.contains("menunggu di meja Bawaslu") && !message.contains("kampanye"), "{message}");
        let filter = QueueFilter { queue: Some(Queue::Netralitas), ..QueueFilter::default() };
        for role in [DeskRole::Admin, DeskRole::Analis, DeskRole::Ops] {
            let actor = Actor { role, ..analyst("x") };
            assert!(house.desk.queue(&actor, &filter).await.is_err());
            assert!(matches!(house.desk.incident(&actor, IncidentId(2)).await, Err(DeskError::NotFound)));
            assert!(house.desk.release(&actor, IncidentId(2), "x").await.is_err());
        }
        assert_eq!(
            house.desk.neutrality_findings(&bawaslu(), &QueueFilter::default()).await.unwrap().len(),
            2
        );
        house.desk.release(&bawaslu(), IncidentId(2), "layak ditelusuri").await.unwrap();
        house.work().await;
        assert_eq!(
            house.told(),
            ["bawaslu-35.19", "bawaslu-62.10", "panwascam-62.10.02", "pkd-62.10.02.1001"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analyst_of_one_regency_sees_and_changes_nothing_of_another() {
    let houses = houses().await;
    let house = &houses[0];
    house.stage.take(&[clash("a", 0)]).await.unwrap();
    let other = Actor { regions: vec![code("62.10")], ..analyst("ana") };
    assert!(house.desk.queue(&other, &QueueFilter::default()).await.unwrap().is_empty());
    assert!(matches!(house.desk.confirm(&other, IncidentId(1), None, None).await, Err(DeskError::NotFound)));
    let own = Actor { regions: vec![code("35.19")], ..analyst("ana") };
    assert_eq!(house.desk.queue(&own, &QueueFilter::default()).await.unwrap().len(), 1);
}

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
        assert_eq!(
            digests[0].matches("/j/").count(),
            usize::try_from(live).unwrap() - 6,
            "each with its own link"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_switch_holds_messages_back_and_lets_them_go_when_it_is_off() {
    for house in houses().await {
        let ops = Actor { role: DeskRole::Ops, ..analyst("oki") };
        assert!(house.desk.switch(&analyst("ana"), "region:35.19", true, "uji").await.is_err());
        assert!(house.desk.switch(&ops, "region:xx", true, "uji").await.is_err());
        house.desk.switch(&ops, "region:35.19", true, "latihan").await.unwrap();
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.pass(60).await;
        assert!(house.told().is_empty());
        assert_eq!(house.desk.health().await.unwrap().switches.len(), 1);
        house.desk.switch(&ops, "region:35.19", false, "selesai").await.unwrap();
        house.work().await;
        assert_eq!(house.told().len(), 4);
    }
}
