//! Offices that answered before a person confirmed: their answer holds, and they are not asked again.

use alerts::*;
use stream::*;

use crate::support::*;
use crate::token;

const BHABIN: &str = "bhabin-35.19.08.2011";
const BABINSA: &str = "babinsa-35.19.08.2011";

/// A house told of a matter that two sources propose as SIAGA, where the Bhabinkamtibmas has answered `answer`.
async fn answered(house: &House, answer: Answer) -> IncidentId {
    let at = |id: &str, n| {
        finding(post(id, &format!("laporan {id}"), n), Category::Kf13, Severity::Siaga, Some(TIRON))
    };
    house.stage.take(&[at("a", 0), at("b", 1)]).await.unwrap();
    house.work().await;
    house.desk.answer(&token(house, BHABIN), answer).await.unwrap();
    house.only().await.id
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answered_hears_of_the_confirmation_without_a_question_and_the_answer_holds() {
    for house in houses().await {
        let id = answered(&house, Answer::Menuju).await;
        let (ana, link) = (analyst("ana"), token(&house, BHABIN));
        house.desk.confirm(&ana, id, None, None).await.unwrap();
        house.work().await;
        let news = house.messages(BHABIN).pop().unwrap();
        assert!(news.contains("[SIAGA][KF-13] KABAR") && news.contains("dikonfirmasi analis"), "{news}");
        assert!(news.contains("Jawaban Anda tetap berlaku: Menuju lokasi"), "{news}");
        assert!(!news.contains("/j/") && !news.contains("balas"), "it asks nothing: {news}");
        assert!(!news.contains("Jawaban sejauh ini"), "nobody else has answered: {news}");
        let page = house.desk.answer_page(&link).await.unwrap();
        assert_eq!((page.answer, page.holds, page.reason), (Some(Answer::Menuju), true, Reason::Confirmed));
        let asked = house.messages(BABINSA).pop().unwrap();
        assert!(asked.contains("[SIAGA][KF-13] Indikasi") && asked.contains("/j/"), "{asked}");
        let answers = "Jawaban sejauh ini: Menuju lokasi: Bhabinkamtibmas Desa Tiron. ";
        assert!(asked.contains(answers), "{asked}");
        let view = house.desk.incident(&ana, id).await.unwrap();
        let update = view.notifications.iter().find(|sent| sent.reason == "update").expect("it stands there");
        assert_eq!(update.answer, Some(Answer::Menuju));
        // Nothing runs against the line that answered: no reminder, no climb; the silent ones climb.
        house.pass(600).await;
        assert!(!house.messages(BHABIN).iter().any(|text| text.contains("PENGINGAT")));
        assert!(house.messages(BABINSA).iter().any(|text| text.contains("PENGINGAT")));
        let view = house.desk.incident(&ana, id).await.unwrap();
        let climbs: Vec<&str> = view
            .notifications
            .iter()
            .filter(|sent| sent.reason == "climb")
            .map(|sent| sent.remark.as_str())
            .collect();
        assert!(!climbs.is_empty(), "the silent lines climb");
        assert!(
            climbs.iter().all(|silent| !silent.contains("BHABIN") && !silent.contains("KAPOLSEK")),
            "{climbs:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answered_a_proposal_is_not_asked_again_when_nobody_decides_in_time() {
    for house in houses().await {
        let id = answered(&house, Answer::Menuju).await;
        let before = house.messages(BHABIN);
        house.pass(31).await;
        let asked = house.messages(BABINSA).pop().unwrap();
        assert!(asked.contains("belum memutuskan"), "who is silent is asked: {asked}");
        assert!(asked.contains("Jawaban sejauh ini: Menuju lokasi: Bhabinkamtibmas"), "{asked}");
        assert_eq!(house.messages(BHABIN), before, "he knew of the proposal, and has answered it");
        // His line does not climb over his head, nor is he reminded; the silent ones climb.
        house.pass(600).await;
        assert_eq!(house.messages(BHABIN), before);
        let told = house.told();
        assert!(told.contains(&"kesbangpol-35.19".to_owned()), "the silent lines climb: {told:?}");
        assert!(!told.iter().any(|office| office.starts_with("kapolres")), "{told:?}");
        // A graver proposal is another question.
        let graver = finding(post("c", "laporan c", 1), Category::Kf13, Severity::Awas, Some(TIRON));
        house.stage.take(&[graver]).await.unwrap();
        house.pass(6).await;
        assert!(house.messages(BHABIN).len() > before.len(), "of AWAS every office is asked");
        assert_eq!(house.only().await.id, id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_have_answered_the_clock_of_the_desk_tells_nobody() {
    for house in houses().await {
        answered(&house, Answer::Aman).await;
        let offices: Vec<String> = house.told().into_iter().filter(|office| office != "meja").collect();
        for office in offices.iter().filter(|office| *office != BHABIN) {
            house.desk.answer(&token(&house, office), Answer::Tahu).await.unwrap();
        }
        house.work().await;
        let count = |house: &House| offices.iter().map(|office| house.messages(office).len()).sum::<usize>();
        let before = count(&house);
        house.pass(600).await;
        assert_eq!(count(&house), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn once_all_have_answered_a_confirmation_starts_no_clock_and_says_it_once() {
    for house in houses().await {
        let id = answered(&house, Answer::Tahu).await;
        let told = house.told();
        for office in told.iter().filter(|office| ![BHABIN, "meja"].contains(&office.as_str())) {
            house.desk.answer(&token(&house, office), Answer::Tahu).await.unwrap();
        }
        let ana = analyst("ana");
        for _ in 0..2 {
            house.desk.confirm(&ana, id, Some(Severity::Waspada), None).await.unwrap();
            house.work().await;
        }
        assert!(house.desk.incident(&ana, id).await.unwrap().clocks.is_empty());
        house.pass(900).await;
        assert_eq!(house.messages(BHABIN).len(), 2, "{:?}", house.messages(BHABIN));
        assert_eq!(house.told(), told, "nobody else hears of it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_awas_every_office_is_asked() {
    for house in houses().await {
        let id = answered(&house, Answer::Tahu).await;
        let ana = analyst("ana");
        let link = token(&house, BHABIN);
        house.desk.confirm(&ana, id, Some(Severity::Awas), Some("ditelepon balik")).await.unwrap();
        house.work().await;
        let asked = house.messages(BHABIN).pop().unwrap();
        assert!(asked.contains("[AWAS][KF-13] Indikasi") && asked.contains("/j/"), "{asked}");
        assert!(!house.desk.answer_page(&link).await.unwrap().holds);
        house.pass(20).await;
        let sent = house.desk.incident(&ana, id).await.unwrap().notifications;
        let climbs: Vec<&str> = sent.iter().filter(|it| it.reason == "climb").map(|it| &*it.remark).collect();
        let silent = |it: &&str| it.contains("BHABIN") && !it.starts_with('~');
        assert!(!climbs.is_empty() && !climbs.iter().any(silent), "it answered, though earlier: {climbs:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_said_that_it_is_not_his_is_asked_no_more_whatever_it_becomes_until_its_place_is_set_anew() {
    for house in houses().await {
        let id = answered(&house, Answer::BukanWilayah).await;
        let (ana, before) = (analyst("ana"), house.messages(BHABIN).len());
        house.pass(31).await;
        let asked = |address: &str| house.messages(address).pop().unwrap();
        assert!(asked(BABINSA).contains("belum memutuskan"), "the others hear what its clock brings out");
        assert_eq!(house.messages(BHABIN).len(), before);
        for (level, note) in [(Severity::Siaga, None), (Severity::Awas, Some("ditelepon balik"))] {
            house.desk.confirm(&ana, id, Some(level), note).await.unwrap();
            house.work().await;
            assert!(
                asked(BHABIN).contains(&format!("[{level}][KF-13] KABAR")) && !asked(BHABIN).contains("/j/")
            );
            assert!(asked(BHABIN).contains("tetap berlaku: Bukan wilayah saya"), "{}", asked(BHABIN));
            assert!(asked(BABINSA).contains("/j/"));
        }
        house.pass(60).await;
        assert!(!house.messages(BHABIN).iter().any(|text| text.contains("PENGINGAT")));
        assert!(house.told().contains(&"kapolres-35.19".to_owned()), "his line is asked above him");
        let set = async |place: &str| {
            house.desk.set_place(&ana, id, &code(place)).await.unwrap();
            house.work().await;
            asked(BHABIN)
        };
        let away = set("35.19.08.2003").await;
        assert!(away.contains("RALAT") && !away.contains("/j/"), "it is not his: {away}");
        let his = set("35.19.08").await;
        assert!(his.contains("RALAT") && his.contains("/j/"), "it may be his: {his}");
    }
}

/// A house whose Kapolsek is reached through the file `piket` and, where it is given, an e-mail address whose server is
/// down, else the file `kantor`.
async fn two_ways(dir: &std::path::Path, url: &str, dead_mail: bool) -> House {
    let second = if dead_mail { "email,kapolsek@polsek.example" } else { "file,kantor" };
    let roster = dir.join(format!("roster-{:x}.csv", rand::random::<u32>()));
    let text = format!(
        "role,region,holder,stand_in,channel,address\nKAPOLSEK,35.19.08,,,{second}\nKAPOLSEK,35.19.08,,,file,piket\n"
    );
    std::fs::write(&roster, text).unwrap();
    // A port that was free a moment ago: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    house(dir, url, "satu", |config| {
        config.roster = Some(roster.clone());
        config.email = Some(channels::EmailConfig {
            host: "127.0.0.1".to_owned(),
            port,
            security: channels::Security::None,
            username: None,
            password_file: None,
            from: "Kentongan <meja@desk.example>".to_owned(),
        });
    })
    .await
}

/// One matter confirmed at SIAGA: two channels for every office.
async fn siaga(house: &House) -> IncidentId {
    house.stage.take(&[clash("a", 0)]).await.unwrap();
    let id = house.only().await.id;
    house.desk.confirm(&analyst("ana"), id, Some(Severity::Siaga), None).await.unwrap();
    house.work().await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_closes_the_question_on_every_channel_of_its_office() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let house = two_ways(dir.path(), &url, false).await;
        let id = siaga(&house).await;
        let (piket, kantor) = (token(&house, "piket"), token(&house, "kantor"));
        assert!(house.desk.answer_page(&kantor).await.unwrap().open);
        house.desk.answer(&piket, Answer::Menuju).await.unwrap();
        let page = house.desk.answer_page(&kantor).await.unwrap();
        assert_eq!((page.answer, page.elsewhere, page.open), (Some(Answer::Menuju), true, false));
        assert_eq!(page.answered_at, Some(house.clock.now()));
        assert!(page.holds, "given when it was confirmed");
        assert!(!house.desk.answer_page(&piket).await.unwrap().elsewhere);
        // The officer at the other telephone presses a page that he opened before.
        let late = house.desk.answer(&kantor, Answer::Aman).await.unwrap();
        assert_eq!(late.answer, Some(Answer::Menuju), "the first answer of the office holds");
        let view = house.desk.incident(&analyst("ana"), id).await.unwrap();
        assert_eq!(view.history.iter().filter(|line| line.kind == "answered").count(), 1);
        // What is asked later is a question of its own.
        house.desk.confirm(&analyst("ana"), id, Some(Severity::Awas), Some("ditelepon balik")).await.unwrap();
        house.work().await;
        assert!(house.desk.answer_page(&token(&house, "kantor")).await.unwrap().open);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_was_down_does_not_ask_what_its_office_has_answered_since() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let house = two_ways(dir.path(), &url, true).await;
        let id = siaga(&house).await;
        let of = |view: IncidentView, channel: &str| {
            let own = view.notifications.into_iter().filter(|sent| sent.office.is_some());
            own.filter(|sent| sent.channel == channel).map(|sent| sent.state).collect::<Vec<_>>()
        };
        let ana = analyst("ana");
        assert_eq!(of(house.desk.incident(&ana, id).await.unwrap(), "email"), ["pending"]);
        house.desk.answer(&token(&house, "piket"), Answer::Tahu).await.unwrap();
        assert_eq!(of(house.desk.incident(&ana, id).await.unwrap(), "email"), ["moot"]);
        assert_eq!(of(house.desk.incident(&ana, id).await.unwrap(), "file"), ["sent"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_message_that_waits_to_be_tried_again_holds_too() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        // As if what took it had not said so in time.
        sqlx::query(
            "UPDATE notifications SET state = 'pending', error = 'x', next_try = next_try + 300000000",
        )
        .execute(house.alerts.db.pool())
        .await
        .unwrap();
        for office in house.told() {
            house.desk.answer(&token(&house, &office), Answer::Tahu).await.unwrap();
        }
        let told = house.told();
        house.pass(240).await;
        assert_eq!(house.told(), told, "nobody is silent");
    }
}
