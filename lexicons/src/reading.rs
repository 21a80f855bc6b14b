//! A reading: a folded text with every hit of the lexicon's terms in it, made in one pass.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::fold::{Folded, Lexis, Token, bit};
use crate::kinds::{Kind, KindMaker, Kinds};
use crate::present::{Bits, Present};
use crate::rule::{Range, SetId, is_numeral};
use crate::words::Word;

/// A term in the text: tokens `start..end`, and all the sets it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its tokens.
    pub range: Range,
    /// Its sets.
    pub kind: Kind,
    /// Which of a [`Reading`]'s own lists of sets says of which of them it counts as a hit; none = of all.
    left: Option<Left>,
}

/// A stretch of a reading's sets of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    start: u32,
    len: u32,
}

impl Left {
    fn of(self, sets: &[SetId]) -> &[SetId] {
        &sets[self.start as usize..][..self.len as usize]
    }
}

impl Found {
    fn new(start: usize, end: usize, kind: Kind) -> Found {
        Found { range: Range { start, end }, kind, left: None }
    }

    /// Whether it counts as a hit of every set of its kind: a longer one may stand over it.
    pub fn is_whole(&self) -> bool {
        self.left.is_none()
    }

    fn len(&self) -> usize {
        self.range.end - self.range.start
    }
}

/// A folded text and the terms found in it. Owns its buffers, so that one serves text after text.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The tokens.
    pub folded: Folded,
    kinds: Arc<Kinds>,
    found: Vec<Found>,
    /// The sets that are left, for what does not count as a hit of all its sets.
    left: Vec<SetId>,
    present: Present,
    /// Work space: the phrases that stop, then those among what was found.
    long: Vec<Found>,
}

impl Default for Reading {
    fn default() -> Reading {
        // One for all that have read nothing yet: a reading that is put aside asks for no memory.
        static NONE: LazyLock<Arc<Kinds>> = LazyLock::new(Arc::default);
        Reading {
            folded: Folded::default(),
            kinds: Arc::clone(&NONE),
            found: Vec::new(),
            left: Vec::new(),
            present: Present::default(),
            long: Vec::new(),
        }
    }
}

impl Reading {
    /// Every term found, in order of the text; of some only a part of the sets counts, see [`Reading::sets_of`].
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// The sets of which one of [`Reading::found`] counts as a hit, in order.
    pub fn sets_of(&self, found: &Found) -> impl Iterator<Item = SetId> + '_ {
        self.sets(found).iter().copied()
    }

    /// Whether the text holds a term of `set`.
    #[inline]
    pub fn has(&self, set: SetId) -> bool {
        self.present.has(set)
    }

    /// Whether the text holds a term of one of several sets.
    #[inline]
    pub(crate) fn has_any(&self, sets: &[Bits]) -> bool {
        self.present.has_any(sets)
    }

    /// The tokens of each hit of `set`, in order.
    pub fn hits_of(&self, set: SetId) -> impl Iterator<Item = Range> + '_ {
        // Most sets are hit once: only what stands between the first hit and the last is looked through.
        let hits = self.present.hits(set, self.hits());
        let found = hits.map_or(&[][..], |hits| &self.found[hits.first as usize..=hits.last as usize]);
        let may = move |found: &&Found| self.kinds.may_hold(found.kind, set);
        found.iter().filter(may).filter(move |found| self.sets(found).contains(&set)).map(|found| found.range)
    }

    /// The tokens of all hits of `set` as bits, as far as they are among the first 128.
    #[inline]
    pub(crate) fn bits_of(&self, set: SetId) -> u128 {
        self.present.hits(set, self.hits()).map_or(0, |hits| hits.tokens)
    }

    /// Every hit with its sets.
    fn hits(&self) -> impl Iterator<Item = (Range, &[SetId])> {
        self.found.iter().map(|found| (found.range, self.sets(found)))
    }

    /// The sets of which `found` counts as a hit, in order.
    #[inline]
    fn sets(&self, found: &Found) -> &[SetId] {
        found.left.map_or_else(|| self.kinds.sets(found.kind), |left| left.of(&self.left))
    }

    /// The bytes of the text that a range of tokens covers.
    pub fn bytes(&self, range: Range) -> (u32, u32) {
        self.folded.bytes(range.start, range.end)
    }

    /// The longest wins: within one set a hit inside a longer one, or inside a stop (`long[..stops]`), falls away.
    fn fell(&mut self, stops: usize) {
        let Reading { kinds, found, left: sets, long, .. } = self;
        for (n, long) in long.iter().enumerate() {
            let most = if n < stops { long.len() } else { long.len() - 1 };
            let over = kinds.sets(long.kind);
            let from = found.partition_point(|found| found.range.start < long.range.start);
            for found in found[from..].iter_mut().take_while(|found| found.range.start < long.range.end) {
                let inside = found.range.end <= long.range.end
                    && found.len() <= most
                    && kinds.may_share(found.kind, long.kind);
                let own = || found.left.map_or_else(|| kinds.sets(found.kind), |left| left.of(sets));
                if !inside || !share_one(own(), over) {
                    continue;
                }
                let left = found.left.get_or_insert_with(|| {
                    let start = sets.len() as u32;
                    sets.extend_from_slice(kinds.sets(found.kind));
                    Left { start, len: sets.len() as u32 - start }
                });
                let start = left.start as usize;
                let mut kept = start;
                for at in start..start + left.len as usize {
                    if over.binary_search(&sets[at]).is_err() {
                        sets[kept] = sets[at];
                        kept += 1;
                    }
                }
                left.len = kept as u32 - left.start;
            }
        }
    }

    fn mark(&mut self) {
        let Reading { kinds, found, left, present, .. } = self;
        present.clear(kinds.known());
        for found in found.iter() {
            match found.left {
                None => present.add(kinds.bits(found.kind)),
                Some(of) => of.of(left).iter().for_each(|set| present.add_one(*set)),
            }
        }
    }
}

/// Whether two lists of sets, each in order, share one.
fn share_one(mut one: &[SetId], mut other: &[SetId]) -> bool {
    while let ([a, more @ ..], [b, others @ ..]) = (one, other) {
        match a.cmp(b) {
            Ordering::Less => one = more,
            Ordering::Greater => other = others,
            Ordering::Equal => return true,
        }
    }
    false
}

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
            if kind != Kind::NONE {
                found.push(Found::new(at, at + 1, kind));
            }
            if first == 0 {
                continue;
            }
            let mut node = first;
            for end in at + 1.. {
                let Node { kind, stops: stopped, .. } = self.nodes[node as usize];
                if kind != Kind::NONE {
                    found.push(Found::new(at, end, kind));
                    long.push(Found::new(at, end, kind));
                }
                if stopped != Kind::NONE {
                    long.insert(stops, Found::new(at, end, stopped));
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
