//! Areas as a person looks for them: by their whole name, else by how a word in it begins.

use stream::RegionCode;

use super::names::{BLANKS, word_form};
use super::table::Area;
use super::{Gazetteer, NameKey};

/// Letters that have to be typed before beginnings of words count.
const LETTERS: usize = 3;

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
    /// Mas") or without. For people who choose; judging goes by whole names.
    pub fn search(&self, words: &str) -> Found {
        let words = words.trim();
        let whole = self.found(words);
        if !whole.is_empty() || words.contains(',') {
            return whole;
        }
        let blanks = words.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at);
        let mut halves = blanks.map(|at| self.found(&format!("{}, {}", &words[..at], &words[at..])));
        halves.find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The same, a comma before each larger name.
    fn found(&self, words: &str) -> Found {
        let mut names = words.split(',').map(str::trim).filter(|name| !name.is_empty());
        let Some(first) = names.next() else { return Found::default() };
        let around: Vec<&str> = names.collect();
        let called: Vec<Vec<Area>> = around.iter().map(|name| self.named(NameKey::of(name))).collect();
        let mut exact = self.named(NameKey::of(first));
        let mut like = self.like(first);
        like.retain(|like| !exact.contains(&like.area));
        like.extend(exact.iter().map(|area| Like { area: *area, inner: false }));
        exact.retain(|area| self.lies_in(&called, *area));
        exact.sort_by_key(|area| (self.level_of(*area), *area));
        // Of the larger names, too, half may be enough.
        let likely = |(mut called, name): (Vec<Area>, &str)| {
            called.extend(self.like(name).iter().map(|like| like.area));
            called
        };
        let likely: Vec<Vec<Area>> = called.into_iter().zip(around).map(likely).collect();
        like.retain(|like| !exact.contains(&like.area) && self.lies_in(&likely, like.area));
        like.sort_by_key(|like| (self.level_of(like.area), like.inner, like.area));
        Found {
            exact: exact.into_iter().map(|area| self.code_of(area)).collect(),
            like: like.into_iter().map(|like| self.code_of(like.area)).collect(),
        }
    }

    /// Whether `area` lies in one of each of `around`.
    fn lies_in(&self, around: &[Vec<Area>], area: Area) -> bool {
        around.iter().all(|outers| outers.iter().any(|outer| self.holds(*outer, area)))
    }

    /// The areas in whose name some word, and what follows it, begins with `typed`.
    fn like(&self, typed: &str) -> Vec<Like> {
        let mut name = Squashed::default();
        name.read(typed);
        let typed = std::mem::take(&mut name.text);
        if typed.chars().count() < LETTERS {
            return Vec::new();
        }
        let rows = (0..self.len() as u32).map(Area);
        let mut at = |form: &str| {
            name.read(form);
            name.starts.iter().position(|start| name.text[*start..].starts_with(&typed))
        };
        let like = |area| {
            let word = self.forms_of(area).filter_map(&mut at).min()?;
            Some(Like { area, inner: word > 0 })
        };
        rows.filter_map(like).collect()
    }
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
}
