//! Where an incident belongs: its place as a person sets it, and one incident taken into another.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use lexicons::gazetteer::Gazetteer;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::{Queue, RegionCode, Severity};

use super::acts::Act;
use super::error::DeskError;
use crate::db::{DbError, Tx};
use crate::group;
use crate::model::*;
use crate::roster::Roster;
use crate::route::plan::first_step;
use crate::store::audit::{self, Deed};
use crate::store::{Touched, grouping, rows, sums};
use crate::tell::{self, Telling};
use crate::{Alerts, Reason};

pub(super) async fn merge(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    younger: IncidentId,
    into: IncidentId,
) -> Result<(), DeskError> {
    if younger == into {
        return Err(DeskError::Refused("itself"));
    }
    let from = Act::begin(tx, alerts, actor, younger).await?;
    let to = Act::begin(tx, alerts, actor, into).await?;
    from.next(Action::Merge)?;
    if from.incident.queue != to.incident.queue {
        return Err(DeskError::Refused("other_queue"));
    }
    if !to.incident.status.is_open() {
        return Err(DeskError::Status { status: to.incident.status, action: Action::Merge });
    }
    let keys = (rows::group_key(tx, younger).await?, rows::group_key(tx, into).await?);
    if !group::is_apart(&keys.0) && group::is_apart(&keys.1) {
        // It is no matter of its own any more: what comes to the group of the other one comes here.
        rows::set_group_key(tx, into, &keys.0).await?;
    }
    let mut touched = Touched::default();
    grouping::merge(tx, younger, into, &actor.name, from.now, &mut touched).await?;
    let subject = younger.to_string();
    let detail = into.to_string();
    let deed = Deed { actor: &actor.name, action: "merge", subject: &subject, detail: &detail };
    audit::write(tx, from.now, deed).await?;
    let roster = alerts.roster();
    settle(tx, alerts, &roster, &touched, from.now).await?;
    let incident = to.reload(tx).await?;
    if incident.told_at.is_none() && incident.place.is_some() {
        tell_decided(tx, alerts, &roster, &incident, from.now).await?;
    }
    Ok(())
}

/// Tells of `incident`, of which nobody was told, where a person has decided on it: there is a place by now, its own or
/// that of the matter it came to.
async fn tell_decided(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    incident: &Incident,
    now: Timestamp,
) -> Result<(), DbError> {
    if incident.status == Status::Baru || !incident.status.is_open() {
        return Ok(());
    }
    Telling::of(tx, alerts, incident, now).by(roster).confirmed().await?;
    if incident.awas_waits_for_second.is_some() {
        Telling::of(tx, alerts, incident, now).by(roster).awaits_second().await?;
    }
    Ok(())
}

/// Brings the sums of what a person changed up to date, and what follows from them.
async fn settle(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    touched: &Touched,
    now: Timestamp,
) -> Result<(), DeskError> {
    for id in &touched.changed {
        for left in sums::refresh(tx, alerts, *id, false, now).await? {
            if let Some(incident) = rows::load(tx, left).await? {
                Telling::of(tx, alerts, &incident, now).by(roster).after_change(touched).await?;
            }
        }
    }
    Ok(())
}

