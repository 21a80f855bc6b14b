//! What the desk shows: reads only.

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use stream::{Author, Category, Finding, Level, Part, Queue, RegionCode, Severity};

use crate::db::{Db, DbError};
use crate::explain::{sayable, told_of};
use crate::message::Reason;
use crate::model::*;
use crate::route::plan::Holders;
use crate::store::{self, INCIDENT, incident as read_incident, maybe_time, rank, time};
use crate::tell::{DESK, office_of_row};
use crate::{Alerts, clocks, life};

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

/// In any of `regions`; without place too, if `or_nowhere`.
fn within(all: &mut Where, regions: &[RegionCode], or_nowhere: bool) {
    let mut parts: Vec<String> = or_nowhere.then(|| "place IS NULL".to_owned()).into_iter().collect();
    for region in regions {
        all.values.push(Value::Text(region.to_string()));
        let n = all.values.len();
        parts.push(format!("place = ${n} OR place LIKE ${n} || '.%'"));
    }
    all.sql.push_str(&format!(" AND ({})", parts.join(" OR ")));
}

/// `column` of the gravest signal of an incident, of equals the first.
fn of_gravest(column: &str) -> String {
    format!(
        "(SELECT {column} FROM signals WHERE incident = incidents.id ORDER BY severity DESC, event_at, post LIMIT 1)"
    )
}

/// The lines of the queue: undecided AWAS on top, then by severity, then the latest.
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
        "SELECT {INCIDENT}, {} AS excerpt, {} AS marks,
         (SELECT due FROM timers WHERE incident = incidents.id AND kind = 'unconfirmed') AS decide_by,
         (SELECT MIN(COALESCE(accepted_at, incidents.created_at)) FROM signals
         WHERE incident = incidents.id AND severity = incidents.proposed) AS proposed_at,
         (SELECT COUNT(DISTINCT role || region) FROM notifications WHERE incident = incidents.id AND role <> '{DESK}'
         AND state NOT IN ('moot', 'failed')) AS told,
         (SELECT COUNT(DISTINCT role || region) FROM notifications WHERE incident = incidents.id AND answer IS NOT NULL) AS answered
         FROM incidents WHERE {} ORDER BY CASE WHEN proposed = 3 AND status = 'baru' THEN 0 ELSE 1 END,
         CASE WHEN returned = 1 THEN 0 ELSE 1 END, COALESCE(effective, proposed) DESC, last_event DESC, id DESC
         LIMIT {limit} OFFSET {}",
        of_gravest("excerpt"),
        of_gravest("marks"),
        all.sql,
        filter.offset.max(0)
    );
    let rows = all.bind(sql).fetch_all(db.pool()).await?;
    rows.iter()
        .map(|row| {
            let excerpt: Option<String> = row.try_get("excerpt")?;
            let marks: Option<String> = row.try_get("marks")?;
            let incident = read_incident(row)?;
            let running = maybe_time("due", row.try_get("decide_by")?)?;
            let proposed = maybe_time("accepted_at", row.try_get("proposed_at")?)?;
            Ok(IncidentRow {
                next_clock: running.or_else(|| decide_by(&incident, proposed)),
                incident,
                excerpt: excerpt.unwrap_or_default(),
                excerpt_marks: marks.map_or(Ok(Vec::new()), |marks| serde_json::from_str(&marks))?,
                told: row.try_get("told")?,
                answered: row.try_get("answered")?,
            })
        })
        .collect()
}

/// When the decision on `incident` was due whose clock has run out, or never ran for want of a place: what nobody
/// heard of must not look calm. `proposed` is when its gravest signal was accepted.
fn decide_by(incident: &Incident, proposed: Option<Timestamp>) -> Option<Timestamp> {
    let undecided = incident.status == Status::Baru && incident.queue == Queue::Konflik && !incident.archived;
    let clock = clocks::decision(incident.proposed).filter(|_| undecided)?;
    proposed.unwrap_or(incident.created_at).checked_add(clock).ok()
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

/// The incident `id`.
pub(crate) async fn load(db: &Db, id: IncidentId) -> Result<Option<Incident>, DbError> {
    let sql = format!("SELECT {INCIDENT} FROM incidents WHERE id = $1");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id.0).fetch_optional(db.pool()).await?;
    row.as_ref().map(read_incident).transpose()
}

