//! What is kept of findings and their posts, many at a time: one statement a table.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Finding, Post};

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

/// One value of a row.
enum Value<'a> {
    Text(Cow<'a, str>),
    Maybe(Option<&'a str>),
    Number(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Value<'a> {
        Value::Text(Cow::Borrowed(text))
    }
}

/// Puts `rows` into the `columns` of `table` with one statement; `again` says what becomes of a row that is there.
async fn insert<const N: usize>(
    tx: &mut Tx,
    table: &str,
    columns: [&str; N],
    again: &str,
    rows: Vec<[Value<'_>; N]>,
) -> Result<(), DbError> {
    let (columns, values) = (columns.join(", "), values(rows.len(), N));
    let sql = format!("INSERT INTO {table} ({columns}) VALUES {values} ON CONFLICT {again}");
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false);
    for value in rows.into_iter().flatten() {
        query = match value {
            Value::Text(Cow::Borrowed(text)) => query.bind(text),
            Value::Text(Cow::Owned(text)) => query.bind(text),
            Value::Maybe(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
        };
    }
    query.execute(tx.conn()).await?;
    Ok(())
}

/// Keeps findings, and their posts' raw bytes once and for all (SG-07).
pub(super) async fn keep(tx: &mut Tx, findings: &[&Finding], now: Timestamp) -> Result<(), DbError> {
    for part in findings.chunks(ROWS) {
        let columns = ["post", "sha256", "raw", "source", "url", "seen_at", "kept_at", "tool"];
        let rows = part.iter().map(|finding| evidence(&finding.post, now)).collect::<Result<_, _>>()?;
        insert(tx, "evidence", columns, "(post, sha256) DO NOTHING", rows).await?;
        let again = "(post) DO UPDATE SET finding = excluded.finding";
        let rows = part.iter().map(|finding| [finding.post.id.as_str().into(), finding.id.as_str().into()]);
        insert(tx, "posts", ["post", "finding"], again, rows.collect()).await?;
        let rows = part.iter().map(|finding| verdict(finding)).collect::<Result<_, _>>()?;
        let columns = ["finding", "post", "sha256", "doc"];
        insert(tx, "findings", columns, "(finding) DO NOTHING", rows).await?;
    }
    Ok(())
}

/// The row of `evidence`.
fn evidence(post: &Post, now: Timestamp) -> Result<[Value<'_>; 8], DbError> {
    let raw = serde_json::to_value(&post.raw)?;
    let base64 = raw.get("base64").and_then(|value| value.as_str()).unwrap_or_default();
    Ok([
        post.id.as_str().into(),
        post.raw.sha256.as_str().into(),
        Value::Text(Cow::Owned(base64.to_owned())),
        post.source.as_str().into(),
        Value::Maybe(post.url.as_deref()),
        Value::Number(post.seen_at.as_microsecond()),
        Value::Number(now.as_microsecond()),
        concat!("kentongan ", env!("CARGO_PKG_VERSION")).into(),
    ])
}

/// The row of `findings`.
fn verdict(finding: &Finding) -> Result<[Value<'_>; 4], DbError> {
    let mut doc = serde_json::to_value(finding)?;
    // The bytes stand in `evidence`, not twice.
    doc["post"]["raw"] = serde_json::to_value(stream::Raw::new(b""))?;
    Ok([
        finding.id.as_str().into(),
        finding.post.id.as_str().into(),
        finding.post.raw.sha256.as_str().into(),
        Value::Text(Cow::Owned(doc.to_string())),
    ])
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
