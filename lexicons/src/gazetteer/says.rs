//! What a marker or an office says of the name behind it: its levels, and which of two namesakes it is.

use stream::Level;

/// A set of levels of areas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels(u8);

impl Levels {
    /// Provinces.
    pub const PROVINSI: Levels = Levels(1);
    /// Kabupaten and kota.
    pub const KABUPATEN: Levels = Levels(2);
    /// Kecamatan and distrik.
    pub const KECAMATAN: Levels = Levels(4);
    /// Desa and kelurahan.
    pub const DESA: Levels = Levels(8);
    /// Every level.
    pub const ALL: Levels = Levels(15);

    /// The levels of both.
    #[must_use]
    pub const fn or(self, other: Levels) -> Levels {
        Levels(self.0 | other.0)
    }

    /// Whether `level` is among them.
    pub fn has(self, level: Level) -> bool {
        self.0 & (1 << level as u8) != 0
    }
}

/// Which of a kabupaten and a kota of one name a word means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Either.
    #[default]
    Any,
    /// A kabupaten.
    Kabupaten,
    /// A kota.
    Kota,
}

/// What a marker or an office says of the name behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Says {
    /// The levels that the name may have.
    pub levels: Levels,
    /// Which of two namesakes it means.
    pub sort: Sort,
    /// The word is an everyday word too, so that the name may hold it (`Kampung Baru`, `Kota Agung`).
    pub soft: bool,
}
