//! Names that tell no place: of persons, streets, dishes, firms, hamlets and peoples.

use lexicons::gazetteer::{Levels, WordClass};

use super::read::Reader;
use super::tokens::Gap;

impl Reader<'_> {
    /// Where to go on behind a name that tells no place: a person, street, dish, firm, hamlet, people.
    pub(super) fn passed_over(&self, at: usize) -> Option<usize> {
        let word = self.low(at);
        let next = at + 1;
        if !self.words().is_of_any(word) {
            return None;
        }
        let near = matches!(self.gap(next), Gap::Space | Gap::Dot | Gap::Hyphen);
        let whole = self.name_at(at, Levels::ALL, false).is_some_and(|name| name.end > next);
        let leads =
            self.words().marker(self.low(next)).is_some() || self.words().office(self.low(next)).is_some();
        if !near || whole && self.tokens[at].capital || leads {
            return None;
        }
        let named = |from: usize, levels: Levels| self.name_at(from, levels, false).map(|name| name.end);
        let capital = self.tokens[next].capital && !self.shouting;
        if self.is(WordClass::Street, word) {
            return (capital || word.len() <= 3 || word == "komplek").then(|| self.behind_street(next));
        }
        if self.is(WordClass::Title, word) {
            let name = named(next, Levels::ALL).or(capital.then_some(next + 1))?;
            let second = self.tokens.get(name).is_some_and(|token| token.capital && token.gap == Gap::Space);
            let kabupaten = named(name, Levels::PROVINSI.or(Levels::KABUPATEN)).is_some();
            return Some(if second && !kabupaten && !self.shouting { name + 1 } else { name });
        }
        if self.is(WordClass::Ware, word) {
            return named(next, Levels::ALL);
        }
        if self.is(WordClass::Body, word) {
            return Some(self.behind_body(next));
        }
        if self.is(WordClass::Hamlet, word) || self.is(WordClass::Quarter, word) {
            return capital
                .then(|| named(next, Levels::ALL).unwrap_or(next + 1))
                .or(named(next, Levels::ALL));
        }
        if self.is(WordClass::People, word) && self.is(WordClass::Peoples, self.low(next)) {
            return Some(next + 1);
        }
        if self.is(WordClass::Building, word) && named(next, Levels::KABUPATEN.or(Levels::PROVINSI)).is_none()
        {
            return named(next, Levels::ALL);
        }
        None
    }

    /// Behind a street's name: one name or the capital words that make it, and the other end of `Madiun-Ngawi`.
    fn behind_street(&self, from: usize) -> usize {
        let mut at = if self.low(from) == "raya" { from + 1 } else { from };
        at = match self.name_at(at, Levels::ALL, false) {
            Some(name) => name.end,
            None => at + 1,
        };
        while at < from + 4
            && !self.is_around(from, at)
            && self.tokens.get(at).is_some_and(|token| token.capital && token.gap == Gap::Space)
            && self.words().marker(self.low(at)).is_none()
            && self.name_at(at, Levels::PROVINSI.or(Levels::KABUPATEN), false).is_none()
        {
            at += 1;
        }
        if matches!(self.gap(at), Gap::Hyphen | Gap::Dash) {
            at = self.name_at(at, Levels::ALL, false).map_or(at, |name| name.end);
        }
        at
    }

    /// Whether a kecamatan is named at `at` that the name between `from` and there lies in: `Perum Tanah Mas Talang Kelapa`.
    fn is_around(&self, from: usize, at: usize) -> bool {
        let inner = self.name_at(from, Levels::DESA, false).filter(|inner| inner.end == at);
        inner.is_some_and(|inner| self.lies_around(at, &inner.areas, Levels::KECAMATAN))
    }

    /// Behind the name of a university, club or firm.
    fn behind_body(&self, from: usize) -> usize {
        let mut at = from;
        while at < from + 4 && at < self.tokens.len() {
            let token = &self.tokens[at];
            let inner = matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Dot);
            let stops = self.is(WordClass::Locative, &token.low)
                || self.words().marker(&token.low).is_some()
                || self.words().office(&token.low).is_some();
            let belongs = at == from
                || token.capital
                || self.is_number(at)
                || self.name_at(at, Levels::ALL, false).is_some();
            if !inner || stops || !belongs {
                break;
            }
            at += 1;
        }
        at
    }
}
