//! What is kept of findings and their posts, many at a time: one statement a table.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::Row;
use stream::Finding;

use crate::db::{DbError, Tx};

/// Most rows of one statement: no database takes more than some 30,000 values.
const ROWS: usize = 500;

/// `($1, $2), ($3, $4)` for `rows` rows of `width` values.
fn values(rows: usize, width: usize) -> String {
    let row = |row: usize| {
        let row: Vec<String> = (1..=width).map(|value| format!("${}", row * width + value)).collect();
        format!("({})", row.join(", "))
    };
    (0..rows).map(row).collect::<Vec<String>>().join(", ")
}

/// The finding that holds for each post of `batch` that has one.
pub(super) async fn known<'a>(
    tx: &mut Tx,
    batch: &'a [Finding],
) -> Result<BTreeMap<&'a str, String>, DbError> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for part in batch.chunks(ROWS) {
        let sql = format!("SELECT post, finding FROM posts WHERE post IN {}", values(1, part.len()));
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false);
        for finding in part {
            query = query.bind(finding.post.id.as_str());
        }
        for row in query.fetch_all(tx.conn()).await? {
            found.insert(row.try_get("post")?, row.try_get("finding")?);
        }
    }
    let posts = batch.iter().map(|finding| finding.post.id.as_str());
    Ok(posts.filter_map(|post| found.remove(post).map(|finding| (post, finding))).collect())
}

/// Keeps findings, and their posts' raw bytes once and for all (SG-07).
pub(super) async fn keep(tx: &mut Tx, findings: &[&Finding], now: Timestamp) -> Result<(), DbError> {
    for part in findings.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO evidence (post, sha256, raw, source, url, seen_at, kept_at, tool) VALUES {}
             ON CONFLICT (post, sha256) DO NOTHING",
            values(part.len(), 8)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false);
        for Finding { post, .. } in part {
            let raw = serde_json::to_value(&post.raw)?;
            let base64 = raw.get("base64").and_then(|value| value.as_str()).unwrap_or_default();
            query = query
                .bind(post.id.as_str())
                .bind(&post.raw.sha256)
                .bind(base64.to_owned())
                .bind(&post.source)
                .bind(post.url.as_deref())
                .bind(post.seen_at.as_microsecond())
                .bind(now.as_microsecond())
                .bind(concat!("kentongan ", env!("CARGO_PKG_VERSION")));
        }
        query.execute(tx.conn()).await?;
        let sql = format!(
            "INSERT INTO posts (post, finding) VALUES {} ON CONFLICT (post) DO UPDATE SET finding = excluded.finding",
            values(part.len(), 2)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false);
        for finding in part {
            query = query.bind(finding.post.id.as_str()).bind(&finding.id);
        }
        query.execute(tx.conn()).await?;
        let sql = format!(
            "INSERT INTO findings (finding, post, sha256, doc) VALUES {} ON CONFLICT (finding) DO NOTHING",
            values(part.len(), 4)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false);
        for finding in part {
            let mut doc = serde_json::to_value(finding)?;
            // The bytes stand in `evidence`, not twice.
            doc["post"]["raw"] = serde_json::to_value(stream::Raw::new(b""))?;
            query = query
                .bind(&finding.id)
                .bind(finding.post.id.as_str())
                .bind(&finding.post.raw.sha256)
                .bind(doc.to_string());
        }
        query.execute(tx.conn()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_values_are_numbered_on() {
        assert_eq!(values(1, 3), "($1, $2, $3)");
        assert_eq!(values(2, 2), "($1, $2), ($3, $4)");
    }
}
