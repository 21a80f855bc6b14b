//! What is found, by whom, and what happens when an index is damaged or dropped.

use jiff::Timestamp;
use serde_json::json;
use stream::{Bus, BusConfig, Category, Finding, Intake, Item, LogConfig, Outgoing, Post, Severity};
use tokio_util::sync::CancellationToken;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn post(id: &str, seen: &str, text: &str) -> Post {
    let item =
        json!({"id": id, "channel": "x", "posted_at": seen, "text": text, "url": "https://contoh.id/1"});
    Item::parse(item.to_string().as_bytes()).unwrap().into_post(&Intake::new("uji", at(seen))).unwrap()
}

fn finding(post: &Post, category: &str, place: &str) -> Finding {
    let zone = json!({"code": place, "zone": "WIB"});
    serde_json::from_value(json!({
        "id": "f", "post": post, "lexicon": "l", "code": "c",
        "signals": [{
            "category": category, "severity": "SIAGA", "steps": [], "hits": [], "place": zone,
            "event_time": post.posted_at,
        }],
    }))
    .unwrap()
}

fn words(words: &str) -> Query {
    Query { words: words.to_owned(), limit: 10, ..Query::default() }
}

fn ids(archive: &Archive, query: &Query) -> Vec<String> {
    let mut ids: Vec<String> =
        archive.search(query).unwrap().hits.into_iter().map(|hit| hit.fragment).collect();
    ids.sort();
    ids
}

fn filled() -> (tempfile::TempDir, Archive) {
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::open(dir.path()).unwrap();
    archive
        .add_posts(vec![
            post("1", "2024-11-26T03:00:00Z", "Warga membakar ban di depan balai desa"),
            post("2", "2024-11-27T03:00:00Z", "Pembakaran lahan sudah dipadamkan"),
            post("3", "2024-11-27T04:00:00Z", "Antrean TPS tertib sekali"),
        ])
        .unwrap();
    (dir, archive)
}

#[test]
fn however_far_pages_are_turned_no_more_room_is_made_than_there_are_posts() {
    let (_dir, archive) = filled();
    let found = archive.search(&Query { offset: usize::MAX, ..words("dibakar") }).unwrap();
    assert_eq!((found.hits.len(), found.total), (0, 2));
    let found = archive.search(&Query { offset: 1, limit: usize::MAX, ..words("dibakar") }).unwrap();
    assert_eq!((found.hits.len(), found.total), (1, 2));
}

#[test]
fn a_word_is_found_in_every_form_over_all_days_the_newest_first() {
    let (_dir, archive) = filled();
    let found = archive.search(&words("dibakar")).unwrap();
    assert_eq!(found.total, 2);
    assert_eq!(found.hits[0].fragment, "Pembakaran lahan sudah dipadamkan");
    let mark = found.hits[1].marks[0].clone();
    assert_eq!(&found.hits[1].fragment[mark], "membakar");
    assert_eq!(archive.days().unwrap().len(), 2);
}

#[test]
fn phrases_left_out_words_and_times_narrow_a_search() {
    let (_dir, archive) = filled();
    assert_eq!(ids(&archive, &words("\"depan balai\"")).len(), 1);
    assert!(ids(&archive, &words("\"balai depan\"")).is_empty());
    assert_eq!(ids(&archive, &words("bakar -lahan")), ["Warga membakar ban di depan balai desa"]);
    let later = Query { from: Some(at("2024-11-27T00:00:00Z")), ..words("bakar") };
    assert_eq!(ids(&archive, &later), ["Pembakaran lahan sudah dipadamkan"]);
    let earlier = Query { to: Some(at("2024-11-27T03:00:00Z")), ..words("bakar") };
    assert_eq!(ids(&archive, &earlier), ["Warga membakar ban di depan balai desa"]);
    assert_eq!(archive.search(&words("")).unwrap().total, 3);
    let second = Query { offset: 1, limit: 1, ..words("") };
    assert_eq!(ids(&archive, &second), ["Pembakaran lahan sudah dipadamkan"]);
    // Characters of query languages are words or nothing, never an error.
    for odd in ["\"", "-", "a:b", "category:KF-14", "((", "*", "-\"x"] {
        archive.search(&words(odd)).unwrap();
    }
}

