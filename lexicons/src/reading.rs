//! A reading: a folded text with every hit of the lexicon's terms in it, made in one pass.

use rustc_hash::FxHashMap;

use crate::fold::{Folded, Lexis, Token, bit};
use crate::rule::{Range, SetId, is_numeral};
use crate::words::Word;

/// A hit of a set: tokens `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermHit {
    /// The set.
    pub set: SetId,
    /// Its tokens.
    pub range: Range,
}

/// No hit follows.
const NO_HIT: u32 = u32::MAX;

/// A folded text and the terms found in it. Owns its buffers, so that one serves text after text.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The tokens.
    pub folded: Folded,
    hits: Vec<TermHit>,
    present: Vec<u64>,
    /// The first hit of each set that is present, by set; of others whatever stood there before …
    heads: Vec<u32>,
    /// … and the next hit of the same set, by hit.
    nexts: Vec<u32>,
    /// Work space: the hits of stops, then the long ones.
    long: Vec<TermHit>,
}

impl Reading {
    /// Every hit, in order of the text.
    pub fn hits(&self) -> &[TermHit] {
        &self.hits
    }

    /// Whether the text holds a term of `set`.
    #[inline]
    pub fn has(&self, set: SetId) -> bool {
        self.present.get(set.index() / 64).is_some_and(|bits| bits & (1 << (set.index() % 64)) != 0)
    }

    /// The tokens of each hit of `set`, in order.
    pub fn hits_of(&self, set: SetId) -> impl Iterator<Item = Range> + '_ {
        let first = if self.has(set) { self.heads[set.index()] } else { NO_HIT };
        let next = |at: &u32| Some(self.nexts[*at as usize]).filter(|at| *at != NO_HIT);
        let all = std::iter::successors(Some(first).filter(|at| *at != NO_HIT), next);
        all.map(|at| self.hits[at as usize].range)
    }

    /// The bytes of the text that a range of tokens covers.
    pub fn bytes(&self, range: Range) -> (u32, u32) {
        self.folded.bytes(range.start, range.end)
    }

    /// The sets present, as bits in order of their numbers.
    pub(crate) fn present(&self) -> &[u64] {
        &self.present
    }

    fn mark(&mut self) {
        self.present.fill(0);
        self.nexts.clear();
        self.nexts.resize(self.hits.len(), NO_HIT);
        // From the last to the first, so that the chain of each set runs in order of the text.
        for (n, hit) in self.hits.iter().enumerate().rev() {
            let (set, at) = (hit.set.index(), hit.set.index() / 64);
            if self.present.len() <= at {
                self.present.resize(at + 1, 0);
            }
            if self.heads.len() <= set {
                self.heads.resize(set + 1, NO_HIT);
            }
            let bit = 1 << (set % 64);
            if self.present[at] & bit != 0 {
                self.nexts[n] = self.heads[set];
            }
            self.heads[set] = n as u32;
            self.present[at] |= bit;
        }
    }
}

/// A set that a phrase belongs to, or whose hits it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    set: SetId,
    stop: bool,
}

/// The terms of all sets, by word: what one pass over the tokens looks up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// Where in `sets` each word's sets begin; one row more than there are words.
    offsets: Vec<u32>,
    sets: Vec<SetId>,
    /// Phrases as a tree of words: the node that each first word leads to (0 = none) …
    firsts: Vec<u32>,
    /// … and node and next word to node.
    edges: FxHashMap<u64, u32>,
    ends: Vec<Vec<End>>,
    /// The word inside a word that is a term with clitic or written twice, by word: in phrases it stands for that too.
    bare: Vec<Word>,
}

/// The key of the edge that leaves `node` by `word`.
fn edge(node: u32, word: Word) -> u64 {
    u64::from(node) << 32 | word.index() as u64
}

impl Terms {
    /// Lays out single words and phrases, and tells the vocabulary which words begin something.
    pub(crate) fn new(
        lexis: &mut Lexis,
        words: &mut Vec<(Word, SetId)>,
        phrases: &[(Vec<Word>, SetId, bool)],
        bare: &[(Word, Word)],
    ) -> Terms {
        words.sort_unstable();
        words.dedup();
        let mut terms = Terms { ends: vec![Vec::new()], ..Terms::default() };
        for (word, set) in words.iter() {
            lexis.set_bit(*word, bit::SETS);
            while terms.offsets.len() <= word.index() {
                terms.offsets.push(terms.sets.len() as u32);
            }
            terms.sets.push(*set);
        }
        terms.offsets.push(terms.sets.len() as u32);
        for (phrase, set, stop) in phrases {
            let mut node = 0;
            for word in phrase {
                let next = terms.ends.len() as u32;
                node = match node {
                    0 => terms.first(*word, next),
                    _ => *terms.edges.entry(edge(node, *word)).or_insert(next),
                };
                if node == next {
                    terms.ends.push(Vec::new());
                }
            }
            let end = End { set: *set, stop: *stop };
            if !terms.ends[node as usize].contains(&end) {
                terms.ends[node as usize].push(end);
            }
            if let Some(first) = phrase.first() {
                lexis.set_bit(*first, bit::PHRASE);
            }
        }
        for (word, inside) in bare {
            if terms.bare.len() <= word.index() {
                terms.bare.resize(word.index() + 1, Word::NONE);
            }
            terms.bare[word.index()] = *inside;
            // Nothing begins with the word itself: what begins with the one inside it does.
            let known = terms.firsts.get(inside.index()).copied().unwrap_or(0);
            if known != 0 && !lexis.is(*word, bit::PHRASE) {
                terms.first(*word, known);
                lexis.set_bit(*word, bit::PHRASE);
            }
        }
        terms
    }

