//! Pairs of candidates by their numbers.

use super::times::is_month;
use crate::fold::Folded;
use crate::numerals::{is_figure, numeral_word};
use crate::range::Range;

/// The number of a pair that stands at `at`: 1 to 20 in figures, or a small numeral in words.
fn number_at(folded: &Folded, at: usize) -> Option<u32> {
    let form = folded.form(at);
    if is_figure(folded, at) {
        let number = if form.len() <= 2 { form.parse().ok() } else { None };
        return number.filter(|n| (1..=20).contains(n));
    }
    numeral_word(form).filter(|n| (1..=5).contains(n))
}

fn pair_number(folded: &Folded, at: usize) -> bool {
    number_at(folded, at).is_some()
}

/// The number of the pair that tokens name: 2 of *paslon nomor urut dua*, of *02*, of *dua jari*.
pub fn number_of_pair(folded: &Folded, range: Range) -> Option<u32> {
    (range.start..range.end).rev().find_map(|at| number_at(folded, at))
}

pub(super) fn paslon(folded: &Folded, at: usize) -> Option<usize> {
    let form = folded.form(at);
    match form {
        "paslon" | "paslonkada" | "cabup" | "cagub" | "cawali" | "capres" | "palon" => {
            Some(behind_number_words(folded, at + 1))
        }
        "pasangan" | "calon" | "kandidat" | "pilih" | "coblos" | "nyoblos" | "dukung" | "menangkan" => {
            let next = at + 1;
            let end = behind_number_words(folded, next);
            // The verb is no part of the pair; the number behind it is.
            (end > next && matches!(form, "pasangan" | "calon" | "kandidat")).then_some(end)
        }
        "no" | "nomor" | "nomer" | "nmr" | "nomere" => {
            let next = at + 1 + usize::from(matches!(folded.form(at + 1), "urut" | "urot"));
            pair_number(folded, next).then_some(next + 1)
        }
        "urut" => pair_number(folded, at + 1).then_some(at + 2),
        // *kosong satu*, *nol dua*
        "kosong" | "nol" => {
            numeral_word(folded.form(at + 1)).is_some_and(|n| (1..=5).contains(&n)).then_some(at + 2)
        }
        // One finger, two fingers: the sign of a pair.
        "jari" => pair_number(folded, at + 1).then_some(at + 2),
        _ if folded.form(at + 1) == "jari" => pair_number(folded, at).then_some(at + 2),
        _ => leading_zero(folded, at),
    }
}

/// `01` to `09` by themselves: no time, no TPS, no neighbourhood before them.
fn leading_zero(folded: &Folded, at: usize) -> Option<usize> {
    let form = folded.form(at);
    if !is_figure(folded, at) || form.len() != 2 || !form.starts_with('0') || form == "00" {
        return None;
    }
    let before = at.checked_sub(1).map_or("", |before| folded.form(before));
    let other = matches!(
        before,
        "tps"
            | "rt"
            | "rw"
            | "jam"
            | "jm"
            | "pukul"
            | "pkl"
            | "tgl"
            | "tanggal"
            | "no"
            | "nomor"
            | "dusun"
            | "kelas"
            | "telp"
            | "hp"
            | "wa"
            | "sdn"
            | "smpn"
            | "sman"
            | "sd"
            | "smp"
            | "bab"
            | "pasal"
            | "juz"
    );
    let counted =
        is_month(folded.form(at + 1)) || is_figure(folded, at + 1) && !folded.tokens()[at + 1].in_hashtag();
    (!other && !counted).then_some(at + 1)
}

/// One past the numbers behind `paslon`: an optional `nomor urut`, then the number.
fn behind_number_words(folded: &Folded, at: usize) -> usize {
    let mut next = at;
    while matches!(folded.form(next), "no" | "nomor" | "nomer" | "nmr" | "urut") && next < at + 2 {
        next += 1;
    }
    if pair_number(folded, next) { next + 1 } else { at }
}
