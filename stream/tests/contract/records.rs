//! What is published: read once, in order, after a restart too, and refused where it does not fit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use stream::{DeadLetter, Post, Topic};

use crate::common::{Fixture, drain, number, post};
use crate::{publish, raw};

on_both!(
    what_was_published_is_read_after_reopening,
    records_of_one_key_are_read_in_order,
    a_record_over_the_limit_is_refused_with_a_clear_error,
    a_cursor_keeps_what_was_set_last,
);

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
