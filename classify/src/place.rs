//! Where a post happens: the deepest area that its words and its metadata support, and no deeper.
//!
//! GUIDE.md is the authority. In order: the scene that the text names (with markers, chains, hashtags), else the area
//! of an office it names, else its dateline, else where somebody comes from; then the geo point, the author's profile
//! and the home region of the source. A bare name is read at the highest level that bears it. What the evidence does
//! not decide is listed as candidates; a village is never guessed.

mod around;
mod bare;
mod chain;
mod half;
mod marker;
mod name;
mod office;
mod parents;
mod pass;
mod piece;
mod read;
mod settle;
mod signs;
mod tokens;

use lexicons::gazetteer::{Area, Gazetteer};
use stream::{Candidate, Channel, Clue, Level, Part, Place, Post, Span, Zone};

pub(crate) use around::Around;
pub(crate) use piece::Words;
use read::{Reading, Tier};
use settle::Told;
use tokens::Tokens;

/// How many candidates are listed at most.
const CANDIDATES: usize = 8;

/// The place of `post`.
pub fn resolve(land: &Gazetteer, post: &Post) -> Place {
    resolve_beside(land, post, &Around::of(land, post), &Words::of(land, &post.text))
}

/// As [`resolve`], where the words of the text are known already, and what else tells of the place.
pub(crate) fn resolve_beside(land: &Gazetteer, post: &Post, around: &Around<'_>, words: &Words<'_>) -> Place {
    Resolver { land, post }.resolve(around, words)
}

struct Resolver<'l, 'a> {
    land: &'l Gazetteer,
    post: &'a Post,
}

/// One part of the post, read.
struct Heard<'t> {
    part: Part,
    reading: Reading<'t>,
    told: Vec<Told>,
}

/// What has been decided so far.
#[derive(Default)]
struct Decision {
    area: Option<Area>,
    tier: Option<Tier>,
    candidates: Vec<Area>,
}

