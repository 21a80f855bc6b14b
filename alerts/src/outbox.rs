//! The outbox: what is written there leaves, each attempt committed as `sending` before it is made.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::{Category, RegionCode, Severity, metrics, short_hash};

use crate::channels::{About, ChannelError, Kind, Message};
use crate::db::{Db, DbError, Tx};
use crate::message::Reason;
use crate::roster::Contact;
use crate::store;
use crate::tell::{DESK, enqueue_next, office_of_row};
use crate::{Alerts, IncidentId, Office};

/// Messages that leave at once.
const BATCH: i64 = 32;
/// An hour in microseconds: the window of the budget.
const HOUR: i64 = 3_600_000_000;

/// A row of the outbox on its way out.
pub(crate) struct Leaving {
    pub id: String,
    pub kind: Kind,
    pub message: Message,
    pub attempts: i64,
    pub severity: Severity,
    accepted: Option<Timestamp>,
}

/// Rows that a crash left in `sending` go again, marked *ulangan*. Once at the beginning of a term.
pub(crate) async fn recover(alerts: &Alerts) -> Result<u64, DbError> {
    let rows = alerts
        .db
        .write(|mut tx| async move {
            let rows = recovered(&mut tx, alerts).await;
            (tx, rows)
        })
        .await?;
    for channel in &rows {
        metrics::repeat(channel.split('/').next().unwrap_or_default());
    }
    Ok(rows.len() as u64)
}

async fn recovered(tx: &mut Tx, alerts: &Alerts) -> Result<Vec<String>, DbError> {
    alerts.lease.check(tx).await?;
    let rows = sqlx::query(
        "UPDATE notifications SET state = 'pending', repeats = repeats + 1 WHERE state = 'sending' RETURNING channel",
    )
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| Ok(row.try_get("channel")?)).collect()
}

/// What a claim took out of the outbox.
#[derive(Default)]
pub(crate) struct Claimed {
    /// Committed as `sending`.
    pub leaving: Vec<Leaving>,
    /// How many rows were set aside: for a digest, by a switch, or because nobody can be reached.
    pub aside: usize,
}

/// Commits the next attempts as `sending` and returns them; what the budget or a switch holds back is set aside.
pub(crate) async fn claim(alerts: &Alerts, now: Timestamp) -> Result<Claimed, DbError> {
    let due: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM notifications WHERE state = 'pending' AND next_try <= $1")
            .bind(now.as_microsecond())
            .fetch_one(alerts.db.pool())
            .await?;
    if due == 0 {
        return Ok(Claimed::default());
    }
    alerts
        .db
        .write(|mut tx| async move {
            let claimed = claimed(&mut tx, alerts, now).await;
            (tx, claimed)
        })
        .await
}

async fn claimed(tx: &mut Tx, alerts: &Alerts, now: Timestamp) -> Result<Claimed, DbError> {
    alerts.lease.check(tx).await?;
    let rows = sqlx::query(
        "SELECT n.id, n.incident, n.number, n.role, n.region, n.channel, n.reason, n.severity, n.attempts, n.repeats,
         n.body, n.accepted_at, i.category, i.place, i.first_event, i.status
         FROM notifications n LEFT JOIN incidents i ON i.id = n.incident
         WHERE n.state = 'pending' AND n.next_try <= $1
         ORDER BY CASE n.reason WHEN 'digest' THEN 1 ELSE 0 END, n.severity DESC, n.created_at, n.id LIMIT $2",
    )
    .bind(now.as_microsecond())
    .bind(BATCH)
    .fetch_all(tx.conn())
    .await?;
    let switched: Vec<String> = sqlx::query_scalar("SELECT scope FROM switches").fetch_all(tx.conn()).await?;
    let mut claimed = Claimed::default();
    for row in rows {
        let row = Due::read(&row)?;
        if row.is_switched_off(&switched) {
            set_state(tx, &row.id, "held").await?;
        } else if let Some(due) = folded_until(tx, alerts, &row, now).await? {
            set_state(tx, &row.id, "digest").await?;
            open_digest(tx, &row, due, now).await?;
        } else if let Some(out) = row.leave(tx, alerts, now).await? {
            claimed.leaving.push(out);
            continue;
        }
        claimed.aside += 1;
    }
    Ok(claimed)
}

