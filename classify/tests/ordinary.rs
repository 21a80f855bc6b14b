//! Ordinary election talk stays out of the queues: the streams that were read while the rules were made quiet.

use std::path::Path;

use lexicons::Lexicon;
use serde_json::Value;
use stream::{Intake, Item};

/// Most alarms among a thousand posts that belong in no queue.
const MOST: f64 = 5.0;

#[test]
fn ordinary_election_talk_raises_at_most_five_alarms_in_a_thousand_posts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lexicons/corpus/ordinary-read.jsonl");
    let source = std::fs::read_to_string(&path).unwrap();
    let (lexicon, mut posts, mut raised) = (Lexicon::builtin(), 0, Vec::new());
    for line in source.lines() {
        let labelled: Value = serde_json::from_str(line).unwrap();
        if labelled["gold"]["queue"] != "tidak" {
            continue;
        }
        posts += 1;
        let item = Item::parse(line.as_bytes()).unwrap();
        let post = item.into_post(&Intake::judging()).unwrap();
        if classify::judge(&lexicon, &post).is_some_and(|finding| !finding.signals.is_empty()) {
            raised.push(labelled["id"].to_string());
        }
    }
    assert!(posts > 2000, "{posts}");
    let share = 1000.0 * raised.len() as f64 / f64::from(posts);
    assert!(share <= MOST, "{share:.1} in a thousand: {raised:?}");
}
