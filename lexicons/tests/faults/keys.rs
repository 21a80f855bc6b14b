//! Keys that a keeper's own elections and contests leave out are told together; the examples of the manual leave out none.

use std::path::Path;

use lexicons::{Lang, Lexicon};

const README: &str = include_str!("../../README.md");

/// The example of the manual that begins with `head`.
fn example(head: &str) -> &'static str {
    let from =
        README.find(&format!("```toml\n{head}")).expect("the example stands there") + "```toml\n".len();
    README[from..].split("```").next().unwrap()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(path, text)| std::fs::write(folder.path().join(path), text).unwrap());
    folder
}

#[test]
fn keys_that_are_left_out_are_told_together() {
    let calendar =
        "[[election]]\nid = \"p\"\ntitle = \"P\"\nvoting = \"2025-04-16\"\n[[election]]\nid = \"q\"\n";
    let contests =
        "[[contest]]\nid = \"k\"\n[[contest.pair]]\nnumber = 1\n[[contest.pair]]\nnames = [\"A\"]\n";
    let folder = folder(&[("calendar.toml", calendar), ("contests.toml", contests)]);
    let faults = super::told(folder.path());
    let told: Vec<String> = faults.iter().map(|fault| fault.text(Lang::Id)).collect();
    for wanted in [
        "calendar.toml:1:1: [[election]] 1: kunci yang belum ada: regime, from, until, determination, numbers, campaign, \
         quiet, recap_kecamatan, recap_kabupaten, recap_provinsi",
        "calendar.toml:5:1: [[election]] 2: kunci yang belum ada: title, regime, from, until, determination, numbers, \
         campaign, quiet, voting, recap_kecamatan, recap_kabupaten, recap_provinsi",
        "contests.toml:1:1: [[contest]] 1: kunci yang belum ada: region, election",
        "contests.toml:1:1: [[contest]] 1, pair 1: kunci yang belum ada: names",
        "contests.toml:1:1: [[contest]] 1, pair 2: kunci yang belum ada: number",
    ] {
        assert!(told.iter().any(|line| line == wanted), "{wanted} is not among {told:#?}");
    }
    assert!(!told.iter().any(|line| line.contains("missing field")), "each once: {told:#?}");
}

#[test]
fn the_manuals_examples_are_accepted() {
    let examples = [("calendar.toml", example("[[election]]")), ("contests.toml", example("[[contest]]"))];
    let folder = folder(&examples);
    let lexicon = Lexicon::load(Some(Path::new(folder.path()))).expect("no fault");
    assert!(lexicon.calendar().elections().iter().any(|election| election.id == "psu-2025"));
    assert!(lexicon.contests().all().iter().any(|contest| contest.id.get_ref() == "psu-madiun"));
}
