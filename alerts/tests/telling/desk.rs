//! What the desk sees of who was told and what waits, and who may see it.

use alerts::*;
use stream::*;

use crate::support::*;

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
        assert!(page.contains("MENUNGGU KEPUTUSAN MEJA, KTG-1:"), "as the console calls it: {page}");
        house.pass(30).await;
        let told = house.messages("bhabin-35.19.08.2011").pop().expect("told");
        assert!(!told.contains("meja.example"), "the console is the desk's alone: {told}");
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
        for row in &rows {
            let view = house.desk.incident(&analyst("ana"), row.incident.id).await.unwrap();
            assert_eq!(view.decide_by, row.next_clock, "its page says what its line says");
        }
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
async fn a_graver_post_that_rests_on_less_takes_nothing_from_what_bears_the_matter_out() {
    for house in houses().await {
        let hit = |rule: &str| Hit { rule: rule.to_owned(), spans: Vec::new() };
        let mut sure = clash("a", 0);
        // A rule that hits twice is one sign.
        sure.signals[0].hits =
            vec![hit("KF-13-satu"), hit("KF-13-dua"), hit("KF-13-satu"), hit("KF-13-tiga")];
        let mut note = clash("b", 5);
        note.signals[0].severity = Severity::Siaga;
        note.signals[0].hits = vec![hit("KF-13-satu")];
        note.post.author = Some(Author { verified_reporter: true, ..Author::default() });
        let ana = analyst("ana");
        for (post, proposed) in [(sure, Severity::Waspada), (note, Severity::Siaga)] {
            house.stage.take(&[post]).await.unwrap();
            let row = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap().remove(0);
            assert_eq!((row.rests, row.incident.proposed), (3, proposed));
            assert_eq!(house.desk.incident(&ana, row.incident.id).await.unwrap().rests, 3);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_says_that_places_of_one_name_wait_for_a_choice_until_one_is_set() {
    for house in houses().await {
        let reading = |text: &str| Candidate { code: code(text), share: 0.5 };
        let mut open = clash("a", 0);
        let village = &mut open.signals[0].place;
        village.code = Some(code("35.19"));
        village.candidates = vec![reading("35.19.08.2011"), reading("35.19.06.2004")];
        let ana = analyst("ana");
        let row = async || house.desk.queue(&ana, &QueueFilter::default()).await.unwrap().remove(0);
        house.stage.take(&[open]).await.unwrap();
        let first = row().await;
        assert!(first.choose_place && first.incident.place == Some(code("35.19")));
        house.desk.set_place(&ana, first.incident.id, &code("35.19.08.2011")).await.unwrap();
        assert!(!row().await.choose_place, "a person has chosen");
        house.desk.reject(&ana, first.incident.id, "latihan").await.unwrap();
        house.stage.take(&[clash("b", 1000)]).await.unwrap();
        assert!(!row().await.choose_place, "one village, no choice");
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
        assert_eq!(into.placed, Placed::Into(of(true)));
        let again = house.desk.set_place(&ana, of(true), &code(TIRON)).await.unwrap();
        assert_eq!(again.placed, Placed::Here { taken: Vec::new() });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_of_who_is_told_agrees_with_what_went_out_at_every_step_of_the_climb() {
    for house in houses().await {
        let grave = finding(post("a", "bentrok", 0), Category::Kf01, Severity::Awas, Some(TIRON));
        house.stage.take(&[grave]).await.unwrap();
        let (ana, id) = (analyst("ana"), house.only().await.id);
        let mut seen = 0;
        for minutes in [0, 5, 5, 10, 60] {
            house.pass(minutes).await;
            let view = house.desk.incident(&ana, id).await.unwrap();
            let of = |list: &[explain::Because]| list.iter().map(|b| b.office.clone()).collect::<Vec<_>>();
            let (told, left_out) = (of(&view.told_now.told), of(&view.told_now.not_told));
            let after = of(&view.told_after_confirmation.not_told);
            for office in view.notifications.iter().filter_map(|sent| sent.office.as_ref()) {
                assert!(told.contains(office), "{office} was told after {minutes}: {told:?}");
                assert!(!left_out.contains(office) && !after.contains(office), "{office}");
            }
            seen = view.notifications.len();
        }
        assert!(house.told().contains(&"polda-35".to_owned()) && seen > 10);
        house.desk.reject(&ana, id, "sudah dicek").await.unwrap();
        let now = house.desk.incident(&ana, id).await.unwrap().told_now;
        assert_eq!((now.when.as_str(), now.nobody.as_deref()), ("already", Some("rejected")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_presses_stands_by_its_level_and_within_a_level_by_what_is_due_first() {
    for house in houses().await {
        let ana = analyst("ana");
        let take = async |id: &str, minutes: i64, category: Category, severity: Severity| {
            let one = finding(post(id, id, minutes), category, severity, Some(TIRON));
            house.stage.take(&[one]).await.unwrap();
        };
        // The times of the posts say the contrary of what is due.
        take("api", -300, Category::Kf04, Severity::Awas).await;
        let fire = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap()[0].incident.id;
        house.desk.confirm(&ana, fire, Some(Severity::Awas), None).await.unwrap();
        take("ancaman", -200, Category::Kf02, Severity::Siaga).await;
        house.pass(10).await;
        take("uang", -2, Category::Kf07, Severity::Waspada).await;
        take("logistik", -100, Category::Kf05, Severity::Siaga).await;
        take("tusuk", -250, Category::Kf01, Severity::Awas).await;
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let order: Vec<Category> = rows.iter().map(|row| row.incident.category).collect();
        let due = [Category::Kf04, Category::Kf01, Category::Kf02, Category::Kf05, Category::Kf07];
        assert_eq!(order, due);
    }
}

/// A grave matter in Tiron and a mild one elsewhere, taken by a house without a roster.
async fn before_the_desk(dir: &std::path::Path, url: &str) -> House {
    let before = house(dir, url, "satu", |config| config.roster = None).await;
    let grave = finding(post("a", "diserang massa", 0), Category::Kf01, Severity::Awas, Some(TIRON));
    let mild = finding(post("b", "bentrok", 0), Category::Kf13, Severity::Waspada, Some("62.10.02"));
    before.stage.take(&[grave, mild]).await.unwrap();
    before.work().await;
    before
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_that_came_before_the_roster_named_a_desk_pages_it_once_when_the_roster_comes() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        before_the_desk(dir.path(), &url).await;
        let after = house(dir.path(), &url, "satu", |_| {}).await;
        assert_eq!(after.teller.catch_up().await.unwrap(), 1, "the WASPADA waits in the queue alone");
        after.work().await;
        let pages = after.messages("meja");
        assert!(pages.len() == 1 && pages[0].contains("KTG-1"), "{pages:?}");
        assert_eq!(after.teller.catch_up().await.unwrap(), 0, "once");
        after.pass(5).await;
        let pages = after.messages("meja");
        assert!(
            pages.len() == 2 && pages[1].contains("MASIH MENUNGGU"),
            "and when its clock goes off: {pages:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_whose_clock_goes_off_pages_the_desk_that_was_not_paged_before() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        before_the_desk(dir.path(), &url).await;
        let after = house(dir.path(), &url, "satu", |_| {}).await;
        after.pass(5).await;
        assert_eq!(after.messages("meja").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_or_is_old_by_the_time_the_roster_comes_pages_nobody() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let before = before_the_desk(dir.path(), &url).await;
        let after = house(dir.path(), &url, "satu", |_| {}).await;
        after.clock.advance(std::time::Duration::from_secs(49 * 3600));
        assert_eq!(after.teller.catch_up().await.unwrap(), 0, "two days old");
        before.desk.reject(&analyst("ana"), IncidentId(1), "sudah dicek").await.unwrap();
        let again = house(dir.path(), &url, "satu", |_| {}).await;
        assert_eq!(again.teller.catch_up().await.unwrap(), 0, "turned down");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_brought_in_as_if_it_were_new_before_the_roster_is_told_of_when_the_roster_comes() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let before = house(dir.path(), &url, "satu", |config| config.roster = None).await;
        let week_ago = -7 * 24 * 60;
        let mut grave =
            finding(post("a", "diserang", week_ago), Category::Kf01, Severity::Siaga, Some(TIRON));
        let mut item = finding(post("b", "netral", week_ago), Category::Kf14, Severity::Waspada, Some(TIRON));
        (grave.post.as_if_live, item.post.as_if_live) = (true, true);
        before.stage.take(&[grave, item]).await.unwrap();
        before.work().await;
        let after = house(dir.path(), &url, "satu", |_| {}).await;
        assert_eq!(after.teller.catch_up().await.unwrap(), 2);
        after.work().await;
        assert!(after.told().contains(&"meja".to_owned()), "{:?}", after.told());
        assert!(after.told().iter().any(|told| told.starts_with("panwascam")), "{:?}", after.told());
    }
}
