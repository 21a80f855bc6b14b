//! Paging the desk: a proposal of SIAGA or AWAS waits for a decision, also one that came before there was a desk.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Queue, Severity};

use super::{DESK, Telling, To};
use crate::db::{DbError, Tx};
use crate::roster::Roster;
use crate::store::{rank, rows};
use crate::{Alerts, IncidentId, Reason, Status, Timer};

impl Telling<'_> {
    /// Pages the desk that looks after its place; whether that is new.
    pub(super) async fn page(&mut self) -> Result<bool, DbError> {
        let proposed = self.incident.proposed;
        self.call_desk(Reason::Page, rank(proposed), proposed, "").await
    }

    /// Puts messages for the desk that looks after its place into the outbox; whether any is new.
    pub(super) async fn call_desk(
        &mut self,
        reason: Reason,
        step: i64,
        severity: Severity,
        remark: &str,
    ) -> Result<bool, DbError> {
        let mut called = false;
        let roster = Arc::clone(&self.roster);
        for contact in roster.desk(self.incident.place.as_ref()) {
            let to = To { role: DESK, region: "", line: "meja" };
            called |= self.enqueue(to, contact, reason, step, severity, remark).await?;
        }
        Ok(called)
    }
}

/// Pages the desk of every proposal that waits for it and that no desk has been paged of: when it came the roster named
/// none. What came too long ago to tell anybody is left to the queue: what a person brings in as if it were new
/// (`import --as-if-live`) tells of an older day and came today. What was paged of before there was a clock to call the
/// desk again gets it. Returns how many it paged of.
pub(crate) async fn page_late(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    now: Timestamp,
) -> Result<usize, DbError> {
    let old = i64::from(alerts.policy.archive_after_hours) * 3_600_000_000;
    let waiting = sqlx::query(
        "SELECT i.id FROM incidents i WHERE i.queue = $1 AND i.status = $2 AND i.archived = 0 AND i.proposed >= $3
         AND (i.last_event >= $4 OR i.created_at >= $4) AND (NOT EXISTS (SELECT 1 FROM notifications n WHERE n.incident = i.id
         AND n.reason = $5 AND n.step = i.proposed) OR NOT EXISTS (SELECT 1 FROM timers t WHERE t.incident = i.id
         AND t.kind = $6)) ORDER BY i.id",
    )
    .bind(Queue::Konflik.as_str())
    .bind(Status::Baru.as_str())
    .bind(rank(Severity::Siaga))
    .bind(now.as_microsecond() - old)
    .bind(Reason::Page.as_str())
    .bind(Timer::Desk.as_str())
    .fetch_all(tx.conn())
    .await?;
    let mut paged = 0;
    for row in waiting {
        let Some(incident) = rows::load(tx, IncidentId(row.try_get("id")?)).await? else { continue };
        if roster.desk(incident.place.as_ref()).is_empty() {
            continue;
        }
        let mut telling = Telling::of(tx, alerts, &incident, now).by(roster);
        paged += usize::from(telling.page().await?);
        telling.calls_anew().await?;
    }
    Ok(paged)
}
