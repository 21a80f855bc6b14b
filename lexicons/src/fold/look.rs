//! Looking a folded form up in the vocabulary: whole, without clitic, without doubled letters, without disguise.

use arrayvec::ArrayString;

use super::{Flags, Lexis};
use crate::words::Word;

/// What the vocabulary says of a form.
pub(super) struct Found {
    pub(super) word: Word,
    pub(super) flags: Flags,
    /// The form to show instead, when the written one was stretched or disguised.
    pub(super) form: Option<String>,
}

const NOTHING: Found = Found { word: Word::NONE, flags: Flags(0), form: None };

/// Shortest stem that a clitic is taken from: below it the endings of other words are met (*kamu*, *telah*).
const SHORTEST_STEM: usize = 4;

/// Looks a form of letters up; `doubled` says that it holds two equal letters side by side.
#[inline]
pub(super) fn letters(lexis: &Lexis, form: &str, doubled: bool) -> Found {
    let word = lexis.words.get(form);
    if word.is_known() {
        return Found { word, ..NOTHING };
    }
    if let Some(word) = without_clitic(lexis, form) {
        return Found { word, flags: Flags::CLITIC, form: None };
    }
    if doubled { stretched(lexis, form) } else { NOTHING }
}

/// The word that is left when a clitic is taken off.
#[inline]
fn without_clitic(lexis: &Lexis, form: &str) -> Option<Word> {
    let bytes = form.as_bytes();
    let clitic = match bytes {
        [.., b'n', b'y', b'a'] | [.., b'l' | b'k', b'a', b'h'] | [.., b'p', b'u', b'n'] => 3,
        [.., b'k' | b'm', b'u'] => 2,
        _ => return None,
    };
    let stem = form.get(..form.len() - clitic)?;
    if stem.len() < SHORTEST_STEM {
        return None;
    }
    let word = lexis.words.get(stem);
    if word.is_known() {
        return Some(word);
    }
    // *miliknyalah*, *kulitkupun*: one clitic upon another.
    match bytes {
        [.., b'h' | b'n'] => without_clitic(lexis, stem),
        _ => None,
    }
}

/// Longest form, in bytes, that is tried without its doubled letters: no word is longer.
const LONGEST_STRETCHED: usize = 64;

/// Tries a form with doubled letters with each of them single: all, then one by one.
fn stretched(lexis: &Lexis, form: &str) -> Found {
    let single = |skip: usize| {
        let mut out = ArrayString::<LONGEST_STRETCHED>::new();
        let mut doubles = 0;
        for c in form.chars() {
            if out.ends_with(c) {
                doubles += 1;
                if skip == 0 || skip == doubles {
                    continue;
                }
            }
            out.push(c);
        }
        (out, doubles)
    };
    if form.len() > LONGEST_STRETCHED {
        return NOTHING;
    }
    let (all, doubles) = single(0);
    let known = |candidate: ArrayString<LONGEST_STRETCHED>| {
        let word = lexis.words.get(&candidate);
        if word.is_known() {
            return Some(Found { word, flags: Flags(0), form: Some(candidate.to_string()) });
        }
        let word = without_clitic(lexis, &candidate)?;
        Some(Found { word, flags: Flags::CLITIC, form: Some(candidate.to_string()) })
    };
    if let Some(found) = known(all) {
        return found;
    }
    let tries = if (2..=4).contains(&doubles) { doubles } else { 0 };
    (1..=tries).find_map(|skip| known(single(skip).0)).unwrap_or(NOTHING)
}

/// Most disguised characters that are tried in one word: their readings multiply.
const MOST_DISGUISED: usize = 4;

/// Tries the readings of digits and symbols within a word (`b4kar`, `b*kar`, `$erang`).
pub(super) fn disguised(lexis: &Lexis, form: &str) -> Option<Found> {
    let hidden = form.chars().filter(|c| !c.is_alphabetic()).count();
    if hidden == 0 || hidden > MOST_DISGUISED || hidden * 2 > form.chars().count() {
        return None;
    }
    let mut out = String::with_capacity(form.len());
    let (word, flags) = guess(lexis, form, &mut out)?;
    Some(Found { word, flags, form: Some(out) })
}

fn guess(lexis: &Lexis, rest: &str, out: &mut String) -> Option<(Word, Flags)> {
    let Some(c) = rest.chars().next() else {
        let word = lexis.words.get(out);
        if word.is_known() {
            return Some((word, Flags(0)));
        }
        return without_clitic(lexis, out).map(|word| (word, Flags::CLITIC));
    };
    let tail = &rest[c.len_utf8()..];
    let len = out.len();
    for letter in readings(c) {
        out.push(*letter);
        if let Some(found) = guess(lexis, tail, out) {
            return Some(found);
        }
        out.truncate(len);
    }
    if c.is_alphabetic() {
        out.push(c);
        if let Some(found) = guess(lexis, tail, out) {
            return Some(found);
        }
        out.truncate(len);
    }
    None
}

/// The letters that a digit or symbol may hide; a letter hides nothing.
fn readings(c: char) -> &'static [char] {
    match c {
        '0' => &['o'],
        '1' => &['i', 'l'],
        '3' => &['e'],
        '4' | '@' => &['a'],
        '5' | '$' => &['s'],
        '6' | '9' => &['g'],
        '7' => &['t'],
        '8' => &['b'],
        '*' => {
            &['a', 'u', 'i', 'e', 'o', 'n', 'k', 't', 'r', 's', 'l', 'm', 'd', 'g', 'b', 'p', 'h', 'j', 'c']
        }
        _ => &[],
    }
}

/// Looks a reduplicated form up: whole, then its first half, then its second.
pub(super) fn twice(lexis: &Lexis, form: &str) -> Found {
    let word = lexis.words.get(form);
    if word.is_known() {
        return Found { word, ..NOTHING };
    }
    let mut clitic = Flags(0);
    let word = form
        .split('-')
        .map(|half| {
            let found = letters(lexis, half, true);
            clitic = found.flags;
            found.word
        })
        .find(|word| word.is_known());
    Found {
        word: word.unwrap_or(Word::NONE),
        flags: if word.is_some() { clitic } else { Flags(0) },
        form: None,
    }
}

/// Whether two words with a hyphen between them are one word reduplicated (`tembak-menembak`, `bakar-bakaran`).
pub(super) fn is_reduplication(first: &str, second: &str) -> bool {
    let shorter = first.len().min(second.len());
    if shorter < 2 {
        return false;
    }
    if second.starts_with(first) {
        return true;
    }
    let least = (shorter / 2 + 1).max(3);
    if !first.is_ascii() || !second.is_ascii() || shorter < least || shorter > 64 {
        return false;
    }
    (0..=first.len() - least).any(|at| second.contains(&first[at..at + least]))
}

impl Lexis {
    /// The word inside a form that has a clitic or is reduplicated; [`Word::NONE`] for any other form.
    pub(crate) fn inside(&self, form: &str) -> Word {
        match form.split_once('-') {
            Some((first, _)) => letters(self, first, false).word,
            None => without_clitic(self, form).unwrap_or(Word::NONE),
        }
    }
}
