//! Offices of villages that came into the roster while the matter of their village stood open.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use stream::Queue;

use super::Telling;
use crate::db::{DbError, Tx};
use crate::roster::Roster;
use crate::store::rows;
use crate::{Alerts, IncidentId, Status};

/// Tells the offices of villages that would have been told of an open matter had the roster named them then: where two
/// sources or a reporter tell of the village, or it was named after the decision. It came not too long ago, as in
/// [`super::page_late`]. Returns of how many matters it told.
pub(crate) async fn villages_late(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    now: Timestamp,
) -> Result<usize, DbError> {
    let open = sqlx::query(
        "SELECT id FROM incidents WHERE queue = $1 AND archived = 0 AND told_at IS NOT NULL AND scenes <> '[]'
         AND (last_event >= $2 OR created_at >= $2) ORDER BY id",
    )
    .bind(Queue::Konflik.as_str())
    .bind(alerts.policy.too_old(now).as_microsecond())
    .fetch_all(tx.conn())
    .await?;
    let mut told = 0;
    for row in open {
        let Some(incident) = rows::load(tx, IncidentId(row.try_get("id")?)).await? else { continue };
        if !incident.status.is_open() {
            continue;
        }
        let mut telling = Telling::of(tx, alerts, &incident, now).by(roster);
        told += usize::from(match incident.status {
            Status::Baru => telling.ready_villages().await?,
            _ => telling.later_villages().await?,
        });
    }
    Ok(told)
}
