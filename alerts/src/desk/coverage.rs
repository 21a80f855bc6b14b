//! Which offices of the tiga pilar have no contact in the roster: known before anything happens, not once somebody is
//! looked for.

use std::collections::BTreeSet;

use lexicons::gazetteer::Gazetteer;
use stream::{Category, Level, RegionCode, Role};

use super::Desk;
use crate::Office;
use crate::model::Actor;
use crate::roster::Roster;
use crate::route::first::first;
use crate::route::matter::Holders;
use crate::route::offices::{Line, line, village_head};

/// A region of the desk's area: which of its tiga pilar have no contact, and the regions in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The region: a kabupaten, kecamatan or desa.
    pub region: RegionCode,
    /// The roles of the tiga pilar at its own level that nobody can be reached in.
    pub missing: Vec<Role>,
    /// The regions in it, down to the desa.
    pub inside: Vec<Cover>,
}

/// How many offices have no contact, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vacancies {
    /// Offices without a contact.
    pub vacant: usize,
    /// All of them.
    pub all: usize,
}

impl Cover {
    /// The offices of the tiga pilar at `level` in this region, itself included.
    pub fn at(&self, level: Level) -> Vacancies {
        if self.region.level() == level {
            return Vacancies { vacant: self.missing.len(), all: PILLARS };
        }
        total(self.inside.iter().map(|cover| cover.at(level)))
    }

    /// The offices of one `role` in this region.
    pub fn of(&self, role: Role) -> Vacancies {
        let level = crate::route::offices::level(role);
        if self.region.level() == level {
            let here = pillars(&self.region).contains(&role);
            return Vacancies { vacant: usize::from(self.missing.contains(&role)), all: usize::from(here) };
        }
        total(self.inside.iter().map(|cover| cover.of(role)))
    }

    /// All offices of the tiga pilar in this region.
    pub fn whole(&self) -> Vacancies {
        total([Level::Kabupaten, Level::Kecamatan, Level::Desa].into_iter().map(|level| self.at(level)))
    }
}

/// The sum of `parts`.
pub fn total(parts: impl IntoIterator<Item = Vacancies>) -> Vacancies {
    parts.into_iter().fold(Vacancies::default(), |sum, part| Vacancies {
        vacant: sum.vacant + part.vacant,
        all: sum.all + part.all,
    })
}

/// Government, army, police.
const PILLARS: usize = 3;

/// The tiga pilar of `region`.
fn pillars(region: &RegionCode) -> [Role; PILLARS] {
    match region.level() {
        Level::Provinsi | Level::Kabupaten => [Role::Bupati, Role::Dandim, Role::Kapolres],
        Level::Kecamatan => [Role::Camat, Role::Danramil, Role::Kapolsek],
        Level::Desa => [village_head(region), Role::Babinsa, Role::Bhabin],
    }
}

/// How `roster` covers each kabupaten of `area`; without an area the kabupaten in which it names any office.
pub fn coverage(roster: &Roster, area: &[RegionCode]) -> Vec<Cover> {
    let gazetteer = Gazetteer::in_use();
    let kabupaten_of = |region: &RegionCode| match region.level() {
        Level::Provinsi => gazetteer.children(region),
        _ => vec![region.cut(Level::Kabupaten)],
    };
    // A province's own office does not make the whole province the desk's.
    let named = roster.offices().filter(|office| office.region.level() > Level::Provinsi);
    let area: BTreeSet<RegionCode> = match area {
        [] => named.map(|office| office.region.cut(Level::Kabupaten)).collect(),
        area => area.iter().cloned().collect(),
    };
    let kabupaten: BTreeSet<RegionCode> = area.iter().flat_map(kabupaten_of).collect();
    kabupaten.iter().map(|region| cover(roster, &gazetteer, &area, region)).collect()
}

/// The roles beside the tiga pilar that some category is told first, of which `roster` names nobody in one of `regions` or
/// more, each with in how many.
pub fn without_first(roster: &Roster, regions: &[&RegionCode]) -> Vec<(Role, usize)> {
    let is_other = |role: &Role| !matches!(line(*role), Line::Sipil | Line::Tni | Line::Polri);
    let is_first = |role: &Role| {
        Category::ALL.iter().any(|category| first(*category).iter().any(|first| first.role == *role))
    };
    let lacks = |role: Role| {
        let named = |region: &RegionCode| {
            roster.offices().any(|office| office.role == role && region.contains(&office.region))
        };
        (role, regions.iter().filter(|region| !named(region)).count())
    };
    let roles = Role::ALL.iter().copied().filter(is_other).filter(is_first);
    roles.map(lacks).filter(|(_, lacking)| *lacking > 0).collect()
}