#[test]
fn a_finding_is_found_by_what_it_says_whichever_way_comes_first() {
    let (_dir, archive) = filled();
    let fire = post("4", "2024-11-27T05:00:00Z", "Kantor panitia dibakar massa");
    let found = finding(&fire, "KF-04", "62.10.02");
    for finding_first in [true, false] {
        if finding_first {
            archive.add_findings(vec![found.clone()]).unwrap();
            archive.add_posts(vec![fire.clone()]).unwrap();
        } else {
            archive.add_posts(vec![fire.clone()]).unwrap();
            archive.add_findings(vec![found.clone()]).unwrap();
        }
        let query = Query {
            category: Some(Category::Kf04),
            region: Some("62.10".parse().unwrap()),
            severity: Some(Severity::Waspada),
            ..words("kantor")
        };
        let results = archive.search(&query).unwrap();
        assert_eq!(results.total, 1, "finding first: {finding_first}");
        assert_eq!(results.hits[0].signals[0].place.as_ref().unwrap().as_str(), "62.10.02");
        assert_eq!(archive.search(&words("kantor")).unwrap().total, 1);
        let graver = Query { severity: Some(Severity::Awas), ..query.clone() };
        assert_eq!(archive.search(&graver).unwrap().total, 0);
        let elsewhere = Query { region: Some("62.11".parse().unwrap()), ..query };
        assert_eq!(archive.search(&elsewhere).unwrap().total, 0);
        // The next round begins with the archive opened anew: it knows what it held.
        archive.close();
    }
}

#[test]
fn what_the_second_reader_held_back_is_found_by_that_whichever_way_comes_first() {
    let (_dir, archive) = filled();
    let joke = post("4", "2024-11-27T05:00:00Z", "Duel bakar sate malam ini");
    let mut held = finding(&joke, "KF-01", "62.10");
    held.signals.clear();
    held.cleared = vec![stream::Cleared {
        hit: stream::Hit { rule: "KF-01-uji".to_owned(), spans: Vec::new() },
        category: Category::Kf01,
        guard: stream::SECOND_READER.to_owned(),
        span: None,
    }];
    for round in 0..2 {
        archive.add_findings(vec![held.clone()]).unwrap();
        // The archive opened anew knows what it held, when the bare post comes after it.
        archive.close();
        archive.add_posts(vec![joke.clone()]).unwrap();
        let asked = |category| {
            let query = Query { held_back: true, category, ..words("") };
            archive.search(&query).unwrap().hits.into_iter().map(|hit| hit.held_back).collect::<Vec<_>>()
        };
        assert_eq!(asked(None), [[Category::Kf01]], "round {round}");
        assert_eq!(asked(Some(Category::Kf01)), [[Category::Kf01]]);
        assert!(asked(Some(Category::Kf04)).is_empty());
        let signals = Query { category: Some(Category::Kf01), ..words("") };
        assert_eq!(archive.search(&signals).unwrap().total, 0, "it is no signal");
    }
}

#[test]
fn what_was_held_back_about_an_official_is_told_to_who_may_see_such_matters_alone() {
    let (_dir, archive) = filled();
    let photo = post("4", "2024-11-27T05:00:00Z", "Foto camat di halaman balai");
    let mut held = finding(&photo, "KF-14", "62.10");
    held.signals.clear();
    held.cleared = vec![stream::Cleared {
        hit: stream::Hit { rule: "KF-14-uji".to_owned(), spans: Vec::new() },
        category: Category::Kf14,
        guard: stream::SECOND_READER.to_owned(),
        span: None,
    }];
    archive.add_findings(vec![held]).unwrap();
    let found = |netralitas, held_back, said: &str| {
        let query = Query { netralitas, held_back, ..words(said) };
        archive.search(&query).unwrap().hits.into_iter().map(|hit| hit.held_back).collect::<Vec<_>>()
    };
    assert_eq!(found(true, true, ""), [[Category::Kf14]]);
    assert!(found(false, true, "").is_empty());
    assert_eq!(found(false, false, "camat halaman"), [[]], "as any post without a sign");
}

#[test]
fn a_reader_of_some_regions_finds_and_counts_what_lies_there_or_nowhere() {
    let (_dir, archive) = filled();
    let all = archive.search(&words("")).unwrap().total;
    let (here, there) = ("Kantor panitia di sini dibakar massa", "Kantor panitia di sana dibakar massa");
    let here = post("7", "2024-11-27T05:00:00Z", here);
    let there = post("8", "2024-11-27T05:01:00Z", there);
    archive
        .add_findings(vec![finding(&here, "KF-04", "62.10.02"), finding(&there, "KF-04", "35.28.06")])
        .unwrap();
    let total = |text: &str, within: &[&str]| {
        let within = within.iter().map(|code| code.parse().unwrap()).collect();
        archive.search(&Query { within, ..words(text) }).unwrap().total
    };
    assert_eq!(total("dibakar massa", &[]), 2);
    assert_eq!(total("dibakar massa", &["62.10"]), 1);
    assert_eq!(total("dibakar massa", &["62.10", "35"]), 2);
    assert_eq!(total("dibakar massa", &["16"]), 0);
    assert_eq!(total("", &["16"]), all, "what is not placed is everybody's");
    let wide = post("9", "2024-11-27T05:02:00Z", "Di provinsi itu gudang dibakar massa");
    let accused = post("10", "2024-11-27T05:03:00Z", "Pejabat provinsi itu di gudang");
    archive.add_findings(vec![finding(&wide, "KF-04", "35"), finding(&accused, "KF-14", "35")]).unwrap();
    assert_eq!(total("gudang", &["35.28"]), 1, "what is known to the province may lie in its regency");
    assert_eq!((total("gudang", &["62.10"]), total("gudang", &["35"])), (0, 1));
    let within = vec!["35.28".parse().unwrap()];
    let bawaslu = Query { within, netralitas: true, category: Some(Category::Kf14), ..words("gudang") };
    assert_eq!(archive.search(&bawaslu).unwrap().total, 0, "of an official of the province nothing changes");
}

