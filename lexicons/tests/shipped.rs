//! The shipped lexicon as a whole, and its morphology against pairs of forms and roots kept outside the project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lexicons::Lexicon;
use lexicons::forms::{Shape, expand};

#[test]
fn the_shipped_lexicon_has_no_fault() {
    if let Err(faults) = Lexicon::load(None) {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{} faults:\n{}", told.len(), told.join("\n"));
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

#[test]
#[expect(clippy::print_stdout, reason = "the share and the misses are what this test is read for")]
fn roots_make_at_least_eighty_of_a_hundred_known_forms() {
    let file = Path::new("/work/shared/eval/stem/sastrawi_stem_pairs.tsv");
    let Ok(text) = std::fs::read_to_string(file) else {
        println!("left out: {} is not here", file.display());
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
        let Ok(text) = std::fs::read_to_string(Path::new("/work/shared/eval/benign").join(file)) else {
            println!("left out: {file} is not here");
            continue;
        };
        for line in text.lines() {
            lexicon.read(line, &mut reading);
            for hit in reading.hits().iter().filter(|hit| hit.range.end == hit.range.start + 1) {
                let key =
                    format!("{} ← %{}", reading.folded.form(hit.range.start), lexicon.set_name(hit.set));
                *counts.entry(key).or_default() += 1;
            }
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (key, count) in counts.iter().take(600) {
        println!("{count:6} {key}");
    }
}
