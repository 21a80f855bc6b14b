//! A post that wakes no rule is judged without asking for memory: most of a stream is of that kind. Splitting a hashtag
//! and reading a word with digits in it still takes a little.

mod common;

use std::alloc::System;

use classify::judge;
use lexicons::{Lexicon, Look, Parts, Reading};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use stream::Post;

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Everyday posts, of which the lexicon, as it is, leaves most alone: plain, long, with emoji, mentions, an address, slang and a regional language.
const CLEAN: [&str; 5] = [
    "pagi ini hujan rintik, sayur bayam di kebun tumbuh subur sekali 🌱🌱",
    "@ibu_dapur resep kue lapisnya dong kak, kemarin enak bgt sampe nambah tiga potong hehe",
    "Kucing tetangga beranak empat, lucu banget. Fotonya di https://contoh.invalid/kucing ya",
    "wis mangan durung, lek? sayure isih anget nang pawon",
    "Antre di toko roti panjang sekali. Tapi rotinya memang empuk. Harganya juga murah, cocok untuk bekal sekolah anak.",
];

fn post(text: &str) -> Post {
    common::post(&serde_json::json!({ "posted_at": "2024-10-10T10:00:00+07:00", "text": text }))
}

/// Whether no rule could hold in `text`.
fn wakes_nothing(lexicon: &Lexicon, text: &str) -> bool {
    let (mut reading, mut candidates) = (Reading::default(), Vec::new());
    lexicon.read(text, &mut reading);
    Look::new(lexicon, &Parts::of(&reading)).candidates(&mut candidates);
    candidates.is_empty()
}

#[test]
fn a_post_that_wakes_no_rule_is_judged_without_an_allocation() {
    let lexicon = Lexicon::builtin();
    let clean = CLEAN.iter().filter(|text| wakes_nothing(&lexicon, text));
    let posts: Vec<Post> = clean.map(|text| post(text)).collect();
    assert!(posts.len() >= 3, "of {} everyday texts only {} wake no rule", CLEAN.len(), posts.len());
    // The buffers grow to the texts once, and what is made on first use is made.
    assert!(posts.iter().all(|post| judge(&lexicon, post).is_none()), "nothing hits in any of them");
    let before = Region::new(COUNTING);
    for _ in 0..100 {
        assert!(posts.iter().all(|post| judge(&lexicon, post).is_none()));
    }
    let change = before.change();
    assert_eq!((change.allocations, change.reallocations), (0, 0));
    // The counter itself works: a post that hits needs memory.
    let before = Region::new(COUNTING);
    let hit = judge(&lexicon, &post("besok kita serbu kantor KPU Gunung Mas, bawa parang"));
    assert!(hit.is_some() && before.change().allocations > 0);
}
