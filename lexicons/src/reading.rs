//! A reading: a folded text with every hit of the lexicon's terms in it, made in one pass.

use std::collections::HashMap;

use crate::fold::{Folded, Lexis, bit};
use crate::rule::{Range, SetId};
use crate::words::Word;

/// A hit of a set: tokens `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermHit {
    /// The set.
    pub set: SetId,
    /// Its tokens.
    pub range: Range,
}

/// A folded text and the terms found in it. Owns its buffers, so that one serves text after text.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The tokens.
    pub folded: Folded,
    hits: Vec<TermHit>,
    present: Vec<u64>,
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
        let hits: &[TermHit] = if self.has(set) { &self.hits } else { &[] };
        hits.iter().filter(move |hit| hit.set == set).map(|hit| hit.range)
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
        for hit in &self.hits {
            let at = hit.set.index() / 64;
            if self.present.len() <= at {
                self.present.resize(at + 1, 0);
            }
            self.present[at] |= 1 << (hit.set.index() % 64);
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
    /// Phrases as a tree of words: (node, word) to node; node 0 is the root.
    edges: HashMap<(u32, Word), u32>,
    ends: Vec<Vec<End>>,
}

impl Terms {
    /// Lays out single words and phrases, and tells the vocabulary which words begin something.
    pub(crate) fn new(
        lexis: &mut Lexis,
        words: &mut Vec<(Word, SetId)>,
        phrases: &[(Vec<Word>, SetId, bool)],
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
                node = *terms.edges.entry((node, *word)).or_insert(next);
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
        terms
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
        let mut stops: Vec<TermHit> = Vec::new();
        let mut phrases = false;
        let tokens = reading.folded.tokens();
        for (at, token) in tokens.iter().enumerate() {
            if !token.word.is_known() || token.in_chain() {
                continue;
            }
            let bits = lexis.bits(token.word);
            if bits & bit::SETS != 0 {
                let range = Range { start: at, end: at + 1 };
                reading.hits.extend(self.of(token.word).iter().map(|set| TermHit { set: *set, range }));
            }
            if bits & bit::PHRASE == 0 {
                continue;
            }
            let mut node = 0;
            for (end, token) in tokens.iter().enumerate().skip(at) {
                match self.edges.get(&(node, token.word)) {
                    Some(next) => node = *next,
                    None => break,
                }
                for ending in &self.ends[node as usize] {
                    let hit = TermHit { set: ending.set, range: Range { start: at, end: end + 1 } };
                    phrases = true;
                    if ending.stop { stops.push(hit) } else { reading.hits.push(hit) }
                }
            }
        }
        if phrases {
            longest(&mut reading.hits, &stops);
        }
        reading.mark();
    }
}

/// The longest wins: within one set a hit inside a longer one, or inside a stop, falls away.
fn longest(hits: &mut Vec<TermHit>, stops: &[TermHit]) {
    // Phrases are found in order of their first token, so that those around a hit lie side by side.
    let long: Vec<TermHit> = hits.iter().filter(|hit| len(hit) > 1).copied().collect();
    hits.retain(|hit| !covered(hit, stops, len(hit)) && !covered(hit, &long, len(hit) + 1));
    hits.sort_by_key(|hit| (hit.range.start, hit.range.end, hit.set));
}

fn len(hit: &TermHit) -> usize {
    hit.range.end - hit.range.start
}

/// Longest phrase, in tokens, that the search for covering phrases reckons with.
pub(crate) const LONGEST_PHRASE: usize = 16;

/// Whether one of `others` (ordered by first token), of its set and at least `least` long, covers `hit`.
fn covered(hit: &TermHit, others: &[TermHit], least: usize) -> bool {
    let from = others.partition_point(|other| other.range.start + LONGEST_PHRASE < hit.range.start);
    others[from..]
        .iter()
        .take_while(|other| other.range.start <= hit.range.start)
        .any(|other| other.set == hit.set && other.range.end >= hit.range.end && len(other) >= least)
}
