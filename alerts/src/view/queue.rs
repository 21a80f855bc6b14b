//! The lines of the queue, and how many there are: within what the reader may see.

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use stream::{Category, Queue, RegionCode, Severity};

use crate::clocks;
use crate::db::{Db, DbError};
use crate::model::*;
use crate::rests::OF_INCIDENT;
use crate::store::{self, INCIDENT, incident as read_incident, maybe_time, rank};
use crate::tell::DESK;

/// Lines of a queue, unless asked otherwise.
const LINES: i64 = 100;

/// A part of a query with its values, all bound as text or number.
#[derive(Default)]
struct Where {
    sql: String,
    values: Vec<Value>,
}

enum Value {
    Text(String),
    Number(i64),
}

impl Where {
    /// Adds a condition in which `?` stands for `value`.
    fn and(&mut self, condition: &str, value: Value) {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace('?', &place));
    }

    fn bind<'q>(
        &'q self,
        sql: String,
    ) -> sqlx::query::Query<'q, sqlx::Any, <sqlx::Any as sqlx::Database>::Arguments> {
        self.values.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, value| match value {
            Value::Text(text) => query.bind(text.as_str()),
            Value::Number(number) => query.bind(*number),
        })
    }
}

/// The conditions of `filter`, within what `actor` may see.
fn conditions(actor: &Actor, queues: &[Queue], filter: &QueueFilter) -> Where {
    let queues: Vec<String> = queues.iter().map(|queue| format!("'{queue}'")).collect();
    let mut all =
        Where { sql: format!("queue IN ({}) AND posts > 0", queues.join(", ")), values: Vec::new() };
    match filter.status {
        Some(status) => all.and("status = ?", Value::Text(status.to_string())),
        None if !filter.closed => all.sql.push_str(" AND status IN ('baru', 'dikonfirmasi', 'ditangani')"),
        None => {}
    }
    if let Some(category) = filter.category {
        all.and("category = ?", Value::Text(category.to_string()));
    }
    if let Some(severity) = filter.severity {
        all.and("COALESCE(effective, proposed) >= ?", Value::Number(rank(severity)));
    }
    if let Some(region) = &filter.region {
        within(&mut all, std::slice::from_ref(region), false);
    }
    if !actor.regions.is_empty() {
        within(&mut all, &actor.regions, true);
    }
    if !filter.archived {
        all.sql.push_str(" AND archived = 0");
    }
    all
}

/// In any of `regions`; also without place or, of the analysts' queue, in one around them, if `may_lie`: see
/// [`Actor::may_lie`].
fn within(all: &mut Where, regions: &[RegionCode], may_lie: bool) {
    let mut parts: Vec<String> = may_lie.then(|| "place IS NULL".to_owned()).into_iter().collect();
    for region in regions {
        all.values.push(Value::Text(region.to_string()));
        let n = all.values.len();
        parts.push(format!("place = ${n} OR place LIKE ${n} || '.%'"));
        if may_lie {
            parts.push(format!("queue = '{}' AND ${n} LIKE place || '.%'", Queue::Konflik));
        }
    }
    all.sql.push_str(&format!(" AND ({})", parts.join(" OR ")));
}

/// `column` of the gravest signal of an incident, of equals the first.
fn of_gravest(column: &str) -> String {
    format!(
        "(SELECT {column} FROM signals WHERE incident = incidents.id ORDER BY severity DESC, event_at, post LIMIT 1)"
    )
}

