//! Tests over the built-in areas.
#![allow(clippy::print_stdout, reason = "a test tells what it measured")]

use super::*;

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

fn land() -> &'static Gazetteer {
    Gazetteer::builtin()
}

#[test]
fn all_areas_of_the_decree_are_there() {
    let count = |level: Level| land().table.rows.iter().filter(|row| row.level == level).count();
    assert_eq!(count(Level::Provinsi), 38);
    assert_eq!(count(Level::Kabupaten), 514);
    assert_eq!(count(Level::Kecamatan), 7285);
    assert_eq!(count(Level::Desa), 83_762);
    assert_eq!(land().provinces().len(), 38);
    assert!(land().table.rows.windows(2).all(|pair| pair[0].code < pair[1].code));
}

#[test]
fn a_code_tells_name_kind_zone_and_those_around_it() {
    let kurun = code("62.10.02");
    assert_eq!(land().name(&kurun), Some("Kurun"));
    assert_eq!(land().full_name(&kurun), "Kec. Kurun, Kab. Gunung Mas");
    assert_eq!(land().full_name(&code("35.19.08.1001")), "Kel. Nglames, Kec. Madiun, Kab. Madiun");
    assert_eq!(land().full_name(&code("35.77")), "Kota Madiun");
    assert_eq!(land().full_name(&code("62")), "Prov. Kalimantan Tengah");
    assert_eq!(land().kind(&code("35.77")), Some(Kind::Kota));
    assert_eq!(land().kind(&code("35.19.08.2011")), Some(Kind::Desa));
    assert_eq!(land().kind(&code("94.02.01")), Some(Kind::Distrik));
    assert_eq!(land().zone(&code("62.10.02.1012")), Some(Zone::Wib));
    assert_eq!(land().zone(&code("52.06")), Some(Zone::Wita));
    assert_eq!(land().zone(&code("81.01.13")), Some(Zone::Wit));
    assert_eq!(land().children(&code("62.10")).len(), 12);
    assert_eq!(land().children(&kurun).len(), 15);
    assert_eq!(land().name(&code("62.99")), None);
    assert_eq!(land().full_name(&code("62.99")), "62.99");
}

#[test]
fn every_code_leads_to_its_row_and_back_and_lies_in_its_parent() {
    for at in 0..land().len() as u32 {
        let area = Area(at);
        let code = land().code_of(area);
        assert_eq!(land().area(&code), Some(area));
        let parent = land().parent_of(area).map(|parent| land().code_of(parent));
        assert_eq!(parent, code.parent());
        if let Some(parent) = land().parent_of(area) {
            assert!(land().holds(parent, area) && !land().holds(area, parent));
        }
    }
}

#[test]
fn a_name_is_found_however_it_is_written() {
    for name in ["Gunung Mas", "GUNUNG MAS", "gunungmas", "Gn. Mas", "gumas", "Gunung-Mas"] {
        assert_eq!(land().lookup(name)[0], code("62.10"), "{name}");
    }
    for name in ["Banyuasin III", "banyuasin 3", "BANYUASIN  iii"] {
        assert_eq!(land().lookup(name), [code("16.07.03")], "{name}");
    }
    assert!(land().lookup("Kuala Kurun").contains(&code("62.10.02.1012")));
    for name in ["Oro-oro Ombo", "orooro ombo", "oro oro ombo"] {
        assert!(land().lookup(name).iter().any(|found| code("35.77.01").contains(found)), "{name}");
    }
    assert!(land().lookup("Percut Sungai Tuan").contains(&code("12.07.26")));
    assert_eq!(land().lookup("Madiun"), [code("35.19"), code("35.77"), code("35.19.08")]);
    assert!(land().lookup("Bukan Nama Tempat").is_empty());
}

