//! The stage that reads findings: each batch and all it causes are one transaction.

use std::sync::Arc;
use std::time::Duration;

use stream::{Finding, Handled, Severity, Stage, StageError, metrics};

use crate::Alerts;
use crate::db::{DbError, Tx};
use crate::store::rows;
use crate::store::{Touched, signals, sums};
use crate::tell::{Telling, heard_calm};

/// Findings into incidents.
#[derive(Debug)]
pub struct AlertsStage {
    alerts: Arc<Alerts>,
}

impl AlertsStage {
    /// The stage over these alerts.
    pub fn new(alerts: Arc<Alerts>) -> AlertsStage {
        AlertsStage { alerts }
    }

    /// Takes a batch in: incidents, history, clocks and outbox rows in one transaction. The same batch again changes nothing.
    ///
    /// # Errors
    /// [`DbError`]; nothing of the batch was written.
    pub async fn take(&self, batch: &[Finding]) -> Result<(), DbError> {
        let alerts = &*self.alerts;
        let made = alerts
            .db
            .write(|mut tx| async move {
                let done = take(&mut tx, alerts, batch).await;
                (tx, done)
            })
            .await?;
        for (category, severity) in made {
            metrics::incident(category, severity);
        }
        alerts.changed.notify_one();
        Ok(())
    }
}

async fn take(
    tx: &mut Tx,
    alerts: &Alerts,
    batch: &[Finding],
) -> Result<Vec<(stream::Category, Severity)>, DbError> {
    alerts.lease.check(tx).await?;
    let now = alerts.clock.now();
    let mut touched = Touched::default();
    signals::take_all(tx, alerts, batch, now, &mut touched).await?;
    let mut made = Vec::new();
    for id in &touched.changed {
        for left in sums::refresh(tx, alerts, *id, touched.lost.contains(id), now).await? {
            let Some(incident) = rows::load(tx, left).await? else { continue };
            if left != *id || touched.made.contains(id) {
                made.push((incident.category, incident.proposed));
            }
            Telling::of(tx, alerts, &incident, now).after_change(&touched).await?;
        }
    }
    for finding in batch {
        heard_calm(tx, alerts, finding, now).await?;
    }
    Ok(made)
}

impl Stage for AlertsStage {
    type In = Finding;

    fn group(&self) -> &str {
        "alerts"
    }

    /// Each batch brings every incident that it touches up to date: a fifth of a second of findings costs hardly more
    /// than one, and nobody is told later for it who reads a message within seconds.
    fn gather(&self) -> Duration {
        Duration::from_millis(200)
    }

    async fn handle(&mut self, batch: Vec<Finding>) -> Result<Handled, StageError> {
        match self.take(&batch).await {
            Ok(()) => Ok(Handled::default()),
            Err(error) if error.is_retryable() => Err(StageError::Retry(error.to_string())),
            Err(error) => Err(StageError::Fatal(error.to_string())),
        }
    }
}
