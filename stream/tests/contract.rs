//! The promises of the bus, each tried on both buses: on the embedded log always, on Kafka when a broker is named.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::time::Duration;

use common::{Copier, Fixture, drain, finding, lag, number, outgoing, post, until};
use jiff::Timestamp;
use stream::{Bus, BusError, DeadLetter, Finding, LetterPlace, Outgoing, Post, Refusal, Topic, run};
use tokio_util::sync::CancellationToken;

/// Makes a test for each bus out of one function.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod log {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(super::Fixture::log()).await;
                }
            )+
        }
        mod kafka {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(fixture) = super::Fixture::kafka(concat!("kafka::", stringify!($name))).await {
                        super::$name(fixture).await;
                    }
                }
            )+
        }
    };
}

on_both!(
    what_was_published_is_read_after_reopening,
    records_of_one_key_are_read_in_order,
    what_was_not_committed_comes_again,
    groups_do_not_disturb_each_other,
    unreadable_records_are_parked_and_reading_goes_on,
    a_newer_version_stops_the_stage_and_is_not_parked,
    a_stage_that_cannot_work_tries_the_same_batch_again,
    a_stage_that_gives_up_commits_nothing,
    a_stage_that_gathers_waits_for_more_before_it_works,
    a_stage_that_is_stopped_finishes_its_batch,
    dead_letters_are_listed_and_tried_again,
    two_retries_at_once_make_nothing_twice,
    dead_letters_can_be_dropped_and_the_others_stay,
    a_cursor_keeps_what_was_set_last,
    a_dropped_take_loses_nothing,
    a_second_reader_of_a_group_is_refused,
    a_record_over_the_limit_is_refused_with_a_clear_error,
    lag_and_topics_tell_what_lies_unread,
);

async fn publish(bus: &Bus, posts: impl IntoIterator<Item = Post>) {
    bus.publish(posts.into_iter().map(|post| outgoing(&post)).collect()).await.unwrap();
}

fn raw(topic: Topic, key: &str, kind: &'static str, version: u32, bytes: &[u8]) -> Outgoing {
    Outgoing {
        topic,
        key: key.to_owned(),
        at: Timestamp::now(),
        kind: kind.into(),
        version,
        bytes: bytes.to_vec(),
    }
}

async fn what_was_published_is_read_after_reopening(fixture: Fixture) {
    let sent: Vec<Post> = (0..50).map(|n| post(n, n)).collect();
    publish(&fixture.open(), sent.clone()).await;
    let mut read: Vec<Post> = drain(&fixture.open(), "reader", Topic::Posts)
        .await
        .iter()
        .map(|incoming| incoming.read().unwrap())
        .collect();
    read.sort_by_key(number);
    assert_eq!(read, sent);
}

async fn records_of_one_key_are_read_in_order(fixture: Fixture) {
    let bus = fixture.open();
    for round in 0..20 {
        publish(&bus, (0..100).map(|n| post(n % 25, round * 100 + n))).await;
    }
    let mut last = BTreeMap::new();
    let read = drain(&bus, "reader", Topic::Posts).await;
    assert_eq!(read.len(), 2000);
    let mut partitions = std::collections::BTreeSet::new();
    for incoming in read {
        partitions.insert(incoming.partition);
        let post: Post = incoming.read().unwrap();
        let before = last.insert(post.id.clone(), number(&post));
        assert!(before.is_none_or(|before| before < number(&post)), "{before:?} before {}", number(&post));
    }
    assert!(partitions.len() > 1, "the load spreads over {partitions:?}");
}

async fn what_was_not_committed_comes_again(fixture: Fixture) {
    let bus = fixture.open();
    publish(&bus, (0..30).map(|n| post(n, n))).await;
    let mut inbox = bus.subscribe("reader", &[Topic::Posts]).await.unwrap();
    let mut first = Vec::new();
    while first.len() < 10 {
        first.extend(inbox.take(10 - first.len(), Duration::from_secs(1)).await.unwrap());
    }
    inbox.commit().await.unwrap();
    let mut second = Vec::new();
    while second.len() < 20 {
        second.extend(inbox.take(20, Duration::from_secs(1)).await.unwrap());
    }
    drop(inbox);
    let again = drain(&bus, "reader", Topic::Posts).await;
    let place = |records: &[stream::Incoming]| {
        let mut places: Vec<_> = records.iter().map(|record| (record.partition, record.offset)).collect();
        places.sort_unstable();
        places
    };
    assert_eq!(place(&again), place(&second));
}

