//! What consumer groups have committed, and how far they are behind.

use rdkafka::consumer::{CommitMode, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::metadata::Metadata;
use rdkafka::{Offset, TopicPartitionList};

use super::ask::patient;
use super::client::TIMEOUT;
use super::convert::{list, topic_of};
use super::{Inner, peek};
use crate::dead::DEAD_LETTER_GROUP;
use crate::standing::{GroupLag, Positions};
use crate::{BusError, Topic};

/// What `group` has committed of these topics (each with its number of partitions).
pub(super) fn committed(inner: &Inner, group: &str, topics: &[(Topic, u32)]) -> Result<Positions, BusError> {
    let mut asked = TopicPartitionList::new();
    for (topic, partitions) in topics {
        for partition in 0..partitions.cast_signed() {
            asked.add_partition(&inner.name(topic), partition);
        }
    }
    let answer =
        inner.ask(&inner.asking(group)?, |consumer| consumer.committed_offsets(asked.clone(), TIMEOUT))?;
    let mut positions = Positions::new();
    for element in answer.elements() {
        let topic = topic_of(&inner.config.prefix, element.topic());
        if let (Some(topic), Offset::Offset(next)) = (topic, element.offset()) {
            let partition = element.partition().cast_unsigned();
            positions.insert((topic, partition), u64::try_from(next).unwrap_or(0));
        }
    }
    Ok(positions)
}

/// Commits for a group that nobody reads at the moment.
pub(super) fn commit(inner: &Inner, group: &str, positions: &Positions) -> Result<(), BusError> {
    let list = list(&inner.config, positions)?;
    inner.ask(&inner.asking(group)?, |consumer| consumer.commit(&list, CommitMode::Sync))
}

/// Lets a new group start with a commit at the oldest record, so that its lag is known before it has read anything.
pub(super) fn register(
    inner: &Inner,
    group: &str,
    topics: &[Topic],
    metadata: &Metadata,
) -> Result<(), BusError> {
    let mut start = Positions::new();
    for topic in topics {
        let partitions = inner.partitions(metadata, *topic)?;
        let known = committed(inner, group, &[(*topic, partitions)])?;
        for partition in (0..partitions).filter(|partition| !known.contains_key(&(*topic, *partition))) {
            start.insert((*topic, partition), inner.watermarks(*topic, partition)?.0);
        }
    }
    if start.is_empty() {
        return Ok(());
    }
    let list = list(&inner.config, &start)?;
    let consumer = inner.asking(group)?;
    match patient(|| consumer.commit(&list, CommitMode::Sync)) {
        Ok(()) => Ok(()),
        // Another process reads for the group already, and registered it.
        Err(error)
            if matches!(
                error.rdkafka_error_code(),
                Some(
                    RDKafkaErrorCode::UnknownMemberId
                        | RDKafkaErrorCode::IllegalGeneration
                        | RDKafkaErrorCode::RebalanceInProgress
                )
            ) =>
        {
            Ok(())
        }
        Err(error) => Err(inner.context.explain(&inner.config, &error)),
    }
}

/// How far every group is behind; `oldest` is looked up only `with_age`.
pub(super) fn lag(inner: &Inner, with_age: bool) -> Result<Vec<GroupLag>, BusError> {
    let metadata = inner.metadata()?;
    let mut topics = Vec::new();
    for topic in [Topic::Posts, Topic::Findings] {
        topics.push((topic, inner.partitions(&metadata, topic)?));
    }
    let groups = inner.ask(&inner.asking("asking")?, |consumer| consumer.fetch_group_list(None, TIMEOUT))?;
    let mut names: Vec<String> = groups
        .groups()
        .iter()
        .filter_map(|group| group.name().strip_prefix(&inner.config.prefix).map(str::to_owned))
        .filter(|name| name != DEAD_LETTER_GROUP)
        .collect();
    names.sort();
    let mut ends = Positions::new();
    let mut starts = Positions::new();
    for (topic, partitions) in &topics {
        for partition in 0..*partitions {
            let (low, high) = inner.watermarks(*topic, partition)?;
            starts.insert((*topic, partition), low);
            ends.insert((*topic, partition), high);
        }
    }
    let mut lags = Vec::new();
    for group in names {
        let committed = committed(inner, &group, &topics)?;
        for (topic, _) in &topics {
            if !committed.keys().any(|(read, _)| read == topic) {
                continue;
            }
            lags.push(group_lag(inner, &group, *topic, &committed, &starts, &ends, with_age)?);
        }
    }
    Ok(lags)
}

fn group_lag(
    inner: &Inner,
    group: &str,
    topic: Topic,
    committed: &Positions,
    starts: &Positions,
    ends: &Positions,
    with_age: bool,
) -> Result<GroupLag, BusError> {
    let mut unread = Positions::new();
    let mut lag = 0;
    for (place, end) in ends.iter().filter(|((of, _), _)| *of == topic) {
        let start = starts.get(place).copied().unwrap_or(0);
        let next = committed.get(place).copied().unwrap_or(0).max(start);
        if next < *end {
            lag += end - next;
            unread.insert(*place, next);
        }
    }
    let oldest = if with_age && !unread.is_empty() {
        peek::read(inner, &unread, &peek::Want::FirstOfEach)?.iter().map(|record| record.at).min()
    } else {
        None
    };
    Ok(GroupLag { group: group.to_owned(), topic, lag, oldest })
}
