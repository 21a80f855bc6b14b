//! The promises of the bus, each tried on both buses: on the embedded log always, on Kafka when a broker is named.

#[path = "../common/mod.rs"]
mod common;

/// Makes a test for each bus out of one function.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod log {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::common::Fixture::log()).await;
                }
            )+
        }
        mod kafka {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(fixture) = $crate::common::Fixture::kafka(concat!("kafka::", stringify!($name))).await {
                        super::$name(fixture).await;
                    }
                }
            )+
        }
    };
}

mod groups;
mod letters;
mod records;
mod stages;

use jiff::Timestamp;
use stream::{Bus, Outgoing, Post, Topic};

use common::{finding, outgoing, post};

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

#[test]
fn a_finding_keeps_the_fields_a_newer_program_gave_its_post() {
    let mut value = serde_json::to_value(post(1, 1)).unwrap();
    value["suhu"] = serde_json::json!({"derajat": 31});
    let read: Post = serde_json::from_value(value).unwrap();
    let written = serde_json::to_value(finding(read)).unwrap();
    assert_eq!(written["post"]["suhu"]["derajat"], 31);
}
