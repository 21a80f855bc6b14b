//! Who is told first of each category (domain.md 2.4, "First"), one line per category.

use std::collections::BTreeSet;

use stream::{Category, Role};

/// A role that is told first, and the tag it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct First {
    /// The role.
    pub role: Role,
    /// Only when the matter carries this tag of domain.md 2.4.
    pub when: Option<&'static str>,
}

const fn always(role: Role) -> First {
    First { role, when: None }
}

const fn tagged(role: Role, tag: &'static str) -> First {
    First { role, when: Some(tag) }
}

/// The target is the organisers'.
const TARGET: &str = "penyelenggara_target";
/// A disaster stands behind it.
const DISASTER: &str = "bencana";

/// Money or goods are told of.
const MONEY: &str = "uang";

/// Something burns or has burnt.
const FIRE: &str = "ada_api";
/// Fire is named or threatened.
const FIRE_NAMED: &str = "sebut_api";

/// Who is told first of `category`. What a role may not receive (domain.md 3.1) is filtered by the
/// router, so that the table reads as the page does. `Kades` stands for the head of the village.
///
/// KF-02 and KF-03 go beyond the word "First" of 2.4, which names nobody below the kecamatan for them. Its "target's
/// protection" is, of a target in a village that is known, the Bhabin and the Babinsa who live beside it: both rows in
/// 3.1 list KF-02, the Bhabin's KF-03 too, and 3.3 begins a WASPADA with that pair of the village. Where the target is
/// the organisers' it is the KPU that answers for them, too; its row lists neither category, nor does Bawaslu's, and
/// both hear of them under this tag alone. KF-04 calls the fire brigade where fire is told of or threatened: against
/// stones it does nothing. KF-08 over money (a vote that has to be shown for it) is bought as well as
/// pressed: those whom KF-07 reaches first hear of it too.
pub fn first(category: Category) -> &'static [First] {
    use Role::{
        Babinsa, Bawaslu, Bhabin, Bpbd, Camat, Damkar, Danramil, Deskpilkada, Diskominfo, Fkub, Kades,
        Kapolres, Kapolsek, Kesbangpol, Kpu, Panwascam, Pkd, PpkKpu, Pps, Satpolpp,
    };
    const {
        assert!(Category::ALL.len() == 14);
    }
    match category {
        Category::Kf01 => &const { [always(Bhabin), always(Kapolsek), always(Babinsa)] },
        Category::Kf02 => {
            &const {
                [
                    always(Bhabin),
                    always(Babinsa),
                    always(Kapolsek),
                    always(Kapolres),
                    always(Danramil),
                    tagged(Kpu, TARGET),
                    tagged(Bawaslu, TARGET),
                ]
            }
        }
        Category::Kf03 => {
            &const {
                [
                    always(Bhabin),
                    always(Kapolres),
                    always(Camat),
                    tagged(Kpu, TARGET),
                    tagged(Bawaslu, TARGET),
                ]
            }
        }
        Category::Kf04 => {
            &const {
                [
                    always(Kapolsek),
                    always(Kapolres),
                    tagged(Damkar, FIRE),
                    tagged(Damkar, FIRE_NAMED),
                    always(Kpu),
                    always(Bawaslu),
                    always(PpkKpu),
                    always(Pps),
                ]
            }
        }
        Category::Kf05 => {
            &const {
                [
                    always(Pps),
                    always(PpkKpu),
                    always(Kpu),
                    always(Bawaslu),
                    always(Camat),
                    always(Deskpilkada),
                    tagged(Bpbd, DISASTER),
                ]
            }
        }
        Category::Kf06 => &const { [always(Bawaslu), always(Kpu)] },
        Category::Kf07 => &const { [always(Bawaslu), always(Panwascam), always(Pkd)] },
        Category::Kf08 => {
            &const { [always(Bawaslu), always(Kapolsek), tagged(Panwascam, MONEY), tagged(Pkd, MONEY)] }
        }
        Category::Kf09 => &const { [always(Bawaslu), always(Fkub), always(Kesbangpol), always(Kapolres)] },
        Category::Kf10 => &const { [always(Kpu), always(Bawaslu), always(Diskominfo)] },
        Category::Kf11 => &const { [always(Bawaslu), always(Panwascam), always(Satpolpp), always(Kapolsek)] },
        Category::Kf12 => {
            &const { [always(Camat), always(Kades), always(Kapolsek), always(Danramil), always(Kesbangpol)] }
        }
        Category::Kf13 => &const { [always(Kades), always(Bhabin), always(Babinsa), always(Kapolsek)] },
        Category::Kf14 => &const { [always(Pkd), always(Panwascam)] },
    }
}

