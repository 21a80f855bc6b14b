//! The roster in use, and its exchange for its file read anew while the process runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

use super::Roster;

/// The roster that decisions go by; exchanged whole.
#[derive(Debug)]
pub(crate) struct InUse {
    roster: watch::Sender<Arc<Roster>>,
    refused: AtomicUsize,
}

impl InUse {
    pub(crate) fn new(roster: Roster) -> InUse {
        InUse { roster: watch::Sender::new(Arc::new(roster)), refused: AtomicUsize::new(0) }
    }

    /// As it is now. Whoever holds what it returns goes by one roster; who asks twice may get another the second time.
    pub(crate) fn now(&self) -> Arc<Roster> {
        Arc::clone(&self.roster.borrow())
    }

    /// Tells of every exchange to come.
    pub(crate) fn exchanges(&self) -> watch::Receiver<Arc<Roster>> {
        self.roster.subscribe()
    }

    /// Puts `fresh` in its place; whether it says anything else.
    pub(crate) fn exchange(&self, fresh: Roster) -> bool {
        self.refused.store(0, Ordering::Relaxed);
        self.roster.send_if_modified(|roster| {
            let differs = **roster != fresh;
            if differs {
                *roster = Arc::new(fresh);
            }
            differs
        })
    }

    /// Its file was read and has so many faults: what was there stays.
    pub(crate) fn refuse(&self, faults: usize) {
        self.refused.store(faults, Ordering::Relaxed);
    }

    /// How many faults its file had when it was last read; 0 when it is what is gone by.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }
}
