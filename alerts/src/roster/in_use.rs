//! The roster in use, and its exchange for its file read anew while the process runs.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::{Refused, Roster};

/// The roster that decisions go by; exchanged whole.
#[derive(Debug)]
pub(crate) struct InUse {
    roster: watch::Sender<Arc<Roster>>,
    refused: Mutex<Vec<Refused>>,
}

impl InUse {
    pub(crate) fn new(roster: Roster) -> InUse {
        InUse { roster: watch::Sender::new(Arc::new(roster)), refused: Mutex::default() }
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
        self.refuse(Vec::new());
        self.roster.send_if_modified(|roster| {
            let differs = **roster != fresh;
            if differs {
                *roster = Arc::new(fresh);
            }
            differs
        })
    }

    /// Its file was read and has these faults: what was there stays.
    pub(crate) fn refuse(&self, faults: Vec<Refused>) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// The faults that its file had when it was last read; none when it is what is gone by.
    pub(crate) fn refused(&self) -> Vec<Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
