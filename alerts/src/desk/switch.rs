//! Kill switches (SG-17): what they may hold back, and turning them.

use lexicons::gazetteer::Gazetteer;
use stream::RegionCode;

use super::error::DeskError;
use crate::Alerts;
use crate::channels::Kind;
use crate::db::{DbError, Tx};
use crate::model::*;
use crate::store::audit::{self, Deed};

/// `typed` as a switch is stored: `region:62.10` or `channel:email`.
pub(super) fn scope(typed: &str, on: bool) -> Result<String, DeskError> {
    let is_channel = |name: &str| Kind::parse(name).is_some();
    let bare = if is_channel(typed) { "channel" } else { "region" };
    let (kind, held) = typed.split_once(':').unwrap_or((bare, typed));
    match kind {
        "region" => {
            let code = RegionCode::parse(held).map_err(|_| DeskError::Refused("scope"))?;
            // A switch of an area that is gone since can still be turned off.
            if on && Gazetteer::in_use().area(&code).is_none() {
                return Err(DeskError::Refused("no_such_region"));
            }
        }
        "channel" if is_channel(held) => {}
        _ => return Err(DeskError::Refused("scope")),
    }
    Ok(format!("{kind}:{held}"))
}

pub(super) async fn turn(
    tx: &mut Tx,
    alerts: &Alerts,
    actor: &Actor,
    scope: &str,
    on: bool,
    reason: &str,
) -> Result<(), DeskError> {
    let now = alerts.clock.now();
    let write = if on {
        sqlx::query(
            "INSERT INTO switches (scope, set_by, at, reason) VALUES ($1, $2, $3, $4)
             ON CONFLICT (scope) DO UPDATE SET set_by = $2, at = $3, reason = $4",
        )
        .bind(scope)
        .bind(&actor.name)
        .bind(now.as_microsecond())
        .bind(reason)
    } else {
        sqlx::query("DELETE FROM switches WHERE scope = $1").bind(scope)
    };
    write.execute(tx.conn()).await.map_err(DbError::from)?;
    if !on {
        // What another switch still holds back is held again when it is looked at.
        sqlx::query("UPDATE notifications SET state = 'pending' WHERE state = 'held'")
            .execute(tx.conn())
            .await
            .map_err(DbError::from)?;
    }
    let action = if on { "switch_on" } else { "switch_off" };
    Ok(audit::write(tx, now, Deed { actor: &actor.name, action, subject: scope, detail: reason }).await?)
}
