//! The areas of Indonesia down to the village: their names, kinds, centres and zones, and how a name or a position finds them.
//!
//! The data is `lexicons/regions` (Kemendagri codes of 2025: 38 provinces, 514 kabupaten and kota, 7,285 kecamatan,
//! 83,762 desa and kelurahan), embedded and unpacked on first use. All areas stand in one table in code order,
//! so that an area's own are the rows behind it; names are slices of the unpacked text.

mod by_code;
mod cues;
mod fronts;
mod load;
mod names;
mod near;
mod own;
mod says;
mod search;
mod sieve;
mod table;

use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

use stream::{Level, RegionCode, Zone};

use crate::sources::Sources;

pub use cues::{AreaWords, WordClass};
pub use load::GazetteerError;
pub use names::{NameKey, expansions, word_form};
pub use near::Near;
pub use says::{Levels, Says, Sort};
pub use search::Found;
pub use table::{Area, Kind};

use near::Grid;
use sieve::Sieve;
use table::{Row, Table};

/// Size of the sieve of all words and names, as a power of 2: 128 KiB, which they fill to an eighth.
const WORDS: u32 = 20;

/// All areas, and how to find them.
pub struct Gazetteer {
    table: Arc<Table>,
    /// Names people use that no area bears: `gumas`, `jatim`, `kuala kurun`.
    aliases: FxHashMap<u64, Vec<Area>>,
    /// The words that aliases begin with.
    alias_first: FxHashSet<u64>,
    /// What aliases begin with, letter by letter.
    alias_heads: FxHashSet<u64>,
    /// Names that are ordinary words.
    ordinary: FxHashSet<u64>,
    words: AreaWords,
    /// The centres, once a position is asked for.
    grid: OnceLock<Grid>,
    /// All of these, and the names of the table.
    sieve: Sieve,
}

impl fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gazetteer").field("areas", &self.len()).finish_non_exhaustive()
    }
}

/// The table, packed.
const REGIONS: &[u8] = include_bytes!("../regions/regions.txt.gz");

static BUILTIN: LazyLock<Arc<Gazetteer>> = LazyLock::new(|| {
    let land = Gazetteer::new(REGIONS, Sources::embedded().folder("regions"));
    Arc::new(land.expect("the embedded regions are read by a test"))
});

/// The areas the program goes by; `None`: the built-in ones.
static IN_USE: RwLock<Option<Arc<Gazetteer>>> = RwLock::new(None);

impl Gazetteer {
    /// Reads regions (gzip, as `lexicons/scripts/regions.py` writes them) and the files of names and words around them
    /// (path inside the lexicon folder, and text).
    ///
    /// # Errors
    /// [`GazetteerError`], naming the line.
    pub(crate) fn new<'a>(
        regions: &[u8],
        files: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<Gazetteer, GazetteerError> {
        let table = Arc::new(Table::unpack(regions)?);
        let mut faults = Vec::new();
        let gazetteer = Gazetteer::with_files(&table, files, &mut faults);
        if faults.is_empty() { Ok(gazetteer) } else { Err(GazetteerError::Files(faults)) }
    }