#[test]
fn a_chain_narrows_a_name_to_those_inside() {
    assert_eq!(land().search("Tiron, Madiun").exact, [code("35.19.08.2011")]);
    assert_eq!(land().search("Tiron").exact.len(), 2);
    assert_eq!(land().search("Sumenep Kota, Sumenep").exact, [code("35.29.01")]);
    assert_eq!(land().search("Masohi").exact, [code("81.01.17")]);
}

#[test]
fn ordinary_words_and_places_are_told_apart() {
    for word in ["bagi", "geger", "damai", "larangan", "serang", "waru", "taman", "jaya", "sumber"] {
        assert!(!land().tells_place(word), "{word}");
        assert!(land().is_name(NameKey::of(word)), "{word}");
    }
    for word in ["pamekasan", "madiun", "gumas", "banyuates", "palembang"] {
        assert!(land().tells_place(word), "{word}");
    }
    assert!(!land().tells_place("demokrasi"));
}

#[test]
fn a_position_tells_a_village_only_when_its_centre_is_clearly_the_nearest() {
    let (lat, lon) = land().center(&code("62.10.02.2010")).unwrap();
    let near = land().at(lat, lon).unwrap();
    assert_eq!(land().code_of(near.area).cut(Level::Kabupaten), code("62.10"));
    // Halfway between two villages neither is told.
    let (lat2, lon2) = land().center(&code("62.10.02.2009")).unwrap();
    let half = land().at(f64::midpoint(lat, lat2), f64::midpoint(lon, lon2)).unwrap();
    assert!(land().level_of(half.area) < Level::Desa);
    // Open sea, and nonsense.
    assert_eq!(land().at(-12.5, 95.0), None);
    assert_eq!(land().at(f64::NAN, 400.0), None);
}

#[test]
fn a_damaged_line_and_an_alias_to_nowhere_are_named() {
    use std::io::Write;
    let pack = |text: &str| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    let none = || std::iter::empty();
    let fault = Gazetteer::new(&pack("P62|Kalimantan Tengah|1|2|7|X\nKzz|Y|1|2|7|X\n"), none()).unwrap_err();
    assert_eq!(fault.to_string(), "regions line 2: 'Kzz|Y|1|2|7|X' is no area");
    let good = pack("P62|Kalimantan Tengah|1|2|7|X\n");
    let file = ("regions/aliases.toml", "[alias]\n\"gumas\" = \"62.10\"\n");
    let fault = Gazetteer::new(&good, std::iter::once(file)).unwrap_err();
    assert_eq!(fault.to_string(), "regions/aliases.toml:2:1: 'gumas': no area has the code 62.10");
    assert!(Gazetteer::new(b"no gzip", none()).is_err());
}

fn laid_over(own: &str) -> (Gazetteer, Vec<String>) {
    let sources = crate::sources::Sources::embedded().with("regions/kami.toml", own);
    let mut faults = Vec::new();
    let land = Gazetteer::laid_over(sources.folder("regions"), &mut faults);
    (land, faults.iter().map(ToString::to_string).collect())
}

#[test]
fn a_keeper_lays_names_words_and_areas_over_the_built_in_ones() {
    let (own, faults) = laid_over(
        "ordinary = [\"tiron\"]\n[alias]\n\"pojok kidul\" = \"35.19.08.2011\"\n\"mdn\" = \"35.77\"\n\
         [area]\n\"35.19.16\" = { name = \"Caruban Baru\", center = [-7.55, 111.66] }\n\
         \"35.19.16.2001\" = { name = \"Sumber Anyar Lor\" }\n\"35.19.08.2011\" = { name = \"Tiron Raya\" }\n",
    );
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(own.lookup("Pojok Kidul"), [code("35.19.08.2011")]);
    assert_eq!(
        own.lookup("mdn"),
        [code("35.77")],
        "a file of one's own says otherwise than the built-in one"
    );
    assert_eq!(own.lookup("gumas"), [code("62.10")], "the built-in aliases stay");
    assert!(own.is_ordinary(NameKey::of("Tiron")) && own.is_ordinary(NameKey::of("geger")));
    assert_eq!(own.len(), land().len() + 2);
    assert_eq!(
        own.full_name(&code("35.19.16.2001")),
        "Desa Sumber Anyar Lor, Kec. Caruban Baru, Kab. Madiun"
    );
    assert_eq!(own.zone(&code("35.19.16")), Some(Zone::Wib));
    assert_eq!(own.center(&code("35.19.16")), Some((-7.55, 111.66)));
    assert_eq!(own.name(&code("35.19.08.2011")), Some("Tiron Raya"));
    assert!(own.lookup("Tiron").contains(&code("35.19.08.2011")), "the old name is still known");
    let before = land().center(&code("35.19.08.2011")).unwrap();
    assert_eq!(own.center(&code("35.19.08.2011")), Some(before));
    for at in 0..own.len() as u32 {
        assert_eq!(own.area(&own.code_of(Area(at))), Some(Area(at)));
    }
    assert_eq!(land().lookup("Pojok Kidul"), [], "the built-in ones stay as they are");
}

