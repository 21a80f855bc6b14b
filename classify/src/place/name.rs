//! Names of areas as the words of a text make them: the longest one, and its spellings.

use lexicons::gazetteer::{Area, Levels, NameKey, expansions, word_form};

use super::read::{KEYS, Keys, LONGEST, Match, Reader};
use super::tokens::Gap;

impl Reader<'_> {
    /// Whether a token goes on with the name that the one before it began.
    pub(super) fn joins(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        match token.gap {
            Gap::Space | Gap::Hyphen => !token.hashtag && !token.handle,
            Gap::Dot => {
                let before = self.low(at - 1);
                !expansions(before).is_empty() || word_form(before, false) != before
            }
            _ => false,
        }
    }

    /// The longest name that begins at a token and has a reading at one of `levels`.
    pub(super) fn name_at(&self, at: usize, levels: Levels, marked: bool) -> Option<Match> {
        let first = self.tokens.get(at)?;
        let begins =
            || self.land.may_begin(word_form(&first.low, false)) || !expansions(&first.low).is_empty();
        // In small letters no name is written in pieces, so that its first word is the first of a name.
        if !marked && !first.capital && !begins() {
            return None;
        }
        let mut keys = self.keys();
        let mut best = None;
        for n in 0..LONGEST {
            if !self.goes_on(&mut keys, at, n) {
                break;
            }
            let word = self.low(at + n);
            let found = keys.iter().find_map(|(key, short)| {
                // An abbreviation alone is a name only behind a marker.
                let alone = n == 0 && *short && !marked;
                let mut areas = if alone { Vec::new() } else { self.land.named(*key) };
                areas.retain(|area| levels.has(self.land.level_of(*area)));
                let squashed = !marked && self.squashes(at, n + 1, &areas, self.land.is_alias(*key));
                (!areas.is_empty() && !squashed).then_some((areas, *key))
            });
            if let Some((areas, key)) = found {
                let ordinary = self.land.is_ordinary(key) || n == 0 && word.len() < 4;
                best = Some(Match { end: at + n + 1, areas, ordinary, alias: self.land.is_alias(key) });
            }
        }
        best
    }

    /// Whether the name at `at`, right behind that of `areas`, is of an area around one of them: `larangan pamekasan`.
    pub(super) fn lies_around(&self, at: usize, areas: &[Area], levels: Levels) -> bool {
        let near = matches!(self.gap(at), Gap::Space | Gap::Comma);
        let outer = self.name_at(at, levels, true).filter(|_| near);
        let holds = |outer: &Area| areas.iter().any(|area| area != outer && self.land.holds(*outer, *area));
        outer.is_some_and(|outer| outer.areas.iter().any(holds))
    }

    /// The ways to read the words of a name, before the first.
    pub(super) fn keys(&self) -> Keys {
        Keys::from_iter([(NameKey::default(), false)])
    }

    /// Takes up the `n`th word of a name that begins at `at`: whether there is a name that goes on so.
    pub(super) fn goes_on(&self, keys: &mut Keys, at: usize, n: usize) -> bool {
        if at + n >= self.tokens.len() || n > 0 && !self.joins(at + n) {
            return false;
        }
        let word = self.low(at + n);
        let written = keys.iter().map(|(key, short)| (key.with(word_form(word, n > 0)), *short));
        let meant = expansions(word);
        let long = keys.iter().flat_map(|(key, _)| meant.iter().map(|word| (key.with(word), true)));
        *keys = written.chain(long).take(KEYS).collect();
        keys.retain(|(key, _)| self.land.may_go_on(*key));
        !keys.is_empty()
    }

    /// Whether `count` small or lower-case words only make a name when written together ("ba gi").
    fn squashes(&self, at: usize, count: usize, areas: &[Area], alias: bool) -> bool {
        let Some(area) = areas.first() else { return false };
        let tokens = &self.tokens[at..at + count];
        if alias {
            return count > 1 && tokens.iter().map(|token| token.low.len()).sum::<usize>() < 6;
        }
        let words = |form: &str| form.split([' ', '-']).count();
        let whole = self.land.forms_of(*area).any(|form| words(form) >= count);
        !whole && tokens.iter().any(|token| !token.capital || token.low.len() < 3)
    }
}
