//! Publishing that waits out a full or unreachable bus instead of losing what it carries.

use std::sync::Arc;
use std::time::Duration;

use stream::{Bus, BusError, Outgoing};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// The first pause after a failure; it doubles up to [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_millis(200);
/// The longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Why a delivery ended without its records on the bus.
#[derive(Debug, thiserror::Error)]
pub enum Paused {
    /// It was told to stop while it waited.
    #[error("stopped while the bus could not take more")]
    Stopped,
    /// No retry helps.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// Publishes `records`; while the bus is full or away, tries again until `stop` and tells `waiting` why.
///
/// # Errors
/// [`Paused`]: stopped, or a failure that no retry heals. The records may then be there in part.
pub async fn deliver(
    bus: &Bus,
    records: Vec<Outgoing>,
    stop: &CancellationToken,
    waiting: &mut (dyn FnMut(&BusError) + Send),
) -> Result<(), Paused> {
    if records.is_empty() {
        return Ok(());
    }
    let records = Arc::new(records);
    let mut pause = PAUSE;
    loop {
        match bus.publish_shared(&records).await {
            Ok(()) => return Ok(()),
            Err(error) if error.is_retryable() => {
                warn!(%error, "the bus takes nothing now; trying again");
                waiting(&error);
            }
            Err(error) => return Err(error.into()),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(PAUSE_MAX),
            () = stop.cancelled() => return Err(Paused::Stopped),
        }
    }
}