async fn set_state(tx: &mut Tx, id: &str, state: &str) -> Result<(), DbError> {
    sqlx::query("UPDATE notifications SET state = $2 WHERE id = $1")
        .bind(id)
        .bind(state)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A row that is due.
struct Due {
    id: String,
    incident: IncidentId,
    number: String,
    role: String,
    region: String,
    office: Option<Office>,
    channel: String,
    reason: Reason,
    severity: Severity,
    attempts: i64,
    repeats: i64,
    body: String,
    accepted: Option<Timestamp>,
    category: Option<Category>,
    place: Option<RegionCode>,
    since: Option<Timestamp>,
}

impl Due {
    fn read(row: &AnyRow) -> Result<Due, DbError> {
        let (role, region): (String, String) = (row.try_get("role")?, row.try_get("region")?);
        let reason: String = row.try_get("reason")?;
        let category: Option<String> = row.try_get("category")?;
        let place: Option<String> = row.try_get("place")?;
        Ok(Due {
            id: row.try_get("id")?,
            incident: IncidentId(row.try_get("incident")?),
            number: row.try_get("number")?,
            office: office_of_row(&role, &region)?,
            role,
            region,
            channel: row.try_get("channel")?,
            reason: Reason::parse(&reason).ok_or(DbError::BadValue { column: "reason", value: reason })?,
            severity: store::severity("severity", row.try_get("severity")?)?,
            attempts: row.try_get("attempts")?,
            repeats: row.try_get("repeats")?,
            body: row.try_get("body")?,
            accepted: store::maybe_time("accepted_at", row.try_get("accepted_at")?)?,
            category: category.as_deref().and_then(Category::parse),
            place: place.map(|place| store::region("place", &place)).transpose()?,
            since: store::maybe_time("first_event", row.try_get("first_event")?)?,
        })
    }

    fn kind(&self) -> Option<Kind> {
        Kind::parse(self.channel.split('/').next().unwrap_or_default())
    }

    /// Whether a kill switch holds for its channel, its office's region or the region of the matter (SG-17).
    fn is_switched_off(&self, switched: &[String]) -> bool {
        switched.iter().any(|scope| match scope.split_once(':') {
            Some(("channel", kind)) => self.kind().is_some_and(|own| own.as_str() == kind),
            Some(("region", code)) => RegionCode::parse(code).is_ok_and(|region| {
                let office = self.office.as_ref().map(|office| &office.region);
                office.into_iter().chain(&self.place).any(|own| region.contains(own))
            }),
            _ => false,
        })
    }

    /// Whether it counts against the budget: AWAS, pages, digests and cancellations always leave.
    fn spends(&self) -> bool {
        self.severity < Severity::Awas
            && self.attempts == 0
            && !matches!(self.reason, Reason::Digest | Reason::Page | Reason::Rejected)
    }

    /// Commits the attempt; what nobody can be reached by any more fails for good.
    async fn leave(self, tx: &mut Tx, alerts: &Alerts, now: Timestamp) -> Result<Option<Leaving>, DbError> {
        let Some((kind, contact)) = self.kind().zip(self.contact(alerts)) else {
            sqlx::query("UPDATE notifications SET state = 'failed', error = $2 WHERE id = $1")
                .bind(&self.id)
                .bind("the roster reaches nobody this way any more")
                .execute(tx.conn())
                .await?;
            return Ok(None);
        };
        let body = match self.reason {
            Reason::Digest => fold(tx, alerts, &self).await?,
            _ => Some(self.body.clone()),
        };
        let Some(body) = body else {
            set_state(tx, &self.id, "moot").await?;
            return Ok(None);
        };
        sqlx::query(
            "UPDATE notifications SET state = 'sending', attempts = attempts + 1, body = $2 WHERE id = $1",
        )
        .bind(&self.id)
        .bind(&body)
        .execute(tx.conn())
        .await?;
        let address = contact.address.clone();
        Ok(Some(self.leaving(alerts, kind, address, body, now)))
    }

    fn contact<'a>(&self, alerts: &'a Alerts) -> Option<&'a Contact> {
        let contacts = match &self.office {
            Some(office) => alerts.roster.contacts(office),
            None => alerts.roster.desk(self.place.as_ref()),
        };
        let (kind, hash) = self.channel.split_once('/')?;
        contacts.iter().find(|contact| {
            contact.channel.as_str() == kind && short_hash(&["address", &contact.address]).starts_with(hash)
        })
    }

    fn leaving(self, alerts: &Alerts, kind: Kind, address: String, body: String, now: Timestamp) -> Leaving {
        let writer = &alerts.writer;
        let repeat = self.repeats > 0;
        let link = self.reason.asks().then(|| alerts.link(&self.id));
        let mut text = body;
        if let Some(link) = &link {
            text = format!("{text}\n{}", writer.ask(link));
        }
        if repeat && kind != Kind::File {
            text = format!("{}\n{text}", writer.lang.get("alerts.message.again"));
        }
        let subject = match (self.reason, self.category) {
            (Reason::Digest, _) | (_, None) => {
                format!("{} {}", writer.lang.get("alerts.subject.digest"), self.number)
            }
            (reason, Some(category)) => writer.subject(reason, self.severity, category, &self.number),
        };
        let hidden = self.reason == Reason::ItemWaits;
        let place = self
            .place
            .as_ref()
            .zip(self.category)
            .map(|(place, category)| crate::explain::sayable(category, place));
        let about = About {
            category: self.category.filter(|_| !hidden),
            severity: self.severity,
            place,
            office: self.office.as_ref().map_or_else(|| DESK.to_owned(), Office::to_string),
            reason: self.reason.to_string(),
            since: self.since.unwrap_or(now),
            over: (self.reason == Reason::Rejected).then_some(now),
            incident: self.incident.to_string(),
            link,
        };
        Leaving {
            message: Message {
                id: self.id.clone(),
                number: self.number,
                address,
                subject,
                body: text,
                about,
                repeat,
            },
            id: self.id,
            kind,
            attempts: self.attempts + 1,
            severity: self.severity,
            accepted: self.accepted,
        }
    }
}

