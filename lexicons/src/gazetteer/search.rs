//! Areas as a person looks for them: by their whole name, else by how a word in it begins.

use stream::RegionCode;

use super::names::{BLANKS, word_form};
use super::table::Area;
use super::{Gazetteer, NameKey};

/// Letters that have to be typed before beginnings of words count.
const LETTERS: usize = 3;

/// The most names in one search, and the most words that are parted without commas: each costs, and no place needs more.
const MOST: usize = 8;

/// What a search by name finds, the highest level first in each part; of one level those that begin so themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The areas called so.
    pub exact: Vec<RegionCode>,
    /// Those in whose name a word begins so (`Bujur`: Bujur Barat, Bujur Tengah).
    pub like: Vec<RegionCode>,
}

impl Found {
    /// All that was found, what is called so before the rest.
    pub fn all(self) -> Vec<RegionCode> {
        [self.exact, self.like].concat()
    }

    fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.like.is_empty()
    }
}

impl Gazetteer {
    /// The areas that a person may mean by `words`: names from the smaller to the larger, with commas ("Kurun, Gunung
    /// Mas") or without, also behind an office or marker ("KPU Ngawi"). For people who choose; judging goes by whole names.
    pub fn search(&self, words: &str) -> Found {
        self.asked(words, true)
    }

    /// The same, but those whose names go on from what was typed only where nothing is called so: every name is read
    /// for them.
    pub fn find(&self, words: &str) -> Found {
        self.asked(words, false)
    }

    fn asked(&self, words: &str, with_like: bool) -> Found {
        let look = |words: &str| self.look(words, with_like);
        let whole = look(words);
        if whole.is_empty() { self.behind_fronts(words.trim(), look) } else { whole }
    }

    fn look(&self, words: &str, with_like: bool) -> Found {
        let words = words.trim();
        let names: Vec<&str> = words.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if names.is_empty() || names.len() > MOST {
            return Found::default();
        }
        let whole = self.meant(&[names], with_like);
        if !whole.is_empty() || words.contains(',') || words.split_whitespace().count() > MOST {
            return whole;
        }
        let blanks = words.match_indices(' ').map(|(at, _)| at);
        let ends = blanks.filter(|at| !words[at + 1..].starts_with(' '));
        let halves: Vec<Vec<&str>> =
            ends.map(|at| vec![words[..at].trim_end(), words[at..].trim_start()]).collect();
        self.meant(&halves, with_like)
    }

    /// What the first of `ways` to read what was typed finds; each is names from the smaller to the larger. A way in which
    /// something is called so goes before all in which it only begins so.
    fn meant(&self, ways: &[Vec<&str>], with_like: bool) -> Found {
        let codes = |areas: Vec<Area>| areas.into_iter().map(|area| self.code_of(area)).collect();
        let called = ways.iter().map(|names| (names, self.called(names)));
        match called.into_iter().find(|(_, exact)| !exact.is_empty()) {
            Some((_, exact)) if !with_like => Found { exact: codes(exact), like: Vec::new() },
            Some((names, exact)) => {
                let mut like = self.going_on(std::slice::from_ref(names)).next().unwrap_or_default();
                like.retain(|area| !exact.contains(area));
                Found { exact: codes(exact), like: codes(like) }
            }
            None => {
                let like = self.going_on(ways).find(|like| !like.is_empty()).unwrap_or_default();
                Found { exact: Vec::new(), like: codes(like) }
            }
        }
    }

    /// The areas that bear the first of `names` and lie in such as bear the others.
    fn called(&self, names: &[&str]) -> Vec<Area> {
        let mut named = names.iter().map(|name| self.named(NameKey::of(name)));
        let mut exact = named.next().unwrap_or_default();
        if !exact.is_empty() {
            let around: Vec<Vec<Area>> = named.map(sorted).collect();
            exact.retain(|area| self.lies_in(&around, *area));
        }
        exact.sort_by_key(|area| (self.level_of(*area), *area));
        exact
    }

    /// For each of `ways` the areas whose names go on from its first name, in such as bear the others or go on from them:
    /// of the larger names, too, half may be enough.
    fn going_on(&self, ways: &[Vec<&str>]) -> impl Iterator<Item = Vec<Area>> {
        let mut begun = self.begun(&ways.concat()).into_iter();
        ways.iter().map(move |names| {
            let mut around = names.iter().map(|name| {
                let (named, mut like) = (self.named(NameKey::of(name)), begun.next().unwrap_or_default());
                like.retain(|like| !named.contains(&like.area));
                like.extend(named.into_iter().map(|area| Like { area, inner: false }));
                like
            });
            let mut like = around.next().unwrap_or_default();
            let around = around.map(|outers| sorted(outers.into_iter().map(|outer| outer.area).collect()));
            let around: Vec<Vec<Area>> = around.collect();
            like.retain(|like| self.lies_in(&around, like.area));
            like.sort_by_key(|like| (self.level_of(like.area), like.inner, like.area));
            like.into_iter().map(|like| like.area).collect()
        })
    }

    /// Whether `area` lies in one of each of `around`, which are sorted.
    fn lies_in(&self, around: &[Vec<Area>], area: Area) -> bool {
        let up = || std::iter::successors(Some(area), |at| self.parent_of(*at));
        around.iter().all(|outers| up().any(|at| outers.binary_search(&at).is_ok()))
    }

