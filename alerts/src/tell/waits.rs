//! Of what is Bawaslu's, who knows no more than that an item waits: he hears no more either of what becomes of it (SG-02).

use std::collections::BTreeSet;

use stream::Queue;

use super::{DESK, offices_of_rows};
use crate::db::{DbError, Tx};
use crate::reason::WAITS;
use crate::{Incident, Office, Reason};

/// The offices that have heard of `incident` only that it waits on Bawaslu's desk.
pub(super) async fn waits_alone(tx: &mut Tx, incident: &Incident) -> Result<BTreeSet<Office>, DbError> {
    if incident.queue != Queue::Netralitas {
        return Ok(BTreeSet::new());
    }
    let rows = sqlx::query(
        "SELECT role, region FROM notifications WHERE incident = $1 AND role <> $2 GROUP BY role, region
         HAVING SUM(CASE WHEN reason = $3 OR remark = $4 THEN 0 ELSE 1 END) = 0",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .bind(Reason::ItemWaits.as_str())
    .bind(WAITS)
    .fetch_all(tx.conn())
    .await?;
    offices_of_rows(&rows)
}
