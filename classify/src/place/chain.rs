//! Mentions that stand side by side: one lies in the other, or they are a list.

use lexicons::gazetteer::{Area, Gazetteer, NameKey, WordClass};
use stream::Level;

use super::read::{Mention, Reading, Tier};
use super::tokens::Gap;

/// A mention on its way to be counted or dropped.
pub(super) struct Work {
    pub(super) mention: Mention,
    pub(super) counts: bool,
    pub(super) chained: bool,
    pub(super) listed: bool,
}

/// Those of `areas` on the highest level.
pub(super) fn highest(land: &Gazetteer, areas: &[Area]) -> Vec<Area> {
    let top = areas.iter().map(|area| land.level_of(*area)).min();
    areas.iter().copied().filter(|area| Some(land.level_of(*area)) == top).collect()
}

pub(super) fn related(land: &Gazetteer, one: Area, other: Area) -> bool {
    land.holds(one, other) || land.holds(other, one)
}

/// How two mentions that follow each other stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Side by side: "Uteran Geger".
    Next,
    /// With a comma or another mark between them.
    Mark,
    /// "Tiron wilayah Madiun".
    Inside,
    /// "Waru dan Pasean".
    And,
    /// "Waru vs Pasean".
    Or,
}

/// How two mentions that follow each other stand together, if they do.
pub(super) fn linked(
    land: &Gazetteer,
    reading: &Reading<'_>,
    before: &Mention,
    behind: &Mention,
) -> Option<Link> {
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
        [] if close(gap) => Some(if gap == Gap::Space { Link::Next } else { Link::Mark }),
        [word] if close(gap) && close(word.gap) => {
            let links = |class| land.words().is(&word.low, class);
            let inside = links(WordClass::LinkIn).then_some(Link::Inside);
            let and = || links(WordClass::LinkAnd).then_some(Link::And);
            inside.or_else(and).or_else(|| links(WordClass::LinkOr).then_some(Link::Or))
        }
        _ => None,
    }
}

/// Narrows the mention at `at` and the one before it where one lies in the other; marks regions listed side by side.
pub(super) fn chain(land: &Gazetteer, reading: &Reading<'_>, works: &mut [Work], at: usize) {
    let (left, right) = works.split_at_mut(at);
    let (Some(one), Some(two)) = (left.last_mut(), right.first_mut()) else { return };
    let Some(link) = linked(land, reading, &one.mention, &two.mention) else { return };
    let inside = |inner: &[Area], outer: &[Area]| {
        inner.iter().any(|x| outer.iter().any(|y| x != y && land.holds(*y, *x)))
    };
    let rising = inside(&one.mention.areas, &two.mention.areas);
    let falling = inside(&two.mention.areas, &one.mention.areas);
    if matches!(link, Link::And | Link::Or) || !rising && !falling {
        let wide = |work: &Work| {
            highest(land, &work.mention.areas)
                .first()
                .is_some_and(|area| land.level_of(*area) <= Level::Kabupaten)
        };
        let route = reading.tokens[two.mention.first].gap == Gap::Hyphen;
        if route || wide(one) && wide(two) && !matches!(link, Link::Next | Link::Inside) {
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
    let able = able && (outer.counts || outer.mention.chains);
    let beside = || rising && link == Link::Next && side_by_side(land, &inner.mention, &outer.mention);
    if !(able || beside()) {
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

/// "warga uteran geger": a name and, right behind it, that of the kecamatan that it lies in, be that a word like others.
fn side_by_side(land: &Gazetteer, inner: &Mention, outer: &Mention) -> bool {
    let kept = |area: &Area| outer.areas.iter().any(|outer| outer != area && land.holds(*outer, *area));
    // "di krembangan taman bunga": what is a kecamatan by itself needs more than a word behind it.
    let own = !highest(land, &inner.areas).iter().any(kept);
    let plain = outer.ordinary && !outer.capital;
    inner.chains && (outer.capital || !inner.ordinary) && !(own && plain)
}

/// "Jakarta Bogor Depok Bekasi": three towns in a row, none in another, are a list.
pub(super) fn listed(land: &Gazetteer, reading: &Reading<'_>, works: &mut [Work]) {
    let wide = |work: &Work| {
        let top = highest(land, &work.mention.areas);
        !work.chained && top.first().is_some_and(|area| land.level_of(*area) <= Level::Kabupaten)
    };
    let row = |three: &[Work]| {
        let linked =
            three.windows(2).all(|two| linked(land, reading, &two[0].mention, &two[1].mention).is_some());
        linked && three.iter().all(wide)
    };
    let starts: Vec<usize> =
        works.windows(3).enumerate().filter(|(_, three)| row(three)).map(|(at, _)| at).collect();
    for at in starts {
        works[at..at + 3].iter_mut().for_each(|work| work.listed = true);
    }
}

/// "Tembung, Percut": the parent is Percut Sei Tuan.
pub(super) fn half_named_parent(land: &Gazetteer, reading: &Reading<'_>, work: &mut Work) {
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
