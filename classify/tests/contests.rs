//! Made-up contests whose slogans and nicknames are ordinary words and whose numbers are never written: a slogan beside
//! a cue names a pair, alone it is the word that it is.

mod common;

use classify::judge;
use lexicons::Lexicon;
use stream::Category;

const CONTESTS: &str = r#"
[[contest]]
id = "rekaan-uji"
region = "35.28"
election = "pilkada-2024"
made_up = true

[[contest.pair]]
number = 1
names = ["Dulah Sangajaya", "Ratri Puspamala"]
nicknames = ["Mas Terang"]
spellings = ["Dulah Sangadjaja"]
slogan = "BERKAH"
hashtags = ["DulahRatri"]
colours = ["putih"]
parties = ["Partai Rekaan Uji"]

[[contest.pair]]
number = 2
names = ["Sabar Wirangga", "Lilis Kencanasari"]
nicknames = ["Teh Lilis"]
spellings = ["Sabar Wirongga"]
slogan = "MAJU TERUS"
hashtags = ["SabarLilis"]
colours = ["ungu"]
parties = ["Partai Rekaan Coba"]
"#;

/// Text and profile of an official who sides with a pair that he never numbers.
const SIDING: [(&str, &str); 4] = [
    ("Ibu-ibu PKK jangan lupa tanggal 27 coblos BERKAH ya, demi kampung kita", "PNS Dinas Perikanan"),
    ("Pak Lurah mengumpulkan ketua RT di balai, minta semua warga memilih MAJU TERUS saat pilkada nanti", ""),
    ("Camat Rekaan kumpulkan kades se-kecamatan, minta menangkan Dulah Sangajaya", ""),
    ("#DulahRatri gaspol, ayo kita menangkan, coblos yang kerjanya nyata", "ASN Pemkab"),
];
/// The same words as everyday words.
const EVERYDAY: [(&str, &str); 5] = [
    ("semoga puasa tahun ini penuh berkah buat kita semua", "PNS Dinas Perikanan"),
    ("lampu di TPS sudah terang, terima kasih pak lurah", "ASN Kecamatan"),
    ("usaha kecil harus maju terus, jangan menyerah", "ASN Pemkab"),
    ("sabar ya bu, antrean puskesmas memang panjang", "ASN Pemkab"),
    ("Dulah Sangajaya unggul di survei terbaru, kata lembaga itu", ""),
];

fn neutrality(lexicon: &Lexicon, text: &str, bio: &str) -> bool {
    let item = serde_json::json!({
        "channel": "facebook", "posted_at": "2024-10-20T10:00:00+07:00", "text": text,
        "author": { "name": "Rekaan", "bio": bio },
    });
    let signals = judge(lexicon, &common::post(&item)).map(|finding| finding.signals).unwrap_or_default();
    signals.iter().any(|signal| signal.category == Category::Kf14)
}

#[test]
fn a_slogan_of_ordinary_words_names_a_pair_beside_a_cue_only() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("contests.toml"), CONTESTS).expect("it is written");
    let lexicon = Lexicon::load(Some(folder.path())).expect("it has no fault");
    for (text, bio) in SIDING {
        assert!(neutrality(&lexicon, text, bio), "{text}");
    }
    for (text, bio) in EVERYDAY {
        assert!(!neutrality(&lexicon, text, bio), "{text}");
    }
    // Without the contest nobody can know that a pair is meant.
    assert!(!neutrality(&Lexicon::builtin(), "#DulahRatri gaspol, hadir di lapangan sore ini", "ASN Pemkab"));
    assert!(neutrality(&lexicon, "#DulahRatri gaspol, hadir di lapangan sore ini", "ASN Pemkab"));
}
