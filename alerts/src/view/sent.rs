//! What went out: the messages of an incident, and the last ones of all.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use stream::Queue;

use crate::db::{Db, DbError};
use crate::model::*;
use crate::outbox::is_switched_off;
use crate::store::{self, maybe_time, time};
use crate::tell::office_of_row;

const NOTIFICATION: &str = "n.id, n.number, n.incident, n.role, n.region, n.channel, n.severity, n.reason, n.remark, n.beside, n.step, n.state, \
    n.attempts, n.repeats, n.created_at, n.sent_at, n.error, n.answer, n.answered_at, n.body";

fn notification(row: &AnyRow) -> Result<NotificationView, DbError> {
    let answer: Option<String> = row.try_get("answer")?;
    let channel: String = row.try_get("channel")?;
    Ok(NotificationView {
        id: row.try_get("id")?,
        number: row.try_get("number")?,
        incident: IncidentId(row.try_get("incident")?),
        office: office_of_row(row)?,
        channel: channel.split('/').next().unwrap_or_default().to_owned(),
        severity: store::severity("severity", row.try_get("severity")?)?,
        reason: row.try_get("reason")?,
        remark: row.try_get("remark")?,
        beside: row.try_get::<Option<String>, _>("beside")?.map(|code| Beside::read(&code).number),
        step: row.try_get("step")?,
        state: row.try_get("state")?,
        attempts: row.try_get("attempts")?,
        repeats: row.try_get("repeats")?,
        created_at: time("created_at", row.try_get("created_at")?)?,
        sent_at: maybe_time("sent_at", row.try_get("sent_at")?)?,
        error: row.try_get("error")?,
        answer: answer.as_deref().and_then(Answer::parse),
        answered_at: maybe_time("answered_at", row.try_get("answered_at")?)?,
        body: row.try_get("body")?,
    })
}

/// What was sent of `incident`. What a kill switch holds for stands as held also before its turn has come.
pub(super) async fn notifications(db: &Db, incident: &Incident) -> Result<Vec<NotificationView>, DbError> {
    let sql = format!(
        "SELECT {NOTIFICATION} FROM notifications n WHERE n.incident = $1 ORDER BY n.created_at, n.number"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(incident.id.0).fetch_all(db.pool()).await?;
    let switched: Vec<String> = sqlx::query_scalar("SELECT scope FROM switches").fetch_all(db.pool()).await?;
    let mut sent: Vec<NotificationView> = rows.iter().map(notification).collect::<Result<_, _>>()?;
    for it in sent.iter_mut().filter(|it| it.state == "pending") {
        if is_switched_off(&switched, &it.channel, it.office.as_ref(), incident.place.as_ref()) {
            "held".clone_into(&mut it.state);
        }
    }
    Ok(sent)
}

/// The last notifications about matters that `actor` may see.
pub(crate) async fn last_notifications(
    db: &Db,
    actor: &Actor,
    limit: i64,
) -> Result<Vec<NotificationView>, DbError> {
    let sql = format!(
        "SELECT {NOTIFICATION}, i.queue, i.place FROM notifications n JOIN incidents i ON i.id = n.incident
         ORDER BY n.created_at DESC LIMIT $1"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(limit).fetch_all(db.pool()).await?;
    let mut seen = Vec::new();
    for row in &rows {
        let queue: String = row.try_get("queue")?;
        let place: Option<String> = row.try_get("place")?;
        let place = place.map(|place| store::region("place", &place)).transpose()?;
        if Queue::parse(&queue).is_some_and(|queue| actor.acts(queue, place.as_ref())) {
            seen.push(notification(row)?);
        }
    }
    Ok(seen)
}
