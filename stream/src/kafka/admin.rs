//! The topics on the brokers: made with the configured partitions, retention and limits.

use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::error::RDKafkaErrorCode;

use super::Inner;
use super::client::{self, Context, TIMEOUT};
use crate::standing::{Made, TopicInfo};
use crate::{BusError, MAX_RECORD_BYTES, Topic};

/// Makes the topics; those that are there get the configured retention and limits and keep their partitions.
pub(super) async fn create(inner: &Inner) -> Result<Vec<(Topic, Made)>, BusError> {
    let config = &inner.config;
    let admin: AdminClient<Context> = client::settings(config)
        .create_with_context(inner.context.clone())
        .map_err(|error| BusError::Config(error.to_string()))?;
    let options = AdminOptions::new().request_timeout(Some(TIMEOUT)).operation_timeout(Some(TIMEOUT));
    let failed = |error: &rdkafka::error::KafkaError| inner.context.explain(config, error);
    let refused = |name: &str, code: RDKafkaErrorCode| BusError::Config(format!("topic {name}: {code}"));
    let mut made = Vec::new();
    for topic in Topic::ALL {
        let name = inner.name(topic);
        let settings = settings(inner, topic);
        let partitions = if topic.is_spread() { config.partitions } else { 1 };
        let (partitions, copies) = (partitions.cast_signed(), config.replication.cast_signed());
        let mut new = NewTopic::new(&name, partitions, TopicReplication::Fixed(copies));
        for (key, value) in &settings {
            new = new.set(key, value);
        }
        let results = admin.create_topics([&new], &options).await.map_err(|error| failed(&error))?;
        match results.into_iter().next() {
            Some(Err((_, RDKafkaErrorCode::TopicAlreadyExists))) => {
                let mut alter = AlterConfig::new(ResourceSpecifier::Topic(&name));
                for (key, value) in &settings {
                    alter = alter.set(key, value);
                }
                let results =
                    admin.alter_configs([&alter], &options).await.map_err(|error| failed(&error))?;
                if let Some(Err((_, code))) = results.into_iter().next() {
                    return Err(refused(&name, code));
                }
                made.push((topic, Made::Kept));
            }
            Some(Err((_, code))) => return Err(refused(&name, code)),
            _ => made.push((topic, Made::Created)),
        }
    }
    Ok(made)
}

fn settings(inner: &Inner, topic: Topic) -> Vec<(&'static str, String)> {
    let config = &inner.config;
    let limit = if topic == Topic::DeadLetters { 2 * MAX_RECORD_BYTES } else { MAX_RECORD_BYTES };
    // Room for headers and the batch around the record.
    let mut settings = vec![("max.message.bytes", (limit + 65536).to_string())];
    if topic == Topic::Cursors {
        settings.push(("cleanup.policy", "compact".to_owned()));
    } else {
        let milliseconds = u64::from(config.retention_days) * 86_400_000;
        settings.push(("cleanup.policy", "delete".to_owned()));
        settings.push(("retention.ms", milliseconds.to_string()));
        if let Some(bytes) = config.retention_bytes {
            settings.push(("retention.bytes", bytes.to_string()));
        }
    }
    settings
}

/// The topics as they are; those the brokers do not have are left out.
pub(super) fn topics(inner: &Inner) -> Result<Vec<TopicInfo>, BusError> {
    let metadata = inner.metadata()?;
    let mut infos = Vec::new();
    for topic in Topic::ALL {
        let partitions = match inner.partitions(&metadata, topic) {
            Ok(partitions) => partitions,
            Err(BusError::NoTopic { .. }) => continue,
            Err(error) => return Err(error),
        };
        let mut records = 0;
        for partition in 0..partitions {
            let (low, high) = inner.watermarks(topic, partition)?;
            records += high.saturating_sub(low);
        }
        infos.push(TopicInfo {
            topic,
            name: inner.name(topic),
            partitions,
            records,
            bytes: None,
            retention_days: (topic != Topic::Cursors).then_some(inner.config.retention_days),
        });
    }
    Ok(infos)
}