    /// For each of `typed` the areas in whose name some word, and what follows it, begins so; all in one reading.
    fn begun(&self, typed: &[&str]) -> Vec<Vec<Like>> {
        let mut name = Squashed::default();
        let mut wanted = Vec::new();
        for (at, typed) in typed.iter().enumerate() {
            name.read(typed);
            if name.text.chars().count() >= LETTERS {
                wanted.push((at, name.text.clone()));
            }
        }
        let mut found: Vec<Vec<Like>> = typed.iter().map(|_| Vec::new()).collect();
        if wanted.is_empty() {
            return found;
        }
        for area in (0..self.len() as u32).map(Area) {
            for form in self.forms_of(area) {
                name.read(form);
                for (at, typed) in &wanted {
                    let Some(word) =
                        name.starts.iter().position(|start| name.text[*start..].starts_with(typed))
                    else {
                        continue;
                    };
                    match found[*at].last_mut() {
                        // Another form of the same name.
                        Some(like) if like.area == area => like.inner &= word > 0,
                        _ => found[*at].push(Like { area, inner: word > 0 }),
                    }
                }
            }
        }
        found
    }
}

fn sorted(mut areas: Vec<Area>) -> Vec<Area> {
    areas.sort_unstable();
    areas
}

/// An area whose name begins as typed.
struct Like {
    area: Area,
    /// Not its first word does.
    inner: bool,
}

/// A name without blanks, its words in the form that keys use; one is read after another in the same memory.
#[derive(Default)]
struct Squashed {
    text: String,
    /// Where its words begin.
    starts: Vec<usize>,
}

impl Squashed {
    fn read(&mut self, name: &str) {
        self.text.clear();
        self.starts.clear();
        for word in name.split(BLANKS).filter(|word| !word.is_empty()) {
            let (start, follows) = (self.text.len(), !self.starts.is_empty());
            self.starts.push(start);
            self.text.extend(word.chars().flat_map(char::to_lowercase));
            let lower = &self.text[start..];
            let form = word_form(lower, follows);
            if form != lower || form.contains(['\'', '.']) {
                let form = form.replace(['\'', '.'], "");
                self.text.truncate(start);
                self.text.push_str(&form);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(codes: &[RegionCode]) -> Vec<String> {
        codes.iter().map(|code| Gazetteer::builtin().full_name(code)).collect()
    }

    #[test]
    fn a_word_finds_the_names_that_hold_it_and_a_beginning_the_names_that_go_on_from_it() {
        for typed in ["Bujur", "bujur", "Bujur, Pamekasan", "bujur pamekasan", "Bujur, Pamek"] {
            let found = Gazetteer::builtin().search(typed);
            assert!(found.exact.is_empty(), "{typed}");
            let found = names(&found.like);
            for (at, village) in
                ["Desa Bujur Barat", "Desa Bujur Tengah", "Desa Bujur Timur"].iter().enumerate()
            {
                assert!(found[at].starts_with(village), "{typed}: {found:?}");
            }
        }
        let begun = Gazetteer::builtin().search("Buju").like;
        assert!(names(&begun).iter().any(|name| name.starts_with("Desa Bujur Barat")), "{begun:?}");
        let inner = Gazetteer::builtin().search("Mas, Kalimantan Tengah");
        assert!(names(&inner.like).contains(&"Kab. Gunung Mas".to_owned()), "{:?}", names(&inner.like));
        let half = Gazetteer::builtin().search("Kurun, Gunung M");
        assert!(half.exact.is_empty() && names(&half.like)[0] == "Kec. Kurun, Kab. Gunung Mas", "{half:?}");
        let east = Gazetteer::builtin().search("Mas, Jawa Timur").like;
        assert!(!east.is_empty() && east.iter().all(|code| code.as_str().starts_with("35.")));
    }

    #[test]
    fn those_called_so_stand_first_and_higher_levels_before_deeper_ones() {
        let found = Gazetteer::builtin().search("Gunung Mas");
        assert_eq!(names(&found.exact[..1]), ["Kab. Gunung Mas"]);
        let madiun = Gazetteer::builtin().search("Madi");
        assert!(madiun.exact.iter().all(|code| !madiun.like.contains(code)));
        assert!(names(&madiun.like)[..2].iter().all(|name| name.ends_with(" Madiun")), "{madiun:?}");
        assert!(madiun.like.is_sorted_by_key(|code| code.level()));
        let all = Gazetteer::builtin().search("Kurun").all();
        assert_eq!(names(&all[..1]), ["Kec. Kurun, Kab. Gunung Mas"]);
    }

    #[test]
    fn the_middle_of_a_word_and_one_or_two_letters_find_nothing() {
        let land = Gazetteer::builtin();
        assert!(land.search("ujur").like.iter().all(|code| !land.full_name(code).contains("Bujur")));
        assert_eq!(land.search("bu").like, []);
        assert_eq!(land.search(" , "), Found::default());
        assert_eq!(land.search("Antahberantah"), Found::default());
    }

    #[test]
    fn more_names_or_words_than_a_place_has_are_not_looked_for() {
        let land = Gazetteer::builtin();
        let there = land.search("Kurun, Gunung Mas, Kalimantan Tengah");
        assert!(!there.exact.is_empty());
        assert_eq!(land.search(&format!("{}gunung mas", "a ".repeat(100))), Found::default());
        assert_eq!(land.search(&format!("Kurun{}", ", Gunung Mas".repeat(8))), Found::default());
        assert_eq!(land.search(&format!("Kurun{}", ", Gunung Mas".repeat(7))).exact, there.exact);
    }

    #[test]
    fn what_goes_on_from_a_name_is_left_out_where_only_the_meant_is_asked_for() {
        let land = Gazetteer::builtin();
        let (all, meant) = (land.search("Gunung Mas"), land.find("Gunung Mas"));
        assert_eq!(all.exact, meant.exact);
        assert!(!all.like.is_empty() && meant.like.is_empty());
        assert_eq!(land.find("Bujur"), land.search("Bujur"));
    }
}
