//! What tells of a post's place beside its text: where its source is at home, where its author is, what the author says
//! of himself.

use lexicons::gazetteer::{Area, Gazetteer, Near};
use stream::{Part, Post};

use super::{Heard, Resolver};

/// What tells of a post's place beside what it says: the same for every variant of its words.
pub(crate) struct Around<'t> {
    pub(super) home: Vec<Area>,
    pub(super) geo: Option<Near>,
    pub(super) profile: Vec<Heard<'t>>,
}

impl<'t> Around<'t> {
    /// Of `post`.
    pub(crate) fn of(land: &Gazetteer, post: &'t Post) -> Around<'t> {
        let home: Vec<Area> = post.source_region.iter().filter_map(|code| land.area(code)).collect();
        let geo = post.geo.and_then(|geo| land.at(geo.lat, geo.lon));
        let profile = Resolver { land, post }.profile(&home);
        Around { home, geo, profile }
    }
}

impl<'a> Resolver<'_, 'a> {
    /// Bio and name, each helped by the other: "Warga Pakah" with "Mantingan, Ngawi".
    fn profile(&self, home: &[Area]) -> Vec<Heard<'a>> {
        let bio = self.hear(Part::Bio, &[home.to_vec()]);
        let areas: Vec<Area> =
            bio.iter().flat_map(|heard| &heard.told).flat_map(|told| told.readings.clone()).collect();
        let mut name = self.hear(Part::Name, &[areas, home.to_vec()]);
        if let Some(name) = &mut name {
            // A person's name may be a place's: only an office, a marker or a word of place makes it one.
            name.told.retain(|told| {
                told.clue != "name"
                    || name.reading.mentions.iter().any(|m| m.first == told.first && m.located)
            });
        }
        bio.into_iter().chain(name).collect()
    }
}
