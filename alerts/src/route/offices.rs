//! Which offices there are, in which line they climb, and what each may receive (domain.md 3.1).

use stream::{Category, Level, RegionCode, Role, Severity, closed_set};

use crate::Office;

closed_set! {
    /// A line of offices that answers for itself: who is silent climbs in it.
    Line {
        /// Kades/Lurah → Camat → Bupati.
        Sipil = "sipil",
        /// Babinsa → Danramil → Dandim.
        Tni = "tni",
        /// Bhabin → Kapolsek → Kapolres → Polda.
        Polri = "polri",
        /// PKD → Panwascam → Bawaslu.
        Pengawas = "pengawas",
        /// PPS → PPK → KPU.
        Penyelenggara = "penyelenggara",
        /// Kesbangpol, of the regency and of the province.
        Kesbangpol = "kesbangpol",
        /// The regional secretary.
        Sekda = "sekda",
        /// The inter-faith forum.
        Fkub = "fkub",
        /// The civil service police.
        Satpolpp = "satpolpp",
        /// Communication and informatics.
        Diskominfo = "diskominfo",
        /// The Desk Pilkada.
        Desk = "desk",
        /// Disaster agency and fire brigade.
        Penolong = "penolong",
    }
}

/// Whose chain of command an office stands in: what SG-14 keeps apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Village, sub-district and regency government with all its agencies.
    Pemda,
    /// The army.
    Tni,
    /// The police.
    Polri,
    /// The supervisors.
    Bawaslu,
    /// The organisers.
    Kpu,
    /// Forums of citizens.
    Warga,
}

/// The line `role` climbs in.
pub fn line(role: Role) -> Line {
    match role {
        Role::Kades | Role::Lurah | Role::Camat | Role::Bupati => Line::Sipil,
        Role::Babinsa | Role::Danramil | Role::Dandim => Line::Tni,
        Role::Bhabin | Role::Kapolsek | Role::Kapolres | Role::Polda => Line::Polri,
        Role::Pkd | Role::Panwascam | Role::Bawaslu => Line::Pengawas,
        Role::Pps | Role::PpkKpu | Role::Kpu => Line::Penyelenggara,
        Role::Kesbangpol => Line::Kesbangpol,
        Role::Sekda => Line::Sekda,
        Role::Fkub => Line::Fkub,
        Role::Satpolpp => Line::Satpolpp,
        Role::Diskominfo => Line::Diskominfo,
        Role::Deskpilkada => Line::Desk,
        Role::Bpbd | Role::Damkar => Line::Penolong,
    }
}

/// The chain `role` stands in.
pub fn chain(role: Role) -> Chain {
    match line(role) {
        Line::Tni => Chain::Tni,
        Line::Polri => Chain::Polri,
        Line::Pengawas => Chain::Bawaslu,
        Line::Penyelenggara => Chain::Kpu,
        Line::Fkub => Chain::Warga,
        Line::Sipil
        | Line::Kesbangpol
        | Line::Sekda
        | Line::Satpolpp
        | Line::Diskominfo
        | Line::Desk
        | Line::Penolong => Chain::Pemda,
    }
}

/// The level `role` sits at; KPU, Bawaslu, Kesbangpol, FKUB and the desk sit in the province too.
pub fn level(role: Role) -> Level {
    match role {
        Role::Kades | Role::Lurah | Role::Babinsa | Role::Bhabin | Role::Pps | Role::Pkd => Level::Desa,
        Role::Camat | Role::Danramil | Role::Kapolsek | Role::PpkKpu | Role::Panwascam => Level::Kecamatan,
        Role::Bupati
        | Role::Dandim
        | Role::Kapolres
        | Role::Sekda
        | Role::Kesbangpol
        | Role::Fkub
        | Role::Satpolpp
        | Role::Diskominfo
        | Role::Deskpilkada
        | Role::Kpu
        | Role::Bawaslu
        | Role::Bpbd
        | Role::Damkar => Level::Kabupaten,
        Role::Polda => Level::Provinsi,
    }
}

/// Whether an office of `role` can sit at `at`.
pub fn sits_at(role: Role, at: Level) -> bool {
    let provincial =
        matches!(role, Role::Kpu | Role::Bawaslu | Role::Kesbangpol | Role::Fkub | Role::Deskpilkada);
    at == level(role)
        || (at == Level::Provinsi && provincial)
        || (at == Level::Kecamatan && role == Role::Deskpilkada)
}

/// The head of the village with this code: codes of a *kelurahan* begin with 1, of a *desa* with 2 or more.
pub fn village_head(village: &RegionCode) -> Role {
    let kelurahan = village.as_str().rsplit('.').next().is_some_and(|part| part.starts_with('1'));
    if kelurahan { Role::Lurah } else { Role::Kades }
}

/// The office of `role` for `place`, when the place is known deep enough.
pub fn office_of(role: Role, place: &RegionCode) -> Option<Office> {
    let at = level(role);
    if place.level() < at {
        return (sits_at(role, place.level())).then(|| Office::new(role, place.clone()));
    }
    let region = place.cut(at);
    let role = if matches!(role, Role::Kades | Role::Lurah) { village_head(&region) } else { role };
    Some(Office::new(role, region))
}