/// The lines of the queue: what presses on top, most urgent first and within one urgency what is due first; then by
/// severity, then the latest.
pub(crate) async fn queue(
    db: &Db,
    actor: &Actor,
    queues: &[Queue],
    filter: &QueueFilter,
) -> Result<Vec<IncidentRow>, DbError> {
    if queues.is_empty() {
        return Ok(Vec::new());
    }
    let all = conditions(actor, queues, filter);
    let limit = if filter.limit > 0 { filter.limit } else { LINES };
    let sql = format!(
        "SELECT {INCIDENT}, {} AS excerpt, {} AS marks, {OF_INCIDENT} AS rests,
         {OF_DECISION},
         (SELECT COUNT(DISTINCT role || region) FROM notifications WHERE incident = incidents.id AND role <> '{DESK}'
         AND state NOT IN ('moot', 'failed')) AS told,
         (SELECT COUNT(DISTINCT role || region) FROM notifications WHERE incident = incidents.id AND answer IS NOT NULL) AS answered,
         (SELECT COUNT(*) FROM signals WHERE incident = incidents.id AND choices > 1 AND incidents.place_set = 0) AS open_places,
         (SELECT COUNT(*) FROM history WHERE incident = incidents.id AND kind = 'raised' AND id > (SELECT MAX(id)
         FROM history WHERE incident = incidents.id AND kind = 'confirmed')) AS raised
         FROM incidents WHERE {} ORDER BY CASE
         WHEN awas_by IS NOT NULL AND status IN ('baru', 'dikonfirmasi', 'ditangani') THEN 0
         WHEN effective IS NULL AND status = 'baru' AND proposed >= 2 THEN 4 - proposed ELSE 3 END,
         CASE WHEN returned = 1 THEN 0 ELSE 1 END, COALESCE(effective, proposed) DESC, last_event DESC, id DESC
         LIMIT {limit} OFFSET {}",
        of_gravest("excerpt"),
        of_gravest("marks"),
        all.sql,
        filter.offset.max(0)
    );
    let rows = all.bind(sql).fetch_all(db.pool()).await?;
    let lines: Result<Vec<IncidentRow>, DbError> = rows
        .iter()
        .map(|row| {
            let excerpt: Option<String> = row.try_get("excerpt")?;
            let marks: Option<String> = row.try_get("marks")?;
            let incident = read_incident(row)?;
            let raised: i64 = row.try_get("raised")?;
            Ok(IncidentRow {
                graver: raised > 0 && incident.above_decided().is_some(),
                next_clock: decide_by(row, &incident)?,
                incident,
                rests: row.try_get("rests")?,
                choose_place: row.try_get::<i64, _>("open_places")? > 0,
                excerpt: excerpt.unwrap_or_default(),
                excerpt_marks: marks.map_or(Ok(Vec::new()), |marks| serde_json::from_str(&marks))?,
                told: row.try_get("told")?,
                answered: row.try_get("answered")?,
            })
        })
        .collect();
    let mut lines = lines?;
    lines.sort_by_key(|line| match line.incident.urgency() {
        Urgency::Other => (Urgency::Other, None),
        urgency => (urgency, Some(line.next_clock.unwrap_or(Timestamp::MAX))),
    });
    Ok(lines)
}

/// What [`decide_by`] reads of an incident: the clock of its decision, and when its gravest signal was accepted.
pub(super) const OF_DECISION: &str =
    "(SELECT due FROM timers WHERE incident = incidents.id AND kind = 'unconfirmed')
    AS decide_by, (SELECT MIN(COALESCE(accepted_at, incidents.created_at)) FROM signals
    WHERE incident = incidents.id AND severity = incidents.proposed) AS proposed_at";

/// When the decision on `incident` is due, or was due whose clock has run out, or never ran for want of a place: what
/// nobody heard of must not look calm. `row` holds [`OF_DECISION`].
pub(super) fn decide_by(row: &AnyRow, incident: &Incident) -> Result<Option<Timestamp>, DbError> {
    let running = maybe_time("due", row.try_get("decide_by")?)?;
    let proposed = maybe_time("accepted_at", row.try_get("proposed_at")?)?;
    let undecided = incident.status == Status::Baru && incident.queue == Queue::Konflik && !incident.archived;
    let clock = clocks::decision(incident.proposed).filter(|_| undecided);
    let since = proposed.unwrap_or(incident.created_at);
    Ok(running.or_else(|| clock.and_then(|clock| since.checked_add(clock).ok())))
}

/// How many lines the queue has.
pub(crate) async fn count(
    db: &Db,
    actor: &Actor,
    queues: &[Queue],
    filter: &QueueFilter,
) -> Result<i64, DbError> {
    if queues.is_empty() {
        return Ok(0);
    }
    let all = conditions(actor, queues, filter);
    let sql = format!("SELECT COUNT(*) FROM incidents WHERE {}", all.sql);
    Ok(all.bind(sql).fetch_one(db.pool()).await?.try_get(0)?)
}

/// Open incidents by queue, category and severity.
pub(crate) async fn counts(
    db: &Db,
    actor: &Actor,
    queues: &[Queue],
) -> Result<Vec<(Queue, Category, Severity, i64)>, DbError> {
    if queues.is_empty() {
        return Ok(Vec::new());
    }
    let all = conditions(actor, queues, &QueueFilter::default());
    let sql = format!(
        "SELECT category, COALESCE(effective, proposed) AS severity, COUNT(*) AS n FROM incidents WHERE {}
         GROUP BY category, COALESCE(effective, proposed) ORDER BY category",
        all.sql
    );
    let rows = all.bind(sql).fetch_all(db.pool()).await?;
    let mut counts = Vec::with_capacity(rows.len());
    for row in rows {
        let code: String = row.try_get("category")?;
        let category = Category::parse(&code).ok_or(DbError::BadValue { column: "category", value: code })?;
        let severity = store::severity("severity", row.try_get("severity")?)?;
        counts.push((category.queue(), category, severity, row.try_get("n")?));
    }
    Ok(counts)
}
