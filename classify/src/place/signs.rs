//! Places told by a sign of their own: a code, a hashtag, a dateline, a marker run together with its name.

use lexicons::gazetteer::{Area, Levels, NameKey, WordClass};
use stream::Level;

use super::read::{Mention, Reader, Tier};
use super::tokens::Gap;

impl Reader<'_> {
    /// A full code of a village, `35.19.08.2011`: shorter ones look like dates and times.
    pub(super) fn code(&self, at: usize) -> Option<Mention> {
        let parts = self.tokens.get(at..at + 4)?;
        let widths = [2, 2, 2, 4];
        let joined = parts[1..].iter().all(|part| part.gap == Gap::Dot);
        let fits = parts
            .iter()
            .zip(widths)
            .all(|(part, width)| part.low.len() == width && part.low.bytes().all(|b| b.is_ascii_digit()));
        if !joined || !fits {
            return None;
        }
        let text: Vec<&str> = parts.iter().map(|part| &*part.low).collect();
        let area = self.land.area(&stream::RegionCode::parse(&text.join(".")).ok()?)?;
        Some(self.mention(at, at + 4, vec![area], Tier::Scene, "code", true))
    }

    /// `#Madiun`, `#PilkadaGunungMas2024`, `#infopamekasan`.
    pub(super) fn hashtag(&self, at: usize) -> Option<Mention> {
        let token = &self.tokens[at];
        let wide = Levels::PROVINSI.or(Levels::KABUPATEN).or(Levels::KECAMATAN);
        let named = |text: &str| {
            let key = NameKey::of(text);
            let mut areas =
                if self.land.is_ordinary(key) || text.len() < 4 { Vec::new() } else { self.land.named(key) };
            areas.retain(|area| wide.has(self.land.level_of(*area)));
            areas
        };
        let mut areas = named(&token.low);
        for from in 0..token.humps.len() {
            for to in (from + 1..=token.humps.len()).rev() {
                if areas.is_empty() {
                    areas = named(&token.humps[from..to].concat());
                }
            }
        }
        let bare = token.low.trim_end_matches(|c: char| c.is_ascii_digit());
        let borders = (3..bare.len().saturating_sub(3)).filter(|at| bare.is_char_boundary(*at));
        for at in borders.collect::<Vec<_>>() {
            let (head, tail) = bare.split_at(at);
            if areas.is_empty() && self.is(WordClass::HashtagFront, head) {
                areas = named(tail);
            }
            if areas.is_empty() && self.is(WordClass::HashtagBack, tail) {
                areas = named(head);
            }
        }
        if areas.is_empty() {
            return None;
        }
        let mut mention = self.mention(at, at + 1, areas, Tier::Hashtag, "hashtag", false);
        mention.firm = true;
        Some(mention)
    }

    /// `SAMPANG –` at the head of the text.
    pub(super) fn dateline(&self) -> Option<Mention> {
        let dash = (1..=5).find(|at| self.gap(*at) == Gap::Dash)?;
        let name = self.name_at(0, Levels::ALL, false)?;
        let head = self.tokens[..name.end].iter().all(|token| token.capital);
        let shouted = self.tokens[..name.end].iter().all(|token| token.shouted);
        let rest = name.end == dash || matches!(self.gap(name.end), Gap::Comma | Gap::Paren);
        if !head || !rest || name.end > dash {
            return None;
        }
        let top = name.areas.iter().map(|area| self.land.level_of(*area)).min()?;
        let known = name.alias || name.areas.iter().any(|area| self.land.is_capital(*area));
        let firm = match top {
            Level::Provinsi => true,
            Level::Kabupaten => shouted || !name.ordinary,
            Level::Kecamatan => !name.ordinary,
            Level::Desa => known && !name.ordinary,
        };
        // Without marker or parent a dateline tells no village: it is the town, which is the kecamatan.
        let mut areas: Vec<_> =
            name.areas.iter().map(|area| self.land.cut(*area, Level::Kecamatan)).collect();
        areas.dedup();
        let areas = if top == Level::Desa && firm { areas } else { name.areas.clone() };
        let wide = Levels::PROVINSI.or(Levels::KABUPATEN).or(Levels::KECAMATAN);
        let parent =
            if self.gap(name.end) == Gap::Comma { self.name_at(name.end, wide, false) } else { None };
        if let Some(parent) = parent.filter(|parent| parent.end <= dash) {
            // `KURANJI, PADANG –`
            let inside = |area: &Area| parent.areas.iter().any(|outer| self.land.holds(*outer, *area));
            let inner: Vec<Area> = name.areas.iter().copied().filter(inside).collect();
            if !inner.is_empty() {
                let mut mention = self.mention(0, parent.end, inner, Tier::Dateline, "dateline", false);
                mention.firm = true;
                return Some(mention);
            }
        }
        let mut mention = self.mention(0, name.end, areas, Tier::Dateline, "dateline", false);
        mention.firm = firm;
        Some(mention)
    }

    /// `dibalaidesatiron`, `kabmadiun`: a marker and a name run together.
    pub(super) fn glued(&self, at: usize) -> Option<Mention> {
        let word = self.low(at);
        let word = word.strip_prefix("di").or(word.strip_prefix("ke")).unwrap_or(word);
        let word = word.strip_prefix("balai").or(word.strip_prefix("kantor")).unwrap_or(word);
        if !word.starts_with(['d', 'k', 'p']) {
            return None;
        }
        let heads = ["desa", "kelurahan", "kecamatan", "kabupaten", "polsek", "polres", "kec", "kab", "kel"];
        heads.iter().find_map(|head| {
            let rest = word.strip_prefix(head).filter(|rest| rest.len() >= 4)?;
            let says =
                self.words().marker(head).or_else(|| self.words().office(head).map(|(says, _)| says))?;
            let mut areas = self.land.named(NameKey::of(rest));
            areas.retain(|area| says.levels.has(self.land.level_of(*area)));
            self.sorted(&mut areas, says.sort);
            let plain = areas.is_empty() || self.land.is_ordinary(NameKey::of(rest));
            (!plain).then(|| self.mention(at, at + 1, areas, Tier::Scene, "marker", true))
        })
    }
}
