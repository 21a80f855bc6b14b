//! Setting a place: whom that tells, and for which reason.

use alerts::*;
use stream::*;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sets_a_place_hears_whom_that_told_and_the_reason_is_the_one_that_holds() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        house.work().await;
        let reasons = async || {
            let view = house.desk.incident(&ana, id).await.unwrap();
            let office = |it: &&NotificationView| it.office.is_some();
            view.notifications.iter().filter(office).map(|it| it.because().to_owned()).collect::<Vec<_>>()
        };
        let first = reasons().await;
        assert!(!first.is_empty() && first.iter().all(|why| why == "at_once_sources"), "{first:?}");
        let set = house.desk.set_place(&ana, id, &code("35.19.06.2004")).await.unwrap();
        let all = reasons().await;
        assert!(all.contains(&"away".to_owned()), "no office of the old place is concerned: {all:?}");
        assert!(!all.contains(&"unconfirmed".to_owned()), "its time to decide still runs: {all:?}");
        let view = house.desk.incident(&ana, id).await.unwrap();
        let after = view.notifications.iter().skip(first.len()).filter_map(|it| it.office.clone());
        let mut after: Vec<Office> = after.collect();
        after.sort();
        after.dedup();
        assert_eq!(set.told, after);
        let again = house.desk.set_place(&ana, id, &code("35.19.06.2004")).await.unwrap();
        assert_eq!(again.placed, Placed::Here { taken: Vec::new() });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_set_on_what_nobody_was_told_of_and_nobody_confirmed_tells_nobody() {
    for house in houses().await {
        let nowhere = finding(post("b", "di suatu tempat", 5), Category::Kf13, Severity::Waspada, None);
        house.stage.take(&[nowhere]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        let set = house.desk.set_place(&ana, id, &code(TIRON)).await.unwrap();
        assert_eq!(set.told, Vec::<Office>::new());
        let other = finding(post("c", "di tempat lain", 5), Category::Kf13, Severity::Waspada, None);
        house.desk.reject(&ana, id, "latihan").await.unwrap();
        house.stage.take(&[other]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&ana, id, None, None).await.unwrap();
        let set = house.desk.set_place(&ana, id, &code(TIRON)).await.unwrap();
        assert!(set.told.iter().any(|office| office.role == Role::Babinsa), "{:?}", set.told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_matter_that_comes_to_an_unconfirmed_one_by_its_place_or_by_hand_is_told() {
    for by_hand in [false, true] {
        for house in houses().await {
            let ana = analyst("ana");
            house.stage.take(&[clash("a", 0)]).await.unwrap();
            let older = house.only().await.id;
            let nowhere = finding(post("b", "di suatu tempat", 5), Category::Kf13, Severity::Awas, None);
            house.stage.take(&[nowhere]).await.unwrap();
            let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
            let own = rows.iter().map(|row| row.incident.id).find(|id| *id != older).unwrap();
            house.desk.confirm(&ana, own, None, None).await.unwrap();
            if by_hand {
                house.desk.merge(&ana, own, older).await.unwrap();
            } else {
                let set = house.desk.set_place(&ana, own, &code(TIRON)).await.unwrap();
                assert_eq!(set.placed, Placed::Into(older));
                assert!(set.told.iter().any(|office| office.role == Role::Babinsa), "{:?}", set.told);
            }
            house.work().await;
            let told = house.messages("babinsa-35.19.08.2011");
            assert!(
                told.len() == 1 && told[0].contains("[SIAGA, usulan AWAS][KF-13]"),
                "{by_hand}: {told:?}"
            );
            assert!(told[0].contains("dikonfirmasi analis"), "{told:?}");
            let clocks = house.desk.incident(&ana, older).await.unwrap().clocks;
            let second = clocks.iter().find(|clock| clock.kind == "second").expect("its clock runs");
            assert_eq!(second.due.as_second() - house.clock.now().as_second(), 300);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_an_office_that_is_no_longer_concerned_is_taken_back() {
    let kapolsek = "kapolsek-35.19.08";
    let moved = "62.10.02.1001";
    for house in houses().await {
        let (ana, ops) = (analyst("ana"), Actor { role: DeskRole::Ops, ..analyst("oki") });
        let switch = async |on| house.desk.switch(&ops, "region:35.19", on, "uji").await.unwrap();
        // Nothing has left: there is nothing to correct.
        switch(true).await;
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        let id = house.only().await.id;
        house.desk.set_place(&ana, id, &code(moved)).await.unwrap();
        switch(false).await;
        house.work().await;
        let told = house.told();
        assert!(!told.iter().any(|office| office.contains("35.19")), "{told:?}");
        assert!(told.contains(&format!("lurah-{moved}")), "{told:?}");
        house.desk.reject(&ana, id, "latihan").await.unwrap();
        // One that was told hears that it is not his, and nothing of the climb that waits.
        house.stage.take(&[clash("c", 500), clash("d", 501)]).await.unwrap();
        house.work().await;
        switch(true).await;
        house.pass(240).await;
        let id = house.only().await.id;
        house.desk.set_place(&ana, id, &code(moved)).await.unwrap();
        switch(false).await;
        house.work().await;
        assert!(!house.told().contains(&"camat-35.19.08".to_owned()), "{:?}", house.told());
        let heard = house.messages(kapolsek);
        assert!(heard.len() == 2 && heard[1].contains("bukan lagi wilayah Anda"), "{heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_to_a_province_stands_before_the_analysts_of_its_regencies_who_may_narrow_it() {
    for house in houses().await {
        let of = |name: &str, region: &str| Actor { regions: vec![code(region)], ..analyst(name) };
        let (here, there) = (of("ana", "35.19"), of("budi", "62.10"));
        let mut open = clash("a", 0);
        let reading = |text: &str| Candidate { code: code(text), share: 0.5 };
        open.signals[0].place.code = Some(code("35"));
        open.signals[0].place.candidates = vec![reading(TIRON), reading("35.26.01.2001")];
        let posted = open.post.id.as_str().to_owned();
        let accused = finding(post("b", "kata pejabat", 5), Category::Kf14, Severity::Waspada, Some("35"));
        house.stage.take(&[open, accused]).await.unwrap();
        let lines = async |actor: &Actor| house.desk.queue(actor, &QueueFilter::default()).await.unwrap();
        let id = lines(&here).await[0].incident.id;
        assert_eq!(house.desk.count(&here, &QueueFilter::default()).await.unwrap(), 1);
        assert_eq!(house.desk.counts(&here).await.unwrap().len(), 1);
        assert_eq!(house.desk.incident(&here, id).await.unwrap().incident.place, Some(code("35")));
        assert_eq!(house.desk.incidents_of(&here, &[&posted]).await.unwrap().len(), 1);
        assert!(lines(&there).await.is_empty() && house.desk.incident(&there, id).await.is_err());
        let region = Some(code("35.19"));
        let asked = QueueFilter { region, ..QueueFilter::default() };
        assert!(house.desk.queue(&here, &asked).await.unwrap().is_empty(), "a filter asks what lies there");
        let regency = Actor { regions: vec![code("35.19")], ..bawaslu() };
        assert!(lines(&regency).await.is_empty(), "of officials nothing changes");
        assert!(house.desk.set_place(&here, id, &code("35.26.01.2001")).await.is_err(), "not hers");
        assert!(house.desk.set_place(&here, id, &code("35")).await.is_err(), "not hers alone");
        house.desk.set_place(&here, id, &code(TIRON)).await.unwrap();
        assert_eq!(lines(&here).await[0].incident.place, Some(code(TIRON)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_names_no_village_is_counted_in_each_and_told_apart() {
    for house in houses().await {
        let at = |id: &str, place: &str, minutes: i64| {
            finding(
                post(id, &format!("laporan {id}"), minutes),
                Category::Kf13,
                Severity::Waspada,
                Some(place),
            )
        };
        let (next, kecamatan) = ("35.19.08.2003", "35.19.08");
        house.stage.take(&[at("a", TIRON, 0), at("b", next, 1), at("c", kecamatan, 2)]).await.unwrap();
        let seen = house.only().await.scenes;
        let seen: Vec<_> = seen.iter().map(|it| (it.place.as_str(), it.posts, it.wide)).collect();
        assert_eq!(seen, [(next, 2, 1), (TIRON, 2, 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_several_bear_is_told_as_a_guess_with_the_posts_word_for_it_until_one_is_set() {
    for house in houses().await {
        let text = "bengi iki dho teko balai desa Ngale, nek perlu obong omahe KPPS";
        let named = text.find("desa Ngale").unwrap();
        let mut threat = finding(post("a", text, 0), Category::Kf02, Severity::Waspada, Some("35"));
        let (start, end) =
            (u32::try_from(named).unwrap(), u32::try_from(named + "desa Ngale".len()).unwrap());
        let span = Some(Span { part: Part::Text, start, end });
        let place = &mut threat.signals[0].place;
        place.clues = vec![Clue { kind: "marker".to_owned(), span, code: code("35") }];
        place.candidates =
            ["35.19.13.2018", "35.21.10.2012"].map(|own| Candidate { code: code(own), share: 0.5 }).to_vec();
        house.stage.take(&[threat]).await.unwrap();
        house.desk.confirm(&analyst("ana"), IncidentId(1), None, None).await.unwrap();
        house.work().await;
        let view = house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap();
        let guess = "lokasi belum pasti (Prov. Jawa Timur (35)), disebut \"desa Ngale\", info";
        assert!(!view.notifications.is_empty());
        for sent in &view.notifications {
            assert!(sent.body.contains(guess), "{}", sent.body);
        }
        house.desk.set_place(&analyst("ana"), IncidentId(1), &code("35.21.10.2012")).await.unwrap();
        house.work().await;
        let view = house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap();
        let later: Vec<_> = view.notifications.iter().filter(|sent| !sent.body.contains(guess)).collect();
        assert!(
            !later.is_empty() && later.iter().all(|sent| !sent.body.contains("belum pasti")),
            "{later:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_no_list_has_is_named_in_message_and_link_as_the_post_wrote_it_until_one_is_set() {
    for house in houses().await {
        let text = "nanti malam dibakar rumah KPPS di desa Wanabrata";
        let at = u32::try_from(text.find("desa Wanabrata").unwrap()).unwrap();
        let mut threat = finding(post("a", text, 0), Category::Kf02, Severity::Waspada, Some("35.19"));
        threat.signals[0].place.hamlets = vec![Span { part: Part::Text, start: at, end: at + 14 }];
        house.stage.take(&[threat]).await.unwrap();
        house.desk.confirm(&analyst("ana"), IncidentId(1), None, None).await.unwrap();
        house.work().await;
        let named = "Kab. Madiun (35.19), disebut \"desa Wanabrata\" (tidak ada dalam daftar wilayah)";
        let view = house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap();
        assert!(!view.notifications.is_empty() && view.doubt.unlisted == ["desa Wanabrata"]);
        for sent in &view.notifications {
            assert!(sent.body.contains(named) && !sent.body.contains("dibakar"), "{}", sent.body);
        }
        house.desk.set_place(&analyst("ana"), IncidentId(1), &code(TIRON)).await.unwrap();
        let view = house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap();
        assert_eq!(view.doubt, alerts::message::Doubt::default());
    }
}
