//! The tables: incidents and what hangs on them, each function one statement or a few inside a write.

pub(crate) mod audit;
pub(crate) mod grouping;
mod keep;
pub(crate) mod parting;
pub(crate) mod rows;
pub(crate) mod signals;
pub(crate) mod sums;

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::{Category, Queue, RegionCode, Role, Severity, Zone};

use crate::db::{DbError, Tx};
use crate::{Backing, Incident, IncidentId, Scene, Status};

/// Who does what no person does.
pub(crate) const SYSTEM: &str = "sistem";

/// Incidents that a batch changed.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// All of them.
    pub changed: BTreeSet<IncidentId>,
    /// Those that were made in it.
    pub made: BTreeSet<IncidentId>,
    /// Those that lost a post.
    pub lost: BTreeSet<IncidentId>,
    /// Those that were taken into another one.
    pub taken: Vec<IncidentId>,
    /// Those whose decision by now is that of one of two merged into it: the other's receivers may not have heard of it.
    pub decided: BTreeSet<IncidentId>,
}

/// A column's text as a member of a closed set.
fn parsed<T>(column: &'static str, value: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, DbError> {
    parse(value).ok_or_else(|| DbError::BadValue { column, value: value.to_owned() })
}

/// A time as it stands in a column: UTC microseconds.
pub(crate) fn time(column: &'static str, value: i64) -> Result<Timestamp, DbError> {
    Timestamp::from_microsecond(value).map_err(|_| DbError::BadValue { column, value: value.to_string() })
}

/// An optional time.
pub(crate) fn maybe_time(column: &'static str, value: Option<i64>) -> Result<Option<Timestamp>, DbError> {
    value.map(|value| time(column, value)).transpose()
}

/// A region in a column.
pub(crate) fn region(column: &'static str, value: &str) -> Result<RegionCode, DbError> {
    parsed(column, value, |text| RegionCode::parse(text).ok())
}

/// A role in a column.
pub(crate) fn role(value: &str) -> Result<Role, DbError> {
    parsed("role", value, Role::parse)
}

/// A zone in a column.
pub(crate) fn zone(value: &str) -> Result<Zone, DbError> {
    parsed("zone", value, |text| {
        [Zone::Wib, Zone::Wita, Zone::Wit].into_iter().find(|zone| zone.name() == text)
    })
}

/// A severity as a number that sorts: 0 NORMAL to 3 AWAS.
pub(crate) fn rank(severity: Severity) -> i64 {
    match severity {
        Severity::Normal => 0,
        Severity::Waspada => 1,
        Severity::Siaga => 2,
        Severity::Awas => 3,
    }
}

/// The severity with this number.
pub(crate) fn severity(column: &'static str, value: i64) -> Result<Severity, DbError> {
    let known = usize::try_from(value).ok().and_then(|value| Severity::ALL.get(value).copied());
    known.ok_or_else(|| DbError::BadValue { column, value: value.to_string() })
}

/// The next `count` numbers of `name`: the first of them. Numbers are never used twice.
pub(crate) async fn numbers(tx: &mut Tx, name: &str, count: i64) -> Result<i64, DbError> {
    let last: i64 = sqlx::query_scalar(
        "INSERT INTO counters (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + $2 RETURNING value",
    )
    .bind(name)
    .bind(count)
    .fetch_one(tx.conn())
    .await?;
    Ok(last - count + 1)
}

/// The columns of an incident, in the order [`incident`] reads them.
pub(crate) const INCIDENT: &str = "id, queue, category, place, zone, status, proposed, effective, awas_by, \
    first_event, last_event, created_at, archived, posts, sources, reporter, told_at, returned, released, \
    merged_into, follows, closing_note, scenes, checked, backing";

/// Reads an incident from a row with the columns [`INCIDENT`].
pub(crate) fn incident(row: &AnyRow) -> Result<Incident, DbError> {
    let text = |column: &'static str| -> Result<String, DbError> { Ok(row.try_get(column)?) };
    let flag = |column: &'static str| -> Result<bool, DbError> { Ok(row.try_get::<i64, _>(column)? != 0) };
    let place: Option<String> = row.try_get("place")?;
    let effective: Option<i64> = row.try_get("effective")?;
    let backing: Option<String> = row.try_get("backing")?;
    let mut scenes: Vec<Scene> = serde_json::from_str(&text("scenes")?)?;
    let checked: BTreeSet<RegionCode> = serde_json::from_str(&text("checked")?)?;
    for scene in &mut scenes {
        scene.later = effective.is_some() && !checked.contains(&scene.place);
    }
    Ok(Incident {
        id: IncidentId(row.try_get("id")?),
        queue: parsed("queue", &text("queue")?, Queue::parse)?,
        category: parsed("category", &text("category")?, Category::parse)?,
        place: place.map(|place| region("place", &place)).transpose()?,
        scenes,
        zone: zone(&text("zone")?)?,
        status: parsed("status", &text("status")?, Status::parse)?,
        proposed: severity("proposed", row.try_get("proposed")?)?,
        effective: effective.map(|value| severity("effective", value)).transpose()?,
        awas_waits_for_second: row.try_get("awas_by")?,
        backing: backing.map(|code| parsed("backing", &code, Backing::parse)).transpose()?,
        first_event: time("first_event", row.try_get("first_event")?)?,
        last_event: time("last_event", row.try_get("last_event")?)?,
        created_at: time("created_at", row.try_get("created_at")?)?,
        archived: flag("archived")?,
        posts: row.try_get("posts")?,
        sources: row.try_get("sources")?,
        reporter: flag("reporter")?,
        told_at: maybe_time("told_at", row.try_get("told_at")?)?,
        returned: flag("returned")?,
        released: flag("released")?,
        merged_into: row.try_get::<Option<i64>, _>("merged_into")?.map(IncidentId),
        follows: row.try_get::<Option<i64>, _>("follows")?.map(IncidentId),
        closing_note: row.try_get("closing_note")?,
    })
}
