//! The client's topics, messages and lists as ours, and ours as its own.

use jiff::Timestamp;
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::{Offset, TopicPartitionList};

use crate::config::KafkaConfig;
use crate::standing::Positions;
use crate::{BusError, Incoming, Topic};

/// The topic with this name on the brokers.
pub(super) fn topic_of(prefix: &str, name: &str) -> Option<Topic> {
    name.strip_prefix(prefix).and_then(Topic::parse)
}

/// A message as we read it.
pub(super) fn incoming(message: &BorrowedMessage<'_>, topic: Topic) -> Incoming {
    let header = |name: &str| {
        let headers = message.headers()?;
        let header = headers.iter().find(|header| header.key == name)?;
        header.value.map(|value| String::from_utf8_lossy(value).into_owned())
    };
    Incoming {
        topic,
        partition: u32::try_from(message.partition()).unwrap_or_default(),
        offset: u64::try_from(message.offset()).unwrap_or_default(),
        key: message.key().map(|key| String::from_utf8_lossy(key).into_owned()).unwrap_or_default(),
        at: message
            .timestamp()
            .to_millis()
            .and_then(|at| Timestamp::from_millisecond(at).ok())
            .unwrap_or(Timestamp::UNIX_EPOCH),
        kind: header("type").unwrap_or_default(),
        version: header("version").and_then(|version| version.parse().ok()).unwrap_or(1),
        bytes: message.payload().unwrap_or_default().to_vec(),
    }
}

/// A list for the client; the names carry the prefix.
pub(super) fn list(config: &KafkaConfig, positions: &Positions) -> Result<TopicPartitionList, BusError> {
    let mut list = TopicPartitionList::with_capacity(positions.len());
    for ((topic, partition), next) in positions {
        let name = format!("{}{topic}", config.prefix);
        let (partition, next) = (i32::try_from(*partition), i64::try_from(*next));
        let (Ok(partition), Ok(next)) = (partition, next) else {
            return Err(BusError::Config(format!("{name}: a position out of range")));
        };
        list.add_partition_offset(&name, partition, Offset::Offset(next))
            .map_err(|error| BusError::Config(error.to_string()))?;
    }
    Ok(list)
}
