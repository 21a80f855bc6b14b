//! How the sources are: a table in the process, and a copy on the bus for consoles elsewhere.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stream::{Bus, BusError};
use tracing::warn;

use crate::Words;

/// How a source is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceState {
    /// Not read yet.
    #[default]
    New,
    /// Read the last time.
    Up,
    /// Could not be read the last time; tried again with growing pauses.
    Failing,
    /// Could not be read many times in a row, or is gone for good.
    Dead,
    /// Not read while the bus has no room.
    Paused,
}

/// How one source is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceHealth {
    /// Its name.
    pub name: String,
    /// `feed` or `folder`.
    pub kind: String,
    /// Whether it can be read.
    pub state: SourceState,
    /// The last time it was tried.
    pub tried_at: Option<Timestamp>,
    /// The last time it could be read.
    pub ok_at: Option<Timestamp>,
    /// The last time it had something new.
    pub item_at: Option<Timestamp>,
    /// New posts since the process began.
    pub items: u64,
    /// Failures in a row.
    pub failures: u32,
    /// Why the last try failed.
    pub error: Option<Words>,
}

impl SourceHealth {
    /// What the process that runs the source last said of it.
    pub async fn read(bus: &Bus, name: &str) -> Result<Option<SourceHealth>, BusError> {
        let bytes = bus.cursor(&key(name)).await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }
}

fn key(name: &str) -> String {
    format!("health:{name}")
}

/// How all sources of a process are; clones share it.
#[derive(Clone, Debug, Default)]
pub struct HealthTable(Arc<Mutex<BTreeMap<String, SourceHealth>>>);

impl HealthTable {
    /// Every source, by name.
    pub fn all(&self) -> Vec<SourceHealth> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut SourceHealth)) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(table.entry(name.to_owned()).or_default());
    }

    pub(super) fn add(&self, name: &str, kind: &str) {
        self.change(name, |health| {
            health.name = name.to_owned();
            health.kind = kind.to_owned();
        });
    }

    pub(super) fn up(&self, name: &str, items: u64, now: Timestamp) {
        self.change(name, |health| {
            health.state = SourceState::Up;
            health.tried_at = Some(now);
            health.ok_at = Some(now);
            health.failures = 0;
            health.error = None;
        });
        self.took(name, items, now);
    }

    /// Counts new posts of a source, though not all of it could be read.
    pub(super) fn took(&self, name: &str, items: u64, now: Timestamp) {
        self.change(name, |health| {
            health.items += items;
            if items > 0 {
                health.item_at = Some(now);
            }
        });
    }

    pub(super) fn failed(&self, name: &str, error: Words, dead: bool, now: Timestamp) {
        self.change(name, |health| {
            health.state = if dead { SourceState::Dead } else { SourceState::Failing };
            health.tried_at = Some(now);
            health.failures = health.failures.saturating_add(1);
            health.error = Some(error);
        });
    }

    pub(super) fn paused(&self, name: &str) {
        self.change(name, |health| health.state = SourceState::Paused);
    }

    /// Tells the bus how the source is, when that differs from what it knows; a bus that takes nothing
    /// now is told the next time.
    pub(super) async fn save(&self, name: &str, bus: &Bus) {
        let Some(health) = self.all().into_iter().find(|health| health.name == name) else {
            return;
        };
        let told = SourceHealth::read(bus, name).await.ok().flatten();
        let telling = |health: &SourceHealth| (health.state, health.item_at, health.error.clone());
        let stale = |told: &SourceHealth| match (told.tried_at, health.tried_at) {
            (Some(then), Some(now)) => now.duration_since(then).as_secs() >= 60,
            _ => true,
        };
        if told.is_some_and(|told| telling(&told) == telling(&health) && !stale(&told)) {
            return;
        }
        let Ok(bytes) = serde_json::to_vec(&health) else {
            return;
        };
        if let Err(error) = bus.set_cursor(&key(name), bytes).await {
            warn!(source = name, %error, "the state of a source could not be kept");
        }
    }
}