/// How `roster` covers `region` and what lies in it and in `area`.
fn cover(roster: &Roster, gazetteer: &Gazetteer, area: &BTreeSet<RegionCode>, region: &RegionCode) -> Cover {
    let vacant = |role: &Role| !roster.holds(&Office::new(*role, region.clone()));
    let inside = match region.level() {
        Level::Desa => Vec::new(),
        _ => gazetteer.children(region),
    };
    let ours = |inner: &RegionCode| area.iter().any(|own| own.contains(inner) || inner.contains(own));
    Cover {
        region: region.clone(),
        missing: pillars(region).into_iter().filter(vacant).collect(),
        inside: inside
            .iter()
            .filter(|inner| ours(inner))
            .map(|inner| cover(roster, gazetteer, area, inner))
            .collect(),
    }
}

impl Desk {
    /// Which offices of the tiga pilar have no contact in the regions of `actor`.
    pub fn coverage(&self, actor: &Actor) -> Vec<Cover> {
        coverage(&self.alerts.roster(), &actor.regions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROSTER: &str = "role,region,holder,stand_in,channel,address\n\
        KAPOLRES,62.10,,,file,polres\nCAMAT,62.10.02,,,file,camat\nKADES,62.10.02.2013,,,file,kades\n\
        KESBANGPOL,62,,,file,kesbangpol\n";

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    #[test]
    fn a_roster_tells_before_anything_happens_which_of_the_tiga_pilar_nobody_can_reach() {
        let roster = Roster::parse("roster.csv", ROSTER, |_| true).unwrap();
        let covered = coverage(&roster, &[]);
        assert_eq!(covered.len(), 1, "an office of the province makes no kabupaten the desk's");
        let kabupaten = &covered[0];
        assert_eq!(
            (&kabupaten.region, &*kabupaten.missing),
            (&code("62.10"), &[Role::Bupati, Role::Dandim][..])
        );
        let kurun = kabupaten.inside.iter().find(|cover| cover.region == code("62.10.02")).unwrap();
        assert_eq!(kurun.missing, [Role::Danramil, Role::Kapolsek]);
        assert_eq!(kurun.of(Role::Kades).all - kurun.of(Role::Kades).vacant, 1);
        let villages = kurun.inside.len();
        assert_eq!(kurun.at(Level::Desa), Vacancies { vacant: villages * 3 - 1, all: villages * 3 });
        assert_eq!(kurun.of(Role::Kades).all + kurun.of(Role::Lurah).all, villages);
        let whole = kabupaten.whole();
        assert_eq!(whole.all - whole.vacant, 3);
    }

    #[test]
    fn who_else_is_told_first_and_is_named_nowhere_in_a_kabupaten_is_known_with_in_how_many() {
        let more = "PPS,62.10.02.2013,,,file,pps\nKAPOLRES,62.11,,,file,polres\n";
        let roster = Roster::parse("roster.csv", &format!("{ROSTER}{more}"), |_| true).unwrap();
        let lacking = without_first(&roster, &[&code("62.10"), &code("62.11")]);
        assert!(lacking.contains(&(Role::Pps, 1)) && lacking.contains(&(Role::Bawaslu, 2)), "{lacking:?}");
        assert!(
            lacking.contains(&(Role::Kesbangpol, 2)),
            "that of the province is no office of its kabupaten"
        );
        assert!(lacking.iter().all(|(role, _)| ![Role::Kades, Role::Kapolsek, Role::Sekda].contains(role)));
    }

    #[test]
    fn an_account_of_one_kecamatan_sees_only_that_of_its_kabupaten() {
        let roster = Roster::parse("roster.csv", ROSTER, |_| true).unwrap();
        let covered = coverage(&roster, &[code("62.10.02")]);
        let inside: Vec<_> = covered[0].inside.iter().map(|cover| cover.region.clone()).collect();
        assert_eq!(inside, [code("62.10.02")]);
        assert!(coverage(&roster, &[code("62")]).len() > 5, "a province is all its kabupaten");
    }
}
