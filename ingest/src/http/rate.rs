//! How often one token may come: a bucket for each, which fills with time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stream::{Limit, Unfit};

/// How often one token may send, as configured: `[api]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApiConfig {
    /// Requests a second that one token may send for long; 0 for no limit.
    pub requests_per_s: u32,
    /// Requests that it may send at once after a rest.
    pub burst: u32,
}

impl Default for ApiConfig {
    fn default() -> ApiConfig {
        ApiConfig { requests_per_s: 100, burst: 1000 }
    }
}

impl ApiConfig {
    /// What cannot be.
    pub fn faults(&self) -> Vec<Unfit> {
        match self.burst {
            0 if self.requests_per_s > 0 => vec![Unfit::new("burst", &0, Limit::AtLeast(1))],
            _ => Vec::new(),
        }
    }
}

/// The buckets of all tokens that came since the process began.
pub(super) struct Buckets {
    config: ApiConfig,
    buckets: Mutex<HashMap<String, Bucket>>,
}

struct Bucket {
    /// Requests that may come now.
    left: f64,
    /// When that was so.
    at: Timestamp,
    /// It is empty, and that was logged.
    told: bool,
}

impl Buckets {
    pub(super) fn new(config: ApiConfig) -> Buckets {
        Buckets { config, buckets: Mutex::default() }
    }

    /// Takes one request out of the bucket of the token called `name`; when it is empty, the seconds until the
    /// next may come.
    pub(super) fn take(&self, name: &str, now: Timestamp) -> Result<(), u32> {
        let ApiConfig { requests_per_s, burst } = self.config;
        if requests_per_s == 0 {
            return Ok(());
        }
        let (rate, most) = (f64::from(requests_per_s), f64::from(burst));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if !buckets.contains_key(name) {
            buckets.insert(name.to_owned(), Bucket { left: most, at: now, told: false });
        }
        let Some(bucket) = buckets.get_mut(name) else { return Ok(()) };
        // A clock that was set back gives nothing.
        let passed = (now.duration_since(bucket.at).as_secs_f64()).max(0.0);
        bucket.left = (bucket.left + passed * rate).min(most);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            bucket.told = false;
            return Ok(());
        }
        if !std::mem::replace(&mut bucket.told, true) {
            tracing::warn!(token = name, requests_per_s, "a token sends more often than it may");
        }
        let wait = ((1.0 - bucket.left) / rate).ceil().max(1.0);
        Err(wait as u32)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use stream::Clock;

    use super::*;

    #[test]
    fn a_token_may_send_a_burst_and_then_as_often_as_its_bucket_fills() {
        let clock = Clock::manual("2024-11-27T00:00:00Z".parse().unwrap());
        let buckets = Buckets::new(ApiConfig { requests_per_s: 2, burst: 5 });
        let sent = |name: &str| (0..10).filter(|_| buckets.take(name, clock.now()).is_ok()).count();
        assert_eq!(sent("a"), 5);
        assert_eq!(buckets.take("a", clock.now()), Err(1));
        assert_eq!(sent("b"), 5, "each token has its own");
        clock.advance(Duration::from_millis(1500));
        assert_eq!(sent("a"), 3);
        clock.advance(Duration::from_secs(3600));
        assert_eq!(sent("a"), 5, "a rest fills it up to its brim");
    }

    #[test]
    fn a_slow_rate_says_how_long_to_wait_and_none_is_no_limit() {
        let now: Timestamp = "2024-11-27T00:00:00Z".parse().unwrap();
        let free = Buckets::new(ApiConfig { requests_per_s: 0, burst: 0 });
        assert!((0..10_000).all(|_| free.take("a", now).is_ok()));
        assert!(!ApiConfig { requests_per_s: 1, burst: 0 }.faults().is_empty());
        assert!(ApiConfig::default().faults().is_empty());
    }
}
