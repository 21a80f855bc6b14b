//! The clocks of what was told, and what they bring about: going out as not verified, climbing, reminding.

use stream::Severity;

use super::Telling;
use super::correct::sent_away;
use super::standing::{last_heard, matter, progress};
use crate::db::DbError;
use crate::route::climb::climb;
use crate::store::{rank, rows};
use crate::{Reason, Status, Timer, clocks};

impl Telling<'_> {
    /// What a clock that went off brings about.
    pub(crate) async fn due(mut self, timer: Timer, step: i64) -> Result<(), DbError> {
        let incident = self.incident;
        if incident.archived || !incident.status.is_open() {
            return Ok(());
        }
        match timer {
            Timer::Desk => self.call_again(step).await?,
            // Nobody can be told of what lies nowhere.
            _ if incident.place.is_none() => {}
            Timer::Unconfirmed if incident.status == Status::Baru => self.undecided().await?,
            // A proposal of AWAS that waits for its second person goes out like one nobody has looked at.
            Timer::Unconfirmed if incident.awas_waits_for_second.is_some() => {
                self.tell_first(Severity::Awas, Reason::Unconfirmed, rank(Severity::Awas)).await?;
            }
            Timer::Unconfirmed => {}
            Timer::Climb => self.climbs(step).await?,
            Timer::Repeat => self.repeats(step).await?,
        }
        Ok(())
    }

    /// Its climb begins anew at the pace of `severity`.
    pub(super) async fn climbs_from(&mut self, severity: Severity) -> Result<(), DbError> {
        match clocks::climb(severity, 1) {
            Some(clock) => rows::start(self.tx, self.incident.id, Timer::Climb, 1, self.now + clock).await,
            None => Ok(()),
        }
    }

    /// Its reminders go on with `step` at the pace of `severity`.
    pub(super) async fn reminds_from(&mut self, severity: Severity, step: i64) -> Result<(), DbError> {
        match self.alerts.policy.reminder(severity, step) {
            Some(pause) => {
                rows::start(self.tx, self.incident.id, Timer::Repeat, step, self.now + pause).await
            }
            None => Ok(()),
        }
    }

    async fn climbs(&mut self, step: i64) -> Result<(), DbError> {
        let incident = self.incident;
        let Some(severity) = self.told_level().await? else { return Ok(()) };
        let matter = matter(self.tx.conn(), incident, severity).await?;
        let progress = progress(self.tx, incident, severity).await?;
        let plan = climb(&matter, step, &progress, &self.roster);
        // A climb at a higher severity is news to whom the one before has reached.
        self.tell(severity, Reason::Climb, 10 * rank(severity) + step, &plan).await?;
        if let (Some(this), Some(next)) = (clocks::climb(severity, step), clocks::climb(severity, step + 1)) {
            let due = self.now + next.saturating_sub(this);
            rows::start(self.tx, incident.id, Timer::Climb, step + 1, due).await?;
        }
        Ok(())
    }

    async fn repeats(&mut self, step: i64) -> Result<(), DbError> {
        let incident = self.incident;
        let Some(place) = &incident.place else { return Ok(()) };
        let mut silent = progress(self.tx, incident, Severity::Normal).await?.silent(place);
        let away = sent_away(self.tx, incident).await?;
        silent.retain(|office| !away.contains(office));
        let Some(told) = self.told_level().await? else { return Ok(()) };
        let policy = &self.alerts.policy;
        let Some(pause) = policy.reminder(told, step).filter(|_| !silent.is_empty()) else { return Ok(()) };
        // The clock is the matter's: who has heard of it since, by a climb or a correction, is not reminded yet.
        let heard = last_heard(self.tx, incident).await?;
        silent.retain(|office| heard.get(office).is_none_or(|last| *last + pause <= self.now));
        // A round that reminds nobody is none.
        let next = if silent.is_empty() { step } else { step + 1 };
        self.follow_up(&silent, Reason::Repeat, step, "").await?;
        if let Some(pause) = policy.reminder(told, next) {
            rows::start(self.tx, incident.id, Timer::Repeat, next, self.now + pause).await?;
        }
        Ok(())
    }
}
