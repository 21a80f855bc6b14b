//! KF-14 matters that came before the roster named whoever may hear that an item waits.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Queue, Severity};

use super::standing::matter;
use super::{DESK, Telling};
use crate::db::{DbError, Tx};
use crate::roster::Roster;
use crate::route::plan::first_step;
use crate::store::{rank, rows};
use crate::{Alerts, IncidentId, Reason};

/// Tells that an item waits on Bawaslu's desk, of every KF-14 matter that nobody was told of: when it came the roster
/// named none who may hear it, and it came not too long ago, as in [`super::page_late`]. Returns of how many.
pub(crate) async fn items_late(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    now: Timestamp,
) -> Result<usize, DbError> {
    let waiting = sqlx::query(
        "SELECT i.id FROM incidents i WHERE i.queue = $1 AND i.archived = 0 AND i.place IS NOT NULL
         AND i.proposed >= $2 AND (i.last_event >= $3 OR i.created_at >= $3)
         AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.incident = i.id AND n.role <> $4) ORDER BY i.id",
    )
    .bind(Queue::Netralitas.as_str())
    .bind(rank(Severity::Waspada))
    .bind(alerts.policy.too_old(now).as_microsecond())
    .bind(DESK)
    .fetch_all(tx.conn())
    .await?;
    let mut told = 0;
    for row in waiting {
        let Some(incident) = rows::load(tx, IncidentId(row.try_get("id")?)).await? else { continue };
        let matter = matter(tx.conn(), &incident, incident.proposed).await?;
        let plan = first_step(&matter, roster);
        if !incident.status.is_open() || plan.told.is_empty() {
            continue;
        }
        let mut telling = Telling::of(tx, alerts, &incident, now).by(roster);
        let offices = telling.tell(incident.proposed, Reason::ItemWaits, 0, &plan).await?;
        told += usize::from(!offices.is_empty());
    }
    Ok(told)
}
