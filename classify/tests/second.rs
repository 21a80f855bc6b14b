//! The second reader over the corpus: what it may add, how far it may lower, that what it holds back is shown, and that the
//! rules stand without it.

use std::path::Path;

use classify::train::{Labelled, read};
use classify::{judge, judge_by_rules, second};
use lexicons::{LeftOut, Lexicon};
use stream::{Category, Severity};

/// Every fifth text of the training corpus.
fn some_texts() -> Vec<Labelled> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lexicons/corpus/train.jsonl");
    let file = std::fs::read_to_string(path).expect("the corpus is part of the project");
    let lines: Vec<&str> = file.lines().step_by(5).collect();
    read("train.jsonl", &lines.join("\n")).expect("it can be read")
}

#[test]
fn it_adds_at_most_waspada_and_names_its_words() {
    // Without the rules it is asked of every text, so that much is added.
    let alone = Lexicon::load_without(None, &LeftOut::Rules).expect("it loads");
    assert!(!alone.second_reader().is_empty(), "this build has one");
    let mut added = 0;
    for text in some_texts() {
        for signal in judge(&alone, &text.post).map(|finding| finding.signals).unwrap_or_default() {
            added += 1;
            assert!(signal.severity <= Severity::Waspada);
            assert_eq!(signal.hits[0].rule, second::NAME);
            assert!(signal.hits[0].spans.iter().all(|span| span.of(&text.post).is_some()));
            assert_eq!(signal.category == Category::Kf14, signal.subject.is_some());
            assert_eq!(signal.steps[0].why, "second_reader");
        }
    }
    assert!(added > 20, "it finds {added}");
}

#[test]
fn it_lowers_at_most_one_step_and_what_it_holds_back_stays_visible() {
    let lexicon = Lexicon::builtin();
    for text in some_texts() {
        let rules = judge_by_rules(&lexicon, &text.post).map(|finding| finding.signals).unwrap_or_default();
        let Some(both) = judge(&lexicon, &text.post) else {
            assert!(rules.is_empty(), "nothing of the hit is shown: {}", text.post.text);
            continue;
        };
        if !rules.is_empty() && both.signals.is_empty() {
            let held: Vec<_> = both.cleared.iter().filter(|it| it.guard == "second_reader").collect();
            let hits: Vec<_> = rules.iter().flat_map(|signal| &signal.hits).collect();
            assert_eq!(held.iter().map(|it| &it.hit).collect::<Vec<_>>(), hits, "{}", text.post.text);
        }
        for signal in &rules {
            // What tells the same deed under a neighbouring category stands once.
            let Some(now) = both.signals.iter().find(|other| other.category == signal.category) else {
                continue;
            };
            let shown = now.steps.iter().any(|step| step.why == "second_reader");
            assert!(now.severity == signal.severity || (now.severity == signal.severity.down() && shown));
            assert!(!shown || !text.post.verified_reporter());
        }
    }
}

#[test]
fn a_weapon_a_victim_or_a_registered_reporter_is_never_lowered() {
    let lexicon = Lexicon::builtin();
    let lines = [
        r#"{"channel":"x","posted_at":"2024-11-10T10:00:00+07:00","text":"besok kita serbu kantor KPU Gunung Mas, bawa parang","gold":{"queue":"konflik"}}"#,
        r#"{"channel":"lapangan","posted_at":"2024-11-10T10:00:00+07:00","text":"saksi dipukul di TPS 3 desa Suka Rekaan","author":{"verified_reporter":true},"gold":{"queue":"konflik"}}"#,
    ];
    for text in read("made-up.jsonl", &lines.join("\n")).expect("it can be read") {
        let rules = judge_by_rules(&lexicon, &text.post).expect("the rules find it").signals;
        let both = judge(&lexicon, &text.post).expect("the rules find it").signals;
        let levels = |signals: &[stream::Signal]| signals.iter().map(|s| s.severity).max();
        assert_eq!(levels(&rules), levels(&both), "{}", text.post.text);
    }
}

#[test]
fn judgement_works_with_it_off() {
    let whole = Lexicon::builtin();
    let without = Lexicon::load_without(None, &LeftOut::SecondReader).expect("it loads");
    for text in some_texts().iter().step_by(4) {
        let signals = |lexicon| judge(lexicon, &text.post).map(|finding| finding.signals).unwrap_or_default();
        let rules = judge_by_rules(&whole, &text.post).map(|finding| finding.signals).unwrap_or_default();
        let off: Vec<Category> = signals(&without).iter().map(|signal| signal.category).collect();
        assert!(off.iter().all(|category| rules.iter().any(|signal| signal.category == *category)));
        assert_eq!(off.is_empty(), rules.is_empty());
    }
}
