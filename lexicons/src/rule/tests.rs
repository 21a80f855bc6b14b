//! Tests of the operator language and of matching.

use super::parse::parse;
use super::*;
use crate::lexicon::Lexicon;
use crate::range::Range;
use crate::reading::Reading;
use crate::testing::lexicon;

mod reach;

const SETS: &str = r#"
[[set]]
name = "call"
why = "calls"
words = ["ayo", "mari", "kita"]

[[set]]
name = "attack"
why = "attacks"
roots = ["serbu", "bakar", "serang"]
stop = ["serangan fajar", "bakar ikan"]
[set.lang]
jv = ["gruduk"]

[[set]]
name = "office"
why = "offices"
words = ["kantor", "kpu", "kantor kpu"]

[[set]]
name = "dont"
why = "not to"
words = ["jangan", "hentikan"]

[[set]]
name = "teacher"
why = "teachers"
words = ["guru", "asn"]
"#;

fn rule(id: &str, when: &str) -> String {
    format!(
        r#"
[[rule]]
id = "{id}"
title = "Uji"
category = "KF-02"
when = '''{when}'''
why = "uji"
since = "2026-11-22"
flagged = ["a {id}", "b", "c"]
clean = ["ayo jangan baku hantam kantor kpu serbu guru asn a", "ayo jangan baku hantam kantor kpu serbu guru asn b", "ayo jangan baku hantam kantor kpu serbu guru asn c"]
"#
    )
}

/// The texts of `texts` that `when` holds in.
fn holds(when: &str, text: &str) -> bool {
    let lexicon = lexicon(SETS, &rule("X-1", when)).unwrap_or_else(|faults| panic!("{faults:?}"));
    fires(&lexicon, text)
}

fn fires(lexicon: &Lexicon, text: &str) -> bool {
    let mut reading = Reading::default();
    lexicon.read(text, &mut reading);
    let parts = Parts::of(&reading);
    let look = Look::new(lexicon, &parts);
    let mut candidates = Vec::new();
    look.candidates(&mut candidates);
    let found = candidates.iter().any(|n| !look.matches(&lexicon.rules()[*n].when).is_empty());
    // The index of rules must never hide one that holds.
    assert_eq!(found, !look.matches(&lexicon.rules()[0].when).is_empty(), "{text}");
    found
}

#[test]
fn a_mistake_is_told_at_its_column() {
    let wrong = [
        ("%a NEAR %b", 3),
        ("%a AND (%b OR %c", 7),
        ("%a and %b", 3),
        ("%a %b", 3),
        ("\"x", 0),
        ("%a AND", 6),
        ("%a )", 3),
        ("NOT %a", 0),
        ("%A", 0),
        ("bio %a", 4),
        ("%a NEAR/99 %b", 3),
    ];
    for (source, at) in wrong {
        let (found, message) = parse(source).expect_err(source);
        assert_eq!(found, at, "{source}: {message}");
    }
}

#[test]
fn near_counts_tokens_and_chains_on_the_last_term() {
    let when = "%call NEAR/3 %attack NEAR/2 %office";
    assert!(holds(when, "ayo besok kita serbu kantor itu"));
    assert!(holds(when, "kantor diserbu, ayo"));
    assert!(!holds(when, "ayo satu dua tiga empat serbu kantor"));
    assert!(!holds(when, "ayo serbu satu dua tiga kantor"));
}

#[test]
fn near_reaches_the_next_sentence_and_no_further() {
    assert!(holds("%call NEAR/9 %attack", "Ayo. Serbu mereka."));
    assert!(!holds("%call NEAR/9 %attack", "Ayo. Pulang. Serbu mereka."));
}

#[test]
fn onear_minds_the_order() {
    assert!(holds("%attack ONEAR/4 %office", "serbu itu kantor"));
    assert!(!holds("%attack ONEAR/4 %office", "kantor itu diserbu"));
}

#[test]
fn and_or_not_bind_in_that_order() {
    assert!(holds("%attack AND %office OR %dont AND %call", "jangan pulang, mari"));
    assert!(!holds("%attack AND %office AND NOT %dont", "jangan serbu kantor"));
    assert!(holds("%attack AND %office AND NOT %dont", "serbu kantor"));
    assert!(holds("%attack NEAR/3 %office AND NOT (%dont OR %teacher)", "serbu kantor"));
    assert!(!holds("%attack NEAR/3 %office AND NOT (%dont OR %teacher)", "serbu kantor guru"));
}

#[test]
fn not_near_minds_only_its_neighbourhood() {
    let when = "%attack NOT NEAR/2 %dont AND %office";
    assert!(!holds(when, "jangan serbu kantor"));
    assert!(holds(when, "jangan takut kawan semua ayo serbu kantor"));
}