async fn groups_do_not_disturb_each_other(fixture: Fixture) {
    let bus = fixture.open();
    publish(&bus, (0..40).map(|n| post(n, n))).await;
    assert_eq!(drain(&bus, "one", Topic::Posts).await.len(), 40);
    publish(&bus, (40..60).map(|n| post(n, n))).await;
    assert_eq!(drain(&bus, "two", Topic::Posts).await.len(), 60);
    assert_eq!(drain(&bus, "one", Topic::Posts).await.len(), 20);
}

/// Runs a stage until its group has nothing unread, then stops it.
async fn work_off(bus: &Bus, stage: Copier) {
    let stop = CancellationToken::new();
    let (worker, token) = (bus.clone(), stop.clone());
    let running = tokio::spawn(async move { run(stage, &worker, token).await });
    until("the stage has worked everything off", async || lag(bus, "copier").await == Some(0)).await;
    stop.cancel();
    running.await.unwrap().unwrap();
}

async fn unreadable_records_are_parked_and_reading_goes_on(fixture: Fixture) {
    let bus = fixture.open();
    publish(&bus, [post(1, 1)]).await;
    bus.publish(vec![
        raw(Topic::Posts, "rusak", "post", 1, b"{\"id\":"),
        raw(Topic::Posts, "asing", "comment", 1, b"{}"),
        raw(Topic::Posts, "kosong", "post", 1, b"{}"),
    ])
    .await
    .unwrap();
    publish(&bus, [post(2, 2)]).await;
    let stage = Copier::default();
    work_off(&bus, stage.clone()).await;
    let mut seen = stage.seen.lock().unwrap().clone();
    seen.sort_unstable();
    assert_eq!(seen, [1, 2]);
    let letters = bus.dead_letters(10).await.unwrap();
    let mut parked: Vec<(String, String, Vec<u8>)> = letters
        .into_iter()
        .map(|stored| stored.letter.unwrap())
        .map(|letter| (letter.key.clone(), letter.reason.clone(), letter.bytes()))
        .collect();
    parked.sort();
    assert_eq!(
        parked,
        [
            ("asing".into(), "type \"comment\" where \"post\" was expected".into(), b"{}".to_vec()),
            ("kosong".into(), "missing field id (line 1, column 2)".into(), b"{}".to_vec()),
            ("rusak".into(), "ends early (line 1, column 6)".into(), b"{\"id\":".to_vec()),
        ]
    );
    assert!(stream::metrics::render().contains("kentongan_parked_total{topic=\"posts\"}"));
}

async fn a_newer_version_stops_the_stage_and_is_not_parked(fixture: Fixture) {
    let bus = fixture.open();
    publish(&bus, [post(7, 1)]).await;
    let newer = Outgoing { version: 99, ..outgoing(&post(7, 2)) };
    bus.publish(vec![newer]).await.unwrap();
    publish(&bus, [post(7, 3)]).await;
    let stage = Copier::default();
    let error = run(stage.clone(), &bus, CancellationToken::new()).await.unwrap_err();
    assert!(!error.is_retryable());
    assert!(matches!(&error, BusError::Newer { found: 99, known: 1, topic: Topic::Posts, .. }), "{error}");
    assert!(error.to_string().contains("update this program"), "{error}");
    assert_eq!(*stage.seen.lock().unwrap(), [1]);
    assert_eq!(bus.dead_letters(10).await.unwrap(), []);
    // Both the newer record and the one behind it are still to be read.
    assert_eq!(lag(&bus, "copier").await, Some(2));
}

