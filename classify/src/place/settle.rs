//! From the mentions of one text to one area: chains first, then what else tells, then the choice between several.

use lexicons::gazetteer::{Area, Gazetteer, Kind, NameKey, Sort, WordClass};
use stream::Level;

use super::read::{Mention, Reading, Tier};
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

/// Those of `areas` on the highest level.
fn highest(land: &Gazetteer, areas: &[Area]) -> Vec<Area> {
    let top = areas.iter().map(|area| land.level_of(*area)).min();
    areas.iter().copied().filter(|area| Some(land.level_of(*area)) == top).collect()
}

fn related(land: &Gazetteer, one: Area, other: Area) -> bool {
    land.holds(one, other) || land.holds(other, one)
}

/// A mention on its way to be counted or dropped.
struct Work {
    mention: Mention,
    counts: bool,
    chained: bool,
    listed: bool,
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
        let side_by_side = before.tier == Tier::Origin
            && linked(reading, before, behind) == Some("and")
            && matches!(reading.tokens[behind.first - 1].low.as_ref(), "dan" | "sama" | "maupun" | "karo");
        if side_by_side && !behind.located {
            works[at].mention.tier = Tier::Origin;
        }
    }
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
    works.retain(|work| work.counts);
    weigh(land, reading, works, evidence)
}

/// How two mentions that follow each other stand together, if they do.
fn linked(reading: &Reading<'_>, before: &Mention, behind: &Mention) -> Option<&'static str> {
    // "#NgawiRamah #Ngawi" names one area twice.
    let again =
        before.areas == behind.areas && (before.tier == Tier::Hashtag || behind.tier == Tier::Hashtag);
    if before.tier == Tier::Dateline || again {
        return None;
    }
    let between = &reading.tokens[before.last + 1..behind.first];
    let close = |gap: Gap| {
        matches!(gap, Gap::Space | Gap::Comma | Gap::Paren | Gap::Hyphen | Gap::Slash | Gap::Dash | Gap::Dot)
    };
    let gap = reading.tokens[behind.first].gap;
    match between {
        [] if close(gap) => Some(if gap == Gap::Space { "next" } else { "comma" }),
        [word] if close(gap) && close(word.gap) => match &*word.low {
            "di" | "wil" | "wilayah" | "yang" | "nang" | "ning" => Some("next"),
            "dan" | "vs" | "atau" | "sama" | "lawan" | "maupun" | "versus" | "karo" => Some("and"),
            _ => None,
        },
        _ => None,
    }
}

/// Narrows the mention at `at` and the one before it where one lies in the other; marks regions listed side by side.
fn chain(land: &Gazetteer, reading: &Reading<'_>, works: &mut [Work], at: usize) {
    let (left, right) = works.split_at_mut(at);
    let (Some(one), Some(two)) = (left.last_mut(), right.first_mut()) else { return };
    let Some(link) = linked(reading, &one.mention, &two.mention) else { return };
    let inside = |inner: &[Area], outer: &[Area]| {
        inner.iter().any(|x| outer.iter().any(|y| x != y && land.holds(*y, *x)))
    };
    let rising = inside(&one.mention.areas, &two.mention.areas);
    let falling = inside(&two.mention.areas, &one.mention.areas);
    if link == "and" || !rising && !falling {
        let wide = |work: &Work| {
            highest(land, &work.mention.areas)
                .first()
                .is_some_and(|area| land.level_of(*area) <= Level::Kabupaten)
        };
        let route = reading.tokens[two.mention.first].gap == Gap::Hyphen;
        if route || wide(one) && wide(two) && link != "next" {
            one.listed = true;
            two.listed = true;
        }
        return;
    }
    let (inner, outer) = if rising { (one, two) } else { (two, one) };
    let able = inner.counts || inner.mention.chains && outer.counts;
    let wide =
        highest(land, &outer.mention.areas).iter().all(|area| land.level_of(*area) <= Level::Kabupaten);
    let hopeful = inner.mention.hopeful && (outer.mention.hopeful || wide);
    let able = able || outer.mention.chains && inner.mention.chains && hopeful;
    if !able || !(outer.counts || outer.mention.chains) {
        return;
    }
    let outers = outer.mention.areas.clone();
    inner.mention.areas.retain(|x| outers.iter().any(|y| x != y && land.holds(*y, *x)));
    let inners = &inner.mention.areas;
    outer.mention.areas.retain(|y| inners.iter().any(|x| x != y && land.holds(*y, *x)));
    // Polsek X, Kab. Y is one scene; "dari X, Y" is one origin.
    let tiers = (inner.mention.tier, outer.mention.tier);
    let origin = tiers.0 == Tier::Origin || tiers.1 == Tier::Origin;
    let tier = if origin { Tier::Origin } else { tiers.0.min(tiers.1) };
    for work in [inner, outer] {
        work.mention.tier = tier;
        work.counts = true;
        work.chained = true;
    }
}

/// "Jakarta Bogor Depok Bekasi": three towns in a row, none in another, are a list.
fn listed(land: &Gazetteer, reading: &Reading<'_>, works: &mut [Work]) {
    let wide = |work: &Work| {
        let top = highest(land, &work.mention.areas);
        !work.chained && top.first().is_some_and(|area| land.level_of(*area) <= Level::Kabupaten)
    };
    let row = |three: &[Work]| {
        let linked = three.windows(2).all(|two| linked(reading, &two[0].mention, &two[1].mention).is_some());
        linked && three.iter().all(wide)
    };
    let starts: Vec<usize> =
        works.windows(3).enumerate().filter(|(_, three)| row(three)).map(|(at, _)| at).collect();
    for at in starts {
        works[at..at + 3].iter_mut().for_each(|work| work.listed = true);
    }
}

/// "Tembung, Percut": the parent is Percut Sei Tuan.
fn half_named_parent(land: &Gazetteer, reading: &Reading<'_>, work: &mut Work) {
    if work.chained || !work.mention.chains {
        return;
    }
    let Some(next) = reading.tokens.get(work.mention.last + 1) else { return };
    let known = land.is_name(NameKey::of(&next.low)) && !land.tells_place(&next.low);
    if next.low.len() < 5 || known || !matches!(next.gap, Gap::Space | Gap::Comma) || !next.capital {
        return;
    }
    let fits = |area: &Area| {
        let parent = land.parent_of(*area).map(|parent| land.name_of(parent).to_lowercase());
        parent.is_some_and(|name| name.strip_prefix(&*next.low).is_some_and(|rest| rest.starts_with(' ')))
    };
    let found: Vec<Area> = work.mention.areas.iter().copied().filter(fits).collect();
    if !found.is_empty() {
        work.mention.areas = found;
        work.counts = true;
        work.chained = true;
    }
}

/// A weak mention counts when a parent is named elsewhere; an ordinary name when a child is.
fn by_parent_elsewhere(land: &Gazetteer, works: &mut [Work], evidence: &[Vec<Area>]) {
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
    let tell = |(n, work): (usize, Work)| {
        let mut readings = highest(land, &work.mention.areas);
        let others: Vec<Area> = sure.iter().filter(|(other, _)| *other != n).map(|(_, area)| *area).collect();
        for known in std::iter::once(&others).chain(evidence) {
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
