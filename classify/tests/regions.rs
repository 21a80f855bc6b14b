//! A keeper's own names of places, in a folder laid over the built-in lexicon.

mod common;

use lexicons::Lexicon;
use serde_json::json;
use stream::Finding;

fn found(lexicon: &Lexicon, text: &str) -> Finding {
    let fields = json!({"channel": "facebook", "posted_at": "2024-11-26T12:00:00+07:00", "text": text});
    classify::judge(lexicon, &common::post(&fields)).expect("a finding")
}

fn place(lexicon: &Lexicon, text: &str) -> String {
    let signal = found(lexicon, text).signals.into_iter().next().expect("a signal");
    signal.place.code.map_or_else(|| "-".to_owned(), |code| code.to_string())
}

#[test]
fn names_areas_and_words_of_a_keepers_own_folder_tell_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let regions = folder.path().join("regions");
    std::fs::create_dir(&regions).expect("a folder");
    let own = "ordinary = [\"banyuates\"]\n[alias]\n\"pojok kidul\" = \"35.19.08.2011\"\n\
               [area]\n\"35.19.16\" = { name = \"Pilangmulya\" }\n\
               [[marker]]\nwords = [\"dusunraya\"]\nlevels = [\"desa\"]\n";
    std::fs::write(regions.join("kami.toml"), own).expect("a file");
    let (built_in, own) = (Lexicon::builtin(), Lexicon::load(Some(folder.path())).expect("no faults"));
    for (text, before, now) in [
        ("Besok malam kita serbu posko di Pojok Kidul, bawa parang", "-", "35.19.08.2011"),
        ("Besok malam kita serbu posko di Kec. Pilangmulya, bawa parang", "-", "35.19.16"),
        ("Besok malam kita serbu posko dusunraya ngengor, bawa parang", "-", "35.19.13.2013"),
        ("Besok malam kita serbu posko banyuates, bawa parang", "35.27.09", "-"),
        ("Besok malam kita serbu posko di Gumas, bawa parang", "62.10", "62.10"),
    ] {
        assert_eq!((place(&built_in, text).as_str(), place(&own, text).as_str()), (before, now), "{text}");
    }
    assert_ne!(built_in.hash(), own.hash(), "a verdict tells by which names it was made");
}

#[test]
fn an_office_of_a_kota_and_a_kabupaten_of_one_name_leaves_both_open() {
    let lexicon = Lexicon::builtin();
    let finding = found(&lexicon, "Besok kita serbu kantor KPU Madiun, bawa parang");
    let place = &finding.signals[0].place;
    let shares: Vec<(String, f64)> =
        place.candidates.iter().map(|candidate| (candidate.code.to_string(), candidate.share)).collect();
    assert_eq!(place.code.as_ref().map(ToString::to_string).as_deref(), Some("35"));
    assert_eq!(shares, [("35.19".to_owned(), 0.5), ("35.77".to_owned(), 0.5)]);
    assert!(finding.signals[0].tags.iter().any(|tag| tag == "lokasi_ambigu"));
}
