//! How much: things counted, and sums of money.

use super::times::{is_month, is_zone};
use crate::fold::Folded;
use crate::numerals::{is_figure, is_numeral, is_tens, is_thousands};

/// Words behind which a number names or measures something instead of counting it.
fn names_number(form: &str) -> bool {
    matches!(
        form,
        "jam"
            | "jm"
            | "pukul"
            | "pkl"
            | "pk"
            | "tps"
            | "rt"
            | "rw"
            | "no"
            | "nomor"
            | "nomer"
            | "urut"
            | "tanggal"
            | "tgl"
            | "tahun"
            | "thn"
            | "umur"
            | "usia"
            | "umurnya"
            | "usianya"
            | "paslon"
            | "calon"
            | "pasangan"
            | "gang"
            | "blok"
            | "jalan"
            | "km"
            | "kelas"
            | "sd"
            | "sdn"
            | "smp"
            | "smpn"
            | "sma"
            | "sman"
            | "pasal"
            | "ayat"
            | "h"
            | "telp"
            | "hp"
            | "wa"
    )
}

/// Units that make the number before them a measure, a sum or a date.
fn is_measure(form: &str) -> bool {
    is_thousands(form)
        || is_month(form)
        || is_zone(form)
        || matches!(
            form,
            "tahun"
                | "thn"
                | "th"
                | "bulan"
                | "minggu"
                | "hari"
                | "jam"
                | "menit"
                | "mnt"
                | "detik"
                | "km"
                | "kilo"
                | "kg"
                | "meter"
                | "cm"
                | "persen"
                | "kali"
                | "rupiah"
        )
}

/// A number of things counted; a year, a clock time and a percentage are none.
pub(super) fn count(folded: &Folded, at: usize) -> Option<usize> {
    let before = at.checked_sub(1).map_or("", |before| folded.form(before));
    if names_number(before) {
        return None;
    }
    if is_figure(folded, at) {
        let digits: String = folded.form(at).chars().filter(|c| *c != '.').collect();
        let counted = digits.len() > 1
            && digits.len() < 8
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !is_clock_or_year(folded.form(at))
            && !is_measure(folded.form(at + 1));
        return counted.then_some(at + 1);
    }
    // Words: a tens, hundreds or thousands word must be among them.
    let is_word = |n: usize| !is_figure(folded, n) && (is_numeral(folded, n) || is_tens(folded.form(n)));
    let mut end = at;
    while end < at + 7 && is_word(end) {
        end += 1;
    }
    let tens = (at..end).any(|n| is_tens(folded.form(n)));
    (tens && !is_measure(folded.form(end))).then_some(end)
}

/// `07.30`, `9.15`, and years from 1945 to 2049.
fn is_clock_or_year(form: &str) -> bool {
    let clock = form.split_once('.').is_some_and(|(hour, minute)| {
        minute.len() == 2 && hour.len() < 3 && hour.parse::<u32>().is_ok_and(|hour| hour < 25)
    });
    clock || form.len() == 4 && form.parse::<u32>().is_ok_and(|year| (1945..2050).contains(&year))
}

pub(super) fn money(folded: &Folded, at: usize) -> Option<usize> {
    let form = folded.form(at);
    if matches!(form, "rp" | "idr") && is_figure(folded, at + 1) {
        return Some(at + 2 + usize::from(is_thousands(folded.form(at + 2))));
    }
    // Sums of one word: Javanese and city slang.
    if matches!(
        form,
        "seket"
            | "satus"
            | "rongatus"
            | "cepek"
            | "gopek"
            | "ceban"
            | "goban"
            | "gocap"
            | "noban"
            | "sejuta"
            | "seratusan"
            | "limapuluhan"
    ) {
        return Some(at + 1 + usize::from(is_thousands(folded.form(at + 1)) || folded.form(at + 1) == "ewu"));
    }
    if is_figure(folded, at) {
        let next = folded.form(at + 1);
        if is_thousands(next) {
            let k_apart = next == "k" && !folded.tokens()[at + 1].is_glued();
            return (!k_apart).then_some(at + 2);
        }
        let full =
            form.len() >= 6 && (form.ends_with(".000") || form.ends_with(",000") || form.ends_with("0000"));
        return (full || next == "rupiah").then_some(at + 1 + usize::from(next == "rupiah"));
    }
    // Words: *lima puluh ribu*, *seratus ribu*, *sepuluh juta*.
    let mut end = at;
    while end < at + 6
        && is_numeral(folded, end)
        && !is_figure(folded, end)
        && !is_thousands(folded.form(end))
    {
        end += 1;
    }
    (end > at && is_thousands(folded.form(end)) && folded.form(end) != "k").then_some(end + 1)
}