#[test]
fn the_program_goes_by_the_areas_adopted_last_and_the_built_in_ones_stay_as_they_are() {
    let names = |name: &str| {
        let (land, faults) = laid_over(&format!("[area]\n\"35.19.16\" = {{ name = \"{name}\" }}\n"));
        assert!(faults.is_empty(), "{faults:?}");
        Some(Arc::new(land))
    };
    let new = code("35.19.16");
    for name in ["Caruban Baru", "Caruban Anyar"] {
        Gazetteer::adopt(names(name));
        assert_eq!(Gazetteer::in_use().name(&new), Some(name));
        assert_eq!(Gazetteer::builtin().name(&new), None);
    }
    Gazetteer::adopt(None);
    assert_eq!(Gazetteer::in_use().name(&new), None);
    assert_eq!(Gazetteer::in_use().len(), Gazetteer::builtin().len());
}

#[test]
fn a_keepers_mistakes_are_told_by_file_and_line() {
    let (_, faults) = laid_over(
        "ordinary = [\"bukan nama tempat\"]\n[alias]\n\"x\" = \"35.19\"\n\"pojok\" = \"35.19.99\"\n\"mana\" = []\n\
         [area]\n\"35.19.16.2001\" = { name = \"Tanpa Kecamatan\" }\n\"3519\" = { name = \"\" }\n\"madiun\" = { name = \"A\" }\n",
    );
    let told = |text: &str| faults.iter().any(|fault| fault == text);
    assert!(
        told("regions/kami.toml:1:13: 'bukan nama tempat' is the name of no area: it needs no line"),
        "{faults:#?}"
    );
    assert!(told("regions/kami.toml:3:1: 'x' is too short for a name"), "{faults:#?}");
    assert!(told("regions/kami.toml:4:1: 'pojok': no area has the code 35.19.99"), "{faults:#?}");
    assert!(told("regions/kami.toml:5:1: 'mana' stands for no area"), "{faults:#?}");
    assert!(told("regions/kami.toml:7:1: 35.19.16.2001: the area around it does not exist"), "{faults:#?}");
    assert!(
        faults.iter().any(|fault| fault.starts_with("regions/kami.toml:9:1: 'madiun' is no code")),
        "{faults:#?}"
    );
    let (_, faults) = laid_over("[alias]\n\"a b\" = 35\n");
    assert!(faults[0].starts_with("regions/kami.toml:2:"), "{faults:?}");
    let (_, faults) = laid_over("[wilayah]\n");
    assert!(faults[0].starts_with("regions/kami.toml:1:"), "{faults:?}");
}

#[test]
fn a_kota_and_a_kabupaten_of_one_name_are_namesakes() {
    assert!(land().are_namesakes(&[code("35.19"), code("35.77")]));
    assert!(!land().are_namesakes(&[code("35.19"), code("35.78")]));
    assert!(!land().are_namesakes(&[code("35.19"), code("35.19.08")]));
    assert!(!land().are_namesakes(&[code("35.19")]));
}
