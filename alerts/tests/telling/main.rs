//! Who is told what and when: stories told by the clock.

mod accused;
mod again;
mod answered;
mod backing;
mod beside;
mod calm;
mod contact;
mod desk;
mod falls;
mod joined;
mod mended;
mod neutrality;
mod news;
mod pages;
mod placing;
mod reminders;
mod roster;
#[path = "../support/mod.rs"]
mod support;
mod villages;

use alerts::clocks::Unconfirmed;
use alerts::*;
use stream::*;
use support::*;

/// The token of the answer link in the last message to `address`.
fn token(house: &House, address: &str) -> String {
    let message = house.messages(address).pop().expect("a message");
    message.rsplit("/j/").next().unwrap().trim().to_owned()
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
        assert!(message.contains("[WASPADA][KF-13] Indikasi"), "{message}");
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
async fn what_happens_in_the_next_village_bears_out_nothing_here() {
    for house in houses().await {
        let at = |id: &str, place| finding(post(id, id, 0), Category::Kf13, Severity::Siaga, Some(place));
        let next = "35.19.08.2003";
        house.stage.take(&[at("di tiron", TIRON)]).await.unwrap();
        house.stage.take(&[at("di sebelah", next)]).await.unwrap();
        house.work().await;
        let row = house.only().await;
        assert_eq!((row.posts, row.sources), (2, 1), "one matter of the kecamatan, each told of by one");
        assert_eq!(house.told(), ["meja"], "so nobody is told before the desk decides");
        let history = house.desk.incident(&analyst("ana"), row.id).await.unwrap().history;
        let widened = history.iter().find(|line| line.kind == "widened").unwrap();
        assert_eq!(widened.detail, "35.19.08", "and the page says why it knows no village any more");
        // Of the kecamatan alone: it may be either village.
        house.stage.take(&[at("sekecamatan", "35.19.08")]).await.unwrap();
        house.work().await;
        assert_eq!(house.only().await.sources, 2);
        assert!(house.told().len() > 1);
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
        assert!(told[0].contains("[SIAGA, usulan AWAS][KF-01]"), "{told:?}");
        let clocks = |view: IncidentView| view.clocks.into_iter().map(|clock| clock.kind).collect::<Vec<_>>();
        let running = clocks(house.desk.incident(&ana, id).await.unwrap());
        assert!(running.contains(&"second".to_owned()) && !running.contains(&"unconfirmed".to_owned()));
        house.pass(5).await;
        let told = house.messages("bhabin-35.19.08.2011");
        assert!(told.last().unwrap().contains("[SIAGA, usulan AWAS][KF-01]"), "{told:?}");
        for unseen in ["belum memutuskan", "belum terverifikasi", "BELUM"] {
            assert!(!told.last().unwrap().contains(unseen), "one person has decided: {told:?}");
        }
        let history = house.desk.incident(&ana, id).await.unwrap().history;
        assert!(history.iter().any(|line| line.kind == "told" && line.detail.ends_with("(second)")));
        assert!(told[0].contains("AWAS menunggu orang kedua"), "{told:?}");
        let still = "AWAS masih menunggu orang kedua: usulannya diteruskan";
        assert!(told.last().unwrap().contains(still), "why it comes again: {told:?}");
        let link = token(&house, "bhabin-35.19.08.2011");
        let page = house.desk.answer_page(&link).await.unwrap();
        assert_eq!((page.severity, page.proposed), (Severity::Siaga, Some(Severity::Awas)));
        assert_eq!(page.certainty, Certainty::OneOfTwo);
        assert_eq!(house.desk.confirm(&rio, id, None, None).await.unwrap(), Confirmed::At(Severity::Awas));
        house.work().await;
        let held = house.messages("bhabin-35.19.08.2011").pop().unwrap();
        assert!(held.contains("[AWAS][KF-01]") && held.contains("sumber, dikonfirmasi dua orang,"), "{held}");
        let page = house.desk.answer_page(&link).await.unwrap();
        assert_eq!((page.severity, page.proposed), (Severity::Awas, None), "the old link tells of now");
        assert_eq!(page.certainty, Certainty::ByTwo);
        house.pass(5).await;
        for office in ["kapolres-35.19", "dandim-35.19", "bupati-35.19", "kesbangpol-35.19"] {
            assert!(house.told().contains(&office.to_owned()), "{office}");
        }
        house.pass(10).await;
        assert!(house.told().contains(&"polda-35".to_owned()));
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
        let ended = page.ended.expect("it has ended");
        assert_eq!((ended.status, ended.at), (Status::Ditolak, Some(house.clock.now())));
        let view = house.desk.incident(&ana, id).await.unwrap();
        assert_eq!(view.incident.certainty(), Certainty::Rejected);
        assert_eq!(view.told_now.nobody.as_deref(), Some("rejected"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_climb_says_which_offices_are_silent_and_so_does_the_panel() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        house.pass(240).await;
        // The police and the army answer, the village head does not.
        for office in ["kapolsek-35.19.08", "babinsa-35.19.08.2011"] {
            house.desk.answer(&token(&house, office), Answer::Menuju).await.unwrap();
        }
        house.pass(240).await;
        let camat = house.messages("camat-35.19.08").pop().expect("told");
        assert!(camat.contains("belum ada jawaban dari Kades. "), "{camat}");
        let answers = "Jawaban sejauh ini: Menuju lokasi: Babinsa Desa Tiron, Kapolsek Kec. Madiun. ";
        assert!(camat.contains(answers), "{camat}");
        let view = house.desk.incident(&analyst("ana"), house.only().await.id).await.unwrap();
        let climbed: Vec<&str> = view
            .notifications
            .iter()
            .filter(|sent| sent.reason == "climb")
            .map(|sent| sent.remark.as_str())
            .collect();
        assert_eq!(climbed, ["KADES"]);
        let camat = view.told_now.told.iter().find(|told| told.office.role == Role::Camat).expect("told");
        assert_eq!(camat.silent.as_deref(), Some("KADES"), "the page says what the message says");
        house.desk.answer(&token(&house, "kades-35.19.08.2011"), Answer::Aman).await.unwrap();
        let view = house.desk.incident(&analyst("ana"), house.only().await.id).await.unwrap();
        let camat = view.told_now.told.iter().find(|told| told.office.role == Role::Camat).expect("told");
        assert_eq!(camat.silent.as_deref(), Some("-KADES"), "by now it has answered");
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
        let told = told.last().unwrap();
        assert!(told.contains("RALAT: lokasi sekarang Kel. "), "{told}");
        let away = "; bukan lagi wilayah Anda. Tidak perlu tindakan. ";
        for part in ["sebelumnya Desa Tiron, Kec. Madiun, Kab. Madiun", away] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(!told.contains("/j/") && !told.contains("Mohon"), "nothing is asked: {told}");
        let history = house.desk.incident(&ana, id).await.unwrap().history;
        let corrected = |line: &&HistoryLine| line.kind == "told" && line.detail.ends_with("(correction)");
        assert!(history.iter().find(corrected).expect("it is written").detail.contains("BHABIN"));
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
async fn a_kill_switch_holds_messages_back_and_lets_them_go_when_it_is_off() {
    for house in houses().await {
        let ops = Actor { role: DeskRole::Ops, ..analyst("oki") };
        assert!(house.desk.switch(&analyst("ana"), "region:35.19", true, "uji").await.is_err());
        assert!(house.desk.switch(&ops, "region:xx", true, "uji").await.is_err());
        assert!(house.desk.switch(&ops, "region:99", true, "uji").await.is_err(), "no such area");
        house.desk.switch(&ops, "35.19", true, "latihan").await.unwrap();
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.pass(60).await;
        assert!(house.told().is_empty());
        assert_eq!(house.desk.health().await.unwrap().switches.len(), 1);
        house.desk.switch(&ops, "region:35.19", false, "selesai").await.unwrap();
        house.work().await;
        assert_eq!(house.told().len(), 4);
    }
}
