//! Made-up everyday posts for the benchmarks: median about 180 bytes, one in a hundred for a queue.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

/// What people write about on most days; joined at random into posts.
const CLAUSES: &[&str] = &[
    "pagi ini pasar sudah ramai dari subuh",
    "harga cabai naik lagi jadi sambalnya irit dulu ya bu",
    "anak-anak latihan drumband buat acara sekolah hari sabtu",
    "jalan depan puskesmas akhirnya ditambal juga",
    "habis hujan sinyal hp jadi putus-putus",
    "yang mau ikut senam minggu pagi kumpul di lapangan",
    "ayam bakar bu de masih yang paling enak sekecamatan",
    "besok ada pengajian rutin ibu-ibu di langgar",
    "motor saya mogok lagi, ada yg tau bengkel dekat sini?",
    "panen padi tahun ini lumayan, alhamdulillah",
    "listrik padam dari jam tujuh, katanya pohon tumbang di jalan besar",
    "nonton bola semalam, tim kesayangan kalah tiga kosong 😭",
    "mohon doanya untuk simbah yang lagi dirawat",
    "kerja bakti minggu depan, yang punya sapu lidi tolong dibawa ya pak",
    "diskon di toko depan pasar diserbu pembeli dari pagi",
    "sungai mulai surut, klotok agak susah lewat",
    "guru honorer di sekolah anakku baik-baik semua",
    "lagi cari kontrakan dekat kampus yang murah",
    "musim kemarau begini jangan bakar sampah sembarangan",
    "kopi tubruk sama pisang goreng sore-sore, nikmat mana lagi",
    "terima kasih bapak polisi yang bantu dorong mobil tadi",
    "undangan rapat rt sudah dibagikan, jangan sampai lupa ya",
    "debat calon kemarin seru, banyak bahas jalan rusak",
    "yg dompetnya ketinggalan di warung, ambil di pos satpam",
    "wkwkwk filmnya serem tapi malah ketawa terus",
    "semoga pilkada nanti lancar dan damai, aamiin",
    "ibu-ibu pkk lagi latihan angklung buat lomba",
    "baju seragam sekolah dicuci dulu buat upacara senin",
    "anak kos yang baru pindahan, barangnya seabrek",
    "ada lowongan jaga toko, syaratnya jujur dan rajin",
];

/// A seeded stream of texts; `flagged` are the sentences that stand in a queue.
pub(crate) struct Texts<'a> {
    random: StdRng,
    flagged: &'a [String],
    made: u64,
}

impl<'a> Texts<'a> {
    /// Texts from `seed`, every hundredth from `flagged`.
    pub(crate) fn new(seed: u64, flagged: &'a [String]) -> Texts<'a> {
        Texts { random: StdRng::seed_from_u64(seed), flagged, made: 0 }
    }
}

impl Iterator for Texts<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.made += 1;
        if self.made.is_multiple_of(100) && !self.flagged.is_empty() {
            return self.flagged.choose(&mut self.random).cloned();
        }
        let clauses = match self.random.random_range(0..10) {
            0..3 => 2,
            3..7 => 4,
            7..9 => 5,
            _ => 9,
        };
        let mut text = String::with_capacity(clauses * 48);
        for at in 0..clauses {
            if at > 0 {
                text.push_str(if at % 2 == 0 { ". " } else { ", " });
            }
            text.push_str(CLAUSES.choose(&mut self.random)?);
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_have_the_stated_size_and_share() {
        let flagged = vec!["TANDA".to_owned()];
        let texts: Vec<String> = Texts::new(7, &flagged).take(10_000).collect();
        assert_eq!(texts.iter().filter(|text| *text == "TANDA").count(), 100);
        let mut sizes: Vec<usize> = texts.iter().map(String::len).collect();
        sizes.sort_unstable();
        assert!((150..=210).contains(&sizes[sizes.len() / 2]), "median {}", sizes[sizes.len() / 2]);
        assert_eq!(texts, Texts::new(7, &flagged).take(10_000).collect::<Vec<_>>());
    }
}