/// Messages that left, or are leaving, to this office through this channel within the last hour.
async fn spent(tx: &mut Tx, row: &Due, now: i64) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar(
        "SELECT COUNT(*) FROM notifications WHERE role = $1 AND region = $2 AND channel = $3
         AND (sent_at > $4 OR state = 'sending') AND reason <> 'digest'",
    )
    .bind(&row.role)
    .bind(&row.region)
    .bind(&row.channel)
    .bind(now - HOUR)
    .fetch_one(tx.conn())
    .await?)
}

/// Until when `row` has to wait for a digest, in microseconds; `None` when it leaves now. Beyond its budget an
/// office waits until the window has moved on; of reminders it gets one message an hour, whatever stands in it.
async fn folded_until(
    tx: &mut Tx,
    alerts: &Alerts,
    row: &Due,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    if !row.spends() {
        return Ok(None);
    }
    let now = now.as_microsecond();
    if spent(tx, row, now).await? >= i64::from(alerts.policy.budget_per_hour) {
        let oldest = sent_within_hour(tx, row, "MIN(sent_at)", "", now).await?;
        return Ok(Some(oldest.unwrap_or(now) + HOUR));
    }
    if row.reason != Reason::Repeat {
        return Ok(None);
    }
    if let Some(last) =
        sent_within_hour(tx, row, "MAX(sent_at)", "AND reason IN ('repeat', 'digest')", now).await?
    {
        return Ok(Some(last + HOUR));
    }
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM notifications WHERE role = $1 AND region = $2 AND channel = $3 AND id <> $4
         AND severity < 3 AND (reason = 'repeat' AND (state IN ('sending', 'digest') OR state = 'pending' AND next_try <= $5)
         OR reason = 'digest' AND state IN ('pending', 'sending'))",
    )
    .bind(&row.role)
    .bind(&row.region)
    .bind(&row.channel)
    .bind(&row.id)
    .bind(now)
    .fetch_one(tx.conn())
    .await?;
    Ok((others > 0).then_some(now))
}

