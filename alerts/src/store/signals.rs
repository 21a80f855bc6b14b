//! From findings to incidents: what a post is a sign of joins its group, and a new verdict replaces the old.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, Finding, RegionCode, Signal};

use super::grouping::{New, copies_at, make, parted_at, settle_group};
use super::keep::{keep, known};
use super::rows::note;
use super::{SYSTEM, Touched, rank};
use crate::backtest::{named, run_of};
use crate::db::{DbError, Tx};
use crate::excerpt::Excerpt;
use crate::group;
use crate::route::accused::complained_of;
use crate::sketch::Sketch;
use crate::sources::SourceKeys;
use crate::{Alerts, Event, IncidentId, Status, rules_under};

/// Takes `batch` in, each finding once: the same finding again changes nothing. For one post the last finding holds.
pub(crate) async fn take_all(
    tx: &mut Tx,
    alerts: &Alerts,
    batch: &[Finding],
    now: Timestamp,
    touched: &mut Touched,
) -> Result<(), DbError> {
    let mut known = known(tx, batch).await?;
    // Most findings are the first of their post: they are kept together, with one statement a table.
    let mut first = Vec::new();
    for finding in batch {
        let before = known.insert(finding.post.id.as_str(), finding.id.clone());
        match before {
            Some(before) if before == finding.id => {}
            Some(before) if stays(tx, &before, finding).await? => {
                known.insert(finding.post.id.as_str(), before);
            }
            Some(_) => {
                keep(tx, &std::mem::take(&mut first), now).await?;
                again(tx, alerts, finding, now, touched).await?;
            }
            None if finding.signals.is_empty() => _ = known.remove(finding.post.id.as_str()),
            None => {
                first.push(finding);
                for signal in &finding.signals {
                    let id = join(tx, alerts, finding, signal, now, touched).await?;
                    note_backtest(tx, id, finding, now).await?;
                }
            }
        }
    }
    keep(tx, &first, now).await
}

/// Whether the judgement `before` stays: `finding` is of an earlier version of the post, come again (a batch read twice, a
/// dead letter returned), or of the very content that `before` is of, read once more from a source whose home region is
/// another by now: a post that is there keeps the place it has. What a backtest says was read from the post as it came
/// first.
async fn stays(tx: &mut Tx, before: &str, finding: &Finding) -> Result<bool, DbError> {
    if finding.backtest.is_some() {
        return Ok(false);
    }
    let doc: Option<String> = sqlx::query_scalar("SELECT doc FROM findings WHERE finding = $1")
        .bind(before)
        .fetch_optional(tx.conn())
        .await?;
    let Some(doc) = doc else { return Ok(false) };
    let before: Finding = serde_json::from_str(&doc)?;
    let (old, new) = (&before.post, &finding.post);
    if new.seen_at < old.seen_at {
        return Ok(true);
    }
    Ok(!before.signals.is_empty()
        && old.content_hash() == new.content_hash()
        && old.source_region != new.source_region)
}