/// The office above in the same line: a wider region, whoever holds it.
pub fn above(office: &Office) -> Option<Office> {
    let up = |role: Role, to: Level| Some(Office::new(role, office.region.cut(to)));
    match (office.role, office.region.level()) {
        (Role::Kades | Role::Lurah, _) => up(Role::Camat, Level::Kecamatan),
        (Role::Camat, _) => up(Role::Bupati, Level::Kabupaten),
        (Role::Babinsa, _) => up(Role::Danramil, Level::Kecamatan),
        (Role::Danramil, _) => up(Role::Dandim, Level::Kabupaten),
        (Role::Bhabin, _) => up(Role::Kapolsek, Level::Kecamatan),
        (Role::Kapolsek, _) => up(Role::Kapolres, Level::Kabupaten),
        (Role::Kapolres, _) => up(Role::Polda, Level::Provinsi),
        (Role::Pkd, _) => up(Role::Panwascam, Level::Kecamatan),
        (Role::Panwascam, _) => up(Role::Bawaslu, Level::Kabupaten),
        (Role::Pps, _) => up(Role::PpkKpu, Level::Kecamatan),
        (Role::PpkKpu, _) => up(Role::Kpu, Level::Kabupaten),
        (role @ (Role::Bawaslu | Role::Kpu | Role::Kesbangpol | Role::Fkub), Level::Kabupaten) => {
            up(role, Level::Provinsi)
        }
        _ => None,
    }
}

/// The lowest office of the line of `role` that `place` is known deep enough for.
pub fn lowest(role: Role, place: &RegionCode) -> Option<Office> {
    std::iter::successors(above(&Office::new(role, place.clone())), above)
        .find(|office| level(office.role) <= place.level() || sits_at(office.role, place.level()))
}

/// Whether the row of `role` in domain.md 3.1 lists `category` at all.
pub fn lists(role: Role, category: Category) -> bool {
    use Category::{Kf01, Kf02, Kf03, Kf04, Kf05, Kf06, Kf07, Kf08, Kf09, Kf10, Kf11, Kf12, Kf13, Kf14};
    match role {
        Role::Kades | Role::Lurah => matches!(category, Kf05 | Kf12 | Kf13),
        Role::Babinsa | Role::Danramil => matches!(category, Kf01 | Kf02 | Kf12 | Kf13),
        Role::Bhabin | Role::Kapolsek => {
            matches!(category, Kf01 | Kf02 | Kf03 | Kf04 | Kf08 | Kf11 | Kf12 | Kf13)
        }
        Role::Camat
        | Role::Bupati
        | Role::Dandim
        | Role::Kapolres
        | Role::Sekda
        | Role::Kesbangpol
        | Role::Polda => category != Kf14,
        Role::Fkub => category == Kf09,
        Role::Satpolpp => matches!(category, Kf03 | Kf11),
        Role::Diskominfo => category == Kf10,
        Role::Deskpilkada => category == Kf05,
        Role::Kpu | Role::PpkKpu | Role::Pps => matches!(category, Kf04 | Kf05 | Kf06 | Kf10),
        Role::Bawaslu | Role::Panwascam | Role::Pkd => {
            matches!(category, Kf06 | Kf07 | Kf08 | Kf09 | Kf10 | Kf11 | Kf14)
        }
        Role::Bpbd | Role::Damkar => matches!(category, Kf04 | Kf05),
    }
}

/// The severity from which `role` receives what it lists.
pub fn floor(role: Role) -> Severity {
    match role {
        Role::Bupati | Role::Dandim | Role::Polda => Severity::Awas,
        Role::Kapolres => Severity::Siaga,
        _ => Severity::Waspada,
    }
}

/// Whether `role` receives `category` at `severity` (domain.md 3.1); NORMAL goes to nobody.
pub fn receives(role: Role, category: Category, severity: Severity) -> bool {
    lists(role, category) && severity >= floor(role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_climbs_to_wider_regions_and_stays_in_itself() {
        let village = RegionCode::parse("35.19.08.2011").unwrap();
        for role in Role::ALL {
            let mut office = office_of(*role, &village).unwrap();
            while let Some(higher) = above(&office) {
                assert_eq!(line(higher.role), line(office.role));
                assert!(higher.region.contains(&office.region) && higher.region != office.region);
                assert!(sits_at(higher.role, higher.region.level()), "{higher}");
                office = higher;
            }
        }
    }

    #[test]
    fn kf14_is_listed_by_the_supervisors_alone() {
        for role in Role::ALL {
            assert_eq!(lists(*role, Category::Kf14), line(*role) == Line::Pengawas, "{role}");
        }
    }

    #[test]
    fn the_head_of_the_example_roster_lists_every_role_where_it_sits() {
        let head = include_str!("../../../deploy/roster.example.csv").lines().skip(1);
        let mut at = None;
        let mut listed = Vec::new();
        for line in head.take_while(|line| !line.contains("MEJA")) {
            for (name, level) in [
                ("desa/kelurahan", Level::Desa),
                ("kecamatan", Level::Kecamatan),
                ("kabupaten/kota", Level::Kabupaten),
                ("provinsi", Level::Provinsi),
            ] {
                at = line.trim_start_matches(['#', ' ']).starts_with(name).then_some(level).or(at);
            }
            let words = line.split(|c: char| !c.is_ascii_uppercase() && c != '-');
            listed.extend(words.filter_map(Role::parse).zip(at.iter().copied().cycle()));
        }
        let seats = [Level::Desa, Level::Kecamatan, Level::Kabupaten, Level::Provinsi];
        let all = Role::ALL.iter().flat_map(|role| seats.map(|at| (*role, at)));
        let mut all: Vec<_> = all.filter(|(role, at)| sits_at(*role, *at)).collect();
        listed.sort();
        all.sort();
        assert_eq!(listed, all);
    }

    #[test]
    fn a_kelurahan_has_a_lurah_and_a_desa_a_kades() {
        let code = |text: &str| RegionCode::parse(text).unwrap();
        assert_eq!(village_head(&code("35.19.08.2011")), Role::Kades);
        assert_eq!(village_head(&code("35.77.01.1001")), Role::Lurah);
    }
}
