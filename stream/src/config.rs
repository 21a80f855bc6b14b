//! The bus as configured: `[bus]` in the configuration file.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use crate::{BusError, Limit, Unfit};

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

/// How the client speaks to the brokers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Open and unauthenticated.
    #[default]
    Plaintext,
    /// Open, with a user name and password.
    SaslPlaintext,
    /// TLS (feature `tls`).
    Ssl,
    /// TLS with a user name and password (feature `tls`).
    SaslSsl,
}

/// How the client says who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaslMechanism {
    /// The password itself.
    #[default]
    #[serde(rename = "PLAIN")]
    Plain,
    /// SCRAM with SHA-256 (feature `tls`).
    #[serde(rename = "SCRAM-SHA-256")]
    ScramSha256,
    /// SCRAM with SHA-512 (feature `tls`).
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
}

/// How the producer packs records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Fast, the default.
    #[default]
    Lz4,
    /// Smaller (feature `tls`).
    Zstd,
    /// Fast.
    Snappy,
    /// Slow, everywhere.
    Gzip,
    /// As it is.
    None,
}

/// A password: never shown by `Debug` nor written back.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}

/// A Kafka-protocol cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KafkaConfig {
    /// `host:port`, several with commas.
    pub brokers: String,
    /// Stands before every topic and group, so that one cluster can serve several desks.
    pub prefix: String,
    /// This process's own name; with the role it is the `group.instance.id`. Two processes never share one.
    pub instance: String,
    /// Partitions of `posts` and `findings`.
    pub partitions: u32,
    /// Copies of each partition.
    pub replication: u32,
    /// How long records stay.
    pub retention_days: u32,
    /// How many bytes of each partition stay; no limit when absent.
    pub retention_bytes: Option<u64>,
    /// How the client speaks to the brokers.
    pub security: Security,
    /// How it says who it is.
    pub sasl_mechanism: SaslMechanism,
    /// The user name.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// Certificate authorities (PEM) for TLS; the system's when absent.
    pub ca_file: Option<PathBuf>,
    /// Our certificate (PEM), where the brokers ask for one.
    pub cert_file: Option<PathBuf>,
    /// Its key (PEM).
    pub key_file: Option<PathBuf>,
    /// How the producer packs records.
    pub compression: Compression,
    /// Bytes the producer holds before `publish` waits.
    pub queue_bytes: u64,
    /// Bytes a consumer fetches ahead.
    pub prefetch_bytes: u64,
    /// How long a record may take to be acknowledged, in milliseconds.
    pub delivery_timeout_ms: u64,
    /// How long a dead process keeps its partitions, in milliseconds.
    pub session_timeout_ms: u64,
    /// Ingest pauses when a group is this many records behind.
    pub max_lag: u64,
}

impl Default for KafkaConfig {
    fn default() -> KafkaConfig {
        KafkaConfig {
            brokers: "127.0.0.1:9092".to_owned(),
            prefix: "kentongan.".to_owned(),
            instance: "kentongan-1".to_owned(),
            partitions: 4,
            replication: 1,
            retention_days: 14,
            retention_bytes: None,
            security: Security::default(),
            sasl_mechanism: SaslMechanism::default(),
            username: String::new(),
            password: Secret::default(),
            ca_file: None,
            cert_file: None,
            key_file: None,
            compression: Compression::default(),
            queue_bytes: 32 << 20,
            prefetch_bytes: 16 << 20,
            delivery_timeout_ms: 30_000,
            session_timeout_ms: 30_000,
            max_lag: 1_000_000,
        }
    }
}

impl KafkaConfig {
    /// How long a record may take to be acknowledged.
    pub(crate) fn delivery_timeout(&self) -> Duration {
        Duration::from_millis(self.delivery_timeout_ms)
    }

    /// What of this configuration only a build with the feature `tls` can do.
    fn needs_tls(&self) -> Option<(&'static str, &'static str)> {
        match self.security {
            Security::Ssl => return Some(("security", "\"ssl\"")),
            Security::SaslSsl => return Some(("security", "\"sasl_ssl\"")),
            Security::SaslPlaintext if self.sasl_mechanism != SaslMechanism::Plain => {
                return Some(("sasl_mechanism", "\"SCRAM-…\""));
            }
            Security::Plaintext | Security::SaslPlaintext => {}
        }
        (self.compression == Compression::Zstd).then_some(("compression", "\"zstd\""))
    }

    fn faults(&self) -> Vec<Unfit> {
        let mut faults = common_faults(self.partitions, self.retention_days);
        if let Some((key, value)) = self.needs_tls()
            && !cfg!(feature = "tls")
        {
            faults.push(Unfit::new(key, value, Limit::Tls));
        }
        for (name, value) in [("brokers", &self.brokers), ("instance", &self.instance)] {
            if value.trim().is_empty() {
                faults.push(Unfit::missing(name, Limit::Filled));
            }
        }
        let written = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        for (name, value) in [("prefix", &self.prefix), ("instance", &self.instance)] {
            if !value.chars().all(written) {
                faults.push(Unfit::new(name, &format!("{value:?}"), Limit::Letters));
            }
        }
        let sasl = matches!(self.security, Security::SaslPlaintext | Security::SaslSsl);
        for (name, none) in [("username", self.username.is_empty()), ("password", self.password.is_empty())] {
            if sasl && none {
                faults.push(Unfit::missing(name, Limit::Sasl));
            }
        }
        if self.replication == 0 {
            faults.push(Unfit::new("replication", &0, Limit::AtLeast(1)));
        }
        for (name, value, least) in [
            ("queue_bytes", self.queue_bytes, 4 << 20),
            ("prefetch_bytes", self.prefetch_bytes, 4 << 20),
            ("delivery_timeout_ms", self.delivery_timeout_ms, 1000),
            ("session_timeout_ms", self.session_timeout_ms, 6000),
        ] {
            if value < least {
                faults.push(Unfit::new(name, &value, Limit::AtLeast(least)));
            }
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
