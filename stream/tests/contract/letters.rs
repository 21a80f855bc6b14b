//! Dead letters: listed, tried again once, let go.

use std::collections::BTreeSet;

use jiff::Timestamp;
use stream::{BusError, DeadLetter, LetterPlace, Outgoing, Refusal, Topic};

use crate::common::{Fixture, drain, outgoing, post};
use crate::raw;

on_both!(
    dead_letters_are_listed_and_tried_again,
    two_retries_at_once_make_nothing_twice,
    dead_letters_can_be_dropped_and_the_others_stay,
);

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
    assert_eq!(left[0].first_parked(), now, "the time of its first parking is not forgotten");
    assert!(left[0].parked_at > now, "it is kept as long as one that is parked now");
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
