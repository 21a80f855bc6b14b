//! One matter in several villages of a kecamatan: the offices of each hear of it, by what is told of their own.

mod answers;
mod heard;
mod named;
mod news;
mod parted;
mod placed;

use std::collections::BTreeSet;
use std::path::Path;

use alerts::message::when;
use alerts::*;
use lexicons::gazetteer::Gazetteer;
use stream::*;

use crate::support::*;
use crate::token;

/// The kecamatan, and two villages of it beside Tiron.
const KECAMATAN: &str = "35.19.08";
const NEXT: &str = "35.19.08.2003";
const THIRD: &str = "35.19.08.2004";

/// Houses whose roster names the offices of the kecamatan and of three villages in it.
async fn houses(change: impl Fn(&mut AlertsConfig)) -> Vec<House> {
    let dir = tempfile::tempdir().unwrap();
    let mut houses = Vec::new();
    for url in databases(dir.path()).await {
        let roster = roster(dir.path());
        let with = |config: &mut AlertsConfig| {
            config.roster = Some(roster.clone());
            change(config);
        };
        houses.push(house(dir.path(), &url, "satu", with).await);
    }
    // The folder lives as long as the process: the houses work in it.
    std::mem::forget(dir);
    houses
}

/// The roster of three villages in `dir`.
fn roster(dir: &Path) -> std::path::PathBuf {
    roster_of(dir, &[TIRON, NEXT, THIRD])
}

/// The roster of `villages` and of what lies above them in `dir`.
fn roster_of(dir: &Path, villages: &[&str]) -> std::path::PathBuf {
    let mut text = "role,region,holder,stand_in,channel,address\nMEJA,35,,,file,meja\n".to_owned();
    let mut add = |role: Role, region: &str| {
        let folder = format!("{}-{region}", role.as_str().to_lowercase());
        text.push_str(&format!("{role},{region},,,file,{folder}\n"));
    };
    for village in villages {
        for role in [Role::Kades, Role::Babinsa, Role::Bhabin, Role::Pkd] {
            add(role, village);
        }
    }
    for role in [Role::Camat, Role::Danramil, Role::Kapolsek, Role::Panwascam] {
        add(role, KECAMATAN);
    }
    for role in [Role::Bupati, Role::Dandim, Role::Kapolres, Role::Kesbangpol, Role::Bawaslu] {
        add(role, "35.19");
    }
    let path = dir.join(format!("roster-{:x}.csv", rand::random::<u32>()));
    std::fs::write(&path, text).unwrap();
    path
}

/// A clash in `place` as told by post `id`, `minutes` after the eve.
fn at(id: &str, place: &str, severity: Severity, minutes: i64) -> Finding {
    finding(post(id, &format!("bentrok, laporan {id}"), minutes), Category::Kf13, severity, Some(place))
}

/// The address of `role` in `village`.
fn of(role: &str, village: &str) -> String {
    format!("{role}-{village}")
}

/// The last message to `address`.
fn last(house: &House, address: &str) -> String {
    house.messages(address).pop().unwrap_or_else(|| panic!("nothing for {address}: {:?}", house.told()))
}

/// Whether the three pillars of `village` have been told.
fn told(house: &House, village: &str) -> bool {
    let all = house.told();
    let told = ["kades", "babinsa", "bhabin"].map(|role| all.contains(&of(role, village)));
    assert!(told.iter().all(|one| *one == told[0]), "all or none: {all:?}");
    told[0]
}

