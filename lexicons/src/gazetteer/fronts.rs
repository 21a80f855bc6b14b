//! Areas as people write them behind an office or a marker: `KPU Ngawi`, `Kantor Kec. Paron`, `Desa Semen Kec. Paron`.

use stream::RegionCode;

use super::search::Found;
use super::{Gazetteer, Kind, Says, Sort, WordClass};

/// More words than this are looked for as they stand: each front left out is one search more.
const MOST: usize = 12;

/// A name as typed: the words that stand before it, each with what it says of the name, and its own words.
#[derive(Default)]
struct Fronted<'a> {
    fronts: Vec<(&'a str, Option<Says>)>,
    own: Vec<&'a str>,
}

impl Gazetteer {
    /// What is found of `words` without those that stand before a name and are none of it: as few of them are left out as
    /// may be. Where one tells a level (`Kec.`, `Polsek`), areas of that level alone are meant if there are any.
    pub(super) fn behind_fronts(&self, words: &str, look: impl Fn(&str) -> Found) -> Found {
        if words.split_whitespace().count() > MOST {
            return Found::default();
        }
        let names = self.fronted(words);
        let Some((first, around)) = names.split_first() else { return Found::default() };
        let own = |name: &Fronted<'_>| name.own.join(" ");
        let around: Vec<String> = around.iter().map(own).collect();
        for dropped in 0..=first.fronts.len() {
            let kept = first.fronts[dropped..].iter().map(|(word, _)| *word);
            let name: Vec<&str> = kept.chain(first.own.iter().copied()).collect();
            let text = [&[name.join(" ")], &around[..]].concat().join(", ");
            let found = if text == words { Found::default() } else { look(&text) };
            if !found.exact.is_empty() || !found.like.is_empty() {
                let says = first.fronts[..dropped].iter().rev().find_map(|(_, says)| *says);
                return says.map_or(found.clone(), |says| self.of_what_is_said(found, says));
            }
        }
        Found::default()
    }

    /// The names in `words`, parted by commas and by markers inside (`Paron Kab. Ngawi`); none where one is nothing but
    /// fronts.
    fn fronted<'a>(&self, words: &'a str) -> Vec<Fronted<'a>> {
        let mut names = Vec::new();
        for typed in words.split(',') {
            let mut name = Fronted::default();
            let typed: Vec<&str> = typed.split_whitespace().collect();
            let mut at = 0;
            while at < typed.len() {
                let front = self.front(&typed[at..]);
                match front {
                    Some((_, Some(says))) if !name.own.is_empty() && !says.soft => {
                        names.push(std::mem::take(&mut name));
                    }
                    _ => {}
                }
                match front {
                    Some((long, says)) if name.own.is_empty() => {
                        let fronts = typed[at..at + long].iter();
                        name.fronts.extend(fronts.map(|word| (*word, says)));
                        at += long;
                    }
                    _ => {
                        name.own.push(typed[at]);
                        at += 1;
                    }
                }
            }
            names.push(name);
        }
        if names.iter().any(|name| name.own.is_empty()) { Vec::new() } else { names }
    }

    /// Of how many words the front is that `words` begin with, if with one, and what it says of the name behind it.
    fn front(&self, words: &[&str]) -> Option<(usize, Option<Says>)> {
        let plain = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let first = plain(words.first()?);
        let area = self.words();
        let of_two = words.get(1).and_then(|second| area.office_of_two(&first, &plain(second)));
        if let Some((says, _)) = of_two {
            return Some((2, Some(says)));
        }
        let says = area.marker(&first).or_else(|| area.office(&first).map(|(says, _)| says));
        let bare = [WordClass::Site, WordClass::OfficeFiller].iter().any(|class| area.is(&first, *class));
        (says.is_some() || bare).then_some((1, says))
    }

    /// What of `found` is what a front says; all of it where nothing is.
    fn of_what_is_said(&self, found: Found, says: Says) -> Found {
        let fits = |code: &&RegionCode| {
            let sort = match says.sort {
                Sort::Any => true,
                Sort::Kabupaten => self.kind(code) == Some(Kind::Kabupaten),
                Sort::Kota => self.kind(code) == Some(Kind::Kota),
            };
            sort && says.levels.has(code.level())
        };
        let narrow = |codes: Vec<RegionCode>| {
            let said: Vec<RegionCode> = codes.iter().filter(fits).cloned().collect();
            if said.is_empty() { codes } else { said }
        };
        Found { exact: narrow(found.exact), like: narrow(found.like) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(words: &str) -> String {
        let land = Gazetteer::builtin();
        land.search(words).exact.first().map(|code| land.full_name(code)).unwrap_or_default()
    }

    #[test]
    fn the_name_of_an_office_finds_its_area() {
        for words in ["KPU Ngawi", "Bawaslu Kab. Ngawi", "kantor kpu ngawi", "Polres Ngawi", "Kab. Ngawi"] {
            assert_eq!(first(words), "Kab. Ngawi", "{words}");
        }
        for words in ["Kec. Paron", "Polsek Paron", "Kantor Kecamatan Paron, Kab. Ngawi", "Camat Paron Ngawi"]
        {
            assert_eq!(first(words), "Kec. Paron, Kab. Ngawi", "{words}");
        }
        for words in ["Desa Semen Kec. Paron", "Kades Semen, Paron", "Ds. Semen, Kec. Paron, Kab. Ngawi"] {
            assert_eq!(first(words), "Desa Semen, Kec. Paron, Kab. Ngawi", "{words}");
        }
    }

    #[test]
    fn a_word_that_tells_a_level_means_areas_of_that_level_alone() {
        assert_eq!(first("Kec. Ngawi"), "Kec. Ngawi, Kab. Ngawi");
        assert_eq!(
            (first("KPU Kota Madiun"), first("KPU Kab. Madiun")),
            ("Kota Madiun".into(), "Kab. Madiun".into())
        );
        assert_eq!(first("Gunung Mas"), "Kab. Gunung Mas", "no front, nothing left out");
    }

    #[test]
    fn an_office_without_an_area_finds_nothing_and_a_name_that_begins_like_one_is_found_whole() {
        let land = Gazetteer::builtin();
        for words in ["KPU", "kantor kec.", "Polsek Antahberantah", "Kec. Paron,, Kab."] {
            assert_eq!(land.search(words), Found::default(), "{words}");
        }
        assert!(first("Kampung Baru").contains("Kampung Baru"));
        assert_eq!(land.search(&format!("{}Paron", "kantor ".repeat(MOST))), Found::default());
        let half = land.search("KPU Gunung M");
        assert!(half.exact.is_empty() && !half.like.is_empty());
    }
}
