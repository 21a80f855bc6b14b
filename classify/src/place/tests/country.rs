//! Villages and reports from all over the country: how many are placed, and that none is guessed.

use super::*;

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
