//! How every client of Kafka is set up, and what its error callback said last.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::types::RDKafkaErrorCode as Code;
use tracing::{debug, warn};

use super::quiet::Quiet;
use crate::BusError;
use crate::config::{Compression, KafkaConfig, SaslMechanism, Security};

/// How long a question to the brokers may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a reason from the error callback explains a failure.
const REASON_AGE: Duration = Duration::from_secs(90);

/// The settings that all clients share.
pub(super) fn settings(config: &KafkaConfig) -> ClientConfig {
    let mut client = ClientConfig::new();
    client
        .set("bootstrap.servers", &config.brokers)
        .set("client.id", &config.instance)
        .set("socket.keepalive.enable", "true")
        .set("reconnect.backoff.max.ms", "2000")
        .set(
            "security.protocol",
            match config.security {
                Security::Plaintext => "plaintext",
                Security::SaslPlaintext => "sasl_plaintext",
                Security::Ssl => "ssl",
                Security::SaslSsl => "sasl_ssl",
            },
        )
        .set_log_level(RDKafkaLogLevel::Warning);
    if matches!(config.security, Security::SaslPlaintext | Security::SaslSsl) {
        client
            .set(
                "sasl.mechanism",
                match config.sasl_mechanism {
                    SaslMechanism::Plain => "PLAIN",
                    SaslMechanism::ScramSha256 => "SCRAM-SHA-256",
                    SaslMechanism::ScramSha512 => "SCRAM-SHA-512",
                },
            )
            .set("sasl.username", &config.username)
            .set("sasl.password", config.password.reveal());
    }
    for (key, file) in [
        ("ssl.ca.location", &config.ca_file),
        ("ssl.certificate.location", &config.cert_file),
        ("ssl.key.location", &config.key_file),
    ] {
        if let Some(file) = file {
            client.set(key, file.to_string_lossy());
        }
    }
    client
}

/// What the producer adds to [`settings`].
pub(super) fn producer(config: &KafkaConfig) -> ClientConfig {
    let mut client = settings(config);
    client
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("partitioner", "murmur2_random")
        .set("linger.ms", "2")
        .set("message.max.bytes", (2 * crate::MAX_RECORD_BYTES + 65536).to_string())
        .set("message.timeout.ms", config.delivery_timeout_ms.to_string())
        .set("queue.buffering.max.kbytes", (config.queue_bytes / 1024).to_string())
        .set("queue.buffering.max.messages", "100000")
        .set(
            "compression.type",
            match config.compression {
                Compression::Lz4 => "lz4",
                Compression::Zstd => "zstd",
                Compression::Snappy => "snappy",
                Compression::Gzip => "gzip",
                Compression::None => "none",
            },
        );
    client
}

/// What a consumer of `group` (with its prefix) adds to [`settings`]; nothing is committed by itself.
pub(super) fn consumer(config: &KafkaConfig, group: &str) -> ClientConfig {
    let mut client = settings(config);
    client
        .set("group.id", group)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "earliest")
        // From each partition at once; a longer record comes all the same, alone.
        .set("fetch.message.max.bytes", "1048576")
        .set("queued.max.messages.kbytes", (config.prefetch_bytes / 1024).to_string())
        // How soon it fetches again after it had that much; the client's own second would bound the rate.
        .set("fetch.queue.backoff.ms", "20");
    client
}

/// What the clients of this process complain of: all of them lose the same brokers.
static COMPLAINTS: Quiet = Quiet::new();

/// What every client keeps of its errors.
#[derive(Clone, Default)]
pub(super) struct Context {
    last: Arc<Mutex<Option<(Instant, String)>>>,
    /// When a connection was lost or refused last.
    lost: Arc<Mutex<Option<Instant>>>,
}

impl Context {
    /// When a connection was lost or refused last, if that was not long ago.
    pub(super) fn lost(&self) -> Option<Instant> {
        let lost = *self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.filter(|at| at.elapsed() < REASON_AGE)
    }

    /// `error` as an error of the bus, with the reason the client gave last.
    pub(super) fn explain(&self, config: &KafkaConfig, error: &KafkaError) -> BusError {
        if error.rdkafka_error_code() == Some(Code::FencedInstanceId) {
            return BusError::Fenced { instance: config.instance.clone() };
        }
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut cause = error.to_string();
        if let Some((at, reason)) = last
            && at.elapsed() < REASON_AGE
        {
            cause = format!("{cause}; {reason}");
        }
        BusError::Unreachable { brokers: config.brokers.clone(), cause }
    }
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        debug!(?level, facility, message, "librdkafka");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        if let Some(RDKafkaErrorCode::AllBrokersDown | RDKafkaErrorCode::BrokerTransportFailure) =
            error.rdkafka_error_code()
        {
            *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        // "All brokers down" follows each cause and says less than it.
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::AllBrokersDown) {
            return;
        }
        match COMPLAINTS.show(reason, Instant::now()) {
            Some(held_back) => warn!(%error, reason, held_back, "Kafka"),
            None => debug!(%error, reason, "Kafka"),
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), reason.to_owned()));
    }
}

impl ConsumerContext for Context {}
