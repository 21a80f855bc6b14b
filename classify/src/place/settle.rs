//! From the mentions of one text to one area: chains first, then what else tells, then the choice between several.

use lexicons::gazetteer::{Area, Gazetteer, Kind, Sort, WordClass};
use stream::Level;

use super::chain::{Link, Work, chain, half_named_parent, highest, linked, listed, related};
use super::half::complete;
use super::parents::{by_parent_elsewhere, yield_to_regency};
use super::read::{Reading, Tier};
use super::tokens::Gap;

/// One mention that counts, with the readings left.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// First and last token.
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) tier: Tier,
    pub(super) clue: &'static str,
    /// The readings between which nothing decides, on one level.
    pub(super) readings: Vec<Area>,
    /// The deepest area that holds them all.
    pub(super) area: Option<Area>,
    weight: u32,
    listed: bool,
}

/// The deepest area that holds all of `areas`.
pub(super) fn common(land: &Gazetteer, areas: &[Area]) -> Option<Area> {
    let (first, rest) = areas.split_first()?;
    rest.iter().try_fold(*first, |common, area| land.common(common, *area))
}

/// The mentions of a reading that count, each with the readings that `evidence` leaves; stronger evidence first.
pub(super) fn told(land: &Gazetteer, reading: &Reading<'_>, evidence: &[Vec<Area>]) -> Vec<Told> {
    let mut works: Vec<Work> = reading
        .mentions
        .iter()
        .map(|mention| Work { counts: mention.firm, mention: mention.clone(), chained: false, listed: false })
        .collect();
    for at in 1..works.len() {
        // "dari Waru dan Pasean": both are where somebody comes from.
        let (before, behind) = (&works[at - 1].mention, &works[at].mention);
        let side_by_side =
            before.tier == Tier::Origin && linked(land, reading, before, behind) == Some(Link::And);
        if side_by_side && !behind.located {
            works[at].mention.tier = Tier::Origin;
        }
    }
    complete(land, reading, &mut works, evidence);
    for _ in 0..2 {
        for at in (1..works.len()).rev() {
            chain(land, reading, &mut works, at);
        }
        for at in 1..works.len() {
            chain(land, reading, &mut works, at);
        }
    }
    listed(land, reading, &mut works);
    for work in &mut works {
        half_named_parent(land, reading, work);
    }
    by_parent_elsewhere(land, &mut works, evidence);
    yield_to_regency(land, &mut works);
    works.retain(|work| work.counts);
    weigh(land, reading, works, evidence)
}

/// The readings that all evidence leaves to each mention.
fn weigh(land: &Gazetteer, reading: &Reading<'_>, works: Vec<Work>, evidence: &[Vec<Area>]) -> Vec<Told> {
    let sure: Vec<(usize, Area)> = works
        .iter()
        .enumerate()
        .filter(|(_, work)| work.mention.tier != Tier::Origin)
        .filter_map(|(n, work)| match highest(land, &work.mention.areas)[..] {
            [only] => Some((n, only)),
            _ => None,
        })
        .collect();
    // "#Madiun": kota or kabupaten, but in one of them "Kec. Geger" lies.
    let either: Vec<Area> = works
        .iter()
        .filter(|work| work.mention.tier != Tier::Origin)
        .flat_map(|work| highest(land, &work.mention.areas))
        .filter(|area| land.level_of(*area) == Level::Kabupaten)
        .collect();
    let tell = |(n, work): (usize, Work)| {
        let mut readings = highest(land, &work.mention.areas);
        let others: Vec<Area> = sure.iter().filter(|(other, _)| *other != n).map(|(_, area)| *area).collect();
        for known in [&others, &either].into_iter().chain(evidence) {
            let left: Vec<Area> = readings
                .iter()
                .copied()
                .filter(|area| known.iter().any(|known| related(land, *known, *area)))
                .collect();
            if !left.is_empty() {
                readings = left;
            }
        }
        readings = by_sort(land, reading, readings);
        let capitals: Vec<Area> = readings.iter().copied().filter(|area| land.is_capital(*area)).collect();
        let village = readings.first().is_some_and(|area| land.level_of(*area) == Level::Desa);
        if let ([only], true, false) = (&capitals[..], village, work.mention.marked) {
            readings = vec![*only];
        }
        let weight =
            1 + u32::from(work.mention.located) + u32::from(work.mention.marked) + u32::from(work.chained);
        Told {
            first: work.mention.first,
            last: work.mention.last,
            tier: work.mention.tier,
            clue: if work.chained { "chain" } else { work.mention.clue },
            area: common(land, &readings),
            readings,
            weight,
            listed: work.listed && !work.chained,
        }
    };
    works.into_iter().enumerate().map(tell).collect()
}

