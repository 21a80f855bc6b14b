//! Calling the desk again while nobody decides: when the time for the decision is over, then ever more rarely.

use stream::{Queue, Severity};

use super::Telling;
use super::standing::told_at;
use crate::clocks::Unconfirmed;
use crate::db::DbError;
use crate::store::{rank, rows, severity, time};
use crate::{Reason, Status, Timer, clocks};

/// The clock's step is the level that waits, times this, and how often the desk was called at it.
const LEVEL: i64 = 1000;

impl Telling<'_> {
    /// The level that waits for a person, where it is one that the desk is called of. Also without a place, and where
    /// offices have answered: neither is a decision.
    pub(super) fn awaited(&self) -> Option<Severity> {
        let incident = self.incident;
        let level = match incident.awas_waits_for_second {
            Some(_) if incident.status.is_open() => Severity::Awas,
            None if incident.status == Status::Baru => incident.proposed,
            _ => return None,
        };
        let calls = level >= Severity::Siaga && incident.queue == Queue::Konflik && !incident.archived;
        calls.then_some(level)
    }

    /// Starts the clock after which the desk is called again, unless it runs for this level already: further posts that
    /// are no graver put nothing off and hasten nothing. Where the level has fallen it goes on at the pace of the lower one.
    pub(super) async fn calls(&mut self) -> Result<(), DbError> {
        let Some(level) = self.awaited() else {
            return rows::stop(self.tx, self.incident.id, Timer::Desk).await;
        };
        match rows::running(self.tx, self.incident.id, Timer::Desk).await? {
            Some((step, _)) if step / LEVEL == rank(level) => Ok(()),
            Some((step, due)) if step / LEVEL > rank(level) => {
                let (was, times) = (severity("step", step / LEVEL)?, step % LEVEL);
                let spans = clocks::call_again(was, times).zip(clocks::call_again(level, times));
                self.shift(Timer::Desk, due, rank(level) * LEVEL + times, spans).await
            }
            _ => self.calls_anew().await,
        }
    }

    /// The desk has just been called, or one of two persons has decided: the clock begins anew.
    pub(crate) async fn calls_anew(&mut self) -> Result<(), DbError> {
        match self.awaited() {
            Some(level) => self.calls_after(level, 1).await,
            None => Ok(()),
        }
    }

    /// One of two persons has confirmed AWAS: the desk is called again until the second has decided, and the clock runs
    /// after which it goes out without.
    pub(crate) async fn awaits_second(&mut self) -> Result<(), DbError> {
        self.calls_anew().await?;
        self.goes_out_alone(None).await
    }

    /// The same of a matter that one confirmed as AWAS was merged into, where that clock does not run and nobody was told
    /// of AWAS yet: the clock of a milder proposal, which may run, leaves too much time.
    pub(super) async fn second_by(&mut self) -> Result<(), DbError> {
        let incident = self.incident;
        let runs = rows::running(self.tx, incident.id, Timer::Unconfirmed).await?;
        let awas = rank(Severity::Awas);
        if incident.place.is_none() || runs.is_some_and(|(step, _)| step >= awas) {
            return Ok(());
        }
        if told_at(self.tx, incident).await? >= Severity::Awas {
            return Ok(());
        }
        self.goes_out_alone(runs.map(|(_, due)| due)).await
    }

    /// Starts the clock after which AWAS goes out without its second person, `by` that time (microseconds) at the latest.
    async fn goes_out_alone(&mut self, by: Option<i64>) -> Result<(), DbError> {
        match clocks::decision(Severity::Awas) {
            Some(clock) if self.alerts.policy.unconfirmed == Unconfirmed::Tell => {
                let due = self.now + clock;
                let due = by.map(|by| time("due", by)).transpose()?.map_or(due, |by| by.min(due));
                rows::start(self.tx, self.incident.id, Timer::Unconfirmed, rank(Severity::Awas), due).await
            }
            _ => Ok(()),
        }
    }

    async fn calls_after(&mut self, level: Severity, step: i64) -> Result<(), DbError> {
        let Some(pause) = clocks::call_again(level, step) else { return Ok(()) };
        let step = rank(level) * LEVEL + step;
        rows::start(self.tx, self.incident.id, Timer::Desk, step, self.now + pause).await
    }

    /// The clock has run out and nobody has decided: calls the desk again. Of SIAGA until it is too old to tell anybody;
    /// AWAS does not end (domain.md 3.3).
    pub(super) async fn call_again(&mut self, step: i64) -> Result<(), DbError> {
        let Some(level) = self.awaited() else { return Ok(()) };
        let incident = self.incident;
        let newest = incident.last_event.max(incident.created_at);
        let old = self.alerts.policy.too_old(self.now);
        if level < Severity::Awas && newest.as_second() < old.as_second() {
            return Ok(());
        }
        let called: i64 = sqlx::query_scalar(
            "SELECT CAST(COALESCE(MAX(step), 0) AS BIGINT) FROM notifications WHERE incident = $1 AND reason = $2",
        )
        .bind(incident.id.0)
        .bind(Reason::PageAgain.as_str())
        .fetch_one(self.tx.conn())
        .await?;
        self.call_desk(Reason::PageAgain, called + 1, level, "").await?;
        self.calls_after(level, step % LEVEL + 1).await
    }
}
