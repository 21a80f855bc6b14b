//! A post as judged: every part of it read with the lexicon, and its place, worked out when first asked for.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ops::Deref;

use lexicons::{Lexicon, PartHit, Parts, Places, Range, Reading, SetId};
use stream::{Hit, MediaKind, Part, Place, Post, Span};

use crate::place::{self, Around, Words};

/// The post and what is known of it before any rule is asked.
pub(crate) struct Heard<'a> {
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) post: &'a Post,
    pub(crate) text: Read<'a>,
    bio: Option<Read<'a>>,
    name: Option<Read<'a>>,
    quoted: Option<Read<'a>>,
    media: Cow<'a, [Reading]>,
    pub(crate) place: OnceCell<Place>,
    /// The words of the text, as places are looked for.
    words: OnceCell<Words<'a>>,
    around: Beside<'a>,
    /// The text without the names that tell its place, token by token as the text; none where there are none.
    pub(crate) unnamed: OnceCell<Option<Box<Reading>>>,
}

/// What was read of a part: for this post, or already for the one that it is a variant of.
#[expect(
    clippy::large_enum_variant,
    reason = "it stands on the stack for one judgement; a box asks for memory"
)]
pub(crate) enum Read<'a> {
    Own(Lent),
    Before(&'a Reading),
}

impl Deref for Read<'_> {
    type Target = Reading;

    fn deref(&self) -> &Reading {
        match self {
            Read::Own(lent) => &lent.0,
            Read::Before(reading) => reading,
        }
    }
}

/// What tells of the place beside the text: of this post, or already known of the one that it is a variant of.
enum Beside<'a> {
    Own(OnceCell<Around<'a>>),
    Before(&'a Around<'a>),
}

/// A reading from this thread's store, to which it goes back: most posts are read without asking for memory.
pub(crate) struct Lent(Reading);

thread_local! {
    static STORE: RefCell<Vec<Reading>> = const { RefCell::new(Vec::new()) };
}

impl Lent {
    fn read(lexicon: &Lexicon, text: &str) -> Lent {
        let reading = STORE.with_borrow_mut(Vec::pop).unwrap_or_default();
        Lent(read(lexicon, text, reading))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let reading = std::mem::take(&mut self.0);
        // What a giant text needed is not kept.
        if reading.folded.tokens().len() <= MOST_KEPT {
            STORE.with_borrow_mut(|store| store.push(reading));
        }
    }
}

/// How far behind a negator that may stand which it denies, in tokens: "tidak sampai menimbulkan korban jiwa".
const DENIES: usize = 4;
/// How far behind a word of intent or a negator that may stand which is not done, in tokens: "mau kita bakar".
const INTENDS: usize = 2;

/// Longest text, in tokens, whose buffers are kept for the next.
const MOST_KEPT: usize = 4096;

fn read(lexicon: &Lexicon, text: &str, mut reading: Reading) -> Reading {
    lexicon.read(text, &mut reading);
    reading
}

fn read_media(lexicon: &Lexicon, text: &str) -> Reading {
    read(lexicon, text, Reading::default())
}