/// Where only kabupaten and kota of one name are left: the one that the text speaks of ("Pemkab", "pilwali").
fn by_sort(land: &Gazetteer, reading: &Reading<'_>, readings: Vec<Area>) -> Vec<Area> {
    let Some(first) = readings.first() else { return readings };
    let name = land.name_of(*first);
    let pair = readings.len() == 2
        && land.level_of(*first) == Level::Kabupaten
        && readings.iter().all(|area| land.name_of(*area) == name);
    let spoken_of = |word: &str| {
        let of = |class| land.words().is(word, class);
        let kabupaten = of(WordClass::OfKabupaten).then_some(Sort::Kabupaten);
        kabupaten.or_else(|| of(WordClass::OfKota).then_some(Sort::Kota))
    };
    if !pair {
        return readings;
    }
    // "kab/kota Bogor" speaks of both.
    let both = |at: usize| {
        reading.tokens.get(at + 1).is_some_and(|next| next.low == "kota" && next.gap == Gap::Slash)
    };
    let spoken = reading.tokens.iter().enumerate().filter(|(at, _)| !both(*at));
    let mut sorts = spoken.filter_map(|(_, token)| spoken_of(&token.low));
    let Some(sort) = sorts.next() else { return readings };
    if sorts.any(|other| other != sort) {
        return readings;
    }
    let wanted = if sort == Sort::Kota { Kind::Kota } else { Kind::Kabupaten };
    let left: Vec<Area> = readings.iter().copied().filter(|area| land.kind_of(*area) == wanted).collect();
    if left.is_empty() { readings } else { left }
}

/// The one area of several mentions of a tier.
pub(super) fn merge(land: &Gazetteer, told: &[&Told]) -> Option<Area> {
    let mut areas: Vec<(Area, u32)> = Vec::new();
    let alone = told.iter().all(|told| told.listed);
    for one in told.iter().filter(|told| alone || !told.listed) {
        let Some(area) = one.area else { continue };
        match areas.iter_mut().find(|(known, _)| *known == area) {
            Some((_, weight)) => *weight += one.weight,
            None => areas.push((area, one.weight)),
        }
    }
    let all = areas.clone();
    areas.retain(|(area, _)| !all.iter().any(|(other, _)| other != area && land.holds(*area, *other)));
    // What is named around an area speaks for it too.
    for (area, weight) in &mut areas {
        *weight += all
            .iter()
            .filter(|(outer, _)| outer != area && land.holds(*outer, *area))
            .map(|(_, more)| *more)
            .sum::<u32>();
    }
    let (first, rest) = areas.split_first()?;
    if rest.is_empty() {
        return Some(first.0);
    }
    let found: Vec<Area> = areas.iter().map(|(area, _)| *area).collect();
    let shared = common(land, &found);
    if shared.is_some_and(|area| land.level_of(area) >= Level::Kabupaten) {
        return shared;
    }
    if alone {
        return None;
    }
    let most = areas.iter().map(|(_, weight)| *weight).max()?;
    let heavy: Vec<Area> =
        areas.iter().filter(|(_, weight)| *weight == most).map(|(area, _)| *area).collect();
    match heavy[..] {
        [only] => Some(only),
        _ => common(land, &heavy),
    }
}
