//! Grouping, re-judging and the life of incidents, on every database at hand.

mod support;

use alerts::*;
use proptest::prelude::*;
use stream::*;
use support::*;

/// What is told of one village: its code, posts, sources and whether a reporter is among them.
type Told = (String, i64, i64, bool);

/// What two runs must agree on: queue, category, place, villages, severity and the ids of the posts.
async fn incidents(
    house: &House,
) -> Vec<(Queue, Category, Option<RegionCode>, Vec<Told>, Severity, Vec<String>)> {
    let filter = QueueFilter { archived: true, limit: 10_000, ..QueueFilter::default() };
    let mut all = Vec::new();
    for actor in [analyst("ana"), bawaslu()] {
        for row in house.desk.queue(&actor, &filter).await.unwrap() {
            let Incident { queue, category, place, scenes, proposed, .. } = row.incident.clone();
            let told = |it: Scene| (it.place.to_string(), it.posts, it.sources, it.reporter);
            let scenes = scenes.into_iter().map(told).collect();
            let posts: Vec<String> =
                sqlx::query_scalar("SELECT post FROM signals WHERE incident = $1 ORDER BY post")
                    .bind(row.incident.id.0)
                    .fetch_all(house.alerts.db.pool())
                    .await
                    .unwrap();
            all.push((queue, category, place, scenes, proposed, posts));
        }
    }
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_finding_twice_changes_nothing() {
    for house in houses().await {
        let batch = [clash("a", 0), clash("b", 10)];
        house.stage.take(&batch).await.unwrap();
        house.work().await;
        let (once, told) = (incidents(&house).await, house.told());
        house.stage.take(&batch).await.unwrap();
        house.stage.take(&batch[1..]).await.unwrap();
        house.work().await;
        assert_eq!(incidents(&house).await, once);
        assert_eq!(house.told(), told);
        assert_eq!(house.only().await.posts, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_post_bridges_two_sessions_and_the_younger_goes_into_the_older() {
    for house in houses().await {
        house.stage.take(&[clash("a", -700), clash("c", 0)]).await.unwrap();
        assert_eq!(incidents(&house).await.len(), 2);
        house.stage.take(&[clash("b", -350)]).await.unwrap();
        let incident = house.only().await;
        assert_eq!((incident.id, incident.posts), (IncidentId(1), 3));
        let merged = house.desk.incident(&analyst("ana"), IncidentId(2)).await.unwrap().incident;
        assert_eq!((merged.status, merged.merged_into), (Status::Digabung, Some(IncidentId(1))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_verdict_replaces_the_old_while_nobody_was_told_and_is_history_afterwards() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let mut again = finding(clash("a", 0).post, Category::Kf01, Severity::Siaga, Some(TIRON));
        again.id = "verdict-2".to_owned();
        house.stage.take(&[again.clone()]).await.unwrap();
        let incident = house.only().await;
        assert_eq!((incident.category, incident.proposed), (Category::Kf01, Severity::Siaga));

        house.desk.confirm(&analyst("ana"), incident.id, None, None).await.unwrap();
        let mut moved = finding(clash("a", 0).post, Category::Kf01, Severity::Siaga, None);
        moved.post.source_region = RegionCode::parse("35.21").ok();
        moved.id = "verdict-elsewhere".to_owned();
        house.stage.take(&[moved]).await.unwrap();
        assert_eq!(
            house.only().await.place,
            RegionCode::parse(TIRON).ok(),
            "its source has moved, not the post"
        );
        let mut third = again.clone();
        third.id = "verdict-3".to_owned();
        third.signals.clear();
        house.stage.take(&[third.clone()]).await.unwrap();
        house.stage.take(&[third]).await.unwrap();
        let view = house.desk.incident(&analyst("ana"), incident.id).await.unwrap();
        assert_eq!((view.incident.posts, view.incident.proposed), (1, Severity::Siaga));
        assert_eq!(view.history.iter().filter(|line| line.kind == "rejudged").count(), 1);
        assert_eq!(view.posts[0].finding.signals.len(), 1, "what it was told for is still shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_verdict_takes_the_incident_away_and_may_split_what_remains() {
    for house in houses().await {
        house.stage.take(&[clash("a", -700), clash("b", -350), clash("c", 0)]).await.unwrap();
        assert_eq!(house.only().await.posts, 3);
        // Three sources were told at once; so the middle one is history and nothing splits.
        let mut gone = clash("b", -350);
        gone.id = "verdict-2".to_owned();
        gone.signals.clear();
        house.stage.take(&[gone]).await.unwrap();
        assert_eq!(house.only().await.posts, 3);

        // In another place, where nobody was told: it falls apart.
        let quiet = |id: &str, minutes| {
            finding(post(id, "sama", minutes), Category::Kf03, Severity::Normal, Some("62.10.02"))
        };
        house.stage.take(&[quiet("x", -700), quiet("y", -350), quiet("z", 0)]).await.unwrap();
        assert_eq!(incidents(&house).await.len(), 2);
        let mut gone = quiet("y", -350);
        gone.id = "verdict-2".to_owned();
        gone.signals.clear();
        house.stage.take(&[gone]).await.unwrap();
        assert_eq!(incidents(&house).await.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_incident_takes_no_more_and_the_next_links_to_it() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let first = house.only().await.id;
        house.desk.confirm(&ana, first, None, None).await.unwrap();
        house.desk.finish(&ana, first, "sudah reda").await.unwrap();
        house.stage.take(&[clash("b", 10)]).await.unwrap();
        let next = house.only().await;
        assert_eq!((next.follows, next.posts), (Some(first), 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_without_place_waits_until_a_person_sets_one_and_then_joins_its_group() {
    for house in houses().await {
        let ana = analyst("ana");
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let nowhere = finding(post("n", "bentrok di desa sebelah", 5), Category::Kf13, Severity::Siaga, None);
        house.stage.take(&[nowhere]).await.unwrap();
        house.pass(60).await;
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let lost = rows.iter().find(|row| row.incident.place.is_none()).unwrap().incident.clone();
        assert_eq!(house.told(), ["meja"], "only the desk is paged: {:?}", house.told());
        house.desk.set_place(&ana, lost.id, &code(TIRON)).await.unwrap();
        let one = house.only().await;
        assert_eq!((one.posts, one.place), (2, Some(code(TIRON))));
        house.work().await;
        assert!(house.told().contains(&format!("kades-{TIRON}")), "{:?}", house.told());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_the_same_is_near_in_time_place_and_kind_and_the_nearest_stands_first() {
    const KECAMATAN: &str = "35.19.08";
    for house in houses().await {
        let ana = analyst("ana");
        let tell = |id: &str, minutes, category, place: &str| {
            finding(post(id, &format!("laporan {id}"), minutes), category, Severity::Waspada, Some(place))
        };
        let told = [
            tell("api", 0, Category::Kf04, TIRON),
            tell("api-jauh", 20, Category::Kf04, "35.19"),
            tell("ancaman", 50, Category::Kf02, KECAMATAN),
            tell("bentrok", 30, Category::Kf01, TIRON),
            // One fire may be read as what it burnt: another kind, at the same place or around it.
            tell("surat", 15, Category::Kf05, TIRON),
            tell("uang", 10, Category::Kf07, KECAMATAN),
            // Not like it: too late, another kecamatan, another kind in the next village, and a kind that is near but known
            // to the kabupaten only.
            tell("besok", 8 * 60, Category::Kf04, "35.19"),
            tell("lain", 10, Category::Kf04, "35.19.09.2003"),
            tell("sebelah", 10, Category::Kf08, "35.19.08.2003"),
            tell("jauh", 10, Category::Kf02, "35.19"),
        ];
        house.stage.take(&told).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let of = |category, place: &str| {
            let found = rows
                .iter()
                .find(|row| row.incident.category == category && row.incident.place == Some(code(place)));
            found.unwrap().incident.id
        };
        let fire = of(Category::Kf04, TIRON);
        let same = house.desk.incident(&ana, fire).await.unwrap().maybe_same;
        let said: Vec<_> =
            same.iter().map(|same| (same.incident.category, same.near, same.kinship, same.apart_s)).collect();
        assert_eq!(
            said,
            [
                (Category::Kf01, Near::Place, Kinship::Neighbour, 30 * 60),
                (Category::Kf02, Near::Around, Kinship::Neighbour, 50 * 60),
                (Category::Kf04, Near::Around, Kinship::Same, 20 * 60),
                (Category::Kf05, Near::Place, Kinship::Other, 15 * 60),
                (Category::Kf07, Near::Around, Kinship::Other, 10 * 60),
            ]
        );
        // The wider matter is like the fires inside it, not like what is told of other kinds there.
        let wide = house.desk.incident(&ana, same[2].incident.id).await.unwrap().maybe_same;
        assert!(
            !wide.is_empty()
                && wide.iter().all(|same| same.kinship == Kinship::Same && same.near == Near::Inside),
            "{wide:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_may_be_the_same_three_are_shown() {
    for house in houses().await {
        let ana = analyst("ana");
        let fire = finding(post("api", "api", 0), Category::Kf04, Severity::Waspada, Some("35.19"));
        let mut told = vec![fire];
        for n in 1..=6 {
            let place = format!("35.19.{n:02}");
            let id = format!("api-{n}");
            told.push(finding(post(&id, &id, n * 10), Category::Kf04, Severity::Waspada, Some(&place)));
        }
        house.stage.take(&told).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let wide = rows.iter().find(|row| row.incident.place == Some(code("35.19"))).unwrap();
        let same = house.desk.incident(&ana, wide.incident.id).await.unwrap().maybe_same;
        assert_eq!(same.iter().map(|same| same.apart_s).collect::<Vec<_>>(), [600, 1200, 1800]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_shows_two_matters_is_one_post_of_the_matter_they_are_merged_into() {
    for house in houses().await {
        let ana = analyst("ana");
        let mut both =
            finding(post("a", "bentrok, tenda dibakar", 0), Category::Kf01, Severity::Waspada, Some(TIRON));
        both.signals.push(signal(Category::Kf04, Severity::Waspada, Some(TIRON), both.post.event_time()));
        let fire = finding(post("b", "tenda habis", 9), Category::Kf04, Severity::Waspada, Some(TIRON));
        house.stage.take(&[both, fire]).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let of = |category| rows.iter().find(|row| row.incident.category == category).unwrap().incident.id;
        house.desk.merge(&ana, of(Category::Kf04), of(Category::Kf01)).await.unwrap();
        let one = house.only().await;
        assert_eq!((one.category, one.posts, one.sources), (Category::Kf01, 2, 2));
        let posts = house.desk.incident(&ana, one.id).await.unwrap().posts;
        let shown: Vec<_> = posts.iter().map(|post| (post.category, post.copies)).collect();
        assert_eq!(shown, [(Category::Kf01, 1), (Category::Kf04, 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_who_tells_of_a_matter_outside_his_area_is_marked_and_counts_as_before() {
    for house in houses().await {
        let ana = analyst("ana");
        let note = |id: &str, category, home: &str| {
            let mut note = finding(post(id, id, 0), category, Severity::Waspada, Some(TIRON));
            note.post.author = Some(Author { verified_reporter: true, ..Author::default() });
            note.post.extra.insert("reporter_region".to_owned(), home.into());
            note
        };
        let notes = [
            note("jauh", Category::Kf13, "62.10"),
            note("dekat", Category::Kf12, "35.19"),
            note("sempit", Category::Kf08, "35.19.08.2003"),
        ];
        // Who is no registered reporter may claim what he likes.
        let mut claimed = note("asal", Category::Kf01, "62.10");
        claimed.post.author = None;
        house.stage.take(&notes).await.unwrap();
        house.stage.take(&[claimed]).await.unwrap();
        for row in house.desk.queue(&ana, &QueueFilter::default()).await.unwrap() {
            let view = house.desk.incident(&ana, row.incident.id).await.unwrap();
            let outside = match row.incident.category {
                Category::Kf13 => Some(code("62.10")),
                Category::Kf08 => Some(code("35.19.08.2003")),
                _ => None,
            };
            assert_eq!(view.posts[0].outside, outside, "{}", row.incident.category);
            let reporter = row.incident.category != Category::Kf01;
            assert_eq!(view.incident.certainty() == Certainty::Reporter, reporter, "nothing is lowered");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_event_is_kept_as_arsip_and_tells_nobody_unless_handled_as_if_live() {
    for house in houses().await {
        let old = |id: &str| finding(post(id, id, -60 * 72), Category::Kf13, Severity::Awas, Some(TIRON));
        house.stage.take(&[old("a"), old("b")]).await.unwrap();
        house.pass(600).await;
        assert!(house.told().is_empty());
        assert_eq!(house.desk.count(&analyst("ana"), &QueueFilter::default()).await.unwrap(), 0);
        let filter = QueueFilter { archived: true, ..QueueFilter::default() };
        assert_eq!(house.desk.count(&analyst("ana"), &filter).await.unwrap(), 1);
        let mut live = finding(post("c", "c", -60 * 72), Category::Kf12, Severity::Waspada, Some(TIRON));
        live.post.as_if_live = true;
        house.stage.take(&[live]).await.unwrap();
        house.pass(241).await;
        assert!(house.told().contains(&"camat-35.19.08".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_at_once_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let house = house(dir.path(), &url, "satu", |_| {}).await;
        let mut writers = Vec::new();
        for writer in 0..4 {
            let stage = AlertsStage::new(std::sync::Arc::clone(&house.alerts));
            let desk = house.desk.clone();
            writers.push(tokio::spawn(async move {
                for n in 0..25 {
                    stage.take(&[clash(&format!("{writer}-{n}"), n)]).await.unwrap();
                    desk.audit("uji", "count", "x", "").await.unwrap();
                }
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(house.only().await.posts, 100, "{url}");
        assert!(matches!(house.desk.check_audit().await.unwrap(), AuditCheck::Whole(count) if count >= 100));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_or_missing_audit_row_is_seen_and_so_are_changed_bytes() {
    for house in houses().await {
        let pool = house.alerts.db.pool();
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        for n in 0..5 {
            house.desk.audit("uji", "read", &n.to_string(), "").await.unwrap();
        }
        assert!(house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap().posts[0].intact);
        sqlx::query("UPDATE evidence SET raw = 'eHg='").execute(pool).await.unwrap();
        assert!(!house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap().posts[0].intact);

        assert_eq!(house.desk.check_audit().await.unwrap(), AuditCheck::Whole(7));
        sqlx::query("DELETE FROM audit WHERE seq = 7").execute(pool).await.unwrap();
        assert_eq!(house.desk.check_audit().await.unwrap(), AuditCheck::BrokenAt(7), "cut off the end");
        sqlx::query("UPDATE audit SET detail = 'x' WHERE seq = 2").execute(pool).await.unwrap();
        assert_eq!(house.desk.check_audit().await.unwrap(), AuditCheck::BrokenAt(2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_is_a_token_until_revealed_with_a_reason_that_is_kept() {
    let houses = houses().await;
    let house = &houses[0];
    house.stage.take(&[clash("a", 0)]).await.unwrap();
    let view = house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap();
    assert!(view.posts[0].author.as_deref().is_some_and(|author| author.starts_with("akun-")));
    assert!(!format!("{view:?}").contains("warga_a"));
    let post = view.posts[0].finding.post.id.as_str();
    assert!(house.desk.reveal_author(&analyst("ana"), IncidentId(1), post, " ").await.is_err());
    let name =
        house.desk.reveal_author(&analyst("ana"), IncidentId(1), post, "diminta penyidik").await.unwrap();
    assert!(name.contains("@warga_a"));
    let admin = Actor { role: DeskRole::Admin, ..analyst("adi") };
    assert_eq!(house.desk.audit_rows(&admin, 1).await.unwrap()[0].action, "reveal");
}

#[test]
fn the_same_posts_in_any_order_make_the_same_incidents() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let story = proptest::collection::vec((0i64..1500, 0usize..4, 0usize..3, 0usize..2), 1..14);
    let config = ProptestConfig {
        cases: 12,
        rng_seed: proptest::test_runner::RngSeed::Fixed(5),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(story in story, seed in proptest::collection::vec(any::<u32>(), 14))| {
        runtime.block_on(async {
            let make = |n: usize, (minutes, place, severity, category): (i64, usize, usize, usize)| {
                let place = [Some("35.19.08.2011"), Some("35.19.08.2012"), Some("35.19"), None][place];
                let severity = [Severity::Normal, Severity::Waspada, Severity::Siaga][severity];
                let category = [Category::Kf13, Category::Kf14][category];
                // Some are copies of each other, which matters where no place is named.
                finding(post(&n.to_string(), &format!("kiriman {}", n % 3), minutes - 1500), category, severity, place)
            };
            let findings: Vec<Finding> = story.iter().enumerate().map(|(n, line)| make(n, *line)).collect();
            let mut order: Vec<usize> = (0..findings.len()).collect();
            order.sort_by_key(|n| seed[*n]);
            let once = houses().await;
            let other = houses().await;
            for ((first, second), _) in once.iter().zip(&other).zip(0..1) {
                first.stage.take(&findings).await.unwrap();
                for n in &order {
                    second.stage.take(std::slice::from_ref(&findings[*n])).await.unwrap();
                }
                assert_eq!(incidents(first).await, incidents(second).await);
            }
        });
    });
}

/// The texts of the posts that stand in incidents, read page by page of `most`, each with the categories it stands by.
async fn standing(house: &House, seen: std::ops::Range<i64>, most: u32) -> Vec<(String, Vec<Category>)> {
    let minute = |minutes: i64| jiff::Timestamp::from_second(eve().as_second() + minutes * 60).unwrap();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let seen = minute(seen.start)..minute(seen.end);
        let page = house.alerts.posts_in_incidents(seen, after.as_ref(), most).await.unwrap();
        assert!(page.len() <= usize::try_from(most).unwrap());
        let Some(last) = page.last() else { break };
        after = Some(last.post.id.clone());
        all.extend(page.into_iter().map(|finding| {
            (finding.post.text, finding.signals.iter().map(|signal| signal.category).collect())
        }));
    }
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_posts_of_incidents_are_told_once_each_with_all_that_they_stand_by_and_by_when_they_were_seen() {
    for house in houses().await {
        let place = Some(TIRON);
        let mut both = finding(post("a", "tenda", 0), Category::Kf01, Severity::Waspada, place);
        both.signals.push(signal(Category::Kf04, Severity::Waspada, place, both.post.event_time()));
        let fire = finding(post("b", "api", 9), Category::Kf04, Severity::Waspada, place);
        let late = finding(post("c", "batu", 30), Category::Kf01, Severity::Waspada, place);
        let mut calm = finding(post("d", "tertib", 10), Category::Kf01, Severity::Waspada, place);
        calm.signals.clear();
        house.stage.take(&[both, fire, late.clone(), calm]).await.unwrap();
        let of = |text: &str, by: &[Category]| (text.to_owned(), by.to_vec());
        let (clash, blaze) = (Category::Kf01, Category::Kf04);
        let all = [of("api", &[blaze]), of("batu", &[clash]), of("tenda", &[clash, blaze])];
        for most in [1, 2, 500] {
            assert_eq!(standing(&house, 0..31, most).await, all, "{most} at a time");
        }
        // The first minute counts, the last does not.
        assert_eq!(standing(&house, 9..30, 500).await, all[..1]);
        // Its incident was told: judged anew it stands there by both verdicts, the last one first.
        let mut again = finding(late.post, Category::Kf04, Severity::Waspada, place);
        again.id = "verdict-2".to_owned();
        house.stage.take(&[again]).await.unwrap();
        assert_eq!(standing(&house, 10..31, 500).await, [of("batu", &[blaze, clash])]);
        // Where nobody was told, one that is judged calm has left its incident.
        let quiet = finding(post("e", "ramai", 40), Category::Kf03, Severity::Normal, Some("62.10.02"));
        house.stage.take(std::slice::from_ref(&quiet)).await.unwrap();
        assert_eq!(standing(&house, 31..50, 500).await, [of("ramai", &[Category::Kf03])]);
        let mut gone = quiet;
        gone.id = "verdict-3".to_owned();
        gone.signals.clear();
        house.stage.take(&[gone]).await.unwrap();
        assert_eq!(standing(&house, 31..50, 500).await, []);
    }
}
