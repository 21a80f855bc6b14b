//! The budget of an office, and the digest that takes what lies beyond it.

use jiff::Timestamp;
use sqlx::Row;
use stream::{Queue, short_hash};

use super::due::Due;
use crate::db::{DbError, Tx};
use crate::store;
use crate::{Alerts, Reason};

/// An hour in microseconds: the window of the budget.
const HOUR: i64 = 3_600_000_000;

/// What an office has had through a channel within the last hour, and what waits for it; times in microseconds.
struct Hour {
    /// Messages that left or are leaving, digests aside.
    spent: i64,
    /// When the first message of the hour left.
    first: Option<i64>,
    /// When the last reminder of the hour left, alone or in a digest.
    reminded: Option<i64>,
    /// Other reminders that wait or leave now.
    reminders: i64,
}

impl Hour {
    /// The hour before `now` of the office and channel of `row`.
    async fn of(tx: &mut Tx, row: &Due, now: i64) -> Result<Hour, DbError> {
        let hour = sqlx::query(
            "SELECT COUNT(CASE WHEN (sent_at > $4 OR state = 'sending') AND reason <> 'digest' THEN 1 END) AS spent,
             MIN(CASE WHEN sent_at > $4 THEN sent_at END) AS first,
             MAX(CASE WHEN sent_at > $4 AND reason IN ('repeat', 'digest') THEN sent_at END) AS reminded,
             COUNT(CASE WHEN id <> $5 AND severity < 3 AND (reason = 'repeat'
             AND (state IN ('sending', 'digest') OR state = 'pending' AND next_try <= $6)
             OR reason = 'digest' AND state IN ('pending', 'sending')) THEN 1 END) AS reminders
             FROM notifications WHERE role = $1 AND region = $2 AND channel = $3
             AND (sent_at > $4 OR state IN ('pending', 'sending', 'digest'))",
        )
        .bind(&row.role)
        .bind(&row.region)
        .bind(&row.channel)
        .bind(now - HOUR)
        .bind(&row.id)
        .bind(now)
        .fetch_one(tx.conn())
        .await?;
        Ok(Hour {
            spent: hour.try_get("spent")?,
            first: hour.try_get("first")?,
            reminded: hour.try_get("reminded")?,
            reminders: hour.try_get("reminders")?,
        })
    }
}

/// Until when `row` has to wait for a digest, in microseconds; `None` when it leaves now. Beyond its budget an
/// office waits until the window has moved on; of reminders it gets one message an hour, whatever stands in it.
pub(super) async fn folded_until(
    tx: &mut Tx,
    alerts: &Alerts,
    row: &Due,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    if !row.spends() {
        return Ok(None);
    }
    let now = now.as_microsecond();
    let hour = Hour::of(tx, row, now).await?;
    if hour.spent >= i64::from(alerts.policy.budget_per_hour) {
        return Ok(Some(hour.first.unwrap_or(now) + HOUR));
    }
    if row.reason != Reason::Repeat {
        return Ok(None);
    }
    Ok(match hour.reminded {
        Some(last) => Some(last + HOUR),
        None => (hour.reminders > 0).then_some(now),
    })
}

/// Makes the digest of this office and channel, to leave at `due`; one that waits already takes the row in, unless it was
/// written: it goes again as it is.
pub(super) async fn open_digest(tx: &mut Tx, row: &Due, due: i64, now: Timestamp) -> Result<(), DbError> {
    let open: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM notifications WHERE role = $1 AND region = $2 AND channel = $3 AND reason = 'digest'
         AND state = 'pending' AND attempts = 0",
    )
    .bind(&row.role)
    .bind(&row.region)
    .bind(&row.channel)
    .fetch_one(tx.conn())
    .await?;
    if open > 0 {
        return Ok(());
    }
    let number = store::numbers(tx, "digests", 1).await?;
    let id = short_hash(&["digest", &row.role, &row.region, &row.channel, &number.to_string()]);
    sqlx::query(
        "INSERT INTO notifications (id, incident, made_for, number, role, region, line, channel, reason, step,
         severity, state, attempts, repeats, created_at, next_try, body)
         VALUES ($1, 0, 0, $2, $3, $4, '', $5, 'digest', $6, $7, 'pending', 0, 0, $8, $9, '')",
    )
    .bind(&id)
    .bind(format!("KTG-R{number}"))
    .bind(&row.role)
    .bind(&row.region)
    .bind(&row.channel)
    .bind(number)
    .bind(store::rank(row.severity))
    .bind(now.as_microsecond())
    .bind(due)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Of what waits for a digest of this office and channel the latest reminder of a matter stays, and none beside the message
/// that it reminds of.
pub(super) async fn one_reminder_each(
    tx: &mut Tx,
    role: &str,
    region: &str,
    channel: &str,
) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE notifications SET state = 'moot' WHERE role = $1 AND region = $2 AND channel = $3
         AND state = 'digest' AND reason = 'repeat' AND EXISTS (SELECT 1 FROM notifications o
         WHERE o.role = $1 AND o.region = $2 AND o.channel = $3 AND o.state = 'digest'
         AND o.incident = notifications.incident AND o.id <> notifications.id
         AND (o.reason <> 'repeat' OR o.step > notifications.step))",
    )
    .bind(role)
    .bind(region)
    .bind(channel)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The text of a digest: every message that waited for it, each with its own answer link; `None` when nothing is
/// left to say.
pub(super) async fn fold(tx: &mut Tx, alerts: &Alerts, digest: &Due) -> Result<Option<String>, DbError> {
    if digest.attempts > 0 {
        return Ok(Some(digest.body.clone()));
    }
    one_reminder_each(tx, &digest.role, &digest.region, &digest.channel).await?;
    sqlx::query(
        "UPDATE notifications SET state = 'digested', digest = $4 WHERE role = $1 AND region = $2 AND channel = $3
         AND state = 'digest'",
    )
    .bind(&digest.role)
    .bind(&digest.region)
    .bind(&digest.channel)
    .bind(&digest.id)
    .execute(tx.conn())
    .await?;
    let rows = sqlx::query(
        "SELECT n.id, n.reason, n.remark, n.body, i.queue FROM notifications n LEFT JOIN incidents i ON i.id = n.incident
         WHERE n.digest = $1 ORDER BY n.severity DESC, n.created_at",
    )
    .bind(&digest.id)
    .fetch_all(tx.conn())
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let count = rows.len().to_string();
    let mut text = alerts.writer.lang.fill("alerts.message.digest", &[("count", &count)]);
    let queues: Vec<Option<String>> =
        rows.iter().map(|row| row.try_get("queue")).collect::<Result<_, _>>()?;
    let conflict = queues.iter().flatten().any(|queue| queue == Queue::Konflik.as_str());
    if let Some(contact) = alerts.contact.as_ref().filter(|_| conflict) {
        text.push('\n');
        text.push_str(&alerts.writer.desk(contact));
    }
    for row in rows {
        let (id, reason, body): (String, String, String) =
            (row.try_get("id")?, row.try_get("reason")?, row.try_get("body")?);
        let remark: String = row.try_get("remark")?;
        text.push_str("\n\n");
        text.push_str(&body);
        if Reason::parse(&reason).is_some_and(|reason| reason.asks(&remark)) {
            text.push('\n');
            text.push_str(&alerts.writer.ask(&alerts.link(&id)));
        }
    }
    Ok(Some(text))
}