async fn a_stage_that_cannot_work_tries_the_same_batch_again(fixture: Fixture) {
    let bus = fixture.open();
    publish(&bus, (0..200).map(|n| post(n, n))).await;
    // Small batches: most records are fetched ahead while the stage waits.
    let stage = Copier { small: true, ..Copier::default() };
    stage.refusals.store(3, Ordering::SeqCst);
    work_off(&bus, stage.clone()).await;
    assert_eq!(stage.refusals.load(Ordering::SeqCst), 0);
    let mut seen = stage.seen.lock().unwrap().clone();
    seen.sort_unstable();
    assert_eq!(seen, (0..200).collect::<Vec<_>>());
    assert_eq!(bus.dead_letters(10).await.unwrap(), []);
}

struct GivesUp;

impl stream::Stage for GivesUp {
    type In = Post;

    fn group(&self) -> &str {
        "copier"
    }

    async fn handle(&mut self, _: Vec<Post>) -> Result<stream::Handled, stream::StageError> {
        Err(stream::StageError::Fatal("the lexicon is gone".to_owned()))
    }
}

async fn a_stage_that_gives_up_commits_nothing(fixture: Fixture) {
    let bus = fixture.open();
    publish(&bus, (0..5).map(|n| post(n, n))).await;
    let error = run(GivesUp, &bus, CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "stage copier: the lexicon is gone");
    let stage = Copier::default();
    work_off(&bus, stage.clone()).await;
    assert_eq!(stage.seen.lock().unwrap().len(), 5);
}

