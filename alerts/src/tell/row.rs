//! One row of the outbox: written once, whatever happens around it.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use stream::{RegionCode, Severity, short_hash};

use super::beside::heard_beside;
use super::hush::barred;
use super::standing::{is_called_off, is_unreachable, matter};
use super::{Telling, To, answers, channel_of, office_of_row};
use crate::db::{DbError, Tx};
use crate::message::Along;
use crate::reason::SECOND;
use crate::roster::{Contact, Roster};
use crate::store::{self, rank, rows};
use crate::{Alerts, Incident, IncidentId, Office, Reason};

/// Above every step that an office is told at.
const ANEW: i64 = 1000;

impl Telling<'_> {
    /// Writes one row into the outbox, once; false when it stood there. One that never left is written anew: because the
    /// roster did not name its address, and does by now, or because it was called off, and its office is named again.
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
        // Whoever has heard that it is not his is told of it anew, by steps of their own.
        let step = if reason.opens() { step % ANEW + ANEW * self.times_away(to).await? } else { step };
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
        let stands = sqlx::query("SELECT number, state, error FROM notifications WHERE id = $1")
            .bind(&id)
            .fetch_optional(self.tx.conn())
            .await?;
        let number = match &stands {
            Some(row) if is_unreachable(row)? || is_called_off(row)? => row.try_get("number")?,
            Some(_) => return Ok(false),
            None => self.next_number().await?,
        };
        let beside = heard_beside(self.tx, incident, to, (reason, step), gap, self.now).await?;
        // The desk, which has no region, hears of the whole matter.
        let region = RegionCode::parse(to.region).ok();
        let seen = region.map_or_else(|| incident.clone(), |region| incident.seen_from(&region, reason));
        let note = match reason {
            Reason::Climb | Reason::Unconfirmed | Reason::Confirmed | Reason::Update => {
                format!("{remark}|{}", self.answers_for(to).await?)
            }
            _ => remark.to_owned(),
        };
        let doubt = super::doubt(self.tx.conn(), incident).await?;
        let along = Along { beside: beside.as_ref(), doubt: Some(&doubt) };
        let body = self.alerts.writer.body(&seen, reason, severity, &note, along);
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
             VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0, 0, $11, $11, $12, $13, $14, $15)
             ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, state = 'pending', error = NULL,
             created_at = excluded.created_at, next_try = excluded.next_try, body = excluded.body,
             remark = excluded.remark, beside = excluded.beside, digest = NULL",
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
        .bind(body)
        .bind(accepted)
        .bind(remark)
        .bind(beside.map(|beside| beside.code()))
        .execute(self.tx.conn())
        .await?;
        Ok(true)
    }

    /// How often `to` has heard that the incident is not its own.
    async fn times_away(&mut self, to: To<'_>) -> Result<i64, DbError> {
        let times = sqlx::query_scalar(
            "SELECT COUNT(DISTINCT step) FROM notifications WHERE incident = $1 AND role = $2 AND region = $3
             AND reason = 'away' AND state <> 'moot'",
        );
        let times = times.bind(self.incident.id.0).bind(to.role).bind(to.region);
        Ok(times.fetch_one(self.tx.conn()).await?)
    }

    /// The number of the next message about the incident.
    async fn next_number(&mut self) -> Result<String, DbError> {
        let incident = self.incident.id;
        let n: i64 = sqlx::query_scalar(
            "UPDATE incidents SET numbered = numbered + 1 WHERE id = $1 RETURNING numbered",
        )
        .bind(incident.0)
        .fetch_one(self.tx.conn())
        .await?;
        Ok(format!("{incident}-{n}"))
    }
}

/// What goes with `reason` in a message to `office`.
pub(super) fn remark(incident: &Incident, office: &Office, reason: Reason) -> String {
    match reason {
        Reason::Further => {
            let named = incident.scenes.iter().filter(|scene| scene.later);
            let named = named.filter(|scene| office.region.contains(&scene.place));
            named.map(|scene| scene.place.as_str()).collect::<Vec<_>>().join(" ")
        }
        Reason::AtOnce => incident.seen_from(&office.region, reason).certainty().as_str().to_owned(),
        // What one of two persons has confirmed is not told as if nobody had looked at it.
        Reason::Unconfirmed if incident.seen_from(&office.region, reason).awas_waits_for_second.is_some() => {
            SECOND.to_owned()
        }
        _ => String::new(),
    }
}

