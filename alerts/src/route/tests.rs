//! What routing must hold over all categories, severities, places, rosters and accusations.

use std::collections::BTreeSet;

use lexicons::Lang;
use proptest::prelude::*;
use stream::{Category, Level, RegionCode, Role, Severity};

use super::accused::{Complained, kept_out};
use super::climb::{STEPS, climb};
use super::matter::{Holders, Matter};
use super::offices::{chain, floor, line, lists, receives, sits_at};
use super::plan::{first_step, further, released};
use super::progress::Progress;
use crate::explain::{Told, Why};
use crate::roster::Everyone;
use crate::{Office, Scene};

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

fn matter(category: Category, severity: Severity, place: &str) -> Matter {
    Matter {
        category,
        severity,
        place: Some(code(place)),
        scenes: Vec::new(),
        several: false,
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
fn what_is_too_low_for_the_office_above_a_vacant_one_goes_to_kesbangpol_alone_where_nobody_else_is_left() {
    let below = [Role::Kades, Role::Camat, Role::Babinsa, Role::Danramil, Role::Bhabin, Role::Kapolsek];
    let land = Some2 { vacant: BTreeSet::from(below), incumbent: false };
    let told = |severity| names(&first_step(&matter(Category::Kf13, severity, "35.19.08.2011"), &land));
    assert_eq!(told(Severity::Waspada), ["KESBANGPOL 35.19"]);
    assert_eq!(told(Severity::Siaga), ["KAPOLRES 35.19"]);
    assert_eq!(told(Severity::Awas), ["BUPATI 35.19", "DANDIM 35.19", "KAPOLRES 35.19"]);
    let proposed = matter(Category::Kf13, Severity::Awas, "35.19.08.2011").at_once();
    assert_eq!(names(&first_step(&proposed, &land)), ["KESBANGPOL 35.19"], "nobody has decided yet");
}

#[test]
fn the_page_of_offices_names_who_hears_from_a_higher_level_on_only() {
    for (lang, from) in [(Lang::Id, " mulai "), (Lang::En, " from ")] {
        let lead = lang.get("console.offices.lead");
        let (_, exception) = lead.split_once(": ").expect("the exception follows a colon");
        for role in Role::ALL {
            // The first level that is named after the role is the one it hears from.
            let name = lang.get(&format!("alerts.role.{role}"));
            let said = exception.split_once(name).and_then(|(_, rest)| {
                let level = rest.split_once(from)?.1;
                Severity::ALL.iter().find(|severity| level.starts_with(severity.as_str())).copied()
            });
            let high = (floor(*role) > Severity::Waspada).then(|| floor(*role));
            assert_eq!(said, high, "{role} in: {lead}");
        }
    }
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
fn a_threat_to_the_organisers_is_heard_by_them_their_supervisor_and_the_pair_of_the_village() {
    let mut threat = matter(Category::Kf02, Severity::Waspada, "62.10.02.2001");
    let near = ["BABINSA 62.10.02.2001", "BHABIN 62.10.02.2001", "DANRAMIL 62.10.02", "KAPOLSEK 62.10.02"];
    assert_eq!(names(&first_step(&threat, &Everyone)), near);
    threat.tags.insert("penyelenggara_target".to_owned());
    let told = names(&first_step(&threat, &Everyone));
    assert_eq!(told, [&near[..], &["KPU 62.10", "BAWASLU 62.10"]].concat());
    // A KPU that is complained of hears nothing of it: its protection is the others' task.
    threat.accused = vec![Complained { role: Role::Kpu, region: Some(code("62.10")) }];
    let told = names(&first_step(&threat, &Everyone));
    assert!(!told.iter().any(|office| office.starts_with("KPU")), "{told:?}");
    // Nor does the tag open what its row does not list elsewhere.
    threat = Matter { category: Category::Kf13, accused: Vec::new(), ..threat };
    assert!(!names(&first_step(&threat, &Everyone)).iter().any(|office| office.starts_with("KPU")));
}

#[test]
fn a_crowd_in_a_village_is_heard_by_its_bhabin_and_one_before_the_kpu_by_the_kpu() {
    let mut crowd = matter(Category::Kf03, Severity::Siaga, "62.10.02.2001");
    let told = ["BHABIN 62.10.02.2001", "CAMAT 62.10.02", "KAPOLRES 62.10"];
    assert_eq!(names(&first_step(&crowd, &Everyone)), told);
    crowd.tags.insert("penyelenggara_target".to_owned());
    assert_eq!(names(&first_step(&crowd, &Everyone)), [&told[..], &["KPU 62.10", "BAWASLU 62.10"]].concat());
}

/// A village that `sources` tell of.
fn scene(place: &str, sources: i64) -> Scene {
    Scene { place: code(place), posts: sources, wide: 0, sources, reporter: false, last: None, later: false }
}

#[test]
fn every_village_that_is_named_hears_of_it_and_so_does_the_kecamatan_as_before() {
    let mut clash = matter(Category::Kf13, Severity::Siaga, "35.19.08");
    let wide = names(&first_step(&clash, &Everyone));
    assert_eq!(wide, ["CAMAT 35.19.08", "DANRAMIL 35.19.08", "KAPOLSEK 35.19.08"]);
    clash.scenes = vec![scene("35.19.08.2003", 1), scene("35.19.08.2011", 2)];
    let told = names(&first_step(&clash, &Everyone));
    let mut all = wide;
    for village in ["35.19.08.2003", "35.19.08.2011"] {
        all.extend(["KADES", "BABINSA", "BHABIN"].map(|role| format!("{role} {village}")));
    }
    assert_eq!(told.iter().collect::<BTreeSet<_>>(), all.iter().collect());
    assert_eq!(told.len(), all.len(), "each once");
    let ready = first_step(&clash.clone().at_once(), &Everyone);
    assert!(names(&ready).contains(&"KADES 35.19.08.2011".to_owned()));
    assert!(!names(&ready).iter().any(|office| office.ends_with("2003")), "one source tells of it");
    let later = names(&further(&clash, &Everyone));
    assert!(!later.contains(&"CAMAT 35.19.08".to_owned()), "it stands for no village: {later:?}");
    clash.category = Category::Kf14;
    assert_eq!(
        names(&first_step(&clash, &Everyone)),
        ["BAWASLU 35.19", "PANWASCAM 35.19.08", "PKD 35.19.08.2003", "PKD 35.19.08.2011"]
    );
}

#[test]
fn the_offices_above_several_villages_are_not_told_that_the_place_is_not_known_in_detail() {
    let mut clash = matter(Category::Kf01, Severity::Siaga, "35.19.08");
    let why = |clash: &Matter| {
        let told = first_step(clash, &Everyone).told;
        told.iter().find(|because| because.office.role == Role::Danramil).map(|because| because.why)
    };
    assert_eq!(why(&clash), Some(Why::OneLevelUp));
    clash.scenes = vec![scene("35.19.08.2003", 1), scene("35.19.08.2011", 1)];
    clash.several = true;
    assert_eq!(why(&clash), Some(Why::SeveralVillages));
    // Two sources, one of each village: nobody's own office is told at once, and the villages are known all the same.
    assert_eq!(why(&clash.at_once()), Some(Why::SeveralVillages));
}

#[test]
fn the_accused_head_of_one_village_keeps_his_chain_out_and_not_the_next_village() {
    let mut quarrel = matter(Category::Kf13, Severity::Siaga, "35.19.08");
    quarrel.scenes = vec![scene("35.19.08.2003", 1), scene("35.19.08.2011", 1)];
    quarrel.accused = vec![Complained { role: Role::Kades, region: Some(code("35.19.08.2011")) }];
    let told = names(&first_step(&quarrel, &Everyone));
    for village in ["KADES", "BABINSA", "BHABIN"] {
        assert!(told.contains(&format!("{village} 35.19.08.2003")), "{told:?}");
        assert!(!told.contains(&format!("{village} 35.19.08.2011")), "{told:?}");
    }
    assert!(!told.contains(&"CAMAT 35.19.08".to_owned()), "{told:?}");
    // Of whom nobody knows where he sits may sit in either.
    quarrel.accused = vec![Complained { role: Role::Kades, region: None }];
    let told = names(&first_step(&quarrel, &Everyone));
    assert_eq!(told, ["DANRAMIL 35.19.08", "KAPOLSEK 35.19.08"]);
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
    let mut progress = Progress { told, ..Progress::default() };
    progress.answered.insert(Office::new(Role::Bhabin, code("35.19.08.2011")));
    assert_eq!(names(&climb(&clash, 1, &progress, &Everyone)), ["CAMAT 35.19.08", "DANRAMIL 35.19.08"]);
    let others = [Role::Kades, Role::Babinsa].map(|role| Office::new(role, code("35.19.08.2011")));
    progress.answered.extend(others);
    assert_eq!(climb(&clash, 1, &progress, &Everyone).nobody.as_deref(), Some("all_answered"));
}

#[test]
fn an_unanswered_awas_climbs_to_the_regency_and_then_to_the_province() {
    let clash = matter(Category::Kf01, Severity::Awas, "35.19.08.2011");
    let first: BTreeSet<Office> = first_step(&clash, &Everyone).told.into_iter().map(|b| b.office).collect();
    let mut progress = Progress { told: first, ..Progress::default() };
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
    let above = told.told.iter().find(|because| because.office.to_string() == "KESBANGPOL 35");
    assert_eq!(above.map(|because| because.why), Some(Why::AboveIncumbent));
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
        Some("62.10.02.2001"),
    ])
    .prop_map(|place| place.map(code))
}

/// The villages that posts name in a matter of `place`: none unless it is a kecamatan.
fn villages(place: Option<&RegionCode>, named: &[i64]) -> Vec<Scene> {
    let kecamatan = place.filter(|place| place.level() == Level::Kecamatan);
    let inside = |n: usize| format!("{}.200{n}", kecamatan.map(RegionCode::as_str).unwrap_or_default());
    let all = named.iter().enumerate().map(|(n, sources)| (inside(n), *sources));
    all.filter(|_| kecamatan.is_some()).map(|(village, sources)| scene(&village, sources)).collect()
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
            prop::sample::select(vec![
                "penyelenggara_target".to_owned(),
                "bencana".to_owned(),
                "sebut_api".to_owned(),
                "uang".to_owned(),
            ]),
            0..2,
        ),
        prop::collection::vec(1i64..3, 0..4),
    )
        .prop_map(|(category, severity, place, accused, tags, named)| Matter {
            category,
            severity,
            several: named.len() > 1,
            scenes: villages(place.as_ref(), &named),
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

/// Whether domain.md 2.4 alone lets `role` hear of `matter`, against its row in 3.1: the organisers and their supervisor,
/// of a threat or a crowd that aims at the organisers.
fn is_the_target(role: Role, matter: &Matter) -> bool {
    matches!(role, Role::Kpu | Role::Bawaslu)
        && matches!(matter.category, Category::Kf02 | Category::Kf03)
        && matter.tags.contains("penyelenggara_target")
        && matter.severity >= Severity::Waspada
}

/// Everyone who ever hears of `matter`: first step, all steps of the climb, the release.
fn ever_told(matter: &Matter, land: &Some2) -> Vec<Told> {
    let first = first_step(matter, land);
    let mut progress = Progress::default();
    progress.told.extend(first.told.iter().map(|because| because.office.clone()));
    let mut all = vec![first, further(matter, land)];
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
                let row = receives(because.office.role, matter.category, matter.severity);
                prop_assert!(row || is_the_target(because.office.role, &matter), "{}", because.office);
                prop_assert!(sits_at(because.office.role, because.office.region.level()));
                prop_assert!(land.holds(&because.office));
                let place = matter.place.as_ref().unwrap();
                let mut there = matter.scenes.iter().map(|scene| &scene.place).chain([place]);
                prop_assert!(there.any(|place| because.office.region.contains(place)), "{}", because.office);
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
        }
        let first = first_step(&matter, &land);
        prop_assert_eq!(first.told.is_empty(), first.nobody.is_some());
    }

    #[test]
    fn a_village_that_is_named_takes_nobody_off_the_list_and_adds_its_own_alone(
        matter in any_matter(), land in any_land()
    ) {
        let wide = first_step(&Matter { scenes: Vec::new(), ..matter.clone() }, &land);
        let all = first_step(&matter, &land);
        let of = |told: &Told| told.told.iter().map(|because| because.office.clone()).collect::<BTreeSet<_>>();
        // Whom the villages bring in stands for those whom the kecamatan alone would have had to ask.
        let stand_in = |office: &Office| wide.told.iter().any(|because| {
            because.office == *office && matches!(because.why, Why::Coordinator | Why::AboveAccused)
        });
        prop_assert!(of(&wide).iter().all(|office| of(&all).contains(office) || stand_in(office)));
        for office in of(&all).difference(&of(&wide)) {
            prop_assert!(matter.scenes.iter().any(|scene| office.region.contains(&scene.place)), "{office}");
        }
    }

    #[test]
    fn where_posts_name_one_place_any_answer_of_a_line_is_the_answer_of_the_line(matter in any_matter(), land in any_land()) {
        let matter = Matter { scenes: Vec::new(), ..matter };
        let first = first_step(&matter, &land);
        let told: BTreeSet<Office> = first.told.iter().map(|because| because.office.clone()).collect();
        let Some(place) = &matter.place else { return Ok(()) };
        for office in &told {
            let progress = Progress { told: told.clone(), answered: BTreeSet::from([office.clone()]), ..Progress::default() };
            for other in &told {
                let same = line(other.role) == line(office.role);
                prop_assert_eq!(progress.has_answered(line(other.role), place), same, "{}", other);
            }
        }
    }

    #[test]
    fn no_village_hears_of_what_is_known_to_the_kabupaten_only(matter in any_matter(), land in any_land()) {
        for told in ever_told(&matter, &land) {
            for because in &told.told {
                let place = matter.place.as_ref().unwrap();
                let named = |scene: &Scene| scene.place == because.office.region;
                let village = matter.scenes.iter().any(named);
                prop_assert!(village || because.office.region.level() <= place.level().max(Level::Provinsi));
            }
        }
    }
}
