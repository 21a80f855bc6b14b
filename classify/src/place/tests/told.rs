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

#[test]
fn a_hamlet_tells_no_place_by_itself_and_is_told_as_such_while_the_village_is_not_known() {
    let told = |text: &str, home: Option<&str>| {
        let source_region = home.map(|code| stream::RegionCode::parse(code).unwrap());
        let post = Post { source_region, ..post(text) };
        let place = resolve(Gazetteer::builtin(), &post);
        let hamlets = place.hamlets.iter().filter_map(|span| span.of(&post));
        let code = place.code.map_or_else(|| "-".to_owned(), |code| code.to_string());
        (code, hamlets.map(str::to_owned).collect::<Vec<_>>().join("; "))
    };
    let expected = [
        // There is a Kec. Watulimo, and a Dukuh Watulimo is not it.
        ("Warga Dukuh Watulimo berkumpul malam ini", None, "-", "Dukuh Watulimo"),
        ("Warga Dukuh Watulimo berkumpul malam ini", Some("35.03"), "35.03", "Dukuh Watulimo"),
        ("Dusun Krajan mencekam, Kec. Paron, Ngawi", None, "35.21.10", "Dusun Krajan"),
        ("Dukuh Semen, Kec. Paron, Kab. Ngawi didatangi massa", None, "35.21.10", "Dukuh Semen"),
        ("Dusun Krajan Desa Tiron, Kec. Madiun, Kab. Madiun", None, "35.19.08.2011", ""),
        ("Dinas Lingkungan Hidup Ngawi didatangi massa", None, "35.21", ""),
        ("ribut di dusun sebelah", None, "-", ""),
        // A village that no list has is told by its name alone; behind "kepala" stands a person.
        ("Massa di Desa Wanabrata, Kec. Paron, Kab. Ngawi", None, "35.21.10", "Desa Wanabrata"),
        ("ribut di balai desa Wanabrata Anyargeng, kotak suara", None, "-", "desa Wanabrata"),
        ("Di Desa Wanabrata Suparno membagikan amplop", None, "-", "Desa Wanabrata"),
        ("Warga Desa Wanabrata Pak Parmin Sudi kumpul", None, "-", "Desa Wanabrata"),
        ("Kepala Desa Wanabrata kumpulkan warga di desa kami", None, "-", ""),
    ];
    for (text, home, code, hamlets) in expected {
        assert_eq!(told(text, home), (code.to_owned(), hamlets.to_owned()), "{text}");
    }
}
