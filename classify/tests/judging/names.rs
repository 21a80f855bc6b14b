//! Words that are a name, and what stands beside it.

use stream::Category;

use super::{judged, lead};

#[test]
fn the_town_of_a_dateline_is_no_deed() {
    let told =
        |town: &str| lead(&format!("{town} - Ia meminta relawan tidak konvoi dan menunggu hasil resmi KPU."));
    assert_eq!(told("SERANG"), None);
    assert_eq!(told("JEPARA"), None);
    assert!(lead("Serang kantor KPU malam ini, kita kumpul di alun-alun").is_some());
}

#[test]
fn the_name_of_a_village_is_no_weapon_and_no_deed() {
    let called = |place: &str| {
        lead(&format!("Massa kumpul malam ini, kita datangi dan serbu kantor KPU, {place} siap semua"))
    };
    let plain = called("warga Desa Tumbang Miwan Kec. Kurun");
    assert!(plain.is_some());
    assert_eq!(called("warga Desa Batu Nyiwuh Kec. Tewah"), plain);
    let call = "besok kita serbu kantor KPU di Batu";
    assert_eq!(lead(call), lead("besok kita serbu kantor KPU di Jepara"), "a town is no stone");
    let cleared =
        judged("besok kita serbu kantor KPU, bawa apa saja, kumpul di Batu").expect("a finding").cleared;
    assert!(cleared.iter().any(|hit| hit.guard == "place_name"), "{cleared:?}");
    let stones = "Massa kumpul malam ini, kita datangi dan serbu kantor KPU, bawa batu semua, warga Desa Tumbang Miwan Kec. Kurun";
    let found = judged(stones).expect("a finding");
    assert!(found.signals[0].hits.iter().flat_map(|hit| &hit.spans).any(|span| {
        stones.get(span.start as usize..span.end as usize).is_some_and(|words| words.contains("batu"))
    }));
}

#[test]
fn the_village_that_people_come_from_is_no_weapon_either() {
    let text = "Massa kumpul malam ini di Kab. Gunung Mas, kita datangi dan serbu kantor KPU, warga dari Desa Batu Nyiwuh Kec. Tewah siap semua";
    let found = judged(text).expect("a finding");
    let clues = &found.signals[0].place.clues;
    assert!(clues.iter().any(|clue| clue.kind == "origin"), "{clues:?}");
    let stone = text.find("Batu").expect("it is there") as u32;
    let mut spans = found.signals.iter().flat_map(|signal| &signal.hits).flat_map(|hit| &hit.spans);
    assert!(!spans.any(|span| span.start <= stone && stone < span.end), "{:?}", found.signals[0].hits);
}

#[test]
fn what_stands_beside_the_name_of_a_place_is_judged_as_without_it() {
    // "Kubu" is a side of a quarrel, and a piece of Kubu Raya.
    let clash = "warga bentrok sama satgas, ada yg bawa parang";
    assert!(lead(clash).is_some());
    assert_eq!(lead("warga kubu raya bentrok sama satgas, ada yg bawa parang"), lead(clash));
    // "Mabar" is a game, and Manggarai Barat.
    let burnt = lead("TPS 3 Komodo Manggarai Barat kotak suara dibakar");
    assert!(burnt.is_some());
    assert_eq!(lead("TPS 3 Komodo Mabar kotak suara dibakar"), burnt);
}

#[test]
fn the_number_of_a_neighbourhood_is_no_candidate() {
    let text = "Di RT 04 Dusun Timur ada pembagian amplop 50 ribu dari tim sukses nomor 1 tadi malam";
    let found = judged(text).expect("a finding");
    let marked = |span: &stream::Span| text.get(span.start as usize..span.end as usize) == Some("04");
    let mut hits = found.signals.iter().flat_map(|signal| &signal.hits);
    let given = hits.find(|hit| hit.rule.as_str() == "KF-07-bagi-uang").expect("money of a team");
    assert!(!given.spans.iter().any(marked), "{given:?}");
}

#[test]
fn an_office_before_its_area_tells_who_it_is_and_where() {
    let rules = |text: &str| -> Vec<String> {
        let found = judged(text).expect("a finding");
        found.signals.iter().flat_map(|signal| &signal.hits).map(|hit| hit.rule.to_string()).collect()
    };
    let sided = rules("Saya Kades Bodag, Kecamatan Kare, Kabupaten Madiun mendukung penuh paslon 1");
    assert!(sided.iter().any(|rule| rule == "KF-14-di-pihak-calon"), "{sided:?}");
}

#[test]
fn pressure_on_voters_in_a_village_that_is_named_is_not_vague_though_the_gazetteer_cannot_tell_which() {
    for text in [
        "Warga dipaksa memilih paslon dua di Desa Wakanda",
        "warga dipaksa memilih paslon dua di Ds. Kaibon",
        "Warga dipaksa memilih paslon dua di Kampung Xylofia",
    ] {
        assert_eq!(lead(text).map(|(category, _)| category), Some(Category::Kf08), "{text}");
    }
    for text in [
        "Warga dipaksa memilih paslon dua",
        "Warga dipaksa memilih paslon dua di desa",
        "Warga desa dipaksa memilih paslon dua. Di desa. Kapan selesai",
        "Warga Dipaksa Memilih Paslon Dua di Desa Terpencil",
        "WARGA DIPAKSA MEMILIH PASLON DUA DI DESA TERPENCIL",
    ] {
        assert_eq!(lead(text), None, "{text}");
    }
}
