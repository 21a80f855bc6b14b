//! The words around place names (`regions/words.toml`): markers, offices, what makes a name no place, tongues.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use stream::RegionCode;
use toml::Spanned;

use super::says::{Levels, Says, Sort};
use crate::said::{self, Said};

/// A class of words; a word may stand in several. What each is for is told in `words.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "words.toml, where people edit them, tells what each class is for")]
pub enum WordClass {
    Shortened,
    NoName,
    OfficeFiller,
    Site,
    Locative,
    Origin,
    Likened,
    People,
    Peoples,
    HalfOrdinary,
    Title,
    Ware,
    Street,
    Building,
    Body,
    ClubTail,
    Hamlet,
    Quarter,
    Abroad,
    OfKabupaten,
    OfKota,
    HashtagFront,
    HashtagBack,
    Glued,
    State,
    Spot,
    IdiomTail,
    LinkIn,
    LinkAnd,
    LinkOr,
}

impl WordClass {
    const ALL: [(&'static str, WordClass); 30] = [
        ("shortened", WordClass::Shortened),
        ("no_name", WordClass::NoName),
        ("office_filler", WordClass::OfficeFiller),
        ("site", WordClass::Site),
        ("locative", WordClass::Locative),
        ("origin", WordClass::Origin),
        ("likened", WordClass::Likened),
        ("people", WordClass::People),
        ("peoples", WordClass::Peoples),
        ("half_ordinary", WordClass::HalfOrdinary),
        ("title", WordClass::Title),
        ("ware", WordClass::Ware),
        ("street", WordClass::Street),
        ("building", WordClass::Building),
        ("body", WordClass::Body),
        ("club_tail", WordClass::ClubTail),
        ("hamlet", WordClass::Hamlet),
        ("quarter", WordClass::Quarter),
        ("abroad", WordClass::Abroad),
        ("of_kabupaten", WordClass::OfKabupaten),
        ("of_kota", WordClass::OfKota),
        ("hashtag_front", WordClass::HashtagFront),
        ("hashtag_back", WordClass::HashtagBack),
        ("glued", WordClass::Glued),
        ("state", WordClass::State),
        ("spot", WordClass::Spot),
        ("idiom_tail", WordClass::IdiomTail),
        ("link_in", WordClass::LinkIn),
        ("link_and", WordClass::LinkAnd),
        ("link_or", WordClass::LinkOr),
    ];
}

/// The tables of a file that concern words.
pub(super) struct Tables {
    pub(super) marker: Vec<Marker>,
    pub(super) office: Vec<Marker>,
    pub(super) class: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    pub(super) tongue: Vec<Tongue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Marker {
    words: Vec<Spanned<String>>,
    levels: Vec<LevelName>,
    kind: Option<KindName>,
    #[serde(default)]
    everyday: bool,
    #[serde(default)]
    head: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LevelName {
    Provinsi,
    Kabupaten,
    Kecamatan,
    Desa,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KindName {
    Kabupaten,
    Kota,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tongue {
    provinces: Vec<Spanned<String>>,
    words: Vec<Spanned<String>>,
}

impl Marker {
    fn says(&self) -> Says {
        let levels = self.levels.iter().fold(Levels::default(), |levels, level| {
            levels.or(match level {
                LevelName::Provinsi => Levels::PROVINSI,
                LevelName::Kabupaten => Levels::KABUPATEN,
                LevelName::Kecamatan => Levels::KECAMATAN,
                LevelName::Desa => Levels::DESA,
            })
        });
        let sort = match self.kind {
            None => Sort::Any,
            Some(KindName::Kabupaten) => Sort::Kabupaten,
            Some(KindName::Kota) => Sort::Kota,
        };
        Says { levels, sort, soft: self.everyday }
    }
}

/// What some markers are glued to.
const FRONTS: [&str; 4] = ["se", "sa", "di", "ke"];

/// What an office says of the name behind it, and whether it is a head.
type Office = (Says, bool);

/// The words around place names.
#[derive(Debug, Default)]
pub struct AreaWords {
    markers: FxHashMap<String, Says>,
    /// Offices of one word.
    offices: FxHashMap<String, Office>,
    /// The same of offices of two words, by the first.
    of_two: FxHashMap<String, Vec<(String, Office)>>,
    /// The classes of a word, as bits.
    classes: FxHashMap<String, u32>,
    /// The tongues of a word, by their place in `spoken`.
    tongues: FxHashMap<String, Vec<usize>>,
    /// The provinces of each tongue.
    spoken: Vec<Vec<RegionCode>>,
}

impl AreaWords {
    /// Adds what a file says; `fault` is told the byte and what is wrong there.
    pub(super) fn add(&mut self, tables: &Tables, mut fault: impl FnMut(usize, Said)) {
        for marker in &tables.marker {
            for word in marker.words.iter().filter_map(|word| single(word, &mut fault)) {
                self.markers.insert(word, marker.says());
            }
        }
        for office in &tables.office {
            let says = (office.says(), office.head);
            for written in &office.words {
                match written.get_ref().split_once(' ') {
                    Some((first, second)) if is_word(first) && is_word(second) => {
                        self.of_two.entry(first.to_owned()).or_default().push((second.to_owned(), says));
                    }
                    _ => _ = single(written, &mut fault).map(|word| self.offices.insert(word, says)),
                }
            }
        }
        for (name, words) in &tables.class {
            let Some((_, class)) = WordClass::ALL.iter().find(|(known, _)| known == name.get_ref()) else {
                let known: Vec<&str> = WordClass::ALL.iter().map(|(known, _)| *known).collect();
                fault(name.span().start, said::unknown_class_of(name.get_ref(), &known.join(", ")));
                continue;
            };
            for word in words.iter().filter_map(|word| single(word, &mut fault)) {
                *self.classes.entry(word).or_insert(0) |= 1 << *class as u32;
            }
        }
        for tongue in &tables.tongue {
            let mut provinces = Vec::new();
            for code in &tongue.provinces {
                match RegionCode::parse(code.get_ref()) {
                    Ok(code) => provinces.push(code),
                    Err(_) => fault(code.span().start, said::no_area_code(code.get_ref(), "35")),
                }
            }
            let at = self.spoken.len();
            self.spoken.push(provinces);
            for word in tongue.words.iter().filter_map(|word| single(word, &mut fault)) {
                let known = self.tongues.entry(word).or_default();
                if !known.contains(&at) {
                    known.push(at);
                }
            }
        }
    }

    /// `Kab.`, `kecamatan`, `Ds` and their like; some also glued to *se-*, *sa-*, *di-*, *ke-*.
    pub fn marker(&self, word: &str) -> Option<Says> {
        let glued = || {
            let mut rests = FRONTS.iter().filter_map(|front| word.strip_prefix(front));
            self.markers.get(rests.find(|rest| self.is(rest, WordClass::Glued))?)
        };
        self.markers.get(word).or_else(glued).copied()
    }

    /// Every word of any table, with those that glued markers make.
    pub(super) fn all(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let glued = self.markers.keys().filter(|word| self.is(word, WordClass::Glued));
        let glued =
            glued.flat_map(|word| FRONTS.iter().map(move |front| Cow::Owned(format!("{front}{word}"))));
        let words = self.markers.keys().chain(self.offices.keys()).chain(self.of_two.keys());
        let words = words.chain(self.classes.keys()).chain(self.tongues.keys());
        words.map(|word| Cow::Borrowed(word.as_str())).chain(glued)
    }

    /// An office with a working area, and whether it is a head, behind whom a person's name may stand.
    pub fn office(&self, word: &str) -> Option<Office> {
        self.offices.get(word).copied()
    }

    /// The same of an office of two words: `wali kota`, `hukum tua`.
    pub fn office_of_two(&self, first: &str, second: &str) -> Option<Office> {
        let seconds = self.of_two.get(first)?;
        seconds.iter().find(|(word, _)| word == second).map(|(_, office)| *office)
    }

    /// Whether an office of two words begins or ends with the word.
    pub fn is_of_two(&self, word: &str) -> bool {
        self.of_two.contains_key(word) || self.of_two.values().flatten().any(|(second, _)| second == word)
    }

    /// Whether a word is a marker or of an office: what stands before an area's name.
    pub fn marks(&self, word: &str) -> bool {
        self.marker(word).is_some() || self.office(word).is_some() || self.is_of_two(word)
    }

    /// Whether a word is of a class.
    pub fn is(&self, word: &str, class: WordClass) -> bool {
        self.classes.get(word).is_some_and(|classes| classes & (1 << class as u32) != 0)
    }

    /// Whether a word is of any class.
    pub fn is_of_any(&self, word: &str) -> bool {
        self.classes.contains_key(word)
    }

    /// The tongues that have the word, by number.
    pub fn tongues(&self, word: &str) -> &[usize] {
        self.tongues.get(word).map_or(&[], Vec::as_slice)
    }

    /// The provinces of each tongue, by number.
    pub fn spoken(&self) -> &[Vec<RegionCode>] {
        &self.spoken
    }
}

/// The word, if it is one as texts are read: one word in small letters.
fn single(word: &Spanned<String>, fault: &mut impl FnMut(usize, Said)) -> Option<String> {
    let text = word.get_ref();
    let plain = is_word(text);
    if !plain {
        fault(word.span().start, said::one_word(text));
    }
    plain.then(|| text.clone())
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase())
}
