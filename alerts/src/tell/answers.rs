//! What offices have answered, and what an answer still holds for.

use jiff::Timestamp;
use sqlx::Row;
use stream::Severity;

use super::{follow_up, reaches, told_of};
use crate::db::{DbError, Tx};
use crate::explain::Told;
use crate::message::Reason;
use crate::route::offices::line;
use crate::store::rank;
use crate::{Alerts, Answer, Incident, Office};

/// The answer of an office that holds for what is told now.
pub(super) struct Kept {
    pub(super) office: Office,
    answer: Answer,
    /// Microseconds.
    at: i64,
}

/// Notification `id` has been answered: writes down the gravest level that its office knew of. A proposal counts up to
/// SIAGA; of AWAS every office is asked.
pub(crate) async fn answered_at(tx: &mut Tx, incident: &Incident, id: &str) -> Result<(), DbError> {
    let known = incident.effective.unwrap_or(incident.proposed.min(Severity::Siaga));
    sqlx::query(
        "UPDATE notifications SET answered_level = CASE WHEN severity > $2 THEN severity ELSE $2 END WHERE id = $1",
    )
    .bind(id)
    .bind(rank(known))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The line of `office` has answered: what waits to remind it, or to say that it is silent, is not said any more.
pub(crate) async fn answered(tx: &mut Tx, incident: &Incident, office: &Office) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE notifications SET state = 'moot' WHERE incident = $1 AND line = $2 AND reason IN ('repeat', 'climb')
         AND state IN ('pending', 'digest', 'held') AND attempts = 0",
    )
    .bind(incident.id.0)
    .bind(line(office.role).as_str())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The offices of `plan` whose last answer holds at `severity`: given when they knew of that level. *Bukan wilayah* is
/// no answer on the matter: the desk has looked at it since, and the office is asked again.
pub(super) async fn kept(
    tx: &mut Tx,
    incident: &Incident,
    severity: Severity,
    plan: &Told,
) -> Result<Vec<Kept>, DbError> {
    let mut kept = Vec::new();
    for because in &plan.told {
        let office = &because.office;
        let row = sqlx::query(
            "SELECT answer, answered_at FROM notifications WHERE incident = $1 AND role = $2 AND region = $3
             AND answer IS NOT NULL AND COALESCE(answered_level, severity) >= $4
             ORDER BY answered_at DESC LIMIT 1",
        )
        .bind(incident.id.0)
        .bind(office.role.as_str())
        .bind(office.region.as_str())
        .bind(rank(severity))
        .fetch_optional(tx.conn())
        .await?;
        let Some(row) = row else { continue };
        let answer = Answer::parse(&row.try_get::<String, _>("answer")?);
        if let Some(answer) = answer.filter(|answer| *answer != Answer::BukanWilayah) {
            kept.push(Kept { office: office.clone(), answer, at: row.try_get("answered_at")? });
        }
    }
    Ok(kept)
}

/// Tells the offices of `kept` that a person has confirmed what they answered: no question, and the message carries
/// their answer on.
pub(super) async fn update(
    tx: &mut Tx,
    alerts: &Alerts,
    incident: &Incident,
    severity: Severity,
    kept: &[Kept],
    now: Timestamp,
) -> Result<(), DbError> {
    reaches(tx, incident, severity, now).await?;
    let mut told = Vec::new();
    for Kept { office, answer, at } in kept {
        let (step, one) = (rank(severity), [office.clone()].into());
        follow_up(tx, alerts, incident, &one, Reason::Update, step, answer.as_str(), now).await?;
        let written = sqlx::query(
            "UPDATE notifications SET answer = $4, answered_at = $5, answered_level = $6 WHERE incident = $1
             AND role = $2 AND region = $3 AND reason = 'update' AND answer IS NULL",
        )
        .bind(incident.id.0)
        .bind(office.role.as_str())
        .bind(office.region.as_str())
        .bind(answer.as_str())
        .bind(at)
        .bind(step)
        .execute(tx.conn())
        .await?;
        if written.rows_affected() > 0 {
            told.push(office.clone());
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    told_of(tx, incident, Reason::Update, &told, now).await
}
