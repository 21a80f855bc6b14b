//! The shipped lexicon as a whole, and its morphology against pairs of forms and roots kept outside the project.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use lexicons::forms::{Shape, expand};
use lexicons::{Lang, Lexicon, Range};

#[test]
fn the_shipped_lexicon_has_no_fault() {
    if let Err(faults) = Lexicon::load(None) {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{} faults:\n{}", told.len(), told.join("\n"));
    }
}

#[test]
fn every_shipped_rule_is_told_in_both_languages_and_accuses_nobody_in_either() {
    let lexicon = Lexicon::load(None).unwrap();
    for rule in lexicon.rules() {
        let id = [rule.title_in(Lang::Id), rule.why_in(Lang::Id)];
        let en = [rule.title_in(Lang::En), rule.why_in(Lang::En)];
        assert!(rule.title_en.is_some() && rule.why_en.is_some(), "{} has no English", rule.id);
        for words in en {
            assert!(!id.contains(&words) || words == "Ultimatum", "{}: {words:?} is Indonesian", rule.id);
            for banned in ["guilt", "perpetrator", "culprit", "offender", "criminal", "violates", "proven"] {
                assert!(!words.to_lowercase().contains(banned), "{}: {words}", rule.id);
            }
        }
    }
}

/// Forms a clitic can end, once and twice.
fn without_clitics(word: &str) -> Vec<&str> {
    let mut stems = vec![word];
    let mut at = 0;
    while at < stems.len() {
        let word = stems[at];
        let clitics = ["nya", "lah", "kah", "tah", "pun", "ku", "mu"];
        stems.extend(
            clitics.iter().filter_map(|clitic| word.strip_suffix(clitic)).filter(|stem| stem.len() >= 2),
        );
        at += 1;
    }
    stems
}

fn makes(root: &str, word: &str) -> bool {
    let forms = expand(root, Shape::Full);
    without_clitics(word).into_iter().any(|stem| {
        forms.contains(stem)
            || stem.split_once('-').is_some_and(|(a, b)| forms.contains(a) || forms.contains(b))
    })
}

/// A file to measure against, which lies beside the project and is no part of it.
fn shared(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/eval").join(file)
}

/// Says, past the harness, that a measurement was left out.
fn left_out(file: &Path) {
    let _ = writeln!(std::io::stderr(), "LEFT OUT: {} is not here", file.display());
}

#[test]
#[expect(clippy::print_stdout, reason = "the share and the misses are what this test is read for")]
fn roots_make_at_least_eighty_of_a_hundred_known_forms() {
    let file = shared("stem/sastrawi_stem_pairs.tsv");
    let Ok(text) = std::fs::read_to_string(&file) else {
        left_out(&file);
        return;
    };
    let rows = text.lines().skip(1).filter_map(|line| {
        let mut fields = line.split('\t');
        Some((fields.next()?, fields.next()?))
    });
    let pairs: BTreeSet<(&str, &str)> =
        rows.filter(|(word, root)| !root.is_empty() && word != root).collect();
    let (made, missed): (Vec<_>, Vec<_>) = pairs.iter().partition(|(word, root)| makes(root, word));
    let share = made.len() * 100 / pairs.len().max(1);
    println!("{} of {} forms made ({share} %); missed:", made.len(), pairs.len());
    for (word, root) in &missed {
        println!("  {root} → {word}");
    }
    assert!(share >= 80, "{share} %");
}

