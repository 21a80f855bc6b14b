//! The bus under kill -9: of a real child process at seeded moments, and of the broker.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::time::{Duration, Instant};

use common::{Broker, Chance, Copier, Fixture, acknowledged, again, drain, number, outgoing, post, service};
use stream::{Bus, BusConfig, Finding, Post, Topic, run};
use tokio_util::sync::CancellationToken;

/// Keys of the posts a child publishes: enough to use every partition.
const KEYS: u64 = 40;

/// What a child process does; the other tests of this file run it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run as a child process by the kill tests"]
async fn child() {
    let (job, config) = common::child_job();
    let bus = Bus::open(&config).unwrap();
    let first: u64 = std::env::var("KENTONGAN_CHILD_FIRST").unwrap_or_default().parse().unwrap_or(0);
    match job.as_str() {
        "work" => {
            let worker = bus.clone();
            tokio::spawn(async move { run(Copier::default(), &worker, CancellationToken::new()).await });
            publish_for_ever(&bus, first).await;
        }
        "publish once" => {
            bus.publish(vec![outgoing(&post(1, first))]).await.unwrap();
            common::acknowledge(first);
        }
        other => panic!("no job {other}"),
    }
}

/// Publishes batches of different sizes, and says each number once it is durable.
async fn publish_for_ever(bus: &Bus, first: u64) {
    let mut chance = Chance(first + 1);
    let mut next = first;
    loop {
        let numbers: Vec<u64> = (next..=next + chance.below(30)).collect();
        next += numbers.len() as u64;
        let posts = numbers.iter().map(|n| outgoing(&post(n % KEYS, *n))).collect();
        if bus.publish(posts).await.is_ok() {
            numbers.into_iter().for_each(common::acknowledge);
        }
    }
}

/// Kills a working child `rounds` times; then nothing acknowledged may be missing, before the stage or behind it.
async fn kill_and_count(fixture: Fixture, rounds: u64, shortest: u64, longest: u64) {
    let mut chance = Chance(20_241_127);
    let mut kept = Vec::new();
    for round in 0..rounds {
        let first = round * 1_000_000;
        let extra = [("KENTONGAN_CHILD_FIRST", first.to_string())];
        let mut process = again("work", &fixture.config, &extra).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(shortest + chance.below(longest - shortest)));
        process.kill().unwrap();
        kept.extend(acknowledged(&mut process));
        process.wait().unwrap();
    }
    assert!(kept.len() as u64 > rounds, "the children were killed before they did anything: {}", kept.len());
    let bus = fixture.open();
    let read: Vec<Post> =
        drain(&bus, "reader", Topic::Posts).await.iter().map(|incoming| incoming.read().unwrap()).collect();
    let present: BTreeSet<u64> = read.iter().map(number).collect();
    let lost: Vec<&u64> = kept.iter().filter(|number| !present.contains(number)).take(10).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    in_order(&read);

    // What the killed stages left is worked off by a last one.
    let stop = CancellationToken::new();
    let (worker, token) = (bus.clone(), stop.clone());
    let running = tokio::spawn(async move { run(Copier::default(), &worker, token).await });
    common::until("the rest is worked off", async || common::lag(&bus, "copier").await == Some(0)).await;
    stop.cancel();
    running.await.unwrap().unwrap();
    let found = drain(&bus, "counter", Topic::Findings).await;
    let found: BTreeSet<u64> =
        found.iter().map(|incoming| number(&incoming.read::<Finding>().unwrap().post)).collect();
    let without: Vec<&u64> = present.difference(&found).take(10).collect();
    assert!(without.is_empty() && found.len() == present.len(), "posts without finding: {without:?} …");
    assert_eq!(bus.dead_letters(1).await.unwrap(), []);
    common::tell(&format!("{rounds} kills, {} acknowledged, {} read", kept.len(), read.len()));
}

