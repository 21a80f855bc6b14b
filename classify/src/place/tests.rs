//! Made-up sentences with real places, by what they teach.
#![allow(clippy::print_stdout, reason = "a test tells what it measured or left out")]

mod beside;
mod country;
mod dev;
mod scenes;
mod told;

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

#[test]
fn those_who_come_to_help_are_no_scene() {
    let text = "Tenda TPS 03 Desa Lubuk Lancang Kec. Suak Tapeh ditunu, damkar Pangkalan Balai baru datang";
    let scene = found(&post("Tenda TPS 03 Desa Lubuk Lancang Kec. Suak Tapeh ditunu"));
    assert_eq!(scene.split('.').count(), 4, "{scene}");
    assert_eq!(found(&post(text)), scene);
}
