//! The first page of the lexicon's manual: what it tells a keeper to write is taken, and does what it says.

mod common;

use lexicons::Lexicon;
use serde_json::json;

const MANUAL: &str = include_str!("../../lexicons/README.md");
/// Lines of a page.
const PAGE: usize = 60;

#[test]
fn a_keeper_who_copies_the_first_page_has_a_rule_that_finds_its_sentences_and_no_others() {
    let page: Vec<&str> = MANUAL.lines().take(PAGE).collect();
    let page = page.join("\n");
    let mut examples = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let folder = tempfile::tempdir().unwrap();
    for part in ["sets", "rules"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
        let example = examples.next().expect("an example of words, then one of a rule");
        std::fs::write(folder.path().join(part).join("kami.toml"), example).unwrap();
    }
    let lexicon = Lexicon::load(Some(folder.path())).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let id = "KF-13-balai-adat-dikunci";
    let at = lexicon.rules().iter().position(|rule| rule.id == id).expect("the rule of the page");
    let mut tried = 0;
    for example in lexicon.examples().filter(|example| example.rule == at) {
        // As `check` tries it: by the rules alone.
        let found = classify::judge_by_rules(&lexicon, &common::post(&json!({ "text": example.text })));
        let signals = found.map(|found| found.signals).unwrap_or_default();
        let raised = signals.iter().flat_map(|signal| &signal.hits).any(|hit| hit.rule == id);
        assert_eq!(raised, example.flagged, "{}", example.text);
        tried += 1;
    }
    assert_eq!(tried, 6);
    for command in
        ["kentongan check --lexicon", "kentongan explain --lexicon", "kentongan backtest --lexicon"]
    {
        assert!(page.contains(command), "{command}");
    }
}
