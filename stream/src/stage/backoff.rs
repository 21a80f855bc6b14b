//! How long a stage pauses between tries.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::BusError;

/// The first pause after a failure; it doubles up to [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_millis(100);
/// The longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// The pauses between tries of one call.
pub(super) struct Backoff<'a> {
    group: &'a str,
    stop: &'a CancellationToken,
    delay: Duration,
}

impl<'a> Backoff<'a> {
    pub(super) fn new(group: &'a str, stop: &'a CancellationToken) -> Backoff<'a> {
        Backoff { group, stop, delay: PAUSE }
    }

    pub(super) fn reset(&mut self) {
        self.delay = PAUSE;
    }

    /// Passes on an error that no retry heals; else sleeps. False when `stop` came first.
    pub(super) async fn wait(&mut self, what: &str, error: BusError) -> Result<bool, BusError> {
        if !error.is_retryable() {
            return Err(error);
        }
        warn!(group = self.group, what, %error, "the bus fails; trying again");
        Ok(self.sleep().await)
    }

    pub(super) async fn sleep(&mut self) -> bool {
        let delay = self.delay;
        self.delay = (delay * 2).min(PAUSE_MAX);
        tokio::select! {
            () = tokio::time::sleep(delay) => true,
            () = self.stop.cancelled() => false,
        }
    }
}
