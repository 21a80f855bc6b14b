//! Reading a topic from its oldest record to the end it has now, for no group: nothing is joined, committed or held back.

use crate::kafka::KafkaSurvey;
use crate::log::Log;
use crate::standing::Positions;
use crate::{Bus, BusError, Incoming, Topic};

/// A stretch of a topic, fixed when it was asked for: what is published later does not come. A `Log` and brokers
/// may delete its oldest records while it is read; those do not come either.
pub struct Survey {
    source: Source,
    topic: Topic,
    start: Positions,
    next: Positions,
    end: Positions,
}

enum Source {
    Log(Log),
    Kafka(KafkaSurvey),
}

impl Bus {
    /// Everything that lies in `topic` now.
    pub async fn survey(&self, topic: Topic) -> Result<Survey, BusError> {
        let (source, bounds) = match self {
            Bus::Log(log) => (Source::Log(log.clone()), log.bounds(topic).await?),
            Bus::Kafka(kafka) => (Source::Kafka(kafka.survey()), kafka.bounds(topic).await?),
        };
        let [start, end] =
            [0, 1].map(|side| bounds.iter().map(|(place, bounds)| (*place, bounds[side])).collect());
        Ok(Survey { source, topic, next: Positions::clone(&start), start, end })
    }
}

impl Survey {
    /// How many positions it spans; where records were deleted, there are fewer records.
    pub fn total(&self) -> u64 {
        self.end
            .iter()
            .map(|(place, end)| end.saturating_sub(self.start.get(place).copied().unwrap_or(0)))
            .sum()
    }

    /// The next records, in order within a partition, a few megabytes at most; none when all were taken.
    pub async fn take(&mut self) -> Result<Vec<Incoming>, BusError> {
        loop {
            let open: Positions = self
                .next
                .iter()
                .filter(|(place, next)| self.end.get(place).is_some_and(|end| *next < end))
                .map(|(place, next)| (*place, *next))
                .collect();
            let Some(((topic, part), start)) = open.first_key_value().map(|(place, next)| (*place, *next))
            else {
                return Ok(Vec::new());
            };
            let records = match &mut self.source {
                Source::Log(log) => {
                    let end = self.end.get(&(topic, part)).copied().unwrap_or(0);
                    let mut records = log.stretch(topic, part, start).await?;
                    let next = records.last().map_or(end, |last| last.offset + 1);
                    records.retain(|record| record.offset < end);
                    self.next.insert((topic, part), next);
                    records
                }
                Source::Kafka(kafka) => {
                    let (records, next) = kafka.step(open, &self.end).await?;
                    self.next.extend(next);
                    records
                }
            };
            if !records.is_empty() {
                return Ok(records);
            }
        }
    }

    /// Begins the same stretch anew.
    pub fn again(&mut self) {
        self.next = self.start.clone();
        if let Source::Kafka(kafka) = &mut self.source {
            kafka.leave();
        }
    }

    /// What was published since this stretch ended.
    pub async fn newer(&self, bus: &Bus) -> Result<Survey, BusError> {
        let mut newer = bus.survey(self.topic).await?;
        for (place, start) in &mut newer.start {
            *start = self.end.get(place).copied().unwrap_or(0).max(*start);
        }
        newer.next = newer.start.clone();
        Ok(newer)
    }
}
