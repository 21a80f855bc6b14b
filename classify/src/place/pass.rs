//! Names that tell no place: of persons, streets, dishes, firms, hamlets and peoples.

use super::read::Reader;
use super::tokens::Gap;
use super::words::{self, Levels};

impl Reader<'_> {
    /// Where to go on behind a name that tells no place: a person, street, dish, firm, hamlet, people.
    pub(super) fn passed_over(&self, at: usize) -> Option<usize> {
        let word = self.low(at);
        let next = at + 1;
        let near = matches!(self.gap(next), Gap::Space | Gap::Dot | Gap::Hyphen);
        let whole = self.name_at(at, Levels::ALL, false).is_some_and(|name| name.end > next);
        let leads = words::marker(self.low(next)).is_some() || words::office(self.low(next)).is_some();
        if !near || whole && self.tokens[at].capital || leads {
            return None;
        }
        let named = |from: usize, levels: Levels| self.name_at(from, levels, false).map(|name| name.end);
        let capital = self.tokens[next].capital && !self.shouting;
        if words::street(word) {
            return (capital || word.len() <= 3 || word == "komplek").then(|| self.behind_street(next));
        }
        if words::title(word) {
            let name = named(next, Levels::ALL).or(capital.then_some(next + 1))?;
            let second = self.tokens.get(name).is_some_and(|token| token.capital && token.gap == Gap::Space);
            let kabupaten = named(name, Levels::PROVINSI.or(Levels::KABUPATEN)).is_some();
            return Some(if second && !kabupaten && !self.shouting { name + 1 } else { name });
        }
        if words::ware(word) {
            return named(next, Levels::ALL);
        }
        if words::body(word) {
            return Some(self.behind_body(next));
        }
        if words::hamlet(word) {
            return capital
                .then(|| named(next, Levels::ALL).unwrap_or(next + 1))
                .or(named(next, Levels::ALL));
        }
        if words::people(word) && words::peoples(self.low(next)) {
            return Some(next + 1);
        }
        if words::building(word) && named(next, Levels::KABUPATEN.or(Levels::PROVINSI)).is_none() {
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
            && self.tokens.get(at).is_some_and(|token| token.capital && token.gap == Gap::Space)
            && words::marker(self.low(at)).is_none()
            && self.name_at(at, Levels::PROVINSI.or(Levels::KABUPATEN), false).is_none()
        {
            at += 1;
        }
        if matches!(self.gap(at), Gap::Hyphen | Gap::Dash) {
            at = self.name_at(at, Levels::ALL, false).map_or(at, |name| name.end);
        }
        at
    }

    /// Behind the name of a university, club or firm.
    fn behind_body(&self, from: usize) -> usize {
        let mut at = from;
        while at < from + 4 && at < self.tokens.len() {
            let token = &self.tokens[at];
            let inner = matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Dot);
            let stops = words::locative(&token.low)
                || words::marker(&token.low).is_some()
                || words::office(&token.low).is_some();
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
