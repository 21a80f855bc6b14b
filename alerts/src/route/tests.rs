//! What routing must hold over all categories, severities, places, rosters and accusations.

use std::collections::BTreeSet;

use proptest::prelude::*;
use stream::{Category, Level, RegionCode, Role, Severity};

use super::accused::{Complained, kept_out};
use super::offices::{chain, line, lists, receives, sits_at};
use super::plan::{Holders, Matter, Progress, STEPS, climb, first_step, released};
use crate::Office;
use crate::explain::{Told, Why};
use crate::roster::Everyone;

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

fn matter(category: Category, severity: Severity, place: &str) -> Matter {
    Matter {
        category,
        severity,
        place: Some(code(place)),
        accused: Vec::new(),
        tags: BTreeSet::new(),
        heard: BTreeSet::new(),
    }
}

fn names(told: &Told) -> Vec<String> {
    told.told.iter().map(|because| because.office.to_string()).collect()
}

/// A roster that lacks whole roles, in a land where the incumbent may run.
#[derive(Clone, Debug)]
struct Some2 {
    vacant: BTreeSet<Role>,
    incumbent: bool,
}

impl Holders for Some2 {
    fn holds(&self, office: &Office) -> bool {
        !self.vacant.contains(&office.role)
    }
    fn incumbent_runs(&self, _: &RegionCode) -> bool {
        self.incumbent
    }
}

#[test]
fn a_silat_clash_in_a_village_goes_to_its_three_pillars() {
    let told = first_step(&matter(Category::Kf13, Severity::Siaga, "35.19.08.2011"), &Everyone);
    assert_eq!(
        names(&told),
        ["KADES 35.19.08.2011", "BABINSA 35.19.08.2011", "BHABIN 35.19.08.2011", "KAPOLSEK 35.19.08"]
    );
}

#[test]
fn a_place_known_to_the_kabupaten_goes_to_its_two_duty_desks_and_to_no_village() {
    let told = first_step(&matter(Category::Kf02, Severity::Siaga, "62.10"), &Everyone);
    assert_eq!(names(&told), ["KAPOLRES 62.10", "KESBANGPOL 62.10"]);
    let dispute = first_step(&matter(Category::Kf06, Severity::Siaga, "62.10"), &Everyone);
    assert_eq!(names(&dispute), ["KAPOLRES 62.10", "KESBANGPOL 62.10", "KPU 62.10", "BAWASLU 62.10"]);
}

#[test]
fn an_accused_kades_leaves_the_matter_to_the_other_pillars_one_level_above() {
    let mut quarrel = matter(Category::Kf13, Severity::Siaga, "35.19.08.2011");
    quarrel.accused = vec![Complained { role: Role::Kades, region: Some(code("35.19.08.2011")) }];
    let told = first_step(&quarrel, &Everyone);
    assert_eq!(names(&told), ["DANRAMIL 35.19.08", "KAPOLSEK 35.19.08"]);
    assert!(told.not_told.iter().any(|because| because.why == Why::Accused));
}

#[test]
fn nobody_registered_means_one_level_up_and_the_gap_is_shown() {
    let land = Some2 { vacant: BTreeSet::from([Role::Babinsa]), incumbent: false };
    let told = first_step(&matter(Category::Kf13, Severity::Waspada, "35.19.08.2011"), &land);
    assert!(names(&told).contains(&"DANRAMIL 35.19.08".to_owned()));
    assert_eq!(told.gaps[0].office, Office::new(Role::Babinsa, code("35.19.08.2011")));
    assert_eq!(told.gaps[0].instead, Some(Office::new(Role::Danramil, code("35.19.08"))));
}

