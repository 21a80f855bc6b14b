//! Paging the desk: a proposal of SIAGA or AWAS waits for a decision, also one that came before there was a desk, or an
//! office has answered what the desk has to look at.

use jiff::Timestamp;
use sqlx::Row;
use stream::{Queue, Severity};

use super::answers::{said, so_far};
use super::standing::matter;
use super::{DESK, Telling, To};
use crate::db::{DbError, Tx};
use crate::route::plan::first_step;
use crate::store::{rank, rows};
use crate::{Alerts, Answer, IncidentId, Office, Reason, Status};

impl Telling<'_> {
    /// Pages the desk that looks after its place.
    pub(super) async fn page(&mut self) -> Result<(), DbError> {
        let proposed = self.incident.proposed;
        for contact in self.alerts.roster.desk(self.incident.place.as_ref()) {
            let to = To { role: DESK, region: "", line: "meja" };
            self.enqueue(to, contact, Reason::Page, rank(proposed), proposed, "").await?;
        }
        Ok(())
    }

    /// Pages the desk of what `office` has answered, once for an office and answer: *bukan wilayah* is the desk's again,
    /// and *aman* may be a false alarm or a mistake where it was told as grave or others do not say the same.
    pub(crate) async fn page_of_answer(mut self, office: &Office, answer: Answer) -> Result<(), DbError> {
        let incident = self.incident;
        if incident.archived || !incident.status.is_open() {
            return Ok(());
        }
        let told = self.told_level().await?.unwrap_or(incident.severity());
        let worth = match answer {
            Answer::BukanWilayah => true,
            Answer::Aman if told >= Severity::Siaga => true,
            Answer::Aman => {
                so_far(self.tx, incident).await?.values().any(|other| *other != Some(Answer::Aman))
            }
            Answer::Tahu | Answer::Menuju => false,
        };
        if !worth {
            return Ok(());
        }
        let (remark, paged) = (said(office, answer), Reason::Answered.as_str());
        let row = sqlx::query(
            "SELECT CAST(COALESCE(MAX(step), 0) AS BIGINT) AS step, COUNT(CASE WHEN remark = $3 THEN 1 END) AS same
             FROM notifications WHERE incident = $1 AND reason = $2",
        )
        .bind(incident.id.0)
        .bind(paged)
        .bind(&remark)
        .fetch_one(self.tx.conn())
        .await?;
        if row.try_get::<i64, _>("same")? > 0 {
            return Ok(());
        }
        let step = row.try_get::<i64, _>("step")? + 1;
        for contact in self.alerts.roster.desk(incident.place.as_ref()) {
            let to = To { role: DESK, region: "", line: "meja" };
            self.enqueue(to, contact, Reason::Answered, step, told, &remark).await?;
        }
        Ok(())
    }
}

/// Pages the desk of every proposal that waits for it and that no desk has been paged of: when it came the roster named
/// none. What is too old to tell anybody is left to the queue. Returns how many it paged of.
pub(crate) async fn page_late(tx: &mut Tx, alerts: &Alerts, now: Timestamp) -> Result<usize, DbError> {
    let old = i64::from(alerts.policy.archive_after_hours) * 3_600_000_000;
    let waiting = sqlx::query(
        "SELECT i.id FROM incidents i WHERE i.queue = $1 AND i.status = $2 AND i.archived = 0 AND i.proposed >= $3
         AND i.last_event >= $4 AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.incident = i.id
         AND n.reason = $5 AND n.step = i.proposed) ORDER BY i.id",
    )
    .bind(Queue::Konflik.as_str())
    .bind(Status::Baru.as_str())
    .bind(rank(Severity::Siaga))
    .bind(now.as_microsecond() - old)
    .bind(Reason::Page.as_str())
    .fetch_all(tx.conn())
    .await?;
    let mut paged = 0;
    for row in waiting {
        let Some(incident) = rows::load(tx, IncidentId(row.try_get("id")?)).await? else { continue };
        if alerts.roster.desk(incident.place.as_ref()).is_empty() {
            continue;
        }
        Telling::of(tx, alerts, &incident, now).page().await?;
        paged += 1;
    }
    Ok(paged)
}

/// Tells that an item waits on Bawaslu's desk, of every KF-14 matter that nobody was told of: when it came the roster
/// named none who may hear it. Returns of how many.
pub(crate) async fn items_late(tx: &mut Tx, alerts: &Alerts, now: Timestamp) -> Result<usize, DbError> {
    let old = i64::from(alerts.policy.archive_after_hours) * 3_600_000_000;
    let waiting = sqlx::query(
        "SELECT i.id FROM incidents i WHERE i.queue = $1 AND i.archived = 0 AND i.place IS NOT NULL
         AND i.proposed >= $2 AND i.last_event >= $3 AND NOT EXISTS (SELECT 1 FROM notifications n
         WHERE n.incident = i.id AND n.role <> $4) ORDER BY i.id",
    )
    .bind(Queue::Netralitas.as_str())
    .bind(rank(Severity::Waspada))
    .bind(now.as_microsecond() - old)
    .bind(DESK)
    .fetch_all(tx.conn())
    .await?;
    let mut told = 0;
    for row in waiting {
        let Some(incident) = rows::load(tx, IncidentId(row.try_get("id")?)).await? else { continue };
        let matter = matter(tx.conn(), &incident, incident.proposed).await?;
        let plan = first_step(&matter, &alerts.roster);
        if !incident.status.is_open() || plan.told.is_empty() {
            continue;
        }
        let mut telling = Telling::of(tx, alerts, &incident, now);
        let offices = telling.tell(incident.proposed, Reason::ItemWaits, 0, &plan).await?;
        told += usize::from(!offices.is_empty());
    }
    Ok(told)
}
