//! Tests of the fold over texts as people write them.

use proptest::prelude::*;

use super::*;
use crate::lexicon::Lexicon;
use crate::testing::plain;

fn folded(text: &str) -> (Lexicon, Folded) {
    let lexicon = plain();
    let mut out = Folded::default();
    lexicon.fold(text, &mut out);
    (lexicon, out)
}

fn forms(text: &str) -> Vec<String> {
    let (_, out) = folded(text);
    (0..out.tokens().len()).map(|n| out.form(n).to_owned()).collect()
}

/// The standard form of each token that the vocabulary knows.
fn words(text: &str) -> Vec<String> {
    let (lexicon, out) = folded(text);
    out.tokens().iter().map(|token| lexicon.lexis().name(token.word).to_owned()).collect()
}

#[test]
fn every_disguise_of_a_word_is_the_word() {
    let disguises = [
        "bakar",
        "BAKAR",
        "Bakar",
        "b4kar",
        "b4k4r",
        "b*kar",
        "bak*r",
        "b.a.k.a.r",
        "b a k a r",
        "B-A-K-A-R",
        "bakarrrr",
        "baaakaar",
        "ｂａｋａｒ",
        "bаkаr",
        "b\u{200B}akar",
        "𝐛𝐚𝐤𝐚𝐫",
        "b@kar",
        "bàkâr",
        "bkr",
    ];
    for text in disguises {
        assert_eq!(words(text), ["bakar"], "{text}");
    }
}

#[test]
fn a_year_is_a_year_however_it_is_said() {
    let word = |text: &str| {
        let lexicon = crate::Lexicon::builtin();
        let mut out = Folded::default();
        lexicon.fold(text, &mut out);
        lexicon.lexis().name(out.tokens()[0].word).to_owned()
    };
    for text in ["taun", "Taun", "thn", "taon", "tahun"] {
        assert_eq!(word(text), "tahun", "{text}");
    }
    assert_ne!(word("taunya"), "tahun");
}

#[test]
fn slang_stands_for_its_standard_form_and_keeps_its_bytes() {
    let text = "jgn bakar, yg di dlm udah pergi";
    assert_eq!(words(text)[0], "jangan");
    assert_eq!(words(text)[2], "yang");
    let (_, out) = folded(text);
    assert_eq!(out.bytes(0, 2), (0, 9));
    assert_eq!(out.form(0), "jgn");
}

#[test]
fn numbers_and_codes_are_spared() {
    assert_eq!(forms("TPS 05"), ["tps", "05"]);
    assert_eq!(forms("tps05"), ["tps", "05"]);
    assert_eq!(forms("50rb"), ["50", "rb"]);
    assert_eq!(forms("Rp100.000"), ["rp", "100.000"]);
    assert_eq!(forms("jam 21.00 WIB"), ["jam", "21.00", "wib"]);
    assert_eq!(forms("no2"), ["no", "2"]);
    assert_eq!(forms("paslon2"), ["paslon", "2"]);
    assert_eq!(forms("H-1"), ["h", "1"]);
    assert_eq!(forms("jam9pagi"), ["jam", "9", "pagi"]);
}

#[test]
fn a_two_behind_a_word_doubles_it() {
    for text in ["orang2", "orang²", "Orang-orang", "orang2nya"] {
        let (_, out) = folded(text);
        assert_eq!(out.tokens().len(), 1, "{text}");
        assert!(out.tokens()[0].is_twice(), "{text}");
        assert!(out.form(0).starts_with("orang-orang"), "{text}");
    }
    assert_eq!(words("bakar-bakaran"), ["bakar"]);
    assert_eq!(words("tembak-menembak"), ["tembak"]);
    assert_eq!(words("rame2"), ["rame-rame"]);
    assert_eq!(forms("KPU-Bawaslu"), ["kpu", "bawaslu"]);
}

#[test]
fn a_passive_written_apart_is_joined_and_a_city_is_not() {
    assert_eq!(forms("rumahnya di bakar massa"), ["rumahnya", "dibakar", "massa"]);
    assert_eq!(forms("KANTOR DI SERANG"), ["kantor", "diserang"]);
    assert_eq!(forms("acara di Serang"), ["acara", "di", "serang"]);
    assert_eq!(forms("di jalan"), ["di", "jalan"]);
}