#[test]
fn a_line_that_answered_does_not_climb_and_the_others_do() {
    let clash = matter(Category::Kf13, Severity::Waspada, "35.19.08.2011");
    let told = first_step(&clash, &Everyone).told.into_iter().map(|because| because.office).collect();
    let mut progress = Progress { told, answered: BTreeSet::from([line(Role::Bhabin)]) };
    assert_eq!(names(&climb(&clash, 1, &progress, &Everyone)), ["CAMAT 35.19.08", "DANRAMIL 35.19.08"]);
    progress.answered.extend([line(Role::Kades), line(Role::Babinsa)]);
    assert_eq!(climb(&clash, 1, &progress, &Everyone).nobody.as_deref(), Some("all_answered"));
}

#[test]
fn an_unanswered_awas_climbs_to_the_regency_and_then_to_the_province() {
    let clash = matter(Category::Kf01, Severity::Awas, "35.19.08.2011");
    let first: BTreeSet<Office> = first_step(&clash, &Everyone).told.into_iter().map(|b| b.office).collect();
    let mut progress = Progress { told: first, answered: BTreeSet::new() };
    let five = climb(&clash, 1, &progress, &Everyone);
    for office in ["KAPOLRES 35.19", "DANDIM 35.19", "BUPATI 35.19", "KESBANGPOL 35.19", "CAMAT 35.19.08"] {
        assert!(names(&five).contains(&office.to_owned()), "{office}");
    }
    progress.told.extend(five.told.into_iter().map(|because| because.office));
    assert_eq!(names(&climb(&clash, 2, &progress, &Everyone)), ["KESBANGPOL 35", "POLDA 35"]);
}

#[test]
fn where_the_incumbent_runs_his_offices_hear_nothing_of_disputes() {
    let land = Some2 { vacant: BTreeSet::new(), incumbent: true };
    let told = first_step(&matter(Category::Kf09, Severity::Siaga, "35.28"), &land);
    assert!(!names(&told).contains(&"KESBANGPOL 35.28".to_owned()));
    assert!(names(&told).contains(&"KESBANGPOL 35".to_owned()));
    assert!(names(&told).contains(&"KAPOLRES 35.28".to_owned()));
}

#[test]
fn a_kf14_item_is_heard_of_by_the_supervisors_and_content_goes_to_bawaslu_only() {
    let item = matter(Category::Kf14, Severity::Waspada, "35.19.08.2011");
    let told = first_step(&item, &Everyone);
    assert_eq!(names(&told), ["PANWASCAM 35.19.08", "PKD 35.19.08.2011"]);
    assert!(told.told.iter().all(|because| because.why == Why::ItemWaits));
    assert_eq!(names(&released(&item, &Everyone)), ["BAWASLU 35.19"]);
}

fn any_place() -> impl Strategy<Value = Option<RegionCode>> {
    prop::sample::select(vec![
        None,
        Some("35"),
        Some("35.19"),
        Some("35.19.08"),
        Some("35.19.08.2011"),
        Some("35.77.01.1001"),
        Some("62.10.02"),
    ])
    .prop_map(|place| place.map(code))
}

fn any_matter() -> impl Strategy<Value = Matter> {
    let complained = (prop::sample::select(Role::ALL.to_vec()), any_place())
        .prop_map(|(role, region)| Complained { role, region });
    (
        prop::sample::select(Category::ALL.to_vec()),
        prop::sample::select(Severity::ALL.to_vec()),
        any_place(),
        prop::collection::vec(complained, 0..3),
        prop::collection::btree_set(
            prop::sample::select(vec!["penyelenggara_target".to_owned(), "bencana".to_owned()]),
            0..2,
        ),
    )
        .prop_map(|(category, severity, place, accused, tags)| Matter {
            category,
            severity,
            place,
            accused,
            tags,
            heard: BTreeSet::new(),
        })
}

fn any_land() -> impl Strategy<Value = Some2> {
    (prop::collection::btree_set(prop::sample::select(Role::ALL.to_vec()), 0..8), any::<bool>())
        .prop_map(|(vacant, incumbent)| Some2 { vacant, incumbent })
}

