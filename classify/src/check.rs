//! The lexicon's own examples: each flagged sentence must raise its rule, each clean one must raise nothing by it.

use jiff::Timestamp;
use lexicons::{Fault, Lexicon, said};
use stream::{Author, Channel, Finding, Post, PostId, Raw};

use crate::judge_by_rules as judge;

/// Runs every example of the rules and guards of `lexicon`; what does not come out as written is a fault.
pub fn check(lexicon: &Lexicon) -> Vec<Fault> {
    let mut faults = Vec::new();
    for example in lexicon.examples() {
        let rule = &lexicon.rules()[example.rule];
        let found = judge(lexicon, &post(example.text));
        let raised = found.as_ref().is_some_and(|found| raises(found, &rule.id));
        let said = match (example.flagged, raised) {
            (true, false) => match found.as_ref().and_then(|found| guard_of(found, &rule.id)) {
                Some(guard) => said::not_found_cleared(&rule.id, example.text, guard),
                None => said::not_found(&rule.id, example.text),
            },
            (false, true) => said::raises_clean(&rule.id, example.text),
            _ => continue,
        };
        faults.push(Fault::new(&rule.file, rule.line, 0, said));
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
                let said = said::not_cleared(&guard.name, text);
                faults.push(Fault::new(&guard.file, guard.line, 0, said));
            }
        }
        for keep in &guard.keeps {
            let (category, text) = keep.split_once(": ").unwrap_or(("", keep));
            let found = judge(lexicon, &post(text));
            let kept = found
                .is_some_and(|found| found.signals.iter().any(|signal| signal.category.as_str() == category));
            if !kept {
                let said = said::not_kept(&guard.name, category, text);
                faults.push(Fault::new(&guard.file, guard.line, 0, said));
            }
        }
    }
}

fn raises(found: &Finding, rule: &str) -> bool {
    found.signals.iter().any(|signal| signal.hits.iter().any(|hit| hit.rule == rule))
}

/// The guard that cleared what `rule` hit.
fn guard_of<'a>(found: &'a Finding, rule: &str) -> Option<&'a str> {
    found.cleared.iter().find(|hit| hit.hit.rule == rule).map(|hit| hit.guard.as_str())
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

#[cfg(test)]
mod tests {
    use lexicons::Lang;

    use super::*;

    const RULE: &str = r#"
[[rule]]
id = "KF-02-uji"
title = "Uji"
category = "KF-02"
when = "zamrudik AND kuarsaki"
why = "Uji"
since = "2026-11-22"
flagged = ["zamrudik kuarsaki satu", "zamrudik kuarsaki bukanlahik", "zamrudik saja"]
clean = ["kuarsaki satu", "kuarsaki dua", "zamrudik kuarsaki tiga"]
"#;
    const GUARD: &str = r#"
[[guard]]
name = "uji"
scope = "text"
clears = "all"
when = "bukanlahik"
why = "Uji"
keeps = ["KF-02: bukanlahik zamrudik"]
clears_examples = ["zamrudik kuarsaki biasa"]
"#;

    #[test]
    fn an_example_that_does_not_come_out_as_written_is_told_in_both_languages() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("rules")).unwrap();
        std::fs::write(folder.path().join("rules/uji.toml"), RULE).unwrap();
        let guards = format!("{}{GUARD}", include_str!("../../lexicons/guards.toml"));
        std::fs::write(folder.path().join("guards.toml"), guards).unwrap();
        let faults = check(&Lexicon::load(Some(folder.path())).unwrap());
        for told in [
            "rules/uji.toml:3: aturan 'KF-02-uji' tidak menemukan contoh flagged-nya: zamrudik saja",
            "rules/uji.toml:3: aturan 'KF-02-uji' tidak menemukan contoh flagged-nya: zamrudik kuarsaki bukanlahik (dibersihkan oleh 'uji')",
            "rules/uji.toml:3: aturan 'KF-02-uji' menandai contoh clean-nya: zamrudik kuarsaki tiga",
        ] {
            assert!(faults.iter().any(|fault| fault.text(Lang::Id) == told), "{told} is not in {faults:#?}");
        }
        for told in [
            "the guard 'uji' does not clear its example: zamrudik kuarsaki biasa",
            "the guard 'uji' leaves no KF-02 in its contrast text: bukanlahik zamrudik",
        ] {
            assert!(
                faults.iter().any(|fault| fault.said.to_string() == told),
                "{told} is not in {faults:#?}"
            );
        }
    }
}
