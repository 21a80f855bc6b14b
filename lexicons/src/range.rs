//! A stretch of a part, by its tokens.

/// Tokens `start..end` of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
}

impl Range {
    /// Its tokens as bits, as far as they are among the first 128.
    #[inline]
    pub(crate) fn bits(self) -> u128 {
        let end = u32::try_from(self.end).unwrap_or(u32::MAX).min(u128::BITS);
        let start = u32::try_from(self.start).unwrap_or(u32::MAX);
        let up_to_end = u128::MAX.checked_shr(u128::BITS - end).unwrap_or(0);
        up_to_end & u128::MAX.checked_shl(start).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_the_bits_of_its_tokens() {
        let bits = |start, end| Range { start, end }.bits();
        assert_eq!((bits(0, 1), bits(3, 5)), (1, 0b11000));
        assert_eq!((bits(126, 128), bits(126, 130), bits(128, 129)), (3 << 126, 3 << 126, 0));
        assert_eq!(bits(0, 128), u128::MAX);
    }
}
