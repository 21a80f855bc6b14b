//! Telling of a corrected place: where it is now, where it was, and to whom it is no longer near that it is not.

use std::collections::{BTreeMap, BTreeSet};

use stream::{Queue, RegionCode};

use super::waits::waits_alone;
use super::{DESK, Telling, offices_of_rows};
use crate::db::{DbError, Tx};
use crate::message::sayable;
use crate::model::lies_inside;
use crate::{CALLED_OFF, Incident, Office, Reason, Scene};

/// Whether `incident` is of concern to `office` where it lies: to one of a part of its place, a village of the kecamatan,
/// only where a post names that part.
fn reaches(incident: &Incident, office: &Office) -> bool {
    let Some(place) = &incident.place else { return false };
    let named = |scene: &Scene| office.region.contains(&scene.place);
    office.concerns(place) && (!lies_inside(&office.region, place) || incident.scenes.iter().any(named))
}

/// The offices that have heard last of `incident` that it is not theirs any more.
pub(super) async fn sent_away(tx: &mut Tx, incident: &Incident) -> Result<BTreeSet<Office>, DbError> {
    let rows = sqlx::query(
        "SELECT role, region FROM notifications WHERE incident = $1 AND role <> $2 AND state <> 'moot'
         GROUP BY role, region HAVING MAX(CASE WHEN reason = 'away' THEN created_at END) >= MAX(created_at)",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .fetch_all(tx.conn())
    .await?;
    offices_of_rows(&rows)
}

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

    /// Tells the offices that were `told` of the incident as it `was`, before a post was taken out of it, where it lies
    /// now: those whom what is left does not reach that it is not theirs, those who heard of a wider place of this one.
    pub(crate) async fn narrowed(
        mut self,
        was: &Incident,
        told: &BTreeSet<Office>,
        times: i64,
    ) -> Result<(), DbError> {
        let (incident, writer) = (self.incident, &self.alerts.writer);
        let named = |place: &RegionCode| writer.place(&sayable(was.category, place));
        let waits = waits_alone(self.tx, incident).await?;
        let (mut near, mut far) = (BTreeMap::new(), BTreeMap::new());
        for office in told.iter().filter(|office| reaches(was, office)) {
            let place = |it: &Incident| it.seen_from(&office.region, Reason::Correction).place;
            let (Some(now), Some(before)) = (incident.place.as_ref(), place(was)) else { continue };
            let (now, before) = (named(now), named(&before));
            let values = [("place", now.as_str()), ("before", before.as_str())];
            let moved = || writer.lang.fill("alerts.message.moved", &values);
            if !reaches(incident, office) {
                far.entry(moved()).or_insert_with(BTreeSet::new).insert(office.clone());
            } else if place(incident).as_ref().map(named).is_some_and(|now| now != before)
                && !waits.contains(office)
            {
                near.entry(moved()).or_insert_with(BTreeSet::new).insert(office.clone());
            }
        }
        let corrected = match incident.queue {
            Queue::Konflik => Reason::Correction,
            Queue::Netralitas => Reason::Noted,
        };
        let mut heard = Vec::new();
        for (moved, near) in near {
            heard.extend(self.follow_up(&near, corrected, times, &moved).await?);
        }
        for (moved, far) in far {
            let far = self.take_back(far).await?;
            heard.extend(self.follow_up(&far, Reason::Away, times, &moved).await?);
        }
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
                "UPDATE notifications SET state = 'moot', error = $4 WHERE incident = $1 AND role = $2
                 AND region = $3 AND state IN ('pending', 'digest', 'held') AND attempts = 0",
            )
            .bind(self.incident.id.0)
            .bind(office.role.as_str())
            .bind(office.region.as_str())
            .bind(CALLED_OFF)
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