fn name(village: &str) -> String {
    format!("Desa {}", Gazetteer::in_use().name(&code(village)).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_one_source_names_waits_for_its_clock_while_the_next_is_told_at_once() {
    for house in houses(|_| {}).await {
        let posts = [
            at("a", TIRON, Severity::Waspada, 0),
            at("b", TIRON, Severity::Waspada, 1),
            at("c", NEXT, Severity::Waspada, 2),
        ];
        house.stage.take(&posts).await.unwrap();
        house.work().await;
        let one = house.only().await;
        let counted = |it: &Scene| (it.place.to_string(), it.posts, it.sources, it.wide);
        let seen: Vec<_> = one.scenes.iter().map(counted).collect();
        let wanted = vec![(NEXT.to_owned(), 1, 1, 0), (TIRON.to_owned(), 2, 2, 0)];
        assert_eq!((one.place.clone(), seen), (Some(code(KECAMATAN)), wanted));
        assert_eq!(one.unknown(), Unknown::Truth, "the villages are known");
        assert!(told(&house, TIRON) && !told(&house, NEXT));
        let tiron = last(&house, &of("babinsa", TIRON));
        let villages = format!("({TIRON}), juga {}, info", name(NEXT));
        assert!(tiron.contains(&villages), "its own village first: {tiron}");
        let [own, next] =
            [1, 2].map(|minutes| format!("info {}", when(post("t", "", minutes).seen_at, Zone::Wib)));
        assert!(tiron.contains(&own) && !tiron.contains(&next), "its own time: {tiron}");
        assert!(tiron.contains("2 sumber, tidak saling menyalin, BELUM terverifikasi"), "{tiron}");
        house.pass(240).await;
        assert!(told(&house, NEXT));
        let next = last(&house, &of("kades", NEXT));
        assert!(next.contains(&format!("({NEXT}), juga {}, info", name(TIRON))), "{next}");
        assert!(next.contains("1 sumber, BELUM terverifikasi; meja analis belum memutuskan"), "{next}");
        let page = house.desk.answer_page(&token(&house, &of("kades", NEXT))).await.unwrap();
        assert_eq!((page.sources, page.certainty), (1, Certainty::Unverified));
        assert_eq!((page.place, page.scenes[0].place.as_str()), (Some(code(NEXT)), NEXT));
        let first = |house: &House| {
            house.messages(&of("babinsa", TIRON)).iter().filter(|it| !it.contains("PENGINGAT")).count()
        };
        assert_eq!(first(&house), 1, "who has heard is told nothing twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_speaks_for_his_village_alone_and_a_post_of_the_kecamatan_for_every_one() {
    for house in houses(|_| {}).await {
        let mut note = at("r", TIRON, Severity::Waspada, 0);
        note.post.author = Some(Author { verified_reporter: true, ..Author::default() });
        house.stage.take(&[note, at("a", NEXT, Severity::Waspada, 1)]).await.unwrap();
        house.work().await;
        assert!(told(&house, TIRON) && !told(&house, NEXT));
        let tiron = last(&house, &of("kades", TIRON));
        assert!(tiron.contains("1 sumber, dari pelapor terdaftar"), "{tiron}");
        house.stage.take(&[at("k", KECAMATAN, Severity::Waspada, 2)]).await.unwrap();
        house.work().await;
        let seen: Vec<_> = house.only().await.scenes.iter().map(|it| (it.sources, it.reporter)).collect();
        assert_eq!(seen, [(2, false), (2, true)]);
        assert!(told(&house, NEXT), "it may be either village");
        let next = last(&house, &of("kades", NEXT));
        assert!(
            next.contains("), tidak saling menyalin")
                && next.contains("2 sumber (")
                && !next.contains("pelapor"),
            "{next}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_comes_later_has_its_own_clock_or_is_told_at_once() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", TIRON, Severity::Siaga, 0)]).await.unwrap();
        house.pass(31).await;
        assert!(told(&house, TIRON) && last(&house, &of("kades", TIRON)).contains("[WASPADA, usulan SIAGA]"));
        let kapolsek = house.messages("kapolsek-35.19.08").len();
        house.stage.take(&[at("b", NEXT, Severity::Siaga, 31)]).await.unwrap();
        house.pass(29).await;
        assert!(!told(&house, NEXT), "the clock of SIAGA runs for it anew");
        house.pass(1).await;
        assert!(last(&house, &of("babinsa", NEXT)).contains("[WASPADA, usulan SIAGA]") && told(&house, NEXT));
        let asked = house.messages("kapolsek-35.19.08");
        assert!(asked.iter().skip(kapolsek).all(|text| text.contains("PENGINGAT")), "{asked:?}");
        // Two tell of the third: at once, and as no more than WASPADA.
        house
            .stage
            .take(&[at("c", THIRD, Severity::Siaga, 61), at("d", THIRD, Severity::Siaga, 62)])
            .await
            .unwrap();
        house.work().await;
        assert!(told(&house, THIRD));
        let third = last(&house, &of("babinsa", THIRD));
        assert!(third.contains("[WASPADA, usulan SIAGA]") && third.contains("2 sumber"), "{third}");
        house.pass(30).await;
        assert!(
            last(&house, &of("babinsa", THIRD)).contains("[WASPADA, usulan SIAGA]"),
            "and by the clock graver"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_that_is_named_after_the_decision_hears_at_once_that_nobody_has_looked_there() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", TIRON, Severity::Siaga, 0)]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        house.desk.confirm(&ana, id, None, None).await.unwrap();
        house.work().await;
        house.desk.answer(&token(&house, &of("babinsa", TIRON)), Answer::Menuju).await.unwrap();
        house.stage.take(&[at("b", NEXT, Severity::Waspada, 5)]).await.unwrap();
        house.work().await;
        assert!(told(&house, NEXT));
        let next = last(&house, &of("babinsa", NEXT));
        let head = format!(
            "[WASPADA, usulan SIAGA][KF-13] UNGGAHAN LANJUTAN menyebut {}, belum dicek. ",
            name(NEXT)
        );
        assert!(next.contains(&head), "{next}");
        assert!(next.contains("1 sumber, BELUM terverifikasi. Belum diketahui: kebenarannya"), "{next}");
        assert!(next.starts_with("[WASPADA, usulan SIAGA][KF-13] Unggahan lanjutan, belum dicek"), "{next}");
        let link = token(&house, &of("babinsa", NEXT));
        let page = house.desk.answer_page(&link).await.unwrap();
        assert_eq!((page.certainty, page.reason), (Certainty::Unverified, Reason::Further));
        assert_eq!((page.severity, page.proposed), (Severity::Waspada, Some(Severity::Siaga)));
        let tiron = house.desk.answer_page(&token(&house, &of("kades", TIRON))).await.unwrap();
        assert_eq!(tiron.certainty, Certainty::Confirmed);
        assert!(!house.told().contains(&"danramil-35.19.08".to_owned()), "the further village's own offices");
        let count = house.messages(&of("babinsa", NEXT)).len();
        let history = house.desk.incident(&ana, id).await.unwrap().history;
        assert!(history.iter().any(|line| line.kind == "told" && line.detail.ends_with("(further_village)")));
        house.stage.take(&[at("c", NEXT, Severity::Waspada, 6)]).await.unwrap();
        house.work().await;
        assert_eq!(house.messages(&of("babinsa", NEXT)).len(), count, "once");
        assert_eq!(house.desk.answer_page(&link).await.unwrap().certainty, Certainty::TwoSources);
        // A person decides anew, with both villages before him.
        house.desk.confirm(&ana, id, None, None).await.unwrap();
        house.work().await;
        assert!(last(&house, &of("babinsa", NEXT)).contains("[SIAGA][KF-13] Indikasi"));
        let page = house.desk.answer_page(&link).await.unwrap();
        assert_eq!((page.certainty, page.reason), (Certainty::Confirmed, Reason::Confirmed));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_to_a_village_nobody_has_looked_at_does_not_say_that_it_was_confirmed() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", TIRON, Severity::Waspada, 0)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        house.stage.take(&[at("b", NEXT, Severity::Waspada, 5)]).await.unwrap();
        house.pass(61).await;
        let [tiron, next] = [TIRON, NEXT].map(|village| last(&house, &of("babinsa", village)));
        assert!(tiron.contains("PENGINGAT") && tiron.contains("dikonfirmasi analis"), "{tiron}");
        assert!(tiron.contains(&format!("{} (belum dicek)", name(NEXT))), "{tiron}");
        assert!(next.contains("PENGINGAT") && next.contains("BELUM terverifikasi"), "{next}");
        assert!(!next.contains("dikonfirmasi"), "{next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_set_by_hand_ends_the_villages_and_a_rejection_reaches_all_that_were_told() {
    for house in houses(|_| {}).await {
        let both = [at("a", TIRON, Severity::Waspada, 0), at("b", NEXT, Severity::Waspada, 1)];
        house.stage.take(&both).await.unwrap();
        house.pass(241).await;
        let (ana, id) = (analyst("ana"), house.only().await.id);
        assert!(told(&house, TIRON) && told(&house, NEXT));
        house.desk.set_place(&ana, id, &code(TIRON)).await.unwrap();
        house.stage.take(&[at("c", THIRD, Severity::Waspada, 2)]).await.unwrap();
        house.work().await;
        let one = house.only().await;
        assert_eq!((one.place, one.scenes), (Some(code(TIRON)), Vec::new()));
        assert!(last(&house, &of("kades", NEXT)).contains("RALAT") && !told(&house, THIRD));
        house.desk.reject(&ana, id, "sudah dicek").await.unwrap();
        house.work().await;
        for village in [TIRON, NEXT] {
            assert!(last(&house, &of("bhabin", village)).contains("[DIBATALKAN]"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn villages_of_two_incidents_stand_in_the_one_that_they_are_merged_into() {
    for house in houses(|config| config.policy.group_level = Level::Desa).await {
        let both = [at("a", TIRON, Severity::Waspada, 0), at("b", NEXT, Severity::Waspada, 1)];
        house.stage.take(&both).await.unwrap();
        let ana = analyst("ana");
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        assert_eq!(rows.len(), 2, "kept apart");
        assert!(rows.iter().all(|row| row.incident.scenes.is_empty()));
        let of_place = |place: &str| {
            rows.iter().find(|row| row.incident.place == Some(code(place))).unwrap().incident.id
        };
        house.desk.confirm(&ana, of_place(TIRON), None, None).await.unwrap();
        house.desk.merge(&ana, of_place(TIRON), of_place(NEXT)).await.unwrap();
        let one = house.only().await;
        let later: Vec<_> = one.scenes.iter().map(|it| (it.place.as_str(), it.later)).collect();
        assert_eq!(later, [(NEXT, true), (TIRON, false)], "what was decided of one stays decided");
        house.work().await;
        assert!(last(&house, &of("kades", NEXT)).contains("UNGGAHAN LANJUTAN"));
        assert!(last(&house, &of("kades", TIRON)).contains("dikonfirmasi analis"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accused_head_of_a_further_village_hears_nothing_and_his_chain_no_more() {
    for house in houses(|_| {}).await {
        house.stage.take(&[at("a", TIRON, Severity::Siaga, 0)]).await.unwrap();
        let id = house.only().await.id;
        house.desk.confirm(&analyst("ana"), id, None, None).await.unwrap();
        let mut threat = at("b", NEXT, Severity::Siaga, 5);
        threat.signals[0].accused = Some(Accused { role: Role::Kades, region: Some(code(NEXT)), span: None });
        house.stage.take(&[threat]).await.unwrap();
        house.pass(600).await;
        let told = house.told();
        for kept_out in ["camat", "bupati", "kesbangpol"] {
            assert!(!told.iter().any(|address| address.starts_with(kept_out)), "{kept_out}: {told:?}");
        }
        for pillar in ["kades", "babinsa", "bhabin"] {
            assert!(!told.contains(&of(pillar, NEXT)), "at or below his level: {told:?}");
        }
        assert!(
            told.contains(&"kapolsek-35.19.08".to_owned()) && told.contains(&"danramil-35.19.08".to_owned())
        );
        let danramil = &house.messages("danramil-35.19.08")[0];
        assert!(danramil.contains(&format!("UNGGAHAN LANJUTAN menyebut {}", name(NEXT))), "{danramil}");
        assert!(danramil.contains("BELUM terverifikasi"), "{danramil}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_supervisor_of_each_village_hears_that_an_item_waits_and_no_message_names_the_village() {
    for house in houses(|_| {}).await {
        for (id, place) in [("a", TIRON), ("b", NEXT)] {
            let item = finding(post(id, id, 0), Category::Kf14, Severity::Waspada, Some(place));
            house.stage.take(&[item]).await.unwrap();
            house.work().await;
        }
        assert_eq!(house.told(), ["panwascam-35.19.08".to_owned(), of("pkd", NEXT), of("pkd", TIRON)]);
        for village in [TIRON, NEXT] {
            let said = house.messages(&of("pkd", village));
            assert!(said.len() == 1 && !said[0].contains(&name(NEXT)), "{said:?}");
        }
        let page = house.desk.answer_page(&token_of(&house, IncidentId(1)).await).await.unwrap();
        assert_eq!((page.place, page.scenes), (Some(code(KECAMATAN)), Vec::new()));
    }
}

/// The token of the first message of an incident of KF-14, which carries no link itself.
async fn token_of(house: &House, id: IncidentId) -> String {
    let view = house.desk.incident(&bawaslu(), id).await.unwrap();
    house.alerts.secret.token(&view.notifications[0].id)
}
