//! Areas by their codes, for those who hold codes.

use stream::{Level, RegionCode, Zone};

use super::table::{Area, Kind};
use super::{Gazetteer, NameKey};

impl Gazetteer {
    /// The name of the area with this code: `Gunung Mas`.
    pub fn name(&self, code: &RegionCode) -> Option<&str> {
        self.area(code).map(|area| self.name_of(area))
    }

    /// The name with its kind: `Ds. Tiron`.
    pub fn kind_and_name(&self, code: &RegionCode) -> Option<String> {
        let area = self.area(code)?;
        Some(format!("{} {}", self.kind_of(area).marker(), self.name_of(area)))
    }

    /// The name with its kind and those around it up to the kabupaten: `Kec. Kurun, Kab. Gunung Mas`.
    /// A code that no area has is shown as it is.
    pub fn full_name(&self, code: &RegionCode) -> String {
        let Some(area) = self.area(code) else { return code.to_string() };
        let mut parts = Vec::new();
        let mut at = Some(area);
        while let Some(here) = at {
            if self.level_of(here) > Level::Provinsi || here == area {
                parts.push(format!("{} {}", self.kind_of(here).marker(), self.name_of(here)));
            }
            at = self.parent_of(here);
        }
        parts.join(", ")
    }

    /// Whether these are a kabupaten and a kota of one name, so that the question is "kota atau kabupaten?".
    pub fn are_namesakes<'a>(&self, codes: impl IntoIterator<Item = &'a RegionCode>) -> bool {
        let areas: Option<Vec<Area>> = codes.into_iter().map(|code| self.area(code)).collect();
        let Some([one, other]) = areas.as_deref() else { return false };
        self.name_of(*one) == self.name_of(*other)
            && matches!(
                (self.kind_of(*one), self.kind_of(*other)),
                (Kind::Kabupaten, Kind::Kota) | (Kind::Kota, Kind::Kabupaten)
            )
    }

    /// What the area with this code is by law.
    pub fn kind(&self, code: &RegionCode) -> Option<Kind> {
        self.area(code).map(|area| self.kind_of(area))
    }

    /// The zone of the area with this code.
    pub fn zone(&self, code: &RegionCode) -> Option<Zone> {
        self.area(code).map(|area| self.zone_of(area))
    }

    /// Latitude and longitude of its centre, in degrees.
    pub fn center(&self, code: &RegionCode) -> Option<(f64, f64)> {
        self.center_of(self.area(code)?)
    }

    /// The areas directly inside it, in code order.
    pub fn children(&self, code: &RegionCode) -> Vec<RegionCode> {
        let Some(area) = self.area(code) else { return Vec::new() };
        self.inside(area).map(|child| self.code_of(child)).collect()
    }

    /// All provinces.
    pub fn provinces(&self) -> Vec<RegionCode> {
        let tops = std::iter::successors(self.table.rows.first().map(|_| 0), |at: &u32| {
            let next = self.table.rows[*at as usize].end;
            ((next as usize) < self.table.rows.len()).then_some(next)
        });
        tops.map(|at| self.code_of(Area(at))).collect()
    }

    /// The areas that bear `name` (case, spaces, hyphens and usual abbreviations do not matter), the highest level first.
    pub fn lookup(&self, name: &str) -> Vec<RegionCode> {
        let mut found = self.named(NameKey::of(name));
        found.sort_by_key(|area| (self.level_of(*area), *area));
        found.into_iter().map(|area| self.code_of(area)).collect()
    }
}