pub(super) async fn set_place(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    place: &RegionCode,
) -> Result<PlaceSet, DeskError> {
    let (act, roster) = (Act::begin(tx, alerts, actor, id).await?, alerts.roster());
    if !act.incident.status.is_open() {
        return Err(DeskError::Status { status: act.incident.status, action: Action::Confirm });
    }
    if !actor.covers(place) {
        return Err(DeskError::Forbidden { role: actor.role, act: "set_place" });
    }
    let Incident { category, first_event, last_event, .. } = act.incident;
    let own = rows::group_key(tx, id).await?;
    let key = match group::is_apart(&own) {
        // Where it lies says nothing against what a person has said: that it is a matter of its own.
        true => own,
        false => group::key(category, Some(place), alerts.policy.group_level, "", group::subject_of(&own)),
    };
    let before = written(tx, id, act.now).await?;
    let zone = Gazetteer::in_use().zone(place).unwrap_or(act.incident.zone);
    rows::set_place(tx, id, place, zone, &key).await?;
    act.record(tx, "set_place", Event::Place, place.as_str()).await?;
    let told = tell::progress(tx, &act.incident, Severity::Normal).await?.told;
    if !told.is_empty() {
        let incident = act.reload(tx).await?;
        correct(tx, alerts, &roster, (&act.incident, &incident), &told, act.now).await?;
    }
    let mut touched = Touched::default();
    touched.changed.insert(id);
    grouping::settle_group(tx, alerts, &key, first_event, last_event, Some(id), act.now, &mut touched)
        .await?;
    settle(tx, alerts, &roster, &touched, act.now).await?;
    let incident = act.reload(tx).await?;
    let holds = match incident.merged_into {
        Some(into) => rows::load(tx, into).await?.filter(|into| into.told_at.is_none()),
        None => Some(incident.clone()).filter(|_| told.is_empty()),
    };
    if let Some(holds) = holds {
        tell_decided(tx, alerts, &roster, &holds, act.now).await?;
    }
    let mut told = written(tx, incident.merged_into.unwrap_or(id), act.now).await?;
    told.retain(|message, _| !before.contains_key(message));
    let told: BTreeSet<Office> = told.into_values().flatten().collect();
    let placed = match incident.merged_into {
        Some(into) => Placed::Into(into),
        None => Placed::Here { taken: touched.taken },
    };
    Ok(PlaceSet { placed, told: told.into_iter().collect() })
}

/// The messages about incident `id` that were written at `now`, each with the office it is for.
async fn written(
    tx: &mut Tx,
    id: IncidentId,
    now: Timestamp,
) -> Result<BTreeMap<String, Option<Office>>, DbError> {
    let rows =
        sqlx::query("SELECT id, role, region FROM notifications WHERE incident = $1 AND created_at = $2")
            .bind(id.0)
            .bind(now.as_microsecond())
            .fetch_all(tx.conn())
            .await?;
    let read = |row: &AnyRow| Ok((row.try_get("id")?, tell::office_of_row(row)?));
    rows.iter().map(read).collect()
}

/// How often a person has changed where `id` lies, by setting its place or by taking a post out of it.
pub(super) async fn corrections(tx: &mut Tx, id: IncidentId) -> Result<i64, DbError> {
    let times = sqlx::query_scalar(
        "SELECT COUNT(*) FROM history WHERE incident = $1 AND kind IN ('place', 'parted')",
    );
    Ok(times.bind(id.0).fetch_one(tx.conn()).await?)
}

/// Tells those who were told of the new place, and those who belong to it; an incident as it was and as it is.
async fn correct(
    tx: &mut Tx,
    alerts: &Alerts,
    roster: &Arc<Roster>,
    (was, incident): (&Incident, &Incident),
    told: &BTreeSet<Office>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let times = corrections(tx, incident.id).await?;
    Telling::of(tx, alerts, incident, now).by(roster).corrected(was, told, times).await?;
    // Who belongs to the new place hears of an item of Bawaslu's that one waits, as of any change, and no more (SG-02); what
    // an officer has released goes to the Bawaslu that it belongs to now.
    if incident.queue == Queue::Netralitas {
        if incident.released {
            Telling::of(tx, alerts, incident, now).by(roster).released(10 + times, told).await?;
        }
        return Ok(());
    }
    let overdue: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM notifications WHERE incident = $1 AND reason = 'unconfirmed'",
    )
    .bind(incident.id.0)
    .fetch_one(tx.conn())
    .await
    .map_err(DbError::from)?;
    let (severity, reason) = match incident.effective {
        Some(severity) => (severity, Reason::Confirmed),
        None => {
            // While its time to decide runs nobody says that it is over: others were told at once, and so are these.
            let reason = if overdue > 0 { Reason::Unconfirmed } else { Reason::AtOnce };
            (Severity::Waspada.max(tell::told_at(tx, incident).await?), reason)
        }
    };
    let mut plan = first_step(&tell::matter(tx.conn(), incident, severity).await?, roster);
    plan.told.retain(|because| !told.contains(&because.office));
    if !plan.told.is_empty() {
        Telling::of(tx, alerts, incident, now).by(roster).tell(severity, reason, 10 + times, &plan).await?;
    }
    Ok(())
}
