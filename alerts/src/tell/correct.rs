//! Telling of a corrected place: where it is now, where it was, and to whom it is no longer near that it is not.

use std::collections::BTreeSet;

use stream::Queue;

use super::Telling;
use super::waits::waits_alone;
use crate::db::DbError;
use crate::message::sayable;
use crate::{Incident, Office, Reason};

impl Telling<'_> {
    /// Tells the offices that were `told` of the incident as it `was` that a person has set its place, for the `times`-th
    /// time, and writes it into the history.
    pub(crate) async fn corrected(
        mut self,
        was: &Incident,
        told: &BTreeSet<Office>,
        times: i64,
    ) -> Result<(), DbError> {
        let Some(place) = &self.incident.place else { return Ok(()) };
        let writer = &self.alerts.writer;
        let named = |place| writer.place(&sayable(was.category, place));
        let now = named(place);
        let before = was.place.as_ref().map(named).filter(|before| *before != now);
        let (mut near, far): (BTreeSet<Office>, BTreeSet<Office>) =
            told.iter().cloned().partition(|office| office.concerns(place));
        if before.is_none() {
            // As far as it may be said of KF-14, it waits where it waited.
            let waits = waits_alone(self.tx, self.incident).await?;
            near.retain(|office| !waits.contains(office));
        }
        let moved = match before {
            Some(before) => writer.lang.fill("alerts.message.moved", &[("place", &now), ("before", &before)]),
            None => now,
        };
        // Bawaslu decides on its own desk, and nobody waits there for an answer.
        let corrected = match self.incident.queue {
            Queue::Konflik => Reason::Correction,
            Queue::Netralitas => Reason::Noted,
        };
        let mut heard = self.follow_up(&near, corrected, times, &moved).await?;
        let far = self.take_back(far).await?;
        heard.extend(self.follow_up(&far, Reason::Away, times, &moved).await?);
        if heard.is_empty() {
            return Ok(());
        }
        self.told_of(Reason::Correction.as_str(), &heard).await
    }

    /// Takes back what never left for `offices`; returns those that something of it may have reached: whoever has heard
    /// nothing need not hear that it is not theirs.
    async fn take_back(&mut self, offices: BTreeSet<Office>) -> Result<BTreeSet<Office>, DbError> {
        let mut heard = BTreeSet::new();
        for office in offices {
            sqlx::query(
                "UPDATE notifications SET state = 'moot' WHERE incident = $1 AND role = $2 AND region = $3
                 AND state IN ('pending', 'digest', 'held') AND attempts = 0",
            )
            .bind(self.incident.id.0)
            .bind(office.role.as_str())
            .bind(office.region.as_str())
            .execute(self.tx.conn())
            .await?;
            let left: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM notifications WHERE incident = $1 AND role = $2 AND region = $3
                 AND state <> 'moot'",
            )
            .bind(self.incident.id.0)
            .bind(office.role.as_str())
            .bind(office.region.as_str())
            .fetch_one(self.tx.conn())
            .await?;
            if left > 0 {
                heard.insert(office);
            }
        }
        Ok(heard)
    }
}
