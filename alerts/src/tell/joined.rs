//! A decision that came with an incident merged into another one: whoever was told of either without it hears of it.

use std::collections::BTreeSet;

use stream::Severity;

use super::answers::kept;
use super::standing::matter;
use super::{DESK, Telling, offices_of_rows};
use crate::db::DbError;
use crate::route::plan::first_step;
use crate::store::rank;
use crate::{Event, Office, Reason};

impl Telling<'_> {
    /// Tells of the decision that holds by now as the decision itself would have, but for whoever knows of it, and for
    /// offices of villages that it did not take in. The clocks of those who were asked before run on.
    pub(super) async fn decided_by_merge(&mut self) -> Result<(), DbError> {
        let incident = self.incident;
        if incident.told_at.is_none() || incident.place.is_none() {
            return Ok(());
        }
        let severity = incident.severity();
        let matter = matter(self.tx.conn(), incident, severity).await?;
        let mut plan = first_step(&matter, &self.roster);
        let others = self.others_told(&matter, &plan).await?;
        plan.told.extend(others);
        let know = self.know_of_decision(severity).await?;
        let holds =
            |office: &Office| incident.seen_from(&office.region, Reason::Confirmed).effective.is_some();
        plan.told.retain(|because| !know.contains(&because.office) && holds(&because.office));
        let kept = kept(self.tx, incident, severity, &plan).await?;
        plan.told.retain(|because| !kept.iter().any(|kept| kept.office == because.office));
        let step = self.decision(severity).await?;
        self.tell_too(&matter, Reason::Confirmed, step, &plan).await?;
        if kept.is_empty() {
            return Ok(());
        }
        self.update(severity, &kept).await
    }

    /// The offices that know that a person has decided on `severity`: told so, or told of an incident once it was decided,
    /// by itself or by one merged into it.
    /// News of a fact says nothing of it to whoever was told of the other one.
    async fn know_of_decision(&mut self, severity: Severity) -> Result<BTreeSet<Office>, DbError> {
        let rows = sqlx::query(
            "SELECT DISTINCT n.role, n.region FROM notifications n WHERE n.incident = $1 AND n.role <> $2
             AND n.state NOT IN ('failed', 'moot') AND n.reason <> 'news' AND n.severity >= $3
             AND (n.reason IN ('confirmed', 'update', 'further_village') OR EXISTS (SELECT 1 FROM history h
             WHERE h.incident = n.made_for AND h.kind = $4 AND h.at <= n.created_at)
             OR EXISTS (SELECT 1 FROM history h JOIN incidents y ON y.merged_into = h.incident
             AND h.detail = 'KTG-' || CAST(y.id AS TEXT) WHERE h.incident = n.made_for AND h.kind = $5
             AND h.at < n.created_at AND y.effective IS NOT NULL))",
        )
        .bind(self.incident.id.0)
        .bind(DESK)
        .bind(rank(severity))
        .bind(Event::Confirmed.as_str())
        .bind(Event::Absorbed.as_str())
        .fetch_all(self.tx.conn())
        .await?;
        offices_of_rows(&rows)
    }
}
