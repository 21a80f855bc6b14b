//! Telling that a matter is less grave: the post that alone made it graver was taken out of it.

use std::collections::BTreeSet;

use sqlx::Row;
use stream::{Queue, Severity};

use super::correct::sent_away;
use super::standing::sent_back;
use super::{DESK, Telling, offices_of_rows};
use crate::db::DbError;
use crate::{Event, Incident, Office, Reason};

impl Telling<'_> {
    /// Tells those who heard of the incident as grave as it `was`, and nobody decided on, that it is less grave; but those
    /// who were `told` the new level with where it lies. It is the `times`-th change by a person.
    pub(crate) async fn lowered(
        mut self,
        was: &Incident,
        told: &BTreeSet<Office>,
        times: i64,
    ) -> Result<(), DbError> {
        let incident = self.incident;
        if incident.queue == Queue::Netralitas
            || incident.effective.is_some()
            || incident.proposed >= was.proposed
        {
            return Ok(());
        }
        let mut offices = self.told_graver().await?;
        let away = sent_away(self.tx, incident).await?;
        let back = sent_back(self.tx, incident).await?;
        offices
            .retain(|office| !told.contains(office) && !away.contains(office) && !back.contains_key(office));
        let heard = self.follow_up(&offices, Reason::Lowered, times, "").await?;
        if heard.is_empty() {
            return Ok(());
        }
        self.told_of(Reason::Lowered.as_str(), &heard).await
    }

    /// The offices that a message was written to since it was graver than it is now, and that have not heard since that it
    /// is less grave.
    async fn told_graver(&mut self) -> Result<BTreeSet<Office>, DbError> {
        let incident = self.incident;
        let raised =
            sqlx::query("SELECT at, detail FROM history WHERE incident = $1 AND kind = $2 ORDER BY at")
                .bind(incident.id.0)
                .bind(Event::Raised.as_str())
                .fetch_all(self.tx.conn())
                .await?;
        // What began as grave has no line of it.
        let mut since = 0_i64;
        for row in raised {
            let level = Severity::parse(&row.try_get::<String, _>("detail")?);
            if level.is_some_and(|level| level > incident.proposed) {
                since = row.try_get("at")?;
                break;
            }
        }
        let rows = sqlx::query(
            "SELECT DISTINCT n.role, n.region FROM notifications n WHERE n.incident = $1 AND n.role <> $2
             AND n.reason NOT IN ('news', 'rejected', 'lowered') AND n.state <> 'moot' AND n.created_at >= $3
             AND n.created_at > COALESCE((SELECT MAX(o.created_at) FROM notifications o WHERE o.incident = n.incident
             AND o.role = n.role AND o.region = n.region AND o.reason = 'lowered'), -1)",
        )
        .bind(incident.id.0)
        .bind(DESK)
        .bind(since)
        .fetch_all(self.tx.conn())
        .await?;
        offices_of_rows(&rows)
    }
}
