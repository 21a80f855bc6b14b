//! Records as earlier programs wrote them are read for all time: one golden file for each version of each type.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;
use stream::{
    Act, Category, DeadLetter, Finding, Incoming, Part, Post, Record, Severity, SubjectClass, Topic, Zone,
};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// The golden file of a version, read as from the bus.
fn read<R: Record>(version: u32) -> (R, Value) {
    let path = file(&format!("{}.v{version}.json", R::TYPE));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let value = serde_json::from_slice(&bytes).unwrap();
    let incoming = Incoming {
        topic: R::TOPIC,
        partition: 0,
        offset: 0,
        key: String::new(),
        at: Timestamp::UNIX_EPOCH,
        kind: R::TYPE.to_owned(),
        version,
        bytes,
    };
    (incoming.read().unwrap(), value)
}

#[test]
fn every_version_of_every_record_has_its_golden_file() {
    for (kind, version) in [
        (Post::TYPE, Post::VERSION),
        (Finding::TYPE, Finding::VERSION),
        (DeadLetter::TYPE, DeadLetter::VERSION),
    ] {
        for version in 1..=version {
            assert!(file(&format!("{kind}.v{version}.json")).exists(), "{kind} version {version}");
        }
    }
}

#[test]
fn a_post_of_version_1_is_read_and_written_as_it_was() {
    let (post, value): (Post, Value) = read(1);
    assert_eq!(post.source, "contoh");
    assert_eq!(post.text, "Rapat warga di balai desa 🙏 malam ini");
    assert_eq!(post.raw.bytes().unwrap(), b"{\"text\":\"contoh\"}");
    assert_eq!(post.context.as_ref().unwrap().media_text.len(), 1);
    assert_eq!(post.extra["kelak"], "bidang versi baru");
    assert_eq!(serde_json::to_value(&post).unwrap(), value);
}

#[test]
fn a_finding_of_version_1_is_read_and_written_as_it_was() {
    let (finding, value): (Finding, Value) = read(1);
    let signal = &finding.signals[0];
    assert_eq!((signal.category, signal.severity), (Category::Kf14, Severity::Waspada));
    assert_eq!(signal.subject.as_ref().unwrap().class, SubjectClass::Kades);
    assert_eq!(signal.acts[0].act, Act::Mobilisasi);
    assert_eq!(signal.place.zone, Zone::Wib);
    assert_eq!(signal.place.code.as_ref().unwrap().as_str(), "35.19.08");
    let span = signal.hits[0].spans[0];
    assert_eq!((span.part, span.of(&finding.post)), (Part::Text, Some("wajib dukung")));
    assert_eq!(finding.cleared.len(), 1);
    assert_eq!(finding.post.extra["kelak"], 1);
    assert_eq!(serde_json::to_value(&finding).unwrap(), value);
}

#[test]
fn a_dead_letter_of_version_1_is_read_and_written_as_it_was() {
    let (letter, value): (DeadLetter, Value) = read(1);
    assert_eq!((letter.origin, letter.bytes()), (Some(Topic::Posts), b"{\"id\":".to_vec()));
    let back = letter.back().unwrap();
    assert_eq!((back.topic, back.key.as_str(), back.version), (Topic::Posts, "0123", 1));
    assert_eq!(serde_json::to_value(&letter).unwrap(), value);
}

#[test]
fn a_post_is_keyed_by_its_id_and_timed_by_when_it_was_seen() {
    let (post, _): (Post, Value) = read(1);
    assert_eq!(post.key(), post.id.as_str());
    assert_eq!(post.at(), post.seen_at);
}