#[test]
fn only_bawaslu_finds_what_is_only_bawaslus() {
    let (_dir, archive) = filled();
    let partial = post("5", "2024-11-27T06:00:00Z", "Pak camat mengajak memilih satu paslon");
    let mut both = finding(&post("6", "2024-11-27T06:00:00Z", "Camat mengancam warga"), "KF-14", "62.10");
    both.signals.extend(finding(&both.post, "KF-02", "62.10").signals);
    archive.add_findings(vec![finding(&partial, "KF-14", "62.10"), both]).unwrap();
    // The same post with another text, seen without a finding, stays hidden too.
    archive.add_posts(vec![Post { text: "Pak camat mengajak saja".to_owned(), ..partial }]).unwrap();
    assert_eq!(ids(&archive, &words("camat")), ["Camat mengancam warga"]);
    let shown = archive.search(&words("camat")).unwrap().hits.remove(0).signals;
    assert_eq!(shown.iter().map(|signal| signal.category).collect::<Vec<_>>(), [Category::Kf02]);
    let asked = Query { category: Some(Category::Kf14), ..words("camat") };
    assert_eq!(archive.search(&asked).unwrap().total, 0);
    let bawaslu = Query { netralitas: true, ..words("camat") };
    assert_eq!(archive.search(&bawaslu).unwrap().total, 2);
}

#[test]
fn a_post_written_twice_is_found_once() {
    let (dir, archive) = filled();
    let texts =
        ["Warga membakar ban di depan balai desa", "Warga membakar ban bekas", "Ban bekas sudah padam"];
    let again = |text| post("1", "2024-11-26T03:00:00Z", text);
    archive.add_posts(vec![again(texts[0])]).unwrap();
    assert_eq!(ids(&archive, &words("ban")), texts[..1]);
    // Twice in one batch, and after the batch that wrote it.
    let other = |text| post("4", "2024-11-26T03:00:00Z", text);
    archive.add_posts(vec![again(texts[1]), other("Becak satu"), other("Becak dua")]).unwrap();
    assert_eq!(ids(&archive, &words("ban")), texts[1..2]);
    assert_eq!(ids(&archive, &words("becak")), ["Becak dua"]);
    // And by a process that comes after.
    archive.close();
    drop(archive);
    let archive = Archive::open(dir.path()).unwrap();
    archive.add_posts(vec![again(texts[2])]).unwrap();
    assert_eq!(ids(&archive, &words("ban")), texts[2..]);
    assert_eq!(archive.search(&words("")).unwrap().total, 4);
}

#[test]
fn a_post_that_is_kept_outlives_its_day_and_is_found_once() {
    let (_dir, archive) = filled();
    let burns = post("1", "2024-11-26T03:00:00Z", "Warga membakar ban di depan balai desa");
    let keeping = archive.keeping().unwrap();
    assert!(keeping.is_anew());
    keeping.add(vec![finding(&burns, "KF-01", "62.10")]).unwrap();
    keeping.done().unwrap();
    assert_eq!(archive.search(&words("ban")).unwrap().hits.len(), 1);
    archive.drop_before("2024-11-27".parse().unwrap()).unwrap();
    let found = archive.search(&words("ban")).unwrap();
    assert_eq!((found.total, found.hits.len()), (1, 1));
    assert_eq!(found.hits[0].signals[0].category, Category::Kf01);
    // Kept again, as after a stop between keeping and dropping, it stands there once.
    let keeping = archive.keeping().unwrap();
    assert!(!keeping.is_anew());
    keeping.add(vec![finding(&burns, "KF-04", "62.10")]).unwrap();
    keeping.done().unwrap();
    let found = archive.search(&words("ban")).unwrap();
    assert_eq!((found.total, found.hits[0].signals[0].category), (1, Category::Kf04));
}

