//! The page behind a link: what an office may see of the matter it was told of.

use sqlx::Row;
use stream::{Queue, Severity};

use super::load;
use crate::db::DbError;
use crate::message::{Doubt, of_matter, sayable, sayable_scenes};
use crate::model::*;
use crate::store::{self, maybe_time, time};
use crate::tell::office_of_row;
use crate::{Alerts, Reason};

/// What the link of notification `id` shows. A link once sent answers for good: an office that is complained of by
/// now sees nothing that its message did not say (SG-14), and may still answer. Every other one sees the level in
/// force by now, whatever level its message was sent at.
pub(crate) async fn answer_page(alerts: &Alerts, id: &str) -> Result<Option<AnswerPage>, DbError> {
    let row = sqlx::query(
        "SELECT incident, number, role, region, reason, remark, severity, answer, answered_at, beside,
         COALESCE(answered_level, severity) AS answered_level, created_at FROM notifications WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(alerts.db.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let text = |column: &'static str| row.try_get::<String, _>(column);
    let Some((office, reason)) = office_of_row(&row)?.zip(Reason::parse(&text("reason")?)) else {
        return Ok(None);
    };
    let Some(mut incident) = load(&alerts.db, IncidentId(row.try_get("incident")?)).await? else {
        return Ok(None);
    };
    // What was taken into another one took its messages along, but where they had been taken back: that holds.
    if incident.status == Status::Digabung {
        incident.status = Status::Ditolak;
    }
    let remark = text("remark")?;
    let told = store::severity("severity", row.try_get("severity")?)?;
    let mut conn = alerts.db.pool().acquire().await?;
    let withheld = crate::tell::matter(&mut conn, &incident, told).await?.bars(&office).is_some();
    let seen = incident.seen_from(&office.region, reason);
    let answer: Option<String> = row.try_get("answer")?;
    let own = match answer.as_deref().and_then(Answer::parse) {
        Some(answer) => maybe_time("answered_at", row.try_get("answered_at")?)?.map(|at| (answer, at)),
        None => None,
    };
    let elsewhere = if own.is_none() { crate::tell::given(&mut conn, id).await? } else { None };
    let answered = match &elsewhere {
        Some(given) => given.level,
        None => row.try_get("answered_level")?,
    };
    let given = own.or(elsewhere.as_ref().map(|given| (given.answer, given.at)));
    let holds = given.is_some_and(|(answer, _)| answer != Answer::BukanWilayah)
        && seen.effective.is_some_and(|confirmed| answered >= store::rank(confirmed));
    let severity = if withheld { told } else { in_force(&seen) };
    let doubt = if withheld { Doubt::default() } else { crate::tell::doubt(&mut conn, &incident).await? };
    drop(conn);
    let ended = if withheld { None } else { ended(alerts, &incident).await? };
    let proposed = match seen.effective {
        Some(_) => seen.awas_waits_for_second.as_ref().map(|_| Severity::Awas),
        None => Some(seen.proposed.max(told)).filter(|proposed| *proposed > severity),
    };
    Ok(Some(AnswerPage {
        withheld,
        number: of_matter(&text("number")?).to_owned(),
        office,
        category: Some(incident.category).filter(|_| !reason.hides(&remark)),
        severity,
        proposed: proposed.filter(|_| !withheld && incident.status.is_open()),
        reason: if withheld { reason } else { by_now(&seen, reason) },
        ended,
        place: seen.place.as_ref().map(|place| sayable(incident.category, place)).filter(|_| !withheld),
        scenes: if withheld { Vec::new() } else { sayable_scenes(&seen).to_vec() },
        doubt,
        at: if withheld { time("created_at", row.try_get("created_at")?)? } else { seen.last_event },
        certainty: seen.certainty_told(Some(reason)),
        sources: if withheld { 0 } else { seen.sources },
        each: !withheld && incident.queue == Queue::Konflik && seen.of_several(Some(reason)),
        wide: if withheld { 0 } else { seen.wide_told(Some(reason)) },
        unknown: seen.unknown(),
        open: reason.asks(&remark) && incident.status.is_open() && given.is_none(),
        answer: given.map(|(answer, _)| answer),
        elsewhere: elsewhere.is_some(),
        beside: row
            .try_get::<Option<String>, _>("beside")?
            .map(|code| Beside::read(&code))
            .filter(|_| !withheld),
        holds: holds && !withheld,
        answered_at: given.map(|(_, at)| at),
        zone: incident.zone,
        remark,
    }))
}

/// How `incident` ended, once it has.
async fn ended(alerts: &Alerts, incident: &Incident) -> Result<Option<Ended>, DbError> {
    if incident.status.is_open() {
        return Ok(None);
    }
    let at: Option<i64> = sqlx::query_scalar(
        "SELECT MAX(at) FROM history WHERE incident = $1 AND kind IN ('rejected', 'finished')",
    )
    .bind(incident.id.0)
    .fetch_one(alerts.db.pool())
    .await?;
    Ok(Some(Ended { status: incident.status, at: maybe_time("at", at)? }))
}

/// Why an office is told by now: what went out before a person looked at it stands as confirmed since.
fn by_now(incident: &Incident, reason: Reason) -> Reason {
    match reason {
        Reason::AtOnce | Reason::Unconfirmed | Reason::Further if incident.effective.is_some() => {
            Reason::Confirmed
        }
        reason => reason,
    }
}

/// The level in force of `incident` for whoever was told of it: none of a matter that was turned down, the confirmed one
/// of what a person has decided, and WASPADA while nobody has (domain.md 2.3).
fn in_force(incident: &Incident) -> Severity {
    match (incident.status, incident.effective) {
        (Status::Ditolak, _) => Severity::Normal,
        (_, Some(effective)) => effective,
        (_, None) => Severity::Waspada,
    }
}
