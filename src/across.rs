//! Work on many items at once: shared out over all cores, put together in order.

use rayon::prelude::*;

/// Fewer items than this are not worth handing to another thread.
const FEW: usize = 16;

/// What `work` makes of each item, in the order of the items. The threads stay from call to call, with what they keep
/// for themselves, and one that is done takes over from another.
pub(crate) fn across<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    items.par_iter().with_min_len(FEW).map(&work).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shared_out_comes_back_in_order() {
        for count in [0, 1, FEW - 1, FEW, 10 * FEW + 7] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(
                across(&items, |item| item * 2),
                items.iter().map(|item| item * 2).collect::<Vec<_>>()
            );
        }
    }
}
