//! Dead letters on the bus: looked at, tried again, dropped; one process at a time, so that nothing comes back twice.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Bus;
use crate::dead::{DEAD_LETTER_GROUP, Retried, StoredLetter};
use crate::kafka::KafkaLease;
use crate::log::Lease;
use crate::{BusError, DeadLetter, Incoming, Outgoing, Refusal, Topic};

/// Dead letters that are tried again at once.
const RETRY_BATCH: usize = 200;
/// Dead letters that are looked at at once.
const LOOK_BATCH: usize = 2000;

impl Bus {
    /// The oldest `limit` dead letters that were not tried again yet.
    pub async fn dead_letters(&self, limit: usize) -> Result<Vec<StoredLetter>, BusError> {
        let start = self.dead_letter_position().await?;
        Ok(self.peek(Topic::DeadLetters, start, limit).await?.iter().map(stored).collect())
    }

    /// Shows `see` every dead letter that was not tried again yet, the oldest first.
    pub async fn each_dead_letter(&self, mut see: impl FnMut(StoredLetter)) -> Result<(), BusError> {
        let mut position = self.dead_letter_position().await?;
        let end = self.end(Topic::DeadLetters).await?;
        while position < end {
            let most = LOOK_BATCH.min(usize::try_from(end - position).unwrap_or(LOOK_BATCH));
            let batch = self.peek(Topic::DeadLetters, position, most).await?;
            let Some(last) = batch.last().map(|record| record.offset) else {
                break;
            };
            batch.iter().map(stored).for_each(&mut see);
            position = last + 1;
        }
        Ok(())
    }

    /// Tries every dead letter again that lies there now: `back` turns it into what is published (see
    /// [`DeadLetter::back`]), or gives the reason it is parked again. One at a time: a second one that runs beside
    /// it waits for its turn or is refused ([`BusError::Taken`]), so that nothing comes back twice.
    pub async fn retry(
        &self,
        back: impl Fn(&DeadLetter) -> Result<Vec<Outgoing>, Refusal>,
    ) -> Result<Retried, BusError> {
        let mut retried = Retried::default();
        self.work_off(u64::MAX, |incoming| {
            let number = stored(incoming).number;
            match again(incoming, &back, Timestamp::now()) {
                Ok(records) => {
                    retried.returned.push(number);
                    Ok(records)
                }
                Err(letter) => {
                    retried.parked.push(number);
                    Ok(vec![letter.numbered(incoming.offset).outgoing()?])
                }
            }
        })
        .await?;
        Ok(retried)
    }

    /// Drops the dead letters of these numbers; gives those that were there. Others that lie before and between them
    /// are put at the end again as they are, each with its number.
    pub async fn drop_dead_letters(&self, numbers: &BTreeSet<u64>) -> Result<BTreeSet<u64>, BusError> {
        let (mut dropped, mut last) = (BTreeSet::new(), None);
        self.each_dead_letter(|stored| {
            if numbers.contains(&stored.number) {
                last = Some(stored.offset);
            }
        })
        .await?;
        let Some(last) = last else { return Ok(dropped) };
        self.work_off(last + 1, |incoming| {
            let StoredLetter { number, letter, .. } = stored(incoming);
            if numbers.contains(&number) {
                dropped.insert(number);
                return Ok(Vec::new());
            }
            if let Ok(letter) = letter {
                return Ok(vec![letter.numbered(incoming.offset).outgoing()?]);
            }
            Ok(vec![Outgoing {
                topic: incoming.topic,
                key: incoming.key.clone(),
                at: incoming.at,
                kind: incoming.kind.clone().into(),
                version: incoming.version,
                bytes: incoming.bytes.clone(),
            }])
        })
        .await?;
        Ok(dropped)
    }

