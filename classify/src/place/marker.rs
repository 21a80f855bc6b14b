//! Names behind a marker: `Kec. Kurun`, `kab/kota Madiun`, `Kampung Baru`.

use lexicons::gazetteer::{Area, Kind, Levels, Says, Sort, WordClass};

use super::read::{Match, Mention, Reader, Tier};
use super::tokens::Gap;

impl Reader<'_> {
    /// `Kec. Kurun`, `kab/kota Madiun`, `Kampung Baru`, `Kel. Rawa Badak`.
    pub(super) fn marked(&self, at: usize) -> Option<Mention> {
        let says = self.words().marker(self.low(at))?;
        let whole = self.whole(at, says);
        self.half_marked(at, says, whole.as_ref()).or(whole).map(|mut mention| {
            mention.soft = says.soft && says.sort == Sort::Any;
            mention
        })
    }

    /// What a marker and a whole name behind it make.
    fn whole(&self, at: usize, mut says: Says) -> Option<Mention> {
        let mut end = at + 1;
        let mut found = self.behind_marker(end, says);
        while found.is_none()
            && let Some(more) = self.words().marker(self.low(end))
            && matches!(self.gap(end), Gap::Space | Gap::Slash | Gap::Dot)
            && (!says.soft || says.sort == Sort::Kota)
        {
            let sort = if more.sort == says.sort { says.sort } else { Sort::Any };
            says = Says { levels: says.levels.or(more.levels), sort, soft: says.soft && more.soft };
            end += 1;
            found = self.behind_marker(end, says);
        }
        if says.soft && (says.sort == Sort::Any || found.is_none()) {
            let with_word = self.name_at(at, Levels::KECAMATAN.or(Levels::DESA), true);
            let longer =
                with_word.filter(|whole| whole.end >= found.as_ref().map_or(at + 2, |part| part.end));
            if let Some(whole) = longer {
                let desa = self
                    .name_at(at, Levels::DESA, true)
                    .filter(|desa| says.sort == Sort::Any && desa.end == whole.end);
                let told = desa.unwrap_or(whole);
                let (told_end, told_ordinary) = (told.end, told.ordinary);
                let mut mention = self.mention(at, told_end, told.areas, Tier::Scene, "marker", true);
                let named = !told_ordinary && self.tokens[at..told_end].iter().all(|token| token.capital);
                mention.firm = says.sort == Sort::Any || named;
                mention.tier = self.tier_before(at);
                return Some(mention);
            }
        }
        let name = found?;
        let mut mention = self.mention(at, name.end, name.areas, Tier::Scene, "marker", true);
        if says.soft && !(self.tokens[at + 1].capital || says.sort == Sort::Kota) {
            mention.firm = false;
        }
        let weak_word = says.sort == Sort::Any || !self.tokens[name.end - 1].capital;
        if name.ordinary && says.soft && weak_word {
            return None;
        }
        mention.tier = self.tier_before(at);
        Some(mention)
    }

    /// The first word of a village's name that the land does not know, behind its marker at `at`. Only behind a word that
    /// says where, and in capitals: `kepala desa Anu` names a person.
    pub(super) fn unlisted(&self, at: usize) -> Option<usize> {
        let says = self.words().marker(self.low(at)).filter(|says| says.levels == Levels::DESA)?;
        let before = self.before(at);
        let places = [WordClass::Locative, WordClass::Site, WordClass::Building, WordClass::Spot];
        if self.shouting || says.sort == Sort::Kota || !places.iter().any(|class| self.is(*class, before)) {
            return None;
        }
        let words = self.words();
        let names = |at: &usize| {
            self.tokens.get(*at).is_some_and(|token| {
                token.capital
                    && !token.handle
                    && token.gap == Gap::Space
                    && !self.is(WordClass::Title, &token.low)
                    && words.marker(&token.low).is_none()
                    && words.office(&token.low).is_none()
                    && self.name_at(*at, Levels::ALL, false).is_none()
            })
        };
        // One word alone: a second one in capitals may be a person's name, which no message may say.
        Some(at + 1).filter(names)
    }

    fn behind_marker(&self, at: usize, says: Says) -> Option<Match> {
        let near = matches!(
            self.gap(at),
            Gap::Space | Gap::Dot | Gap::Slash | Gap::Paren | Gap::Colon | Gap::Hyphen
        );
        if !near {
            return None;
        }
        let short = self.is(WordClass::Shortened, self.low(at - 1));
        if self.gap(at) == Gap::Dot && !short {
            return None;
        }
        let mut name = self.name_at(at, says.levels, true)?;
        let lower = !self.tokens[at].capital;
        let single = name.end == at + 1;
        if single && lower && (self.is(WordClass::NoName, self.low(at)) || name.ordinary && !short) {
            return None;
        }
        self.sorted(&mut name.areas, says.sort);
        Some(name)
    }

    /// Keeps the kabupaten or the kota of one name, where there is one.
    pub(super) fn sorted(&self, areas: &mut Vec<Area>, sort: Sort) {
        let wanted = match sort {
            Sort::Any => return,
            Sort::Kabupaten => Kind::Kabupaten,
            Sort::Kota => Kind::Kota,
        };
        if areas.iter().any(|area| self.land.kind_of(*area) == wanted) {
            areas.retain(|area| self.land.kind_of(*area) == wanted);
        }
    }
}
