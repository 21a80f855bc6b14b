//! Finds every mention of an area in a text: markers, offices, hashtags, datelines and bare names.

use arrayvec::ArrayVec;
use lexicons::gazetteer::{Area, AreaWords, Gazetteer, Levels, NameKey, WordClass};

use super::tokens::{Gap, Token, Tokens};

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
    /// An everyday word too.
    pub(super) ordinary: bool,
    /// Written with capitals, where they tell something.
    pub(super) capital: bool,
    /// The marker is an everyday word too, which smaller settlements have (`Kampung Sawah`).
    pub(super) soft: bool,
    /// Only the beginning of a name (`Rawa Badak` of Rawa Badak Utara).
    pub(super) half: Option<Half>,
}

/// The beginning of a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half {
    /// Its first token; the last is that of the mention.
    pub(super) from: usize,
    /// The levels that the name may have.
    pub(super) levels: Levels,
}

/// The text as words, and what mentions of areas it holds.
pub(super) struct Reading<'t> {
    pub(super) tokens: Tokens<'t>,
    pub(super) mentions: Vec<Mention>,
    /// First and last token of each hamlet that is named (`Dukuh Watulimo`), and of each village that the land does not
    /// know.
    pub(super) hamlets: Vec<(usize, usize)>,
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
pub(super) const LONGEST: usize = 5;

/// In how many ways the words of a name are read at most.
pub(super) const KEYS: usize = 12;

/// The keys of what has been read of a name, and whether a word was short for another.
pub(super) type Keys = ArrayVec<(NameKey, bool), KEYS>;

/// Reads all mentions of a text, whose words `tokens` are.
pub(super) fn read<'t>(land: &Gazetteer, tokens: Tokens<'t>) -> Reading<'t> {
    let shouted = tokens.iter().filter(|token| token.shouted).count();
    let shouting = shouted * 2 > tokens.len() && tokens.len() > 3;
    let abroad = tokens.iter().any(|token| !token.plain && land.words().is(&token.low, WordClass::Abroad));
    let (mentions, hamlets) = Reader { land, tokens: &tokens, shouting }.all();
    Reading { tokens, mentions, hamlets, abroad }
}

impl Reader<'_> {
    /// Every mention of an area, and every hamlet.
    fn all(&self) -> (Vec<Mention>, Vec<(usize, usize)>) {
        let (mut found, mut hamlets) = (Vec::new(), Vec::new());
        let mut at = 0;
        if let Some(dateline) = self.dateline() {
            at = dateline.last + 1;
            found.push(dateline);
        }
        while at < self.tokens.len() {
            let plain = || (self.glued(at), at + 1);
            let (mention, next) = if self.tokens[at].plain { plain() } else { self.step(at) };
            if mention.is_none() && next > at + 1 && self.is(WordClass::Hamlet, self.low(at)) {
                hamlets.push((at, next - 1));
            } else if mention.is_none()
                && let Some(last) = self.unlisted(at)
            {
                hamlets.push((at, last));
            }
            found.extend(mention);
            at = next.max(at + 1);
        }
        (found, hamlets)
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
        let bare = self.bare(at);
        match self.half_located(at, bare.as_ref()).or(bare) {
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
            ordinary: false,
            capital: marked,
            soft: false,
            half: None,
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
