//! What the desk shows: reads only.

mod answer;
mod kept;
mod posts;
mod queue;
mod same;
mod sent;
mod watch;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::db::{Db, DbError};
use crate::explain::told_of;
use crate::group::is_apart;
use crate::model::*;
use crate::reason::SECOND;
use crate::rests::OF_INCIDENT;
use crate::route::accused::complained_of;
use crate::store::{INCIDENT, incident as read_incident, time};
use crate::{Alerts, life};

pub(crate) use answer::answer_page;
pub(crate) use posts::incidents_of;
use queue::{OF_DECISION, decide_by};
pub(crate) use queue::{count, counts, queue};
pub(crate) use sent::last_notifications;
pub(crate) use watch::{gaps, health};

/// The incident `id`.
pub(crate) async fn load(db: &Db, id: IncidentId) -> Result<Option<Incident>, DbError> {
    let sql = format!("SELECT {INCIDENT} FROM incidents WHERE id = $1");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id.0).fetch_optional(db.pool()).await?;
    row.as_ref().map(read_incident).transpose()
}

/// Everything of one incident; of those beside it the ones that `actor` may open.
pub(crate) async fn incident(
    alerts: &Alerts,
    actor: &Actor,
    incident: Incident,
) -> Result<IncidentView, DbError> {
    let db = &alerts.db;
    let mut conn = db.pool().acquire().await?;
    let matter = crate::tell::matter(&mut conn, &incident, incident.severity()).await?;
    let doubt = crate::tell::doubt(&mut conn, &incident).await?;
    drop(conn);
    let own = format!("SELECT {OF_INCIDENT} AS rests, group_key, {OF_DECISION} FROM incidents WHERE id = $1");
    let own = sqlx::query(AssertSqlSafe(own)).bind(incident.id.0).fetch_one(db.pool()).await?;
    let notifications = sent::notifications(db, &incident).await?;
    let answered = notifications.iter().filter(|sent| sent.answer == Some(Answer::Aman));
    let aman = answered.filter_map(|sent| sent.office.as_ref()).any(|office| matter.bars(office).is_none());
    // What a person has taken out of another matter is told to nobody at once, whoever says it.
    let key: String = own.try_get("group_key")?;
    let certainty = match incident.certainty() {
        certainty if certainty.is_decided() || incident.told_at.is_some() || !is_apart(&key) => certainty,
        _ => Certainty::Unverified,
    };
    let told = told_of(&matter, certainty, &alerts.roster(), &alerts.policy);
    let posts = posts::posts(db, &incident).await?;
    let seen: Vec<_> = posts.iter().flat_map(|post| complained_of(&post.finding)).collect();
    let told = told.for_reader_of(&matter, &seen).with_sent(&incident, &notifications);
    Ok(IncidentView {
        rests: own.try_get("rests")?,
        doubt,
        decide_by: decide_by(&own, &incident)?,
        posts,
        maybe_same: same::maybe_same(db, actor, &incident, alerts.policy.gap_seconds()).await?,
        told_after_confirmation: told.after_confirmation,
        told_now: told.now,
        aman,
        notifications,
        history: history(db, incident.id).await?,
        related: same::related(db, actor, &incident, alerts.policy.gap_seconds()).await?,
        clocks: running(alerts, &incident).await?,
        actions: life::possible(incident.status),
        incident,
    })
}

async fn history(db: &Db, id: IncidentId) -> Result<Vec<HistoryLine>, DbError> {
    let rows = sqlx::query("SELECT at, actor, kind, detail FROM history WHERE incident = $1 ORDER BY id")
        .bind(id.0)
        .fetch_all(db.pool())
        .await?;
    rows.iter()
        .map(|row| {
            Ok(HistoryLine {
                at: time("at", row.try_get("at")?)?,
                actor: row.try_get("actor")?,
                kind: row.try_get("kind")?,
                detail: row.try_get("detail")?,
            })
        })
        .collect()
}

async fn running(alerts: &Alerts, incident: &Incident) -> Result<Vec<ClockView>, DbError> {
    let rows = sqlx::query("SELECT kind, due FROM timers WHERE incident = $1 ORDER BY due")
        .bind(incident.id.0)
        .fetch_all(alerts.db.pool())
        .await?;
    let no_desk = alerts.roster().desk(incident.place.as_ref()).is_empty();
    let kind = |row: &AnyRow| row.try_get::<String, _>("kind");
    rows.iter()
        // Where the roster names no desk nobody is called.
        .filter(|row| !no_desk || !kind(row).is_ok_and(|kind| kind == Timer::Desk.as_str()))
        .map(|row| {
            let kind = kind(row)?;
            let second = kind == Timer::Unconfirmed.as_str() && incident.awas_waits_for_second.is_some();
            let kind = if second { SECOND.to_owned() } else { kind };
            Ok(ClockView { kind, due: time("due", row.try_get("due")?)? })
        })
        .collect()
}
