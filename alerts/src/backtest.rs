//! The runs of `kentongan backtest --apply` as the histories of incidents tell them.

use jiff::Timestamp;
use sqlx::Row;

use crate::db::{Db, DbError};
use crate::{Event, IncidentId};

/// The lexicon with this hash as histories name it.
pub(crate) fn named(lexicon: &str) -> &str {
    lexicon.get(..SHORT).unwrap_or(lexicon)
}

/// Letters of a lexicon's hash that tell it from others, as the command shows it.
const SHORT: usize = 12;

/// How a run stands in a history: the lexicon that it tried, and when it began.
pub(crate) fn run_of(lexicon: &str, began: Timestamp) -> String {
    format!("{} ({began})", named(lexicon))
}

/// The incidents that the run which tried `lexicon` and began at `began` has touched so far.
///
/// # Errors
/// [`DbError`] when the database cannot be read.
pub async fn touched(db: &Db, lexicon: &str, began: Timestamp) -> Result<Vec<IncidentId>, DbError> {
    let sql = "SELECT DISTINCT incident FROM history WHERE kind = $1 AND detail = $2 ORDER BY incident";
    let rows = sqlx::query(sql)
        .bind(Event::Backtested.as_str())
        .bind(run_of(lexicon, began))
        .fetch_all(db.pool())
        .await?;
    rows.iter().map(|row| Ok(IncidentId(row.try_get("incident")?))).collect()
}
