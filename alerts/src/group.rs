//! Which signals are one matter: sessions in event time of one queue, category and place.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lexicons::gazetteer::{Gazetteer, WordClass};
use stream::{Category, Clue, Level, Place, Post, RegionCode, SubjectClass};

use crate::model::lies_inside;

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

/// The kinds of clue that are a place's name in the text.
const NAMES: [&str; 3] = ["chain", "marker", "name"];

/// The villages that a post names outright inside its place, the kecamatan that holds them, where it names several.
/// Words that may be one village or another one name neither.
pub fn villages(place: &Place) -> Vec<RegionCode> {
    let Some(sure) = place.code.as_ref().filter(|sure| sure.level() == Level::Kecamatan) else {
        return Vec::new();
    };
    let is_name = |clue: &&Clue| clue.span.is_some() && NAMES.contains(&clue.kind.as_str());
    let names: Vec<&Clue> = place.clues.iter().filter(is_name).collect();
    let is_one = |clue: &&&Clue| {
        names.iter().all(|other| {
            other.span != clue.span || other.code.contains(&clue.code) || clue.code.contains(&other.code)
        })
    };
    let desa = names.iter().filter(is_one).map(|clue| &clue.code);
    let desa: BTreeSet<&RegionCode> =
        desa.filter(|code| code.level() == Level::Desa && lies_inside(code, sure)).collect();
    let several = place.candidates.is_empty() && desa.len() > 1;
    if several { desa.into_iter().cloned().collect() } else { Vec::new() }
}

/// What `post` names outright in its `place`: its villages where it names several, else the place itself where it names
/// a building of its offices ("kantor PPK Paron"): such a post lacks no village, and speaks of none.
pub fn named(post: &Post, place: &Place) -> Vec<RegionCode> {
    let villages = villages(place);
    let sure = place.code.as_ref().filter(|code| code.level() < Level::Desa && place.candidates.is_empty());
    match sure {
        Some(sure) if villages.is_empty() => {
            let is_building = |clue: &Clue| clue.code == *sure && is_building(post, clue);
            if place.clues.iter().any(is_building) { vec![sure.clone()] } else { villages }
        }
        _ => villages,
    }
}

/// Whether the words of `clue` name an office ("PPK Paron", "Kec. Paron") whose building stands before them.
fn is_building(post: &Post, clue: &Clue) -> bool {
    let Some(span) = clue.span else { return false };
    let Some((before, own)) = span.part.of(post).and_then(|text| text.split_at_checked(span.start as usize))
    else {
        return false;
    };
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let land = Gazetteer::in_use();
    let words = land.words();
    let first = own.split_whitespace().next().map(bare).unwrap_or_default();
    // "Gudang logistik PPK Paron", but no "gudang di Kec. Paron".
    let reach = if words.office(&first).is_some() { 2 } else { usize::from(words.marks(&first)) };
    before.split_whitespace().rev().take(reach).any(|word| words.is(&bare(word), WordClass::Site))
}

/// Stands in a key where the place would, before the post that a person took out.
const APART: &str = "!";

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

/// The group of what a person took out of an incident, `post` the first of it: its own, which nothing else falls into.
pub fn key_apart(category: Category, post: &str, subject: Option<SubjectClass>) -> String {
    format!("{}|{category}|{APART}{post}{}", category.queue(), whose(category, subject))
}

/// Whether the group with this `key` is of what a person took out of an incident.
pub fn is_apart(key: &str) -> bool {
    key.split('|').nth(2).is_some_and(|own| own.starts_with(APART))
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
    fn two_villages_named_in_one_kecamatan_are_its_villages_and_two_readings_of_one_name_are_none() {
        let code = |text: &str| RegionCode::parse(text).unwrap();
        let clue = |start: u32, text: &str| Clue {
            kind: "marker".to_owned(),
            span: Some(stream::Span { part: stream::Part::Text, start, end: start + 5 }),
            code: code(text),
        };
        let named = |clues: Vec<Clue>| Place { code: Some(code("35.21.10")), clues, ..Place::default() };
        let both = [clue(0, "35.21.10.2003"), clue(10, "35.21.10.2013"), clue(20, "35.21.10")];
        assert_eq!(villages(&named(both.to_vec())), [code("35.21.10.2003"), code("35.21.10.2013")]);
        assert_eq!(villages(&named(vec![clue(0, "35.21.10.2003"), clue(0, "35.21.10.2013")])), []);
        assert_eq!(villages(&named(both[..1].to_vec())), [], "one village is the place itself");
        let candidates =
            ["35.21.10.2003", "35.21.10.2013"].map(|text| Candidate { code: code(text), share: 0.5 });
        let unsure = Place { candidates: candidates.to_vec(), ..named(both.to_vec()) };
        assert_eq!(villages(&unsure), []);
        let profile = Clue { kind: "bio".to_owned(), ..clue(10, "35.21.10.2013") };
        assert_eq!(villages(&named(vec![clue(0, "35.21.10.2003"), profile])), []);
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
