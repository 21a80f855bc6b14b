//! Classes of terms that code fills, since no list could: times, numbers, sums of money, polling stations, pairs.

use super::verse;
use crate::fold::Folded;
use crate::numerals::{is_figure, is_numeral, numeral_word};
use crate::range::Range;

mod amounts;
mod pairs;
mod starts;
mod times;

pub use pairs::number_of_pair;
pub(super) use starts::begins;
pub(crate) use starts::begins_by_word;

/// A class that code fills; in rules it is written like a set (`%time`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// `jam 9`, `besok malam`, `tgl 27`, `hari H`, `H-1`.
    Time,
    /// A place, as the caller's gazetteer finds it.
    Place,
    /// A numeral in figures or words.
    Number,
    /// A number of things counted, ten or more: `143`, `4.300`, `dua ratus`; no hour, date, age, house, TPS or pair.
    Count,
    /// `50rb`, `Rp100.000`, `seratus ribu`.
    Money,
    /// `TPS 05`.
    Tps,
    /// `paslon 1`, `nomor urut dua`, `01`; pair names and slogans come from contests.toml.
    Paslon,
    /// The opening lines of a pantun, which paint a picture and mean nothing by it.
    Sampiran,
}

impl Class {
    /// Every class, in order.
    pub const ALL: [Class; 8] = [
        Class::Time,
        Class::Place,
        Class::Number,
        Class::Count,
        Class::Money,
        Class::Tps,
        Class::Paslon,
        Class::Sampiran,
    ];

    /// The name in rules, without `%`.
    pub fn name(self) -> &'static str {
        match self {
            Class::Time => "time",
            Class::Place => "place",
            Class::Number => "number",
            Class::Count => "count",
            Class::Money => "money",
            Class::Tps => "tps",
            Class::Paslon => "paslon",
            Class::Sampiran => "sampiran",
        }
    }

    /// It among all classes.
    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The class with this name.
    pub fn parse(name: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.name() == name)
    }

    /// The token ranges of `folded` that this class holds; [`Class::Place`] is the caller's and finds nothing here.
    pub(crate) fn find(self, folded: &Folded, out: &mut Vec<Range>) {
        if self == Class::Sampiran {
            return verse::opening(folded, out);
        }
        out.extend(self.hits(folded));
    }

    /// Whether it holds any token of `folded`, as [`Class::find`] has it.
    pub(crate) fn stands_in(self, folded: &Folded) -> bool {
        self.hits(folded).next().is_some()
    }

    fn hits(self, folded: &Folded) -> impl Iterator<Item = Range> {
        let mut next = 0;
        starts::starts(self, folded).filter_map(move |start| {
            if start < next || folded.tokens()[start].in_chain() {
                return None;
            }
            let end = self.at(folded, start)?;
            next = end;
            Some(Range { start, end })
        })
    }

    /// One past the last token of a hit that begins at `at`.
    fn at(self, folded: &Folded, at: usize) -> Option<usize> {
        match self {
            Class::Place | Class::Sampiran => None,
            Class::Number => is_numeral(folded, at).then_some(at + 1),
            Class::Count => amounts::count(folded, at),
            Class::Tps => tps(folded, at),
            Class::Money => amounts::money(folded, at),
            Class::Time => times::time(folded, at),
            Class::Paslon => pairs::paslon(folded, at),
        }
    }
}

fn tps(folded: &Folded, at: usize) -> Option<usize> {
    if folded.form(at) != "tps" {
        return None;
    }
    let next = at + 1 + usize::from(matches!(folded.form(at + 1), "no" | "nomor" | "nomer"));
    (is_figure(folded, next) || numeral_word(folded.form(next)).is_some()).then_some(next + 1)
}
