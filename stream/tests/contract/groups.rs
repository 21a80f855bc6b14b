//! Who reads: groups that do not disturb each other, what comes again, one reader at a time, and how far behind each is.

use std::time::Duration;

use jiff::Timestamp;
use stream::{Bus, BusError, Post, Topic};

use crate::common::{Fixture, drain, lag, number, post};
use crate::publish;

on_both!(
    what_was_not_committed_comes_again,
    groups_do_not_disturb_each_other,
    a_dropped_take_loses_nothing,
    a_second_reader_of_a_group_is_refused,
    lag_and_topics_tell_what_lies_unread,
);

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