/// Whether `role` is told first of `category` because the matter carries one of `tags`. Such a line of 2.4 is narrower
/// than the role's row in 3.1 and lets it hear of this matter though the row does not list the category.
pub fn named_by_tag(role: Role, category: Category, tags: &BTreeSet<String>) -> bool {
    first(category).iter().any(|first| first.role == role && first.when.is_some_and(|tag| tags.contains(tag)))
}

#[cfg(test)]
mod tests {
    use super::super::offices::lists;
    use super::*;

    /// What the offices are called in the tables of both READMEs.
    const NAMES: [(&str, Role); 20] = [
        ("Bhabin", Role::Bhabin),
        ("Babinsa", Role::Babinsa),
        ("Kapolsek", Role::Kapolsek),
        ("Kapolres", Role::Kapolres),
        ("Danramil", Role::Danramil),
        ("Camat", Role::Camat),
        ("Kades", Role::Kades),
        ("KPU", Role::Kpu),
        ("PPK", Role::PpkKpu),
        ("PPS", Role::Pps),
        ("Bawaslu", Role::Bawaslu),
        ("Panwascam", Role::Panwascam),
        ("PKD", Role::Pkd),
        ("Desk Pilkada", Role::Deskpilkada),
        ("BPBD", Role::Bpbd),
        ("fire brigade", Role::Damkar),
        ("FKUB", Role::Fkub),
        ("Kesbangpol", Role::Kesbangpol),
        ("Diskominfo", Role::Diskominfo),
        ("Satpol PP", Role::Satpolpp),
    ];

    #[test]
    fn of_an_attack_with_stones_no_fire_brigade_hears_and_of_fire_told_or_threatened_it_does() {
        let hears = |tags: &[&str]| {
            named_by_tag(Role::Damkar, Category::Kf04, &tags.iter().map(|tag| (*tag).to_owned()).collect())
        };
        assert_eq!([hears(&["ada_sajam"]), hears(&["ada_api"]), hears(&["sebut_api"])], [false, true, true]);
        assert!(first(Category::Kf04).iter().all(|first| first.role != Role::Damkar || first.when.is_some()));
    }

    #[test]
    fn the_tables_of_the_readmes_name_whom_the_router_tells_first() {
        for readme in [include_str!("../../../README.md"), include_str!("../../../README.id.md")] {
            for category in Category::ALL.iter().filter(|category| **category != Category::Kf14) {
                let row = format!("| {category} ");
                let row = readme.lines().find(|line| line.starts_with(&row)).unwrap();
                let offices = row.split('|').nth(2).unwrap().replace("pemadam", "fire brigade");
                let named = NAMES.iter().filter(|(name, _)| offices.contains(name)).map(|(_, role)| *role);
                let told = first(*category).iter().filter(|first| {
                    // What a row of 3.1 does not list, 2.4 must name for a tag.
                    lists(first.role, *category) || first.when.is_some()
                });
                assert_eq!(
                    named.collect::<BTreeSet<Role>>(),
                    told.map(|first| first.role).collect(),
                    "{row}"
                );
            }
        }
    }
}
