//! Which offices hear of a matter first, and why, and how a plan is put together: pure, by domain.md 2.4, 3.1 and 3.3.

use std::collections::BTreeMap;

use stream::{Category, Level, RegionCode, Role, Severity};

use super::first::first;
use super::matter::{Holders, Matter};
use super::offices::{Line, above, floor, level, line, lowest, office_of, sits_at};
use super::told::{Because, Told, Vacant, Why};
use crate::Office;

/// Collects a plan, each office once.
pub(super) struct Plan<'a, H> {
    matter: &'a Matter,
    holders: &'a H,
    pub(super) told: BTreeMap<Office, Why>,
    not_told: BTreeMap<Office, Why>,
    gaps: BTreeMap<Office, Option<Office>>,
}

/// Who is told first of `matter`.
pub fn first_step<H: Holders>(matter: &Matter, holders: &H) -> Told {
    let Some(place) = &matter.place else { return nobody("no_place") };
    if matter.severity == Severity::Normal {
        return nobody("normal");
    }
    if matter.category == Category::Kf14 {
        return neutrality(matter, holders, place);
    }
    let mut plan = Plan::new(matter, holders);
    plan.villages();
    plan.firsts(place);
    if place.level() <= Level::Kabupaten {
        // Known to the kabupaten at most: the two duty desks, not all villages (domain.md 3.3).
        let why = if place.level() == Level::Provinsi { Why::ProvinsiOnly } else { Why::KabupatenOnly };
        for role in [Role::Kesbangpol, Role::Kapolres] {
            if let Some(office) = office_of(role, place) {
                plan.try_up(office, why);
            }
        }
    }
    if plan.told.is_empty() {
        plan.pillars_above(place);
    }
    if plan.told.is_empty()
        && let Some(office) = office_of(Role::Kesbangpol, place)
    {
        plan.try_up(office, Why::Coordinator);
    }
    plan.done()
}

/// Who is told of the villages that are named once others have been told of `matter`: whoever would be told first there.
pub fn further<H: Holders>(matter: &Matter, holders: &H) -> Told {
    let mut plan = Plan::new(matter, holders);
    if matter.severity > Severity::Normal && matter.category != Category::Kf14 {
        plan.villages();
    }
    // That nobody new may hear is no news: others have.
    Told { nobody: None, ..plan.done() }
}

/// KF-14: Bawaslu's roles alone, and below its office only that an item waits (domain.md 3.3, last row).
fn neutrality<H: Holders>(matter: &Matter, holders: &H, place: &RegionCode) -> Told {
    let mut plan = Plan::new(matter, holders);
    for role in [Role::Pkd, Role::Panwascam] {
        for scene in &matter.scenes {
            plan.waits(role, &scene.place);
        }
        plan.waits(role, place);
    }
    if matter.severity >= Severity::Siaga {
        plan.waits(Role::Bawaslu, place);
    }
    if matter.severity == Severity::Awas {
        plan.try_up(Office::new(Role::Bawaslu, place.cut(Level::Provinsi)), Why::ItemWaits);
    }
    plan.done()
}

/// What an officer of Bawaslu releases is told at this severity at least, whatever it was proposed at.
pub const RELEASED_AT_LEAST: Severity = Severity::Waspada;

/// Who hears of a KF-14 matter once a Bawaslu officer has released it: Bawaslu of the regency, at AWAS of the province too.
pub fn released<H: Holders>(matter: &Matter, holders: &H) -> Told {
    let Some(place) = &matter.place else { return nobody("no_place") };
    let mut plan = Plan::new(matter, holders);
    plan.try_up(Office::new(Role::Bawaslu, place.cut(Level::Kabupaten)), Why::Released);
    if matter.severity == Severity::Awas {
        plan.try_up(Office::new(Role::Bawaslu, place.cut(Level::Provinsi)), Why::Released);
    }
    plan.done()
}

/// Nobody is told, and why, as a code of `alerts.nobody.*`.
pub fn nobody(why: &str) -> Told {
    Told { nobody: Some(why.to_owned()), ..Told::default() }
}

