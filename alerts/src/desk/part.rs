//! Taking a post out of an incident that it does not belong to.

use stream::Severity;

use super::acts::Act;
use super::error::DeskError;
use super::place::corrections;
use crate::Alerts;
use crate::db::Tx;
use crate::model::*;
use crate::store::parting::{self, Parted};
use crate::store::rows::{self, note};
use crate::store::{Touched, sums};
use crate::tell::{self, Telling};

pub(super) async fn part(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    id: IncidentId,
    post: &str,
    why: Apart,
) -> Result<IncidentId, DeskError> {
    let act = Act::begin(tx, alerts, actor, id).await?;
    let from = &act.incident;
    if !from.status.is_open() {
        return Err(DeskError::Status { status: from.status, action: Action::Confirm });
    }
    let made = match parting::part(tx, alerts, from, post, act.now).await? {
        Parted::Into(made) => made,
        Parted::NothingLeft => return Err(DeskError::Refused("only_post")),
        Parted::NotThere => return Err(DeskError::NotFound),
    };
    act.record(tx, "part", Event::Parted, &format!("{made} ({why})")).await?;
    note(tx, made, act.now, &actor.name, Event::PartedFrom, &format!("{id} ({why})")).await?;
    // What somebody was told of, or has decided on, stays one matter, whatever is left of it.
    let loose = from.status == Status::Baru && from.told_at.is_none();
    let told = tell::progress(tx, from, Severity::Normal).await?.told;
    let mut left = sums::refresh(tx, alerts, id, loose, act.now).await?;
    let rest = act.reload(tx).await?;
    parting::forget(tx, &rest).await?;
    if !told.is_empty() {
        let times = corrections(tx, id).await?;
        Telling::of(tx, alerts, &rest, act.now).narrowed(from, &told, times).await?;
    }
    Telling::of(tx, alerts, &rest, act.now).forgets().await?;
    left.extend(sums::refresh(tx, alerts, made, false, act.now).await?);
    let merged_nothing = Touched::default();
    for id in left {
        if let Some(incident) = rows::load(tx, id).await? {
            Telling::of(tx, alerts, &incident, act.now).after_change(&merged_nothing).await?;
        }
    }
    Ok(made)
}
