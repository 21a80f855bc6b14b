//! What was read while the rules were tuned stays as it is: ordinary talk is silent, innocent posts mostly, leads are found.

use std::path::Path;

use lexicons::Lexicon;
use serde_json::Value;
use stream::{Intake, Item};

/// The posts of a file of the corpus that belong in a queue, if `queued`, else those that belong in none: how many there
/// are, and which of them raise something.
fn raised(file: &str, queued: bool) -> (u32, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lexicons/corpus").join(file);
    let source = std::fs::read_to_string(&path).unwrap();
    let (lexicon, mut posts, mut raised) = (Lexicon::builtin(), 0, Vec::new());
    for line in source.lines() {
        let labelled: Value = serde_json::from_str(line).unwrap();
        if (labelled["gold"]["queue"] != "tidak") != queued {
            continue;
        }
        posts += 1;
        let item = Item::parse(line.as_bytes()).unwrap();
        let post = item.into_post(&Intake::judging()).unwrap();
        if classify::judge(&lexicon, &post).is_some_and(|finding| !finding.signals.is_empty()) {
            raised.push(labelled["id"].to_string());
        }
    }
    (posts, raised)
}

/// The share of posts that raise something, in a thousand.
fn in_a_thousand(posts: u32, raised: &[String]) -> f64 {
    1000.0 * raised.len() as f64 / f64::from(posts)
}

#[test]
fn ordinary_election_talk_raises_at_most_five_alarms_in_a_thousand_posts() {
    let (posts, raised) = raised("ordinary-read.jsonl", false);
    let share = in_a_thousand(posts, &raised);
    assert!(posts > 2000 && share <= 5.0, "{share:.1} in a thousand of {posts}: {raised:?}");
}

#[test]
fn of_the_innocent_posts_that_were_invented_to_wake_a_rule_at_most_a_quarter_does() {
    let (posts, raised) = raised("innocent.jsonl", false);
    let share = in_a_thousand(posts, &raised);
    assert!(posts > 600 && share <= 250.0, "{share:.0} in a thousand of {posts}: {raised:?}");
}

#[test]
fn of_the_leads_in_own_words_that_were_read_three_in_four_are_found() {
    let (posts, raised) = raised("leads-read.jsonl", true);
    let share = in_a_thousand(posts, &raised);
    // Half of them are told by hints alone, and no rule was written for those.
    assert!(posts > 1000 && share >= 750.0, "{share:.0} in a thousand of {posts}");
}
