//! The audit: a chain of rows in which a missing or changed one is seen (SG-08).

use jiff::Timestamp;
use sqlx::Row;
use stream::sha256_hex;

use super::time;
use crate::db::{Db, DbError, Tx};
use crate::{AuditCheck, AuditRow};

/// What the first row stands on.
const ROOT: &str = "kentongan";

/// What happened, for the audit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed<'a> {
    /// Who.
    pub actor: &'a str,
    /// What.
    pub action: &'a str,
    /// On what.
    pub subject: &'a str,
    /// Details.
    pub detail: &'a str,
}

fn hash(seq: i64, at: i64, deed: Deed<'_>, prev: &str) -> String {
    let parts = [deed.actor, deed.action, deed.subject, deed.detail, prev];
    let lengths = parts.map(|part| part.len().to_string()).join(",");
    sha256_hex(format!("{seq}|{at}|{lengths}|{}", parts.concat()).as_bytes())
}

/// Adds a row to the chain.
pub(crate) async fn write(tx: &mut Tx, now: Timestamp, deed: Deed<'_>) -> Result<(), DbError> {
    let last = sqlx::query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        .fetch_optional(tx.conn())
        .await?;
    let (seq, prev) = match last {
        Some(row) => (row.try_get::<i64, _>("seq")? + 1, row.try_get::<String, _>("hash")?),
        None => (1, ROOT.to_owned()),
    };
    let at = now.as_microsecond();
    sqlx::query(
        "INSERT INTO audit (seq, at, actor, action, subject, detail, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(seq)
    .bind(at)
    .bind(deed.actor)
    .bind(deed.action)
    .bind(deed.subject)
    .bind(deed.detail)
    .bind(&prev)
    .bind(hash(seq, at, deed, &prev))
    .execute(tx.conn())
    .await?;
    // The number of rows ever written stands apart, so that a row cut off the end is missed too.
    super::numbers(tx, "audit", 1).await?;
    Ok(())
}

/// The last `limit` rows, newest first.
pub(crate) async fn rows(db: &Db, limit: i64) -> Result<Vec<AuditRow>, DbError> {
    let rows = sqlx::query(
        "SELECT seq, at, actor, action, subject, detail, hash FROM audit ORDER BY seq DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db.pool())
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &sqlx::any::AnyRow) -> Result<AuditRow, DbError> {
    Ok(AuditRow {
        seq: row.try_get("seq")?,
        at: time("at", row.try_get("at")?)?,
        actor: row.try_get("actor")?,
        action: row.try_get("action")?,
        subject: row.try_get("subject")?,
        detail: row.try_get("detail")?,
        hash: row.try_get("hash")?,
    })
}

/// Walks the whole chain.
pub(crate) async fn check(db: &Db) -> Result<AuditCheck, DbError> {
    let (mut seq, mut prev) = (0, ROOT.to_owned());
    loop {
        let rows = sqlx::query(
            "SELECT seq, at, actor, action, subject, detail, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT 1000",
        )
        .bind(seq)
        .fetch_all(db.pool())
        .await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let row = read(row)?;
            let deed =
                Deed { actor: &row.actor, action: &row.action, subject: &row.subject, detail: &row.detail };
            if row.seq != seq + 1 || row.hash != hash(row.seq, row.at.as_microsecond(), deed, &prev) {
                return Ok(AuditCheck::BrokenAt(seq + 1));
            }
            (seq, prev) = (row.seq, row.hash);
        }
    }
    let written: Option<i64> = sqlx::query_scalar("SELECT value FROM counters WHERE name = 'audit'")
        .fetch_optional(db.pool())
        .await?;
    Ok(if written.unwrap_or(0) == seq { AuditCheck::Whole(seq) } else { AuditCheck::BrokenAt(seq + 1) })
}
