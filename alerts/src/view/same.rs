//! Matters beside a matter: *mungkin sama*, open ones that may be one with it, told of another place or under another
//! category; and those at the same place at the same time.

use sqlx::AssertSqlSafe;
use stream::Level;

use crate::db::{Db, DbError};
use crate::model::*;
use crate::nearness;
use crate::store::{INCIDENT, incident as read_incident};

/// As many are shown of those whose category speaks for it, and as many of the others.
const SHOWN: usize = 3;

/// As many at the same place are shown.
const RELATED: usize = 6;

/// Open incidents of the queue that may be one with `incident` and that `actor` may open, the nearest first; those whose
/// category says nothing for it stand last.
pub(super) async fn maybe_same(
    db: &Db,
    actor: &Actor,
    incident: &Incident,
    gap_seconds: i64,
) -> Result<Vec<MaybeSame>, DbError> {
    let Some(home) = &incident.place else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT {INCIDENT} FROM incidents WHERE queue = $1 AND id <> $2 AND posts > 0
         AND status IN ('baru', 'dikonfirmasi', 'ditangani') AND first_event <= $3 AND last_event >= $4
         AND (place = $5 OR place LIKE $5 || '.%')"
    );
    let gap = gap_seconds * 1_000_000;
    let home = home.cut(Level::Kabupaten);
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(incident.queue.as_str())
        .bind(incident.id.0)
        .bind(incident.last_event.as_microsecond() + gap)
        .bind(incident.first_event.as_microsecond() - gap)
        .bind(home.as_str())
        .fetch_all(db.pool())
        .await?;
    let mut found: Vec<(Level, MaybeSame)> = Vec::new();
    for row in &rows {
        let other = read_incident(row)?;
        if actor.acts(other.queue, other.place.as_ref()) {
            found.extend(likeness(incident, other));
        }
    }
    found.sort_by_key(|(shared, same)| {
        let other = same.kinship == Kinship::Other;
        (other, std::cmp::Reverse(*shared), same.kinship, same.apart_s, same.incident.id)
    });
    let first_other = found.partition_point(|(_, same)| same.kinship != Kinship::Other);
    let others = found.split_off(first_other);
    Ok(found.into_iter().take(SHOWN).chain(others.into_iter().take(SHOWN)).map(|(_, same)| same).collect())
}

/// How `other` is like `incident`, with the level of the region that holds both; `None` when its place says no. A matter
/// known only to the kabupaten may be any in it, so there the category has to be the same; in the next village, a
/// neighbouring one; under any other category both have to be one place.
fn likeness(incident: &Incident, other: Incident) -> Option<(Level, MaybeSame)> {
    let (shared, near) = nearness::near(incident.place.as_ref()?, other.place.as_ref()?)?;
    let kinship = nearness::kinship(incident.category, other.category);
    let fits = match kinship {
        Kinship::Same => true,
        Kinship::Neighbour => shared >= Level::Kecamatan,
        Kinship::Other => shared >= Level::Kecamatan && near != Near::Kecamatan,
    };
    let apart_s = apart(incident, &other);
    fits.then_some((shared, MaybeSame { incident: other, near, kinship, apart_s }))
}

/// Seconds between the events of two incidents; 0 when their times overlap.
fn apart(one: &Incident, other: &Incident) -> i64 {
    nearness::apart((one.first_event, one.last_event), (other.first_event, other.last_event))
}

/// Other incidents of the queue at the place of `incident` within one session that `actor` may open, also of another
/// category and those that are over, the nearest in time first: what people tell of one event under several heads stands
/// in several incidents.
pub(super) async fn related(
    db: &Db,
    actor: &Actor,
    incident: &Incident,
    gap_seconds: i64,
) -> Result<Vec<Related>, DbError> {
    let home = incident.place.as_ref().filter(|place| place.level() >= Level::Kecamatan);
    let Some(home) = home else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT {INCIDENT} FROM incidents WHERE queue = $1 AND id <> $2 AND posts > 0 AND status <> 'digabung'
         AND first_event <= $3 AND last_event >= $4 AND (place = $5 OR place LIKE $5 || '.%')"
    );
    let gap = gap_seconds * 1_000_000;
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(incident.queue.as_str())
        .bind(incident.id.0)
        .bind(incident.last_event.as_microsecond() + gap)
        .bind(incident.first_event.as_microsecond() - gap)
        .bind(home.cut(Level::Kecamatan).as_str())
        .fetch_all(db.pool())
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let other = read_incident(row)?;
        let open = actor.acts(other.queue, other.place.as_ref());
        let near = other.place.as_ref().filter(|_| open).and_then(|place| nearness::one_place(home, place));
        let apart_s = apart(incident, &other);
        found.extend(near.map(|near| Related { incident: other, near, apart_s }));
    }
    found.sort_by_key(|other| (other.apart_s, other.incident.id));
    found.truncate(RELATED);
    Ok(found)
}
