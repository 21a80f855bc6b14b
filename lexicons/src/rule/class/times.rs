//! Hours, days and dates.

use crate::fold::Folded;
use crate::numerals::{is_figure, numeral_word};

/// Days and hours as words; `tadi` and `kemarin` are times too: whether past or to come is the guards' matter.
pub(super) fn time(folded: &Folded, at: usize) -> Option<usize> {
    let (form, next) = (folded.form(at), folded.form(at + 1));
    let figure = is_figure(folded, at + 1);
    match form {
        "jam" | "jm" | "pukul" | "pkl" | "pk" => {
            let number = figure || numeral_word(next).is_some() || next == "sebelas";
            (number).then_some(
                at + 2 + usize::from(is_part_of_day(folded.form(at + 2)) || is_zone(folded.form(at + 2))),
            )
        }
        "tgl" | "tanggal" => figure.then_some(at + 2 + usize::from(is_month(folded.form(at + 2)))),
        "hari" | "hr" => match next {
            "h" | "ini" => Some(at + 2),
            _ => is_day(next).then_some(at + 2),
        },
        "h" => (figure && (folded.tokens()[at + 1].is_hyphened() || folded.tokens()[at + 1].is_glued()))
            .then_some(at + 2),
        "nanti" | "ntar" | "entar" | "mengko" | "engko" | "ngko" | "kagek" | "agek" | "dagghi" | "kaina"
        | "kareh" => Some(at + 1 + usize::from(is_part_of_day(next))),
        "malam" | "mlm" | "pagi" | "siang" | "sore" | "subuh" => {
            let more = matches!(next, "ini" | "nanti" | "besok" | "minggu") || is_day(next);
            Some(at + 1 + usize::from(more))
        }
        "habis" | "abis" | "ba" | "bada" | "bakda" | "setelah" | "usai" | "sebelum" => {
            is_prayer(next).then_some(at + 2)
        }
        "minggu" | "bulan" | "tahun" => {
            (next == "depan" || next == "lalu" || next == "ini").then_some(at + 2)
        }
        "besok" | "bsk" | "bsok" | "besuk" | "sesuk" | "sesok" | "isuk" | "jewu" | "lagghu" | "lagghuna"
        | "beisuk" => Some(at + 1 + usize::from(is_part_of_day(next) || is_day(next))),
        "lusa" | "sekarang" | "skrg" | "skrng" | "saiki" | "sateya" | "wahini" | "barusan" | "tadi"
        | "semalam" | "kemarin" | "kmrn" | "kmren" | "kemaren" | "wingi" | "bengi" | "wengi" => {
            Some(at + 1 + usize::from(is_part_of_day(next)))
        }
        _ => day_or_date(folded, at),
    }
}

fn day_or_date(folded: &Folded, at: usize) -> Option<usize> {
    if is_figure(folded, at) {
        return is_month(folded.form(at + 1)).then_some(at + 2);
    }
    // *minggu* is a week as often as a Sunday: only behind *hari* is it surely the day.
    (is_day(folded.form(at)) && folded.form(at) != "minggu").then_some(at + 1)
}

fn is_part_of_day(form: &str) -> bool {
    matches!(
        form,
        "pagi"
            | "pg"
            | "siang"
            | "sore"
            | "malam"
            | "mlm"
            | "subuh"
            | "magrib"
            | "maghrib"
            | "isya"
            | "bengi"
    )
}

pub(super) fn is_zone(form: &str) -> bool {
    matches!(form, "wib" | "wita" | "wit")
}

fn is_day(form: &str) -> bool {
    matches!(form, "senin" | "selasa" | "rabu" | "kamis" | "jumat" | "sabtu" | "minggu" | "ahad")
}

fn is_prayer(form: &str) -> bool {
    matches!(
        form,
        "subuh"
            | "dzuhur"
            | "zuhur"
            | "dhuhur"
            | "ashar"
            | "asar"
            | "magrib"
            | "maghrib"
            | "isya"
            | "isak"
            | "jumatan"
            | "tarawih"
            | "taraweh"
            | "isa"
    )
}

pub(super) fn is_month(form: &str) -> bool {
    matches!(
        form,
        "januari"
            | "jan"
            | "februari"
            | "feb"
            | "maret"
            | "mar"
            | "april"
            | "apr"
            | "mei"
            | "juni"
            | "jun"
            | "juli"
            | "jul"
            | "agustus"
            | "agt"
            | "ags"
            | "september"
            | "sept"
            | "sep"
            | "oktober"
            | "okt"
            | "november"
            | "nov"
            | "desember"
            | "des"
    )
}