impl<'a> Heard<'a> {
    pub(crate) fn new(lexicon: &'a Lexicon, post: &'a Post) -> Heard<'a> {
        let part = |part: Part| part.of(post).map(|text| Read::Own(Lent::read(lexicon, text)));
        let media = post.context.as_ref().map(|context| &context.media_text[..]).unwrap_or_default();
        Heard {
            lexicon,
            post,
            text: Read::Own(Lent::read(lexicon, &post.text)),
            bio: part(Part::Bio),
            name: part(Part::Name),
            quoted: part(Part::Quoted),
            media: media.iter().map(|media| read_media(lexicon, &media.text)).collect(),
            place: OnceCell::new(),
            words: OnceCell::new(),
            around: Beside::Own(OnceCell::new()),
            unnamed: OnceCell::new(),
        }
    }

    /// As [`Heard::new`] of a variant of this post that differs in one part: the others are not read again.
    pub(crate) fn without<'v>(&'v self, variant: &'v Post, part: Part) -> Heard<'v> {
        let read = |other: Part, before: &'v Reading| match other.of(variant).filter(|_| other == part) {
            Some(text) => Read::Own(Lent::read(self.lexicon, text)),
            None => Read::Before(before),
        };
        let mut media = Cow::Borrowed(&self.media[..]);
        if let (Part::Media(n), Some(text)) = (part, part.of(variant)) {
            media.to_mut()[usize::from(n)] = read_media(self.lexicon, text);
        }
        Heard {
            lexicon: self.lexicon,
            post: variant,
            text: read(Part::Text, &self.text),
            bio: self.bio.as_deref().map(|before| read(Part::Bio, before)),
            name: self.name.as_deref().map(|before| read(Part::Name, before)),
            quoted: self.quoted.as_deref().map(|before| read(Part::Quoted, before)),
            media,
            place: OnceCell::new(),
            words: OnceCell::new(),
            around: match part {
                Part::Bio | Part::Name => Beside::Own(OnceCell::new()),
                _ => Beside::Before(self.around()),
            },
            unnamed: OnceCell::new(),
        }
    }

    /// Whether a variant that differs in `part` holds no term there that this post does not.
    pub(crate) fn says_all_of(&self, variant: &Heard<'_>, part: Part) -> bool {
        let readings = self.reading(part).zip(variant.reading(part));
        readings.is_some_and(|(own, other)| own.has_all_of(other))
    }

    /// The place of the post.
    pub(crate) fn place(&self) -> &Place {
        let land = self.lexicon.land();
        self.place.get_or_init(|| place::resolve_beside(land, self.post, self.around(), self.words()))
    }

    /// What tells of the place beside the text.
    fn around(&self) -> &Around<'a> {
        match &self.around {
            Beside::Own(around) => around.get_or_init(|| Around::of(self.lexicon.land(), self.post)),
            Beside::Before(around) => around,
        }
    }

    /// The words of the text, as places are looked for.
    pub(crate) fn words(&self) -> &Words<'a> {
        self.words.get_or_init(|| Words::of(self.lexicon.land(), &self.post.text))
    }

    /// The parts that are judged: the text, what it quotes when it endorses it, and the words of its media.
    pub(crate) fn judged(&self) -> impl Iterator<Item = Part> {
        let endorsed =
            self.quoted.is_some() && self.has(Part::Text, "endorse") && !self.has(Part::Text, "condemn");
        let quoted = endorsed.then_some(Part::Quoted);
        [Part::Text]
            .into_iter()
            .chain(quoted)
            .chain((0u16..).zip(self.media.iter()).map(|(n, _)| Part::Media(n)))
    }

    /// Whether a machine read this part from a picture or a film.
    pub(crate) fn is_machine_read(&self, part: Part) -> bool {
        let Part::Media(n) = part else { return false };
        let media = self.post.context.as_ref().and_then(|context| context.media_text.get(usize::from(n)));
        media.is_some_and(|media| matches!(media.kind, MediaKind::Ocr | MediaKind::Asr))
    }

    /// What was read of a part.
    pub(crate) fn reading(&self, part: Part) -> Option<&Reading> {
        match part {
            Part::Text => Some(&self.text),
            Part::Bio => self.bio.as_deref(),
            Part::Name => self.name.as_deref(),
            Part::Quoted => self.quoted.as_deref(),
            Part::Media(n) => self.media.get(usize::from(n)),
            Part::ReplyTo | Part::ThreadRoot => None,
        }
    }

    /// The parts as rules look at them when `part` is judged.
    pub(crate) fn parts(&self, part: Part) -> Parts<'_> {
        Parts {
            body: self.reading(part).unwrap_or(&self.text),
            part,
            bio: self.bio.as_deref(),
            name: self.name.as_deref(),
            quoted: self.quoted.as_deref(),
            media: &self.media,
            places: self,
        }
    }

    /// The tokens of each hit of the named set in a part; none when the lexicon has no such set.
    pub(crate) fn hits(&self, part: Part, set: &str) -> Vec<Range> {
        let (Some(reading), Some(set)) = (self.reading(part), self.lexicon.set(set)) else {
            return Vec::new();
        };
        reading.hits_of(set).collect()
    }

    /// Whether the named set holds in a part.
    pub(crate) fn has(&self, part: Part, set: &str) -> bool {
        let found = self.reading(part).zip(self.lexicon.set(set));
        found.is_some_and(|(reading, set)| reading.has(set))
    }

    /// Whether a hit of the named set ends right before token `at`.
    pub(crate) fn ends(&self, part: Part, set: &str, at: usize) -> bool {
        let found = self.reading(part).zip(self.lexicon.set(set));
        found.is_some_and(|(reading, set)| reading.hits_of(set).any(|hit| hit.end == at))
    }

    /// The first hit of the named set that no negator stands before in its clause: "tidak ada korban jiwa" tells of
    /// nobody.
    pub(crate) fn affirmed(&self, part: Part, set: &str) -> Option<Range> {
        self.first_not_behind(part, set, "neg", DENIES)
    }

    /// The first hit of the named set that is told as done: "mau bakar kotak suara" burns nothing yet.
    pub(crate) fn told_as_done(&self, part: Part, set: &str) -> Option<Range> {
        self.first_not_behind(part, set, "undone", INTENDS)
    }

    /// The first hit of the named set, no place's name, that stands behind no word of `before`.
    fn first_not_behind(&self, part: Part, set: &str, before: &str, near: usize) -> Option<Range> {
        let before = self.lexicon.set(before);
        let turned = |hit: Range| before.is_some_and(|before| self.stands_behind(part, hit, before, near));
        self.hits(part, set).into_iter().find(|hit| !turned(*hit) && !self.in_place_name(part, *hit))
    }

    /// Whether these words stand behind a word of `before`, at most `near` words from it, in its clause.
    pub(crate) fn stands_behind(&self, part: Part, words: Range, before: SetId, near: usize) -> bool {
        let Some(reading) = self.reading(part) else { return false };
        let tokens = reading.folded.tokens();
        let clause = |at: usize| tokens.get(at).map(|token| token.clause);
        reading.hits_of(before).any(|word| {
            // They may overlap: in "tidak ada yang meninggal" both "tidak ada" and "ada yang meninggal" are terms.
            word.start < words.start
                && words.start.saturating_sub(word.end) < near
                && clause(word.start) == clause(words.start)
        })
    }

    /// The first of `sets` that holds in a part, with its words.
    pub(crate) fn first(&self, part: Part, sets: &[&str]) -> Option<Span> {
        let mut hits = sets.iter().flat_map(|set| self.hits(part, set));
        hits.find(|hit| !self.in_place_name(part, *hit)).map(|range| self.span(part, range))
    }

    /// The span of a range of tokens.
    pub(crate) fn span(&self, part: Part, range: Range) -> Span {
        let (start, end) = self.reading(part).map_or((0, 0), |reading| reading.bytes(range));
        Span { part, start, end }
    }

    /// A rule's hit, its words in order and each once.
    pub(crate) fn hit(&self, rule: &str, hits: &[PartHit]) -> Hit {
        let mut spans: Vec<Span> = hits.iter().map(|hit| self.span(hit.part, hit.range)).collect();
        spans.sort_unstable();
        spans.dedup();
        Hit { rule: rule.to_owned(), spans }
    }
}

impl Places for Heard<'_> {
    fn find(&self, part: Part, folded: &lexicons::fold::Folded, out: &mut Vec<Range>) {
        for clue in &self.place().clues {
            let Some(span) = clue.span.filter(|span| span.part == part) else { continue };
            let tokens = folded.tokens();
            let start = tokens.partition_point(|token| token.end <= span.start);
            let end = tokens.partition_point(|token| token.start < span.end);
            if start < end {
                out.push(Range { start, end });
            }
        }
    }
}
