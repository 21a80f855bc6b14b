//! The latest of many keys, and what was last said of each: a memory of fixed size that begins empty with its process.

use std::collections::{HashMap, VecDeque};

/// Remembers the last value of each of the latest keys; the key that came first goes first.
#[derive(Debug)]
pub struct Latest<V> {
    most: usize,
    known: HashMap<String, V>,
    order: VecDeque<String>,
}

impl<V> Latest<V> {
    /// An empty memory of at most `most` keys.
    pub fn new(most: usize) -> Latest<V> {
        Latest { most, known: HashMap::new(), order: VecDeque::new() }
    }

    /// What was last said of `key`, if it is among the latest.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.known.get(key)
    }

    /// Says `value` of `key`.
    pub fn put(&mut self, key: String, value: V) {
        if self.known.insert(key.clone(), value).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten_and_of_the_latest_the_last_value_is_known() {
        let mut latest = Latest::new(3);
        (0..5).for_each(|n| latest.put(n.to_string(), n));
        latest.put("4".to_owned(), 40);
        let known: Vec<Option<&i32>> = (0..5).map(|n: i32| latest.get(&n.to_string())).collect();
        assert_eq!(known, [None, None, Some(&2), Some(&3), Some(&40)]);
    }
}
