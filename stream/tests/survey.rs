//! Reading a topic to its end without a group, on both buses: everything once, nothing newer, no group left behind.

mod common;

use std::time::Duration;

use common::{Fixture, number, outgoing, post};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use stream::{Bus, BusConfig, Post, Survey, Topic};

async fn fixtures(test: &str) -> Vec<Fixture> {
    [Some(Fixture::log()), Fixture::kafka(test).await].into_iter().flatten().collect()
}

/// The numbers of all posts that are left in it, in order.
async fn rest(survey: &mut Survey) -> Vec<u64> {
    let mut numbers = Vec::new();
    loop {
        let records = survey.take().await.unwrap();
        if records.is_empty() {
            numbers.sort_unstable();
            return numbers;
        }
        numbers.extend(records.iter().map(|record| number(&record.read::<Post>().unwrap())));
    }
}

async fn publish(bus: &Bus, numbers: std::ops::Range<u64>) {
    bus.publish(numbers.map(|n| outgoing(&post(n, n))).collect()).await.unwrap();
}

/// The consumer groups that the brokers know with the fixture's prefix; a `Log` has none but those it lists.
async fn groups(fixture: &Fixture) -> Vec<String> {
    match &fixture.config {
        BusConfig::Log(_) => fixture.open().lag().await.unwrap().into_iter().map(|lag| lag.group).collect(),
        BusConfig::Kafka(kafka) => {
            let consumer: BaseConsumer =
                ClientConfig::new().set("bootstrap.servers", &kafka.brokers).create().unwrap();
            let list = consumer.fetch_group_list(None, Duration::from_secs(10)).unwrap();
            let ours = list.groups().iter().map(|group| group.name().to_owned());
            ours.filter(|name| name.starts_with(&kafka.prefix)).collect()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_gives_what_lay_there_when_it_was_asked_for_as_often_as_wanted_and_leaves_no_group() {
    for fixture in fixtures("survey").await {
        let bus = fixture.open();
        let mut empty = bus.survey(Topic::Posts).await.unwrap();
        assert_eq!((empty.total(), rest(&mut empty).await), (0, vec![]));

        publish(&bus, 0..9000).await;
        let mut survey = bus.survey(Topic::Posts).await.unwrap();
        assert_eq!(survey.total(), 9000);
        let first = survey.take().await.unwrap();
        assert!(!first.is_empty() && first.len() < 9000, "some at a time: {}", first.len());
        publish(&bus, 9000..9050).await;
        assert_eq!(rest(&mut survey).await.len() + first.len(), 9000, "and not what came later");

        survey.again();
        assert_eq!(rest(&mut survey).await, (0..9000).collect::<Vec<_>>());
        let mut newer = survey.newer(&bus).await.unwrap();
        assert_eq!((newer.total(), rest(&mut newer).await), (50, (9000..9050).collect()));
        assert_eq!(groups(&fixture).await, Vec::<String>::new());
    }
}
