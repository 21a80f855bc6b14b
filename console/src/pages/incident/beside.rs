//! Other incidents on the page of one: those that may be the same, and what else happened there.

use alerts::{Incident, IncidentView, MaybeSame, Near, Related};
use lexicons::Lang;
use stream::{Level, RegionCode};

use super::base;
use crate::view::{names, time};

/// Another incident as a line of the page.
pub(super) struct Same {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) place: String,
    pub(super) code: &'static str,
    pub(super) category: String,
    pub(super) status: &'static str,
    pub(super) at: String,
    /// Why it is thought so: place, kind, time.
    pub(super) why: String,
}

/// The line of one that may be the same.
pub(super) fn same_line(lang: Lang, same: &MaybeSame) -> Same {
    let kind = if same.same_category { "category" } else { "neighbour" };
    beside(lang, &same.incident, &[shared(same.near, &same.incident), kind], same.apart_s)
}

/// What stands at the same place and time and is not offered for merging already.
pub(super) fn related(lang: Lang, view: &IncidentView) -> Vec<Same> {
    let offered = |other: &&Related| view.maybe_same.iter().all(|same| same.incident.id != other.incident.id);
    let line = |other: &Related| {
        beside(lang, &other.incident, &[shared(other.near, &other.incident)], other.apart_s)
    };
    view.related.iter().filter(offered).map(line).collect()
}

/// How the place of `other` lies to that of the incident, as a key of `console.same.*`: of one and the same it says how
/// wide that is.
fn shared(near: Near, other: &Incident) -> &'static str {
    match (near, other.place.as_ref().map(RegionCode::level)) {
        (Near::Place, Some(Level::Desa)) => "desa",
        (Near::Place, Some(Level::Kecamatan)) => Near::Kecamatan.as_str(),
        (Near::Place, _) => "kabupaten",
        (near, _) => near.as_str(),
    }
}

/// The line of `other`, with why it stands here: keys of `console.same.*`, and how far apart the two are.
fn beside(lang: Lang, other: &Incident, why: &[&str], apart_s: i64) -> Same {
    let text = |key: &str| lang.get(&format!("console.same.{key}"));
    let time = match apart_s {
        0 => text("overlap").to_owned(),
        apart => lang.fill("console.same.apart", &[("span", &time::span(lang, apart))]),
    };
    let why: Vec<&str> = why.iter().map(|key| text(key)).chain([time.as_str()]).collect();
    Same {
        id: other.id.to_string(),
        href: format!("{}/{}", base(other.queue), other.id),
        place: names::place(lang, other),
        code: other.category.as_str(),
        category: names::category(lang, other.category),
        status: names::status(lang, other.status.as_str()),
        at: time::stamp(lang, other.last_event, other.zone),
        why: why.join(" · "),
    }
}