#[test]
fn hashtags_are_split_by_capitals_or_by_the_vocabulary() {
    assert_eq!(forms("#TolakHasilPilkada"), ["tolak", "hasil", "pilkada"]);
    assert_eq!(forms("#tolakhasilpilkada"), ["tolak", "hasil", "pilkada"]);
    assert_eq!(forms("#KPUCurang2024"), ["kpu", "curang", "2024"]);
    let (_, out) = folded("ayo #TolakHasil sekarang");
    let tags: Vec<bool> = out.tokens().iter().map(Token::in_hashtag).collect();
    assert_eq!(tags, [false, true, true, false]);
    assert_eq!(out.bytes(1, 3), (5, 15));
}

#[test]
fn leading_mentions_are_set_apart_from_the_body() {
    let (_, out) = folded("RT @satu @dua: bakar @tiga");
    let chain: Vec<bool> = out.tokens().iter().map(Token::in_chain).collect();
    assert_eq!(chain, [true, true, true, false, false]);
    assert!(out.is_copy());
    let (_, out) = folded("RT 05 RW 02 aman");
    assert!(!out.tokens()[0].in_chain() && !out.is_copy());
}

#[test]
fn damaged_texts_are_read_as_they_were_meant() {
    assert_eq!(forms("ayo\\nbakar \\ud83d\\udd25"), ["ayo", "bakar", "🔥"]);
    assert_eq!(forms("â€œbakarâ€\u{9D} ðŸ”¥"), ["bakar", "🔥"]);
    let (_, out) = folded("katanya \"\"bakar saja\"\" begitu");
    let quoted: Vec<bool> = out.tokens().iter().map(Token::in_quotes).collect();
    assert_eq!(quoted, [false, true, true, false]);
}

#[test]
fn quotation_marks_around_a_whole_text_are_no_quotation() {
    let (_, out) = folded("\"bakar kantor KPU\"");
    assert!(out.tokens().iter().all(|token| !token.in_quotes()));
}

#[test]
fn the_point_of_a_short_form_ends_no_sentence() {
    let sentences = |text: &str| {
        let lexicon = crate::Lexicon::builtin();
        let mut out = Folded::default();
        lexicon.fold(text, &mut out);
        out.tokens().last().map_or(0, |token| token.sentence) + 1
    };
    let short = ["Kec", "Kel", "Kab", "Ds", "Dsn", "Jl", "No", "Pdt", "Bpk", "Tgl", "Pkl", "Kp"];
    for form in short.iter().flat_map(|form| [(*form).to_owned(), form.to_lowercase(), form.to_uppercase()]) {
        for text in
            [format!("massa di {form}. Waru bawa parang"), format!("massa di {form}.Waru bawa parang")]
        {
            assert_eq!(sentences(&text), 1, "{text}");
        }
    }
    for (text, count) in [
        ("Pak. Budi bawa parang", 1),
        ("Siap pak. Budi bawa parang", 2),
        ("Kami kumpul di desa. Besok bawa parang", 2),
        ("Kami pilih nomor. Besok bawa parang", 2),
        ("Budi, S.Pd. Kades Waru, bawa parang", 1),
    ] {
        assert_eq!(sentences(text), count, "{text}");
    }
}

