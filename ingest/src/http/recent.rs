//! What was taken lately: so that a post sent again is told as a duplicate and not put on the bus again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use stream::{Latest, Post, short_hash};

/// Keys that are remembered, the latest: reckoned, some 250 bytes each.
const MOST: usize = 100_000;

/// The latest keys and the version last taken of each, in memory: each process has its own.
pub(super) struct Recent(Mutex<Latest<String>>);

impl Default for Recent {
    fn default() -> Recent {
        Recent(Mutex::new(Latest::new(MOST)))
    }
}

impl Recent {
    /// Whether `seen` is what was last taken under its key: of the request itself, `taken`, or of one before.
    pub(super) fn has(&self, seen: &Seen, taken: &HashMap<String, String>) -> bool {
        match taken.get(&seen.key) {
            Some(version) => *version == seen.version,
            None => self.lock().get(&seen.key) == Some(&seen.version),
        }
    }

    /// Remembers the versions `taken`, by key; the oldest keys go.
    pub(super) fn add(&self, taken: HashMap<String, String>) {
        let mut latest = self.lock();
        taken.into_iter().for_each(|(key, version)| latest.put(key, version));
    }

    fn lock(&self) -> MutexGuard<'_, Latest<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that came in: which it is, and in which version.
pub(super) struct Seen {
    pub(super) key: String,
    pub(super) version: String,
}

/// A post. What is corrected is news, also where it is corrected back: only the version taken last is a duplicate.
pub(super) fn of_post(post: &Post) -> Seen {
    Seen { key: post.id.to_string(), version: post.content_hash() }
}

/// Refused bytes of a source.
pub(super) fn of_refused(source: &str, hash: &str) -> Seen {
    Seen { key: short_hash(&["refused", source, hash]), version: String::new() }
}