#[test]
fn kept_posts_whose_writing_was_cut_short_are_written_anew() {
    let (dir, archive) = filled();
    let lands = post("2", "2024-11-27T03:00:00Z", "Pembakaran lahan sudah dipadamkan");
    let cut_short = archive.keeping().unwrap();
    cut_short.add(vec![finding(&lands, "KF-01", "62.10")]).unwrap();
    drop((cut_short, archive));
    let archive = Archive::open(dir.path()).unwrap();
    archive.drop_before("2024-12-01".parse().unwrap()).unwrap();
    assert_eq!(archive.search(&words("lahan")).unwrap().total, 0);
    let keeping = archive.keeping().unwrap();
    assert!(keeping.is_anew());
    keeping.add(vec![finding(&lands, "KF-01", "62.10")]).unwrap();
    keeping.done().unwrap();
    assert_eq!(archive.search(&words("lahan")).unwrap().total, 1);
}

#[test]
fn a_dropped_day_is_gone_with_its_folder_and_the_others_stay() {
    let (dir, archive) = filled();
    assert_eq!(archive.drop_before("2024-11-27".parse().unwrap()).unwrap(), 1);
    assert!(!dir.path().join("2024-11-26").exists());
    assert_eq!(ids(&archive, &words("bakar")), ["Pembakaran lahan sudah dipadamkan"]);
}

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    let (dir, archive) = filled();
    let other = Archive::open(dir.path()).unwrap();
    assert_eq!(other.search(&words("bakar")).unwrap().total, 2);
    let refused = other.add_posts(vec![post("9", "2024-11-27T03:00:00Z", "lain")]).unwrap_err();
    assert!(matches!(refused, ArchiveError::Busy { .. }), "{refused}");
    archive.close();
    other.add_posts(vec![post("9", "2024-11-27T03:00:00Z", "lain")]).unwrap();
    assert_eq!(archive.search(&words("lain")).unwrap().total, 1);
}

async fn until_found(archive: &Archive, wanted: &str, total: usize) -> Results {
    let mut results = Results::default();
    for _ in 0..200 {
        let (archive, query) = (archive.clone(), words(wanted));
        results = tokio::task::spawn_blocking(move || archive.search(&query)).await.unwrap().unwrap();
        if results.total == total && results.damaged.is_empty() {
            return results;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{wanted}: {results:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_day_is_named_by_a_search_and_rebuilt_from_the_bus() {
    let dir = tempfile::tempdir().unwrap();
    let log = LogConfig { path: dir.path().join("bus.db"), reserve_bytes: 0, ..LogConfig::default() };
    let bus = Bus::open(&BusConfig::Log(log)).unwrap();
    let posts = [
        post("1", "2024-11-26T03:00:00Z", "Warga membakar ban"),
        post("2", "2024-11-27T03:00:00Z", "Pembakaran lahan"),
    ];
    let fire = finding(&post("3", "2024-11-27T05:00:00Z", "Kantor dibakar"), "KF-04", "62.10");
    let mut records: Vec<Outgoing> = posts.iter().map(|post| Outgoing::record(post).unwrap()).collect();
    records.push(Outgoing::record(&fire.post).unwrap());
    records.push(Outgoing::record(&fire).unwrap());
    bus.publish(records).await.unwrap();
    let folder = dir.path().join("archive");
    let archive = Archive::open(&folder).unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (archive, bus, stop) = (archive.clone(), bus.clone(), stop.clone());
        async move { run(archive, &bus, stop).await }
    });
    until_found(&archive, "bakar", 3).await;
    stop.cancel();
    running.await.unwrap().unwrap();
    drop(archive);

    std::fs::write(folder.join("2024-11-27/meta.json"), "{").unwrap();
    let archive = Archive::open(&folder).unwrap();
    let partly = archive.search(&words("bakar")).unwrap();
    assert_eq!((partly.total, partly.damaged.as_slice()), (1, &["2024-11-27".to_owned()][..]));
    assert_eq!(archive.check().unwrap().len(), 1);

    // The next record for that day brings the damage to light, and all that the bus has back.
    let late = post("4", "2024-11-27T06:00:00Z", "Masih dibakar juga");
    bus.publish(vec![Outgoing::record(&late).unwrap()]).await.unwrap();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (archive, bus, stop) = (archive.clone(), bus.clone(), stop.clone());
        async move { run(archive, &bus, stop).await }
    });
    let whole = until_found(&archive, "bakar", 4).await;
    assert!(whole.hits.iter().any(|hit| !hit.signals.is_empty()));
    stop.cancel();
    running.await.unwrap().unwrap();
    assert!(folder.join(ASIDE).is_dir());
    assert!(archive.check().unwrap().is_empty());
}
