//! On how many rules what stands in the queue rests: the best sign of how far to trust it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use sqlx::{AssertSqlSafe, Row};
use stream::{Category, Hit, Signal};

use super::{Desk, DeskError};
use crate::db::DbError;
use crate::model::IncidentId;

/// What of a stored finding is needed here: most of its text is not read.
#[derive(Deserialize)]
struct Rests {
    signals: Vec<RestingSignal>,
}

#[derive(Deserialize)]
struct RestingSignal {
    category: Category,
    hits: Vec<Hit>,
}

/// On how many different rules `signal` rests.
pub fn rules_under(signal: &Signal) -> usize {
    rules(&signal.hits)
}

fn rules(hits: &[Hit]) -> usize {
    hits.iter().map(|hit| hit.rule.as_str()).collect::<BTreeSet<_>>().len()
}

impl Desk {
    /// On how many rules the gravest post of each of `incidents` rests: the post whose words the queue shows. The
    /// incidents are those that the caller was shown.
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn rests_on(
        &self,
        incidents: impl IntoIterator<Item = IncidentId>,
    ) -> Result<BTreeMap<IncidentId, usize>, DeskError> {
        let ids: Vec<String> = incidents.into_iter().map(|id| id.0.to_string()).collect();
        let mut found: BTreeMap<IncidentId, usize> = BTreeMap::new();
        if ids.is_empty() {
            return Ok(found);
        }
        // The same order as the queue's excerpt has.
        let sql = format!(
            "SELECT s.incident, s.category, f.doc FROM signals s JOIN findings f ON f.finding = s.finding
             WHERE s.incident IN ({}) AND s.post = (SELECT post FROM signals WHERE incident = s.incident
             ORDER BY severity DESC, event_at, post LIMIT 1)",
            ids.join(", ")
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).fetch_all(self.db().pool()).await.map_err(DbError::from)?;
        for row in rows {
            let (id, code, doc): (i64, String, String) = (
                row.try_get("incident").map_err(DbError::from)?,
                row.try_get("category").map_err(DbError::from)?,
                row.try_get("doc").map_err(DbError::from)?,
            );
            let finding: Rests = serde_json::from_str(&doc).map_err(DbError::from)?;
            let own = finding.signals.iter().filter(|signal| signal.category.as_str() == code);
            let on = found.entry(IncidentId(id)).or_default();
            *on = own.map(|signal| rules(&signal.hits)).max().unwrap_or_default().max(*on);
        }
        Ok(found)
    }
}
