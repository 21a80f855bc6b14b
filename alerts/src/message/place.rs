//! How the place of a matter is said: the region around it, then the villages in it that its posts name.

use lexicons::{Lang, gazetteer::Gazetteer};
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

/// `place`, as it is written, with the villages in it: `Kec. Geger, Kab. Madiun: Ds. Sangen, Ds. Kaibon`. Of a village
/// that was named after a person had decided it is said that nobody has looked.
pub fn with_villages(lang: Lang, place: String, scenes: &[Scene]) -> String {
    if scenes.is_empty() {
        return place;
    }
    let village = |scene: &Scene| match scene.later {
        true => lang.fill("alerts.message.not_looked", &[("village", &village(&scene.place))]),
        false => village(&scene.place),
    };
    format!("{place}: {}", scenes.iter().map(village).collect::<Vec<_>>().join(", "))
}

/// A village's name alone, with its kind: `Ds. Sangen`.
pub fn village(code: &RegionCode) -> String {
    Gazetteer::in_use().kind_and_name(code).unwrap_or_else(|| code.to_string())
}
