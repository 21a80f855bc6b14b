//! Classes of terms that code fills, since no list could: times, numbers, sums of money, polling stations, pairs.

use super::eval::Range;
use crate::fold::{Folded, TokenKind};

/// A class that code fills; in rules it is written like a set (`%time`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// `jam 9`, `besok malam`, `tgl 27`, `hari H`, `H-1`.
    Time,
    /// A place, as the caller's gazetteer finds it.
    Place,
    /// A numeral in figures or words.
    Number,
    /// A number of things counted, ten or more: `143`, `4.300`, `dua ratus`; no hour, date, age, house, TPS or pair.
    Count,
    /// `50rb`, `Rp100.000`, `seratus ribu`.
    Money,
    /// `TPS 05`.
    Tps,
    /// `paslon 1`, `nomor urut dua`, `01`; pair names and slogans come from contests.toml.
    Paslon,
}

impl Class {
    /// Every class, in order.
    pub const ALL: [Class; 7] =
        [Class::Time, Class::Place, Class::Number, Class::Count, Class::Money, Class::Tps, Class::Paslon];

    /// The name in rules, without `%`.
    pub fn name(self) -> &'static str {
        match self {
            Class::Time => "time",
            Class::Place => "place",
            Class::Number => "number",
            Class::Count => "count",
            Class::Money => "money",
            Class::Tps => "tps",
            Class::Paslon => "paslon",
        }
    }

    /// The class with this name.
    pub fn parse(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.name() == name)
    }

    /// The token ranges of `folded` that this class holds; [`Class::Place`] is the caller's and finds nothing here.
    pub(crate) fn find(self, folded: &Folded, out: &mut Vec<Range>) {
        let mut at = 0;
        let len = folded.tokens().len();
        while at < len {
            let found = if folded.tokens()[at].in_chain() { None } else { self.at(folded, at) };
            match found {
                Some(end) => {
                    out.push(Range { start: at, end });
                    at = end;
                }
                None => at += 1,
            }
        }
    }

    /// One past the last token of a hit that begins at `at`.
    fn at(self, folded: &Folded, at: usize) -> Option<usize> {
        match self {
            Class::Place => None,
            Class::Number => is_numeral(folded, at).then_some(at + 1),
            Class::Count => count(folded, at),
            Class::Tps => tps(folded, at),
            Class::Money => money(folded, at),
            Class::Time => time(folded, at),
            Class::Paslon => paslon(folded, at),
        }
    }
}

fn is_figure(folded: &Folded, at: usize) -> bool {
    folded.tokens().get(at).is_some_and(|token| token.kind == TokenKind::Number)
}

/// A numeral in words, of Indonesian or a regional language (domain.md 6.13).
fn numeral_word(form: &str) -> Option<u32> {
    Some(match form {
        "satu" | "siji" | "settong" | "hiji" | "ciek" | "sikok" | "ije" | "asa" | "seddi" | "sijine"
        | "atu" => 1,
        "dua" | "loro" | "dhuwa" | "dhua" | "duo" | "due" => 2,
        "tiga" | "telu" | "tello" | "tilu" | "tigo" | "talu" | "tellu" => 3,
        "empat" | "papat" | "opat" | "ampek" | "empa" | "epat" | "ampat" => 4,
        "lima" | "limo" | "lema" => 5,
        "enam" | "enem" | "genep" | "anam" => 6,
        "tujuh" | "pitu" | "petto" | "tujuah" => 7,
        "delapan" | "wolu" | "ballu" => 8,
        "sembilan" | "sanga" | "songo" => 9,
        "sepuluh" | "sapuluh" | "sedasa" => 10,
        "nol" | "kosong" => 0,
        _ => return None,
    })
}

/// Whether a numeral in figures or words stands at `at`.
pub(crate) fn is_numeral(folded: &Folded, at: usize) -> bool {
    let form = folded.form(at);
    is_figure(folded, at)
        || numeral_word(form).is_some_and(|value| value > 0)
        || matches!(
            form,
            "sebelas"
                | "belas"
                | "puluh"
                | "ratus"
                | "seratus"
                | "ribu"
                | "seribu"
                | "juta"
                | "sejuta"
                // Tens and hundreds of the regional languages, and the joined forms of their numerals.
                | "puluah"
                | "polo"
                | "pulo"
                | "ratuih"
                | "saratuih"
                | "saratus"
                | "saratos"
                | "ratos"
                | "atus"
                | "rong"
                | "telung"
                | "patang"
                | "limang"
                | "pitung"
                | "wolung"
                | "sangang"
        )
}

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
fn count(folded: &Folded, at: usize) -> Option<usize> {
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

/// Words for tens, hundreds and thousands, of Indonesian or a regional language.
fn is_tens(form: &str) -> bool {
    matches!(
        form,
        "sepuluh"
            | "sebelas"
            | "belas"
            | "puluh"
            | "ratus"
            | "seratus"
            | "ribu"
            | "seribu"
            | "sapuluh"
            | "puluah"
            | "poloh"
            | "polo"
            | "baleh"
            | "welas"
            | "satus"
            | "atus"
            | "satos"
            | "ratuih"
            | "saratuih"
            | "saratus"
            | "rolas"
            | "telulas"
            | "patbelas"
            | "limolas"
            | "limalas"
            | "selawe"
            | "seket"
            | "sewidak"
    )
}

fn tps(folded: &Folded, at: usize) -> Option<usize> {
    if folded.form(at) != "tps" {
        return None;
    }
    let next = at + 1 + usize::from(matches!(folded.form(at + 1), "no" | "nomor" | "nomer"));
    (is_figure(folded, next) || numeral_word(folded.form(next)).is_some()).then_some(next + 1)
}

/// Whether a form counts thousands or millions after a numeral.
fn is_thousands(form: &str) -> bool {
    matches!(
        form,
        "rb" | "ribu" | "ribuan" | "rbu" | "k" | "jt" | "juta" | "jutaan" | "juto" | "ewu" | "ebu" | "rebu"
    )
}

fn money(folded: &Folded, at: usize) -> Option<usize> {
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

/// Days and hours as words; `tadi` and `kemarin` are times too: whether past or to come is the guards' matter.
fn time(folded: &Folded, at: usize) -> Option<usize> {
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

fn is_zone(form: &str) -> bool {
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

fn is_month(form: &str) -> bool {
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

/// The number of a pair: 1 to 20 in figures, or a small numeral in words.
fn pair_number(folded: &Folded, at: usize) -> bool {
    let form = folded.form(at);
    if is_figure(folded, at) {
        return form.len() <= 2 && form.parse::<u32>().is_ok_and(|n| (1..=20).contains(&n));
    }
    numeral_word(form).is_some_and(|n| (1..=5).contains(&n))
}

fn paslon(folded: &Folded, at: usize) -> Option<usize> {
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
