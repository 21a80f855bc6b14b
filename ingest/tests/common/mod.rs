//! What the tests of ingest share: a bus in a folder of its own, and what lies on it.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod importing;

use jiff::Timestamp;
use stream::{Bus, BusConfig, Clock, DeadLetter, LogConfig, Post, Topic};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn clock() -> Clock {
    Clock::manual(at("2024-11-27T00:00:00Z"))
}

/// A bus in a folder of its own.
pub(crate) struct Desk {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) bus: Bus,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        let dir = tempfile::tempdir().unwrap();
        let bus = open(dir.path(), LogConfig::default().max_bytes);
        Desk { dir, bus }
    }

    /// Every post on the bus, in the order it came for one partition.
    pub(crate) async fn posts(&self) -> Vec<Post> {
        let mut survey = self.bus.survey(Topic::Posts).await.unwrap();
        let mut posts = Vec::new();
        loop {
            let batch = survey.take().await.unwrap();
            if batch.is_empty() {
                return posts;
            }
            posts.extend(batch.iter().map(|record| record.read::<Post>().unwrap()));
        }
    }

    pub(crate) async fn texts(&self) -> Vec<String> {
        let mut texts: Vec<String> = self.posts().await.into_iter().map(|post| post.text).collect();
        texts.sort();
        texts
    }

    pub(crate) async fn letters(&self) -> Vec<DeadLetter> {
        let letters = self.bus.dead_letters(1000).await.unwrap();
        letters.into_iter().map(|stored| stored.letter.unwrap()).collect()
    }

    pub(crate) async fn reasons(&self) -> Vec<String> {
        self.letters().await.into_iter().map(|letter| letter.reason).collect()
    }
}

pub(crate) fn open(dir: &std::path::Path, max_bytes: u64) -> Bus {
    let retention_bytes = max_bytes.min(LogConfig::default().retention_bytes);
    let config = LogConfig {
        path: dir.join("bus.db"),
        max_bytes,
        retention_bytes,
        reserve_bytes: 0,
        ..LogConfig::default()
    };
    Bus::open(&BusConfig::Log(config)).unwrap()
}
