//! Names without a marker: what it takes to count depends on the level and on how ordinary the word is.

use lexicons::gazetteer::{Levels, NameKey, WordClass};
use stream::Level;

use super::read::{Match, Mention, Reader};
use super::tokens::Gap;

/// What speaks for a name being meant as a place.
struct Signs {
    top: Level,
    /// One word.
    single: bool,
    /// Behind a word of place.
    located: bool,
    /// Begins with capitals, where capitals tell something.
    capital: bool,
    /// So, and not because a sentence begins.
    told_by_capital: bool,
    /// All in capitals, and the text is not.
    shouted: bool,
    /// "mencekam" and its like stand behind it.
    state: bool,
    /// Heads a sentence: `Kuningan: …`
    heads: bool,
    /// Heads the whole text, before a colon.
    titles: bool,
    before_comma: bool,
    at_tps: bool,
    /// Of a people or an island first.
    people: bool,
    /// An everyday word too.
    half: bool,
    letters: usize,
}

impl Reader<'_> {
    /// The mention that a bare name makes.
    pub(super) fn bare(&self, at: usize) -> Option<Mention> {
        let mut name = self.name_at(at, Levels::ALL, false)?;
        let club = self.is(WordClass::ClubTail, self.low(name.end));
        if club || self.is_likened(at) || self.is_idiom(at, name.end) {
            return None;
        }
        let signs = self.signs(at, &name)?;
        if self.is_piece(&name, &signs) {
            return None;
        }
        // A short alias is no word when it alone is in capitals (`KBB`), or where a place is told (`di hst`).
        let told = signs.shouted && !self.shouting && !signs.half || signs.located || signs.state;
        name.ordinary &= !(name.alias && told);
        let firm = self.is_firm(at, &name, &signs);
        let hopeful = match signs.top {
            Level::Desa => {
                let capital = signs.told_by_capital || signs.capital && signs.letters >= 6;
                !name.ordinary && (signs.located || capital)
            }
            _ if name.ordinary => signs.located && signs.told_by_capital,
            _ => true,
        };
        let chains = self.may_chain(at, &name, &signs);
        if signs.top == Level::Kabupaten {
            self.behind_kota(&mut name);
        }
        let ordinary = name.ordinary;
        let mut mention = self.mention(at, name.end, name.areas, self.tier_before(at), "name", false);
        (mention.firm, mention.hopeful, mention.chains) = (firm, hopeful, chains);
        (mention.located, mention.ordinary, mention.capital) = (signs.located, ordinary, signs.capital);
        Some(mention)
    }

    fn signs(&self, at: usize, name: &Match) -> Option<Signs> {
        let first = &self.tokens[at];
        let before = self.before(at);
        let single = name.end == at + 1;
        let tokens = &self.tokens[at..name.end];
        let capital = !self.shouting && tokens.iter().all(|token| token.capital);
        let behind = self.gap(name.end);
        Some(Signs {
            top: name.areas.iter().map(|area| self.land.level_of(*area)).min()?,
            single,
            located: self.is(WordClass::Locative, before) || self.is(WordClass::Origin, before),
            capital,
            told_by_capital: capital && !first.opens(),
            shouted: first.shouted,
            state: behind == Gap::Space && self.is(WordClass::State, self.low(name.end)),
            heads: capital && first.opens() && matches!(behind, Gap::Colon | Gap::Comma),
            titles: capital && at == 0 && behind == Gap::Colon,
            before_comma: behind == Gap::Comma,
            at_tps: self.low(name.end) == "tps",
            people: single && self.is(WordClass::Peoples, &first.low),
            half: single && self.is(WordClass::HalfOrdinary, &first.low),
            letters: tokens.iter().map(|token| token.low.len()).sum(),
        })
    }

    /// Whether the name counts without anything else.
    fn is_firm(&self, at: usize, name: &Match, signs: &Signs) -> bool {
        let Signs { located, capital, told_by_capital, state, heads, .. } = *signs;
        match signs.top {
            Level::Provinsi => !signs.people || located || state || heads,
            Level::Kabupaten if name.ordinary => {
                located && told_by_capital || capital && state || signs.titles
            }
            Level::Kabupaten => {
                let shouted = signs.shouted && !self.shouting;
                let told = located || told_by_capital || state || heads || shouted;
                !(signs.people || signs.half) || told
            }
            Level::Kecamatan => {
                // In lower case, words that are ordinary one by one make no name ("ganti warno").
                let phrase =
                    !signs.single && !capital && self.land.is_ordinary(NameKey::of(&self.tokens[at].low));
                let long = signs.letters >= 6 || signs.titles && signs.letters == 5;
                !name.ordinary && (located || told_by_capital || long && !phrase)
            }
            Level::Desa => {
                let known = name.alias || name.areas.iter().any(|area| self.land.is_capital(*area));
                let only = name.areas.len() == 1 && capital && (located || signs.at_tps);
                let told = known && (located || capital || name.alias) || only;
                !name.ordinary && signs.letters >= 6 && told
            }
        }
    }

    /// Whether the name counts once a parent stands right behind or before it.
    fn may_chain(&self, at: usize, name: &Match, signs: &Signs) -> bool {
        let Signs { located, capital, before_comma, .. } = *signs;
        let told = signs.top < Level::Desa || capital || located || before_comma || signs.letters >= 6;
        let parent = signs.top == Level::Kabupaten && signs.told_by_capital;
        // "di banyakan kediri" is a place, "di taman kediri" a park.
        let spot = signs.single && self.is(WordClass::Spot, &self.tokens[at].low);
        // "Gempol Pasuruan": a word that is a name beside its kabupaten.
        let next = self.tokens.get(name.end).filter(|token| token.capital && token.gap == Gap::Space);
        let beside = || next.is_some() && self.name_at(name.end, Levels::KABUPATEN, false).is_some();
        !name.ordinary && told
            || capital && (located || before_comma || parent || !spot && beside())
            || located && !spot
    }

    /// `Batu Tangkui`: an everyday word with a name behind it that nobody knows; the two are one unknown name.
    fn is_piece(&self, name: &Match, signs: &Signs) -> bool {
        let Some(next) = self.tokens.get(name.end).filter(|next| next.capital && next.gap == Gap::Space)
        else {
            return false;
        };
        let known = self.name_at(name.end, Levels::ALL, false).is_some()
            || self.words().is_of_any(&next.low)
            || self.land.is_ordinary(NameKey::of(&next.low));
        signs.single && signs.capital && (signs.half || name.ordinary) && !next.shouted && !known
    }

    /// `medan perang`, `padang rumput`: a name in small letters that is the word it looks like.
    fn is_idiom(&self, at: usize, end: usize) -> bool {
        let half = end == at + 1 && self.is(WordClass::HalfOrdinary, self.low(at));
        half && !self.tokens[at].capital && self.is(WordClass::IdiomTail, self.low(end))
    }
}