#[test]
fn one_word_is_never_two_signs() {
    assert!(!holds("%attack AND ~serbu", "serbu"));
    assert!(holds("%attack AND ~serbu", "serbu dan bakar"));
}

#[test]
fn phrases_roots_and_stops() {
    assert!(holds("\"baku hantam\"", "mereka baku-hantam lagi, baku hantam"));
    assert!(holds("~kepung AND %office", "kantornya dikepungin"));
    assert!(!holds("%attack AND %office", "serangan fajar di kantor"));
    assert!(!holds("%attack AND %office", "bakar ikan di kantor kpu"));
    assert!(holds("%attack AND %office", "serangan fajar lalu serangan ke kantor"));
    assert!(holds("%attack AND %office", "gruduk kantor"));
}

#[test]
fn classes_find_what_no_list_could() {
    let cases: [(&str, &str, bool); 33] = [
        ("%count", "suara kami 143", true),
        ("%count", "kurang 4.300 lembar", true),
        ("%count", "dua ratus tiga belas suara", true),
        ("%count", "jam 10 lewat", false),
        ("%count", "jam 07.30", false),
        ("%count", "TPS 12", false),
        ("%count", "umur 90", false),
        ("%count", "tahun 2019", false),
        ("%count", "27 November", false),
        ("%count", "100 persen", false),
        ("%count", "dua tiga orang", false),
        ("%time", "jam 9", true),
        ("%time", "H-1", true),
        ("%time", "nanti malam", true),
        ("%time", "ba'da isya", true),
        ("%time", "27 November", true),
        ("%time", "minggu", false),
        ("%time", "tadi kita pulang", true),
        ("%money", "50rb", true),
        ("%money", "Rp100.000", true),
        ("%money", "seratus ribu", true),
        ("%money", "5 k", false),
        ("%money", "50 orang", false),
        ("%tps", "TPS 05", true),
        ("%tps", "tps05", true),
        ("%tps", "tps mana", false),
        ("%paslon", "paslon2", true),
        ("%paslon", "nomor urut dua", true),
        ("%paslon", "no 1", true),
        ("%paslon", "kosong satu", true),
        ("%paslon", "TPS 01", false),
        ("%paslon", "RT 05", false),
        ("%number", "tiga", true),
    ];
    for (class, text, expected) in cases {
        assert_eq!(
            holds(&format!("{class} AND %office"), &format!("kantor, {text}")),
            expected,
            "{class}: {text}"
        );
    }
}

#[test]
fn a_slogan_of_ordinary_words_needs_a_second_cue() {
    assert!(holds("%paslon AND %office", "kantor penuh WIRADAH GUYUB, paslon kita"));
    assert!(!holds("%paslon AND %teacher", "guru penuh wiradah guyub"));
    assert!(holds("%paslon AND %teacher", "guru dukung #WiryaEndah"));
}

#[test]
fn other_parts_are_asked_by_their_names() {
    let lexicon = lexicon(SETS, &rule("X-1", "bio:(%teacher) AND %call")).unwrap();
    let (mut body, mut bio) = (Reading::default(), Reading::default());
    lexicon.read("ayo kita", &mut body);
    lexicon.read("Guru SD", &mut bio);
    let mut parts = Parts::of(&body);
    assert!(Look::new(&lexicon, &parts).matches(&lexicon.rules()[0].when).is_empty());
    parts.bio = Some(&bio);
    let look = Look::new(&lexicon, &parts);
    let mut candidates = Vec::new();
    look.candidates(&mut candidates);
    assert_eq!(candidates, [0]);
    let found = look.matches(&lexicon.rules()[0].when);
    assert_eq!(found[0].hits[0].part, stream::Part::Bio);
    assert_eq!(found[0].extent, Some(Range { start: 0, end: 1 }));
}

#[test]
fn every_fault_is_told_at_once_with_its_place() {
    let mut rules = rule("X-1", "%attack AND %nosuch");
    rules += &rule("X-1", "%attack AND %office");
    rules += &rule("X-2", "%attack");
    rules += &rule("X-3", "%attack AND \"paslon 2\"");
    rules += &rule("X-4", "%attack AND %office");
    rules += &rule("X-5", "%attack AND %office AND %call");
    let told: Vec<String> = lexicon(SETS, &rules).unwrap_err().iter().map(ToString::to_string).collect();
    // What cannot be read is told before what reads but should not be.
    assert!(
        told.iter().any(|fault| fault.starts_with("rules/test.toml:6:") && fault.contains("%nosuch")),
        "{told:?}"
    );
    assert!(told.iter().any(|fault| fault.contains("'X-1' is taken by rules/test.toml:3")), "{told:?}");
    let mut rules = rule("X-2", "%attack");
    rules += &rule("X-3", "%attack AND \"paslon 2\"");
    rules += &rule("X-4", "%attack AND %office");
    rules += &rule("X-5", "%attack AND %office AND %call");
    let told: Vec<String> = lexicon(SETS, &rules).unwrap_err().iter().map(ToString::to_string).collect();
    for (id, what) in [("X-2", "single term"), ("X-3", "one pair only"), ("X-5", "adds nothing to")] {
        assert!(told.iter().any(|fault| fault.contains(id) && fault.contains(what)), "{id}: {told:?}");
    }
}

