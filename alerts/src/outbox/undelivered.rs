//! What an address does not take for good: it goes on to whoever else holds the office, or stands as undelivered.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use stream::metrics;
use tracing::warn;

use super::digest::one_reminder_each;
use super::due::meant;
use crate::db::{DbError, Tx};
use crate::roster::Roster;
use crate::tell::{Next, enqueue_next, office_of_row};
use crate::{Alerts, Reason, store};

/// A message that nobody gets.
#[derive(Debug)]
pub(crate) struct Undelivered {
    number: String,
    channel: String,
    role: String,
    region: String,
}

impl Undelivered {
    /// Says so in the log, by office and number, and counts it.
    pub(super) fn tell(&self) {
        let Undelivered { number, channel, role, region } = self;
        let channel = channel.split('/').next().unwrap_or_default();
        warn!(number, role, region, channel, "alerts: undelivered, the roster names nobody else there");
        metrics::notification(channel, "undelivered");
    }
}

/// Where the lines of a digest stand that cannot leave.
pub(super) enum Lines<'a> {
    /// They wait for it.
    Waiting {
        /// Role of the office.
        role: &'a str,
        /// Its region.
        region: &'a str,
        /// The channel with the mark of the address.
        channel: &'a str,
    },
    /// The digest with this id has taken them in.
    Taken(&'a str),
}

impl Lines<'_> {
    async fn ids(&self, tx: &mut Tx) -> Result<Vec<String>, DbError> {
        let ids = match self {
            Lines::Waiting { role, region, channel } => {
                one_reminder_each(tx, role, region, channel).await?;
                sqlx::query_scalar(
                    "SELECT id FROM notifications WHERE role = $1 AND region = $2 AND channel = $3 AND state = 'digest'
                     ORDER BY created_at, number",
                )
                .bind(*role)
                .bind(*region)
                .bind(*channel)
                .fetch_all(tx.conn())
                .await?
            }
            Lines::Taken(digest) => {
                sqlx::query_scalar(
                    "SELECT id FROM notifications WHERE digest = $1 AND state = 'digested' ORDER BY created_at, number",
                )
                .bind(*digest)
                .fetch_all(tx.conn())
                .await?
            }
        };
        Ok(ids)
    }
}

/// The lines of a digest that failed for good because of `error` go on one by one; returns what nobody gets.
pub(super) async fn pass_lines(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    lines: Lines<'_>,
    error: &str,
    now: Timestamp,
) -> Result<Vec<Undelivered>, DbError> {
    let mut nobody = Vec::new();
    for id in lines.ids(tx).await? {
        nobody.extend(pass_on(tx, alerts, roster, &id, error, now).await?);
    }
    Ok(nobody)
}

/// Message `id` has failed for good because of `error` and goes on; returns it where nobody gets it. What was answered got
/// there, whatever its attempt came to; that an answer holds, which news of a confirmation says, shows nothing of it.
pub(super) async fn pass_on(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    id: &str,
    error: &str,
    now: Timestamp,
) -> Result<Option<Undelivered>, DbError> {
    let got_there = sqlx::query(
        "UPDATE notifications SET state = CASE state WHEN 'digested' THEN state ELSE 'sent' END,
         sent_at = COALESCE(sent_at, answered_at) WHERE id = $1 AND answer IS NOT NULL AND reason <> $2",
    )
    .bind(id)
    .bind(Reason::Update.as_str())
    .execute(tx.conn())
    .await?;
    if got_there.rows_affected() > 0 {
        return Ok(None);
    }
    let row = sqlx::query(
        "UPDATE notifications SET state = 'failed', error = $2 WHERE id = $1 RETURNING number, channel, role, region",
    )
    .bind(id)
    .bind(error)
    .fetch_one(tx.conn())
    .await?;
    if enqueue_next(tx, alerts, roster, id, now).await? != Next::Nobody {
        return Ok(None);
    }
    Ok(Some(Undelivered {
        number: row.try_get("number")?,
        channel: row.try_get("channel")?,
        role: row.try_get("role")?,
        region: row.try_get("region")?,
    }))
}

/// What waits for its hour or its next attempt leaves now where `roster` does not name its address any more: whoever holds
/// the office by now need not wait.
pub(crate) async fn hasten(tx: &mut Tx, roster: &Roster, now: Timestamp) -> Result<(), DbError> {
    let rows = sqlx::query(
        "SELECT n.id, n.role, n.region, n.channel, i.place FROM notifications n LEFT JOIN incidents i ON i.id = n.incident
         WHERE n.state = 'pending' AND n.next_try > $1",
    )
    .bind(now.as_microsecond())
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        let office = office_of_row(&row)?;
        let place = row.try_get::<Option<&str>, _>("place")?;
        let place = place.map(|place| store::region("place", place)).transpose()?;
        if meant(roster, office.as_ref(), place.as_ref(), row.try_get("channel")?).is_some() {
            continue;
        }
        sqlx::query("UPDATE notifications SET next_try = $2 WHERE id = $1")
            .bind(row.try_get::<String, _>("id")?)
            .bind(now.as_microsecond())
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
