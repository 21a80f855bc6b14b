//! What tells a place where the text alone does not: profile, point, the home region of the source, tongue and zone.

use super::*;

fn by(name: &str, bio: &str, text: &str) -> Post {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let author = Author { name: some(name), bio: some(bio), ..Author::default() };
    Post { author: Some(author), ..post(text) }
}

#[test]
fn the_profile_tells_when_the_text_names_no_scene() {
    let rows = [
        (by("", "Ds. Hajak, Teweh Baru", "gaduh lagi di sini"), "62.05.07.2005"),
        (by("", "Medan Marelan", "kopi dulu"), "12.71.12"),
        (by("", "Jangka, Bireuen", "sore tadi ada tamu"), "11.11.10"),
        (by("Panwascam Belo", "", "foto menyusul"), "52.06.04"),
        (by("PKD Jerukgulung", "", "Ds. Jerukgulung Kec. Kandangan ada pembagian"), "35.06.19.2006"),
        (by("Warga Pakah", "Mantingan, Ngawi", "di Desa Pakah ada banner"), "35.21.13.2004"),
        (by("", "Kab. Madiun", "ribut di Kec. Sawahan"), "35.19.14"),
        (by("", "Pamekasan", "ribut di Ngawi"), "35.21"),
        (by("", "Pamekasan", "Pemilu di Mozambik ricuh"), "-"),
        (by("Siti Jember", "", "masak apa hari ini"), "-"),
        (by("", "ASN Pemkot Samarinda", "zumba dulu"), "64.72"),
    ];
    for (post, code) in rows {
        assert_eq!(found(&post), code, "{} {:?}", post.text, post.author);
    }
}

#[test]
fn a_geo_point_tells_the_village_only_where_centres_are_clear() {
    let land = Gazetteer::builtin();
    let code = |text: &str| RegionCode::parse(text).unwrap();
    let (lat, lon) = land.center(&code("35.19.08.2011")).unwrap();
    let geo = Some(Geo { lat: lat + 0.001, lon });
    let here = Post { geo, ..post("kumpul di sini") };
    assert_eq!(found(&here), "35.19.08.2011");
    let named = Post { geo, ..post("kumpul di Madiun") };
    assert_eq!(found(&named), "35.19.08.2011");
    let elsewhere = Post { geo, ..post("ricuh di Kab. Sampang") };
    assert_eq!(found(&elsewhere), "35.27");
}

#[test]
fn a_point_makes_a_named_kecamatan_a_village_only_for_a_registered_reporter() {
    let land = Gazetteer::builtin();
    let (lat, lon) = land.center(&RegionCode::parse("35.19.08.2011").unwrap()).unwrap();
    let geo = Some(Geo { lat: lat + 0.001, lon });
    let by = |verified_reporter: bool, text: &str| Post {
        geo,
        author: Some(Author { verified_reporter, ..Author::default() }),
        ..post(text)
    };
    let named = "ricuh di Kec. Madiun Kab. Madiun";
    assert_eq!(found(&by(false, named)), "35.19.08");
    assert_eq!(found(&by(true, named)), "35.19.08.2011");
    assert_eq!(found(&by(false, "ricuh di Kab. Madiun")), "35.19.08.2011");
    assert_eq!(found(&by(true, "ricuh di Kec. Jiwan")), "35.19.09", "the point lies elsewhere");
}

#[test]
fn the_home_region_of_the_source_chooses_among_namesakes_and_stands_in_last() {
    let home = Some(RegionCode::parse("35.19").unwrap());
    let at_home = |text: &str| Post { source_region: home.clone(), ..post(text) };
    assert_eq!(found(&at_home("Ds. Gunungsari ramai")), "35.19.08.2012");
    assert_eq!(found(&at_home("warga Tiron berkumpul")), "35.19.08.2011");
    assert_eq!(found(&at_home("ricuh di Ngawi")), "35.21");
    let place = resolve(Gazetteer::builtin(), &at_home("rame banget"));
    assert_eq!(place.code.map(|code| code.to_string()).as_deref(), Some("35.19"));
    assert_eq!(place.clues[0].kind, "source");
}

#[test]
fn tongue_and_zone_choose_among_namesakes() {
    table(&[
        ("Di Banjar tadi kada tahu ulun, inya bubuhan pian jar", "63.03"),
        ("Pukul 23.10 WITA, Kec. Bolo dijaga", "52.06.02"),
        ("kode wilayah 35.19.08.2011 belum lapor", "35.19.08.2011"),
    ]);
}
