//! Letting a consumer group read again from the oldest record: for readers whose result can be rebuilt.

use crate::standing::Positions;
use crate::{Bus, BusError, Topic};

impl Bus {
    /// Lets `group` read `topics` again from the oldest record. Nobody may read for the group meanwhile.
    pub async fn rewind(&self, group: &str, topics: &[Topic]) -> Result<(), BusError> {
        match self {
            Bus::Log(log) => {
                let _lease = log.lease(group)?;
                let mut start = Positions::new();
                for info in log.topics().await?.into_iter().filter(|info| topics.contains(&info.topic)) {
                    start.extend((0..info.partitions).map(|partition| ((info.topic, partition), 0)));
                }
                log.commit(group, &start).await
            }
            Bus::Kafka(kafka) => kafka.rewind(group, topics).await,
        }
    }
}
