//! The vocabulary: every surface form the lexicon knows, found by one hash look-up per token.

/// A word of the vocabulary; [`Word::NONE`] stands for one the lexicon does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(u32);

impl Word {
    /// Not in the vocabulary.
    pub const NONE: Word = Word(0);

    /// Whether the vocabulary holds it.
    pub fn is_known(self) -> bool {
        self.0 != 0
    }

    /// Its place in tables of one row per word.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A key of the table and the word it stands for (a slang key stands for its standard form).
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    len: u32,
    word: Word,
}

/// The vocabulary: keys to words, open addressing over one arena of text.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    arena: String,
    entries: Vec<Entry>,
    /// The entry that gave each word its name, by word; 0 is no word.
    names: Vec<u32>,
    slots: Vec<Slot>,
}

/// A slot of the table: all that a look-up needs beside the key's own bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// High half of the key's hash.
    tag: u32,
    start: u32,
    len: u32,
    /// [`Word::NONE`] in a free slot.
    word: Word,
}

impl Default for Words {
    fn default() -> Words {
        Words {
            arena: String::new(),
            entries: Vec::new(),
            names: vec![0],
            slots: vec![Slot::default(); 1 << 10],
        }
    }
}

const K: u64 = 0x9E37_79B9_7F4A_7C15;

/// A quick hash of a short string; keys are compared whole after it.
#[inline]
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut state = (bytes.len() as u64).wrapping_mul(K);
    let mut mix = |number: u64| {
        state = (state ^ number).wrapping_mul(K);
        state ^= state >> 29;
    };
    let mut rest = bytes;
    while let Some((head, tail)) = rest.split_first_chunk().filter(|(_, tail)| tail.len() > 8) {
        mix(u64::from_le_bytes(*head));
        rest = tail;
    }
    // What is left is read from both ends, which may overlap: no byte by byte.
    if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
        mix(u64::from_le_bytes(*first));
        mix(u64::from_le_bytes(*last));
    } else if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
        mix(u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32);
    } else {
        mix(rest.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)));
    }
    state ^ (state >> 32)
}

impl Words {
    /// The word that `key` stands for, or [`Word::NONE`].
    #[inline]
    pub(crate) fn get(&self, key: &str) -> Word {
        let hash = hash(key.as_bytes());
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        let tag = (hash >> 32) as u32;
        loop {
            let slot = self.slots[at];
            if !slot.word.is_known() {
                return Word::NONE;
            }
            if slot.tag == tag && slot.len as usize == key.len() {
                let start = slot.start as usize;
                if self.arena.as_bytes()[start..start + key.len()] == *key.as_bytes() {
                    return slot.word;
                }
            }
            at = (at + 1) & mask;
        }
    }

    fn key(&self, entry: usize) -> &str {
        let Entry { start, len, .. } = self.entries[entry];
        &self.arena[start as usize..(start + len) as usize]
    }

    /// The word `key`, made if it is new.
    pub(crate) fn intern(&mut self, key: &str) -> Word {
        let known = self.get(key);
        if known.is_known() {
            return known;
        }
        let word = Word(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.insert(key, word);
        word
    }

    /// Makes `key` stand for `word`; a key that stands for something already keeps it.
    pub(crate) fn alias(&mut self, key: &str, word: Word) -> bool {
        if self.get(key).is_known() {
            return false;
        }
        self.insert(key, word);
        true
    }

    fn insert(&mut self, key: &str, word: Word) {
        let start = u32::try_from(self.arena.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(key.len()).unwrap_or(u32::MAX);
        self.arena.push_str(key);
        self.entries.push(Entry { start, len, word });
        if self.entries.len() * 2 > self.slots.len() {
            self.slots = vec![Slot::default(); self.slots.len() * 2];
            for entry in 0..self.entries.len() {
                self.place(entry);
            }
        } else {
            self.place(self.entries.len() - 1);
        }
    }

    fn place(&mut self, entry: usize) {
        let hash = hash(self.key(entry).as_bytes());
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at].word.is_known() {
            at = (at + 1) & mask;
        }
        let Entry { start, len, word } = self.entries[entry];
        self.slots[at] = Slot { tag: (hash >> 32) as u32, start, len, word };
    }

    /// The form a word is known by; empty for [`Word::NONE`].
    pub(crate) fn name(&self, word: Word) -> &str {
        if word.is_known() { self.key(self.names[word.index()] as usize) } else { "" }
    }

    /// How many words there are, [`Word::NONE`] counted: the length of a table of one row per word.
    pub(crate) fn rows(&self) -> usize {
        self.names.len()
    }

    /// Every word, in the order they were made.
    pub(crate) fn all(&self) -> impl Iterator<Item = Word> + use<> {
        (1..u32::try_from(self.names.len()).unwrap_or(u32::MAX)).map(Word)
    }

    /// How many keys there are.
    pub(crate) fn keys(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slang_key_stands_for_its_standard_form() {
        let mut words = Words::default();
        let tidak = words.intern("tidak");
        assert!(words.alias("gak", tidak));
        assert_eq!(words.get("gak"), tidak);
        assert_eq!(words.name(words.get("gak")), "tidak");
        assert_eq!(words.get("ga"), Word::NONE);
        assert!(!words.alias("tidak", words.get("gak")));
    }

    #[test]
    fn fifty_thousand_words_are_all_found_again() {
        let mut words = Words::default();
        let made: Vec<Word> = (0..50_000).map(|n| words.intern(&format!("kata{n}yangpanjang"))).collect();
        for (n, word) in made.iter().enumerate() {
            assert_eq!(words.get(&format!("kata{n}yangpanjang")), *word);
        }
        assert_eq!(words.rows(), 50_001);
    }
}
