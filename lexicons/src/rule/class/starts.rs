//! The words that something of a class may begin with: at all others nobody need look.

use std::sync::LazyLock;

use super::Class;
use crate::fold::{Folded, Lexis, Token, TokenKind};
use crate::words::hash;

/// Numerals of every kind, which begin numbers, counts, sums and pairs.
const NUMERALS: &[&str] = &[
    "ampat", "ampek", "anam", "asa", "atu", "atus", "ballu", "baleh", "belas", "ciek", "delapan", "dhua",
    "dhuwa", "dua", "due", "duo", "empa", "empat", "enam", "enem", "epat", "genep", "hiji", "ije", "juta",
    "kosong", "lema", "lima", "limalas", "limang", "limo", "limolas", "loro", "nol", "opat", "papat",
    "patang", "patbelas", "petto", "pitu", "pitung", "poloh", "polo", "puluah", "pulo", "puluh", "ratos",
    "ratuih", "ratus", "ribu", "rolas", "rong", "sanga", "sangang", "sapuluh", "saratos", "saratuih",
    "saratus", "satos", "satu", "satus", "sebelas", "sedasa", "seddi", "sejuta", "seket", "selawe",
    "sembilan", "sepuluh", "seratus", "seribu", "settong", "sewidak", "siji", "sijine", "sikok", "songo",
    "talu", "telu", "tello", "tellu", "telulas", "telung", "tiga", "tigo", "tilu", "tujuah", "tujuh",
    "welas", "wolu", "wolung",
];
const MONEY: &[&str] = &[
    "rp",
    "idr",
    "seket",
    "satus",
    "rongatus",
    "cepek",
    "gopek",
    "ceban",
    "goban",
    "gocap",
    "noban",
    "sejuta",
    "seratusan",
    "limapuluhan",
];
const PASLON: &[&str] = &[
    "paslon",
    "paslonkada",
    "cabup",
    "cagub",
    "cawali",
    "capres",
    "palon",
    "pasangan",
    "calon",
    "kandidat",
    "pilih",
    "coblos",
    "nyoblos",
    "dukung",
    "menangkan",
    "no",
    "nomor",
    "nomer",
    "nmr",
    "nomere",
    "urut",
    "jari",
];
const TIME: &[&str] = &[
    "jam", "jm", "pukul", "pkl", "pk", "tgl", "tanggal", "hari", "hr", "h", "nanti", "ntar", "entar",
    "mengko", "engko", "ngko", "kagek", "agek", "dagghi", "kaina", "kareh", "malam", "mlm", "pagi", "siang",
    "sore", "subuh", "habis", "abis", "ba", "bada", "bakda", "setelah", "usai", "sebelum", "minggu", "bulan",
    "tahun", "besok", "bsk", "bsok", "besuk", "sesuk", "sesok", "isuk", "jewu", "lagghu", "lagghuna",
    "beisuk", "lusa", "sekarang", "skrg", "skrng", "saiki", "sateya", "wahini", "barusan", "tadi", "semalam",
    "kemarin", "kmrn", "kmren", "kemaren", "wingi", "bengi", "wengi", "senin", "selasa", "rabu", "kamis",
    "jumat", "sabtu", "ahad",
];

/// For each class, the words that it may begin with beside figures.
fn of(class: Class) -> [&'static [&'static str]; 2] {
    match class {
        Class::Time => [TIME, &[]],
        Class::Number | Class::Count => [NUMERALS, &[]],
        Class::Money => [NUMERALS, MONEY],
        Class::Paslon => [NUMERALS, PASLON],
        Class::Tps => [&["tps"], &[]],
        Class::Place | Class::Sampiran => [&[], &[]],
    }
}

/// By a word's hash: the classes that may begin with it, as bits.
static SIEVE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut sieve = vec![0; SLOTS];
    for class in Class::ALL {
        for word in of(class).into_iter().flatten() {
            sieve[slot(word.as_bytes())] |= class.bit();
        }
    }
    sieve
});

/// Enough that hardly any other word shares the place of one that begins something.
const SLOTS: usize = 1 << 15;

#[inline]
fn slot(form: &[u8]) -> usize {
    hash(form) as usize % SLOTS
}

/// By word of a vocabulary: the classes that something of may begin with it, as bits.
pub(crate) fn begins_by_word(lexis: &Lexis) -> Vec<u8> {
    let mut begins = vec![0; lexis.words.rows()];
    for word in lexis.words.all() {
        begins[word.index()] = SIEVE[slot(lexis.name(word).as_bytes())];
    }
    begins
}

/// The classes that something of may begin at any token, as bits; `by_word` is of the vocabulary that it was folded with.
pub(in super::super) fn begins(folded: &Folded, by_word: &[u8]) -> u8 {
    let sieve = &SIEVE[..];
    let of = |(at, token): (usize, &Token)| match token.kind {
        TokenKind::Number => u8::MAX,
        _ if token.is_own() => by_word[token.word.index()],
        _ => sieve[slot(folded.form(at).as_bytes())],
    };
    folded.tokens().iter().enumerate().map(of).fold(0, |all, begins| all | begins)
}

/// The tokens at which something of `class` may begin.
pub(super) fn starts(class: Class, folded: &Folded) -> impl Iterator<Item = usize> + '_ {
    let (sieve, bit) = (&SIEVE[..], class.bit());
    let tokens = folded.tokens().iter().enumerate();
    let may = move |at: usize| sieve[slot(folded.form(at).as_bytes())] & bit != 0;
    tokens.filter(move |(at, token)| token.kind == TokenKind::Number || may(*at)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lexicon;

    /// Words that make something of a class with the word before them.
    const BEHIND: [&str; 12] =
        ["1", "01", "satu", "jari", "ribu", "k", "pagi", "h", "ini", "depan", "subuh", "mei"];

    #[test]
    fn nothing_of_a_class_begins_with_another_word() {
        let lexicon = Lexicon::builtin();
        let mut folded = Folded::default();
        let mut words = lexicon.forms();
        Class::ALL.into_iter().flat_map(of).flatten().for_each(|word| words.push(word));
        for word in words {
            for behind in BEHIND {
                lexicon.fold(&format!("{word} {behind}"), &mut folded);
                for class in Class::ALL {
                    let begins = class.at(&folded, 0).is_some();
                    assert!(
                        !begins || starts(class, &folded).next() == Some(0),
                        "{class:?}: {word} {behind}"
                    );
                }
            }
        }
    }
}