    /// Goes through the dead letters that lie there now, up to `before`: each is gone once what `fate` makes of it
    /// is on the bus.
    async fn work_off(
        &self,
        before: u64,
        fate: impl FnMut(&Incoming) -> Result<Vec<Outgoing>, BusError>,
    ) -> Result<(), BusError> {
        let turn = self.turn().await?;
        let worked = self.work_off_in(&turn, before, fate).await;
        turn.release().await;
        worked
    }

    async fn work_off_in(
        &self,
        turn: &Turn,
        before: u64,
        mut fate: impl FnMut(&Incoming) -> Result<Vec<Outgoing>, BusError>,
    ) -> Result<(), BusError> {
        let mut position = self.dead_letter_position().await?;
        let end = self.end(Topic::DeadLetters).await?.min(before);
        while position < end {
            let most = RETRY_BATCH.min(usize::try_from(end - position).unwrap_or(RETRY_BATCH));
            let mut batch = self.peek(Topic::DeadLetters, position, most).await?;
            batch.retain(|record| record.offset < end);
            let Some(last) = batch.last().map(|record| record.offset) else {
                break;
            };
            let mut publish = Vec::new();
            for incoming in &batch {
                publish.extend(fate(incoming)?);
            }
            turn.check().await?;
            self.publish(publish).await?;
            position = last + 1;
            self.set_dead_letter_position(position).await?;
        }
        Ok(())
    }

    /// The right to try dead letters again.
    async fn turn(&self) -> Result<Turn, BusError> {
        match self {
            Bus::Log(log) => log.lease(DEAD_LETTER_GROUP).map(|lease| Turn::Log { _lease: lease }),
            Bus::Kafka(kafka) => kafka.lease(DEAD_LETTER_GROUP, Topic::DeadLetters).await.map(Turn::Kafka),
        }
    }

    async fn dead_letter_position(&self) -> Result<u64, BusError> {
        match self {
            Bus::Log(log) => log.committed(DEAD_LETTER_GROUP, Topic::DeadLetters).await,
            Bus::Kafka(kafka) => kafka.committed(DEAD_LETTER_GROUP, Topic::DeadLetters).await,
        }
    }

    async fn set_dead_letter_position(&self, next: u64) -> Result<(), BusError> {
        match self {
            Bus::Log(log) => log.set_committed(DEAD_LETTER_GROUP, Topic::DeadLetters, next).await,
            Bus::Kafka(kafka) => kafka.set_committed(DEAD_LETTER_GROUP, Topic::DeadLetters, next).await,
        }
    }
}

/// Held while dead letters are tried again.
enum Turn {
    /// By a locked file, for as long as it is open.
    Log { _lease: Lease },
    /// By a seat in a group, which others get when this process seems to be gone.
    Kafka(KafkaLease),
}

impl Turn {
    /// Whether it is still ours.
    async fn check(&self) -> Result<(), BusError> {
        match self {
            Turn::Log { .. } => Ok(()),
            Turn::Kafka(lease) => lease.check().await,
        }
    }

    async fn release(self) {
        if let Turn::Kafka(lease) = self {
            lease.release().await;
        }
    }
}

/// Tries one dead letter again: what is published, or the letter that is parked anew.
fn again(
    incoming: &Incoming,
    back: impl Fn(&DeadLetter) -> Result<Vec<Outgoing>, Refusal>,
    now: Timestamp,
) -> Result<Vec<Outgoing>, Box<DeadLetter>> {
    match incoming.read::<DeadLetter>() {
        Ok(letter) => back(&letter).map_err(|refusal| Box::new(letter.parked_again(refusal, now))),
        Err(error) => {
            Err(Box::new(DeadLetter::of_record(incoming, DEAD_LETTER_GROUP, &error.to_string(), now)))
        }
    }
}

fn stored(incoming: &Incoming) -> StoredLetter {
    let letter = incoming.read::<DeadLetter>();
    let number = letter.as_ref().ok().and_then(|letter| letter.number).unwrap_or(incoming.offset);
    StoredLetter { number, offset: incoming.offset, letter: letter.map_err(|error| error.to_string()) }
}
