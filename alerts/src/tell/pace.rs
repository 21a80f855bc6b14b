//! The pace of the clocks of a matter: that of its level by now, also where this has fallen.

use std::time::Duration;

use stream::{Queue, Severity};

use super::Telling;
use super::standing::told_at;
use crate::clocks;
use crate::db::DbError;
use crate::store::{rank, rows, time};
use crate::{Status, Timer};

impl Telling<'_> {
    /// Offices that were told are called and reminded at the pace of the level proposed by now, never of one above that they
    /// were told at: a clock that runs for another one goes on as if it had begun at this one.
    pub(super) async fn keeps_pace(&mut self) -> Result<(), DbError> {
        let incident = self.incident;
        // What waits for Bawaslu has no clocks of this kind.
        let decides = incident.status == Status::Baru && incident.queue == Queue::Konflik;
        let Some(was) = self.told_level().await?.filter(|_| decides) else {
            return Ok(());
        };
        let is = told_at(self.tx, incident).await?.min(incident.proposed);
        if is == was { Ok(()) } else { self.goes_on_at(was, is).await }
    }

    /// A person has decided on `severity`: what was told at a graver level goes on at the pace of this one, unless a second
    /// person may still call it AWAS.
    pub(super) async fn falls_to(&mut self, severity: Severity) -> Result<(), DbError> {
        match self.told_level().await? {
            Some(was) if severity < was && self.incident.awas_waits_for_second.is_none() => {
                self.goes_on_at(was, severity).await
            }
            _ => Ok(()),
        }
    }

    /// What was followed up as told at `was` is from now on as told at `is`.
    async fn goes_on_at(&mut self, was: Severity, is: Severity) -> Result<(), DbError> {
        let incident = self.incident;
        sqlx::query("UPDATE incidents SET told_severity = $2 WHERE id = $1")
            .bind(incident.id.0)
            .bind(rank(is))
            .execute(self.tx.conn())
            .await?;
        let policy = &self.alerts.policy;
        for timer in [Timer::Climb, Timer::Repeat] {
            let pace = |level, step| match timer {
                Timer::Climb => clocks::climb(level, step),
                _ => policy.reminder(level, step),
            };
            match rows::running(self.tx, incident.id, timer).await? {
                Some((step, due)) => {
                    self.shift(timer, due, step, pace(was, step).zip(pace(is, step))).await?;
                }
                // At NORMAL it had stopped.
                None if was == Severity::Normal => {
                    if let Some(pause) = pace(is, 1) {
                        rows::start(self.tx, incident.id, timer, 1, self.now + pause).await?;
                    }
                }
                None => {}
            }
        }
        Ok(())
    }

    /// The clock `timer` that runs to `due` goes on as `to`, as long as the second of `spans` from when it began for the
    /// first, but never until before now; it stops where there is no such span.
    pub(super) async fn shift(
        &mut self,
        timer: Timer,
        due: i64,
        to: i64,
        spans: Option<(Duration, Duration)>,
    ) -> Result<(), DbError> {
        let Some((was, is)) = spans else { return rows::stop(self.tx, self.incident.id, timer).await };
        let due = (time("due", due)? - was + is).max(self.now);
        rows::start(self.tx, self.incident.id, timer, to, due).await
    }
}
