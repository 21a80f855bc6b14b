//! Where a field note says it happens: one area, several to choose from, or words that name none.

use lexicons::gazetteer::Gazetteer;
use stream::{Level, RegionCode};

use super::note::Note;

/// Most places offered to choose from.
pub(super) const MAX_CHOICES: usize = 12;

/// Where a note says it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// One area.
    Area(RegionCode),
    /// Areas of the name, or whose names begin so: the reporter chooses.
    Choose(Vec<RegionCode>),
    /// No area of the name: the reporter writes it otherwise, or sends it as it stands.
    Unknown,
    /// As written, without an area.
    AsWritten,
}

impl Note {
    /// The area the note means: the one chosen, or the only one of its name, first around the reporter's region.
    pub(super) fn whereabouts(&self, places: &Gazetteer, home: Option<&RegionCode>) -> Whereabouts {
        match self.choice.as_deref() {
            Some("-") => return Whereabouts::AsWritten,
            Some(code) => {
                if let Some(code) = RegionCode::parse(code).ok().filter(|code| places.area(code).is_some()) {
                    return Whereabouts::Area(code);
                }
            }
            None => {}
        }
        if self.place.is_empty() {
            return Whereabouts::AsWritten;
        }
        let (name, level) = bare(&self.place);
        let found = places.search(&name);
        let of_level = |mut found: Vec<RegionCode>| {
            if let Some(level) = level.filter(|level| found.iter().any(|code| code.level() == *level)) {
                found.retain(|code| code.level() == level);
            }
            found
        };
        let (called, like) = (of_level(found.exact), of_level(found.like));
        let mut around = home.map(|home| home.cut(Level::Kabupaten));
        while let Some(here) = around {
            let near = |of: &[RegionCode]| -> Vec<RegionCode> {
                of.iter().filter(|code| here.contains(code)).cloned().collect()
            };
            let (near_called, near_like) = (near(&called), near(&like));
            if !near_called.is_empty() {
                return among(near_called, near_like);
            }
            if !near_like.is_empty() {
                return among(Vec::new(), with_room(near_like, called));
            }
            around = here.parent();
        }
        among(called, like)
    }
}

/// What begins so at home, and among the first that are offered those far away that are called so: one of them may be
/// meant however many begin so here.
fn with_room(mut near: Vec<RegionCode>, called: Vec<RegionCode>) -> Vec<RegionCode> {
    let room = MAX_CHOICES - called.len().min(MAX_CHOICES / 2);
    let later = near.split_off(near.len().min(room));
    [near, called, later].concat()
}

/// The one area called so, else those to choose from: where a name only begins so, the reporter says that he means it.
fn among(mut called: Vec<RegionCode>, like: Vec<RegionCode>) -> Whereabouts {
    match called.len() {
        0 if like.is_empty() => Whereabouts::Unknown,
        0 => Whereabouts::Choose(like),
        1 => Whereabouts::Area(called.remove(0)),
        _ => Whereabouts::Choose(called),
    }
}

/// A place name without the words that say what kind of place it is, and the level those tell of the first name.
fn bare(place: &str) -> (String, Option<Level>) {
    let kind = |word: &str| match word.trim_end_matches('.').to_lowercase().as_str() {
        "desa" | "ds" | "kelurahan" | "kel" => Some(Level::Desa),
        "kecamatan" | "kec" | "distrik" => Some(Level::Kecamatan),
        "kabupaten" | "kab" => Some(Level::Kabupaten),
        "provinsi" | "prov" => Some(Level::Provinsi),
        _ => None,
    };
    let (mut names, mut level) = (Vec::new(), None);
    for (position, part) in place.split(',').enumerate() {
        let mut words: Vec<&str> = part.split_whitespace().collect();
        if let Some(told) = words.first().and_then(|word| kind(word)).filter(|_| words.len() > 1) {
            words.remove(0);
            level = level.or(Some(told).filter(|_| position == 0));
        }
        names.push(words.join(" "));
    }
    (names.join(", "), level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(pairs: &[(&str, &str)]) -> Note {
        Note::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_name_that_several_areas_bear_is_looked_for_at_home_first() {
        let places = Gazetteer::builtin();
        let home = RegionCode::parse("62.10").unwrap();
        let there = note(&[("teks", "a"), ("tempat", "Kec. Kurun")]);
        let Whereabouts::Area(code) = there.whereabouts(places, Some(&home)) else {
            panic!("one Kurun there")
        };
        assert!(home.contains(&code));
        let common = note(&[("teks", "a"), ("tempat", "Sukamaju")]);
        let Whereabouts::Choose(choices) = common.whereabouts(places, None) else { panic!("many Sukamaju") };
        assert!(choices.len() > MAX_CHOICES);
        let chosen = note(&[("teks", "a"), ("tempat", "Sukamaju"), ("pilihan", choices[3].as_str())]);
        assert_eq!(chosen.whereabouts(places, None), Whereabouts::Area(choices[3].clone()));
        let nowhere = note(&[("teks", "a"), ("tempat", "Negeri Dongeng")]);
        assert_eq!(nowhere.whereabouts(places, None), Whereabouts::Unknown);
        let as_written = note(&[("teks", "a"), ("tempat", "Negeri Dongeng"), ("pilihan", "-")]);
        assert_eq!(as_written.whereabouts(places, None), Whereabouts::AsWritten);
    }

    #[test]
    fn half_a_name_is_asked_about_and_a_place_at_home_comes_before_one_called_so_far_away() {
        let places = Gazetteer::builtin();
        let at = |place: &str, home: &str| {
            let home = RegionCode::parse(home).unwrap();
            note(&[("teks", "a"), ("tempat", place)]).whereabouts(places, Some(&home))
        };
        let Whereabouts::Choose(bujur) = at("Desa Bujur", "35.28") else {
            panic!("three Bujur to choose from")
        };
        assert!(bujur.iter().all(|code| code.as_str().starts_with("35.28.")));
        assert_eq!(at("Desa Bujur Barat", "35.28"), Whereabouts::Area(bujur[0].clone()));
        let Whereabouts::Choose(padang) = at("Padang Bu", "35.28") else {
            panic!("far away: to choose from")
        };
        assert!(padang.iter().all(|code| !code.as_str().starts_with("35.")));
        // One only, and still not taken for granted.
        let Whereabouts::Choose(one) = at("Bujur Bar", "35.28") else { panic!("to be confirmed") };
        assert_eq!(one, bujur[..1]);
    }

    #[test]
    fn many_names_that_begin_so_at_home_leave_room_for_the_place_far_away_that_is_called_so() {
        let (places, home) = (Gazetteer::builtin(), RegionCode::parse("11.08").unwrap());
        let there = note(&[("teks", "a"), ("tempat", "Lhok")]).whereabouts(places, Some(&home));
        let Whereabouts::Choose(choices) = there else { panic!("many Lhok at home") };
        let is_far = |code: &RegionCode| !home.contains(code);
        assert!(choices.iter().filter(|code| !is_far(code)).count() > MAX_CHOICES);
        assert!(!is_far(&choices[0]) && choices[..MAX_CHOICES].iter().any(is_far), "{choices:?}");
    }
}