/// `what` over the messages that left to this office through this channel within the last hour.
async fn sent_within_hour(
    tx: &mut Tx,
    row: &Due,
    what: &str,
    which: &str,
    now: i64,
) -> Result<Option<i64>, DbError> {
    let sql = format!(
        "SELECT {what} FROM notifications WHERE role = $1 AND region = $2 AND channel = $3 AND sent_at > $4 {which}"
    );
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(&row.role)
        .bind(&row.region)
        .bind(&row.channel)
        .bind(now - HOUR)
        .fetch_one(tx.conn())
        .await?)
}

/// Makes the digest of this office and channel, to leave at `due`; one that waits already takes the row in.
async fn open_digest(tx: &mut Tx, row: &Due, due: i64, now: Timestamp) -> Result<(), DbError> {
    let open: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM notifications WHERE role = $1 AND region = $2 AND channel = $3 AND reason = 'digest'
         AND state = 'pending'",
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

/// The text of a digest: every message that waited for it, each with its own answer link; `None` when nothing is
/// left to say. Of one matter the latest reminder stands in it, and none beside the message it reminds of.
async fn fold(tx: &mut Tx, alerts: &Alerts, digest: &Due) -> Result<Option<String>, DbError> {
    if digest.attempts > 0 {
        return Ok(Some(digest.body.clone()));
    }
    sqlx::query(
        "UPDATE notifications SET state = 'moot' WHERE role = $1 AND region = $2 AND channel = $3
         AND state = 'digest' AND reason = 'repeat' AND EXISTS (SELECT 1 FROM notifications o
         WHERE o.role = $1 AND o.region = $2 AND o.channel = $3 AND o.state = 'digest'
         AND o.incident = notifications.incident AND o.id <> notifications.id
         AND (o.reason <> 'repeat' OR o.step > notifications.step))",
    )
    .bind(&digest.role)
    .bind(&digest.region)
    .bind(&digest.channel)
    .execute(tx.conn())
    .await?;
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
        "SELECT id, reason, body FROM notifications WHERE digest = $1 ORDER BY severity DESC, created_at",
    )
    .bind(&digest.id)
    .fetch_all(tx.conn())
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let count = rows.len().to_string();
    let mut text = alerts.writer.lang.fill("alerts.message.digest", &[("count", &count)]);
    for row in rows {
        let (id, reason, body): (String, String, String) =
            (row.try_get("id")?, row.try_get("reason")?, row.try_get("body")?);
        text.push_str("\n\n");
        text.push_str(&body);
        if Reason::parse(&reason).is_some_and(Reason::asks) {
            text.push('\n');
            text.push_str(&alerts.writer.ask(&alerts.link(&id)));
        }
    }
    Ok(Some(text))
}

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
    alerts
        .db
        .write(|mut tx| async move {
            let done = settled(&mut tx, alerts, out, result, now).await;
            (tx, done)
        })
        .await?;
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
) -> Result<(), DbError> {
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
            let state = if error.is_retryable() { "pending" } else { "failed" };
            sqlx::query("UPDATE notifications SET state = $2, next_try = $3, error = $4 WHERE id = $1")
                .bind(&out.id)
                .bind(state)
                .bind((now + pause(out.attempts, out.severity)).as_microsecond())
                .bind(error.to_string())
                .execute(tx.conn())
                .await?;
            if !error.is_retryable() {
                enqueue_next(tx, alerts, &out.id, now).await?;
            }
        }
    }
    Ok(())
}

/// Rows by state, for health.
pub(crate) async fn waiting(db: &Db) -> Result<(i64, i64), DbError> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN state IN ('pending', 'sending', 'digest', 'held') THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting,
         CAST(COALESCE(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) AS BIGINT) AS failed FROM notifications",
    )
    .fetch_one(db.pool())
    .await?;
    Ok((row.try_get("waiting")?, row.try_get("failed")?))
}