async fn a_stage_that_gathers_waits_for_more_before_it_works(fixture: Fixture) {
    let bus = fixture.open();
    publish(&bus, [post(0, 0)]).await;
    let patient = Copier { gather: Duration::from_secs(4), ..Copier::default() };
    let stop = CancellationToken::new();
    let (worker, token, stage) = (bus.clone(), stop.clone(), patient.clone());
    let running = tokio::spawn(async move { run(stage, &worker, token).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    publish(&bus, [post(1, 1)]).await;
    until("both are worked on", async || patient.seen.lock().unwrap().len() == 2).await;
    stop.cancel();
    running.await.unwrap().unwrap();
    assert_eq!(*patient.batches.lock().unwrap(), [2]);
}

async fn a_stage_that_is_stopped_finishes_its_batch(fixture: Fixture) {
    let bus = fixture.open();
    publish(&bus, (0..200).map(|n| post(n, n))).await;
    let slow = Copier { pause: Duration::from_millis(50), small: true, ..Copier::default() };
    let stop = CancellationToken::new();
    let (worker, token, stage) = (bus.clone(), stop.clone(), slow.clone());
    let running = tokio::spawn(async move { run(stage, &worker, token).await });
    until("the stage is at work", async || slow.seen.lock().unwrap().len() >= 20).await;
    stop.cancel();
    running.await.unwrap().unwrap();
    assert!(slow.seen.lock().unwrap().len() < 200, "it stopped before the end");
    let rest = Copier { pause: Duration::ZERO, small: false, ..slow.clone() };
    work_off(&bus, rest).await;
    let mut seen = slow.seen.lock().unwrap().clone();
    seen.sort_unstable();
    assert_eq!(seen, (0..200).collect::<Vec<_>>(), "each post was worked on exactly once");
    let mut found: Vec<u64> = drain(&bus, "counter", Topic::Findings)
        .await
        .iter()
        .map(|incoming| number(&incoming.read::<Finding>().unwrap().post))
        .collect();
    found.sort_unstable();
    assert_eq!(found, (0..200).collect::<Vec<_>>());
}

async fn dead_letters_are_listed_and_tried_again(fixture: Fixture) {
    let bus = fixture.open();
    let now: Timestamp = "2024-11-27T01:00:00Z".parse().unwrap();
    let good = outgoing(&post(3, 3));
    let bad = raw(Topic::Posts, "rusak", "post", 1, b"[");
    bus.publish(vec![good.clone(), bad]).await.unwrap();
    let records = drain(&bus, "reader", Topic::Posts).await;
    let mut letters: Vec<Outgoing> = records
        .iter()
        .map(|record| {
            DeadLetter::of_record(record, "reader", "was not readable then", now).outgoing().unwrap()
        })
        .collect();
    let place = LetterPlace::Line { file: "kabar.jsonl".to_owned(), line: 7 };
    letters.push(
        DeadLetter::of_item("feed-a", b"<xml", "not JSON", now).standing(place.clone()).outgoing().unwrap(),
    );
    bus.publish(letters).await.unwrap();
    assert_eq!(bus.dead_letters(2).await.unwrap().len(), 2);
    assert_eq!(bus.dead_letters(10).await.unwrap().len(), 3);

    let back = |letter: &DeadLetter| {
        let item = || format!("still not JSON: {} bytes", letter.bytes().len());
        letter.back().map(|record| vec![record]).ok_or_else(|| Refusal::from(item()))
    };
    let retried = bus.retry(back).await.unwrap();
    assert_eq!((retried.returned.len(), retried.parked.len()), (2, 1));
    let numbers: Vec<u64> =
        bus.dead_letters(10).await.unwrap().into_iter().map(|stored| stored.number).collect();
    assert_eq!(numbers, retried.parked, "it keeps its number");
    assert_eq!(bus.retry(back).await.unwrap().parked, retried.parked, "whenever it is tried again");
    let left: Vec<DeadLetter> =
        bus.dead_letters(10).await.unwrap().into_iter().map(|stored| stored.letter.unwrap()).collect();
    assert_eq!(left.len(), 1);
    let told = "kabar.jsonl, line 7: still not JSON: 4 bytes";
    assert_eq!((left[0].reader.as_str(), left[0].reason.as_str()), ("feed-a", told));
    assert_eq!(left[0].place.as_ref(), Some(&place), "where it stood is not forgotten");
    let again = drain(&bus, "reader", Topic::Posts).await;
    assert!(
        again
            .iter()
            .any(|record| record.key == good.key && record.bytes == good.bytes && record.kind == "post")
    );
    assert_eq!(again.len(), 2);
}

async fn two_retries_at_once_make_nothing_twice(fixture: Fixture) {
    const COUNT: usize = 600;
    let (one, other) = (fixture.open(), fixture.open());
    let now: Timestamp = "2024-11-27T01:00:00Z".parse().unwrap();
    let letters = (0..COUNT).map(|n| {
        DeadLetter::of_item("feed-a", format!("{n}").as_bytes(), "refused", now).outgoing().unwrap()
    });
    one.publish(letters.collect()).await.unwrap();
    // Every other one can be read now.
    let back = |letter: &DeadLetter| {
        let n: u64 = String::from_utf8(letter.bytes()).unwrap().parse().unwrap();
        if n.is_multiple_of(2) {
            Ok(vec![outgoing(&post(n, n))])
        } else {
            Err(Refusal::from("odd".to_owned()))
        }
    };
    let (first, second) = tokio::join!(one.retry(back), other.retry(back));
    let mut returned = 0;
    for retried in [first, second] {
        match retried {
            Ok(retried) => returned += retried.returned.len(),
            Err(error) => assert!(matches!(error, BusError::Taken { .. }), "{error}"),
        }
    }
    assert_eq!(returned, COUNT / 2);
    assert_eq!(drain(&one, "reader", Topic::Posts).await.len(), COUNT / 2, "nothing came back twice");
    let mut waiting = Vec::new();
    one.each_dead_letter(|stored| waiting.push(stored.letter.unwrap().bytes())).await.unwrap();
    let distinct: std::collections::BTreeSet<&Vec<u8>> = waiting.iter().collect();
    assert_eq!((waiting.len(), distinct.len()), (COUNT / 2, COUNT / 2), "nothing was parked twice");
}

async fn dead_letters_can_be_dropped_and_the_others_stay(fixture: Fixture) {
    let bus = fixture.open();
    let now: Timestamp = "2024-11-27T01:00:00Z".parse().unwrap();
    let letter = |n: u64| DeadLetter::of_item("feed-a", format!("{n}").as_bytes(), "refused", now);
    bus.publish((0..5).map(|n| letter(n).outgoing().unwrap()).collect()).await.unwrap();
    let lying = async || {
        let stored = bus.dead_letters(10).await.unwrap();
        stored.into_iter().map(|stored| (stored.number, stored.letter.unwrap())).collect::<Vec<_>>()
    };
    let before = lying().await;
    let numbers = |wanted: &[usize]| wanted.iter().map(|at| before[*at].0).collect::<BTreeSet<u64>>();
    assert_eq!(bus.drop_dead_letters(&BTreeSet::from([999])).await.unwrap(), BTreeSet::new());
    assert_eq!(lying().await, before, "what is not there moves nothing");
    let mut asked = numbers(&[1, 3]);
    asked.insert(999);
    assert_eq!(bus.drop_dead_letters(&asked).await.unwrap(), numbers(&[1, 3]));
    let told =
        |(number, letter): (u64, DeadLetter)| (number, letter.bytes(), letter.reason, letter.parked_at);
    let mut left: Vec<_> = lying().await.into_iter().map(told).collect();
    left.sort();
    let kept: Vec<_> = [0, 2, 4].map(|at| told(before[at].clone())).into();
    assert_eq!(left, kept, "with number, reason and time as they were");
    // By the same number, wherever it lies by now.
    assert_eq!(bus.drop_dead_letters(&numbers(&[2])).await.unwrap(), numbers(&[2]));
    let left: BTreeSet<u64> = lying().await.into_iter().map(|(number, _)| number).collect();
    assert_eq!(left, numbers(&[0, 4]));
}

async fn a_cursor_keeps_what_was_set_last(fixture: Fixture) {
    let bus = fixture.open();
    assert_eq!(bus.cursor("feed-a").await.unwrap(), None);
    bus.set_cursor("feed-a", b"satu".to_vec()).await.unwrap();
    bus.set_cursor("feed-b", b"lain".to_vec()).await.unwrap();
    assert_eq!(bus.cursor("feed-a").await.unwrap().as_deref(), Some(&b"satu"[..]));
    bus.set_cursor("feed-a", b"dua".to_vec()).await.unwrap();
    assert_eq!(bus.cursor("feed-a").await.unwrap().as_deref(), Some(&b"dua"[..]));
    let other = fixture.open();
    assert_eq!(other.cursor("feed-a").await.unwrap().as_deref(), Some(&b"dua"[..]));
    assert_eq!(other.cursor("feed-b").await.unwrap().as_deref(), Some(&b"lain"[..]));
}

async fn a_dropped_take_loses_nothing(fixture: Fixture) {
    let bus = fixture.open();
    let mut inbox = bus.subscribe("reader", &[Topic::Posts]).await.unwrap();
    let mut read = Vec::new();
    for n in 0..60 {
        publish(&bus, [post(n, n)]).await;
        let take = inbox.take(10, Duration::from_secs(2));
        let patience = Duration::from_millis(n % 7);
        if let Ok(taken) = tokio::time::timeout(patience, take).await {
            read.extend(taken.unwrap());
        }
    }
    while read.len() < 60 {
        let more = inbox.take(10, Duration::from_secs(5)).await.unwrap();
        assert!(!more.is_empty(), "{} of 60 were read", read.len());
        read.extend(more);
    }
    let mut numbers: Vec<u64> =
        read.iter().map(|incoming| number(&incoming.read::<Post>().unwrap())).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..60).collect::<Vec<_>>());
}

