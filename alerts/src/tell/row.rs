//! One row of the outbox: written once, whatever happens around it.

use jiff::Timestamp;
use sqlx::Row;
use stream::{RegionCode, Severity, short_hash};

use super::beside::heard_beside;
use super::hush::barred;
use super::standing::matter;
use super::{Telling, To, answers, channel_of, office_of_row};
use crate::db::{DbError, Tx};
use crate::roster::Contact;
use crate::store::{self, rank, rows};
use crate::{Alerts, IncidentId, Reason};

impl Telling<'_> {
    /// Writes one row into the outbox, once; false when it stood there.
    pub(super) async fn enqueue(
        &mut self,
        to: To<'_>,
        contact: &Contact,
        reason: Reason,
        step: i64,
        severity: Severity,
        remark: &str,
    ) -> Result<bool, DbError> {
        let (incident, gap) = (self.incident, self.alerts.policy.gap_seconds());
        let channel = channel_of(contact);
        let made_for = incident.id.0.to_string();
        let id = short_hash(&[
            "notification",
            &made_for,
            to.role,
            to.region,
            &channel,
            reason.as_str(),
            &step.to_string(),
        ]);
        let stands: Option<String> = sqlx::query_scalar("SELECT id FROM notifications WHERE id = $1")
            .bind(&id)
            .fetch_optional(self.tx.conn())
            .await?;
        if stands.is_some() {
            return Ok(false);
        }
        let beside = heard_beside(self.tx, incident, to, (reason, step), gap, self.now).await?;
        let n: i64 = sqlx::query_scalar(
            "UPDATE incidents SET numbered = numbered + 1 WHERE id = $1 RETURNING numbered",
        )
        .bind(incident.id.0)
        .fetch_one(self.tx.conn())
        .await?;
        let number = format!("{}-{n}", incident.id);
        // The desk, which has no region, hears of the whole matter.
        let region = RegionCode::parse(to.region).ok();
        let seen = region.map_or_else(|| incident.clone(), |region| incident.seen_from(&region, reason));
        let note = match reason {
            Reason::Climb => format!("{remark}|{}", self.answers_for(to).await?),
            _ => remark.to_owned(),
        };
        let accepted: Option<i64> = match incident.told_at {
            // A call that goes out because nobody decides says nothing of how fast the line is.
            Some(_) => None,
            None if reason == Reason::PageAgain => None,
            None => {
                sqlx::query_scalar("SELECT MIN(accepted_at) FROM signals WHERE incident = $1")
                    .bind(incident.id.0)
                    .fetch_one(self.tx.conn())
                    .await?
            }
        };
        sqlx::query(
            "INSERT INTO notifications (id, incident, made_for, number, role, region, line, channel, reason, step,
             severity, state, attempts, repeats, created_at, next_try, body, accepted_at, remark, beside)
             VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0, 0, $11, $11, $12, $13, $14, $15)",
        )
        .bind(&id)
        .bind(incident.id.0)
        .bind(&number)
        .bind(to.role)
        .bind(to.region)
        .bind(to.line)
        .bind(&channel)
        .bind(reason.as_str())
        .bind(step)
        .bind(rank(severity))
        .bind(self.now.as_microsecond())
        .bind(self.alerts.writer.body(&seen, reason, severity, &number, &note, beside.as_ref()))
        .bind(accepted)
        .bind(remark)
        .bind(beside.map(|beside| beside.code()))
        .execute(self.tx.conn())
        .await?;
        Ok(true)
    }
}

/// Notification `id` has failed for good: the office's next way of being reached is tried, if it has one and has not
/// answered by now.
pub(crate) async fn enqueue_next(
    tx: &mut Tx,
    alerts: &Alerts,
    id: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    if answers::given(tx.conn(), id).await?.is_some() {
        return Ok(false);
    }
    let row = sqlx::query(
        "SELECT incident, role, region, line, channel, reason, step, severity, remark FROM notifications WHERE id = $1",
    )
    .bind(id)
    .fetch_one(tx.conn())
    .await?;
    let text = |column: &'static str| row.try_get::<String, _>(column);
    let (role, region, line) = (text("role")?, text("region")?, text("line")?);
    let Some(reason) = Reason::parse(&text("reason")?) else { return Ok(false) };
    let Some(incident) = rows::load(tx, IncidentId(row.try_get("incident")?)).await? else {
        return Ok(false);
    };
    let severity = store::severity("severity", row.try_get("severity")?)?;
    let (failed, remark, step) = (text("channel")?, text("remark")?, row.try_get("step")?);
    let roster = alerts.roster();
    let to = To { role: &role, region: &region, line: &line };
    let Some(office) = office_of_row(&role, &region)? else {
        // Every line of the desk is paged at once: those that have their page get no second one.
        let mut paged = false;
        for contact in roster.desk(incident.place.as_ref()).iter().filter(|it| channel_of(it) != failed) {
            let mut telling = Telling::of(tx, alerts, &incident, now);
            paged |= telling.enqueue(to, contact, reason, step, severity, &remark).await?;
        }
        return Ok(paged);
    };
    let matter = matter(tx.conn(), &incident, severity).await?;
    if matter.bars(&office).is_some() {
        return Ok(false);
    }
    let barred = barred(alerts, &incident, &matter.accused);
    let contacts = roster.contacts(&office);
    // One that the roster names no more leaves all that it names now.
    let tried = contacts.iter().position(|contact| channel_of(contact) == failed).map_or(0, |at| at + 1);
    for contact in contacts[tried..].iter().filter(|contact| !barred.contains(*contact)) {
        let mut telling = Telling::of(tx, alerts, &incident, now);
        if telling.enqueue(to, contact, reason, step, severity, &remark).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
