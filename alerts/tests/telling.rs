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
        assert!(told.last().unwrap().contains("[SIAGA, usulan AWAS][KF-01]"), "{told:?}");
        assert!(told.last().unwrap().contains("AWAS menunggu orang kedua"), "{told:?}");
        let link = token(&house, "bhabin-35.19.08.2011");
        let page = house.desk.answer_page(&link).await.unwrap();
        assert_eq!((page.severity, page.proposed), (Severity::Siaga, Some(Severity::Awas)));
        assert_eq!(page.certainty, Certainty::OneOfTwo);
        assert_eq!(house.desk.confirm(&rio, id, None, None).await.unwrap(), Confirmed::At(Severity::Awas));
        house.work().await;
        assert!(house.messages("bhabin-35.19.08.2011").last().unwrap().contains("[AWAS][KF-01]"));
        let page = house.desk.answer_page(&link).await.unwrap();
        assert_eq!((page.severity, page.proposed), (Severity::Awas, None), "the old link tells of now");
        house.pass(5).await;
        for office in ["kapolres-35.19", "dandim-35.19", "bupati-35.19", "kesbangpol-35.19"] {
            assert!(house.told().contains(&office.to_owned()), "{office}");
        }
        house.pass(10).await;
        assert!(house.told().contains(&"polda-35".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_leads_the_desk_to_the_incident_where_the_address_of_the_console_is_known() {
    let link = "http://meja.example/kejadian/KTG-1";
    for house in houses_with(|config| config.console_url = Some("http://meja.example/".into())).await {
        house
            .stage
            .take(&[finding(post("a", "rahasia warga", 0), Category::Kf13, Severity::Siaga, Some(TIRON))])
            .await
            .unwrap();
        house.work().await;
        let page = house.messages("meja").pop().expect("a page");
        assert!(page.contains(link) && !page.contains("rahasia"), "{page}");
        house.pass(30).await;
        let told = house.messages("bhabin-35.19.08.2011").pop().expect("told");
        assert!(!told.contains("meja.example"), "the console is the desk's alone: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_turned_down_says_so_on_the_link_and_at_the_desk() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        house.pass(240).await;
        let link = token(&house, "kades-35.19.08.2011");
        let (ana, id) = (analyst("ana"), house.only().await.id);
        house.desk.reject(&ana, id, "sudah dicek").await.unwrap();
        let page = house.desk.answer_page(&link).await.unwrap();
        assert_eq!(
            (page.certainty, page.severity, page.open),
            (Certainty::Rejected, Severity::Normal, false)
        );
        let view = house.desk.incident(&ana, id).await.unwrap();
        assert_eq!(view.incident.certainty(), Certainty::Rejected);
        assert_eq!(view.told_now.nobody.as_deref(), Some("rejected"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_climb_says_which_line_is_silent() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        house.pass(240).await;
        // The police and the army answer, the village head does not.
        for office in ["kapolsek-35.19.08", "babinsa-35.19.08.2011"] {
            house.desk.answer(&token(&house, office), Answer::Menuju).await.unwrap();
        }
        house.pass(240).await;
        let camat = house.messages("camat-35.19.08").pop().expect("told");
        assert!(camat.contains("belum ada jawaban dari jalur pemerintahan. "), "{camat}");
        let view = house.desk.incident(&analyst("ana"), house.only().await.id).await.unwrap();
        let climbed: Vec<&str> = view
            .notifications
            .iter()
            .filter(|sent| sent.reason == "climb")
            .map(|sent| sent.remark.as_str())
            .collect();
        assert_eq!(climbed, ["sipil"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_incident_of_a_post_is_named_to_who_may_open_it() {
    for house in houses().await {
        let aide = finding(post("n", "netral", 0), Category::Kf14, Severity::Waspada, Some(TIRON));
        house.stage.take(&[clash("a", 0), aide]).await.unwrap();
        let (clash, aide) = (post("a", "", 0).id, post("n", "", 0).id);
        let both = [clash.as_str(), aide.as_str()];
        let queues = |found: Vec<(String, IncidentId, Queue)>| -> Vec<Queue> {
            found.into_iter().map(|(_, _, queue)| queue).collect()
        };
        let seen = house.desk.incidents_of(&analyst("ana"), &both).await.unwrap();
        assert_eq!(queues(seen), [Queue::Konflik], "KF-14 is Bawaslu's (SG-18)");
        let seen = house.desk.incidents_of(&bawaslu(), &both).await.unwrap();
        assert_eq!(queues(seen), [Queue::Netralitas]);
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
        assert!(page.open && page.answer.is_none());
        assert_eq!((page.place, page.certainty), (Some(code(TIRON)), Certainty::Confirmed));
        assert_eq!((page.sources, page.unknown, page.category), (1, Unknown::Course, Some(Category::Kf13)));
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
        assert_eq!(digests[0].matches("PENGINGAT").count(), 6, "the reminders of that hour are in it, too");
        assert_eq!(
            digests[0].matches("/j/").count(),
            usize::try_from(live).unwrap(),
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

/// Tells a house of `count` matters in one village, each confirmed by the desk.
async fn confirmed(house: &House, count: i64) -> Vec<IncidentId> {
    let (ana, mut ids) = (analyst("ana"), Vec::new());
    for n in 0..count {
        // Seven hours apart: each its own matter.
        house.stage.take(&[clash(&n.to_string(), n * 420 - 420 * count)]).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let new = rows.iter().find(|row| row.incident.status == Status::Baru).unwrap().incident.id;
        house.desk.confirm(&ana, new, None, None).await.unwrap();
        house.work().await;
        ids.push(new);
    }
    ids
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
            assert!(!text.contains(&format!("{}-", ids[0])), "finished: {text}");
        }
        assert!(!reminders.iter().skip(1).any(|text| text.contains(&format!("{}-", ids[2]))), "answered");
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
        assert!(digest.contains(&format!("{}-", ids[2])), "{digest}");
        assert!(!digest.contains(&format!("{}-", ids[3])), "{digest}");
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
async fn an_awas_that_nobody_received_stays_overdue_and_a_matter_without_place_has_its_clock_too() {
    for house in houses_with(|config| config.roster = None).await {
        let grave = finding(post("a", "diserang massa", 0), Category::Kf01, Severity::Awas, Some(TIRON));
        let nowhere = finding(post("b", "bentrok", 0), Category::Kf13, Severity::Siaga, None);
        house.stage.take(&[grave, nowhere]).await.unwrap();
        house.pass(31).await;
        let rows = house.desk.queue(&analyst("ana"), &QueueFilter::default()).await.unwrap();
        let late = |row: &IncidentRow| {
            (house.clock.now().as_second() - row.next_clock.expect("a clock").as_second()) / 60
        };
        assert_eq!(rows.iter().map(late).collect::<Vec<_>>(), [26, 1]);
        assert!(rows.iter().all(|row| row.told == 0));
        assert_eq!(house.desk.health().await.unwrap().offices, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vacant_office_leaves_the_list_when_the_roster_is_mended() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let roster = dir.path().join(format!("roster-{:x}.csv", rand::random::<u32>()));
        let head = "role,region,holder,stand_in,channel,address\nKAPOLSEK,35.19.08,,,file,kapolsek\n";
        std::fs::write(&roster, head).unwrap();
        let with = |config: &mut AlertsConfig| config.roster = Some(roster.clone());
        let before = house(dir.path(), &url, "satu", with).await;
        before.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let babinsa = Office::new(Role::Babinsa, code(TIRON));
        let gaps = before.desk.gaps().await.unwrap();
        assert!(gaps.iter().any(|gap| gap.office == babinsa), "{gaps:?}");
        std::fs::write(&roster, format!("{head}BABINSA,{TIRON},,,file,babinsa\n")).unwrap();
        let after = house(dir.path(), &url, "satu", with).await;
        let left = after.desk.gaps().await.unwrap();
        assert_eq!(left.len(), gaps.len() - 1);
        assert!(!left.iter().any(|gap| gap.office == babinsa));
        assert_eq!(after.desk.health().await.unwrap().gaps, i64::try_from(left.len()).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_queue_marks_the_hits_of_its_gravest_post_and_shows_the_clock_that_runs() {
    for house in houses().await {
        let mut calm = clash("a", 0);
        let mut grave = clash("b", 1);
        grave.signals[0].severity = Severity::Siaga;
        let start = u32::try_from(grave.post.text.find("bentrok").unwrap()).unwrap();
        let span = Span { part: Part::Text, start, end: start + 7 };
        for finding in [&mut calm, &mut grave] {
            finding.signals[0].hits = vec![Hit { rule: "KF-13-uji".into(), spans: vec![span] }];
        }
        house.stage.take(&[calm]).await.unwrap();
        let row = |rows: Vec<IncidentRow>| rows.into_iter().next().unwrap();
        let first = row(house.desk.queue(&analyst("ana"), &QueueFilter::default()).await.unwrap());
        assert!(first.excerpt.contains("laporan a"));
        let due = first.next_clock.unwrap();
        assert_eq!(due.as_second() - house.clock.now().as_second(), 4 * 3600);
        house.stage.take(&[grave]).await.unwrap();
        let second = row(house.desk.queue(&analyst("ana"), &QueueFilter::default()).await.unwrap());
        assert!(second.excerpt.contains("laporan b"), "{}", second.excerpt);
        let words: Vec<&str> =
            second.excerpt_marks.iter().map(|mark| &second.excerpt[mark.clone()]).collect();
        assert_eq!(words, ["bentrok"]);
        assert_eq!(second.next_clock.unwrap().as_second() - house.clock.now().as_second(), 30 * 60);
        house.desk.reject(&analyst("ana"), second.incident.id, "latihan").await.unwrap();
        let all = QueueFilter { closed: true, ..QueueFilter::default() };
        assert_eq!(row(house.desk.queue(&analyst("ana"), &all).await.unwrap()).next_clock, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_joins_two_incidents_names_the_one_that_holds_both() {
    for house in houses().await {
        let nowhere = finding(post("b", "di suatu tempat", 5), Category::Kf13, Severity::Waspada, None);
        house.stage.take(&[clash("a", 0), nowhere]).await.unwrap();
        let ana = analyst("ana");
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let of = |placed: bool| {
            rows.iter()
                .find(|row| row.incident.place.is_some() == placed)
                .expect("both stand there")
                .incident
                .id
        };
        let into = house.desk.set_place(&ana, of(false), &code(TIRON)).await.unwrap();
        assert_eq!(into, Some(of(true)));
        assert_eq!(house.desk.set_place(&ana, of(true), &code(TIRON)).await.unwrap(), None);
    }
}