    /// The node that `word`, or the word inside it, leads to from `node`.
    fn next(&self, node: u32, word: Word) -> Option<u32> {
        let own = self.edges.get(&edge(node, word));
        own.or_else(|| self.edges.get(&edge(node, *self.bare.get(word.index())?))).copied()
    }

    /// The node that a first word leads to; `next` when it is new.
    fn first(&mut self, word: Word, next: u32) -> u32 {
        if self.firsts.len() <= word.index() {
            self.firsts.resize(word.index() + 1, 0);
        }
        let first = &mut self.firsts[word.index()];
        if *first == 0 {
            *first = next;
        }
        *first
    }

    fn of(&self, word: Word) -> &[SetId] {
        match (self.offsets.get(word.index()), self.offsets.get(word.index() + 1)) {
            (Some(from), Some(to)) => &self.sets[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// Finds every term in the tokens of `reading`.
    pub(crate) fn find(&self, lexis: &Lexis, reading: &mut Reading) {
        reading.hits.clear();
        reading.long.clear();
        let mut phrases = false;
        let tokens = reading.folded.tokens();
        for (at, token) in tokens.iter().enumerate() {
            if !token.word.is_known() || token.in_chain() {
                continue;
            }
            let bits = lexis.bits(token.word);
            if bits & bit::HOUR != 0 && tells_hour(&reading.folded, at) {
                continue;
            }
            if bits & bit::SETS != 0 {
                let range = Range { start: at, end: at + 1 };
                reading.hits.extend(self.of(token.word).iter().map(|set| TermHit { set: *set, range }));
            }
            if bits & bit::PHRASE == 0 {
                continue;
            }
            let mut node = self.firsts[token.word.index()];
            for end in at + 1.. {
                for ending in &self.ends[node as usize] {
                    let hit = TermHit { set: ending.set, range: Range { start: at, end } };
                    phrases = true;
                    if ending.stop { reading.long.push(hit) } else { reading.hits.push(hit) }
                }
                // What ends a sentence ends a phrase.
                let goes_on = |next: &&Token| next.word.is_known() && next.sentence == token.sentence;
                match tokens.get(end).filter(goes_on).and_then(|next| self.next(node, next.word)) {
                    Some(next) => node = next,
                    None => break,
                }
            }
        }
        if phrases {
            longest(&mut reading.hits, &mut reading.long);
        }
        reading.mark();
    }
}

/// Whether the word at `at`, a deed elsewhere, tells the hour: a number follows that counts nobody.
fn tells_hour(folded: &Folded, at: usize) -> bool {
    is_numeral(folded, at + 1)
        && !matches!(folded.form(at + 2), "orang" | "warga" | "kali" | "pemuda" | "pendukung" | "saksi")
}

/// The longest wins: within one set a hit inside a longer one, or inside a stop, falls away. `hits` are in order of
/// their first token; `long` holds the stops.
fn longest(hits: &mut Vec<TermHit>, long: &mut Vec<TermHit>) {
    let stops = long.len();
    long.extend(hits.iter().filter(|hit| len(hit) > 1));
    long[..stops].iter().for_each(|stop| fell(hits, *stop, len(stop)));
    long[stops..].iter().for_each(|other| fell(hits, *other, len(other) - 1));
    hits.retain(|hit| hit.set != FALLEN);
    hits.sort_unstable_by_key(|hit| (hit.range.start, hit.range.end, hit.set));
}

fn len(hit: &TermHit) -> usize {
    hit.range.end - hit.range.start
}

/// Longest phrase, in tokens.
pub(crate) const LONGEST_PHRASE: usize = 16;

/// Stands for the set of a hit that fell away.
const FALLEN: SetId = SetId(u32::MAX);

/// Marks the hits of `long`'s set inside it that are at most `most` tokens long.
fn fell(hits: &mut [TermHit], long: TermHit, most: usize) {
    let from = hits.partition_point(|hit| hit.range.start < long.range.start);
    for hit in hits[from..].iter_mut().take_while(|hit| hit.range.start < long.range.end) {
        if hit.set == long.set && hit.range.end <= long.range.end && len(hit) <= most {
            hit.set = FALLEN;
        }
    }
}
