//! The answer of an office: it stops the clock of its own line and closes the question on all its channels; the desk is
//! paged of what it has to look at.

use sqlx::Row;

use super::error::DeskError;
use crate::db::{DbError, Tx};
use crate::model::*;
use crate::store::audit::{self, Deed};
use crate::store::rows::{self, note};
use crate::tell::Telling;
use crate::{Alerts, life, tell};

/// Takes the answer of the office that notification `id` went to: it stops the office's own line only.
pub(super) async fn take_answer(
    tx: &mut Tx,
    alerts: &Alerts,
    id: &str,
    answer: Answer,
) -> Result<(), DeskError> {
    let now = alerts.clock.now();
    // Its office was faster through another link: that answer holds.
    if tell::given(tx.conn(), id).await?.is_some() {
        return Ok(());
    }
    let row = sqlx::query(
        "UPDATE notifications SET answer = $2, answered_at = $3 WHERE id = $1 AND answer IS NULL
         RETURNING incident, role, region",
    )
    .bind(id)
    .bind(answer.as_str())
    .bind(now.as_microsecond())
    .fetch_optional(tx.conn())
    .await
    .map_err(DbError::from)?;
    // Somebody pressed twice: the first answer holds.
    let Some(row) = row else { return Ok(()) };
    let office = tell::office_of_row(&row)?;
    let name = office.as_ref().map_or_else(String::new, Office::to_string);
    let incident = IncidentId(row.try_get("incident").map_err(DbError::from)?);
    note(tx, incident, now, &name, Event::Answered, answer.as_str()).await?;
    let subject = incident.to_string();
    audit::write(
        tx,
        now,
        Deed { actor: &name, action: "answer", subject: &subject, detail: answer.as_str() },
    )
    .await?;
    let Some(incident) = rows::load(tx, incident).await? else { return Ok(()) };
    tell::answered_at(tx, &incident, id).await?;
    if let Some(office) = &office {
        // The word of an office that is complained of stands in the history and quiets nobody (SG-14).
        let matter = tell::matter(tx.conn(), &incident, incident.severity()).await?;
        if matter.bars(office).is_some() {
            return Ok(());
        }
        tell::answered(tx, &incident, office, id).await?;
    }
    match answer {
        Answer::BukanWilayah => {
            sqlx::query("UPDATE incidents SET returned = 1 WHERE id = $1")
                .bind(incident.id.0)
                .execute(tx.conn())
                .await
                .map_err(DbError::from)?;
            note(tx, incident.id, now, &name, Event::Returned, &name).await?;
        }
        Answer::Menuju => {
            if let Some(status) = life::next(incident.status, Action::Handle) {
                rows::set_status(tx, incident.id, status, None).await?;
                note(tx, incident.id, now, &name, Event::Handled, "").await?;
            }
        }
        Answer::Tahu | Answer::Aman => {}
    }
    if let Some(office) = &office {
        Telling::of(tx, alerts, &incident, now).page_of_answer(office, answer).await?;
    }
    Ok(())
}
