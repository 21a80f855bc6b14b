//! What tells that a text is nearly another one: a forward with words before or behind it, or with one changed.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use stream::{Part, Post, Signal};

use crate::sources::words;

/// Pairs of neighbouring words that are kept of a text: those with the lowest numbers, all of a text of 65 words.
const KEPT: usize = 64;
/// Pairs from which a text can be told from what others say with the same few words.
const ENOUGH: usize = 6;
/// One pair in so many may be another one.
const SLACK: usize = 5;
/// A pair in more texts than this tells nothing.
const COMMON: usize = 64;
/// Words that stand beside the name of a place.
const AREAS: [&str; 12] = [
    "desa",
    "kelurahan",
    "kel",
    "dusun",
    "kecamatan",
    "kec",
    "kabupaten",
    "kab",
    "kota",
    "provinsi",
    "prov",
    "di",
];

/// The pairs of neighbouring words of a text, as numbers in order, without the names of places: two who see one thing
/// name its place alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sketch(Vec<u32>);

impl Sketch {
    /// The sketch of `post`, whose places are those that `signal` goes by.
    pub(crate) fn of(post: &Post, signal: &Signal) -> Sketch {
        let names = signal.place.clues.iter().filter_map(|clue| clue.span);
        let names = names.filter(|span| span.part == Part::Text);
        Sketch::of_text(
            &post.text,
            &names.map(|span| span.start as usize..span.end as usize).collect::<Vec<_>>(),
        )
    }

    fn of_text(text: &str, names: &[Range<usize>]) -> Sketch {
        let named = |at: &Range<usize>| names.iter().any(|name| name.start < at.end && at.start < name.end);
        let own = words(text).into_iter().filter(|(at, word)| !named(at) && !AREAS.contains(&word.as_str()));
        let own: Vec<String> = own.map(|(_, word)| word).collect();
        let mut pairs: Vec<u32> = own.windows(2).map(|pair| number(&pair.join(" "))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs.truncate(KEPT);
        Sketch(pairs)
    }

    /// As it is stored.
    pub(crate) fn written(&self) -> String {
        let bytes: Vec<u8> = self.0.iter().flat_map(|pair| pair.to_le_bytes()).collect();
        BASE64_STANDARD_NO_PAD.encode(bytes)
    }

    /// Reads what [`Sketch::written`] wrote; anything else is near nothing.
    pub(crate) fn read(written: &str) -> Sketch {
        let bytes = BASE64_STANDARD_NO_PAD.decode(written).unwrap_or_default();
        let pairs = bytes.chunks_exact(4).filter_map(|four| four.try_into().ok());
        Sketch(pairs.map(u32::from_le_bytes).collect())
    }

    /// Up to which number all pairs of the text are known.
    fn end(&self) -> u32 {
        if self.0.len() < KEPT { u32::MAX } else { self.0.last().copied().unwrap_or(u32::MAX) }
    }

    /// Whether the shorter text stands in the longer one, all but a few of its words.
    fn near(&self, other: &Sketch) -> bool {
        let end = self.end().min(other.end());
        let known = |sketch: &Sketch| sketch.0.partition_point(|pair| *pair <= end);
        let (mine, theirs) = (&self.0[..known(self)], &other.0[..known(other)]);
        let (short, long) = if mine.len() <= theirs.len() { (mine, theirs) } else { (theirs, mine) };
        let both = short.iter().filter(|pair| long.binary_search(pair).is_ok()).count();
        short.len() >= ENOUGH && short.len() - both <= short.len() / SLACK
    }
}

/// A number for `pair` that is the same on every machine and in every version (FNV-1a).
fn number(pair: &str) -> u32 {
    pair.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Of each of `texts` that is nearly an earlier one: its key, and the key of the earliest that it is near to.
pub(crate) fn nearly<'a>(texts: &[(&'a str, Sketch)]) -> HashMap<&'a str, &'a str> {
    let mut found = HashMap::new();
    let mut with: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, (key, sketch)) in texts.iter().enumerate() {
        let sharing = sketch.0.iter().filter_map(|pair| with.get(pair)).flatten();
        let mut sharing: Vec<usize> = sharing.copied().collect::<HashSet<_>>().into_iter().collect();
        sharing.sort_unstable();
        if let Some(first) = sharing.into_iter().find(|first| texts[*first].1.near(sketch)) {
            found.insert(*key, texts[first].0);
            continue;
        }
        for pair in &sketch.0 {
            let known = with.entry(*pair).or_default();
            if known.len() < COMMON {
                known.push(at);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Massa bawa parang dan celurit menuju kantor KPU, polisi belum datang";

    fn near(one: &str, other: &str) -> bool {
        let (one, other) = (Sketch::of_text(one, &[]), Sketch::of_text(other, &[]));
        assert_eq!(Sketch::read(&one.written()), one);
        assert_eq!(one.near(&other), other.near(&one));
        one.near(&other)
    }

    #[test]
    fn a_text_with_words_before_or_behind_it_or_one_changed_is_nearly_it() {
        for copy in [
            format!("Assalamualaikum bapak ibu, dapat kiriman ini barusan, apa benar? {TEXT}"),
            format!("{TEXT} mohon diteruskan ke semua warga supaya waspada"),
            TEXT.replace("belum", "blm"),
            TEXT.replace("Massa", "Info valid gaes massa"),
            "massa bawa parang dan celurit menuju kantor kpu…".to_owned(),
        ] {
            assert!(near(TEXT, &copy), "{copy}");
        }
        let long: String = (0..200).map(|n| format!("kata{n} ")).collect();
        assert!(near(&long, &format!("terusan dari grup sebelah {long} sebarkan")));
        assert!(near(&long, &format!("{long} {TEXT}")));
    }

    #[test]
    fn who_uses_the_same_few_words_has_copied_nothing() {
        for (one, other) in [
            (TEXT, "Saya lihat massa bawa parang menuju kantor KPU dari arah pasar, warga takut"),
            ("Bentrok di Desa Tiron Kec. Madiun", "Ada bentrok warga di Desa Tiron Kec. Madiun"),
            ("Besok kita bakar kantornya", "Besok kita bakar gudangnya"),
            ("Tawuran lagi, bawa parang", "Woi tawuran lagi, bawa parang semua"),
            ("", ""),
        ] {
            assert!(!near(one, other), "{one} / {other}");
        }
        // The name of the place is no word of his own.
        let names = |text: &str| {
            let at = text.find("Tiron").unwrap();
            Sketch::of_text(text, std::slice::from_ref(&(at..text.len())))
        };
        let (one, other) = (
            "Bentrok warga di Desa Tiron Kec. Madiun Kab. Madiun Jawa Timur",
            "Ada bentrok warga di Desa Tiron Kec. Madiun Kab. Madiun Jawa Timur",
        );
        assert!(near(one, other) && !names(one).near(&names(other)));
    }

    #[test]
    fn each_hangs_on_the_earliest_that_it_is_near_to() {
        let other = "Saya lihat massa bawa parang menuju kantor KPU dari arah pasar, warga takut";
        let texts = [TEXT.to_owned(), other.to_owned(), format!("info: {TEXT}"), format!("{TEXT} {other}")];
        let keys = ["a", "b", "c", "d"];
        let texts: Vec<_> =
            keys.into_iter().zip(texts.iter().map(|text| Sketch::of_text(text, &[]))).collect();
        assert_eq!(nearly(&texts), HashMap::from([("c", "a"), ("d", "a")]));
    }
}
