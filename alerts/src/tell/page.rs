//! Paging the desk: a proposal of SIAGA or AWAS waits for a decision, also one that came before there was a desk.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Queue, Severity};

use super::{DESK, Telling, To, channel_of};
use crate::db::{DbError, Tx};
use crate::roster::{Contact, Roster};
use crate::store::{rank, rows};
use crate::{Alerts, Incident, IncidentId, Reason, Status, UNREACHABLE};

/// The desk as a receiver.
const TO: To<'static> = To { role: DESK, region: "", line: "meja" };

impl Telling<'_> {
    /// Pages each line of the desk that looks after its place, unless it was paged of what is as grave or graver.
    pub(super) async fn page(&mut self) -> Result<(), DbError> {
        let (roster, paged) = (Arc::clone(&self.roster), paged(self.tx, self.incident).await?);
        for contact in roster.desk(self.incident.place.as_ref()) {
            if !paged.contains(&channel_of(contact)) {
                self.page_line(contact, self.incident.proposed).await?;
            }
        }
        Ok(())
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
            called |= self.enqueue(TO, contact, reason, step, severity, remark).await?;
        }
        Ok(called)
    }

    /// Pages one line of the desk of the `level` that waits for a decision; whether that is new.
    async fn page_line(&mut self, contact: &Contact, level: Severity) -> Result<bool, DbError> {
        self.enqueue(TO, contact, Reason::Page, rank(level), level, "").await
    }
}

/// Pages the desk of every proposal that waits for it, also of an AWAS that waits for its second person, on each line that
/// was not paged of it yet: the roster did not name it when the others were, or named none. What came too long ago to
/// tell anybody is left to the queue: what a person brings in as if it were new (`import --as-if-live`) tells of an older
/// day and came today. What was paged of before there was a clock to call the desk again gets it. Returns how many it
/// paged of.
pub(crate) async fn page_late(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    now: Timestamp,
) -> Result<usize, DbError> {
    let waiting = sqlx::query(
        "SELECT id FROM incidents WHERE queue = $1 AND archived = 0
         AND (proposed >= $2 AND status = $3 OR awas_by IS NOT NULL) AND (last_event >= $4 OR created_at >= $4) ORDER BY id",
    )
    .bind(Queue::Konflik.as_str())
    .bind(rank(Severity::Siaga))
    .bind(Status::Baru.as_str())
    .bind(alerts.policy.too_old(now).as_microsecond())
    .fetch_all(tx.conn())
    .await?;
    let mut late = 0;
    for row in waiting {
        let Some(incident) = rows::load(tx, IncidentId(row.try_get("id")?)).await? else { continue };
        let lines = roster.desk(incident.place.as_ref());
        let Some(level) = Telling::of(tx, alerts, &incident, now).awaited().filter(|_| !lines.is_empty())
        else {
            continue;
        };
        let paged = paged(tx, &incident).await?;
        let mut telling = Telling::of(tx, alerts, &incident, now).by(roster);
        let mut new = false;
        for contact in lines.iter().filter(|contact| !paged.contains(&channel_of(contact))) {
            new |= telling.page_line(contact, level).await?;
        }
        late += usize::from(new);
        // Who joins later is called with the others, at their pace.
        if paged.is_empty() {
            telling.calls_anew().await?;
        } else {
            telling.calls().await?;
        }
    }
    Ok(late)
}

/// The lines of the desk that were paged of `incident`, or called again, at the level proposed by now. What never left
/// because the roster did not name the line for a while has paged nobody.
async fn paged(tx: &mut Tx, incident: &Incident) -> Result<BTreeSet<String>, DbError> {
    let channels: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT channel FROM notifications WHERE incident = $1 AND role = $2 AND reason IN ($3, $4)
         AND severity >= $5 AND (state <> 'failed' OR error IS NULL OR error <> $6)",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .bind(Reason::Page.as_str())
    .bind(Reason::PageAgain.as_str())
    .bind(rank(incident.proposed))
    .bind(UNREACHABLE)
    .fetch_all(tx.conn())
    .await?;
    Ok(channels.into_iter().collect())
}
