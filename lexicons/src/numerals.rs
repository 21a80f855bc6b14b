//! Numerals in figures and words, of Indonesian and the regional languages.

use crate::fold::{Folded, TokenKind};

pub(crate) fn is_figure(folded: &Folded, at: usize) -> bool {
    folded.tokens().get(at).is_some_and(|token| token.kind == TokenKind::Number)
}

/// A numeral in words, of Indonesian or a regional language (domain.md 6.13).
pub(crate) fn numeral_word(form: &str) -> Option<u32> {
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

/// Words for tens, hundreds and thousands, of Indonesian or a regional language.
pub(crate) fn is_tens(form: &str) -> bool {
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

/// Whether a form counts thousands or millions after a numeral.
pub(crate) fn is_thousands(form: &str) -> bool {
    matches!(
        form,
        "rb" | "ribu" | "ribuan" | "rbu" | "k" | "jt" | "juta" | "jutaan" | "juto" | "ewu" | "ebu" | "rebu"
    )
}
