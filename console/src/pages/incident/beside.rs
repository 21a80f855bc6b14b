//! Other incidents on the page of one: those that may be the same, and what else happened there.

use alerts::{Incident, IncidentView, MaybeSame, Near, Related, Scene};
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
pub(super) fn same_line(lang: Lang, own: &Incident, same: &MaybeSame) -> Same {
    let why = [shared(same.near, own, &same.incident), same.kinship.as_str()];
    beside(lang, &same.incident, &why, same.apart_s)
}

/// What stands at the same place and time and is not offered for merging already.
pub(super) fn related(lang: Lang, view: &IncidentView) -> Vec<Same> {
    let offered = |other: &&Related| view.maybe_same.iter().all(|same| same.incident.id != other.incident.id);
    let line = |other: &Related| {
        let near = shared(other.near, &view.incident, &other.incident);
        beside(lang, &other.incident, &[near], other.apart_s)
    };
    view.related.iter().filter(offered).map(line).collect()
}

/// How the place of `other` lies to that of the incident `own`, as a key of `console.same.*`: of one and the same it says
/// how wide that is; where one of the two is as wide as it is because its posts name villages, which of them it is.
fn shared(near: Near, own: &Incident, other: &Incident) -> &'static str {
    let names = |wide: &Incident, place: &Incident| {
        let is_place = |scene: &Scene| Some(&scene.place) == place.place.as_ref();
        (!wide.scenes.is_empty()).then(|| wide.scenes.iter().any(is_place))
    };
    match (near, other.place.as_ref().map(RegionCode::level)) {
        (Near::Around, _) if names(other, own) == Some(true) => "names_this",
        (Near::Around, _) if names(other, own) == Some(false) => "names_others",
        (Near::Inside, _) if names(own, other) == Some(true) => "named_here",
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

#[cfg(test)]
mod tests {
    use stream::{Category, Severity};

    use super::*;
    use crate::fixture;

    #[test]
    fn of_a_matter_whose_villages_are_named_nobody_says_that_only_the_region_around_is_known() {
        let of = |place: &str| fixture::incident(1, Category::Kf01, Severity::Siaga, Some(place));
        let (village, mut wide) = (of("62.10.02.1012"), of("62.10.02"));
        let why = |near, own: &Incident, other: &Incident| {
            let text = |lang: Lang| lang.get(&format!("console.same.{}", shared(near, own, other)));
            (text(Lang::Id), text(Lang::En))
        };
        let said = why(Near::Around, &village, &wide);
        assert_eq!(said.0, "hanya diketahui sampai wilayah di sekelilingnya");
        wide.scenes = vec![fixture::scene("62.10.02.1012", 1), fixture::scene("62.10.02.2003", 1)];
        let said = why(Near::Around, &village, &wide);
        assert_eq!(said.0, "unggahannya menyebut desa ini juga");
        assert_eq!(why(Near::Inside, &wide, &village).0, "salah satu desa yang disebut insiden ini");
        let third = of("62.10.02.2004");
        assert_eq!(
            why(Near::Around, &third, &wide).0,
            "unggahannya menyebut desa lain di wilayah di sekelilingnya"
        );
        assert_eq!(why(Near::Inside, &wide, &third).0, "di dalam wilayah ini");
    }
}