/// Per key, and within one life of the publisher, the numbers rise when repetitions are left out.
fn in_order(posts: &[Post]) {
    let mut last: BTreeMap<(String, u64), u64> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for post in posts {
        let number = number(post);
        if seen.insert(number) {
            let before = last.insert((post.id.to_string(), number / 1_000_000), number);
            assert!(before.is_none_or(|before| before < number), "{before:?} before {number}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_lose_nothing_that_was_acknowledged_on_the_log() {
    kill_and_count(Fixture::log(), 50, 30, 160).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_kills_lose_nothing_that_was_acknowledged_on_kafka() {
    if let Some(fixture) = Fixture::kafka("ten_kills_lose_nothing_that_was_acknowledged_on_kafka").await {
        kill_and_count(fixture, 10, 400, 1800).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_killed_and_started_again_loses_nothing_and_the_line_goes_on() {
    let test = "a_broker_killed_and_started_again_loses_nothing_and_the_line_goes_on";
    if service("KENTONGAN_TEST_KAFKA", test).is_none() {
        return;
    }
    common::show_log_lines();
    let broker = tokio::task::spawn_blocking(|| Broker::start(false)).await.unwrap();
    let bus = Bus::open(&BusConfig::Kafka(broker.config())).unwrap();
    bus.create_topics().await.unwrap();
    let stop = CancellationToken::new();
    let stage = Copier::default();
    let (worker, token, copier) = (bus.clone(), stop.clone(), stage.clone());
    let running = tokio::spawn(async move { run(copier, &worker, token).await });

    let (publisher, token) = (bus.clone(), stop.clone());
    let publishing = tokio::spawn(async move {
        let (mut acknowledged, mut failures, mut next) = (Vec::new(), Vec::new(), 0);
        while !token.is_cancelled() {
            let numbers: Vec<u64> = (next..next + 20).collect();
            next += 20;
            match publisher.publish(numbers.iter().map(|n| outgoing(&post(n % KEYS, *n))).collect()).await {
                Ok(()) => acknowledged.extend(numbers),
                Err(error) => failures.push(error),
            }
        }
        (acknowledged, failures)
    });
    tokio::time::sleep(Duration::from_secs(2)).await;
    broker.script("kill");
    // Longer than a delivery may take: publishing fails meanwhile, and says so.
    tokio::time::sleep(Duration::from_secs(7)).await;
    let broker = tokio::task::spawn_blocking(move || {
        broker.script("start");
        broker
    })
    .await
    .unwrap();
    let before = stage.seen.lock().unwrap().len();
    let goes_on = async || stage.seen.lock().unwrap().len() > before + 100;
    common::until("the line goes on after the restart", goes_on).await;
    stop.cancel();
    let (acknowledged, failures) = publishing.await.unwrap();
    running.await.unwrap().unwrap();
    assert!(failures.iter().all(stream::BusError::is_retryable), "{failures:?}");
    assert!(!failures.is_empty(), "publishing failed while the broker was dead");
    let read: Vec<Post> =
        drain(&bus, "reader", Topic::Posts).await.iter().map(|incoming| incoming.read().unwrap()).collect();
    let present: BTreeSet<u64> = read.iter().map(number).collect();
    let lost: Vec<&u64> = acknowledged.iter().filter(|number| !present.contains(number)).take(10).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let twice = read.len() - present.len();
    let (kept, failed) = (acknowledged.len(), failures.len());
    common::tell(&format!("{kept} acknowledged, {failed} failed publishes, {twice} records twice"));
    drop(broker);
}

#[test]
fn an_acknowledgement_on_the_log_follows_the_fsync() {
    let fixture = Fixture::log();
    let trace = tempfile::NamedTempFile::new().unwrap();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-e", "trace=pwrite64,write,fsync,fdatasync", "-s", "16", "-o"]);
    strace.arg(trace.path()).arg(std::env::current_exe().unwrap());
    let extra = [("KENTONGAN_CHILD_FIRST", "4711".to_owned())];
    common::child_arguments(&mut strace, "publish once", &fixture.config, &extra);
    match strace.spawn() {
        Ok(mut process) => {
            let said = acknowledged(&mut process);
            assert!(process.wait().unwrap().success());
            assert_eq!(said, [4711]);
        }
        Err(error) if std::env::var("KENTONGAN_TEST_ALL").is_ok_and(|all| all == "1") => {
            panic!("strace: {error}")
        }
        Err(_) => {
            common::left_out("an_acknowledgement_on_the_log_follows_the_fsync", "strace is not installed");
            return;
        }
    }
    let calls = std::fs::read_to_string(trace.path()).unwrap();
    let lines: Vec<&str> = calls.lines().collect();
    let find = |what: &dyn Fn(&str) -> bool| lines.iter().rposition(|line| what(line));
    let spoken =
        find(&|line| line.contains("write(1<") && line.contains("ACK 4711")).expect("the acknowledgement");
    let before = &lines[..spoken];
    let wal = |line: &str| line.contains("bus.db-wal>");
    let written =
        before.iter().rposition(|line| line.contains("pwrite64(") && wal(line)).expect("a write to the WAL");
    let synced = before
        .iter()
        .rposition(|line| (line.contains("fdatasync(") || line.contains("fsync(")) && wal(line))
        .expect("an fsync of the WAL");
    assert!(
        written < synced,
        "the last write to the WAL is synced before it is acknowledged:\n{}",
        before.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_killed_on_kafka_has_its_partitions_back_at_once() {
    let test = "a_reader_killed_on_kafka_has_its_partitions_back_at_once";
    let Some(fixture) = Fixture::kafka(test).await else {
        return;
    };
    let extra = [("KENTONGAN_CHILD_FIRST", "0".to_owned())];
    let mut process = again("work", &fixture.config, &extra).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(2500));
    process.kill().unwrap();
    process.wait().unwrap();
    let bus = fixture.open();
    bus.publish((0..8).map(|n| outgoing(&post(n, n))).collect()).await.unwrap();
    let start = Instant::now();
    let mut inbox = bus.subscribe("copier", &[Topic::Posts]).await.unwrap();
    while inbox.take(1, Duration::from_millis(100)).await.unwrap().is_empty() {
        assert!(start.elapsed() < Duration::from_secs(10), "nothing after {:?}", start.elapsed());
    }
    common::tell(&format!("the first record came {:?} after the restart", start.elapsed()));
}
