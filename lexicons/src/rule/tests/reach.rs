//! Tests of what an operator reaches: sentences, order, closing lines, and how far a guard's words bind.

use super::*;
use crate::sources::Sources;

#[test]
fn a_phrase_ends_where_its_sentence_ends() {
    let when = "\"surat suara\" AND %office";
    assert!(holds(when, "di kantor surat suara habis"));
    for text in [
        "kantor kirim surat. Suara habis",
        "kantor kirim surat! suara habis",
        "kantor kirim surat\nsuara habis",
    ] {
        assert!(!holds(when, text), "{text}");
    }
    assert!(holds(when, "di kantor surat, suara habis"), "a comma ends no sentence");
    assert!(!holds("%attack AND %office", "di kantor itu bakar ikan"), "a stop is a phrase");
    assert!(
        holds("%attack AND %office", "di kantor mereka bakar! ikan habis"),
        "and ends with its sentence too"
    );
}

#[test]
fn with_stays_in_its_sentence() {
    let when = "%call WITH/9 %attack";
    assert!(holds(when, "Ayo kawan, serbu mereka."));
    assert!(holds(when, "serbu mereka, ayo"));
    assert!(!holds(when, "Ayo. Serbu mereka."));
    assert!(!holds(when, "ayo\nserbu mereka"));
    assert!(!holds("%call WITH/2 %attack", "ayo satu dua tiga serbu"));
    assert!(holds("%attack OWITH/4 %office", "serbu itu kantor"));
    assert!(!holds("%attack OWITH/4 %office", "kantor itu diserbu"));
    assert!(!holds("%attack OWITH/4 %office", "serbu! kantor"));
}

#[test]
fn all_that_a_group_holds_is_in_the_sentence_of_with() {
    let when = "%call WITH/9 (%attack NEAR/3 %office)";
    assert!(holds(when, "ayo serbu kantor"));
    assert!(!holds(when, "ayo serbu. kantor itu"));
    assert!(!holds(when, "Kantor. Serbu, ayo"));
    assert!(holds("%call NEAR/9 (%attack NEAR/3 %office)", "ayo serbu. kantor itu"));
}

#[test]
fn not_with_minds_only_its_own_sentence() {
    assert!(holds("%attack NOT WITH/4 %dont AND %office", "Jangan. Serbu kantor"));
    assert!(!holds("%attack NOT WITH/4 %dont AND %office", "jangan, serbu kantor"));
    assert!(!holds("%attack NOT NEAR/4 %dont AND %office", "Jangan. Serbu kantor"));
}

#[test]
fn not_after_minds_what_stands_before_and_not_before_what_follows() {
    let after = "%attack NOT AFTER/3 %dont AND %office";
    assert!(!holds(after, "jangan kita serbu kantor"));
    assert!(holds(after, "serbu kantor jangan tunggu"));
    assert!(holds(after, "jangan satu dua tiga serbu kantor"), "too far before");
    assert!(holds(after, "Jangan diam. Serbu kantor"), "in another sentence");
    let before = "%attack NOT BEFORE/3 %dont AND %office";
    assert!(holds(before, "jangan serbu kantor"));
    assert!(!holds(before, "serbu kantor jangan"));
    // One deed with the word before it does not excuse the other.
    assert!(holds(after, "jangan serbu, tapi besok kita bakar kantor"));
}

#[test]
fn an_operator_that_stands_only_behind_not_is_told_where_it_stands_without() {
    for (source, at) in [
        ("%a AFTER/3 %b", 3),
        ("%a BEFORE/3 %b", 3),
        ("%a NOT AFTER %b", 7),
        ("%a with/3 %b", 3),
        ("%a OWITH/0 %b", 3),
        ("closing %a", 8),
        ("%a AND closing: %b", 7),
    ] {
        let (found, message) = parse(source).expect_err(source);
        assert_eq!(found, at, "{source}: {message}");
    }
    assert!(parse("%a AFTER/3 %b").is_err_and(|(_, said)| said == crate::said::not_before()));
}

const PANTUN: &str = "Ikan serbu kail di kantor\nKail patah dibakar api\n";

#[test]
fn closing_lines_are_the_second_half_of_a_pantun() {
    let when = "closing:(%attack NEAR/5 %office)";
    assert!(!holds(when, &format!("{PANTUN}Kalau hati selalu kotor\nTeman lama pun akan pergi")));
    assert!(holds(
        when,
        "Beli sukun di tepi kali\nSukun matang dimakan rusa\nAyo kawan datang kemari\nSerbu kantor bersama massa"
    ));
    assert!(holds(
        when,
        "Beli sukun di tepi kali\nSukun matang dimakan rusa\nSerbu kantor esok pagi\nBiar tahu mereka rasa"
    ));
}

#[test]
fn a_line_before_or_behind_a_pantun_is_no_part_of_it() {
    let verse =
        "Beli sukun di tepi kali\nSukun serbu dimakan rusa\nDi kantor kita esok pagi\nBiar tahu mereka rasa";
    let when = "closing:(%office AND rasa) AND %sampiran AND NOT closing:(%attack)";
    assert!(holds(when, verse));
    assert!(holds(when, &format!("Pantun pagi\n{verse}")));
    assert!(holds(when, &format!("{verse}\n(sebarkan ya kawan)")));
    assert!(!holds(when, &format!("Pantun pagi\nuntuk kawan\n{verse}")), "two lines more are another text");
}

