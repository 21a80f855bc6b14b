//! Places to choose from where a person sets one: the nearest to the matter first, and what lies elsewhere asked twice.

use alerts::IncidentView;
use lexicons::Lang;
use stream::{Level, RegionCode};

use super::names;
use super::post::PlaceLine;

/// The regions a search by name finds, as lines to choose from.
pub(crate) fn found_places(lang: Lang, found: &[RegionCode]) -> Vec<PlaceLine> {
    let line = |code: &RegionCode| PlaceLine {
        code: code.to_string(),
        name: names::region(code),
        why: lang.get(&format!("console.level.{}", names::level(code))).to_owned(),
    };
    found.iter().map(line).collect()
}

/// Puts what is `found` in the order of nearness to the matter of `view`: its own kabupaten, the reader's `own` regions,
/// the kabupaten that words of its posts point at, then the rest; of one nearness as they were found.
pub(crate) fn by_nearness(found: &mut [RegionCode], view: &IncidentView, own: &[RegionCode]) {
    let shares = |code: &RegionCode, other: &RegionCode| other.contains(code) || code.contains(other);
    let kabupaten = |code: &RegionCode| code.cut(Level::Kabupaten);
    let place = view.incident.place.as_ref().map(kabupaten);
    let clues = view.posts.iter().flat_map(|post| {
        let candidates = post.signal().map(|signal| signal.place.candidates.as_slice()).unwrap_or_default();
        let clues = post.clues.iter().map(|clue| &clue.code);
        clues.chain(candidates.iter().map(|candidate| &candidate.code))
    });
    let clues: Vec<RegionCode> = clues.map(kabupaten).collect();
    found.sort_by_cached_key(|code| {
        let near = [
            place.as_ref().is_some_and(|place| shares(code, place)),
            own.iter().any(|own| shares(code, own)),
            clues.iter().any(|clue| shares(code, clue)),
        ];
        near.iter().position(|near| *near).unwrap_or(near.len())
    });
}

/// Whether `code` lies outside of the kabupaten where a matter lay so far; of one that lay nowhere nothing does.
pub(crate) fn lies_outside(place: Option<&RegionCode>, code: &RegionCode) -> bool {
    let around = place.map(|place| place.cut(Level::Kabupaten));
    around.is_some_and(|around| !around.contains(code) && !code.contains(&around))
}

/// A place outside of the kabupaten of a matter that is to be set there: the question, and the button that answers it.
pub(crate) struct Outside {
    pub(crate) code: String,
    pub(crate) question: String,
    pub(crate) yes: String,
}

impl Outside {
    /// The question whether the matter of `view` lies at `asked`, where that is outside of its kabupaten.
    pub(crate) fn of(lang: Lang, view: &IncidentView, asked: &str) -> Option<Outside> {
        let code = RegionCode::parse(asked.trim()).ok()?;
        let place = view.incident.place.as_ref().filter(|place| lies_outside(Some(*place), &code))?;
        let (name, around) = (names::region(&code), names::region(&place.cut(Level::Kabupaten)));
        let key = if view.incident.told_at.is_some() { "place_outside_told" } else { "place_outside" };
        let values = [("place", name.as_str()), ("around", &around)];
        let question = lang.fill(&format!("console.incident.{key}"), &values);
        let yes = lang.fill("console.incident.place_outside_do", &values[..1]);
        Some(Outside { code: code.to_string(), question, yes })
    }
}

#[cfg(test)]
mod tests {
    use stream::{Category, Severity};

    use super::*;
    use crate::fixture;

    #[test]
    fn places_in_the_kabupaten_of_the_matter_come_first_then_the_readers_then_those_of_the_posts_words() {
        let code = |text: &str| RegionCode::parse(text).unwrap();
        let incident = fixture::incident(1, Category::Kf02, Severity::Siaga, Some("62.10.02"));
        let mut view = fixture::view(incident, "serbu kantor KPU di Kurun", "serbu kantor KPU", "Kurun");
        let order = |view: &IncidentView, own: &[RegionCode]| {
            let mut found = ["11.01.01", "35.21.10", "62.10.05"].map(code);
            by_nearness(&mut found, view, own);
            found.map(|code| code.to_string())
        };
        assert_eq!(order(&view, &[]), ["62.10.05", "11.01.01", "35.21.10"]);
        assert_eq!(order(&view, &[code("35")]), ["62.10.05", "35.21.10", "11.01.01"]);
        view.incident.place = None;
        assert_eq!(order(&view, &[code("35")]), ["35.21.10", "62.10.05", "11.01.01"], "the words say 62.10");
    }

    #[test]
    fn what_is_wider_than_the_kabupaten_or_follows_on_nowhere_lies_not_outside_of_it() {
        let code = |text: &str| RegionCode::parse(text).unwrap();
        let outside = |place: &str, set: &str| lies_outside(Some(&code(place)), &code(set));
        assert!(outside("62.10.02.1001", "35.21.10") && outside("62.10", "62.11"));
        assert!(!outside("62.10.02", "62") && !outside("62.10.02", "62.10.05") && !outside("62", "62.11"));
        assert!(!lies_outside(None, &code("35.21.10")));
    }
}
