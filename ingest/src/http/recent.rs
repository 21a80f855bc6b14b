//! What was taken lately: so that a post sent again is told as a duplicate and not put on the bus again.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use stream::{Post, short_hash};

/// Keys that are remembered, the latest: some 15 MB.
const MOST: usize = 100_000;

/// The latest keys, in memory: it begins empty with each process, and each process has its own.
pub(super) struct Recent {
    most: usize,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    known: HashSet<String>,
    order: VecDeque<String>,
}

impl Default for Recent {
    fn default() -> Recent {
        Recent { most: MOST, keys: Mutex::default() }
    }
}

impl Recent {
    /// Whether `key` is among the latest.
    pub(super) fn has(&self, key: &str) -> bool {
        self.lock().known.contains(key)
    }

    /// Remembers `keys`; the oldest go.
    pub(super) fn add(&self, added: impl IntoIterator<Item = String>) {
        let mut keys = self.lock();
        for key in added {
            if keys.known.insert(key.clone()) {
                keys.order.push_back(key);
            }
            if keys.order.len() > self.most
                && let Some(oldest) = keys.order.pop_front()
            {
                keys.known.remove(&oldest);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same post with the same text has the same key; a corrected text is news.
pub(super) fn of_post(post: &Post) -> String {
    short_hash(&["post", post.id.as_str(), &post.text_hash()])
}

/// The same refused bytes of the same source have the same key.
pub(super) fn of_refused(source: &str, hash: &str) -> String {
    short_hash(&["refused", source, hash])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten_and_the_latest_are_known() {
        let recent = Recent { most: 3, ..Recent::default() };
        recent.add((0..5).map(|n| n.to_string()));
        recent.add(["4".to_owned()]);
        let known: Vec<bool> = (0..5).map(|n: u8| recent.has(&n.to_string())).collect();
        assert_eq!(known, [false, false, true, true, true]);
    }
}
