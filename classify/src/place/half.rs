//! Beginnings of names: `Kampung Rawa Badak`, where there are but Rawa Badak Utara and Rawa Badak Selatan.
//!
//! Reading finds that the words go on a name and end none; the area around them that the text names tells which.

use lexicons::gazetteer::{Area, Gazetteer, Levels, Says, Sort, WordClass};
use stream::Level;

use super::chain::{Work, highest, linked};
use super::read::{Half, LONGEST, Mention, Reader, Reading, Tier};
use super::tokens::Gap;

/// Fewest letters of a single word that is read as the beginning of a name.
const LETTERS: usize = 5;

impl Reader<'_> {
    /// The beginning of a name behind a marker, which goes on behind the `whole` name found there.
    pub(super) fn half_marked(&self, at: usize, says: Says, whole: Option<&Mention>) -> Option<Mention> {
        let near = matches!(self.gap(at + 1), Gap::Space | Gap::Dot);
        let inner = Levels::KECAMATAN.or(Levels::DESA);
        if !near || says.sort != Sort::Any || says.levels.or(inner) != inner {
            return None;
        }
        let half = self.half(at, at + 1, says.levels, whole)?;
        Some(Mention { tier: self.tier_before(at), marked: true, located: true, ..half })
    }

    /// The beginning of a name of several words behind a word of place: `di Rawa Badak`.
    pub(super) fn half_located(&self, at: usize, whole: Option<&Mention>) -> Option<Mention> {
        let inner = Levels::KECAMATAN.or(Levels::DESA);
        if !self.tokens[at].capital || !self.is(WordClass::Locative, self.before(at)) {
            return None;
        }
        let half = self.half(at, at, inner, whole)?;
        (half.last > at).then_some(Mention { located: true, ..half })
    }

    /// The words from `from` on, if they are capital, go on a name, and more of them do than `whole` holds.
    fn half(&self, first: usize, from: usize, levels: Levels, whole: Option<&Mention>) -> Option<Mention> {
        let mut keys = self.keys();
        let goes_on = |n: &usize| {
            let token = self.tokens.get(from + n).filter(|token| token.capital && !self.shouting);
            let near = |gap| *n == 0 || gap == Gap::Space;
            token.is_some_and(|token| near(token.gap) && self.words().marker(&token.low).is_none())
                && self.goes_on(&mut keys, from, *n)
        };
        let end = from + (0..LONGEST).take_while(goes_on).count();
        let known = whole.map_or(from, |whole| whole.last + 1);
        let letters: usize = self.tokens[from..end].iter().map(|token| token.low.len()).sum();
        if end <= known
            || letters < LETTERS
            || self.name_at(from, levels, true).is_some_and(|name| name.end >= end)
        {
            return None;
        }
        let areas = whole.map(|whole| whole.areas.clone()).unwrap_or_default();
        // "Desa Tiron Banyakan": what follows is the name of the area around.
        if self.lies_around(known, &areas, Levels::ALL) {
            return None;
        }
        let mut mention = self.mention(first, end, areas, Tier::Scene, "name", false);
        (mention.firm, mention.capital) = (false, true);
        mention.half = Some(Half { from, levels });
        Some(mention)
    }
}

/// Completes the name that a mention begins by the areas that are named beside it, elsewhere in the text or in `evidence`.
pub(super) fn complete(land: &Gazetteer, reading: &Reading<'_>, works: &mut [Work], evidence: &[Vec<Area>]) {
    for at in 0..works.len() {
        let Some(half) = works[at].mention.half else { continue };
        let beside = |other: usize| {
            let (one, two) = (at.min(other), at.max(other));
            two - one == 1 && linked(land, reading, &works[one].mention, &works[two].mention).is_some()
        };
        let named = works.iter().enumerate().filter(|(n, work)| *n != at && (work.counts || beside(*n)));
        let named = named.filter(|(_, work)| work.mention.tier != Tier::Origin);
        let named = named.flat_map(|(_, work)| highest(land, &work.mention.areas));
        let begun: Vec<&str> =
            reading.tokens[half.from..=works[at].mention.last].iter().map(|token| &*token.low).collect();
        let begun = begun.join(" ");
        let inside = |around: Vec<Area>| -> Vec<Area> {
            let around = around.into_iter().filter(|area| land.level_of(*area) > Level::Provinsi);
            let mut found: Vec<Area> =
                around.flat_map(|area| begin(land, area, &begun, half.levels)).collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let mut found = inside(named.collect());
        for known in evidence {
            if found.is_empty() {
                found = inside(known.clone());
            }
        }
        if !found.is_empty() {
            works[at].mention.areas = found;
            works[at].counts = true;
        }
    }
}

/// The areas in `around`, at one of `levels`, whose names begin with the words `begun`.
fn begin(land: &Gazetteer, around: Area, begun: &str, levels: Levels) -> Vec<Area> {
    let mut found = Vec::new();
    let mut open = vec![around];
    while let Some(area) = open.pop() {
        for inner in land.inside(area) {
            open.push(inner);
            let begins = |form: &str| {
                let head = form.get(..begun.len()).filter(|head| head.eq_ignore_ascii_case(begun));
                head.is_some() && form[begun.len()..].starts_with(' ')
            };
            if levels.has(land.level_of(inner)) && land.forms_of(inner).any(begins) {
                found.push(inner);
            }
        }
    }
    found
}