async fn a_second_reader_of_a_group_is_refused(fixture: Fixture) {
    let bus = fixture.open();
    let mut first = bus.subscribe("reader", &[Topic::Posts]).await.unwrap();
    first.take(1, Duration::from_millis(500)).await.unwrap();
    let other = fixture.open();
    match other.subscribe("reader", &[Topic::Posts]).await {
        // On a log the second is refused.
        Err(error) => {
            assert!(!error.is_retryable());
            let process = format!("process {}", std::process::id());
            assert!(matches!(&error, BusError::Taken { group, .. } if group == "reader"), "{error}");
            assert!(error.to_string().contains(&process), "{error}");
            drop(first);
            other.subscribe("reader", &[Topic::Posts]).await.unwrap();
        }
        // On Kafka the newcomer has the name, and the first one is told.
        Ok(mut second) => {
            let mut error = None;
            for _ in 0..60 {
                second.take(1, Duration::from_millis(100)).await.unwrap();
                if let Err(fenced) = first.take(1, Duration::from_millis(100)).await {
                    error = Some(fenced);
                    break;
                }
            }
            let error = error.expect("the first reader is fenced");
            assert!(!error.is_retryable());
            assert!(error.to_string().contains("same instance name test"), "{error}");
        }
    }
}

async fn a_record_over_the_limit_is_refused_with_a_clear_error(fixture: Fixture) {
    let bus = fixture.open();
    let just = raw(Topic::Posts, "besar", "post", 1, &vec![b'x'; stream::MAX_RECORD_BYTES]);
    bus.publish(vec![just]).await.unwrap();
    let over = raw(Topic::Posts, "besar", "post", 1, &vec![b'x'; stream::MAX_RECORD_BYTES + 1]);
    let error = bus.publish(vec![over]).await.unwrap_err();
    assert_eq!(error.to_string(), "a record of 2097153 bytes is over the 2097152 that posts takes");
    assert!(!error.is_retryable());
    let read = drain(&bus, "reader", Topic::Posts).await;
    assert_eq!(read.len(), 1);
    // What cannot be read fits into the dead letters too.
    let letter = DeadLetter::of_record(&read[0], "reader", "not JSON", Timestamp::now());
    bus.publish(vec![letter.outgoing().unwrap()]).await.unwrap();
    let kept = bus.dead_letters(1).await.unwrap().remove(0).letter.unwrap();
    assert_eq!(kept.bytes().len(), stream::MAX_RECORD_BYTES);
}

