//! The posts that stand in incidents, for the archive that keeps them.

use std::ops::Range;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, Finding, PostId};

use crate::Alerts;
use crate::db::DbError;

impl Alerts {
    /// Up to `most` posts behind `after` that were seen in `seen` and stand in incidents, in the order of their ids,
    /// each with the signals by which it stands there (without its raw bytes, which stand in the evidence).
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn posts_in_incidents(
        &self,
        seen: Range<Timestamp>,
        after: Option<&PostId>,
        most: u32,
    ) -> Result<Vec<Finding>, DbError> {
        // The last verdict leads; a signal that a person acted on may stand there by an earlier one.
        let rows = sqlx::query(
            "WITH page AS (
                 SELECT DISTINCT s.post FROM signals s JOIN evidence e ON e.post = s.post
                 WHERE s.post > $1 AND e.seen_at >= $2 AND e.seen_at < $3 ORDER BY s.post LIMIT $4)
             SELECT s.post, s.category, f.doc FROM page
             JOIN signals s ON s.post = page.post
             JOIN findings f ON f.finding = s.finding
             JOIN posts p ON p.post = s.post
             ORDER BY s.post, CASE WHEN p.finding = s.finding THEN 0 ELSE 1 END, s.category",
        )
        .bind(after.map_or("", PostId::as_str))
        .bind(seen.start.as_microsecond())
        .bind(seen.end.as_microsecond())
        .bind(i64::from(most))
        .fetch_all(self.db.pool())
        .await?;
        let mut findings: Vec<Finding> = Vec::new();
        for row in rows {
            let mut finding: Finding = serde_json::from_str(&row.try_get::<String, _>("doc")?)?;
            let code: String = row.try_get("category")?;
            let category =
                Category::parse(&code).ok_or(DbError::BadValue { column: "category", value: code })?;
            finding.signals.retain(|signal| signal.category == category);
            match findings.last_mut() {
                Some(last) if last.post.id == finding.post.id => last.signals.append(&mut finding.signals),
                _ => findings.push(finding),
            }
        }
        Ok(findings)
    }
}
