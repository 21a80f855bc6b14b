//! Finds every mention of an area in a text: markers, offices, hashtags, datelines and bare names.

use lexicons::gazetteer::{Area, Gazetteer, Kind, NameKey, expansions, word_form};
use stream::Level;

use super::tokens::{Gap, Token, tokens};
use super::words::{self, Levels, Says, Sort};

/// How much a mention counts for the scene; the first kind that is present decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// The place itself is named.
    Scene,
    /// `#Madiun`.
    Hashtag,
    /// `Polsek Jiwan`: stands for its area when no other scene is named.
    Office,
    /// `SAMPANG –`.
    Dateline,
    /// Where somebody comes from, or `orang Jeneponto`.
    Origin,
}

/// One mention, with all readings that its words allow.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// First and last token.
    pub(super) first: usize,
    pub(super) last: usize,
    /// What it may be, in code order.
    pub(super) areas: Vec<Area>,
    pub(super) tier: Tier,
    /// The stable code of its clue: `marker`, `name`, `hashtag`, `dateline`, `office`.
    pub(super) clue: &'static str,
    /// A marker or an office fixes its level: all readings stand on one level.
    pub(super) marked: bool,
    /// Counts without anything else.
    pub(super) firm: bool,
    /// Counts once a parent is named anywhere.
    pub(super) hopeful: bool,
    /// Counts once a parent stands right behind or before it.
    pub(super) chains: bool,
    /// Behind a word of place.
    pub(super) located: bool,
}

/// The text as words, and what mentions of areas it holds.
pub(super) struct Reading {
    pub(super) tokens: Vec<Token>,
    pub(super) mentions: Vec<Mention>,
    /// A place abroad is named.
    pub(super) abroad: bool,
}

struct Match {
    /// One past the last token.
    end: usize,
    areas: Vec<Area>,
    ordinary: bool,
    /// The name is an alias of our own.
    alias: bool,
}

struct Reader<'a> {
    land: &'a Gazetteer,
    tokens: Vec<Token>,
    /// Most letters are capital, so that capitals tell nothing.
    shouting: bool,
}

/// The longest name, in words.
const LONGEST: usize = 5;

/// Reads all mentions of `text`.
pub(super) fn read(land: &Gazetteer, text: &str) -> Reading {
    let tokens = tokens(text);
    let shouted = tokens.iter().filter(|token| token.shouted).count();
    let shouting = shouted * 2 > tokens.len() && tokens.len() > 3;
    let abroad = tokens.iter().any(|token| words::abroad(&token.low));
    let reader = Reader { land, tokens, shouting };
    let mentions = reader.all();
    Reading { tokens: reader.tokens, mentions, abroad }
}