async fn lag_and_topics_tell_what_lies_unread(fixture: Fixture) {
    let bus = fixture.open();
    drop(bus.subscribe("reader", &[Topic::Posts]).await.unwrap());
    assert_eq!(lag(&bus, "reader").await, Some(0));
    let mut old = post(1, 1);
    old.seen_at = "2024-11-20T00:00:00Z".parse().unwrap();
    // Kafka deletes by this time only what is older than the retention: keep the old one younger than that.
    if matches!(bus, Bus::Kafka(_)) {
        old.seen_at = Timestamp::now() - jiff::SignedDuration::from_hours(24);
        old.seen_at = Timestamp::from_millisecond(old.seen_at.as_millisecond()).unwrap();
    }
    publish(&bus, [old.clone()]).await;
    publish(&bus, (2..12).map(|n| post(n, n))).await;
    let lags = bus.lag().await.unwrap();
    let mine = lags.iter().find(|lag| lag.group == "reader").unwrap();
    assert_eq!((mine.topic, mine.lag, mine.oldest), (Topic::Posts, 11, Some(old.seen_at)));
    let topics = bus.topics().await.unwrap();
    let posts = topics.iter().find(|info| info.topic == Topic::Posts).unwrap();
    assert_eq!((posts.partitions, posts.records, posts.retention_days), (4, 11, Some(14)));
    assert_eq!(topics.len(), 4);
    let shown = stream::metrics::render();
    assert!(shown.contains("kentongan_lag_records{group=\"reader\",topic=\"posts\"}"), "{shown}");
    assert_eq!(bus.backpressure(1000).await.unwrap(), stream::Pressure::Flowing);
    if matches!(bus, Bus::Kafka(_)) {
        let pressure = bus.backpressure(10).await.unwrap();
        assert_eq!(pressure, stream::Pressure::Behind { group: "reader".to_owned(), lag: 11 });
    }
    bus.ready().await.unwrap();
    // Making the topics again keeps them and what is in them.
    let made = bus.create_topics().await.unwrap();
    assert!(made.iter().all(|(_, made)| *made == stream::Made::Kept), "{made:?}");
    assert_eq!(bus.topics().await.unwrap(), topics);
}

#[test]
fn a_finding_keeps_the_fields_a_newer_program_gave_its_post() {
    let mut value = serde_json::to_value(post(1, 1)).unwrap();
    value["suhu"] = serde_json::json!({"derajat": 31});
    let read: Post = serde_json::from_value(value).unwrap();
    let written = serde_json::to_value(finding(read)).unwrap();
    assert_eq!(written["post"]["suhu"]["derajat"], 31);
}