    /// The areas that are built in, unpacked on first use, whatever the program goes by.
    pub fn builtin() -> &'static Gazetteer {
        &BUILTIN
    }

    /// The areas the program goes by now: those of the lexicon adopted last, else the built-in ones. Asked at each
    /// use, since another lexicon may be adopted at any time; kept only as long as one answer must hold together.
    pub fn in_use() -> Arc<Gazetteer> {
        let adopted = IN_USE.read().unwrap_or_else(PoisonError::into_inner).clone();
        adopted.unwrap_or_else(|| Arc::clone(&BUILTIN))
    }

    /// Lets the whole program go by `land`, or by the built-in areas again.
    pub(crate) fn adopt(land: Option<Arc<Gazetteer>>) {
        *IN_USE.write().unwrap_or_else(PoisonError::into_inner) = land;
    }

    /// How many areas there are.
    pub fn len(&self) -> usize {
        self.table.rows.len()
    }

    /// Whether there is no area at all.
    pub fn is_empty(&self) -> bool {
        self.table.rows.is_empty()
    }

    /// The area with this code, if it exists.
    pub fn area(&self, code: &RegionCode) -> Option<Area> {
        self.table.row_of(code)
    }

    /// The words around place names.
    pub fn words(&self) -> &AreaWords {
        &self.words
    }

    fn row(&self, area: Area) -> &Row {
        self.table.row(area)
    }

    /// The code of an area.
    pub fn code_of(&self, area: Area) -> RegionCode {
        let row = self.row(area);
        let digits = format!("{:010}", row.code);
        let cut = match row.level {
            Level::Provinsi => &digits[..2],
            Level::Kabupaten => &digits[..4],
            Level::Kecamatan => &digits[..6],
            Level::Desa => &digits[..],
        };
        RegionCode::parse(cut).expect("rows hold codes of 2, 4, 6 or 10 digits")
    }

    /// The name of an area, without its kind: `Gunung Mas`.
    pub fn name_of(&self, area: Area) -> &str {
        self.forms_of(area).next().unwrap_or_default()
    }

    /// All forms of the name, the one to show first: `Tiro`, `Truseb`.
    pub fn forms_of(&self, area: Area) -> impl Iterator<Item = &str> {
        let (start, end) = self.row(area).name;
        self.table.text[start as usize..end as usize].split('/')
    }

    /// How deep an area lies.
    pub fn level_of(&self, area: Area) -> Level {
        self.row(area).level
    }

    /// What an area is by law.
    pub fn kind_of(&self, area: Area) -> Kind {
        let row = self.row(area);
        match row.level {
            Level::Provinsi => Kind::Provinsi,
            Level::Kabupaten if row.code / 1_000_000 % 100 > 70 => Kind::Kota,
            Level::Kabupaten => Kind::Kabupaten,
            Level::Kecamatan if row.code / 100_000_000 > 90 => Kind::Distrik,
            Level::Kecamatan => Kind::Kecamatan,
            Level::Desa if row.code / 1000 % 10 == 1 => Kind::Kelurahan,
            Level::Desa => Kind::Desa,
        }
    }

    /// The area around this one; a province has none.
    pub fn parent_of(&self, area: Area) -> Option<Area> {
        let parent = Area(self.row(area).parent);
        (parent != area).then_some(parent)
    }

    /// This area, or the one around it at `level`; itself when it is not that deep.
    pub fn cut(&self, area: Area, level: Level) -> Area {
        self.table.cut(area, level)
    }

    /// Whether `inner` is `outer` or lies in it.
    pub fn holds(&self, outer: Area, inner: Area) -> bool {
        outer <= inner && inner.0 < self.row(outer).end
    }

    /// The deepest area that holds both, if they share a province.
    pub fn common(&self, one: Area, other: Area) -> Option<Area> {
        let mut at = one;
        while !self.holds(at, other) {
            at = self.parent_of(at)?;
        }
        Some(at)
    }

    /// The areas directly inside this one, in code order.
    pub fn inside(&self, area: Area) -> impl Iterator<Item = Area> {
        let end = self.row(area).end;
        let first = area.0 + 1;
        std::iter::successors((first < end).then_some(first), move |at| {
            let next = self.table.rows[*at as usize].end;
            (next < end).then_some(next)
        })
        .map(Area)
    }

    /// The zone of an area.
    pub fn zone_of(&self, area: Area) -> Zone {
        self.row(area).zone
    }

    /// Whether it carries the name of the capital of its kabupaten or province.
    pub fn is_capital(&self, area: Area) -> bool {
        self.row(area).capital
    }

    /// The centre of an area in degrees; 383 villages have none.
    pub fn center_of(&self, area: Area) -> Option<(f64, f64)> {
        self.table.center(area)
    }

    /// The areas that bear a name, an alias first, else in code order. An alias stands before the kabupaten
    /// that the name is the capital of.
    pub fn named(&self, key: NameKey) -> Vec<Area> {
        if !self.sieve.may_hold(key.value()) {
            return Vec::new();
        }
        let Some(alias) = self.aliases.get(&key.value()) else {
            return self.table.names.get(key).map(Area).collect();
        };
        let others =
            self.table.names.get(key).map(Area).filter(|area| self.level_of(*area) > Level::Kabupaten);
        alias.iter().copied().chain(others.filter(|area| !alias.contains(area))).collect()
    }

    /// Whether any area bears the name; cheap.
    pub fn is_name(&self, key: NameKey) -> bool {
        self.table.names.has(key) || self.aliases.contains_key(&key.value())
    }

    /// Whether a name may begin with this word, which is in its [`word_form`].
    pub fn may_begin(&self, word: &str) -> bool {
        let key = NameKey::default().with(word);
        let first = key.value();
        self.table.first.contains(&first) || self.alias_first.contains(&first) || self.is_name(key)
    }

    /// Whether nothing that tells of places begins with this word, written small: no name, and none of
    /// [`Gazetteer::words`]. False may be said of a word that is, too.
    pub fn is_plain(&self, word: &str) -> bool {
        let key = NameKey::default().with(word);
        !self.sieve.may_hold(key.value()) && word_form(word, false) == word && expansions(word).is_empty()
    }

    /// Fills the sieve with all that the tables hold.
    fn fill_sieve(&mut self) {
        let words = self.words.all().map(|word| NameKey::default().with(&word).value());
        let names = self.table.names.keys().chain(self.table.first.iter().copied());
        let aliases = self.aliases.keys().chain(&self.alias_first).copied();
        let mut sieve = Sieve::new(WORDS);
        words.chain(names).chain(aliases).for_each(|key| sieve.add(key));
        self.sieve = sieve;
    }

    /// Whether a name may be these words or begin with them; false is sure.
    pub fn may_go_on(&self, key: NameKey) -> bool {
        self.table.heads.may_hold(key.value()) || self.alias_heads.contains(&key.value())
    }

    /// Whether the name is an alias, which no area bears itself.
    pub fn is_alias(&self, key: NameKey) -> bool {
        self.aliases.contains_key(&key.value())
    }

    /// Whether the name is an ordinary word, so that it needs a marker or a parent (`Bagi`, `Geger`, `Damai`).
    pub fn is_ordinary(&self, key: NameKey) -> bool {
        self.ordinary.contains(&key.value())
    }

    /// Whether a single word, standing alone, may tell a place: a name that is no ordinary word.
    pub fn tells_place(&self, word: &str) -> bool {
        let key = NameKey::of(word);
        self.is_name(key) && !self.is_ordinary(key)
    }
    /// Where a position lies, as deep as centres can tell.
    pub fn at(&self, lat: f64, lon: f64) -> Option<Near> {
        self.grid.get_or_init(|| Grid::new(&self.table)).at(&self.table, lat, lon)
    }
}

#[cfg(test)]
mod tests;
