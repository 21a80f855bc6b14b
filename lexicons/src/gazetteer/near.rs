//! From a position to an area, by the nearest centres: only as deep as they can tell.

use std::collections::HashMap;

use stream::Level;

use super::table::{Area, SCALE, Table};

/// A village is told only when its centre is nearer than this, in kilometres.
const VILLAGE_KM: f64 = 1.0;
/// A kecamatan is told only when the nearest centre in it is nearer than this, in kilometres.
const KECAMATAN_KM: f64 = 5.0;
/// The nearest centre must be this many times nearer than the next one of another area.
const TIMES_NEARER: f64 = 3.0;
/// Farther than this from every centre, a position tells nothing (open sea, abroad), in kilometres.
const REACH_KM: f64 = 40.0;
/// Cells of the grid have this many parts of a degree (0.1 degree, about 11 km).
const CELL: i32 = 1000;
const KM_PER_DEGREE: f64 = 111.32;

/// Where a position lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The deepest area that the centres tell.
    pub area: Area,
    /// Other kabupaten that the position may lie in, nearest first.
    pub others: Vec<Area>,
}

/// The centres of all villages (of kecamatan where a village has none), by cell.
pub(super) struct Grid {
    cells: HashMap<(i32, i32), Vec<Area>>,
}

impl Grid {
    pub(super) fn new(table: &Table) -> Grid {
        let mut cells: HashMap<(i32, i32), Vec<Area>> = HashMap::new();
        for (at, row) in table.rows.iter().enumerate() {
            let alone = row.level == Level::Kecamatan && row.end == at as u32 + 1;
            if let Some((lat, lon)) = row.center
                && (row.level == Level::Desa || alone)
            {
                cells.entry((lat.div_euclid(CELL), lon.div_euclid(CELL))).or_default().push(Area(at as u32));
            }
        }
        Grid { cells }
    }

    pub(super) fn at(&self, table: &Table, lat: f64, lon: f64) -> Option<Near> {
        let near = self.around(table, lat, lon);
        let (nearest, km) = *near.first()?;
        let next_at = |level: Level| {
            let own = table.cut(nearest, level);
            near.iter().find(|(area, _)| table.cut(*area, level) != own).map_or(f64::INFINITY, |(_, km)| *km)
        };
        let kabupaten = table.cut(nearest, Level::Kabupaten);
        let told = |level: Level, reach: f64| km < reach && next_at(level) >= TIMES_NEARER * km;
        let area = if table.row(nearest).level == Level::Desa && told(Level::Desa, VILLAGE_KM) {
            nearest
        } else if told(Level::Kecamatan, KECAMATAN_KM) {
            table.cut(nearest, Level::Kecamatan)
        } else {
            kabupaten
        };
        let mut others = Vec::new();
        if area == kabupaten {
            for (area, other_km) in &near {
                let other = table.cut(*area, Level::Kabupaten);
                if *other_km < 1.5 * km && other != kabupaten && !others.contains(&other) {
                    others.push(other);
                }
            }
        }
        Some(Near { area, others })
    }

    /// The centres around a position with their distance in kilometres, nearest first: those of the nearest ring of
    /// cells that holds any, and of as many rings again.
    fn around(&self, table: &Table, lat: f64, lon: f64) -> Vec<(Area, f64)> {
        if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
            return Vec::new();
        }
        let cell = |degrees: f64| ((degrees * SCALE) as i32).div_euclid(CELL);
        let home = (cell(lat), cell(lon));
        let mut found: Vec<(Area, f64)> = Vec::new();
        for reach in [1, 4] {
            let cells = (home.0 - reach..=home.0 + reach)
                .flat_map(|y| (home.1 - reach..=home.1 + reach).map(move |x| (y, x)));
            let areas = cells.filter_map(|at| self.cells.get(&at)).flatten();
            found = areas.map(|area| (*area, distance_km(table, *area, lat, lon))).collect();
            found.retain(|(_, km)| *km < REACH_KM);
            found.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
            // One ring reaches at least 11 km: enough to see the second centre three times as far as 3.6 km.
            if found.first().is_some_and(|(_, km)| *km < 3.6) {
                break;
            }
        }
        found
    }
}

/// Equirectangular distance: exact enough within the reach of a kabupaten.
fn distance_km(table: &Table, area: Area, lat: f64, lon: f64) -> f64 {
    let Some((center_lat, center_lon)) = table.center(area) else { return f64::INFINITY };
    let east = (center_lon - lon) * lat.to_radians().cos();
    (center_lat - lat).hypot(east) * KM_PER_DEGREE
}
