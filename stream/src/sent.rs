//! Records under way to the bus: handed over in order, not yet known to be durable.

use std::sync::Arc;

use crate::kafka::KafkaSent;
use crate::log::LogSent;
use crate::{Bus, BusError, Outgoing, metrics};

/// Records under way. They are durable once [`Sent::durable`] says so; dropped, they may become so all the same.
#[must_use = "only `durable` tells whether the records are there"]
pub struct Sent {
    way: Way,
    bus: &'static str,
}

enum Way {
    Nothing,
    Log(LogSent),
    Kafka(KafkaSent),
}

impl Sent {
    /// Waits until all of them are durable. After an error some may be.
    pub async fn durable(self) -> Result<(), BusError> {
        let result = match self.way {
            Way::Nothing => Ok(()),
            Way::Log(sent) => sent.durable().await,
            Way::Kafka(sent) => sent.durable().await,
        };
        if result.is_err() {
            metrics::publish_error(self.bus);
        }
        result
    }
}

impl Bus {
    /// Hands records over, in this order per key, and does not wait until they are durable: what is handed over
    /// next comes behind them. Waits while the bus holds as much as it may. The caller keeps the records, to
    /// hand them over again, and all that followed them, after a failure.
    pub async fn send(&self, records: &Arc<Vec<Outgoing>>) -> Result<Sent, BusError> {
        for record in records.iter() {
            record.check()?;
        }
        let handed = match self {
            _ if records.is_empty() => Ok(Way::Nothing),
            Bus::Log(log) => log.send(records).await.map(Way::Log),
            Bus::Kafka(kafka) => kafka.send(records).await.map(Way::Kafka),
        };
        match handed {
            Ok(way) => Ok(Sent { way, bus: self.kind() }),
            Err(error) => {
                metrics::publish_error(self.kind());
                Err(error)
            }
        }
    }
}
