//! The areas by themselves: one table in code order, an area's own the rows behind it.

use std::fmt;

use rustc_hash::FxHashSet;
use stream::{Level, RegionCode, Zone};

use super::names::KeyMap;
use super::sieve::Sieve;

/// Centres are kept in this many parts of a degree.
pub(super) const SCALE: f64 = 10_000.0;

/// One area: a row of the table. Cheap to copy and to compare; in code order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area(pub(super) u32);

/// What an area is by law. Local names (nagari, gampong, pekon, kapanewon) are not told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// *Provinsi*.
    Provinsi,
    /// *Kabupaten*.
    Kabupaten,
    /// *Kota*.
    Kota,
    /// *Kecamatan*.
    Kecamatan,
    /// *Distrik*: a kecamatan in Papua.
    Distrik,
    /// *Desa*, desa adat and its local forms.
    Desa,
    /// *Kelurahan*.
    Kelurahan,
}

impl Kind {
    /// The short word put before a name: `Kec.`, `Kab.` …
    pub fn marker(self) -> &'static str {
        match self {
            Kind::Provinsi => "Prov.",
            Kind::Kabupaten => "Kab.",
            Kind::Kota => "Kota",
            Kind::Kecamatan => "Kec.",
            Kind::Distrik => "Distrik",
            Kind::Desa => "Desa",
            Kind::Kelurahan => "Kel.",
        }
    }

    /// The kind as one lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Provinsi => "provinsi",
            Kind::Kabupaten => "kabupaten",
            Kind::Kota => "kota",
            Kind::Kecamatan => "kecamatan",
            Kind::Distrik => "distrik",
            Kind::Desa => "desa",
            Kind::Kelurahan => "kelurahan",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One row of the table.
pub(super) struct Row {
    /// The code as a number of ten digits, padded with zeros: rows are sorted by it.
    pub(super) code: u64,
    /// Where the forms of the name stand in the text, parted by '/'.
    pub(super) name: (u32, u32),
    /// The row around this one; itself for a province.
    pub(super) parent: u32,
    /// One past the last row inside this one.
    pub(super) end: u32,
    /// Latitude and longitude in ten-thousandths of a degree.
    pub(super) center: Option<(i32, i32)>,
    pub(super) level: Level,
    pub(super) zone: Zone,
    /// Whether it carries the name of its kabupaten's or province's capital.
    pub(super) capital: bool,
}

/// The areas by themselves: large, the same for all who lay their own names over them.
pub(super) struct Table {
    pub(super) text: String,
    pub(super) rows: Vec<Row>,
    pub(super) names: KeyMap,
    /// The words that names begin with: other words need no look for a name.
    pub(super) first: FxHashSet<u64>,
    /// What names begin with, letter by letter.
    pub(super) heads: Sieve,
}

impl Table {
    /// The area with this code.
    pub(super) fn row_of(&self, code: &RegionCode) -> Option<Area> {
        let at = self.rows.binary_search_by_key(&padded(code), |row| row.code).ok()?;
        Some(Area(at as u32))
    }

    /// The row of an area.
    pub(super) fn row(&self, area: Area) -> &Row {
        &self.rows[area.0 as usize]
    }

    /// This area, or the one around it at `level`; itself when it is not that deep.
    pub(super) fn cut(&self, area: Area, level: Level) -> Area {
        let mut at = area;
        while self.row(at).level > level {
            at = Area(self.row(at).parent);
        }
        at
    }

    /// The centre of an area in degrees.
    pub(super) fn center(&self, area: Area) -> Option<(f64, f64)> {
        let (lat, lon) = self.row(area).center?;
        Some((f64::from(lat) / SCALE, f64::from(lon) / SCALE))
    }
}

/// A code as a number of ten digits, padded with zeros.
pub(super) fn padded(code: &RegionCode) -> u64 {
    let digits = code.as_str().bytes().filter(u8::is_ascii_digit);
    let (number, count) = digits.fold((0_u64, 0_u32), |(n, k), d| (n * 10 + u64::from(d - b'0'), k + 1));
    number * 10_u64.pow(10_u32.saturating_sub(count))
}
