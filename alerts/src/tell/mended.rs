//! What failed for good at an address that has been mended since: the office is told of it while the matter is open.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;

use super::{DESK, Next, enqueue_next, office_of_row};
use crate::db::{DbError, Tx};
use crate::roster::Roster;
use crate::{Alerts, UNREACHABLE, store};

/// Sends the last message that failed for good of every office that has got nothing of an open matter since, through an
/// address that `roster` names and that was not tried: another one, or its own, which the roster did not name when it was
/// to leave. Reminders come by their clock, news of a fact is none by then, and the desk is paged by
/// [`super::page_late`], but of answers, words of calm and further villages, which go to its lines here; of what came too long ago
/// nobody is told. Returns how many.
pub(crate) async fn mended_late(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    now: Timestamp,
) -> Result<usize, DbError> {
    let failed = sqlx::query(
        "SELECT n.id, n.incident, n.role, n.region, n.created_at, i.place FROM notifications n
         JOIN incidents i ON i.id = n.incident
         WHERE n.state = 'failed' AND i.archived = 0 AND i.status IN ('baru', 'dikonfirmasi', 'ditangani')
         AND (i.last_event >= $2 OR i.created_at >= $2)
         AND (n.role = $1 AND n.error = $3 AND n.reason IN ('answered', 'calm', 'further_page')
         OR n.role <> $1 AND n.reason NOT IN ('repeat', 'news')
         AND NOT EXISTS (SELECT 1 FROM notifications o WHERE o.incident = n.incident AND o.role = n.role
         AND o.region = n.region AND o.state NOT IN ('failed', 'moot') AND o.reason <> 'news'
         AND o.created_at >= n.created_at))
         ORDER BY n.created_at DESC, LENGTH(n.number) DESC, n.number DESC",
    )
    .bind(DESK)
    .bind(alerts.policy.too_old(now).as_microsecond())
    .bind(UNREACHABLE)
    .fetch_all(tx.conn())
    .await?;
    let (mut last, mut told) = (BTreeMap::new(), 0);
    for row in failed {
        let (id, incident): (String, i64) = (row.try_get("id")?, row.try_get("incident")?);
        if let Some(office) = office_of_row(&row)? {
            let place = row.try_get::<Option<&str>, _>("place")?;
            let place = place.map(|place| store::region("place", place)).transpose()?;
            // Where it does not lie any more nobody need hear of it.
            let concerned = place.is_some_and(|place| office.concerns(&place));
            // What was written together told the office in two ways, and goes on in two.
            let written: i64 = row.try_get("created_at")?;
            if !concerned || *last.entry((incident, office)).or_insert(written) != written {
                continue;
            }
        }
        told += usize::from(enqueue_next(tx, alerts, roster, &id, now).await? == Next::Goes);
    }
    Ok(told)
}
