//! Made-up sentences with real places, by what they teach.
#![allow(clippy::print_stdout, reason = "a test tells what it measured or left out")]

mod dev;
mod scenes;

use serde_json::{Map, Value};
use stream::{Author, Channel, Geo, Post, PostId, Raw, RegionCode};

use super::*;

pub(super) fn post(text: &str) -> Post {
    let at = "2024-11-26T12:00:00Z".parse().unwrap();
    Post {
        id: PostId::of_source("uji", text),
        sender_id: None,
        source: "uji".to_owned(),
        channel: Channel::Facebook,
        posted_at: at,
        seen_at: at,
        text: text.to_owned(),
        author: None,
        url: None,
        geo: None,
        context: None,
        source_region: None,
        as_if_live: false,
        notes: Vec::new(),
        raw: Raw::new(text.as_bytes()),
        extra: Map::<String, Value>::new(),
    }
}

pub(super) fn found(post: &Post) -> String {
    let place = resolve(Gazetteer::builtin(), post);
    place.code.map_or_else(|| "-".to_owned(), |code| code.to_string())
}

/// Checks rows of text and code (`-` for none), and shows all that fail.
fn table(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, code)| {
            let got = found(&post(text));
            (got != *code).then(|| format!("{text}\n    expected {code}, got {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn by(name: &str, bio: &str, text: &str) -> Post {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let author = Author { name: some(name), bio: some(bio), ..Author::default() };
    Post { author: Some(author), ..post(text) }
}

#[test]
fn chains_with_and_without_markers_lead_to_the_deepest_area() {
    table(&[
        ("Rapat warga di Ds. Tiron Kec. Madiun Kab. Madiun semalam", "35.19.08.2011"),
        ("Ds Tiron, Madiun lagi ramai", "35.19.08.2011"),
        ("warga Tiron, Madiun resah", "35.19.08.2011"),
        ("Desa Tiron kecamatan Banyakan kabupaten Kediri", "35.06.22.2004"),
        ("kejadian di Kab. Madiun, Kec. Wungu", "35.19.07"),
        ("Kec Kurun Kab Gunung Mas", "62.10.02"),
        ("kec.Kurun gunung mas", "62.10.02"),
        ("Desa Tumbang Miwan, Kurun, Gunung Mas", "62.10.02.2008"),
        ("balai desa Plakpak Pegantenan Pamekasan", "35.28.07.2001"),
        ("kotak suara di Talang Kelapa Banyuasin dijaga", "16.07.10"),
        ("Ds. Sukadamai Kec. Tanjung Lago", "16.07.12.2009"),
        ("Banyuasin, tepatnya di Kec. Betung", "16.07.05"),
        ("di Banyuates Sampang semalam", "35.27.09"),
    ]);
}

#[test]
fn markers_and_their_abbreviations_fix_the_level() {
    table(&[
        ("massa di Kab. Pamekasan", "35.28"),
        ("massa di kecamatan Pamekasan", "35.28.04"),
        ("Kota Madiun aman", "35.77"),
        ("kab madiun aman", "35.19"),
        ("Kel. Gumilir banjir", "33.01.23.1002"),
        ("distrik Karubaga ricuh", "95.04.01"),
        ("ricuh di Kec. Geger Kab. Madiun", "35.19.03"),
        ("Kec. Larangan, Pamekasan", "35.28.08"),
        ("Kec. Waru Pamekasan", "35.28.10"),
        ("Desa Bagi Kec. Madiun", "35.19.08.2013"),
        ("kec Damai Kutai Barat", "64.07.08"),
        ("di kab Serang", "36.04"),
        ("Kota Serang", "36.73"),
        ("Prov. Kalimantan Tengah", "62"),
        ("se-Kabupaten Grobogan", "33.15"),
        ("sekabupaten Ngawi", "35.21"),
        ("warga dikecamatan Jiwan", "35.19.09"),
        ("ribut dibalaidesangengor", "35.19.13.2013"),
    ]);
}

#[test]
fn numerals_and_short_words_inside_names_are_read() {
    table(&[
        ("kec Banyuasin III", "16.07.03"),
        ("kecamatan Banyuasin 3", "16.07.03"),
        ("kecamatan banyuasin tiga", "16.07.03"),
        ("Banyuasin II rawan", "16.07.02"),
        ("Kec. Tlg Kelapa", "16.07.10"),
        ("PPK Tg Lago", "16.07.12"),
        ("Babinsa P. Haruku", "81.01.13"),
        ("Kec. Mr. Padang Banyuasin", "16.07.07"),
        ("Percut Sungai Tuan", "12.07.26"),
    ]);
}

#[test]
fn aliases_and_capitals_are_known() {
    table(&[
        ("gumas kondusif", "62.10"),
        ("di Kuala Kurun malam ini", "62.10.02.1012"),
        ("ke Pangkalan Balai besok", "16.07.03.1012"),
        ("pasar Caruban", "35.19.11"),
        ("pilgub Jatim", "35"),
        ("warga Kalteng", "62"),
        ("Jogja adem ayem", "34"),
        ("macet di Sby", "35.78"),
        ("Palangka Raya", "62.71"),
        ("palangkaraya hujan", "62.71"),
        ("Muratara memanas", "16.13"),
        ("di Flotim", "53.06"),
        ("Lamteng panas", "18.02"),
    ]);
}

#[test]
fn hashtags_and_datelines_tell_when_no_scene_is_named() {
    table(&[
        ("surat suara tertukar #Pamekasan", "35.28"),
        ("surat suara tertukar #GunungMas", "62.10"),
        ("rame #PilkadaNgawi2024", "35.21"),
        ("#infogrobogan kotak suara basah", "33.15"),
        ("SAMPANG – Warga berkumpul di kantor.", "35.27"),
        ("KARANGASEM - Pengadilan memutus perkara.", "51.07"),
        ("SAMPANG – Rapat pleno Kecamatan Ketapang ricuh.", "35.27.12"),
        ("MADIUN - Pasar murah digelar dekat alun-alun Kota Madiun.", "35.77"),
        ("KUALA KURUN – Rapat koordinasi digelar.", "62.10.02"),
        ("#TolakHasil #AyoMemilih", "-"),
        ("#Madiun Kec. Geger: kotak suara basah", "35.19.03"),
    ]);
}

#[test]
fn a_territorial_office_stands_for_its_area_when_no_other_scene_is_named() {
    table(&[
        ("Sekdes Batu Nyiwuh mengajak coblos nomor dua", "62.10.03.2004"),
        ("Polsek Jiwan patroli", "35.19.09"),
        ("Panwascam Talang Kelapa apel pagi", "16.07.10"),
        ("Bhabinkamtibmas Ds. Plakpak sambang warga", "35.28.07.2001"),
        ("Babinsa Cikajang Garut komsos", "32.05.22"),
        ("ASN Pemkab Ngawi ikrar", "35.21"),
        ("KPU Kab. Madiun rapat", "35.19"),
        ("KPU Gunung Mas rapat", "62.10"),
        ("serbu kantor KPU Gunung Mas", "62.10"),
        ("Polres Madiun Kota siaga", "35.77"),
        ("Kodim 0803/Madiun apel", "35"),
        ("wali kota Palopo hadir", "73.73"),
        ("Bupati Maluku Tengah cuti", "81.01"),
        ("Polres Sampang ikut amankan Kecamatan Banyuates", "35.27.09"),
        ("Camat Mejayan hadir", "35.19.11"),
    ]);
}

#[test]
fn ordinary_words_tell_no_place_by_themselves() {
    table(&[
        // A village that nobody knows is not the town that its first word names.
        ("Warga di Batu Tangkui mengunci gerbang", "-"),
        ("Warga di Batu mengunci gerbang", "35.79"),
        ("Warga di Batu Besok mengunci gerbang", "35.79"),
        ("ANAK GANG MAWAR MABAR LAGI DEPAN TOKO", "-"),
        ("ribut di Komodo mabar", "53.15.05"),
        ("BU CAMAT TEKA DEKLARASI KARO PANWAS WINGI SORE", "-"),
        ("bagi warga yang belum menerima undangan", "-"),
        ("geger video kades joget", "-"),
        ("ayo serang balik argumennya", "-"),
        ("salam damai untuk semua", "-"),
        ("larangan membawa senjata tajam", "-"),
        ("duduk di taman sambil ngopi", "-"),
        ("pohon waru tumbang", "-"),
        ("Indonesia jaya, rakyat makmur", "-"),
        ("sumber air kering, batu besar jatuh", "-"),
        ("sudah lama menang terus", "-"),
        ("malang nian nasibnya", "-"),
        ("tinggal di Malang", "35"),
        ("Jangan bagi Madiun jadi dua", "35"),
        ("ricuh di Serang tadi malam", "36"),
        ("Geger, Madiun hujan deras", "35.19.03"),
    ]);
}

#[test]
fn bare_names_are_read_at_the_highest_level_and_villages_only_with_a_parent() {
    table(&[
        ("Madiun malam ini", "35"),
        ("Pamekasan malam ini", "35.28"),
        ("banyuates gawat", "35.27.09"),
        ("ada apa di Tiron", "-"),
        ("di Gunungsari ada keramaian", "-"),
        ("warga Sendangrejo berkumpul", "-"),
        ("di Ngengor ada keramaian", "35.19.13.2013"),
        ("warga Kampung Baru berkumpul", "-"),
        ("Sendangrejo, Madiun", "35.19.08.2002"),
        ("Bangkal, Seruyan", "62.07.07.2005"),
        ("ricuh di Banjar", "-"),
        ("Alumni STM Banjar kumpul", "-"),
        ("Tumbang Miwan ramai, camat Kurun datang", "62.10.02.2008"),
    ]);
}

#[test]
fn persons_streets_dishes_bodies_and_peoples_are_no_places() {
    table(&[
        ("Pak Madiun ketua RT kami", "-"),
        ("macet di Jl. Surabaya", "-"),
        ("macet di Jl. Ahmad Yani Ngawi", "35.21"),
        ("jalan Surabaya Medan padat", "12.71"),
        ("sate Madura enak", "-"),
        ("soto Lamongan dan rawon", "-"),
        ("orang Madura merantau", "-"),
        ("orang Jawa pulang kampung", "-"),
        ("kuliah di Universitas Jember", "-"),
        ("Persebaya lawan Arema Malang", "-"),
        ("PSS Sleman menang", "-"),
        ("Madura United kalah", "-"),
        ("PT Semen Tuban buka lowongan", "-"),
        ("nasi Padang lauk dobel", "-"),
        ("rapat di GPU Damang Batu, Kuala Kurun", "62.10.02.1012"),
        ("konflik seperti di Sampang jangan terulang", "-"),
    ]);
}

#[test]
fn regions_listed_side_by_side_are_no_scene_and_neighbours_share_their_parent() {
    table(&[
        ("pemilih di Surabaya, Medan, Makassar beda-beda", "-"),
        ("rawan: Sampang dan Bangkalan", "-"),
        ("bentrok pemuda Kec. Pasean dan Kec. Waru Pamekasan", "35.28"),
        ("Pemilu di Filipina ricuh, Manila tegang", "-"),
        ("keluarga dari Surabaya datang ke Sampang", "35.27"),
    ]);
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
fn half_a_name_is_completed_by_the_area_that_the_text_names() {
    table(&[
        ("Rusuh di Kampung Rawa Badak, massa datang ke KPU Jakarta Utara", "31.72.03"),
        ("Rusuh di Kampung Rawa Badak, Koja", "31.72.03"),
        ("Rusuh di Kel. Rawa Badak Jakarta Utara", "31.72.03"),
        ("ricuh di Rawa Badak, Jakut", "31.72.03"),
        ("Rusuh di Kampung Rawa Badak semalam", "-"),
        ("Rusuh di Kampung Rawa, Johar Baru", "31.71.08.1002"),
        ("warga Batang Alai menutup jalan, Polres Hulu Sungai Tengah datang", "63.07"),
        // A settlement is no village of another regency than the one that is named.
        ("Massa dari arah Kampung Rawa dihalau Polres Metro Jakarta Utara", "31.72"),
        ("Massa di Kampung Rawa dihalau Polres Metro Jakarta Pusat", "31.71.08.1002"),
    ]);
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
fn any_text_is_read_without_harm() {
    for text in [
        "",
        "   ",
        "#",
        "@@@",
        "Kec.",
        "Ds. Kec. Kab.",
        "ﷺ نص",
        "'",
        "’s",
        "Jl.",
        "KPU",
        "a\u{0}b",
        "Pak",
        "Dusun",
    ] {
        found(&post(text));
    }
}

/// Every n-th village with the names around it: village, kecamatan, `Kab. X` or `Kota X`, and its code.
fn villages(step: usize) -> Vec<(String, String, String, RegionCode)> {
    let land = Gazetteer::builtin();
    let all = land.provinces().into_iter().flat_map(|province| land.children(&province));
    let kabupaten: Vec<RegionCode> = all.collect();
    let name = |code: &RegionCode| land.name(code).unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for kab in &kabupaten {
        let around = format!("{} {}", land.kind(kab).unwrap().marker(), name(kab));
        for kec in land.children(kab) {
            let inner = land.children(&kec).into_iter();
            found.extend(inner.map(|desa| (name(&desa), name(&kec), around.clone(), desa)));
        }
    }
    found.into_iter().step_by(step).collect()
}

/// How many of the villages a template places exactly, above, and wrongly; in thousandths.
fn placed(template: impl Fn(&str, &str, &str) -> String, level: Level) -> (usize, usize, usize) {
    let rows = villages(83);
    let (mut exact, mut above, mut wrong) = (0, 0, 0);
    for (desa, kec, kab, code) in &rows {
        let text = template(desa, kec, kab);
        let got = resolve(Gazetteer::builtin(), &post(&text)).code;
        match got {
            Some(got) if got == code.cut(level) => exact += 1,
            Some(got) if !got.contains(code) => {
                wrong += 1;
                if std::env::var_os("KENTONGAN_SHOW").is_some() {
                    println!("{text}: {got} for {code}");
                }
            }
            _ => above += 1,
        }
    }
    (exact * 1000 / rows.len(), above * 1000 / rows.len(), wrong * 1000 / rows.len())
}

#[test]
fn any_village_of_the_country_is_found_by_its_chain_and_never_guessed() {
    let full =
        placed(|desa, kec, kab| format!("Ribut lagi di Ds. {desa} Kec. {kec} {kab} tadi malam"), Level::Desa);
    let short = placed(|desa, kec, _| format!("Ribut lagi di Desa {desa}, Kec. {kec}"), Level::Desa);
    let bare = placed(|desa, kec, kab| format!("Ribut lagi di {desa}, {kec}, {kab}"), Level::Desa);
    let kec = placed(|_, kec, kab| format!("Polsek {kec} {kab} turun tangan"), Level::Kecamatan);
    let alone = placed(|desa, _, _| format!("Ribut lagi di {desa} tadi malam"), Level::Desa);
    println!("full {full:?}, short {short:?}, bare {bare:?}, polsek {kec:?}, village alone {alone:?}");
    assert!(full.0 >= 995 && full.2 <= 1, "full chain {full:?}");
    assert!(short.0 >= 985 && short.2 <= 2, "short chain {short:?}");
    assert!(bare.0 >= 985 && bare.2 <= 2, "bare chain {bare:?}");
    assert!(kec.0 >= 985 && kec.2 <= 2, "polsek {kec:?}");
    // A village that bears the name of a kabupaten or kecamatan is read as that one, as it must be.
    assert!(alone.2 <= 75, "village alone {alone:?}");
}

#[test]
fn a_village_and_its_kecamatan_side_by_side_are_a_chain_in_any_letters() {
    let low = |text: String| text.to_lowercase();
    let written = placed(|desa, kec, _| format!("Ribut lagi di {desa} {kec} tadi malam"), Level::Desa);
    let small = placed(|desa, kec, _| low(format!("tadi malam warga {desa} {kec} ribut")), Level::Desa);
    let bare = placed(|desa, kec, _| low(format!("kotak dibakar {desa} {kec}")), Level::Desa);
    println!("as written {written:?}, in small letters {small:?}, without a word of place {bare:?}");
    assert!(written.0 >= 980 && written.2 <= 3, "as written {written:?}");
    assert!(small.0 >= 930 && small.2 <= 8, "in small letters {small:?}");
    assert!(bare.0 >= 830 && bare.2 <= 8, "without a word of place {bare:?}");
    table(&[
        ("massa bakar kotak suara di Tanah Mas Talang Kelapa", "16.07.10.1022"),
        ("massa bakar kotak suara di perumahan Tanah Mas Talang Kelapa", "16.07.10"),
        ("warga Uteran Geger bawa parang", "35.19.03.2009"),
        ("warga uteran geger bawa parang", "35.19.03.2009"),
        ("kotak dibakar uteran geger", "35.19.03.2009"),
        ("di cideng gambir ada ribut", "31.71.01.1002"),
        // A kecamatan by itself stays one beside a word that is a name elsewhere.
        ("ribut di krembangan taman bunga rusak", "35.78.15"),
    ]);
}

#[test]
fn reports_from_all_parts_of_the_country_are_placed() {
    table(&[
        ("Lapor ndan, massa 50 org bawa celurit kumpul di pertigaan Batumarmar Pamekasan", "35.28.11"),
        ("Wong Banyuasin jangan galak diadu domba", "16.07"),
        ("Ado ribut di PPK Banyuasin 3, wong nak nyegel kantor", "16.07.03"),
        ("mihing raya: ada massa bawa mandau ke kantor camat", "62.10.07"),
        ("Polsek Saradan gagalkan tawuran pesilat", "35.19.12"),
        ("Kec. Kartoharjo Kota Madiun, ada serangan fajar", "35.77.01"),
        ("Ketua KPU Pamekasan digeruduk massa", "35.28"),
        ("Warga Woha Kab Bima blokir jalan", "52.06.03"),
        ("Geuchik di Aceh Utara dukung paslon 1", "11.08"),
        ("Bawaslu Gowa terima laporan", "73.06"),
        ("Kukar panas, dua ormas siap perang", "64.02"),
        ("Dua ormas siap perang besok malam", "-"),
        ("Klen jangan main2 sama anak Medan", "12.71"),
        ("kerusuhan di semarang pak", "33"),
        ("kerusuhan di kota semarang pak", "33.74"),
        ("bagi2 amplop di jaktim", "31.75"),
        ("Babinsa di Mabar foto dengan cabup", "53.15"),
        ("Kotagede, Kota Yogyakarta aman", "34.71.14"),
        ("Massa dari Banyuwangi datang ke Jember, serang posko", "35.09"),
        ("Kec Omben, Sampang: 3 orang dibacok", "35.27.05"),
        ("carok di Kecamatan Arjasa, Sumenep", "35.29.24"),
        ("KPU Papua Pegunungan diserang OTK", "95"),
        ("Sugapa Intan Jaya tegang, ada tembakan", "94.07.01"),
        ("Wali nagari di Tanah Datar kampanye", "13.04"),
        ("Lurah di Bandar Lampung arahkan warga", "18.71"),
        ("Kronjo Kab. Tangerang: money politik", "36.03.07"),
        ("Pemkot Malang netral", "35.73"),
        ("kapolsek cileunyi cek tps", "32.04.05"),
        ("Relawan cagub di Slawi Kab Tegal ribut", "33.28.10"),
        ("Ricuh di Kecamatan Lambuya, Konawe", "74.02.01"),
        ("Lurah Nglames pasang baliho 02", "35.19.08.1001"),
        ("kapolrestabes palembang siaga", "16.71"),
        ("Pambakal di HST dukung 02", "63.07"),
        ("Hukum tua di Minahasa jadi timses", "71.02"),
        ("Desa Bangkal Kec. Seruyan Raya portal perusahaan", "62.07.07.2005"),
        ("Walikota Jakarta Selatan kumpulkan lurah", "31.74"),
        ("Timnas Indonesia vs Filipina di Manila ricuh", "-"),
        ("harga bawang di pasar naik, ibu2 serbu pasar murah", "-"),
        ("ada bentrok pesilat di Geger, Kab Madiun", "35.19.03"),
        ("Rusuh di Sulsel", "73"),
        ("LAMONGAN/GRESIK. Bentrok di Cerme Gresik", "35.25.11"),
        ("Kepala dinas se-Wonogiri dikumpulkan bupati", "33.12"),
        ("#BengkuluUtara kepala desa dipaksa dukung petahana", "17.03"),
        ("Sampit, Kotim rusuh", "62.02"),
        ("Singkawang kondusif", "61.72"),
        ("dusun Cikole desa Ciamis kec. Ciamis", "32.07.01.1001"),
        ("Desa Sukamaju bagi sembako", "-"),
        ("Desa Sukamaju kab bandung bagi sembako", "32.04"),
    ]);
}

#[test]
fn those_who_come_to_help_are_no_scene() {
    let text = "Tenda TPS 03 Desa Lubuk Lancang Kec. Suak Tapeh ditunu, damkar Pangkalan Balai baru datang";
    let scene = found(&post("Tenda TPS 03 Desa Lubuk Lancang Kec. Suak Tapeh ditunu"));
    assert_eq!(scene.split('.').count(), 4, "{scene}");
    assert_eq!(found(&post(text)), scene);
}