impl<'a> Resolver<'_, 'a> {
    fn resolve(&self, known: &Around<'_>, words: &Words<'_>) -> Place {
        let Around { home, geo, profile } = known;
        let around: Vec<Area> =
            profile.iter().flat_map(|heard| &heard.told).flat_map(|told| told.readings.clone()).collect();
        let near: Vec<Area> = geo.iter().map(|near| self.land.cut(near.area, Level::Kabupaten)).collect();
        let text = self.heard(Part::Text, Tokens::Known(&words.0), &[near, around.clone(), home.clone()]);
        let mut decision = self.decide(&text.told);
        let mut extra = Vec::new();
        if decision.area.is_none() && decision.candidates.is_empty() {
            for part in self.context_parts() {
                if let Some(heard) = self.hear(part, &[around.clone(), home.clone()])
                    && decision.area.is_none()
                {
                    decision = self.decide(&heard.told);
                    extra.push(heard);
                }
            }
        }
        let abroad = decision.area.is_none() && text.reading.abroad;
        let mut clues = Vec::new();
        if let Some(near) = geo {
            let deeper = decision.area.is_none_or(|area| self.deepens(area, near.area));
            let weak = decision.tier.is_some_and(|tier| tier >= Tier::Office);
            if deeper || weak {
                decision = Decision { area: Some(near.area), tier: None, candidates: near.others.clone() };
                clues.push(Clue { kind: "geo".to_owned(), span: None, code: self.land.code_of(near.area) });
            }
        }
        if !abroad {
            self.by_profile(&mut decision, profile);
        }
        if decision.area.is_none()
            && !abroad
            && decision.candidates.is_empty()
            && let Some(home) = home.first()
        {
            decision.area = Some(*home);
            clues.push(Clue { kind: "source".to_owned(), span: None, code: self.land.code_of(*home) });
        }
        let heard = std::iter::once(&text).chain(&extra).chain(profile);
        clues.extend(heard.flat_map(|heard| self.clues(heard, &decision)));
        self.place(&decision, clues, &text)
    }

    /// Whether a geo point in `near` tells more than the scene that the text names: from a kecamatan on only where a
    /// registered reporter stands, since others mark a spot that stands for the whole of it.
    fn deepens(&self, scene: Area, near: Area) -> bool {
        let wide = self.land.level_of(scene) <= Level::Kabupaten;
        let reporter = || self.post.author.as_ref().is_some_and(|author| author.verified_reporter);
        scene == near || self.land.holds(scene, near) && (wide || reporter())
    }

    /// The mentions of one part that count.
    fn hear(&self, part: Part, evidence: &[Vec<Area>]) -> Option<Heard<'a>> {
        let words = tokens::tokens(self.land, part.of(self.post)?);
        Some(self.heard(part, Tokens::Own(words), evidence))
    }

    /// As [`Resolver::hear`] of a part whose words are known.
    fn heard<'t>(&self, part: Part, words: Tokens<'t>, evidence: &[Vec<Area>]) -> Heard<'t> {
        let reading = read::read(self.land, words);
        let mut evidence = evidence.to_vec();
        evidence.push(self.by_zone(&reading));
        evidence.push(self.by_tongue(&reading));
        let told = settle::told(self.land, &reading, &evidence);
        Heard { part, reading, told }
    }

    fn context_parts(&self) -> Vec<Part> {
        let media = self.post.context.as_ref().map_or(0, |context| context.media_text.len());
        let media = (0..media).map(|n| Part::Media(n as u16));
        media.chain([Part::Quoted, Part::ReplyTo, Part::ThreadRoot]).collect()
    }

    /// The provinces of the zone that the text tells ("23.10 WITA").
    fn by_zone(&self, reading: &Reading<'_>) -> Vec<Area> {
        let Some(zone) = zone_word(reading) else { return Vec::new() };
        let provinces = self.land.provinces();
        let areas = provinces.iter().filter_map(|code| self.land.area(code));
        areas.filter(|area| self.land.zone_of(*area) == zone).collect()
    }

    /// The provinces of the tongue that the text is in, if it tells.
    fn by_tongue(&self, reading: &Reading<'_>) -> Vec<Area> {
        let words = self.land.words();
        let mut counts = vec![0; words.spoken().len()];
        let mut heard: Vec<&str> = Vec::new();
        for token in reading.tokens.iter().filter(|token| !token.plain) {
            let tongues = words.tongues(&token.low);
            if !tongues.is_empty() && !heard.contains(&&*token.low) {
                heard.push(&token.low);
                tongues.iter().for_each(|tongue| counts[*tongue] += 1);
            }
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        if most < 3 {
            return Vec::new();
        }
        let told = words.spoken().iter().zip(&counts).filter(|(_, n)| **n == most);
        told.flat_map(|(provinces, _)| provinces).filter_map(|code| self.land.area(code)).collect()
    }

    /// The first tier that tells decides; hashtags and offices inside it make it deeper.
    fn decide(&self, told: &[Told]) -> Decision {
        let mut decision = Decision::default();
        for tier in [Tier::Scene, Tier::Hashtag, Tier::Office, Tier::Dateline, Tier::Origin] {
            let of_tier: Vec<&Told> = told.iter().filter(|told| told.tier == tier).collect();
            let found = settle::merge(self.land, &of_tier);
            match (decision.area, found) {
                (None, Some(area)) => {
                    decision.area = Some(area);
                    decision.tier = Some(tier);
                    decision.candidates = unsure(self.land, &of_tier, area);
                }
                (None, None) if decision.candidates.is_empty() => {
                    decision.candidates = of_tier
                        .first()
                        .filter(|told| told.area.is_none())
                        .map(|told| told.readings.clone())
                        .unwrap_or_default();
                }
                (Some(area), Some(deeper)) if matches!(tier, Tier::Hashtag | Tier::Office) => {
                    let wide = self.land.level_of(area) <= Level::Kabupaten;
                    if wide && deeper != area && self.land.holds(area, deeper) {
                        decision.area = Some(deeper);
                        decision.candidates = unsure(self.land, &of_tier, deeper);
                    }
                }
                _ => {}
            }
        }
        decision
    }

    /// The author's profile: the place when nothing else tells one; in a field note the reporter's own area, when it
    /// lies in the kabupaten that the note names.
    fn by_profile(&self, decision: &mut Decision, profile: &[Heard<'_>]) {
        let told: Vec<Told> = profile.iter().flat_map(|heard| heard.told.clone()).collect();
        let own = self.decide(&told);
        let Some(area) = own.area else { return };
        match decision.area {
            None if decision.candidates.is_empty()
                || decision.candidates.iter().any(|known| self.land.holds(area, *known)) =>
            {
                *decision = own;
            }
            Some(known) => {
                let office = told.iter().any(|told| told.tier == Tier::Office && told.area == Some(area));
                let note = self.post.channel == Channel::Lapangan;
                let wide = self.land.level_of(known) <= Level::Kabupaten;
                if office && note && wide && area != known && self.land.holds(known, area) {
                    *decision = own;
                }
            }
            None => {}
        }
    }

    fn clues(&self, heard: &Heard<'_>, decision: &Decision) -> Vec<Clue> {
        let Some(chosen) = decision.area else { return Vec::new() };
        let on_the_way = |area: Area| self.land.holds(area, chosen) || self.land.holds(chosen, area);
        let profile = matches!(heard.part, Part::Bio | Part::Name);
        let told = || heard.told.iter().filter(|told| told.area.is_some_and(on_the_way));
        let elsewhere = told().any(|told| told.tier != Tier::Origin);
        told()
            .filter_map(|told| {
                let (first, last) =
                    (heard.reading.tokens.get(told.first)?, heard.reading.tokens.get(told.last)?);
                let span = Span { part: heard.part, start: first.start, end: last.end };
                let kind = match told.tier {
                    _ if profile => "bio",
                    // Where people come from is not where it happens, unless nothing else tells a place.
                    Tier::Origin if elsewhere => "origin",
                    _ => told.clue,
                };
                Some(Clue { kind: kind.to_owned(), span: Some(span), code: self.land.code_of(told.area?) })
            })
            .collect()
    }

    fn place(&self, decision: &Decision, clues: Vec<Clue>, text: &Heard<'_>) -> Place {
        let zone = decision.area.map(|area| self.land.zone_of(area));
        let told = || zone_word(&text.reading);
        let listed = &decision.candidates[..decision.candidates.len().min(CANDIDATES)];
        let share = if listed.is_empty() { 0.0 } else { 1.0 / listed.len() as f64 };
        Place {
            code: decision.area.map(|area| self.land.code_of(area)),
            zone: zone.or_else(told).unwrap_or_default(),
            clues,
            candidates: listed
                .iter()
                .map(|area| Candidate { code: self.land.code_of(*area), share })
                .collect(),
            // Where the village is known, its hamlet is no riddle.
            hamlets: match decision.area.map(|area| self.land.level_of(area)) {
                Some(Level::Desa) => Vec::new(),
                _ => hamlets(text),
            },
        }
    }
}

/// The words by which a part names hamlets.
fn hamlets(heard: &Heard<'_>) -> Vec<Span> {
    let token = |at: usize| heard.reading.tokens.get(at);
    let spans = heard.reading.hamlets.iter().filter_map(|(first, last)| {
        Some(Span { part: heard.part, start: token(*first)?.start, end: token(*last)?.end })
    });
    spans.collect()
}

/// The readings behind a common ancestor that was taken for want of a choice.
fn unsure(land: &Gazetteer, told: &[&Told], area: Area) -> Vec<Area> {
    let open = told.iter().find(|told| told.area == Some(area) && told.readings.len() > 1);
    let readings = open.map(|told| told.readings.clone()).unwrap_or_default();
    readings.into_iter().filter(|reading| land.holds(area, *reading)).collect()
}

/// The zone that a text names behind a time.
fn zone_word(reading: &Reading<'_>) -> Option<Zone> {
    reading.tokens.iter().find_map(|token| match &*token.low {
        "wib" => Some(Zone::Wib),
        "wita" => Some(Zone::Wita),
        "wit" => Some(Zone::Wit),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
