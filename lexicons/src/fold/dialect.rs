//! The languages of the seeds' regions that posts mix with Indonesian.

/// A regional language or variety (domain.md 6.11, 6.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Javanese, `jv`.
    Javanese,
    /// Madurese, `mad`.
    Madurese,
    /// Palembang and Musi Malay, `plm`.
    Palembang,
    /// Banjar, `bjn`.
    Banjar,
    /// Dayak Ngaju, `nij`.
    Ngaju,
    /// Sundanese, `su`.
    Sundanese,
    /// Minangkabau, `min`.
    Minang,
    /// Malay of the east (Ambon, North Maluku, Kupang, Manado, Papua), `emal`.
    EasternMalay,
    /// Makassar and Bugis, `mks`.
    Makassar,
}

impl Dialect {
    /// Every dialect, in order.
    pub const ALL: [Dialect; 9] = [
        Dialect::Javanese,
        Dialect::Madurese,
        Dialect::Palembang,
        Dialect::Banjar,
        Dialect::Ngaju,
        Dialect::Sundanese,
        Dialect::Minang,
        Dialect::EasternMalay,
        Dialect::Makassar,
    ];

    /// The code used in lexicon files.
    pub fn code(self) -> &'static str {
        match self {
            Dialect::Javanese => "jv",
            Dialect::Madurese => "mad",
            Dialect::Palembang => "plm",
            Dialect::Banjar => "bjn",
            Dialect::Ngaju => "nij",
            Dialect::Sundanese => "su",
            Dialect::Minang => "min",
            Dialect::EasternMalay => "emal",
            Dialect::Makassar => "mks",
        }
    }

    /// The dialect with this code.
    pub fn parse(code: &str) -> Option<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.code() == code)
    }
}

/// A set of dialects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dialects(u16);

impl Dialects {
    /// Whether the set holds `dialect`.
    pub fn has(self, dialect: Dialect) -> bool {
        self.0 & (1 << dialect as u16) != 0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, in order.
    pub fn iter(self) -> impl Iterator<Item = Dialect> {
        Dialect::ALL.into_iter().filter(move |dialect| self.has(*dialect))
    }

    pub(crate) fn add(&mut self, dialect: Dialect) {
        self.0 |= 1 << dialect as u16;
    }
}