impl Reader<'_> {
    fn all(&self) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut at = 0;
        if let Some(dateline) = self.dateline() {
            at = dateline.last + 1;
            found.push(dateline);
        }
        while at < self.tokens.len() {
            let (mention, next) = self.step(at);
            found.extend(mention);
            at = next.max(at + 1);
        }
        found
    }

    /// What begins at a token: a mention, or something to pass over; and where to go on.
    fn step(&self, at: usize) -> (Option<Mention>, usize) {
        let token = &self.tokens[at];
        if token.handle {
            return (None, at + 1);
        }
        if token.hashtag {
            return (self.hashtag(at), at + 1);
        }
        let code = self.code(at);
        if code.is_some() {
            return (code, at + 4);
        }
        if let Some(mention) = self.marked(at) {
            let next = mention.last + 1;
            return (Some(mention), next);
        }
        if let Some(mention) = self.office(at) {
            let next = mention.last + 1;
            return (Some(mention), next);
        }
        if let Some(next) = self.passed_over(at) {
            return (None, next);
        }
        match self.bare(at) {
            Some(mention) => {
                let next = mention.last + 1;
                (Some(mention), next)
            }
            None => (self.glued(at), at + 1),
        }
    }

    fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.low.as_str())
    }

    fn gap(&self, at: usize) -> Gap {
        self.tokens.get(at).map_or(Gap::Start, |token| token.gap)
    }

    /// A full code of a village, `35.19.08.2011`: shorter ones look like dates and times.
    fn code(&self, at: usize) -> Option<Mention> {
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
        let text: Vec<&str> = parts.iter().map(|part| part.low.as_str()).collect();
        let area = self.land.area(&stream::RegionCode::parse(&text.join(".")).ok()?)?;
        Some(self.mention(at, at + 4, vec![area], Tier::Scene, "code", true))
    }

    fn mention(
        &self,
        first: usize,
        end: usize,
        areas: Vec<Area>,
        tier: Tier,
        clue: &'static str,
        marked: bool,
    ) -> Mention {
        Mention {
            first,
            last: end - 1,
            areas,
            tier,
            clue,
            marked,
            firm: marked,
            hopeful: true,
            chains: true,
            located: marked,
        }
    }

    /// Whether a token goes on with the name that the one before it began.
    fn joins(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        match token.gap {
            Gap::Space | Gap::Hyphen => !token.hashtag && !token.handle,
            Gap::Dot => self.low(at - 1).len() <= 4,
            _ => false,
        }
    }

    /// The longest name that begins at a token and has a reading at one of `levels`.
    fn name_at(&self, at: usize, levels: Levels, marked: bool) -> Option<Match> {
        let mut keys: Vec<(NameKey, bool)> = vec![(NameKey::default(), false)];
        let mut best = None;
        for n in 0..LONGEST {
            if at + n >= self.tokens.len() || n > 0 && !self.joins(at + n) {
                break;
            }
            let word = self.low(at + n);
            let written = keys.iter().map(|(key, short)| (key.with(word_form(word, n > 0)), *short));
            let meant = expansions(word);
            let long = keys.iter().flat_map(|(key, _)| meant.iter().map(|word| (key.with(word), true)));
            keys = written.chain(long).take(12).collect();
            let found = keys.iter().find_map(|(key, short)| {
                // An abbreviation alone is a name only behind a marker.
                let alone = n == 0 && *short && !marked;
                let mut areas = if alone { Vec::new() } else { self.land.named(*key) };
                areas.retain(|area| levels.has(self.land.level_of(*area)));
                let squashed = !marked && !self.land.is_alias(*key) && self.squashes(at, n + 1, &areas);
                (!areas.is_empty() && !squashed).then_some((areas, *key))
            });
            if let Some((areas, key)) = found {
                let ordinary = self.land.is_ordinary(key) || n == 0 && word.len() < 4;
                best = Some(Match { end: at + n + 1, areas, ordinary, alias: self.land.is_alias(key) });
            }
        }
        best
    }

    /// Whether `count` small or lower-case words only make a name when written together ("ba gi").
    fn squashes(&self, at: usize, count: usize, areas: &[Area]) -> bool {
        let Some(area) = areas.first() else { return false };
        let words = |form: &str| form.split([' ', '-']).count();
        let whole = self.land.forms_of(*area).any(|form| words(form) >= count);
        !whole && self.tokens[at..at + count].iter().any(|token| !token.capital || token.low.len() < 3)
    }

    /// `Kec. Kurun`, `kab/kota Madiun`, `Kampung Baru`.
    fn marked(&self, at: usize) -> Option<Mention> {
        let mut says = words::marker(self.low(at))?;
        let mut end = at + 1;
        let mut found = self.behind_marker(end, says);
        while found.is_none()
            && let Some(more) = words::marker(self.low(end))
            && matches!(self.gap(end), Gap::Space | Gap::Slash | Gap::Dot)
        {
            let sort = if more.sort == says.sort { says.sort } else { Sort::Any };
            says = Says { levels: says.levels.or(more.levels), sort, soft: says.soft && more.soft };
            end += 1;
            found = self.behind_marker(end, says);
        }
        if says.soft && says.sort == Sort::Any || found.is_none() && says.soft {
            let with_word = self.name_at(at, Levels::KECAMATAN.or(Levels::DESA), true);
            let longer =
                with_word.filter(|whole| whole.end >= found.as_ref().map_or(at + 2, |part| part.end));
            if let Some(whole) = longer {
                let desa = self
                    .name_at(at, Levels::DESA, true)
                    .filter(|desa| says.sort == Sort::Any && desa.end == whole.end);
                let told = desa.unwrap_or(whole);
                let mut mention = self.mention(at, told.end, told.areas, Tier::Scene, "marker", true);
                mention.firm = says.sort == Sort::Any;
                mention.tier = self.tier_before(at);
                return Some(mention);
            }
        }
        let name = found?;
        let mut mention = self.mention(at, name.end, name.areas, Tier::Scene, "marker", true);
        if says.soft && !(self.tokens[at + 1].capital || says.sort == Sort::Kota) {
            mention.firm = false;
        }
        if name.ordinary && says.soft && !self.tokens[name.end - 1].capital {
            return None;
        }
        mention.tier = self.tier_before(at);
        Some(mention)
    }

    fn behind_marker(&self, at: usize, says: Says) -> Option<Match> {
        let near = matches!(
            self.gap(at),
            Gap::Space | Gap::Dot | Gap::Slash | Gap::Paren | Gap::Colon | Gap::Hyphen
        );
        if !near {
            return None;
        }
        let short = words::shortened(self.low(at - 1));
        if self.gap(at) == Gap::Dot && !short {
            return None;
        }
        let mut name = self.name_at(at, says.levels, true)?;
        let lower = !self.tokens[at].capital;
        let single = name.end == at + 1;
        if single && lower && (words::no_name(self.low(at)) || name.ordinary && !short) {
            return None;
        }
        self.sorted(&mut name.areas, says.sort);
        Some(name)
    }

    /// Keeps the kabupaten or the kota of one name, where there is one.
    fn sorted(&self, areas: &mut Vec<Area>, sort: Sort) {
        let wanted = match sort {
            Sort::Any => return,
            Sort::Kabupaten => Kind::Kabupaten,
            Sort::Kota => Kind::Kota,
        };
        if areas.iter().any(|area| self.land.kind_of(*area) == wanted) {
            areas.retain(|area| self.land.kind_of(*area) == wanted);
        }
    }

    /// What the words before a mention make of it.
    fn tier_before(&self, at: usize) -> Tier {
        let before = self.before(at);
        let further = if before.is_empty() { "" } else { self.before(at - 1) };
        if words::origin(before) || words::people(before) || before == "ke" && further == "pulang" {
            Tier::Origin
        } else {
            Tier::Scene
        }
    }

    /// The word before, in the same clause.
    fn before(&self, at: usize) -> &str {
        if at == 0 || !matches!(self.gap(at), Gap::Space | Gap::Hyphen | Gap::Dot) {
            return "";
        }
        self.low(at - 1)
    }

    /// `Polsek Jiwan`, `KPU Kab. Madiun`, `Kodim 0803/Madiun`, `wali kota Palopo`.
    fn office(&self, at: usize) -> Option<Mention> {
        let pair = (self.low(at), self.low(at + 1));
        let (says, head, mut end) = match pair {
            ("wali", "kota") => (words::office("walikota")?.0, true, at + 2),
            ("wali", "nagari") | ("hukum", "tua") | ("kepala", "desa") | ("kepala", "kampung") => {
                (words::office("kades")?.0, true, at + 2)
            }
            (word, _) => words::office(word).map(|(says, head)| (says, head, at + 1))?,
        };
        while words::office_filler(self.low(end)) || self.is_number(end) {
            end += 1;
        }
        if !matches!(self.gap(end), Gap::Space | Gap::Slash | Gap::Paren | Gap::Hyphen) {
            return None;
        }
        let tier = if (1..=2).any(|back| at >= back && words::site(self.low(at - back))) {
            Tier::Scene
        } else {
            Tier::Office
        };
        if let Some(mut mention) = self.marked(end) {
            mention.first = at;
            mention.tier = tier;
            mention.clue = "office";
            return Some(mention);
        }
        let mut name = self.name_at(end, says.levels, true);
        let mut firm = !(head && says.levels == Levels::DESA);
        if name.is_none() && says.levels != Levels::DESA && says.levels.has(Level::Kecamatan) {
            // The name of a Polsek may be that of a village in its area.
            name = self.name_at(end, Levels::DESA, true).filter(|name| !name.ordinary);
            if let Some(name) = &mut name {
                name.areas = name.areas.iter().map(|area| self.land.cut(*area, Level::Kecamatan)).collect();
                name.areas.dedup();
            }
            firm = false;
        } else if name.is_none() && says.levels == Levels::DESA && !head {
            name = self.name_at(end, Levels::KECAMATAN, true).filter(|name| !name.ordinary);
        }
        let mut name = name?;
        if name.ordinary && !self.tokens[end].capital {
            return None;
        }
        self.sorted(&mut name.areas, says.sort);
        self.behind_kota(&mut name);
        let mut mention = self.mention(at, name.end, name.areas, tier, "office", true);
        mention.firm = firm;
        Some(mention)
    }

    fn is_number(&self, at: usize) -> bool {
        self.low(at).bytes().all(|b| b.is_ascii_digit()) && !self.low(at).is_empty()
    }

    /// `Madiun Kota` is the kota.
    fn behind_kota(&self, name: &mut Match) {
        let kota = name.areas.iter().any(|area| self.land.kind_of(*area) == Kind::Kota);
        let follows = self.low(name.end) == "kota" && self.gap(name.end) == Gap::Space;
        if kota && follows && self.name_at(name.end + 1, Levels::KABUPATEN, true).is_none() {
            name.areas.retain(|area| self.land.kind_of(*area) == Kind::Kota);
            name.end += 1;
        }
    }

    /// Where to go on behind a name that tells no place: a person, street, dish, firm, hamlet, people.
    fn passed_over(&self, at: usize) -> Option<usize> {
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

    /// A name without marker: what it takes to count depends on its level and on how ordinary the word is.
    fn bare(&self, at: usize) -> Option<Mention> {
        let mut name = self.name_at(at, Levels::ALL, false)?;
        if words::club_tail(self.low(name.end)) {
            return None;
        }
        let top = name.areas.iter().map(|area| self.land.level_of(*area)).min()?;
        let word = self.low(at).to_owned();
        let single = name.end == at + 1;
        let before = self.before(at);
        let further = if before.is_empty() { "" } else { self.before(at - 1) };
        if words::likened(before) || words::locative(before) && words::likened(further) {
            return None;
        }
        let tier = self.tier_before(at);
        let located = words::locative(before) || words::origin(before);
        let capital = !self.shouting && self.tokens[at..name.end].iter().all(|token| token.capital);
        let told_by_capital = capital && !self.tokens[at].opens();
        let letters: usize = self.tokens[at..name.end].iter().map(|token| token.low.len()).sum();
        let before_comma = self.gap(name.end) == Gap::Comma;
        let people = single && words::peoples(&word);
        let half = single && words::half_ordinary(&word);
        let at_tps = self.low(name.end) == "tps";
        let firm = match top {
            Level::Provinsi => !people || located,
            Level::Kabupaten if name.ordinary => located && told_by_capital,
            Level::Kabupaten => !(people || half) || located || told_by_capital || self.tokens[at].shouted,
            Level::Kecamatan => {
                // In lower case, words that are ordinary one by one make no name ("ganti warno").
                let phrase = !single && !capital && self.land.is_ordinary(NameKey::of(&word));
                !name.ordinary && (located || told_by_capital || letters >= 6 && !phrase)
            }
            Level::Desa => {
                let known = name.alias || name.areas.iter().any(|area| self.land.is_capital(*area));
                let only = name.areas.len() == 1 && capital && (located || at_tps);
                !name.ordinary && letters >= 6 && (known && (located || capital) || only)
            }
        };
        let hopeful = match top {
            Level::Desa => !name.ordinary && (located || told_by_capital || capital && letters >= 6),
            _ if name.ordinary => located && told_by_capital,
            _ => true,
        };
        let plain =
            !name.ordinary && (top < Level::Desa || capital || located || before_comma || letters >= 6);
        let chains = plain || capital && (located || before_comma);
        if top == Level::Kabupaten {
            self.behind_kota(&mut name);
        }
        let mut mention = self.mention(at, name.end, name.areas, tier, "name", false);
        (mention.firm, mention.hopeful, mention.chains, mention.located) = (firm, hopeful, chains, located);
        Some(mention)
    }

    /// `#Madiun`, `#PilkadaGunungMas2024`, `#infopamekasan`.
    fn hashtag(&self, at: usize) -> Option<Mention> {
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
        let front = [
            "pilkada",
            "pilbup",
            "pilwali",
            "pilwalkot",
            "pilgub",
            "kpu",
            "bawaslu",
            "info",
            "warga",
            "kabar",
            "save",
        ];
        let back =
            ["memilih", "bersatu", "maju", "damai", "aman", "juara", "hebat", "kota", "bergerak", "menang"];
        let bare = token.low.trim_end_matches(|c: char| c.is_ascii_digit());
        let cut = front.iter().filter_map(|word| bare.strip_prefix(word));
        for rest in cut.chain(back.iter().filter_map(|word| bare.strip_suffix(word))) {
            if areas.is_empty() {
                areas = named(rest);
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
    fn dateline(&self) -> Option<Mention> {
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
        let mut mention = self.mention(0, name.end, name.areas, Tier::Dateline, "dateline", false);
        mention.firm = firm;
        Some(mention)
    }

    /// `dibalaidesatiron`, `kabmadiun`: a marker and a name run together.
    fn glued(&self, at: usize) -> Option<Mention> {
        let word = self.low(at);
        let word = word.strip_prefix("di").or(word.strip_prefix("ke")).unwrap_or(word);
        let word = word.strip_prefix("balai").or(word.strip_prefix("kantor")).unwrap_or(word);
        let heads = ["desa", "kelurahan", "kecamatan", "kabupaten", "polsek", "polres", "kec", "kab", "kel"];
        heads.iter().find_map(|head| {
            let rest = word.strip_prefix(head).filter(|rest| rest.len() >= 4)?;
            let says = words::marker(head).or_else(|| words::office(head).map(|(says, _)| says))?;
            let mut areas = self.land.named(NameKey::of(rest));
            areas.retain(|area| says.levels.has(self.land.level_of(*area)));
            self.sorted(&mut areas, says.sort);
            let plain = areas.is_empty() || self.land.is_ordinary(NameKey::of(rest));
            (!plain).then(|| self.mention(at, at + 1, areas, Tier::Scene, "marker", true))
        })
    }
}
