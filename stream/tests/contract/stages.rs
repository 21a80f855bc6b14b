//! The loop that runs a stage: what it parks, what it tries again, when it stops.

use std::sync::atomic::Ordering;
use std::time::Duration;

use stream::{Bus, BusError, Finding, Outgoing, Post, Topic, run};
use tokio_util::sync::CancellationToken;

use crate::common::{Copier, Fixture, drain, lag, number, outgoing, post, until};
use crate::{publish, raw};

on_both!(
    unreadable_records_are_parked_and_reading_goes_on,
    a_newer_version_stops_the_stage_and_is_not_parked,
    a_stage_that_cannot_work_tries_the_same_batch_again,
    a_stage_that_gives_up_commits_nothing,
    a_stage_that_gathers_waits_for_more_before_it_works,
    a_stage_that_is_stopped_finishes_its_batch,
);

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