#[test]
#[ignore = "prints what to read by eye: the forms of roots that everyday texts hold most"]
#[expect(clippy::print_stdout, reason = "a list to be read")]
fn commonest_expanded_forms_in_everyday_text() {
    let lexicon = Lexicon::builtin();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut reading = lexicons::Reading::default();
    for file in ["smsa_sentimen.jsonl", "emot_tweet.jsonl"] {
        let file = shared("benign").join(file);
        let Ok(text) = std::fs::read_to_string(&file) else {
            left_out(&file);
            continue;
        };
        for line in text.lines() {
            lexicon.read(line, &mut reading);
            let single = |range: Range| range.end == range.start + 1;
            for found in reading.found().iter().filter(|found| single(found.range)) {
                for set in reading.sets_of(found) {
                    let key =
                        format!("{} ← %{}", reading.folded.form(found.range.start), lexicon.set_name(set));
                    *counts.entry(key).or_default() += 1;
                }
            }
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (key, count) in counts.iter().take(600) {
        println!("{count:6} {key}");
    }
}

/// A fresh folder for an overlay.
fn folder(name: &str) -> std::path::PathBuf {
    let dir = std::env::temp_dir().join(format!("kentongan-lexicon-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(dir.join("rules")).unwrap();
    std::fs::create_dir_all(dir.join("sets")).unwrap();
    dir
}

/// The rule and set of README.md, as a keeper would write them after reading it.
const KEEPERS_SET: &str = r#"
[[set]]
name = "keepers_pelican"
why = "birds"
roots = ["pelikan"]
[[set]]
name = "keepers_harbour"
why = "harbours"
words = ["dermaga kayu"]
"#;
const KEEPERS_RULE: &str = r#"
[[rule]]
id = "KF-05-pelikan"
title = "Burung di dermaga"
category = "KF-05"
when = '%keepers_pelican NEAR/3 %keepers_harbour'
why = "uji"
since = "2026-11-22"
flagged = ["pelikan di dermaga kayu", "ada pelikan dekat dermaga kayu", "dermaga kayu penuh pelikan"]
clean = ["pelikan terbang", "dermaga kayu sepi", "pelikannya lucu"]
"#;

#[test]
fn a_keeper_adds_a_rule_with_one_file_and_sees_mistakes_by_line_and_column() {
    let dir = folder("keeper");
    std::fs::write(dir.join("sets/burung.toml"), KEEPERS_SET).unwrap();
    std::fs::write(dir.join("rules/burung.toml"), KEEPERS_RULE).unwrap();
    let lexicon = Lexicon::load(Some(&dir)).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_ne!(lexicon.hash(), Lexicon::builtin().hash());
    let rule = lexicon.rules().iter().find(|rule| rule.id == "KF-05-pelikan").expect("the keeper's rule");
    // A keeper writes one language; whoever reads English reads that.
    assert_eq!((rule.title_in(Lang::En), rule.why_in(Lang::En)), ("Burung di dermaga", "uji"));
    assert_eq!(
        lexicon.examples().filter(|example| lexicon.rules()[example.rule].id == "KF-05-pelikan").count(),
        6
    );
    let english = KEEPERS_RULE.replace("why = ", "title_en = \"Birds at the harbour\"\nwhy = ");
    std::fs::write(dir.join("rules/burung.toml"), english).unwrap();
    let lexicon = Lexicon::load(Some(&dir)).unwrap_or_else(|faults| panic!("{faults:?}"));
    let rule = lexicon.rules().iter().find(|rule| rule.id == "KF-05-pelikan").expect("the keeper's rule");
    assert_eq!(
        (rule.title_in(Lang::Id), rule.title_in(Lang::En)),
        ("Burung di dermaga", "Birds at the harbour")
    );
    std::fs::write(
        dir.join("rules/burung.toml"),
        KEEPERS_RULE.replace("%keepers_harbour", "%keepers_harbor"),
    )
    .unwrap();
    let told: Vec<String> = Lexicon::load(Some(&dir)).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["rules/burung.toml:6:33: there is no set '%keepers_harbor'. Is 'keepers_harbour' meant?"]
    );
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn a_missing_folder_is_told() {
    let faults = Lexicon::load(Some(Path::new("/nowhere/at/all"))).unwrap_err();
    assert!(faults[0].to_string().contains("cannot be read"), "{faults:?}");
}

#[test]
fn a_lexicon_of_ten_thousand_rules_reads_a_megabyte() {
    let dir = folder("large");
    let mut rules = String::new();
    for n in 0..10_000 {
        rules += &KEEPERS_RULE
            .replace("KF-05-pelikan", &format!("KF-05-{n}"))
            .replace("NEAR/3 %", &format!("NEAR/3 \"kata{n}z satu\" AND %"));
    }
    let sets = KEEPERS_SET;
    std::fs::write(dir.join("sets/burung.toml"), sets).unwrap();
    std::fs::write(dir.join("rules/burung.toml"), rules).unwrap();
    let lexicon =
        Lexicon::load(Some(&dir)).unwrap_or_else(|faults| panic!("{} faults, {}", faults.len(), faults[0]));
    let text =
        "Ayo ke dermaga kayu, pelikan77 kata5z satu! b.a.k.a.r #TolakHasilPilkada di serbu ".repeat(12_500);
    assert!(text.len() >= 1_000_000);
    let mut reading = lexicons::Reading::default();
    lexicon.read(&text, &mut reading);
    let parts = lexicons::Parts::of(&reading);
    let look = lexicons::Look::new(&lexicon, &parts);
    let mut candidates = Vec::new();
    look.candidates(&mut candidates);
    let named: Vec<&str> = candidates
        .iter()
        .map(|n| lexicon.rules()[*n].id.as_str())
        .filter(|id| id.starts_with("KF-05-"))
        .collect();
    assert!(named.contains(&"KF-05-5") && !named.contains(&"KF-05-6"), "{named:?}");
    std::fs::remove_dir_all(&dir).unwrap();
}
