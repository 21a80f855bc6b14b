//! How the place of a matter is said: the region around it, then the villages in it that its posts name.

use lexicons::{Lang, gazetteer::Gazetteer};
use serde::Serialize;
use stream::{Category, Level, RegionCode};

use crate::{Incident, Scene};

/// The place of a matter cut to what may be said of it: KF-14 says the kecamatan at most.
pub(crate) fn sayable(category: Category, place: &RegionCode) -> RegionCode {
    if category == Category::Kf14 { place.cut(Level::Kecamatan) } else { place.clone() }
}

/// The villages of a matter as far as they may be said of it.
pub(crate) fn sayable_scenes(incident: &Incident) -> &[Scene] {
    if incident.category == Category::Kf14 { &[] } else { &incident.scenes }
}

/// `place`, written as `said`, with the villages that are told of: `Kec. Geger, Kab. Madiun: Desa Sangen, Desa Kaibon`;
/// where it is itself the first of them, the reader's own, `Desa Sangen, Kec. Geger, Kab. Madiun, juga Desa Kaibon`. Of a
/// village that was named after a person had decided it is said that nobody has looked, and beyond them also
/// which a registered reporter tells of, where he does not of all.
pub fn with_villages(lang: Lang, place: &RegionCode, said: String, scenes: &[Scene]) -> String {
    let marked = |scene: &Scene, said: String| match scene.later {
        true => lang.fill("alerts.message.not_looked", &[("village", &said)]),
        false => said,
    };
    let named = |scenes: &[Scene]| {
        let villages = scenes.iter().map(|scene| marked(scene, village(&scene.place)));
        villages.collect::<Vec<_>>().join(", ")
    };
    match scenes {
        [] => said,
        [own] if own.place == *place => marked(own, said),
        [own, others @ ..] if own.place == *place => {
            let (own, others) = (marked(own, said), named(others));
            lang.fill("alerts.message.own_village", &[("place", &own), ("villages", &others)])
        }
        _ => {
            let all = scenes.iter().all(|scene| scene.reporter);
            let by_reporter = |scene: &Scene| match scene.reporter && !all {
                true => lang.fill("alerts.message.by_reporter", &[("village", &village(&scene.place))]),
                false => village(&scene.place),
            };
            let villages = scenes.iter().map(|scene| marked(scene, by_reporter(scene)));
            format!("{said}: {}", villages.collect::<Vec<_>>().join(", "))
        }
    }
}

/// What is not sure of the place of a matter, in the words of its posts: a name alone, never what stands around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// What a post calls a place that several bear, where that of the matter is the region around them all, a guess; empty
    /// where its words are not known.
    pub guess: Option<String>,
    /// The villages and hamlets that posts name and that no list has.
    pub unlisted: Vec<String>,
}

impl Doubt {
    /// `place`, written as `said`, with what is not sure of it; who is told of one village hears no other name beside it.
    pub fn said(&self, lang: Lang, place: Option<&RegionCode>, said: String) -> String {
        let key = |key: &str| format!("alerts.message.{key}");
        let said = match self.guess.as_deref() {
            None => said,
            Some("") => lang.fill(&key("unsure"), &[("place", &said)]),
            Some(words) => lang.fill(&key("unsure_named"), &[("place", &said), ("words", words)]),
        };
        if self.unlisted.is_empty() || place.is_some_and(|place| place.level() == Level::Desa) {
            return said;
        }
        let words = self.unlisted.iter().map(|words| format!("\"{words}\"")).collect::<Vec<_>>().join(", ");
        lang.fill(&key("unlisted"), &[("place", &said), ("words", &words)])
    }
}

/// A village's name alone, with its kind: `Ds. Sangen`.
pub fn village(code: &RegionCode) -> String {
    Gazetteer::in_use().kind_and_name(code).unwrap_or_else(|| code.to_string())
}

/// The villages that a remark names by their codes, in words: `Desa Sangen, Desa Kaibon`.
pub fn villages(remark: &str) -> String {
    let named = remark.split(' ').filter_map(|code| RegionCode::parse(code).ok());
    named.map(|code| village(&code)).collect::<Vec<_>>().join(", ")
}
