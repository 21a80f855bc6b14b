//! A reading: a folded text with every hit of the lexicon's terms in it, made in one pass.

mod terms;

use std::sync::{Arc, LazyLock};

use crate::fold::Folded;
use crate::kinds::{Kind, Kinds};
use crate::present::Present;
use crate::range::Range;
use crate::set_bits::{Bits, SetId};

pub(crate) use terms::{LONGEST_PHRASE, Terms};

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
}

/// A phrase, or one that stops: over what stands inside it it wins.
#[derive(Clone, Copy, Debug)]
struct Long {
    range: Range,
    kind: Kind,
    /// The first that was found where it begins.
    from: usize,
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
    long: Vec<Long>,
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

    /// Whether the text holds a term of every set that `other` holds one of.
    pub fn has_all_of(&self, other: &Reading) -> bool {
        self.present.has_all_of(&other.present)
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

    /// The tokens of all hits of several sets, likewise.
    #[inline]
    pub(crate) fn bits_of_any(&self, sets: &[Bits]) -> u128 {
        self.present.tokens(sets, self.hits())
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
        for (n, Long { range, kind, from }) in long.iter().copied().enumerate() {
            let (over, stop) = (kinds.sets(kind), n < stops);
            for found in found[from..].iter_mut().take_while(|found| found.range.start < range.end) {
                if found.range.end > range.end || found.range == range && !stop {
                    continue;
                }
                for set in over.iter().filter(|set| kinds.may_hold(found.kind, **set)) {
                    let own = found.left.map_or_else(|| kinds.sets(found.kind), |left| left.of(sets));
                    let Ok(at) = own.binary_search(set) else { continue };
                    let left = found.left.get_or_insert_with(|| {
                        let start = sets.len() as u32;
                        sets.extend_from_slice(kinds.sets(found.kind));
                        Left { start, len: sets.len() as u32 - start }
                    });
                    let start = left.start as usize;
                    sets.copy_within(start + at + 1..start + left.len as usize, start + at);
                    left.len -= 1;
                }
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