impl<'a, H: Holders> Plan<'a, H> {
    pub(super) fn new(matter: &'a Matter, holders: &'a H) -> Plan<'a, H> {
        Plan { matter, holders, told: BTreeMap::new(), not_told: BTreeMap::new(), gaps: BTreeMap::new() }
    }

    /// Every role of the "First" table at every village that is to be told.
    fn villages(&mut self) {
        for scene in &self.matter.scenes {
            self.firsts(&scene.place);
        }
    }

    /// Every role of the "First" table at `place`.
    fn firsts(&mut self, place: &RegionCode) {
        for first in first(self.matter.category) {
            if first.when.is_none_or(|tag| self.matter.tags.contains(tag)) {
                self.first(first.role, place);
            }
        }
    }

    /// A role of the "First" table, as deep as the place is known.
    fn first(&mut self, role: Role, place: &RegionCode) {
        if place.level() >= level(role) || sits_at(role, place.level()) {
            if let Some(office) = office_of(role, place) {
                self.try_up(office, Why::First);
            }
            return;
        }
        if !self.matter.is_for(role) {
            return;
        }
        // Deeper than the place is known: the same line, one level up; but no pillar's villages are all told.
        let pillar = matches!(line(role), Line::Sipil | Line::Tni | Line::Polri);
        if pillar && place.level() <= Level::Kabupaten {
            return;
        }
        if let Some(higher) = lowest(role, place) {
            let why = if self.matter.several { Why::SeveralVillages } else { Why::OneLevelUp };
            self.try_up(higher, why);
        }
    }

    /// KF-14: that an item waits, to the lowest supervisor the place allows.
    fn waits(&mut self, role: Role, place: &RegionCode) {
        if let Some(office) = office_of(role, place).or_else(|| lowest(role, place)) {
            self.try_up(office, Why::ItemWaits);
        }
    }

    /// Why `office` may not be told, if so.
    fn refused(&self, office: &Office) -> Option<Why> {
        let Matter { category, severity, .. } = self.matter;
        if !self.matter.is_for(office.role) {
            return Some(Why::DoesNotReceive);
        }
        if let Some(why) = self.matter.bars(office) {
            return Some(why);
        }
        if incumbent_bars(office, *category)
            && self.holders.incumbent_runs(&office.region.cut(Level::Kabupaten))
        {
            return Some(Why::Incumbent);
        }
        (*severity < floor(office.role)).then_some(Why::SeverityTooLow)
    }

    /// Tells `office` if it may hear of it and is held; notes what stands against it.
    pub(super) fn offer(&mut self, office: Office, why: Why) -> Option<Why> {
        debug_assert!(sits_at(office.role, office.region.level()));
        if let Some(refused) = self.refused(&office) {
            self.not_told.entry(office).or_insert(refused);
            return Some(refused);
        }
        if !self.holders.holds(&office) {
            self.gaps.entry(office).or_insert(None);
            return Some(Why::Vacant);
        }
        debug_assert!(self.matter.is_for(office.role) && self.matter.severity >= floor(office.role));
        self.told.entry(office).or_insert(why);
        None
    }

    /// Tells `office`; where it is vacant or kept out because of the accused, the next one up in its line.
    fn try_up(&mut self, office: Office, why: Why) {
        let mut at = office;
        let mut reason = why;
        let mut vacant: Vec<Office> = Vec::new();
        loop {
            let next_reason = match self.offer(at.clone(), reason) {
                None => {
                    for gap in vacant {
                        self.gaps.insert(gap, Some(at.clone()));
                    }
                    return;
                }
                Some(Why::Vacant) => {
                    vacant.push(at.clone());
                    Why::ForVacant
                }
                Some(Why::Accused | Why::AccusedChain | Why::AccusedLevel) => Why::AboveAccused,
                Some(Why::Incumbent) => Why::AboveIncumbent,
                // What the role never receives, no higher one of its line hears in its stead.
                Some(_) => return,
            };
            // KF-14 keeps its reason: who hears that an item waits hears no more higher up.
            reason = if why == Why::ItemWaits { why } else { next_reason };
            match above(&at) {
                Some(higher) => at = higher,
                None => return,
            }
        }
    }

    /// Everyone was kept out: the other pillars, one level above whoever is accused.
    fn pillars_above(&mut self, place: &RegionCode) {
        if self.matter.accused.is_empty() {
            return;
        }
        for role in [Role::Kapolsek, Role::Danramil, Role::Camat] {
            let office = office_of(role, place).or_else(|| office_of(role, &place.cut(Level::Kecamatan)));
            if let Some(office) = office {
                self.try_up(office, Why::AboveAccused);
            }
        }
    }

    pub(super) fn done(self) -> Told {
        let because = |(office, why): (Office, Why)| Because { office, why, silent: None };
        let told: Vec<Because> = self.told.into_iter().map(because).collect();
        let nobody = told.is_empty().then(|| "nobody_may_or_holds".to_owned());
        let gaps = self.gaps.into_iter().map(|(office, instead)| Vacant { office, instead }).collect();
        Told {
            told,
            not_told: self.not_told.into_iter().map(because).collect(),
            gaps,
            nobody,
            ..Told::default()
        }
    }
}

/// The incumbent rule of domain.md 3.3: the head's offices are off KF-06 to KF-11 and KF-14;
/// Kesbangpol of the regency gets counts only.
fn incumbent_bars(office: &Office, category: Category) -> bool {
    let named = category >= Category::Kf06 && category <= Category::Kf11 || category == Category::Kf14;
    let head = matches!(office.role, Role::Bupati | Role::Sekda | Role::Diskominfo | Role::Kesbangpol);
    named && head && office.region.level() == Level::Kabupaten
}
