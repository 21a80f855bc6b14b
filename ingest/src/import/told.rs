//! What is told of a chunk that is on the bus, and how it counts.

use super::outcome::{Fault, LISTED, Progress, Summary};

/// What is told of a chunk.
#[derive(Default)]
pub(super) struct Told {
    pub(super) accepted: u64,
    /// Of those, too old for anybody to be told.
    pub(super) old: u64,
    /// New dead letters.
    pub(super) parked: u64,
    /// Lines whose dead letters are there already.
    pub(super) waiting: u64,
    pub(super) faults: Vec<Fault>,
    pub(super) hashes: Vec<String>,
    pub(super) cured: Vec<String>,
}

impl Told {
    /// Counts the chunk of `source` once; the faults for which there is room go into the list.
    pub(super) fn count(&mut self, source: &str, state: &mut Progress, summary: &mut Summary) {
        for _ in 0..self.parked {
            stream::metrics::parked("item");
        }
        stream::metrics::posts_read(source, self.accepted);
        state.accepted += self.accepted;
        state.unreadable += self.parked + self.waiting;
        summary.accepted += self.accepted;
        summary.old += self.old;
        summary.parked += self.parked;
        summary.waiting += self.waiting;
        let room = LISTED.saturating_sub(summary.faults.len());
        summary.unlisted += self.faults.len().saturating_sub(room) as u64;
        summary.faults.extend(self.faults.drain(..).take(room));
    }
}
