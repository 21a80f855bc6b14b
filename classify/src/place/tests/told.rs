//! What is told with a place: its candidates with their shares, and the words that tell it.

use super::*;

#[test]
fn an_unsure_place_lists_its_candidates_with_shares() {
    let place = resolve(Gazetteer::builtin(), &post("Madiun malam ini"));
    let codes: Vec<String> = place.candidates.iter().map(|candidate| candidate.code.to_string()).collect();
    assert_eq!(codes, ["35.19", "35.77"]);
    assert!((place.candidates.iter().map(|candidate| candidate.share).sum::<f64>() - 1.0).abs() < 1e-9);
    let sure = resolve(Gazetteer::builtin(), &post("Kota Madiun malam ini"));
    assert!(sure.candidates.is_empty());
}

#[test]
fn clues_point_at_the_words_and_name_how_they_tell() {
    let post = post("Rapat di Ds. Tiron, Kec. Madiun, Kab. Madiun (Jatim) 🙏");
    let place = resolve(Gazetteer::builtin(), &post);
    let words: Vec<&str> = place.clues.iter().filter_map(|clue| clue.span?.of(&post)).collect();
    assert_eq!(words, ["Ds. Tiron", "Kec. Madiun", "Kab. Madiun", "Jatim"]);
    assert!(place.clues.iter().all(|clue| clue.kind == "chain"));
    assert_eq!(place.zone, Zone::Wib);
}