#[test]
fn closing_lines_of_any_other_text_are_its_last_line_or_sentence() {
    let when = "closing:(%attack AND %office)";
    assert!(holds(when, "Bagus sekali pak\nhebat\nserbu kantor"));
    assert!(!holds(when, "serbu kantor\nhebat\nbagus sekali pak"));
    assert!(holds(when, "Bagus sekali. Serbu kantor 🔥 #hebat"));
    assert!(!holds(when, "Serbu kantor. Bagus sekali."));
    assert!(holds(when, "serbu kantor"), "one sentence closes itself");
    // Four lines of a report are no verse: only the last closes it.
    let report =
        "Laporan situasi sore ini dari posko kecamatan kami\nSerbu kantor\nNihil\nDemikian dilaporkan";
    assert!(!holds(when, report));
}

#[test]
fn what_is_said_elsewhere_stops_nothing_within_closing_lines() {
    let when = "closing:(%attack AND NOT %dont) AND %office";
    assert!(holds(when, "jangan diam di kantor\nserbu"));
    assert!(!holds(when, "kantor\njangan serbu"));
}

#[test]
fn the_picture_of_a_pantun_is_its_opening_lines() {
    let when = "%attack AND %sampiran AND NOT closing:(%attack)";
    assert!(holds(when, &format!("{PANTUN}Kalau hati selalu kotor\nTeman lama pun akan pergi")));
    assert!(!holds(when, "Ikan serbu kail di kantor\nKail patah dibakar api"), "two lines are no verse");
    let lexicon = lexicon(SETS, "").expect("it has no fault");
    let mut reading = Reading::default();
    lexicon.read(&format!("{PANTUN}Kalau hati. Selalu kotor\nTeman lama pun akan pergi"), &mut reading);
    let mut found = Vec::new();
    Class::Sampiran.find(&reading.folded, &mut found);
    assert_eq!(found, [Range { start: 0, end: 5 }, Range { start: 5, end: 9 }]);
}

#[test]
fn a_rule_of_closing_lines_shadows_like_any_other() {
    let mut rules = rule("X-1", "closing:(%attack AND %office)");
    rules += &rule("X-2", "closing:(%attack AND %office) AND %call");
    let told: Vec<String> = lexicon(SETS, &rules).unwrap_err().iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|fault| fault.contains("'X-2' adds nothing to 'X-1'")), "{told:?}");
    let mut rules = rule("X-1", "%attack NEAR/5 %office");
    rules += &rule("X-2", "%attack WITH/5 %office");
    rules += &rule("X-3", "%attack NEAR/5 %office AND %call");
    let told: Vec<String> = lexicon(SETS, &rules).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "only X-3 is shadowed: {told:?}");
}

/// What is told of a guard with these lines.
fn told_of_guard(lines: &str) -> Vec<String> {
    let embedded = Sources::embedded();
    let guard =
        format!("[[guard]]\nname = \"g\"\n{lines}\nclears = \"all\"\nwhen = '%dont'\nwhy = \"uji\"\n");
    let mut sources = Sources::none().with("sets/test.toml", SETS).with("guards.toml", &guard);
    for file in ["slang.toml", "law.toml", "calendar.toml", "contests.toml"] {
        sources = sources.with(file, embedded.file(file));
    }
    match Lexicon::from_sources(&sources, Vec::new()) {
        Ok(lexicon) => vec![format!("reach {}", lexicon.guards()[0].reach)],
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_guard_of_words_says_how_far_it_reaches_and_no_other_does() {
    assert_eq!(told_of_guard("scope = \"token\"\nreach = 3"), ["reach 3"]);
    let wrong = [
        ("scope = \"token\"", "says how many words"),
        ("scope = \"token\"\nreach = 0", "from 1 to 12"),
        ("scope = \"clause\"\nreach = 3", "only a guard of scope \"token\""),
    ];
    for (lines, what) in wrong {
        assert!(
            told_of_guard(lines).iter().any(|fault| fault.contains(what)),
            "{lines}: {:?}",
            told_of_guard(lines)
        );
    }
}

#[test]
fn a_term_that_is_read_as_a_function_word_is_told_unless_the_set_names_that_word() {
    let told = |words: &str, lang: &str| {
        let sets = format!("{SETS}[[set]]\nname = \"greet\"\nwhy = \"greetings\"\nwords = [{words}]\n{lang}");
        lexicon(&sets, "")
            .map_or_else(|faults| faults.iter().map(ToString::to_string).collect(), |_| Vec::new())
    };
    let faults = told("\"salam\", \"gak\"", "");
    assert!(faults.len() == 1 && faults[0].contains("'gak' is read as 'tidak'"), "{faults:?}");
    assert!(told("\"salam\", \"gak\", \"tidak\"", "").is_empty(), "it is meant");
    assert!(told("\"salam\", \"gak papa\"", "").is_empty(), "a phrase is another thing");
    let faults = told("\"salam\"", "[set.lang]\nnij = [\"dia\"]\n");
    assert!(faults.len() == 1 && faults[0].contains("'dia' is read as 'tidak'"), "{faults:?}");
}
