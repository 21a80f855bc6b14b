//! Which matters may be one event: by category, place and time.

use jiff::Timestamp;
use stream::{Category, Level, RegionCode};

use crate::{Kinship, Near};

/// Categories under which people tell of one event, besides its own.
const KIN: [(Category, Category); 8] = [
    // A clash, the threat before it, the fire it leaves.
    (Category::Kf01, Category::Kf02),
    (Category::Kf01, Category::Kf04),
    (Category::Kf02, Category::Kf04),
    // Groups that clash: supporters to one, villagers or schools of silat to another.
    (Category::Kf01, Category::Kf13),
    // A fault in the organisers' hands, and the accusation that it was meant; a postponement, true or not.
    (Category::Kf05, Category::Kf06),
    (Category::Kf05, Category::Kf10),
    // Land and the village quarrel over it; who bars its road or its office.
    (Category::Kf12, Category::Kf13),
    (Category::Kf03, Category::Kf13),
];

/// Whether matters of these categories may be one event.
pub(crate) fn may_be_one(one: Category, other: Category) -> bool {
    one == other || KIN.contains(&(one, other)) || KIN.contains(&(other, one))
}

/// How the categories of two matters of the analysts' desk, or of Bawaslu's, are alike.
pub(crate) fn kinship(one: Category, other: Category) -> Kinship {
    match may_be_one(one, other) {
        true if one == other => Kinship::Same,
        true => Kinship::Neighbour,
        false => Kinship::Other,
    }
}

/// How `other` lies to `one`, with the level of the region that holds both: one in the other within a kabupaten, or
/// both in one kecamatan. Matters apart from each other, or known to a province only, are not near.
pub(crate) fn near(one: &RegionCode, other: &RegionCode) -> Option<(Level, Near)> {
    let shared = one.common(other)?.level();
    let near = if one == other {
        Near::Place
    } else if one.contains(other) {
        Near::Inside
    } else if other.contains(one) {
        Near::Around
    } else {
        return (shared == Level::Kecamatan).then_some((shared, Near::Kecamatan));
    };
    (shared >= Level::Kabupaten).then_some((shared, near))
}

/// How `other` lies to `one` when both may be one place: the same, or one inside the other, not wider than a kecamatan.
pub(crate) fn one_place(one: &RegionCode, other: &RegionCode) -> Option<Near> {
    let (shared, near) = near(one, other)?;
    (shared >= Level::Kecamatan && near != Near::Kecamatan).then_some(near)
}

/// Whether one may go on in the other: in the same village whatever it is; known to a kecamatan only, where much goes
/// on at a time, under categories that may be one event.
pub(crate) fn one_event_at(one: (Category, &RegionCode), other: (Category, &RegionCode)) -> bool {
    let village = one.1 == other.1 && one.1.level() == Level::Desa;
    village || one_place(one.1, other.1).is_some() && may_be_one(one.0, other.0)
}

/// Seconds between two spans of time, each from its first to its last event; 0 when they overlap.
pub(crate) fn apart(one: (Timestamp, Timestamp), other: (Timestamp, Timestamp)) -> i64 {
    (other.0.as_second() - one.1.as_second()).max(one.0.as_second() - other.1.as_second()).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_is_near_one_in_the_same_kecamatan_or_one_around_it_in_the_kabupaten() {
        let code = |text: &str| RegionCode::parse(text).unwrap();
        let near = |one: &str, other: &str| near(&code(one), &code(other));
        let (kabupaten, kecamatan) = (Level::Kabupaten, Level::Kecamatan);
        assert_eq!(near("16.07.16.2003", "16.07.16.2003"), Some((Level::Desa, Near::Place)));
        assert_eq!(near("16.07.16.2003", "16.07.16.2004"), Some((kecamatan, Near::Kecamatan)));
        assert_eq!(near("16.07.16.2003", "16.07.16"), Some((kecamatan, Near::Around)));
        assert_eq!(near("16.07", "16.07.16.2003"), Some((kabupaten, Near::Inside)));
        assert_eq!(near("16.07.16.2003", "16.07.03.1012"), None);
        assert_eq!(near("16", "16.07"), None);
        assert_eq!(near("16.07", "35.19"), None);
    }

    #[test]
    fn a_fire_and_a_threat_may_be_one_event_and_bawaslus_matters_are_like_none_of_the_analysts() {
        assert!(may_be_one(Category::Kf04, Category::Kf02) && may_be_one(Category::Kf06, Category::Kf05));
        assert!(!may_be_one(Category::Kf04, Category::Kf07));
        for category in Category::ALL.iter().filter(|category| **category != Category::Kf14) {
            assert!(!may_be_one(*category, Category::Kf14) && !may_be_one(Category::Kf14, *category));
        }
    }

    #[test]
    fn a_common_kecamatan_alone_makes_no_development_and_a_common_village_does() {
        let [kecamatan, village, next] =
            ["16.07.02", "16.07.02.2001", "16.07.02.2002"].map(|code| RegionCode::parse(code).unwrap());
        let (letters, fire, clash) = (Category::Kf05, Category::Kf04, Category::Kf01);
        assert!(!one_event_at((letters, &kecamatan), (fire, &kecamatan)));
        assert!(!one_event_at((letters, &kecamatan), (fire, &village)));
        assert!(one_event_at((clash, &kecamatan), (fire, &kecamatan)));
        assert!(one_event_at((clash, &village), (fire, &kecamatan)));
        assert!(one_event_at((letters, &village), (fire, &village)));
        assert!(!one_event_at((clash, &village), (fire, &next)));
    }
}
