//! A made-up stream of posts, the same for the same seed: everyday talk, and blunt calls in known kecamatan.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

/// Kecamatan as people write them, and their codes.
pub(crate) const PLACES: [(&str, &str); 10] = [
    ("Kecamatan Kurun, Gunung Mas", "62.10.02"),
    ("Kecamatan Tewah, Gunung Mas", "62.10.03"),
    ("Kecamatan Rungan, Gunung Mas", "62.10.05"),
    ("Kecamatan Madiun, Kabupaten Madiun", "35.19.08"),
    ("Kecamatan Dolopo, Kabupaten Madiun", "35.19.02"),
    ("Kecamatan Talang Kelapa, Banyuasin", "16.07.10"),
    ("Kecamatan Betung, Banyuasin", "16.07.05"),
    ("Kecamatan Pademawu, Pamekasan", "35.28.02"),
    ("Kecamatan Proppo, Pamekasan", "35.28.05"),
    ("Kecamatan Lawang, Kabupaten Malang", "35.07.25"),
];

/// The same blunt call in two wordings, so that two authors are two sources.
const CALLS: [&str; 2] =
    ["Besok kita serbu kantor KPU {}, bawa parang", "Ayo besok serbu kantor KPU {}, kita bawa parang semua"];
/// The category of the calls.
pub(crate) const CATEGORY: &str = "KF-02";

/// What people write about on most days.
const EVERYDAY: &[&str] = &[
    "sarapan nasi kuning di warung seberang stasiun",
    "kereta pagi telat dua puluh menit",
    "anak saya juara lomba mewarnai di sekolah",
    "pohon mangga di halaman mulai berbuah",
    "malam minggu makan sate bareng keluarga",
    "cuaca mendung, jemuran belum kering juga",
    "ada yang jual bibit lele daerah sini?",
    "akhirnya skripsi selesai, tinggal revisi sedikit",
    "ikut kelas menjahit gratis di balai latihan",
    "kucing tetangga tidur di teras rumah saya lagi",
    "paket belanja belum sampai, kurirnya nyasar",
    "sayur bayam sama tempe goreng sudah cukup",
    "lagu lama ini bikin ingat masa sekolah",
    "selamat ulang tahun buat ibu tersayang",
    "jalan pagi keliling alun-alun, udaranya sejuk",
    "resep klepon dari nenek akhirnya berhasil",
    "harga bawang turun sedikit minggu ini",
    "lampu kamar mati, besok beli yang baru",
];

/// A post as its sender writes it.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) json: Value,
    /// The code of the kecamatan it calls to, if it is a call.
    pub(crate) place: Option<&'static str>,
}

/// `everyday` posts of everyday talk and in each of the first `places` places `calls` calls, in an order of
/// chance, within the three hours before `last`. The first two calls of a place are two sources, the rest copies.
pub(crate) fn stream(seed: u64, everyday: usize, places: usize, calls: usize, last: Timestamp) -> Vec<Made> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut drafts: Vec<(String, Option<&'static str>)> = Vec::new();
    for _ in 0..everyday {
        let clauses: Vec<&str> = EVERYDAY.choose_multiple(&mut random, 3).copied().collect();
        drafts.push((format!("{} #{}", clauses.join(", "), random.random_range(0..100_000)), None));
    }
    for (name, code) in PLACES.iter().take(places) {
        for call in 0..calls {
            drafts.push((CALLS[call % CALLS.len()].replace("{}", name), Some(*code)));
        }
    }
    drafts.shuffle(&mut random);
    let made = |(at, (text, place)): (usize, (String, Option<&'static str>))| {
        let posted_at = last - SignedDuration::from_secs(random.random_range(0..3 * 3600));
        let id = format!("s{seed}-{at}");
        let json = json!({
            "id": id,
            "channel": (*["x", "facebook", "whatsapp", "tiktok"].choose(&mut random).unwrap()),
            "posted_at": posted_at.to_string(),
            "text": text,
            "author": {"name": format!("Warga Rekaan {at}"), "handle": format!("@rekaan_{seed}_{at}")},
        });
        Made { id, json, place }
    };
    drafts.into_iter().enumerate().map(made).collect()
}

/// One JSON object a line.
pub(crate) fn lines(posts: &[Made]) -> String {
    posts.iter().map(|post| format!("{}\n", post.json)).collect()
}

/// The sender's ids of the calls to `place`.
pub(crate) fn calls_to(posts: &[Made], place: &str) -> BTreeSet<String> {
    posts.iter().filter(|post| post.place == Some(place)).map(|post| post.id.clone()).collect()
}

/// A roster of every office that the calls concern, in all places and their kabupaten, and of the desk; `reach`
/// gives channel and address of an office from its number and a name without spaces.
pub(crate) fn roster(reach: impl Fn(usize, &str) -> String) -> String {
    let mut text = "role,region,holder,stand_in,channel,address\n".to_owned();
    let (mut count, mut regencies) = (0, BTreeSet::new());
    let mut add = |role: &str, region: &str| {
        let name = if region.is_empty() {
            format!("meja{count}")
        } else {
            format!("{}-{region}", role.to_lowercase())
        };
        text.push_str(&format!("{role},{region},,,{}\n", reach(count, &name)));
        count += 1;
    };
    // The desk is paged in three ways.
    (0..3).for_each(|_| add("MEJA", ""));
    for (_, code) in PLACES {
        for role in ["CAMAT", "DANRAMIL", "KAPOLSEK", "PANWASCAM"] {
            add(role, code);
        }
        if regencies.insert(&code[..5]) {
            for role in ["BUPATI", "DANDIM", "KAPOLRES", "KESBANGPOL", "KPU", "BAWASLU"] {
                add(role, &code[..5]);
            }
        }
    }
    text
}
