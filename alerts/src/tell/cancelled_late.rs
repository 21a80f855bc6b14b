//! A cancellation that an office could not be sent: it hears it once the roster names somebody there again.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;

use super::standing::reached;
use super::{DESK, Telling, office_of_row};
use crate::db::{DbError, Tx};
use crate::roster::Roster;
use crate::store::rows;
use crate::{Alerts, Event, Incident, IncidentId, Office, Reason, Status};

/// Cancels, for every office that a message of a matter has reached and whose cancellation waits nowhere and left nowhere,
/// what was turned down not too long ago; the address that failed for good is not tried again. Returns of how many matters
/// somebody is told.
pub(crate) async fn cancelled_late(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    now: Timestamp,
) -> Result<usize, DbError> {
    let over: Vec<i64> = sqlx::query_scalar(
        "SELECT DISTINCT i.id FROM incidents i JOIN history h ON h.incident = i.id
         WHERE i.status = $1 AND i.archived = 0 AND i.told_at IS NOT NULL AND h.kind = $2 AND h.at >= $3 ORDER BY i.id",
    )
    .bind(Status::Ditolak.as_str())
    .bind(Event::Rejected.as_str())
    .bind(alerts.policy.too_old(now).as_microsecond())
    .fetch_all(tx.conn())
    .await?;
    let mut told = 0;
    for id in over {
        let Some(incident) = rows::load(tx, IncidentId(id)).await? else { continue };
        let mut offices = reached(tx.conn(), incident.id).await?;
        let heard = cancelled(tx, &incident).await?;
        offices.retain(|office| !heard.contains(office));
        let mut telling = Telling::of(tx, alerts, &incident, now).by(roster);
        let sent = telling.follow_up(&offices, Reason::Rejected, 0, "").await?;
        told += usize::from(!sent.is_empty());
    }
    Ok(told)
}

/// The offices that a cancellation of `incident` has left for or waits for.
async fn cancelled(tx: &mut Tx, incident: &Incident) -> Result<BTreeSet<Office>, DbError> {
    let rows = sqlx::query(
        "SELECT DISTINCT role, region FROM notifications WHERE incident = $1 AND role <> $2 AND reason = $3
         AND state NOT IN ('failed', 'moot')",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .bind(Reason::Rejected.as_str())
    .fetch_all(tx.conn())
    .await?;
    let offices = rows
        .iter()
        .map(|row| office_of_row(&row.try_get::<String, _>("role")?, &row.try_get::<String, _>("region")?));
    offices.filter_map(Result::transpose).collect()
}