/// Everything of one incident.
pub(crate) async fn incident(alerts: &Alerts, incident: Incident) -> Result<IncidentView, DbError> {
    let db = &alerts.db;
    let mut conn = db.pool().acquire().await?;
    let matter = crate::tell::matter(&mut conn, &incident, incident.severity()).await?;
    drop(conn);
    let told = told_of(&matter, incident.certainty(), &alerts.roster, &alerts.policy);
    Ok(IncidentView {
        posts: posts(db, incident.id).await?,
        maybe_same: maybe_same(db, &incident, alerts.policy.gap_seconds()).await?,
        told_after_confirmation: told.after_confirmation,
        told_now: told.now,
        notifications: notifications(db, incident.id).await?,
        history: history(db, incident.id).await?,
        clocks: running(db, incident.id).await?,
        actions: life::possible(incident.status),
        incident,
    })
}

async fn posts(db: &Db, id: IncidentId) -> Result<Vec<PostView>, DbError> {
    let rows = sqlx::query(
        "SELECT s.category, s.author_key, s.copy_key, f.doc, f.sha256, e.raw FROM signals s
         JOIN findings f ON f.finding = s.finding
         LEFT JOIN evidence e ON e.post = s.post AND e.sha256 = f.sha256
         WHERE s.incident = $1 ORDER BY s.event_at, s.post",
    )
    .bind(id.0)
    .fetch_all(db.pool())
    .await?;
    let mut posts: Vec<(String, PostView)> = Vec::new();
    for row in rows {
        let copy: String = row.try_get("copy_key")?;
        if let Some((_, first)) = posts.iter_mut().find(|(key, _)| *key == copy) {
            first.copies += 1;
            continue;
        }
        let mut finding: Finding = serde_json::from_str(&row.try_get::<String, _>("doc")?)?;
        let category: String = row.try_get("category")?;
        let own = finding.signals.iter().find(|signal| signal.category.as_str() == category);
        let clues = own.map(|signal| signal.place.clues.clone()).unwrap_or_default();
        hide_author(&mut finding);
        let sha256: String = row.try_get("sha256")?;
        let intact = row.try_get::<Option<String>, _>("raw")?.is_some_and(|raw| is_intact(&raw, &sha256));
        posts.push((
            copy,
            PostView { finding, copies: 1, author: row.try_get("author_key")?, clues, intact, sha256 },
        ));
    }
    Ok(posts.into_iter().map(|(_, post)| post).collect())
}

/// Whether the bytes kept still have the hash they came with (SG-07).
fn is_intact(base64: &str, sha256: &str) -> bool {
    let kept = serde_json::json!({ "base64": base64, "sha256": sha256 });
    serde_json::from_value::<stream::Raw>(kept).is_ok_and(|raw| raw.bytes().is_some())
}

/// Takes name and handle out; the profile text stays only where a hit points into it (SG-03).
fn hide_author(finding: &mut Finding) {
    let in_bio = finding
        .signals
        .iter()
        .flat_map(|signal| {
            let subject = signal.subject.iter().filter_map(|subject| subject.span);
            let accused = signal.accused.iter().filter_map(|accused| accused.span);
            signal.hits.iter().flat_map(|hit| hit.spans.iter().copied()).chain(subject).chain(accused)
        })
        .any(|span| span.part == Part::Bio);
    if let Some(author) = &mut finding.post.author {
        let bio = author.bio.take().filter(|_| in_bio);
        *author = Author { bio, verified_reporter: author.verified_reporter, ..Author::default() };
    }
}

