//! Finds every mention of an area in a text: markers, offices, hashtags, datelines and bare names.

use arrayvec::ArrayVec;
use lexicons::gazetteer::{
    Area, AreaWords, Gazetteer, Kind, Levels, NameKey, Says, Sort, WordClass, expansions, word_form,
};

use super::tokens::{Gap, Token, tokens};

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
pub(super) struct Reading<'t> {
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) mentions: Vec<Mention>,
    /// A place abroad is named.
    pub(super) abroad: bool,
}

pub(super) struct Match {
    /// One past the last token.
    pub(super) end: usize,
    pub(super) areas: Vec<Area>,
    pub(super) ordinary: bool,
    /// The name is an alias of our own.
    pub(super) alias: bool,
}

pub(super) struct Reader<'a> {
    pub(super) land: &'a Gazetteer,
    pub(super) tokens: &'a [Token<'a>],
    /// Most words are in capitals, so that capitals tell nothing.
    pub(super) shouting: bool,
}

/// The longest name, in words.
const LONGEST: usize = 5;

/// In how many ways the words of a name are read at most.
const KEYS: usize = 12;

/// The keys of what has been read of a name, and whether a word was short for another.
type Keys = ArrayVec<(NameKey, bool), KEYS>;

/// Reads all mentions of `text`.
pub(super) fn read<'t>(land: &'t Gazetteer, text: &'t str) -> Reading<'t> {
    let mut tokens = tokens(text);
    tokens.iter_mut().for_each(|token| token.plain = is_plain(land, token));
    let shouted = tokens.iter().filter(|token| token.shouted).count();
    let shouting = shouted * 2 > tokens.len() && tokens.len() > 3;
    let abroad = tokens.iter().any(|token| !token.plain && land.words().is(&token.low, WordClass::Abroad));
    let mentions = Reader { land, tokens: &tokens, shouting }.all();
    Reading { tokens, mentions, abroad }
}

/// The words of a text, for [`Words::may_be_piece`].
pub(crate) struct Words<'t>(Vec<Token<'t>>);

impl<'t> Words<'t> {
    /// Of `text`.
    pub(crate) fn of(text: &'t str) -> Words<'t> {
        Words(tokens(text))
    }

    /// Whether the bytes `start..end` of the text may be a piece of a longer name of a place; false is sure.
    pub(crate) fn may_be_piece(&self, land: &Gazetteer, start: u32, end: u32) -> bool {
        let tokens = &self.0[..];
        let first = tokens.partition_point(|token| token.end <= start);
        let behind = tokens.partition_point(|token| token.start < end);
        let tail = behind.checked_sub(1).and_then(|at| tokens.get(at));
        let (Some(head), Some(tail)) = (tokens.get(first), tail) else { return true };
        // What is read as one word here and as several there may be a name by itself.
        if head.start < start || tail.end > end || behind <= first {
            return true;
        }
        Reader { land, tokens, shouting: false }.may_be_piece(first, behind - 1)
    }
}

/// Whether no mention begins with a word, save one run together with its marker, and nothing else hangs on it.
fn is_plain(land: &Gazetteer, token: &Token<'_>) -> bool {
    let Token { low, capital, hashtag, handle, .. } = token;
    let marked = *capital || *hashtag || *handle || low.starts_with(|c: char| c.is_ascii_digit());
    // What offices of two words and clubs begin with.
    let begins = matches!(&**low, "wali" | "hukum" | "kepala") || low.starts_with("pers");
    !marked && !begins && land.is_plain(low)
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
            let plain = || (self.glued(at), at + 1);
            let (mention, next) = if self.tokens[at].plain { plain() } else { self.step(at) };
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
            return ((!self.is_likened(at)).then_some(mention), next);
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

    /// The words around place names.
    pub(super) fn words(&self) -> &AreaWords {
        self.land.words()
    }

    /// Whether a word is of a class.
    pub(super) fn is(&self, class: WordClass, word: &str) -> bool {
        self.words().is(word, class)
    }

    pub(super) fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &*token.low)
    }

    pub(super) fn gap(&self, at: usize) -> Gap {
        self.tokens.get(at).map_or(Gap::Start, |token| token.gap)
    }

    pub(super) fn mention(
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

    /// The ways to read the words of a name, before the first.
    fn keys(&self) -> Keys {
        Keys::from_iter([(NameKey::default(), false)])
    }

    /// Takes up the `n`th word of a name that begins at `at`: whether there is a name that goes on so.
    fn goes_on(&self, keys: &mut Keys, at: usize, n: usize) -> bool {
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

    /// Whether the words `first..=last` may be a piece of a longer mention; false is sure.
    fn may_be_piece(&self, first: usize, last: usize) -> bool {
        // Between an office and its name numbers and fillers may stand.
        let between = |at: &usize| self.is_number(*at) || self.is(WordClass::OfficeFiller, self.low(*at));
        let before = (0..first).rev().find(|at| !between(at));
        let led = before.is_some_and(|at| self.marks(at)) || self.low(last + 1) == "kota";
        let dateline = last <= LONGEST && (1..=LONGEST).any(|at| self.gap(at) == Gap::Dash);
        let own = |at: usize| self.tokens[at].hashtag || self.is_number(at) || self.marks(at);
        let named = |start: usize| {
            let mut keys = self.keys();
            let reach = (0..LONGEST).take_while(|n| self.goes_on(&mut keys, start, *n)).count();
            let end = start + reach;
            end > last + 1 || end == last + 1 && (led || start < first)
        };
        dateline || (first..=last).any(own) || (first.saturating_sub(LONGEST)..=first).any(named)
    }

    /// Whether a word is a marker or of an office.
    fn marks(&self, at: usize) -> bool {
        let word = self.low(at);
        matches!(word, "wali" | "hukum" | "kepala" | "desa" | "kampung" | "nagari" | "tua")
            || self.words().marker(word).is_some()
            || self.words().office(word).is_some()
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

    /// `Kec. Kurun`, `kab/kota Madiun`, `Kampung Baru`.
    pub(super) fn marked(&self, at: usize) -> Option<Mention> {
        let mut says = self.words().marker(self.low(at))?;
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

    /// Whether a name is only compared with, or denied: "seperti di Sampang", "bukan Kota Bima".
    pub(super) fn is_likened(&self, at: usize) -> bool {
        let before = self.before(at);
        self.is(WordClass::Likened, before)
            || self.is(WordClass::Locative, before) && self.is(WordClass::Likened, self.before(at - 1))
    }

    /// What the words before a mention make of it.
    pub(super) fn tier_before(&self, at: usize) -> Tier {
        let before = self.before(at);
        let further = if before.is_empty() { "" } else { self.before(at - 1) };
        if self.is(WordClass::Origin, before)
            || self.is(WordClass::People, before)
            || before == "ke" && further == "pulang"
        {
            Tier::Origin
        } else {
            Tier::Scene
        }
    }

    /// The word before, in the same clause.
    pub(super) fn before(&self, at: usize) -> &str {
        if at == 0 || !matches!(self.gap(at), Gap::Space | Gap::Hyphen | Gap::Dot) {
            return "";
        }
        self.low(at - 1)
    }

    pub(super) fn is_number(&self, at: usize) -> bool {
        self.low(at).bytes().all(|b| b.is_ascii_digit()) && !self.low(at).is_empty()
    }
}
