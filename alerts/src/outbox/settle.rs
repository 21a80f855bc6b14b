//! What became of an attempt: sent, tried again, or failed for good.

use std::time::Duration;

use jiff::Timestamp;
use stream::{Severity, metrics};

use super::Leaving;
use super::undelivered::{Lines, Undelivered, pass_lines};
use crate::Alerts;
use crate::channels::ChannelError;
use crate::db::{DbError, Tx};
use crate::tell::enqueue_next;

/// How long to wait after so many failed attempts; AWAS is never left for more than a minute.
fn pause(attempts: i64, severity: Severity) -> Duration {
    let most = if severity == Severity::Awas { 60 } else { 300 };
    let doubled = 5u64.saturating_mul(1 << attempts.clamp(0, 10));
    Duration::from_secs(doubled.min(most))
}

/// Writes down what became of an attempt.
pub(crate) async fn settle(
    alerts: &Alerts,
    out: &Leaving,
    result: &Result<(), ChannelError>,
    now: Timestamp,
) -> Result<(), DbError> {
    let undelivered: Vec<Undelivered> = alerts
        .db
        .write(|mut tx| async move {
            let done = settled(&mut tx, alerts, out, result, now).await;
            (tx, done)
        })
        .await?;
    undelivered.iter().for_each(Undelivered::tell);
    let outcome = match result {
        Ok(()) => "sent",
        Err(ChannelError::Retry(_)) => "retry",
        Err(ChannelError::Permanent(_)) => "failed",
    };
    metrics::notification(out.kind.as_str(), outcome);
    if let (Ok(()), Some(accepted)) = (result, out.accepted) {
        let seconds = (now.as_microsecond() - accepted.as_microsecond()).max(0);
        metrics::told(seconds as f64 / 1e6);
    }
    Ok(())
}

async fn settled(
    tx: &mut Tx,
    alerts: &Alerts,
    out: &Leaving,
    result: &Result<(), ChannelError>,
    now: Timestamp,
) -> Result<Vec<Undelivered>, DbError> {
    alerts.lease.check(tx).await?;
    match result {
        Ok(()) => {
            sqlx::query("UPDATE notifications SET state = 'sent', sent_at = $2, error = NULL WHERE id = $1")
                .bind(&out.id)
                .bind(now.as_microsecond())
                .execute(tx.conn())
                .await?;
        }
        Err(error) => {
            let (retry, text) = (error.is_retryable(), error.to_string());
            sqlx::query("UPDATE notifications SET state = $2, next_try = $3, error = $4 WHERE id = $1")
                .bind(&out.id)
                .bind(if retry { "pending" } else { "failed" })
                .bind((now + pause(out.attempts, out.severity)).as_microsecond())
                .bind(&text)
                .execute(tx.conn())
                .await?;
            let roster = alerts.roster();
            if out.is_digest && !retry {
                return pass_lines(tx, alerts, &roster, Lines::Taken(&out.id), &text, now).await;
            }
            if !retry {
                // That it failed stands in the log and is counted already.
                enqueue_next(tx, alerts, &roster, &out.id, now).await?;
            }
        }
    }
    Ok(Vec::new())
}