#[test]
fn sentences_and_clauses_are_counted() {
    let (_, out) = folded("Jangan bakar, tapi lapor! Kec. Sepang aman. Jam 21.00 selesai");
    let sentences: Vec<u32> = out.tokens().iter().map(|token| token.sentence).collect();
    assert_eq!(sentences, [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    let clauses: Vec<u32> = out.tokens().iter().map(|token| token.clause).collect();
    assert_eq!(clauses, [0, 0, 1, 1, 2, 2, 2, 3, 3, 3]);
}

#[test]
fn a_language_is_read_before_slang_and_only_where_it_shows() {
    assert_eq!(words("ojo bakar")[0], "jangan");
    assert_eq!(words("dia bakar")[0], "dia");
    assert_eq!(words("itah dia bakar ewen uras")[1], "tidak");
    let (_, out) = folded("ora iku sing wis");
    assert!(out.dialects().has(Dialect::Javanese));
}

#[test]
fn clitics_come_off_but_other_words_stay_whole() {
    assert_eq!(words("kantornya"), ["kantor"]);
    assert_eq!(words("serbulah"), ["serbu"]);
    assert_eq!(words("masalah"), ["masalah"]);
    assert_eq!(words("kubakar"), ["kubakar"]);
}

#[test]
fn repeated_pictures_are_one_token() {
    let (_, out) = folded("🔥🔥🔥 bakar");
    assert_eq!(out.tokens().len(), 2);
    assert_eq!(out.bytes(0, 1), (0, 12));
}

#[test]
fn addresses_are_one_token() {
    assert_eq!(forms("lihat https://t.co/AbC, bakar"), ["lihat", "https://t.co/abc", "bakar"]);
}

/// Folding a folded text again changes nothing.
fn is_idempotent(lexicon: &Lexicon, text: &str) {
    let (mut once, mut twice) = (Folded::default(), Folded::default());
    lexicon.fold(text, &mut once);
    lexicon.fold(&once.text(), &mut twice);
    assert_eq!(once.text(), twice.text(), "{text:?}");
}

fn spans_lie_on_borders(lexicon: &Lexicon, text: &str) {
    let mut out = Folded::default();
    lexicon.fold(text, &mut out);
    let mut last = 0;
    for token in out.tokens() {
        let (start, end) = (token.start as usize, token.end as usize);
        assert!(text.get(start..end).is_some_and(|words| !words.is_empty()), "{text:?} {start}..{end}");
        assert!(start >= last, "{text:?}: tokens overlap");
        last = end;
    }
}

#[test]
fn every_character_folds_to_something_that_folds_to_itself() {
    let lexicon = plain();
    // The scripts that fold; Han, Hangul and private use stand for themselves.
    let ranges = [0..0x3400, 0xF900..0x1_0000, 0x1_D400..0x1_D800, 0x1_F000..0x1_FB00];
    for c in ranges.into_iter().flatten().filter_map(char::from_u32) {
        is_idempotent(&lexicon, &format!("ba{c}kar {c}"));
    }
}

#[test]
fn a_mark_of_repetition_beside_a_digit_is_read_once_and_for_all() {
    for text in [
        "éma²2an\n",
        "ßİ²2nya",
        "²",
        "2²",
        "orang²2",
        "Jaaaal２an",
        "adiiii２i",
        "rameee2an",
        "2界t0ahin",
        "Wa２２２２rg@a",
        "ke２@a",
        "Ｒp100.000@a",
        "12ke３@a",
        "gara-gara𓍓2",
    ] {
        is_idempotent(&plain(), text);
    }
}

proptest! {
    // The same texts each time: a run that fails can be repeated.
    #![proptest_config(ProptestConfig {
        cases: 2000,
        rng_seed: proptest::test_runner::RngSeed::Fixed(6),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_folds_with_spans_on_borders_and_twice_is_once(text in ".{0,60}") {
        let lexicon = LEXICON.with(Clone::clone);
        spans_lie_on_borders(&lexicon, &text);
        is_idempotent(&lexicon, &text);
    }

    #[test]
    fn any_text_of_awkward_pieces_folds_too(pieces in proptest::collection::vec(piece(), 0..12)) {
        let lexicon = LEXICON.with(Clone::clone);
        let text = pieces.concat();
        spans_lie_on_borders(&lexicon, &text);
        is_idempotent(&lexicon, &text);
    }
}

thread_local! {
    static LEXICON: std::rc::Rc<Lexicon> = std::rc::Rc::new(plain());
}

/// Pieces that meet the corners of the fold.
fn piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "bakar", "B", "a", "k", ".", "-", " ", " ", "2", "²", "4", "*", "@", "#", "_", "'", "\"", "“", "”",
        "di", "Di ", "serang", "orang", "an", "nya", "RT ", "@x", "\\n", "\\ud83d", "&amp;", "🔥", "👍🏽",
        "\u{200B}", "é", "Ã©", "ß", "ﬁ", "٣", "بس", "http://", "www.", "50", "rb", "tps", "ooo", "ttt", "\n",
        "!", "…", "$", "ma", "ta", "Σ", "İ", "ǅ", "1.000", "no", "A", "tak", "e",
    ])
}
