//! From findings to incidents: what a post is a sign of joins its group, and a new verdict replaces the old.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, Finding, RegionCode, Severity, Signal, Zone};

use super::rows::{self, note};
use super::{numbers, rank, region, time};
use crate::db::{DbError, Tx};
use crate::excerpt::Excerpt;
use crate::group::{self, Decision, Session};
use crate::route::accused::complained_of;
use crate::sources::{SourceKeys, independent};
use crate::{Action, Alerts, Event, IncidentId, Status, life};

/// Who does what no person does.
pub(crate) const SYSTEM: &str = "sistem";
/// Statuses that take further posts.
const OPEN: &str = "('baru', 'dikonfirmasi', 'ditangani')";

/// Incidents that a batch changed.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// All of them.
    pub changed: BTreeSet<IncidentId>,
    /// Those that lost a post.
    pub lost: BTreeSet<IncidentId>,
}

/// Takes `finding` in, once: the same finding again changes nothing. For one post the last finding holds.
pub(crate) async fn take(
    tx: &mut Tx,
    alerts: &Alerts,
    finding: &Finding,
    now: Timestamp,
    touched: &mut Touched,
) -> Result<(), DbError> {
    let post = finding.post.id.as_str();
    let known: Option<String> = sqlx::query_scalar("SELECT finding FROM posts WHERE post = $1")
        .bind(post)
        .fetch_optional(tx.conn())
        .await?;
    if known.as_deref() == Some(&finding.id) || (known.is_none() && finding.signals.is_empty()) {
        return Ok(());
    }
    keep(tx, finding, now).await?;
    let fixed = if known.is_some() { release(tx, finding, now, touched).await? } else { BTreeSet::new() };
    for signal in finding.signals.iter().filter(|signal| !fixed.contains(&signal.category)) {
        join(tx, alerts, finding, signal, now, touched).await?;
    }
    if known.is_some() {
        sqlx::query(
            "DELETE FROM findings WHERE post = $1 AND finding <> $2
             AND finding NOT IN (SELECT finding FROM signals WHERE post = $1)",
        )
        .bind(post)
        .bind(&finding.id)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Keeps the finding, and the post's raw bytes once and for all (SG-07).
async fn keep(tx: &mut Tx, finding: &Finding, now: Timestamp) -> Result<(), DbError> {
    let post = &finding.post;
    let raw = serde_json::to_value(&post.raw)?;
    let base64 = raw.get("base64").and_then(|value| value.as_str()).unwrap_or_default();
    sqlx::query(
        "INSERT INTO evidence (post, sha256, raw, source, url, seen_at, kept_at, tool)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (post, sha256) DO NOTHING",
    )
    .bind(post.id.as_str())
    .bind(&post.raw.sha256)
    .bind(base64)
    .bind(&post.source)
    .bind(post.url.as_deref())
    .bind(post.seen_at.as_microsecond())
    .bind(now.as_microsecond())
    .bind(concat!("kentongan ", env!("CARGO_PKG_VERSION")))
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO posts (post, finding) VALUES ($1, $2) ON CONFLICT (post) DO UPDATE SET finding = $2",
    )
    .bind(post.id.as_str())
    .bind(&finding.id)
    .execute(tx.conn())
    .await?;
    let mut doc = serde_json::to_value(finding)?;
    // The bytes stand in `evidence`, not twice.
    doc["post"]["raw"] = serde_json::to_value(stream::Raw::new(b""))?;
    sqlx::query(
        "INSERT INTO findings (finding, post, sha256, doc) VALUES ($1, $2, $3, $4) ON CONFLICT (finding) DO NOTHING",
    )
    .bind(&finding.id)
    .bind(post.id.as_str())
    .bind(&post.raw.sha256)
    .bind(doc.to_string())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes the post's old signals out of incidents nobody was told of or worked on; on the others the new verdict
/// becomes a line of history. Returns the categories that stay as they are.
async fn release(
    tx: &mut Tx,
    finding: &Finding,
    now: Timestamp,
    touched: &mut Touched,
) -> Result<BTreeSet<Category>, DbError> {
    let post = finding.post.id.as_str();
    let standing = sqlx::query(
        "SELECT s.category, s.incident, i.status, i.told_at, i.place_set FROM signals s JOIN incidents i ON i.id = s.incident
         WHERE s.post = $1",
    )
    .bind(post)
    .fetch_all(tx.conn())
    .await?;
    let mut fixed = BTreeSet::new();
    for row in standing {
        let id = IncidentId(row.try_get("incident")?);
        let code: String = row.try_get("category")?;
        let status: String = row.try_get("status")?;
        let untouched = status == Status::Baru.as_str() && row.try_get::<i64, _>("place_set")? == 0;
        if untouched && row.try_get::<Option<i64>, _>("told_at")?.is_none() {
            sqlx::query("DELETE FROM signals WHERE post = $1 AND category = $2")
                .bind(post)
                .bind(&code)
                .execute(tx.conn())
                .await?;
            touched.changed.insert(id);
            touched.lost.insert(id);
            continue;
        }
        fixed.extend(Category::parse(&code));
        let verdict = finding.signals.iter().find(|signal| signal.category.as_str() == code);
        let detail = match verdict {
            Some(signal) => format!("{} {} ({})", signal.category, signal.severity, finding.id),
            None => format!("{code} – ({})", finding.id),
        };
        let said: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM history WHERE incident = $1 AND kind = 'rejudged' AND detail = $2",
        )
        .bind(id.0)
        .bind(&detail)
        .fetch_one(tx.conn())
        .await?;
        if said == 0 {
            note(tx, id, now, SYSTEM, Event::Rejudged, &detail).await?;
        }
    }
    Ok(fixed)
}

/// Puts one signal into the incident of its group, or makes one.
async fn join(
    tx: &mut Tx,
    alerts: &Alerts,
    finding: &Finding,
    signal: &Signal,
    now: Timestamp,
    touched: &mut Touched,
) -> Result<(), DbError> {
    let post = &finding.post;
    let place = group::sure_place(&signal.place);
    let key = group::key(signal.category, place.as_ref(), alerts.policy.group_level, &post.id);
    let at = signal.event_time;
    let old = now.as_second() - i64::from(alerts.policy.archive_after_hours) * 3600;
    let archived = !post.as_if_live && at.as_second() < old;
    let id = match settle_group(tx, alerts, &key, at, at, None, now, touched).await? {
        Some(id) => id,
        None => {
            let new =
                New { key: &key, category: signal.category, place: place.as_ref(), zone: signal.place.zone };
            make(tx, alerts, new, at, now).await?
        }
    };
    let short = Excerpt::of(&post.text, signal);
    let keys = SourceKeys::of(post, &alerts.secret);
    sqlx::query(
        "INSERT INTO signals (incident, post, category, finding, place, zone, severity, event_at, accepted_at,
         copy_key, author_key, reporter, archived, accused, tags, excerpt, marks)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
    )
    .bind(id.0)
    .bind(post.id.as_str())
    .bind(signal.category.as_str())
    .bind(&finding.id)
    .bind(place.as_ref().map(RegionCode::as_str))
    .bind(signal.place.zone.name())
    .bind(rank(signal.severity))
    .bind(at.as_microsecond())
    .bind((!archived && !post.as_if_live).then(|| post.seen_at.as_microsecond()))
    .bind(keys.copy)
    .bind(keys.author)
    .bind(i64::from(post.verified_reporter()))
    .bind(i64::from(archived))
    .bind(serde_json::to_string(&complained_of(finding))?)
    .bind(serde_json::to_string(&signal.tags)?)
    .bind(short.text)
    .bind(serde_json::to_string(&short.marks)?)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "UPDATE incidents SET first_event = CASE WHEN first_event < $2 THEN first_event ELSE $2 END,
         last_event = CASE WHEN last_event > $2 THEN last_event ELSE $2 END WHERE id = $1",
    )
    .bind(id.0)
    .bind(at.as_microsecond())
    .execute(tx.conn())
    .await?;
    touched.changed.insert(id);
    Ok(())
}

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

