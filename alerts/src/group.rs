//! Which signals are one matter: sessions in event time of one queue, category and place.

use jiff::Timestamp;
use stream::{Category, Level, Place, RegionCode, SubjectClass};

use crate::Near;

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

/// The time that an open incident covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session<I> {
    /// Which incident.
    pub id: I,
    /// Its earliest event.
    pub first: Timestamp,
    /// Its latest event.
    pub last: Timestamp,
}

/// Where a signal goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<I> {
    /// Into an incident of its own.
    New,
    /// Into `into`; it bridges the gap to the `younger` ones, which are merged into it too.
    Join {
        /// The oldest incident that it touches.
        into: I,
        /// Further ones it touches.
        younger: Vec<I>,
    },
}

/// Decides where an event from `first` to `last` goes among the open incidents of its group.
///
/// Sessions are the connected stretches of event times that lie at most `gap` apart, so what comes
/// out in the end does not depend on the order of arrival.
pub fn decide<I: Copy + Ord>(
    first: Timestamp,
    last: Timestamp,
    open: &[Session<I>],
    gap: i64,
) -> Decision<I> {
    let gap = gap.saturating_mul(1_000_000);
    let mut touched: Vec<&Session<I>> = open
        .iter()
        .filter(|session| {
            last.as_microsecond() >= session.first.as_microsecond() - gap
                && first.as_microsecond() <= session.last.as_microsecond() + gap
        })
        .collect();
    touched.sort_by_key(|session| (session.first, session.id));
    match touched.split_first() {
        None => Decision::New,
        Some((oldest, younger)) => {
            Decision::Join { into: oldest.id, younger: younger.iter().map(|session| session.id).collect() }
        }
    }
}

/// Cuts events into sessions, each the indices of its events: what remains of an incident that lost a post.
pub fn sessions(events: &[Timestamp], gap: i64) -> Vec<Vec<usize>> {
    let gap = gap.saturating_mul(1_000_000);
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|index| events[*index]);
    let mut cut: Vec<Vec<usize>> = Vec::new();
    for index in order {
        let joins = cut.last().and_then(|session| session.last()).is_some_and(|previous| {
            events[index].as_microsecond() - events[*previous].as_microsecond() <= gap
        });
        match cut.last_mut() {
            Some(session) if joins => session.push(index),
            _ => cut.push(vec![index]),
        }
    }
    cut
}

/// Where a signal is routed and grouped: between several readings, the region that holds them all.
pub fn sure_place(place: &Place) -> Option<RegionCode> {
    let mut sure = place.code.clone();
    for candidate in &place.candidates {
        sure = match sure {
            Some(code) => Some(code.common(&candidate.code)?),
            None if place.candidates.first().map(|first| &first.code) == Some(&candidate.code) => {
                Some(candidate.code.clone())
            }
            None => return None,
        };
    }
    sure
}

/// The group of a signal: queue, category and place cut to `level`. What names no place stands alone with the copies of
/// its text, which `copy` is equal for: one source told often is no more than one line of the queue.
///
/// The design's key is the same for KF-14. Here that category is cut to the village whatever `level` says, and its key
/// carries the class of its `subject`: an accusation is of a person, and what Bawaslu decides of one official must not
/// hold for another one of the kecamatan.
pub fn key(
    category: Category,
    place: Option<&RegionCode>,
    level: Level,
    copy: &str,
    subject: Option<SubjectClass>,
) -> String {
    let queue = category.queue();
    let level = if category == Category::Kf14 { Level::Desa } else { level };
    let whose = whose(category, subject);
    match place {
        Some(place) => format!("{queue}|{category}|{}{whose}", place.cut(level)),
        None => format!("{queue}|{category}|?{copy}{whose}"),
    }
}

/// The end of a key that says whom it accuses; empty for what accuses nobody.
pub fn whose(category: Category, subject: Option<SubjectClass>) -> String {
    match category {
        Category::Kf14 => format!("|{}", subject.map_or("-", SubjectClass::as_str)),
        _ => String::new(),
    }
}

/// Whom the incident with this `key` accuses, by class.
pub fn subject_of(key: &str) -> Option<SubjectClass> {
    SubjectClass::parse(key.rsplit('|').next()?)
}

/// Whether matters of these categories may be one event.
pub fn may_be_one(one: Category, other: Category) -> bool {
    one == other || KIN.contains(&(one, other)) || KIN.contains(&(other, one))
}

