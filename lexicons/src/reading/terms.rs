//! The terms of all sets, laid out for the pass that finds them: single words by number, phrases as a tree of words.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Found, Long, Reading};
use crate::fold::{Folded, Lexis, Token, bit};
use crate::kinds::{Kind, KindMaker, Kinds};
use crate::numerals::is_numeral;
use crate::range::Range;
use crate::set_bits::SetId;
use crate::words::Word;

/// A node of the tree of phrases: the sets of the phrase that ends there, those whose hits it stops, and a hint at the
/// words that go on.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    kind: Kind,
    stops: Kind,
    /// A bit for each of 64 groups of words: most words that follow are seen to go on nowhere without a look-up.
    goes_on: u64,
}

/// The bit of [`Node::goes_on`] that stands for `word`.
#[inline]
fn hint(word: Word) -> u64 {
    1 << (word.index() % 64)
}

/// The terms of all sets, by word: what one pass over the tokens looks up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    kinds: Arc<Kinds>,
    words: Vec<Row>,
    /// Phrases as a tree of words: node and next word to node.
    edges: FxHashMap<u64, u32>,
    nodes: Vec<Node>,
}

/// What a word is to the terms.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// What it is a term of by itself.
    kind: Kind,
    /// The node of the tree of phrases that it leads to as the first word; 0 is none.
    first: u32,
    /// The word inside it, where it is a term with clitic or written twice: in phrases it stands for that too.
    bare: Word,
    /// Whether it is to be looked at closely: it may tell the hour.
    hour: bool,
}

/// The key of the edge that leaves `node` by `word`.
fn edge(node: u32, word: Word) -> u64 {
    u64::from(node) << 32 | word.index() as u64
}

impl Terms {
    /// Lays out the single words and phrases of `sets` sets, and tells the vocabulary which words begin something.
    pub(crate) fn new(
        lexis: &mut Lexis,
        sets: usize,
        words: &BTreeSet<(Word, SetId)>,
        phrases: &BTreeSet<(Vec<Word>, SetId, bool)>,
        bare: &[(Word, Word)],
    ) -> Terms {
        let mut maker = KindMaker::new(sets);
        let mut terms = Terms::default();
        let words: Vec<(Word, SetId)> = words.iter().copied().collect();
        for of_word in words.chunk_by(|(a, _), (b, _)| a == b) {
            let word = of_word[0].0;
            lexis.set_bit(word, bit::SETS);
            terms.row(word).kind = maker.kind(of_word.iter().map(|(_, set)| *set).collect());
        }
        let mut ends: Vec<[Vec<SetId>; 2]> = vec![Default::default()];
        for (phrase, set, stop) in phrases {
            let mut node = 0;
            for word in phrase {
                let next = ends.len() as u32;
                node = match node {
                    0 => terms.first(*word, next),
                    _ => *terms.edges.entry(edge(node, *word)).or_insert(next),
                };
                if node == next {
                    ends.push(Default::default());
                }
            }
            ends[node as usize][usize::from(*stop)].push(*set);
            if let Some(first) = phrase.first() {
                lexis.set_bit(*first, bit::PHRASE);
            }
        }
        let node = |[sets, stops]: [Vec<SetId>; 2]| Node {
            kind: maker.kind(sets),
            stops: maker.kind(stops),
            goes_on: 0,
        };
        terms.nodes = ends.into_iter().map(node).collect();
        terms.kinds = Arc::new(maker.finish());
        for (word, inside) in bare {
            terms.row(*word).bare = *inside;
            // Nothing begins with the word itself: what begins with the one inside it does.
            let known = terms.row(*inside).first;
            if known != 0 && !lexis.is(*word, bit::PHRASE) {
                terms.first(*word, known);
                lexis.set_bit(*word, bit::PHRASE);
            }
        }
        terms.hint(bare);
        for word in lexis.words.all().filter(|word| lexis.is(*word, bit::HOUR)) {
            terms.row(word).hour = true;
        }
        terms
    }

    /// The row of a word, made if there is none.
    fn row(&mut self, word: Word) -> &mut Row {
        if self.words.len() <= word.index() {
            self.words.resize(word.index() + 1, Row::default());
        }
        &mut self.words[word.index()]
    }

