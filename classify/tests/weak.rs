//! What the second reader may hold back, tried with weights of which every text is ordinary talk.

use classify::judge;
use classify::train::read;
use lexicons::Lexicon;
use stream::{Finding, Post};

/// A lexicon whose second reader takes every text for ordinary, and is on for Indonesian alone.
fn doubter() -> Lexicon {
    let folder = tempfile::tempdir().expect("a folder");
    let weights = "calibration\tkonflik\t1\t0\ncalibration\tnetralitas\t1\t0\n\
                   threshold\tid\t0.950\t0.950\nthreshold\tjv\t-\t-\n\
                   bias\t\t-9\t-9\nweight\tw orang\t-1\n";
    std::fs::write(folder.path().join("second-reader.tsv"), weights).expect("it is written");
    Lexicon::load(Some(folder.path())).expect("it loads")
}

fn post(text: &str, author: &str) -> Post {
    let line = serde_json::json!({
        "channel": "facebook", "posted_at": "2024-11-10T10:00:00+07:00", "text": text,
        "author": serde_json::from_str::<serde_json::Value>(author).expect("made up"), "gold": {"queue": "konflik"},
    });
    read("made-up.jsonl", &line.to_string()).expect("it can be read").remove(0).post
}

fn judged(lexicon: &Lexicon, text: &str, author: &str) -> Finding {
    judge(lexicon, &post(text, author)).unwrap_or_else(|| panic!("the rules find something: {text}"))
}

const TORN: &str = "baliho paslon 3 dirobek orang tadi malam";

#[test]
fn what_little_speaks_for_is_held_back_and_shown_with_the_word_that_decided() {
    let finding = judged(&doubter(), TORN, "{}");
    assert!(finding.signals.is_empty(), "{:?}", finding.signals);
    let money = judged(&doubter(), "amplop dari timses paslon 2 udah sampai", "{}");
    assert!(money.signals.is_empty(), "what a kecamatan beside it keeps: {:?}", money.signals);
    let official = judged(&doubter(), "camat foto dua jari bareng paslon 2", "{}");
    assert!(official.signals.is_empty(), "what his kecamatan keeps: {:?}", official.signals);
    let held = &finding.cleared[0];
    assert_eq!(held.guard, "second_reader");
    assert_eq!(held.span.and_then(|span| span.of(&finding.post)), Some("orang"));
}

#[test]
fn a_second_sign_keeps_it() {
    let lexicon = doubter();
    for (why, text, author) in [
        ("a kecamatan", "amplop dari timses paslon 2 udah sampai di Kecamatan Kurun, Gunung Mas", "{}"),
        ("a registered reporter", TORN, r#"{"verified_reporter":true}"#),
        ("a weapon", "tinggal komando, golok udah diasah", "{}"),
        ("fire", "baliho paslon 3 dibakar orang tadi malam", "{}"),
        ("a blow", "tim paslon 2 dipukuli semalam", "{}"),
        ("a siege", "jalan provinsi diblokade massa pendukung", "{}"),
        ("a third rule", "kupon sembako dibagi tim paslon 2", "{}"),
        ("an official of a kecamatan", "camat Kurun, Gunung Mas, foto dua jari bareng paslon 2", "{}"),
        ("a language that is off", "wis dirobek baliho paslon 3, ojo nganti ora ngerti", "{}"),
    ] {
        let finding = judged(&lexicon, text, author);
        assert!(!finding.signals.is_empty(), "{why}: {text}: {:?}", finding.cleared);
        assert!(finding.cleared.iter().all(|cleared| cleared.guard != "second_reader"), "{why}");
    }
}

#[test]
fn a_doubted_category_is_held_back_wherever_it_is_but_for_what_is_grave_or_drives_people_out() {
    let lexicon = doubter();
    for (text, is_held) in [
        ("baliho paslon 3 dirobek orang tadi malam di Kurun, Gunung Mas", true),
        ("baliho paslon 3 dibakar orang tadi malam di Kurun, Gunung Mas", false),
        ("orang cina biadab semua, bangsat, di Kecamatan Kurun, Gunung Mas", true),
        ("usir orang cina biadab itu dari Kecamatan Kurun, Gunung Mas", false),
        ("cekcok antar dusun soal batas kebun", true),
        ("cekcok antar dusun soal batas kebun, satu warga luka", false),
        ("busur panah sudah dibagi ke pemuda lorong buat jaga-jaga serangan lorong sebelah", false),
    ] {
        let finding = judged(&lexicon, text, "{}");
        assert_eq!(finding.signals.is_empty(), is_held, "{text}: {:?}", finding.signals);
    }
}

#[test]
fn what_stands_in_a_picture_or_a_quotation_is_not_weighed_by_the_words_beside_it() {
    let lexicon = doubter();
    for context in [
        r#"{"media_text":[{"text":"tim paslon 2 dipukuli semalam","kind":"ocr"}]}"#,
        r#"{"quoted_text":"baliho paslon 3 dirobek orang tadi malam"}"#,
    ] {
        let mut line = serde_json::json!({
            "channel": "facebook", "posted_at": "2024-11-10T10:00:00+07:00", "text": "setuju, sebarkan", "gold": {"queue": "konflik"},
        });
        line["context"] = serde_json::from_str(context).expect("made up");
        let post = read("made-up.jsonl", &line.to_string()).expect("it can be read").remove(0).post;
        let finding = judge(&lexicon, &post).unwrap_or_else(|| panic!("the rules find something: {context}"));
        assert!(!finding.signals.is_empty(), "{context}: {:?}", finding.cleared);
    }
}

#[test]
fn what_is_grave_in_a_picture_keeps_what_stands_beside_it() {
    let lexicon = doubter();
    for (seen, is_held) in [("foto kiriman warga", true), ("dua warga luka bacok", false)] {
        let mut line = serde_json::json!({
            "channel": "facebook", "posted_at": "2024-11-10T10:00:00+07:00", "text": TORN, "gold": {"queue": "konflik"},
        });
        line["context"] = serde_json::json!({"media_text": [{"text": seen, "kind": "ocr"}]});
        let post = read("made-up.jsonl", &line.to_string()).expect("it can be read").remove(0).post;
        let finding = judge(&lexicon, &post).expect("the rules find something");
        let torn = finding.signals.iter().any(|signal| signal.category == stream::Category::Kf11);
        assert_eq!(torn, !is_held, "{seen}: {:?}", finding.signals);
    }
}