/// Takes a further finding of a post in: it takes the place of the one before.
async fn again(
    tx: &mut Tx,
    alerts: &Alerts,
    finding: &Finding,
    now: Timestamp,
    touched: &mut Touched,
) -> Result<(), DbError> {
    keep(tx, &[finding], now).await?;
    let Released { fixed, left } = release(tx, alerts, finding, now, touched).await?;
    for signal in finding.signals.iter().filter(|signal| !fixed.contains(&signal.category)) {
        let id = join(tx, alerts, finding, signal, now, touched).await?;
        note_backtest(tx, id, finding, now).await?;
    }
    for id in left {
        note_left(tx, id, finding, now).await?;
    }
    sqlx::query(
        "DELETE FROM findings WHERE post = $1 AND finding <> $2
         AND finding NOT IN (SELECT finding FROM signals WHERE post = $1)",
    )
    .bind(finding.post.id.as_str())
    .bind(&finding.id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What a new verdict does to the old signals of its post.
#[derive(Default)]
struct Released {
    /// The categories that stay as they are.
    fixed: BTreeSet<Category>,
    /// The incidents that it was taken out of.
    left: BTreeSet<IncidentId>,
}

/// Takes the post's old signals out of incidents nobody was told of or worked on; on the others the new verdict
/// becomes a line of history. What a person took out of an incident was the text that stood there: a new one is released.
async fn release(
    tx: &mut Tx,
    alerts: &Alerts,
    finding: &Finding,
    now: Timestamp,
    touched: &mut Touched,
) -> Result<Released, DbError> {
    let post = finding.post.id.as_str();
    let standing = sqlx::query(
        "SELECT s.category, s.incident, s.parted, s.copy_key, i.status, i.told_at, i.place_set FROM signals s JOIN incidents i ON i.id = s.incident
         WHERE s.post = $1",
    )
    .bind(post)
    .fetch_all(tx.conn())
    .await?;
    let copy = SourceKeys::of(&finding.post, &alerts.secret).copy;
    let Released { mut fixed, mut left } = Released::default();
    for row in standing {
        let id = IncidentId(row.try_get("incident")?);
        note_backtest(tx, id, finding, now).await?;
        let code: String = row.try_get("category")?;
        let status: String = row.try_get("status")?;
        let parted = row.try_get::<i64, _>("parted")? == 1 && row.try_get::<String, _>("copy_key")? == copy;
        let by_hand = row.try_get::<i64, _>("place_set")? == 1 || parted;
        let untouched = status == Status::Baru.as_str() && !by_hand;
        if untouched && row.try_get::<Option<i64>, _>("told_at")?.is_none() {
            sqlx::query("DELETE FROM signals WHERE post = $1 AND category = $2")
                .bind(post)
                .bind(&code)
                .execute(tx.conn())
                .await?;
            touched.changed.insert(id);
            touched.lost.insert(id);
            left.insert(id);
            continue;
        }
        fixed.extend(Category::parse(&code));
        let verdict = finding.signals.iter().find(|signal| signal.category.as_str() == code);
        let detail = match verdict {
            Some(signal) => format!("{} {} ({})", signal.category, signal.severity, finding.id),
            None => format!("{code} – ({})", finding.id),
        };
        note_once(tx, id, now, Event::Rejudged, &detail).await?;
    }
    Ok(Released { fixed, left })
}

/// Notes on `id` which the post of `finding` has left where it stands now, and by which lexicon: in incidents of the same
/// queue alone, since what is for Bawaslu no analyst hears of.
async fn note_left(tx: &mut Tx, id: IncidentId, finding: &Finding, now: Timestamp) -> Result<(), DbError> {
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT DISTINCT s.incident FROM signals s JOIN incidents i ON i.id = s.incident
         WHERE s.post = $1 AND i.queue = (SELECT queue FROM incidents WHERE id = $2) ORDER BY s.incident",
    )
    .bind(finding.post.id.as_str())
    .bind(id.0)
    .fetch_all(tx.conn())
    .await?;
    let lexicon = named(&finding.lexicon);
    if ids.is_empty() {
        return note_once(tx, id, now, Event::Dropped, lexicon).await;
    }
    if ids.contains(&id.0) {
        return Ok(());
    }
    let ids: Vec<String> = ids.into_iter().map(|id| IncidentId(id).to_string()).collect();
    note_once(tx, id, now, Event::Moved, &format!("{} ({lexicon})", ids.join(", "))).await
}

/// Notes on `id` that a backtest touched it, once a run.
async fn note_backtest(
    tx: &mut Tx,
    id: IncidentId,
    finding: &Finding,
    now: Timestamp,
) -> Result<(), DbError> {
    match finding.backtest {
        Some(began) => note_once(tx, id, now, Event::Backtested, &run_of(&finding.lexicon, began)).await,
        None => Ok(()),
    }
}

/// Notes `detail` unless it stands there: the same may come again.
pub(crate) async fn note_once(
    tx: &mut Tx,
    id: IncidentId,
    now: Timestamp,
    event: Event,
    detail: &str,
) -> Result<(), DbError> {
    let said: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM history WHERE incident = $1 AND kind = $2 AND detail = $3")
            .bind(id.0)
            .bind(event.as_str())
            .bind(detail)
            .fetch_one(tx.conn())
            .await?;
    if said == 0 { note(tx, id, now, SYSTEM, event, detail).await } else { Ok(()) }
}

/// Puts one signal into the incident of its group, or makes one; which it is.
async fn join(
    tx: &mut Tx,
    alerts: &Alerts,
    finding: &Finding,
    signal: &Signal,
    now: Timestamp,
    touched: &mut Touched,
) -> Result<IncidentId, DbError> {
    let post = &finding.post;
    let keys = SourceKeys::of(post, &alerts.secret);
    let at = signal.event_time;
    let mut place = group::sure_place(&signal.place);
    let subject = signal.subject.as_ref().map(|subject| subject.class);
    let level = alerts.policy.group_level;
    let mut key = group::key(signal.category, place.as_ref(), level, &keys.copy, subject);
    let mut placed = false;
    // The same words of another official are another accusation.
    let whose = group::whose(signal.category, subject);
    let text = (signal.category, keys.copy.as_str(), whose.as_str());
    let parted = parted_at(tx, alerts, text, at, now).await?;
    let is_parted = parted.is_some();
    if let Some(apart) = parted {
        key = apart;
    } else if place.is_none()
        && let Some(by_hand) = copies_at(tx, alerts, text, &key, at).await?
    {
        placed = by_hand.place.is_some();
        (key, place) = (by_hand.key, by_hand.place);
    }
    let archived = !post.as_if_live && at.as_second() < alerts.policy.too_old(now).as_second();
    let id = match settle_group(tx, alerts, &key, at, at, None, now, touched).await? {
        Some(id) => id,
        None => {
            let new =
                New { key: &key, category: signal.category, place: place.as_ref(), zone: signal.place.zone };
            let id = make(tx, alerts, new, at, now).await?;
            touched.made.insert(id);
            id
        }
    };
    let short = Excerpt::of(post, signal);
    sqlx::query(
        "INSERT INTO signals (incident, post, category, finding, place, zone, severity, event_at, accepted_at,
         copy_key, author_key, reporter, archived, accused, tags, excerpt, marks, rules, placed, choices, villages,
         sketch, parted)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
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
    .bind(rules_under(signal))
    .bind(i64::from(placed))
    .bind(i64::try_from(signal.place.candidates.len()).unwrap_or(i64::MAX))
    .bind(serde_json::to_string(&group::named(post, &signal.place))?)
    .bind(Sketch::of(post, signal).written())
    .bind(i64::from(is_parted))
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
    Ok(id)
}
