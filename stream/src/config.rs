//! The bus as configured: `[bus]` in the configuration file.

mod kafka;

use std::path::PathBuf;

use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use crate::{BusError, Limit, Unfit};

pub use kafka::{Compression, KafkaConfig, SaslMechanism, Secret, Security};

/// Which bus, and how it is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[expect(clippy::large_enum_variant, reason = "a process has one")]
pub enum BusConfig {
    /// The embedded bus: one SQLite file.
    Log(LogConfig),
    /// Any Kafka-protocol cluster.
    Kafka(KafkaConfig),
}

impl Default for BusConfig {
    fn default() -> BusConfig {
        BusConfig::Log(LogConfig::default())
    }
}

/// Without `kind` it is the embedded bus, so that its keys can be set alone.
impl<'de> Deserialize<'de> for BusConfig {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<BusConfig, D::Error> {
        let mut keys = serde_json::Map::deserialize(deserializer)?;
        let kind = match keys.remove("kind") {
            Some(kind) => BusKind::deserialize(kind).map_err(D::Error::custom)?,
            None => BusKind::Log,
        };
        let keys = serde_json::Value::Object(keys);
        match kind {
            BusKind::Log => LogConfig::deserialize(keys).map(BusConfig::Log),
            BusKind::Kafka => KafkaConfig::deserialize(keys).map(BusConfig::Kafka),
        }
        .map_err(D::Error::custom)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum BusKind {
    Log,
    Kafka,
}

impl BusConfig {
    /// How long records stay, in days.
    pub fn retention_days(&self) -> u32 {
        match self {
            BusConfig::Log(log) => log.retention_days,
            BusConfig::Kafka(kafka) => kafka.retention_days,
        }
    }

    /// Every fault of the configuration, in words; empty when it can be used by this build.
    pub fn faults(&self) -> Vec<Unfit> {
        match self {
            BusConfig::Log(log) => log.faults(),
            BusConfig::Kafka(kafka) => kafka.faults(),
        }
    }

    /// The first fault as an error.
    pub(crate) fn check(&self) -> Result<(), BusError> {
        if let BusConfig::Kafka(kafka) = self
            && let Some((key, value)) = kafka.needs_tls()
            && !cfg!(feature = "tls")
        {
            return Err(BusError::NeedsTls { wanted: format!("{key} = {value}") });
        }
        match self.faults().into_iter().next() {
            Some(fault) => Err(BusError::Config(fault.to_string())),
            None => Ok(()),
        }
    }
}

/// The embedded bus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// The file; a path that is not absolute lies in the data directory.
    pub path: PathBuf,
    /// Partitions of `posts` and `findings` when the file is made.
    pub partitions: u32,
    /// Records older than this are deleted once every registered group has read them.
    pub retention_days: u32,
    /// Above this many bytes the oldest records go, once every registered group has read them.
    pub retention_bytes: u64,
    /// Above this many bytes no more posts are taken in; what is made of those that are there still is.
    pub max_bytes: u64,
    /// Below this many free bytes on the disk no more posts are taken in, below half of them nothing, so that
    /// readers can still commit.
    pub reserve_bytes: u64,
}

impl Default for LogConfig {
    fn default() -> LogConfig {
        LogConfig {
            path: PathBuf::from("bus.db"),
            partitions: 4,
            retention_days: 14,
            retention_bytes: 8 << 30,
            max_bytes: 10 << 30,
            reserve_bytes: 64 << 20,
        }
    }
}

impl LogConfig {
    fn faults(&self) -> Vec<Unfit> {
        let mut faults = common_faults(self.partitions, self.retention_days);
        if self.max_bytes < 1 << 20 {
            faults.push(Unfit::new("max_bytes", &self.max_bytes, Limit::AtLeast(1 << 20)));
        }
        if self.retention_bytes > self.max_bytes {
            let most = Limit::AtMost("max_bytes", self.max_bytes);
            faults.push(Unfit::new("retention_bytes", &self.retention_bytes, most));
        }
        faults
    }
}

fn common_faults(partitions: u32, retention_days: u32) -> Vec<Unfit> {
    let mut faults = Vec::new();
    if !(1..=200).contains(&partitions) {
        faults.push(Unfit::new("partitions", &partitions, Limit::UpTo(200)));
    }
    if retention_days == 0 {
        faults.push(Unfit::new("retention_days", &0, Limit::AtLeast(1)));
    }
    faults
}