#[test]
fn a_column_counts_from_the_line_as_the_keeper_sees_it() {
    let told = lexicon(SETS, &rule("X-1", "%attack AND %nosuch")).unwrap_err();
    // when = '''%attack AND %nosuch''': the set begins at column 23.
    assert_eq!((told[0].line, told[0].column), (6, 23));
}

#[test]
fn the_order_of_rules_does_not_matter() {
    let (a, b) = (rule("X-1", "%attack AND %office"), rule("X-2", "%call NEAR/3 %dont"));
    let one = lexicon(SETS, &format!("{a}{b}")).unwrap();
    let two = lexicon(SETS, &format!("{b}{a}")).unwrap();
    let ids = |lexicon: &Lexicon| lexicon.rules().iter().map(|rule| rule.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&one), ids(&two));
}

#[test]
fn a_sign_stands_for_its_expression() {
    let signs = r#"
[[sign]]
name = "move"
why = "going at a place"
when = '%attack NEAR/3 %office'
[[sign]]
name = "call_to_move"
why = "calling for it"
when = '%call ONEAR/4 %move'
"#;
    let sets = format!("{SETS}{signs}");
    let lexicon = lexicon(&sets, &rule("X-1", "%call_to_move AND NOT %dont")).unwrap();
    assert!(fires(&lexicon, "ayo kawan serbu kantor"));
    assert!(!fires(&lexicon, "serbu kantor, ayo"));
    assert!(!fires(&lexicon, "jangan, ayo serbu kantor"));
}

#[test]
fn a_sign_made_of_itself_or_of_nothing_is_told() {
    let signs = r#"
[[sign]]
name = "round"
why = "round and round"
when = '%attack AND %round'
[[sign]]
name = "office"
why = "a set's name"
when = '%attack AND %nosuch'
[[sign]]
name = "broken"
why = "no expression"
when = '%attack AND'
"#;
    let sets = format!("{SETS}{signs}");
    let told = lexicon(&sets, &rule("X-1", "%round AND %call")).unwrap_err();
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    for what in ["made of itself", "both a set and a sign", "a term is missing"] {
        assert!(told.iter().any(|fault| fault.contains(what)), "{what}: {told:?}");
    }
}

#[test]
fn a_word_that_tells_the_hour_is_no_deed() {
    let sets = format!("{SETS}[[set]]\nname = \"beat\"\nwhy = \"blows\"\nroots = [\"pukul\"]\n");
    let lexicon = lexicon(&sets, &rule("X-1", "%beat NEAR/4 %office")).unwrap();
    assert!(!fires(&lexicon, "kantor tutup pukul 20.10"));
    assert!(!fires(&lexicon, "kantor buka pukul tujuh"));
    assert!(fires(&lexicon, "di kantor kita pukul 2 orang"));
    assert!(fires(&lexicon, "dipukul di kantor"));
}

#[test]
fn a_phrase_is_found_where_a_word_of_it_has_a_clitic_that_is_a_term_of_its_own() {
    let sets = format!(
        "{SETS}\n[[set]]\nname = \"theirs\"\nwhy = \"with clitic\"\nwords = [\"suaranya\", \"suratnya\"]\n\n[[set]]\nname = \"paper\"\nwhy = \"ballots\"\nwords = [\"surat suara\", \"suara sah\"]\n"
    );
    let lexicon = lexicon(&sets, "").expect("it has no fault");
    let paper = lexicon.set("paper").expect("it is a set");
    let mut reading = Reading::default();
    for text in ["surat suara", "surat suaranya", "suratnya suaranya", "suaranya sah"] {
        lexicon.read(text, &mut reading);
        assert_eq!(reading.hits_of(paper).count(), 1, "{text}");
    }
    lexicon.read("suaranya merdu", &mut reading);
    assert!(!reading.has(paper) && reading.has(lexicon.set("theirs").expect("it is a set")));
}

#[test]
fn a_rule_that_every_post_would_wake_is_a_fault() {
    let told = |when: &str| match lexicon(SETS, &rule("X-9", when)) {
        Ok(_) => String::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    assert!(told("%paslon NEAR/3 %money").contains("by classes alone"), "{}", told("%paslon NEAR/3 %money"));
    assert!(!told("%paslon NEAR/3 %money AND %office").contains("by classes alone"));
}
