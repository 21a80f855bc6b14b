//! What can go wrong on the bus, and whether trying again helps.

use std::path::PathBuf;

use crate::Topic;

/// A failure of the bus. [`BusError::is_retryable`] tells whether the same call can succeed later.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BusError {
    /// The configuration asks for something that cannot be.
    #[error("bus configuration: {0}")]
    Config(String),
    /// The configuration needs a build with another feature.
    #[error("bus configuration: {wanted} needs a build with the feature `tls` (cargo build --features tls)")]
    NeedsTls {
        /// What was asked for.
        wanted: String,
    },
    /// The file of a `Log` cannot be opened.
    #[error("the log {path} cannot be opened: {cause}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The disk or the configured limit is full; goes on when there is space again.
    #[error("the log is full: {cause}")]
    Full {
        /// Which limit.
        cause: String,
    },
    /// Reading or writing the log failed for now.
    #[error("the log: {cause}")]
    Storage {
        /// What SQLite said.
        cause: String,
    },
    /// The brokers do not answer or refuse us.
    #[error("Kafka at {brokers}: {cause}")]
    Unreachable {
        /// `bootstrap.servers`.
        brokers: String,
        /// What the client said, with the reason its error callback gave.
        cause: String,
    },
    /// The brokers do not have the topic.
    #[error("Kafka at {brokers} has no topic {topic}; create it with `kentongan topics`")]
    NoTopic {
        /// `bootstrap.servers`.
        brokers: String,
        /// The name with its prefix.
        topic: String,
    },
    /// Another process reads for this group.
    #[error("group {group} is already read by another process ({holder}); one process per group")]
    Taken {
        /// The consumer group.
        group: String,
        /// Who holds it.
        holder: String,
    },
    /// Another process joined the group under our instance name.
    #[error(
        "another process runs with the same instance name {instance}; give each process its own `instance` in [bus]"
    )]
    Fenced {
        /// `group.instance.id`.
        instance: String,
    },
    /// A newer program wrote a record that this one cannot read.
    #[error(
        "group {group}: {topic} partition {partition} offset {offset} is of version {found}, newer than the version \
         {known} this program reads; update this program (nothing was skipped)"
    )]
    Newer {
        /// The consumer group that stopped.
        group: String,
        /// The topic.
        topic: Topic,
        /// The partition.
        partition: u32,
        /// The position.
        offset: u64,
        /// The record's version.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A record is longer than its topic takes.
    #[error("a record of {bytes} bytes is over the {limit} that {topic} takes")]
    TooLarge {
        /// The topic.
        topic: Topic,
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A record cannot be written as JSON.
    #[error("a {kind} cannot be written: {cause}")]
    Unwritable {
        /// The record's type.
        kind: &'static str,
        /// Why.
        cause: String,
    },
    /// A stage gave up.
    #[error("stage {group}: {cause}")]
    Stage {
        /// The stage's consumer group.
        group: String,
        /// Its reason.
        cause: String,
    },
    /// The bus was closed while the call ran.
    #[error("the bus is closed")]
    Closed,
}

impl BusError {
    /// Whether the same call can succeed later without anyone changing the program or its configuration.
    pub fn is_retryable(&self) -> bool {
        matches!(self, BusError::Full { .. } | BusError::Storage { .. } | BusError::Unreachable { .. })
    }
}
