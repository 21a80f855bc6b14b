//! Offices with a working area: they stand for it when no other scene is named.

use lexicons::gazetteer::{Kind, Levels, WordClass};
use stream::Level;

use super::read::{Match, Mention, Reader, Tier};
use super::tokens::Gap;

impl Reader<'_> {
    /// `Polsek Jiwan`, `KPU Kab. Madiun`, `Kodim 0803/Madiun`, `wali kota Palopo`.
    pub(super) fn office(&self, at: usize) -> Option<Mention> {
        let of_two =
            self.words().office_of_two(self.low(at), self.low(at + 1)).map(|office| (office, at + 2));
        let ((says, head), mut end) =
            of_two.or_else(|| self.words().office(self.low(at)).map(|office| (office, at + 1)))?;
        while self.is(WordClass::OfficeFiller, self.low(end)) || self.is_number(end) {
            if self.low(end) == "se" && says.levels == Levels::DESA {
                // "kepala desa se-Ponorogo": all of an area, not one of its villages.
                return None;
            }
            end += 1;
        }
        if !matches!(self.gap(end), Gap::Space | Gap::Slash | Gap::Paren | Gap::Hyphen) {
            return None;
        }
        let tier = if (1..=2).any(|back| at >= back && self.is(WordClass::Site, self.low(at - back))) {
            Tier::Scene
        } else {
            Tier::Office
        };
        if let Some(mut mention) = self.marked(end) {
            mention.first = at;
            mention.tier = tier;
            mention.clue = "office";
            return Some(mention);
        }
        let mut name = self.name_at(end, says.levels, true);
        // Behind a village head a person's name may stand; a name that one village alone bears is that village's.
        let mut firm = !(head && says.levels == Levels::DESA);
        if name.is_none() && says.levels != Levels::DESA && says.levels.has(Level::Kecamatan) {
            // The name of a Polsek may be that of a village in its area.
            name = self.name_at(end, Levels::DESA, true).filter(|name| !name.ordinary);
            if let Some(name) = &mut name {
                name.areas = name.areas.iter().map(|area| self.land.cut(*area, Level::Kecamatan)).collect();
                name.areas.dedup();
            }
            firm = !head
                && name.as_ref().is_some_and(|name| {
                    name.areas.len() == 1 && self.tokens[end].capital && self.low(end).len() >= 6
                });
        } else if name.is_none() && says.levels == Levels::DESA && !head {
            name = self.name_at(end, Levels::KECAMATAN, true).filter(|name| !name.ordinary);
        }
        let mut name = name?;
        let around = || self.lies_around(name.end, &name.areas, Levels::KABUPATEN.or(Levels::KECAMATAN));
        if name.ordinary && !self.tokens[end].capital && !around() {
            return None;
        }
        let letters: usize = self.tokens[end..name.end].iter().map(|token| token.low.len()).sum();
        let only = name.areas.len() == 1 && !name.ordinary && letters >= 6;
        firm |= head && only && self.tokens[end].capital;
        self.sorted(&mut name.areas, says.sort);
        self.behind_kota(&mut name);
        let mut mention = self.mention(at, name.end, name.areas, tier, "office", true);
        mention.firm = firm;
        Some(mention)
    }

    /// `Madiun Kota` is the kota.
    pub(super) fn behind_kota(&self, name: &mut Match) {
        let kota = name.areas.iter().any(|area| self.land.kind_of(*area) == Kind::Kota);
        let follows = self.low(name.end) == "kota" && self.gap(name.end) == Gap::Space;
        if kota && follows && self.name_at(name.end + 1, Levels::KABUPATEN, true).is_none() {
            name.areas.retain(|area| self.land.kind_of(*area) == Kind::Kota);
            name.end += 1;
        }
    }
}
