//! Mentions apart from each other: what a parent or a child named elsewhere makes of them.

use lexicons::gazetteer::{Area, Gazetteer};
use stream::Level;

use super::chain::{Work, highest, related};
use super::read::Tier;

/// A weak mention counts when a parent is named elsewhere; an ordinary name when a child is.
pub(super) fn by_parent_elsewhere(land: &Gazetteer, works: &mut [Work], evidence: &[Vec<Area>]) {
    let firm: Vec<Area> = works
        .iter()
        .filter(|work| work.counts && work.mention.tier != Tier::Origin)
        .flat_map(|work| highest(land, &work.mention.areas))
        .filter(|area| land.level_of(*area) > Level::Provinsi)
        .collect();
    let home: Vec<Area> =
        evidence.iter().flatten().copied().filter(|area| land.level_of(*area) > Level::Provinsi).collect();
    for at in 0..works.len() {
        if works[at].counts || !works[at].mention.hopeful {
            continue;
        }
        let inside = |around: &[Area]| -> Vec<Area> {
            let areas = works[at].mention.areas.iter().copied();
            areas.filter(|x| around.iter().any(|y| x != y && land.holds(*y, *x))).collect()
        };
        let mut found = inside(&firm);
        if found.is_empty() && (works[at].mention.located || works[at].mention.marked) {
            found = inside(&home);
        }
        if found.is_empty() {
            found = works[at]
                .mention
                .areas
                .iter()
                .copied()
                .filter(|parent| has_child(land, works, at, *parent))
                .collect();
        }
        if !found.is_empty() {
            works[at].mention.areas = found;
            works[at].counts = true;
        }
    }
    yield_to_parents(land, works);
    // Children of a parent that only now counts.
    let now: Vec<Area> =
        works.iter().filter(|work| work.counts).flat_map(|work| work.mention.areas.clone()).collect();
    for work in works.iter_mut().filter(|work| !work.counts && work.mention.hopeful) {
        let areas = work.mention.areas.iter().copied();
        let found: Vec<Area> = areas
            .filter(|x| {
                now.iter().any(|y| x != y && land.level_of(*y) > Level::Provinsi && land.holds(*y, *x))
            })
            .collect();
        if !found.is_empty() {
            work.mention.areas = found;
            work.counts = true;
        }
    }
}

/// A bare name that is a kecamatan elsewhere but a village of a kecamatan that the text marks is that village.
fn yield_to_parents(land: &Gazetteer, works: &mut [Work]) {
    let marked: Vec<Area> = works
        .iter()
        .filter(|work| work.counts && (work.mention.marked || work.chained))
        .flat_map(|work| highest(land, &work.mention.areas))
        .filter(|area| land.level_of(*area) == Level::Kecamatan)
        .collect();
    for work in works.iter_mut().filter(|work| work.counts && !work.mention.marked && !work.chained) {
        let top = highest(land, &work.mention.areas);
        let far = !top.iter().any(|area| marked.iter().any(|marked| related(land, *area, *marked)));
        let kecamatan = top.first().is_some_and(|area| land.level_of(*area) == Level::Kecamatan);
        let inside = |area: &Area| marked.iter().any(|marked| land.holds(*marked, *area));
        let inner: Vec<Area> = work.mention.areas.iter().copied().filter(inside).collect();
        if far && kecamatan && !inner.is_empty() {
            work.mention.areas = inner;
        }
    }
}

/// A settlement of whatever size (`Kampung Sawah`) is no village far from the one kabupaten that the text names: it
/// only bears that one's name.
pub(super) fn yield_to_regency(land: &Gazetteer, works: &mut [Work]) {
    let named: Vec<Area> = works
        .iter()
        .filter(|work| work.counts && !work.listed && !work.mention.soft && work.mention.tier != Tier::Origin)
        .flat_map(|work| highest(land, &work.mention.areas))
        .map(|area| land.cut(area, Level::Kabupaten))
        .filter(|area| land.level_of(*area) == Level::Kabupaten)
        .collect();
    let Some((regency, rest)) = named.split_first() else { return };
    if rest.iter().any(|other| other != regency) {
        return;
    }
    for work in works.iter_mut().filter(|work| work.mention.soft && !work.chained) {
        work.counts &= work.mention.areas.iter().any(|area| land.holds(*regency, *area));
    }
}

/// Whether another hopeful mention, rare enough to tell, lies in `parent`.
fn has_child(land: &Gazetteer, works: &[Work], at: usize, parent: Area) -> bool {
    land.level_of(parent) > Level::Provinsi
        && works.iter().enumerate().any(|(n, other)| {
            let few = other.mention.areas.len() <= 3 && other.mention.hopeful;
            n != at
                && few
                && other.mention.areas.iter().any(|child| *child != parent && land.holds(parent, *child))
        })
}
