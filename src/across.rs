//! Work on many items at once: shared out over all cores, put together in order.

/// Fewer items than this are not worth a thread.
const FEW: usize = 64;

/// What `work` makes of each item, in the order of the items.
pub(crate) fn across<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = |share: &[T]| share.iter().map(&work).collect::<Vec<R>>();
    if threads < 2 || items.len() < FEW {
        return work(items);
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = items
            .chunks(items.len().div_ceil(threads))
            .map(|share| scope.spawn(move || work(share)))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
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
