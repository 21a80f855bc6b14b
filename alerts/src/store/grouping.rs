//! Which incident a signal joins: found in its group, made anew, or merged out of those it bridges.

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, RegionCode, Severity, Zone};

use super::rows::{self, note};
use super::{SYSTEM, Touched, numbers, region, time};
use crate::db::{DbError, Tx};
use crate::group::{self, Decision, Session};
use crate::{Action, Alerts, Event, IncidentId, Status, life};

/// Statuses that take further posts.
const OPEN: &str = "('baru', 'dikonfirmasi', 'ditangani')";

/// Finds the open incident of `key` that an event from `first` to `last` belongs to, merging those it bridges.
/// `own` is an incident that is itself looking for its group.
#[expect(clippy::too_many_arguments, reason = "a span of time in a group, with the context of a write")]
pub(crate) async fn settle_group(
    tx: &mut Tx,
    alerts: &Alerts,
    key: &str,
    first: Timestamp,
    last: Timestamp,
    own: Option<IncidentId>,
    now: Timestamp,
    touched: &mut Touched,
) -> Result<Option<IncidentId>, DbError> {
    let gap = alerts.policy.gap_seconds();
    let sql = format!(
        "SELECT id, first_event, last_event FROM incidents WHERE group_key = $1 AND status IN {OPEN}
         AND first_event <= $2 AND last_event >= $3"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(key)
        .bind(last.as_microsecond() + gap * 1_000_000)
        .bind(first.as_microsecond() - gap * 1_000_000)
        .fetch_all(tx.conn())
        .await?;
    let mut open = Vec::with_capacity(rows.len());
    for row in rows {
        open.push(Session {
            id: IncidentId(row.try_get("id")?),
            first: time("first_event", row.try_get("first_event")?)?,
            last: time("last_event", row.try_get("last_event")?)?,
        });
    }
    if own.is_some() && open.len() < 2 {
        return Ok(own);
    }
    match group::decide(first, last, &open, gap) {
        Decision::New => Ok(None),
        Decision::Join { into, younger } => {
            for id in younger {
                merge(tx, id, into, SYSTEM, now, touched).await?;
            }
            Ok(Some(into))
        }
    }
}

/// Where a person has put copies of a text that names no place.
pub(super) struct ByHand {
    /// The group of the incident they stand in.
    pub(super) key: String,
    /// The place that a person gave them; none when their incident was merged into another one.
    pub(super) place: Option<RegionCode>,
}

/// Where a person has put copies of the text with key `copy`, which names no place, out of their own group `own`: set its
/// place, or merged it into another matter. Copies that come later go the same way, of KF-14 those that accuse the same
/// class, `whose`.
pub(super) async fn copies_at(
    tx: &mut Tx,
    alerts: &Alerts,
    (category, copy, whose): (Category, &str, &str),
    own: &str,
    at: Timestamp,
) -> Result<Option<ByHand>, DbError> {
    let gap = alerts.policy.gap_seconds() * 1_000_000;
    let sql = format!(
        "SELECT i.group_key, s.place FROM signals s JOIN incidents i ON i.id = s.incident
         WHERE s.copy_key = $1 AND s.category = $2 AND (s.placed = 1 OR s.place IS NULL) AND i.group_key <> $3
         AND i.group_key LIKE $6 AND i.status IN {OPEN} AND i.first_event <= $4 AND i.last_event >= $5 ORDER BY i.id, s.post LIMIT 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(copy)
        .bind(category.as_str())
        .bind(own)
        .bind(at.as_microsecond() + gap)
        .bind(at.as_microsecond() - gap)
        .bind(format!("%{whose}"))
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let place: Option<String> = row.try_get("place")?;
    let place = place.map(|place| region("place", &place)).transpose()?;
    Ok(Some(ByHand { key: row.try_get("group_key")?, place }))
}

/// The group into which a person has taken copies of the text with key `copy`, out of the incident they had come to:
/// copies that come later go there, too, of KF-14 those that accuse the same class, `whose`. What became of the copies
/// there says nothing for the place they were taken from; where a person has merged them into another matter, later ones
/// follow while that is open and near in time.
pub(super) async fn parted_at(
    tx: &mut Tx,
    alerts: &Alerts,
    (category, copy, whose): (Category, &str, &str),
    at: Timestamp,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    let gap = alerts.policy.gap_seconds() * 1_000_000;
    let (from, to) = (at.as_microsecond() - gap, at.as_microsecond() + gap);
    let sql = format!(
        "SELECT i.group_key, CASE WHEN i.status IN {OPEN} AND i.first_event <= $5 AND i.last_event >= $6
         THEN 1 ELSE 0 END AS near FROM signals s JOIN incidents i ON i.id = s.incident
         WHERE s.copy_key = $1 AND s.category = $2 AND s.parted = 1 AND i.group_key LIKE $3 AND s.event_at >= $4
         ORDER BY near DESC, s.event_at DESC, i.id DESC LIMIT 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(copy)
        .bind(category.as_str())
        .bind(format!("%{whose}"))
        .bind(from.min(alerts.policy.too_old(now).as_microsecond()))
        .bind(to)
        .bind(from)
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (key, near): (String, i64) = (row.try_get("group_key")?, row.try_get("near")?);
    Ok(Some(key).filter(|key| group::is_apart(key) || near == 1))
}

/// What a new incident begins with.
pub(super) struct New<'a> {
    pub(super) key: &'a str,
    pub(super) category: Category,
    pub(super) place: Option<&'a RegionCode>,
    pub(super) zone: Zone,
}

pub(super) async fn make(
    tx: &mut Tx,
    alerts: &Alerts,
    new: New<'_>,
    at: Timestamp,
    now: Timestamp,
) -> Result<IncidentId, DbError> {
    let id = IncidentId(numbers(tx, "incidents", 1).await?);
    let gap = alerts.policy.gap_seconds() * 1_000_000;
    let follows: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM incidents WHERE group_key = $1 AND status IN ('selesai', 'ditolak')
         AND first_event <= $2 AND last_event >= $3 AND posts > 0 ORDER BY last_event DESC, id DESC LIMIT 1",
    )
    .bind(new.key)
    .bind(at.as_microsecond() + gap)
    .bind(at.as_microsecond() - gap)
    .fetch_optional(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO incidents (id, queue, category, group_key, place, place_set, zone, status, proposed,
         first_event, last_event, created_at, archived, posts, sources, reporter, returned, released, follows,
         numbered)
         VALUES ($1, $2, $3, $4, $5, 0, $6, 'baru', 0, $7, $7, $8, 0, 0, 0, 0, 0, 0, $9, 0)",
    )
    .bind(id.0)
    .bind(new.category.queue().as_str())
    .bind(new.category.as_str())
    .bind(new.key)
    .bind(new.place.map(RegionCode::as_str))
    .bind(new.zone.name())
    .bind(at.as_microsecond())
    .bind(now.as_microsecond())
    .bind(follows)
    .execute(tx.conn())
    .await?;
    note(tx, id, now, SYSTEM, Event::Made, "").await?;
    Ok(id)
}

/// Takes `younger` into `into`: its posts, its messages, its clocks, and how far its life has come.
pub(crate) async fn merge(
    tx: &mut Tx,
    younger: IncidentId,
    into: IncidentId,
    actor: &str,
    now: Timestamp,
    touched: &mut Touched,
) -> Result<(), DbError> {
    let (Some(from), Some(to)) = (rows::load(tx, younger).await?, rows::load(tx, into).await?) else {
        return Ok(());
    };
    // What was told of a matter that was turned down was taken back: nobody has heard of the other by it.
    let moved: &[&str] = if is_taken_back(&from) { &["signals"] } else { &["signals", "notifications"] };
    for table in moved {
        let sql = format!("UPDATE {table} SET incident = $2 WHERE incident = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(younger.0).bind(into.0).execute(tx.conn()).await?;
    }
    sqlx::query("UPDATE incidents SET merged_into = $2, posts = 0 WHERE id = $1")
        .bind(younger.0)
        .bind(into.0)
        .execute(tx.conn())
        .await?;
    rows::move_clocks(tx, younger, into).await?;
    if let Some(status) = life::next(from.status, Action::Merge) {
        rows::set_status(tx, younger, status, None).await?;
    }
    carry(tx, &from, &to).await?;
    note(tx, younger, now, actor, Event::Merged, &into.to_string()).await?;
    note(tx, into, now, actor, Event::Absorbed, &younger.to_string()).await?;
    touched.changed.remove(&younger);
    touched.lost.remove(&younger);
    touched.changed.insert(into);
    touched.taken.push(younger);
    if touched.decided.remove(&younger) || from.effective != to.effective {
        touched.decided.insert(into);
    }
    Ok(())
}

/// Whether whoever was told of `incident` was told that it is cancelled.
fn is_taken_back(incident: &crate::Incident) -> bool {
    incident.status == Status::Ditolak
}

/// What was confirmed, handled, told or released of `from` holds for `to` as well.
async fn carry(tx: &mut Tx, from: &crate::Incident, to: &crate::Incident) -> Result<(), DbError> {
    let mut status = to.status;
    for (reached, action) in [(Status::Dikonfirmasi, Action::Confirm), (Status::Ditangani, Action::Handle)] {
        // What was finished was confirmed before; what comes to it now is not handled by that.
        let further = matches!(from.status, Status::Ditangani | Status::Selesai);
        let came = from.status == reached || reached == Status::Dikonfirmasi && further;
        if came && let Some(next) = life::next(status, action) {
            status = next;
        }
    }
    if status != to.status {
        rows::set_status(tx, to.id, status, None).await?;
    }
    if let Some(effective) = from.effective.max(to.effective) {
        // An AWAS that one of two persons has confirmed waits on, unless the other was confirmed as that.
        let waits = to.awas_waits_for_second.as_ref().or(from.awas_waits_for_second.as_ref());
        let waits = waits.filter(|_| effective < Severity::Awas);
        let both = [from, to].into_iter().filter(|one| one.effective == Some(Severity::Awas));
        let backing = both.filter_map(|one| one.backing).min();
        rows::set_effective(tx, to.id, effective, backing, waits.map(String::as_str)).await?;
    }
    let checked = [rows::checked(tx, from.id).await?, rows::checked(tx, to.id).await?].concat();
    rows::set_checked(tx, to.id, &checked.iter().collect::<Vec<_>>()).await?;
    let from_told = from.told_at.filter(|_| !is_taken_back(from));
    let told = from_told.into_iter().chain(to.told_at).min();
    let tells = if is_taken_back(from) { to } else { from };
    sqlx::query(
        "UPDATE incidents SET told_at = $2, released = $3, first_event = $4, last_event = $5,
         told_severity = (SELECT MAX(told_severity) FROM incidents WHERE id IN ($1, $6)) WHERE id = $1",
    )
    .bind(to.id.0)
    .bind(told.map(Timestamp::as_microsecond))
    .bind(i64::from(from.released && !is_taken_back(from) || to.released))
    .bind(from.first_event.min(to.first_event).as_microsecond())
    .bind(from.last_event.max(to.last_event).as_microsecond())
    .bind(tells.id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}