/// What a new incident begins with.
struct New<'a> {
    key: &'a str,
    category: Category,
    place: Option<&'a RegionCode>,
    zone: Zone,
}

async fn make(
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

/// Takes `younger` into `into`: its posts, its messages, and how far its life has come.
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
    for table in ["signals", "notifications"] {
        let sql = format!("UPDATE {table} SET incident = $2 WHERE incident = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(younger.0).bind(into.0).execute(tx.conn()).await?;
    }
    sqlx::query("UPDATE incidents SET merged_into = $2, posts = 0 WHERE id = $1")
        .bind(younger.0)
        .bind(into.0)
        .execute(tx.conn())
        .await?;
    if let Some(status) = life::next(from.status, Action::Merge) {
        rows::set_status(tx, younger, status, None).await?;
    }
    carry(tx, &from, &to).await?;
    note(tx, younger, now, actor, Event::Merged, &into.to_string()).await?;
    note(tx, into, now, actor, Event::Absorbed, &younger.to_string()).await?;
    touched.changed.remove(&younger);
    touched.lost.remove(&younger);
    touched.changed.insert(into);
    Ok(())
}

/// What was confirmed, handled, told or released of `from` holds for `to` as well.
async fn carry(tx: &mut Tx, from: &crate::Incident, to: &crate::Incident) -> Result<(), DbError> {
    let mut status = to.status;
    for (reached, action) in [(Status::Dikonfirmasi, Action::Confirm), (Status::Ditangani, Action::Handle)] {
        let came =
            from.status == reached || (reached == Status::Dikonfirmasi && from.status == Status::Ditangani);
        if came && let Some(next) = life::next(status, action) {
            status = next;
        }
    }
    if status != to.status {
        rows::set_status(tx, to.id, status, None).await?;
    }
    if let Some(effective) = from.effective.max(to.effective) {
        rows::set_effective(tx, to.id, effective, to.awas_waits_for_second.as_deref()).await?;
    }
    let told = from.told_at.into_iter().chain(to.told_at).min();
    sqlx::query(
        "UPDATE incidents SET told_at = $2, released = $3, first_event = $4, last_event = $5,
         told_severity = (SELECT MAX(told_severity) FROM incidents WHERE id IN ($1, $6)) WHERE id = $1",
    )
    .bind(to.id.0)
    .bind(told.map(Timestamp::as_microsecond))
    .bind(i64::from(from.released || to.released))
    .bind(from.first_event.min(to.first_event).as_microsecond())
    .bind(from.last_event.max(to.last_event).as_microsecond())
    .bind(from.id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What one signal adds to its incident.
struct Share {
    post: String,
    place: Option<RegionCode>,
    severity: Severity,
    event: Timestamp,
    copy: String,
    author: String,
    reporter: bool,
    archived: bool,
}

async fn shares(tx: &mut Tx, id: IncidentId) -> Result<Vec<Share>, DbError> {
    let rows = sqlx::query(
        "SELECT post, place, severity, event_at, copy_key, author_key, reporter, archived FROM signals
         WHERE incident = $1 ORDER BY event_at, post",
    )
    .bind(id.0)
    .fetch_all(tx.conn())
    .await?;
    let mut shares = Vec::with_capacity(rows.len());
    for row in rows {
        let place: Option<String> = row.try_get("place")?;
        shares.push(Share {
            post: row.try_get("post")?,
            place: place.map(|place| region("place", &place)).transpose()?,
            severity: super::severity("severity", row.try_get("severity")?)?,
            event: time("event_at", row.try_get("event_at")?)?,
            copy: row.try_get("copy_key")?,
            author: row.try_get("author_key")?,
            reporter: row.try_get::<i64, _>("reporter")? != 0,
            archived: row.try_get::<i64, _>("archived")? != 0,
        });
    }
    Ok(shares)
}

/// Brings the sums of `id` up to date; one that lost posts may end or fall apart. Returns every incident that is left.
pub(crate) async fn refresh(
    tx: &mut Tx,
    alerts: &Alerts,
    id: IncidentId,
    lost: bool,
    now: Timestamp,
) -> Result<Vec<IncidentId>, DbError> {
    let mut all = shares(tx, id).await?;
    if all.is_empty() {
        if let Some(incident) = rows::load(tx, id).await?
            && let Some(status) = life::next(incident.status, Action::Reject)
        {
            sqlx::query("UPDATE incidents SET posts = 0 WHERE id = $1").bind(id.0).execute(tx.conn()).await?;
            rows::set_status(tx, id, status, Some("")).await?;
            note(tx, id, now, SYSTEM, Event::Withdrawn, "").await?;
        }
        return Ok(Vec::new());
    }
    let mut left = vec![id];
    if lost {
        let events: Vec<Timestamp> = all.iter().map(|share| share.event).collect();
        let mut sessions = group::sessions(&events, alerts.policy.gap_seconds());
        for session in sessions.split_off(1) {
            let posts: Vec<&str> = session.iter().map(|index| all[*index].post.as_str()).collect();
            left.push(split(tx, alerts, id, &posts, now).await?);
        }
        if left.len() > 1 {
            all = shares(tx, id).await?;
            for new in left.iter().skip(1) {
                let moved = shares(tx, *new).await?;
                sums(tx, *new, &moved).await?;
            }
        }
    }
    sums(tx, id, &all).await?;
    Ok(left)
}

/// Moves `posts` of `id` into an incident of their own.
async fn split(
    tx: &mut Tx,
    alerts: &Alerts,
    id: IncidentId,
    posts: &[&str],
    now: Timestamp,
) -> Result<IncidentId, DbError> {
    let row = sqlx::query("SELECT category, group_key, place, zone FROM incidents WHERE id = $1")
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
    let code: String = row.try_get("category")?;
    let category = super::parsed("category", &code, Category::parse)?;
    let key: String = row.try_get("group_key")?;
    let zone = super::zone(&row.try_get::<String, _>("zone")?)?;
    let place =
        row.try_get::<Option<String>, _>("place")?.map(|place| region("place", &place)).transpose()?;
    let new = New { key: &key, category, place: place.as_ref(), zone };
    let made = make(tx, alerts, new, now, now).await?;
    for post in posts {
        sqlx::query("UPDATE signals SET incident = $3 WHERE incident = $1 AND post = $2")
            .bind(id.0)
            .bind(*post)
            .bind(made.0)
            .execute(tx.conn())
            .await?;
    }
    note(tx, id, now, SYSTEM, Event::Split, &made.to_string()).await?;
    Ok(made)
}

/// Writes what follows from the signals of `id`.
async fn sums(tx: &mut Tx, id: IncidentId, shares: &[Share]) -> Result<(), DbError> {
    let (Some(first), Some(last)) = (shares.first(), shares.last()) else { return Ok(()) };
    let archived = shares.iter().all(|share| share.archived);
    let counted = || shares.iter().filter(|share| archived || !share.archived);
    let sources = independent(counted().map(|share| (share.copy.as_str(), share.author.as_str())));
    let proposed = shares.iter().map(|share| share.severity).max().unwrap_or(Severity::Normal);
    let place = shares
        .iter()
        .map(|share| share.place.clone())
        .reduce(|one, other| one.zip(other).and_then(|(one, other)| one.common(&other)))
        .flatten();
    sqlx::query(
        "UPDATE incidents SET proposed = $2, first_event = $3, last_event = $4, archived = $5, posts = $6,
         sources = $7, reporter = $8, place = CASE WHEN place_set = 1 THEN place ELSE $9 END WHERE id = $1",
    )
    .bind(id.0)
    .bind(rank(proposed))
    .bind(first.event.as_microsecond())
    .bind(last.event.as_microsecond())
    .bind(i64::from(archived))
    .bind(i64::try_from(shares.len()).unwrap_or(i64::MAX))
    .bind(sources)
    .bind(i64::from(counted().any(|share| share.reporter)))
    .bind(place.as_ref().map(RegionCode::as_str))
    .execute(tx.conn())
    .await?;
    Ok(())
}