    /// Notes at each node which words go on from there: those of its edges, and those that stand for one of them.
    fn hint(&mut self, bare: &[(Word, Word)]) {
        let mut standing: FxHashMap<usize, u64> = FxHashMap::default();
        for (word, inside) in bare {
            *standing.entry(inside.index()).or_insert(0) |= hint(*word);
        }
        for key in self.edges.keys() {
            let (node, word) = ((key >> 32) as usize, *key as u32 as usize);
            self.nodes[node].goes_on |= 1 << (word % 64) | standing.get(&word).copied().unwrap_or(0);
        }
    }

    /// The node that `word`, or the word inside it, leads to from `node`.
    fn next(&self, node: u32, word: Word) -> Option<u32> {
        if self.nodes[node as usize].goes_on & hint(word) == 0 {
            return None;
        }
        let inside = || self.words.get(word.index()).map(|row| row.bare).filter(|inside| inside.is_known());
        let own = self.edges.get(&edge(node, word));
        own.or_else(|| self.edges.get(&edge(node, inside()?))).copied()
    }

    /// The node that a first word leads to; `next` when it is new.
    fn first(&mut self, word: Word, next: u32) -> u32 {
        let first = &mut self.row(word).first;
        if *first == 0 {
            *first = next;
        }
        *first
    }

    /// How many single words and phrases each of `sets` sets has.
    pub(crate) fn sizes(&self, sets: usize) -> Vec<u32> {
        let mut sizes = vec![0; sets];
        let phrases = self.nodes.iter().map(|node| node.kind);
        for kind in self.words.iter().map(|row| row.kind).chain(phrases) {
            self.kinds.sets(kind).iter().for_each(|set| sizes[set.index()] += 1);
        }
        sizes
    }

    /// The sets that each kind of term belongs to.
    pub(crate) fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// Finds every term in the tokens of `reading`.
    pub(crate) fn find(&self, reading: &mut Reading) {
        if !Arc::ptr_eq(&reading.kinds, &self.kinds) {
            reading.kinds = Arc::clone(&self.kinds);
        }
        let Reading { folded, found, left, long, .. } = reading;
        found.clear();
        left.clear();
        long.clear();
        // The stops, kept apart until all phrases are known.
        let mut stops = 0;
        let tokens = folded.tokens();
        for (at, token) in tokens.iter().enumerate() {
            // The vocabulary's unknown word has a row too, of nothing.
            let Some(Row { kind, first, hour, .. }) = self.words.get(token.word.index()).copied() else {
                continue;
            };
            if token.in_chain() || hour && tells_hour(folded, at) {
                continue;
            }
            let from = found.len();
            if kind != Kind::NONE {
                found.push(Found::new(at, at + 1, kind));
            }
            if first == 0 {
                continue;
            }
            let mut node = first;
            for end in at + 1.. {
                let Node { kind, stops: stopped, .. } = self.nodes[node as usize];
                let range = Range { start: at, end };
                if kind != Kind::NONE {
                    found.push(Found::new(at, end, kind));
                    long.push(Long { range, kind, from });
                }
                if stopped != Kind::NONE {
                    long.insert(stops, Long { range, kind: stopped, from });
                    stops += 1;
                }
                // What ends a sentence ends a phrase.
                let goes_on = |next: &&Token| next.word.is_known() && next.sentence == token.sentence;
                match tokens.get(end).filter(goes_on).and_then(|next| self.next(node, next.word)) {
                    Some(next) => node = next,
                    None => break,
                }
            }
        }
        reading.fell(stops);
        reading.mark();
    }
}

/// Whether the word at `at`, a deed elsewhere, tells the hour: a number follows that counts nobody.
fn tells_hour(folded: &Folded, at: usize) -> bool {
    is_numeral(folded, at + 1)
        && !matches!(folded.form(at + 2), "orang" | "warga" | "kali" | "pemuda" | "pendukung" | "saksi")
}

/// Longest phrase, in tokens.
pub(crate) const LONGEST_PHRASE: usize = 16;
