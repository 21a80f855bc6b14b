//! A Kafka-protocol cluster as configured.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::common_faults;
use crate::{Limit, Unfit};

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
    pub(super) fn needs_tls(&self) -> Option<(&'static str, &'static str)> {
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

    pub(super) fn faults(&self) -> Vec<Unfit> {
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
