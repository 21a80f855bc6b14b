//! SG-14: the office complained of and its chain never hear of the matter.

use serde::{Deserialize, Serialize};
use stream::{Accused, Finding, Level, RegionCode, Role, SubjectClass};

use super::offices::{chain, level};
use super::told::Why;
use crate::Office;

/// An office that a post complains of, in the matter's own terms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Complained {
    /// Its role.
    pub role: Role,
    /// Its region as deep as known; `None` means wherever the matter lies.
    pub region: Option<RegionCode>,
}

/// Every office that any signal of `finding` complains of, named or implied by the class of its subject:
/// a kades who threatens voters is kept out of both matters, the one for Bawaslu and the one for the desk.
pub fn complained_of(finding: &Finding) -> Vec<Complained> {
    let mut all: Vec<Complained> = Vec::new();
    for signal in &finding.signals {
        if let Some(Accused { role, region, .. }) = &signal.accused {
            all.push(Complained { role: *role, region: region.clone() });
        } else if let Some(role) = signal.subject.as_ref().and_then(|subject| implied(subject.class)) {
            all.push(Complained { role, region: signal.place.code.clone() });
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The office a class of subject stands for, where the class alone tells it.
fn implied(class: SubjectClass) -> Option<Role> {
    match class {
        SubjectClass::Kades | SubjectClass::Perdes | SubjectClass::Bpd => Some(Role::Kades),
        SubjectClass::Lurah => Some(Role::Camat),
        SubjectClass::Tni => Some(Role::Babinsa),
        SubjectClass::Polri => Some(Role::Bhabin),
        SubjectClass::Pej => Some(Role::Bupati),
        SubjectClass::Pns
        | SubjectClass::Pppk
        | SubjectClass::Ppnpn
        | SubjectClass::Peny
        | SubjectClass::Bumn => None,
    }
}

/// Why `office` must not hear of a matter in `place` that complains of `accused`, or `None` when it may.
///
/// Kept out are the office itself, its whole chain up and down where the regions meet, and everyone
/// at its level or below: receivers start one level above it, on another pillar. Of several reasons the gravest.
pub fn kept_out(office: &Office, accused: &[Complained], place: Option<&RegionCode>) -> Option<Why> {
    let reasons = accused.iter().filter_map(|complained| {
        let region = complained.region.as_ref().or(place);
        let meets =
            region.is_none_or(|region| region.contains(&office.region) || office.region.contains(region));
        if !meets {
            return None;
        }
        if complained.role == office.role && region.is_none_or(|region| region.contains(&office.region)) {
            return Some(Why::Accused);
        }
        if chain(complained.role) == chain(office.role) {
            return Some(Why::AccusedChain);
        }
        (office.region.level() >= seat(complained)).then_some(Why::AccusedLevel)
    });
    reasons.min_by_key(|why| match why {
        Why::Accused => 0,
        Why::AccusedChain => 1,
        _ => 2,
    })
}

/// The level the accused office sits at: its region tells it for KPU or Bawaslu, which sit in the province too.
fn seat(complained: &Complained) -> Level {
    let own = level(complained.role);
    match complained.region.as_ref().map(RegionCode::level) {
        Some(Level::Provinsi) if super::offices::sits_at(complained.role, Level::Provinsi) => Level::Provinsi,
        _ => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(role: Role, region: &str) -> Office {
        Office::new(role, RegionCode::parse(region).unwrap())
    }

    fn kades(region: Option<&str>) -> Vec<Complained> {
        vec![Complained { role: Role::Kades, region: region.map(|code| RegionCode::parse(code).unwrap()) }]
    }

    #[test]
    fn an_accused_kades_keeps_out_himself_his_chain_and_the_village_but_not_the_kapolsek() {
        let accused = kades(Some("62.10.02.2001"));
        let why = |office: Office| kept_out(&office, &accused, None);
        assert_eq!(why(office(Role::Kades, "62.10.02.2001")), Some(Why::Accused));
        assert_eq!(why(office(Role::Camat, "62.10.02")), Some(Why::AccusedChain));
        assert_eq!(why(office(Role::Kesbangpol, "62.10")), Some(Why::AccusedChain));
        assert_eq!(why(office(Role::Bhabin, "62.10.02.2001")), Some(Why::AccusedLevel));
        assert_eq!(why(office(Role::Kapolsek, "62.10.02")), None);
        assert_eq!(why(office(Role::Panwascam, "62.10.02")), None);
        assert_eq!(why(office(Role::Camat, "62.10.03")), None, "another kecamatan");
    }

    #[test]
    fn of_several_complaints_the_one_against_the_office_itself_counts() {
        let mut accused = kades(Some("62.10.02.2001"));
        let bhabin = RegionCode::parse("62.10.02.2001").unwrap();
        accused.push(Complained { role: Role::Bhabin, region: Some(bhabin) });
        assert_eq!(kept_out(&office(Role::Bhabin, "62.10.02.2001"), &accused, None), Some(Why::Accused));
    }

    #[test]
    fn an_accused_kades_of_unknown_village_keeps_out_every_kades_around() {
        let accused = kades(Some("62.10.02"));
        assert_eq!(kept_out(&office(Role::Kades, "62.10.02.2005"), &accused, None), Some(Why::Accused));
        let somewhere = kades(None);
        assert_eq!(kept_out(&office(Role::Camat, "62.10.02"), &somewhere, None), Some(Why::AccusedChain));
    }
}