/// Everyone who ever hears of `matter`: first step, all steps of the climb, the release.
fn ever_told(matter: &Matter, land: &Some2) -> Vec<Told> {
    let first = first_step(matter, land);
    let mut progress = Progress::default();
    progress.told.extend(first.told.iter().map(|because| because.office.clone()));
    let mut all = vec![first];
    for step in 1..=STEPS {
        let told = climb(matter, step, &progress, land);
        progress.told.extend(told.told.iter().map(|because| because.office.clone()));
        all.push(told);
    }
    if matter.category == Category::Kf14 {
        all.push(released(matter, land));
    }
    all
}

proptest! {
    // The same rosters each time: a run that fails can be repeated.
    #![proptest_config(ProptestConfig { cases: 2000, rng_seed: proptest::test_runner::RngSeed::Fixed(3), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_accused_office_and_its_chain_never_hear_of_it(matter in any_matter(), land in any_land()) {
        for told in ever_told(&matter, &land) {
            for because in &told.told {
                prop_assert_eq!(kept_out(&because.office, &matter.accused, matter.place.as_ref()), None);
                for complained in &matter.accused {
                    let region = complained.region.as_ref().or(matter.place.as_ref());
                    let meets = region.is_none_or(|region| {
                        region.contains(&because.office.region) || because.office.region.contains(region)
                    });
                    prop_assert!(!meets || chain(complained.role) != chain(because.office.role));
                }
            }
        }
    }

    #[test]
    fn a_complaint_that_comes_later_silences_its_own_chain_and_nobody_who_heard_before(
        matter in any_matter(), land in any_land()
    ) {
        let before = Matter { accused: Vec::new(), ..matter.clone() };
        let heard: BTreeSet<Office> =
            ever_told(&before, &land).iter().flat_map(|told| &told.told).map(|because| because.office.clone()).collect();
        let after = Matter { heard: heard.clone(), ..matter };
        for told in ever_told(&after, &land) {
            for because in &told.told {
                let why = kept_out(&because.office, &after.accused, after.place.as_ref());
                prop_assert!(why.is_none() || why == Some(Why::AccusedLevel) && heard.contains(&because.office));
            }
        }
        for office in &heard {
            let why = kept_out(office, &after.accused, after.place.as_ref());
            prop_assert_eq!(after.bars(office).is_some(), matches!(why, Some(Why::Accused | Why::AccusedChain)));
        }
    }

    #[test]
    fn every_office_hears_only_what_its_row_says(matter in any_matter(), land in any_land()) {
        for told in ever_told(&matter, &land) {
            for because in &told.told {
                prop_assert!(receives(because.office.role, matter.category, matter.severity), "{}", because.office);
                prop_assert!(sits_at(because.office.role, because.office.region.level()));
                prop_assert!(land.holds(&because.office));
                let place = matter.place.as_ref().unwrap();
                prop_assert!(because.office.region.contains(place), "{} for {}", because.office, place);
            }
        }
    }

    #[test]
    fn kf14_reaches_bawaslus_roles_only_and_below_its_office_only_that_an_item_waits(
        matter in any_matter(), land in any_land()
    ) {
        let matter = Matter { category: Category::Kf14, ..matter };
        for told in ever_told(&matter, &land) {
            for because in &told.told {
                prop_assert!(lists(because.office.role, Category::Kf14));
                prop_assert!(because.office.role == Role::Bawaslu || because.why == Why::ItemWaits);
            }
        }
    }

    #[test]
    fn normal_and_placeless_matters_tell_nobody(matter in any_matter(), land in any_land()) {
        let silent = matter.severity == Severity::Normal || matter.place.is_none();
        for told in ever_told(&matter, &land) {
            prop_assert!(!silent || told.told.is_empty());
            prop_assert_eq!(told.told.is_empty(), told.nobody.is_some());
        }
    }

    #[test]
    fn no_village_hears_of_what_is_known_to_the_kabupaten_only(matter in any_matter(), land in any_land()) {
        for told in ever_told(&matter, &land) {
            for because in &told.told {
                let place = matter.place.as_ref().unwrap();
                prop_assert!(because.office.region.level() <= place.level().max(Level::Provinsi));
            }
        }
    }
}
