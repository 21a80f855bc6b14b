//! What an office has heard of another matter at the same place: the second is no alarm out of nowhere then.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::Row;
use stream::Category;

use super::To;
use crate::db::{DbError, Tx};
use crate::nearness::{apart, one_event_at};
use crate::store::{self, time};
use crate::{Beside, Event, Incident, IncidentId, Reason};

/// The number of the message by which the receiver `to` has heard of another matter that may go on in `incident`, at
/// its place within one session (`gap` seconds); `None` when it has heard of none, or of `incident` itself before `reason`
/// and `step`. One that was turned down is none, nor is it once merged: it keeps the messages that were taken back.
pub(super) async fn heard_beside(
    tx: &mut Tx,
    incident: &Incident,
    to: To<'_>,
    (reason, step): (Reason, i64),
    gap: i64,
    now: Timestamp,
) -> Result<Option<Beside>, DbError> {
    let Some(place) = incident.place.as_ref().filter(|_| reason.opens()) else { return Ok(None) };
    let rows = sqlx::query(
        "SELECT n.number, n.incident, n.made_for, n.reason, n.step, i.place, i.category, i.first_event, i.last_event FROM notifications n
         JOIN incidents i ON i.id = n.incident WHERE n.role = $1 AND n.region = $2 AND i.queue = $3
         AND i.status NOT IN ('ditolak', 'digabung') AND (n.incident = $4 OR n.created_at >= $5
         AND n.state NOT IN ('failed', 'moot', 'held')) ORDER BY n.created_at, n.number",
    )
    .bind(to.role)
    .bind(to.region)
    .bind(incident.queue.as_str())
    .bind(incident.id.0)
    .bind(now.as_microsecond() - gap * 1_000_000)
    .fetch_all(tx.conn())
    .await?;
    let parted = parted_from(tx, incident).await?;
    let mut beside = None;
    for row in rows {
        let said = Reason::parse(&row.try_get::<String, _>("reason")?);
        if row.try_get::<i64, _>("incident")? == incident.id.0 {
            // Its second channel carries what its first one does.
            if said != Some(reason) || row.try_get::<i64, _>("step")? != step {
                return Ok(None);
            }
            continue;
        }
        if parted.contains(&row.try_get("incident")?) || parted.contains(&row.try_get("made_for")?) {
            continue;
        }
        let Some(other) = row.try_get::<Option<String>, _>("place")? else { continue };
        let span = (
            time("first_event", row.try_get("first_event")?)?,
            time("last_event", row.try_get("last_event")?)?,
        );
        let code: String = row.try_get("category")?;
        let category = Category::parse(&code).ok_or(DbError::BadValue { column: "category", value: code })?;
        let other = store::region("place", &other)?;
        let there = (category, &other);
        let near = one_event_at((incident.category, place), there)
            && apart((incident.first_event, incident.last_event), span) <= gap;
        if near && beside.is_none() && said.is_some_and(Reason::opens) {
            beside = Some(Beside::at(&row.try_get::<String, _>("number")?, place, &other));
        }
    }
    Ok(beside)
}

/// The incidents out of which a person took `incident`, or that were taken out of it: one is no development of the other.
async fn parted_from(tx: &mut Tx, incident: &Incident) -> Result<BTreeSet<i64>, DbError> {
    let said: Vec<String> =
        sqlx::query_scalar("SELECT detail FROM history WHERE incident = $1 AND kind IN ($2, $3)")
            .bind(incident.id.0)
            .bind(Event::Parted.as_str())
            .bind(Event::PartedFrom.as_str())
            .fetch_all(tx.conn())
            .await?;
    let other = |detail: &String| IncidentId::parse(detail.split(' ').next()?);
    Ok(said.iter().filter_map(other).map(|id| id.0).collect())
}
