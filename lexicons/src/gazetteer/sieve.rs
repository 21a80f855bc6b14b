//! A sieve of words and names: says of most words at once that no table of places holds them.

/// The keys of many tables as bits; some keys share one.
#[derive(Default)]
pub(super) struct Sieve {
    bits: Vec<u64>,
    shift: u32,
}

impl Sieve {
    /// An empty one of 2 to the power of `size` bits; eight for each key tell well enough.
    pub(super) fn new(size: u32) -> Sieve {
        Sieve { bits: vec![0; 1 << (size - 6)], shift: 64 - size }
    }

    /// Adds a key.
    pub(super) fn add(&mut self, key: u64) {
        let (at, bit) = self.place(key);
        self.bits[at] |= bit;
    }

    /// Whether a table may hold the key; false is sure.
    #[inline]
    pub(super) fn may_hold(&self, key: u64) -> bool {
        let (at, bit) = self.place(key);
        self.bits.get(at).is_none_or(|bits| bits & bit != 0)
    }

    #[inline]
    fn place(&self, key: u64) -> (usize, u64) {
        let at = key.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_shr(self.shift) as usize;
        (at / 64, 1 << (at % 64))
    }
}
