//! A cancellation that an office could not be sent: it hears it once the roster names somebody there again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use stream::Severity;

use super::standing::{progress, reached};
use super::{DESK, Next, Telling, enqueue_next, office_of_row};
use crate::db::{DbError, Tx};
use crate::roster::Roster;
use crate::store::rows;
use crate::{Alerts, Event, Incident, IncidentId, Office, Reason, Status};

/// Cancels, for every office that a message of a matter has reached and whose cancellation waits nowhere and left nowhere,
/// what was turned down not too long ago, also where it was merged since; the address that failed for good is not tried
/// again, but another one is. Who sent it back hears no more of it, as when it was turned down. Returns of how many
/// matters somebody is told.
pub(crate) async fn cancelled_late(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    now: Timestamp,
) -> Result<usize, DbError> {
    let over: Vec<i64> = sqlx::query_scalar(
        "SELECT DISTINCT i.id FROM incidents i JOIN history h ON h.incident = i.id
         WHERE i.status IN ($1, $4) AND i.archived = 0 AND i.told_at IS NOT NULL AND h.kind = $2 AND h.at >= $3 ORDER BY i.id",
    )
    .bind(Status::Ditolak.as_str())
    .bind(Event::Rejected.as_str())
    .bind(alerts.policy.too_old(now).as_microsecond())
    .bind(Status::Digabung.as_str())
    .fetch_all(tx.conn())
    .await?;
    let mut told = 0;
    for id in over {
        let Some(incident) = rows::load(tx, IncidentId(id)).await? else { continue };
        let mut offices = reached(tx.conn(), incident.id).await?;
        let concerned = progress(tx, &incident, Severity::Normal).await?.told;
        let (heard, failed) = cancelled(tx, &incident).await?;
        offices.retain(|office| concerned.contains(office) && !heard.contains(office));
        let mut goes = false;
        for (id, _) in failed.iter().filter(|(_, office)| offices.contains(office)) {
            goes |= enqueue_next(tx, alerts, roster, id, now).await? == Next::Goes;
        }
        offices.retain(|office| failed.values().all(|of| of != office));
        let mut telling = Telling::of(tx, alerts, &incident, now).by(roster);
        goes |= !telling.follow_up(&offices, Reason::Rejected, 0, "").await?.is_empty();
        told += usize::from(goes);
    }
    Ok(told)
}

/// The offices that a cancellation of `incident` has left for or waits for, and the cancellations that failed for good,
/// each with its office.
async fn cancelled(
    tx: &mut Tx,
    incident: &Incident,
) -> Result<(BTreeSet<Office>, BTreeMap<String, Office>), DbError> {
    let rows = sqlx::query(
        "SELECT id, role, region, state FROM notifications WHERE incident = $1 AND role <> $2 AND reason = $3
         AND state <> 'moot'",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .bind(Reason::Rejected.as_str())
    .fetch_all(tx.conn())
    .await?;
    let (mut heard, mut failed) = (BTreeSet::new(), BTreeMap::new());
    for row in rows {
        let office = office_of_row(&row)?;
        let Some(office) = office else { continue };
        if row.try_get::<String, _>("state")? == "failed" {
            failed.insert(row.try_get("id")?, office);
        } else {
            heard.insert(office);
        }
    }
    Ok((heard, failed))
}