/// Open incidents of the same category around or inside its place, within the gap that parts two matters:
/// *mungkin sama*.
async fn maybe_same(db: &Db, incident: &Incident, gap_seconds: i64) -> Result<Vec<Incident>, DbError> {
    let Some(place) = &incident.place else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT {INCIDENT} FROM incidents WHERE category = $1 AND id <> $2 AND posts > 0
         AND status IN ('baru', 'dikonfirmasi', 'ditangani') AND first_event <= $3 AND last_event >= $4
         ORDER BY last_event DESC LIMIT 50"
    );
    let gap = gap_seconds * 1_000_000;
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(incident.category.as_str())
        .bind(incident.id.0)
        .bind(incident.last_event.as_microsecond() + gap)
        .bind(incident.first_event.as_microsecond() - gap)
        .fetch_all(db.pool())
        .await?;
    let all: Vec<Incident> = rows.iter().map(read_incident).collect::<Result<_, _>>()?;
    Ok(all
        .into_iter()
        .filter(|other| other.place.as_ref().is_some_and(|other| may_be_same(place, other)))
        .collect())
}

const NOTIFICATION: &str = "n.id, n.number, n.incident, n.role, n.region, n.channel, n.reason, n.step, n.state, \
    n.attempts, n.repeats, n.created_at, n.sent_at, n.error, n.answer, n.answered_at, n.body";