/// What becomes of a message that one address did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another address of its receiver gets it.
    Goes,
    /// It is answered, decided or over, its office is complained of, or another address has it.
    Needless,
    /// Nobody gets it.
    Nobody,
}

/// Notification `id` has failed for good: the next way of being reached that `roster` names for its receiver is tried, if
/// there is one and the office has not answered by now; its own address where the roster names it again after it did not.
pub(crate) async fn enqueue_next(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    id: &str,
    now: Timestamp,
) -> Result<Next, DbError> {
    let row = sqlx::query(
        "SELECT incident, role, region, line, channel, reason, step, severity, remark, answer, state, error
         FROM notifications WHERE id = $1",
    )
    .bind(id)
    .fetch_one(tx.conn())
    .await?;
    let text = |column: &'static str| row.try_get::<String, _>(column);
    let (role, region, line) = (text("role")?, text("region")?, text("line")?);
    let Some(reason) = Reason::parse(&text("reason")?) else { return Ok(Next::Needless) };
    // News of a confirmation carries the answer that it says holds; neither it nor news of a fact asks anything.
    let answered = row.try_get::<Option<String>, _>("answer")?.is_some()
        || answers::given(tx.conn(), id).await?.is_some();
    if answered && !matches!(reason, Reason::Update | Reason::News) {
        return Ok(Next::Needless);
    }
    let Some(incident) = rows::load(tx, IncidentId(row.try_get("incident")?)).await? else {
        return Ok(Next::Needless);
    };
    if !incident.status.is_open() && reason != Reason::Rejected {
        return Ok(Next::Needless);
    }
    let severity = store::severity("severity", row.try_get("severity")?)?;
    let (failed, remark, step) = (text("channel")?, text("remark")?, row.try_get("step")?);
    let to = To { role: &role, region: &region, line: &line };
    let office = office_of_row(&row)?;
    let contacts: Vec<Contact> = match &office {
        None => {
            // That a decision is waited for is said no more once it was made.
            let waits = matches!(reason, Reason::Page | Reason::PageAgain);
            if waits && Telling::of(tx, alerts, &incident, now).awaited().is_none() {
                return Ok(Next::Needless);
            }
            roster.desk(incident.place.as_ref()).to_vec()
        }
        Some(office) => {
            let matter = matter(tx.conn(), &incident, severity).await?;
            if matter.bars(office).is_some() {
                return Ok(Next::Needless);
            }
            let barred = barred(roster, &incident, &matter.accused);
            roster.contacts(office).iter().filter(|contact| !barred.contains(*contact)).cloned().collect()
        }
    };
    let (mut goes, untried) = (false, is_unreachable(&row)?);
    for contact in contacts.iter().filter(|contact| untried || channel_of(contact) != failed) {
        let mut telling = Telling::of(tx, alerts, &incident, now).by(roster);
        goes |= telling.enqueue(to, contact, reason, step, severity, &remark).await?;
        // Every line of the desk is paged at once; an office is tried through one address after the other.
        if goes && office.is_some() {
            break;
        }
    }
    if goes && reason == Reason::Update {
        answers::carried_on(tx, id).await?;
    }
    if goes {
        return Ok(Next::Goes);
    }
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM notifications WHERE incident = $1 AND role = $2 AND region = $3 AND reason = $4
         AND step = $5 AND id <> $6 AND state NOT IN ('failed', 'moot')",
    )
    .bind(incident.id.0)
    .bind(&role)
    .bind(&region)
    .bind(reason.as_str())
    .bind(step)
    .bind(id)
    .fetch_one(tx.conn())
    .await?;
    Ok(if others > 0 { Next::Needless } else { Next::Nobody })
}
