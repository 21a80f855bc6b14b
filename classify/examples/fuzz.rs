//! Fuzz target: made-up damage of the lexicon's own sentences through fold, rules, guards, place and second reader, and
//! of its rules through the rule parser. Panics on the first broken promise; the seed makes a run repeatable.
//!
//! `cargo run --release -p classify --example fuzz -- [INPUTS] [SEED]`
#![allow(clippy::print_stdout, missing_docs)]

use std::time::Instant;

use lexicons::Lexicon;
use lexicons::fold::Folded;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use stream::{Hit, Intake, Item, Post, Span};

/// Characters that have broken readers of text before.
const ODD: &[char] = &[
    '\0', '\n', '\r', '\t', '\u{200b}', '\u{200d}', '\u{feff}', '\u{202e}', '\u{301}', '\u{fe0f}', 'İ', 'ß',
    'ﬁ', 'Ａ', 'а', 'ق', '😡', '🇮', '👨', '0', '4', '@', '#', '*', '.', '-', '\'', '"', '“', '(', ')', '\\',
    '&', ';', '/', ':', '%', '~', '½', '２', '界',
];
/// Pieces of expressions.
const PIECES: &[&str] = &[
    "AND", "OR", "NOT", "NEAR/3", "ONEAR/99", "(", ")", "\"", "~bakar", "bio:", "TIME", "cand", "é", "/",
    "NEAR/", " ",
];

fn main() {
    let mut args = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let (inputs, seed) = (args.next().unwrap_or(1_000_000), args.next().unwrap_or(1));
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let lexicon = Lexicon::builtin();
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let lexicon = &lexicon;
            scope.spawn(move || run(lexicon, inputs / threads, seed.wrapping_add(thread << 32)));
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    println!("{inputs} inputs from seed {seed} without a panic, {:.0} a second", inputs as f64 / seconds);
}

fn run(lexicon: &Lexicon, inputs: u64, seed: u64) {
    let mut rng = SmallRng::seed_from_u64(seed);
    let texts: Vec<&str> = lexicon.examples().map(|example| example.text).collect();
    let rules: Vec<&str> = lexicon.rules().iter().map(|rule| rule.source.as_str()).collect();
    let mut post = Item::parse(br#"{"channel":"x","posted_at":"2024-11-26T10:00:00+07:00","text":"a"}"#)
        .and_then(|item| item.into_post(&Intake::judging()))
        .expect("it is a post");
    let (mut once, mut twice) = (Folded::default(), Folded::default());
    for n in 0..inputs {
        if n % 10 == 9 {
            let rule = broken(&mut rng, &rules);
            if let Err((at, _)) = lexicons::readable(&rule) {
                assert!(at <= rule.len(), "the fault lies outside {rule:?}");
            }
            continue;
        }
        post.text = damaged(&mut rng, &texts);
        if let Some(finding) = classify::judge(lexicon, &post) {
            let signals = finding.signals.iter().flat_map(|signal| &signal.hits);
            signals
                .chain(finding.cleared.iter().map(|cleared| &cleared.hit))
                .for_each(|hit| on_borders(&post, hit));
        }
        if n % 8 == 0 {
            lexicon.fold(&post.text, &mut once);
            let text = once.text();
            lexicon.fold(&text, &mut twice);
            assert_eq!(twice.text(), text, "folding again changes {:?}", post.text);
        }
    }
}

fn on_borders(post: &Post, hit: &Hit) {
    let fits = |span: &Span| span.of(post).is_some_and(|words| !words.is_empty());
    assert!(hit.spans.iter().all(fits), "a span of {} lies between characters of {:?}", hit.rule, post.text);
}

/// One or two sentences, cut, joined and damaged.
fn damaged(rng: &mut SmallRng, texts: &[&str]) -> String {
    let mut chars: Vec<char> = texts.choose(rng).map(|text| text.chars().collect()).unwrap_or_default();
    if rng.random_bool(0.3) {
        chars.truncate(rng.random_range(0..=chars.len()));
        chars.extend(texts.choose(rng).map(|text| text.chars()).into_iter().flatten());
    }
    for _ in 0..rng.random_range(0..8) {
        let at = rng.random_range(0..=chars.len());
        match rng.random_range(0..6) {
            0 if at < chars.len() => _ = chars.remove(at),
            1 if at < chars.len() => chars[at] = *ODD.choose(rng).unwrap_or(&' '),
            2 if at < chars.len() => {
                let again = chars[at];
                chars.splice(at..at, std::iter::repeat_n(again, rng.random_range(1..30)));
            }
            3 => chars.insert(at, char::from_u32(rng.random_range(0..0x11_0000)).unwrap_or('\u{fffd}')),
            4 => chars.iter_mut().skip(at).take(12).for_each(|c| *c = c.to_ascii_uppercase()),
            _ => chars.insert(at, *ODD.choose(rng).unwrap_or(&' ')),
        }
    }
    chars.into_iter().collect()
}

/// A rule with pieces moved, doubled or lost.
fn broken(rng: &mut SmallRng, rules: &[&str]) -> String {
    let mut words: Vec<&str> = rules.choose(rng).map(|rule| rule.split(' ').collect()).unwrap_or_default();
    for _ in 0..rng.random_range(0..5) {
        let at = rng.random_range(0..=words.len());
        if at < words.len() && rng.random_bool(0.5) {
            words.remove(at);
        } else {
            words.insert(at, PIECES.choose(rng).copied().unwrap_or("("));
        }
    }
    words.join(" ")
}
