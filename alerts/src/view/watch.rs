//! How the service is: health, gaps in the roster, kill switches.

use jiff::Timestamp;
use sqlx::Row;

use crate::Alerts;
use crate::db::DbError;
use crate::model::*;
use crate::route::matter::Holders;
use crate::store::time;
use crate::tell::office_of_row;

/// Offices that were needed and that nobody holds, by the roster as it is now.
pub(crate) async fn gaps(alerts: &Alerts) -> Result<Vec<Gap>, DbError> {
    let rows = sqlx::query("SELECT role, region, times, last FROM gaps ORDER BY last DESC, role, region")
        .fetch_all(alerts.db.pool())
        .await?;
    let (roster, mut gaps) = (alerts.roster(), Vec::with_capacity(rows.len()));
    for row in rows {
        let office = office_of_row(&row)?;
        if let Some(office) = office.filter(|office| !roster.holds(office)) {
            gaps.push(Gap {
                office,
                times: row.try_get("times")?,
                last: time("last", row.try_get("last")?)?,
            });
        }
    }
    Ok(gaps)
}

/// How the alert service is.
pub(crate) async fn health(alerts: &Alerts, waiting: i64, failed: i64) -> Result<Health, DbError> {
    let pool = alerts.db.pool();
    let minute_ago = alerts.clock.now().as_microsecond() - 60_000_000;
    let lease =
        sqlx::query("SELECT holder, epoch FROM lease WHERE name = 'alerts'").fetch_optional(pool).await?;
    let (holder, epoch): (Option<String>, i64) = match lease {
        Some(row) => (Some(row.try_get("holder")?), row.try_get("epoch")?),
        None => (None, 0),
    };
    let open: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM incidents WHERE status IN ('baru', 'dikonfirmasi', 'ditangani') AND posts > 0
         AND archived = 0",
    )
    .fetch_one(pool)
    .await?;
    let overdue: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM timers WHERE due < $1")
        .bind(minute_ago)
        .fetch_one(pool)
        .await?;
    let gaps = i64::try_from(gaps(alerts).await?.len()).unwrap_or(i64::MAX);
    let holder = holder.filter(|holder| !holder.is_empty());
    let roster = alerts.roster();
    let offices = roster.offices().filter(|office| roster.holds(office)).count();
    let offices = i64::try_from(offices).unwrap_or(i64::MAX);
    let switches = switches(alerts).await?;
    Ok(Health { holder, epoch, open, waiting, failed, overdue, gaps, offices, switches })
}

async fn switches(alerts: &Alerts) -> Result<Vec<Switch>, DbError> {
    let rows = sqlx::query("SELECT scope, set_by, at, reason FROM switches ORDER BY scope")
        .fetch_all(alerts.db.pool())
        .await?;
    rows.iter()
        .map(|row| {
            let at: Timestamp = time("at", row.try_get("at")?)?;
            Ok(Switch {
                scope: row.try_get("scope")?,
                by: row.try_get("set_by")?,
                at,
                reason: row.try_get("reason")?,
            })
        })
        .collect()
}
