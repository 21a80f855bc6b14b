//! The lexicon's own examples: each flagged sentence must raise its rule, each clean one must raise nothing by it.

use jiff::Timestamp;
use lexicons::{Fault, Lexicon};
use stream::{Author, Channel, Finding, Post, PostId, Raw};

use crate::judge_by_rules as judge;

/// Runs every example of the rules and guards of `lexicon`; what does not come out as written is a fault.
pub fn check(lexicon: &Lexicon) -> Vec<Fault> {
    let mut faults = Vec::new();
    for example in lexicon.examples() {
        let rule = &lexicon.rules()[example.rule];
        let found = judge(lexicon, &post(example.text));
        let raised = found.as_ref().is_some_and(|found| raises(found, &rule.id));
        let message = match (example.flagged, raised) {
            (true, false) => format!(
                "the rule '{}' does not find its flagged example: {}{}",
                rule.id,
                example.text,
                cleared(found.as_ref(), &rule.id)
            ),
            (false, true) => format!("the rule '{}' raises its clean example: {}", rule.id, example.text),
            _ => continue,
        };
        faults.push(Fault::new(&rule.file, rule.line, 0, message));
    }
    guards(lexicon, &mut faults);
    faults
}

/// A guard must clear each of its examples, and must leave a signal of the category named before each contrast text.
fn guards(lexicon: &Lexicon, faults: &mut Vec<Fault>) {
    for guard in lexicon.guards() {
        for text in &guard.clears_examples {
            let found = judge(lexicon, &post(text));
            let by =
                found.as_ref().is_some_and(|found| found.cleared.iter().any(|hit| hit.guard == guard.name));
            if !by || found.is_some_and(|found| !found.signals.is_empty()) {
                let message = format!("the guard '{}' does not clear its example: {text}", guard.name);
                faults.push(Fault::new(&guard.file, guard.line, 0, message));
            }
        }
        for keep in &guard.keeps {
            let (category, text) = keep.split_once(": ").unwrap_or(("", keep));
            let found = judge(lexicon, &post(text));
            let kept = found
                .is_some_and(|found| found.signals.iter().any(|signal| signal.category.as_str() == category));
            if !kept {
                let message =
                    format!("the guard '{}' leaves no {category} in its contrast text: {text}", guard.name);
                faults.push(Fault::new(&guard.file, guard.line, 0, message));
            }
        }
    }
}

fn raises(found: &Finding, rule: &str) -> bool {
    found.signals.iter().any(|signal| signal.hits.iter().any(|hit| hit.rule == rule))
}

fn cleared(found: Option<&Finding>, rule: &str) -> String {
    let by = found.and_then(|found| found.cleared.iter().find(|hit| hit.hit.rule == rule));
    by.map_or_else(String::new, |by| format!(" (cleared by '{}')", by.guard))
}

/// An example as a post: on X, in the campaign of 2024. `[Bio] text` gives the author a profile.
pub(crate) fn post(example: &str) -> Post {
    let (bio, text) = example
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "))
        .map_or((None, example), |(bio, text)| (Some(bio.to_owned()), text));
    // 10 November 2024, ten in the morning in WIB: no election day, no recapitulation.
    let at = Timestamp::from_second(1_731_207_600).unwrap_or(Timestamp::UNIX_EPOCH);
    Post {
        id: PostId::of_content("check", "", at, example),
        sender_id: None,
        source: "check".to_owned(),
        channel: Channel::X,
        posted_at: at,
        seen_at: at,
        text: text.to_owned(),
        author: bio.map(|bio| Author { bio: Some(bio), ..Author::default() }),
        url: None,
        geo: None,
        context: None,
        source_region: None,
        as_if_live: false,
        notes: Vec::new(),
        raw: Raw::new(text.as_bytes()),
        extra: serde_json::Map::new(),
    }
}
