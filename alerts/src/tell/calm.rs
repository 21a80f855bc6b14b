//! A registered reporter's word that all is calm: it stands at what is open in his village, and the desk looks at it.

use jiff::Timestamp;
use sqlx::Row;
use stream::{Finding, Queue, RegionCode};

use super::Telling;
use crate::db::{DbError, Tx};
use crate::store::rows;
use crate::store::signals::note_once;
use crate::{Alerts, Answer, Event, Incident, IncidentId, Reason, group};

/// Puts the word of calm of `finding`, if it is one, to the conflict matters that are open where it was said and began
/// before it, and pages the desk as of an office that answers *aman*. It is no source, and decides nothing.
pub(crate) async fn heard_calm(
    tx: &mut Tx,
    alerts: &Alerts,
    finding: &Finding,
    now: Timestamp,
) -> Result<(), DbError> {
    let Some(calm) = &finding.calm else { return Ok(()) };
    let at = finding.post.event_time();
    let mut named = group::villages(calm);
    if named.is_empty() {
        // Where the name may be of several villages, what they share may be a province: his own region is meant.
        let sure = group::sure_place(calm).filter(|_| calm.candidates.is_empty());
        named.extend(sure.or_else(|| finding.post.source_region.clone()));
    }
    for place in &named {
        for incident in open_at(tx, place, at).await? {
            let told = format!("{place} ({})", finding.post.id);
            note_once(tx, incident.id, now, Event::Calm, &told).await?;
            let telling = Telling::of(tx, alerts, &incident, now);
            telling.page_of_word(Reason::Calm, Answer::Aman, place.as_str()).await?;
        }
    }
    Ok(())
}

/// The conflict matters that are open, began by `at` and lie in `place`, whole or with a village.
async fn open_at(tx: &mut Tx, place: &RegionCode, at: Timestamp) -> Result<Vec<Incident>, DbError> {
    let rows = sqlx::query(
        "SELECT id FROM incidents WHERE queue = $1 AND archived = 0 AND first_event <= $2
         AND status IN ('baru', 'dikonfirmasi', 'ditangani')
         AND (place = $3 OR place LIKE $3 || '.%' OR $3 LIKE place || '.%') ORDER BY id",
    )
    .bind(Queue::Konflik.as_str())
    .bind(at.as_microsecond())
    .bind(place.as_str())
    .fetch_all(tx.conn())
    .await?;
    let mut open = Vec::new();
    for row in rows {
        let incident = rows::load(tx, IncidentId(row.try_get("id")?)).await?;
        open.extend(incident.filter(|incident| incident.places().iter().any(|lies| place.contains(lies))));
    }
    Ok(open)
}