/// How `other` lies to `one`, with the level of the region that holds both: one in the other within a kabupaten, or
/// both in one kecamatan. Matters apart from each other, or known to a province only, are not near.
pub fn near(one: &RegionCode, other: &RegionCode) -> Option<(Level, Near)> {
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
pub fn one_place(one: &RegionCode, other: &RegionCode) -> Option<Near> {
    let (shared, near) = near(one, other)?;
    (shared >= Level::Kecamatan && near != Near::Kecamatan).then_some(near)
}

/// Whether one may go on in the other: in the same village whatever it is; known to a kecamatan only, where much goes
/// on at a time, under categories that may be one event.
pub fn one_event_at(one: (Category, &RegionCode), other: (Category, &RegionCode)) -> bool {
    let village = one.1 == other.1 && one.1.level() == Level::Desa;
    village || one_place(one.1, other.1).is_some() && may_be_one(one.0, other.0)
}

/// Seconds between two spans of time, each from its first to its last event; 0 when they overlap.
pub fn apart(one: (Timestamp, Timestamp), other: (Timestamp, Timestamp)) -> i64 {
    (other.0.as_second() - one.1.as_second()).max(one.0.as_second() - other.1.as_second()).max(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use stream::Candidate;

    use super::*;

    const GAP: i64 = 6 * 3600;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_732_600_000 + seconds).unwrap()
    }

    /// The incidents that come of events in the order given, as sets of event indices.
    fn grouped(events: &[(usize, i64)]) -> Vec<Vec<usize>> {
        let mut incidents: BTreeMap<usize, Vec<(usize, i64)>> = BTreeMap::new();
        for (made, event) in events.iter().enumerate() {
            let open: Vec<Session<usize>> = incidents
                .iter()
                .map(|(id, events)| Session {
                    id: *id,
                    first: at(events.iter().map(|event| event.1).min().unwrap()),
                    last: at(events.iter().map(|event| event.1).max().unwrap()),
                })
                .collect();
            match decide(at(event.1), at(event.1), &open, GAP) {
                Decision::New => {
                    incidents.insert(made, vec![*event]);
                }
                Decision::Join { into, younger } => {
                    for id in younger {
                        let taken = incidents.remove(&id).unwrap();
                        incidents.get_mut(&into).unwrap().extend(taken);
                    }
                    incidents.get_mut(&into).unwrap().push(*event);
                }
            }
        }
        let mut sets: Vec<Vec<usize>> = incidents
            .into_values()
            .map(|mut events| {
                events.sort_unstable();
                events.into_iter().map(|event| event.0).collect()
            })
            .collect();
        sets.sort();
        sets
    }

    #[test]
    fn a_late_post_that_bridges_two_sessions_merges_the_younger_into_the_older() {
        let open = [
            Session { id: 7, first: at(10 * 3600), last: at(11 * 3600) },
            Session { id: 9, first: at(0), last: at(3600) },
        ];
        let bridge = decide(at(6 * 3600), at(6 * 3600), &open, GAP);
        assert_eq!(bridge, Decision::Join { into: 9, younger: vec![7] });
        assert_eq!(decide(at(20 * 3600), at(20 * 3600), &open, GAP), Decision::New);
    }

    #[test]
    fn a_place_with_two_readings_is_routed_to_what_holds_both() {
        let code = |text: &str| RegionCode::parse(text).unwrap();
        let reading = |text: &str| Candidate { code: code(text), share: 0.5 };
        let place = |code_text: Option<&str>, candidates: &[&str]| Place {
            code: code_text.map(code),
            candidates: candidates.iter().map(|text| reading(text)).collect(),
            ..Place::default()
        };
        assert_eq!(sure_place(&place(Some("35.19.08"), &[])), Some(code("35.19.08")));
        assert_eq!(sure_place(&place(None, &["35.19.08.2001", "35.19.09.2001"])), Some(code("35.19")));
        assert_eq!(sure_place(&place(Some("35"), &["35.19", "35.77"])), Some(code("35")));
        assert_eq!(sure_place(&place(None, &["35.19", "62.10"])), None);
        assert_eq!(sure_place(&place(None, &[])), None);
    }

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

    proptest! {
        #[test]
        fn the_same_posts_in_any_order_make_the_same_incidents(
            times in proptest::collection::vec(0i64..72 * 3600, 1..40),
            seed in proptest::collection::vec(any::<u64>(), 40),
        ) {
            let events: Vec<(usize, i64)> = times.iter().copied().enumerate().collect();
            let mut shuffled = events.clone();
            shuffled.sort_by_key(|event| seed[event.0]);
            let once = grouped(&events);
            prop_assert_eq!(&once, &grouped(&shuffled));
            let stamps: Vec<Timestamp> = times.iter().map(|time| at(*time)).collect();
            let mut cut: Vec<Vec<usize>> = sessions(&stamps, GAP).into_iter().map(|mut s| { s.sort_unstable(); s }).collect();
            cut.sort();
            prop_assert_eq!(once, cut);
        }
    }
}