fn notification(row: &AnyRow) -> Result<NotificationView, DbError> {
    let answer: Option<String> = row.try_get("answer")?;
    let channel: String = row.try_get("channel")?;
    Ok(NotificationView {
        id: row.try_get("id")?,
        number: row.try_get("number")?,
        incident: IncidentId(row.try_get("incident")?),
        office: office_of_row(&row.try_get::<String, _>("role")?, &row.try_get::<String, _>("region")?)?,
        channel: channel.split('/').next().unwrap_or_default().to_owned(),
        reason: row.try_get("reason")?,
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

async fn notifications(db: &Db, id: IncidentId) -> Result<Vec<NotificationView>, DbError> {
    let sql = format!(
        "SELECT {NOTIFICATION} FROM notifications n WHERE n.incident = $1 ORDER BY n.created_at, n.number"
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(id.0).fetch_all(db.pool()).await?;
    rows.iter().map(notification).collect()
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

async fn running(db: &Db, id: IncidentId) -> Result<Vec<ClockView>, DbError> {
    let rows = sqlx::query("SELECT kind, due FROM timers WHERE incident = $1 ORDER BY due")
        .bind(id.0)
        .fetch_all(db.pool())
        .await?;
    rows.iter()
        .map(|row| Ok(ClockView { kind: row.try_get("kind")?, due: time("due", row.try_get("due")?)? }))
        .collect()
}

/// What the link of notification `id` shows. A link once sent answers for good: an office that is complained of by
/// now sees nothing that its message did not say (SG-14), and may still answer.
pub(crate) async fn answer_page(alerts: &Alerts, id: &str) -> Result<Option<AnswerPage>, DbError> {
    let row = sqlx::query(
        "SELECT incident, number, role, region, reason, severity, answer, answered_at, created_at
         FROM notifications WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(alerts.db.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let text = |column: &'static str| row.try_get::<String, _>(column);
    let Some((office, reason)) =
        office_of_row(&text("role")?, &text("region")?)?.zip(Reason::parse(&text("reason")?))
    else {
        return Ok(None);
    };
    let Some(incident) = load(&alerts.db, IncidentId(row.try_get("incident")?)).await? else {
        return Ok(None);
    };
    let severity = store::severity("severity", row.try_get("severity")?)?;
    let mut conn = alerts.db.pool().acquire().await?;
    let withheld = crate::tell::matter(&mut conn, &incident, severity).await?.bars(&office).is_some();
    let answer: Option<String> = row.try_get("answer")?;
    let graver = incident.effective.is_none() && incident.proposed > severity;
    Ok(Some(AnswerPage {
        withheld,
        number: text("number")?,
        office,
        category: Some(incident.category).filter(|_| reason != Reason::ItemWaits),
        severity,
        proposed: Some(incident.proposed).filter(|_| graver && !withheld),
        reason,
        place: incident.place.as_ref().map(|place| sayable(incident.category, place)).filter(|_| !withheld),
        at: if withheld { time("created_at", row.try_get("created_at")?)? } else { incident.last_event },
        certainty: incident.certainty(),
        sources: if withheld { 0 } else { incident.sources },
        unknown: incident.unknown(),
        open: reason.asks() && incident.status.is_open() && answer.is_none(),
        answer: answer.as_deref().and_then(Answer::parse),
        answered_at: maybe_time("answered_at", row.try_get("answered_at")?)?,
        zone: incident.zone,
    }))
}

/// Offices that were needed and that nobody holds, by the roster as it is now.
pub(crate) async fn gaps(alerts: &Alerts) -> Result<Vec<Gap>, DbError> {
    let rows = sqlx::query("SELECT role, region, times, last FROM gaps ORDER BY last DESC, role, region")
        .fetch_all(alerts.db.pool())
        .await?;
    let mut gaps = Vec::with_capacity(rows.len());
    for row in rows {
        let office = office_of_row(&row.try_get::<String, _>("role")?, &row.try_get::<String, _>("region")?)?;
        if let Some(office) = office.filter(|office| !alerts.roster.holds(office)) {
            gaps.push(Gap {
                office,
                times: row.try_get("times")?,
                last: time("last", row.try_get("last")?)?,
            });
        }
    }
    Ok(gaps)
}

/// How the alert service is.
pub(crate) async fn health(alerts: &Alerts, waiting: i64, failed: i64) -> Result<Health, DbError> {
    let pool = alerts.db.pool();
    let minute_ago = alerts.clock.now().as_microsecond() - 60_000_000;
    let lease =
        sqlx::query("SELECT holder, epoch FROM lease WHERE name = 'alerts'").fetch_optional(pool).await?;
    let (holder, epoch): (Option<String>, i64) = match lease {
        Some(row) => (Some(row.try_get("holder")?), row.try_get("epoch")?),
        None => (None, 0),
    };
    let open: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM incidents WHERE status IN ('baru', 'dikonfirmasi', 'ditangani') AND posts > 0
         AND archived = 0",
    )
    .fetch_one(pool)
    .await?;
    let overdue: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM timers WHERE due < $1")
        .bind(minute_ago)
        .fetch_one(pool)
        .await?;
    let gaps = i64::try_from(gaps(alerts).await?.len()).unwrap_or(i64::MAX);
    let holder = holder.filter(|holder| !holder.is_empty());
    let offices = alerts.roster.offices().filter(|office| alerts.roster.holds(office)).count();
    let offices = i64::try_from(offices).unwrap_or(i64::MAX);
    let switches = switches(alerts).await?;
    Ok(Health { holder, epoch, open, waiting, failed, overdue, gaps, offices, switches })
}

async fn switches(alerts: &Alerts) -> Result<Vec<Switch>, DbError> {
    let rows = sqlx::query("SELECT scope, set_by, at, reason FROM switches ORDER BY scope")
        .fetch_all(alerts.db.pool())
        .await?;
    rows.iter()
        .map(|row| {
            let at: Timestamp = time("at", row.try_get("at")?)?;
            Ok(Switch {
                scope: row.try_get("scope")?,
                by: row.try_get("set_by")?,
                at,
                reason: row.try_get("reason")?,
            })
        })
        .collect()
}

/// Whether one region lies in or around the other, or both in one kecamatan: matters that may be the same.
fn may_be_same(one: &RegionCode, other: &RegionCode) -> bool {
    one != other
        && (one.contains(other) || other.contains(one))
        && one.cut(Level::Kabupaten) == other.cut(Level::Kabupaten)
        || one.cut(Level::Kecamatan) == other.cut(Level::Kecamatan)
}
