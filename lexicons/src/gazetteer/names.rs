//! Names as keys: what counts as the same name however it is written.

use rustc_hash::{FxBuildHasher, FxHashMap};

/// The key of a name: equal for `Oro-oro Ombo`, `oro oro ombo` and `#OroOroOmbo`, for `Sei Rampah` and `Sungai Rampah`,
/// for `Banyuasin III` and `banyuasin 3`. A hash of the squashed words, built word by word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameKey {
    hash: u64,
    words: u8,
}

/// What parts the words of a name.
pub(super) const BLANKS: [char; 3] = [' ', '-', '\u{a0}'];

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_STEP: u64 = 0x0000_0100_0000_01b3;

impl Default for NameKey {
    fn default() -> Self {
        NameKey { hash: FNV_START, words: 0 }
    }
}

impl NameKey {
    /// The key of a whole name.
    pub fn of(name: &str) -> NameKey {
        let words = name.split(BLANKS).filter(|word| !word.is_empty());
        words.fold(NameKey::default(), |key, word| {
            let lower = word.to_lowercase();
            key.with(word_form(&lower, key.words > 0))
        })
    }

    /// The key with one more word, which must be in its [`word_form`].
    #[must_use]
    pub fn with(mut self, word: &str) -> NameKey {
        for byte in word.bytes() {
            if byte != b'\'' && byte != b'.' && byte != b',' {
                self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(FNV_STEP);
            }
        }
        self.words = self.words.saturating_add(1);
        self
    }

    /// The number behind the key.
    pub(crate) fn value(self) -> u64 {
        self.hash
    }
}

/// Tells the hash of each beginning of a name, letter by letter, as it stands while its key is built.
pub(super) fn each_head(name: &str, mut tell: impl FnMut(u64)) {
    let lower = name.to_lowercase();
    let words = lower.split(BLANKS).filter(|word| !word.is_empty());
    let mut key = NameKey::default();
    for (n, word) in words.enumerate() {
        let word = word_form(word, n > 0);
        for (at, c) in word.char_indices() {
            key = key.with(&word[at..at + c.len_utf8()]);
            tell(key.value());
        }
    }
}

/// A lower-case word in the one form that keys use: `sei` is `sungai`, and behind another word `iii` is `3`.
pub fn word_form(word: &str, follows: bool) -> &str {
    match word {
        "sei" | "sei." | "sungei" => "sungai",
        "kp" | "kp." | "kpg" => "kampung",
        "gn." | "gn" | "gng" => "gunung",
        "kep" | "kep." => "kepulauan",
        "tj" | "tj." | "tjg" | "tg" | "tjung" => "tanjung",
        "mns" | "mns." => "meunasah",
        "perk." => "perkebunan",
        "mr" | "mr." => "muara",
        "i" if follows => "1",
        "ii" if follows => "2",
        "iii" if follows => "3",
        "iv" if follows => "4",
        "v" if follows => "5",
        "vi" if follows => "6",
        "vii" if follows => "7",
        "viii" if follows => "8",
        "ix" if follows => "9",
        "x" if follows => "10",
        other => other,
    }
}

/// What else a word of a text may stand for inside a name: `tlg` for `talang`, `tiga` for `3`.
pub fn expansions(word: &str) -> &'static [&'static str] {
    match word {
        "tlg" | "tal" => &["talang"],
        "p" | "pul" | "pl" => &["pulau"],
        "d" => &["danau", "desa"],
        "s" => &["sungai"],
        "t" => &["tanjung", "tumbang"],
        "tb" | "tbg" | "tumb" => &["tumbang"],
        "m" | "ma" => &["muara"],
        "tl" | "tlk" | "tel" => &["teluk"],
        "pd" | "pdg" => &["padang"],
        "lb" | "lbk" => &["lubuk"],
        "kr" | "kra" | "krg" => &["karang"],
        "bdr" => &["bandar"],
        "bt" | "bkt" => &["bukit", "batu"],
        "btg" => &["batang"],
        "pk" | "pkl" | "pangk" => &["pangkalan"],
        "tm" => &["taman"],
        "tt" => &["tebing"],
        "k" => &["kuala", "kampung"],
        "g" => &["gunung"],
        "r" => &["rantau", "rejo"],
        "brt" | "bar" => &["barat"],
        "tmr" | "tim" | "tmur" => &["timur"],
        "utr" | "ut" => &["utara"],
        "slt" | "sel" | "seltn" => &["selatan"],
        "tgh" | "teng" | "tngh" => &["tengah"],
        "hlr" => &["hilir"],
        "hl" => &["hulu"],
        "ulu" => &["hulu"],
        "sbr" => &["sumber"],
        "sk" => &["suka"],
        "satu" | "siji" | "sikok" => &["1"],
        "dua" | "duo" | "loro" => &["2"],
        "tiga" | "tigo" | "telu" => &["3"],
        "empat" | "papat" => &["4"],
        "lima" | "limo" => &["5"],
        _ => &[],
    }
}

/// From the key of a name to all rows that bear it: the first row, then a chain through the entries.
#[derive(Default)]
pub(crate) struct KeyMap {
    first: FxHashMap<u64, u32>,
    /// Row and next entry.
    entries: Vec<(u32, u32)>,
}

const NO_ENTRY: u32 = u32::MAX;

impl KeyMap {
    pub(crate) fn with_capacity(rows: usize) -> KeyMap {
        KeyMap {
            first: FxHashMap::with_capacity_and_hasher(rows, FxBuildHasher),
            entries: Vec::with_capacity(rows + rows / 8),
        }
    }

    /// Adds a row; rows come in falling order, so that chains are read in rising order.
    pub(crate) fn add(&mut self, key: NameKey, row: u32) {
        let entry = self.entries.len() as u32;
        let next = self.first.insert(key.value(), entry).unwrap_or(NO_ENTRY);
        self.entries.push((row, next));
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> {
        self.first.keys().copied()
    }

    pub(crate) fn has(&self, key: NameKey) -> bool {
        self.first.contains_key(&key.value())
    }

    pub(crate) fn get(&self, key: NameKey) -> impl Iterator<Item = u32> {
        let first = self.first.get(&key.value()).copied();
        let next = |entry: &u32| Some(self.entries[*entry as usize].1).filter(|next| *next != NO_ENTRY);
        std::iter::successors(first, next).map(|entry| self.entries[entry as usize].0)
    }
}
