//! What follows from the signals of an incident: severity, span, place, sources; one that lost posts may fall apart.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, Level, RegionCode, Severity};

use super::grouping::{New, make};
use super::rows::{self, note};
use super::{SYSTEM, rank, region, time};
use crate::db::{DbError, Tx};
use crate::group;
use crate::model::lies_inside;
use crate::sketch::{self, Sketch};
use crate::sources::independent;
use crate::{Alerts, Event, IncidentId, Scene, life};

/// What one signal adds to its incident.
struct Share {
    post: String,
    place: Option<RegionCode>,
    /// What it names outright: the villages in `place`, where it names several, or `place` by a building of its offices.
    villages: Vec<RegionCode>,
    severity: Severity,
    event: Timestamp,
    /// Equal for copies of one text, also near ones.
    copy: String,
    author: String,
    reporter: bool,
    archived: bool,
}

impl Share {
    /// Where it tells that the matter lies: in the villages that it names, else at its place.
    fn places(&self) -> Vec<Option<&RegionCode>> {
        match self.villages.as_slice() {
            [] => vec![self.place.as_ref()],
            villages => villages.iter().map(Some).collect(),
        }
    }

    /// Whether it names `place` or what lies in it.
    fn names(&self, place: &RegionCode) -> bool {
        self.places().into_iter().flatten().any(|own| place.contains(own))
    }

    /// The place whose offices it speaks of, and of no village in it.
    fn seat(&self) -> Option<&RegionCode> {
        self.place.as_ref().filter(|place| self.villages.as_slice() == [(*place).clone()])
    }

    /// Whether it may tell of `place`.
    fn tells_of(&self, place: &RegionCode) -> bool {
        let is_village = self.seat().is_none();
        let meets = |other: &RegionCode| place.contains(other) || is_village && other.contains(place);
        self.places().into_iter().any(|own| own.is_none_or(meets))
    }
}

async fn shares(tx: &mut Tx, id: IncidentId) -> Result<Vec<Share>, DbError> {
    let rows = sqlx::query(
        "SELECT post, place, villages, severity, event_at, copy_key, author_key, reporter, archived FROM signals
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
            villages: serde_json::from_str(&row.try_get::<String, _>("villages")?)?,
            severity: super::severity("severity", row.try_get("severity")?)?,
            event: time("event_at", row.try_get("event_at")?)?,
            copy: row.try_get("copy_key")?,
            author: row.try_get("author_key")?,
            reporter: row.try_get::<i64, _>("reporter")? != 0,
            archived: row.try_get::<i64, _>("archived")? != 0,
        });
    }
    // Whether texts are nearly one is asked only where it may make fewer sources of them.
    if sources(&shares.iter().collect::<Vec<_>>()) > 1 {
        join_near(tx, id, &mut shares).await?;
    }
    Ok(shares)
}

/// Gives near copies of one text among `shares` the key of the earliest.
async fn join_near(tx: &mut Tx, id: IncidentId, shares: &mut [Share]) -> Result<(), DbError> {
    let sql = "SELECT DISTINCT copy_key, sketch FROM signals WHERE incident = $1 AND sketch <> ''";
    let rows = sqlx::query(sql).bind(id.0).fetch_all(tx.conn()).await?;
    let mut sketches: BTreeMap<String, String> = BTreeMap::new();
    for row in rows {
        let (copy, sketch): (String, String) = (row.try_get("copy_key")?, row.try_get("sketch")?);
        // One text may have two, when its places were read in two ways: it goes by the same one everywhere.
        let kept = sketches.entry(copy).or_insert_with(|| sketch.clone());
        *kept = sketch.min(std::mem::take(kept));
    }
    let copies: Vec<String> = shares.iter().map(|share| share.copy.clone()).collect();
    let in_order =
        copies.iter().filter_map(|copy| Some((copy.as_str(), Sketch::read(&sketches.remove(copy)?))));
    let nearly = sketch::nearly(&in_order.collect::<Vec<_>>());
    for (share, copy) in shares.iter_mut().zip(&copies) {
        if let Some(first) = nearly.get(copy.as_str()) {
            share.copy = (*first).to_owned();
        }
    }
    Ok(())
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
            && let Some(status) = life::emptied(incident.status)
        {
            sqlx::query("UPDATE incidents SET posts = 0 WHERE id = $1").bind(id.0).execute(tx.conn()).await?;
            rows::set_status(tx, id, status, None).await?;
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
                sums(tx, *new, &moved, now).await?;
            }
        }
    }
    sums(tx, id, &all, now).await?;
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
    let row = sqlx::query("SELECT category, group_key, place, place_set, zone FROM incidents WHERE id = $1")
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
    // Where a person has set the place it holds for every part.
    sqlx::query("UPDATE incidents SET place_set = $2 WHERE id = $1")
        .bind(made.0)
        .bind(row.try_get::<i64, _>("place_set")?)
        .execute(tx.conn())
        .await?;
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

/// The places that posts name, without those in which another of them lies: a kecamatan that is named beside one of its
/// villages tells of that village as far as it tells anything.
fn deepest<'a>(shares: &[&'a Share]) -> Vec<Option<&'a RegionCode>> {
    let places: BTreeSet<Option<&RegionCode>> = shares.iter().flat_map(|share| share.places()).collect();
    let holds = |place: &RegionCode| places.iter().flatten().any(|other| lies_inside(other, place));
    places.iter().copied().filter(|place| place.is_none_or(|place| !holds(place))).collect()
}

/// The posts that may tell of `place`.
fn telling<'a>(shares: &[&'a Share], place: Option<&RegionCode>) -> Vec<&'a Share> {
    let tells = |share: &&&Share| place.is_none_or(|place| share.tells_of(place));
    shares.iter().filter(tells).copied().collect()
}

/// How many independent sources `shares` come from.
fn sources(shares: &[&Share]) -> i64 {
    independent(shares.iter().map(|share| (share.copy.as_str(), share.author.as_str())))
}

/// How many posts `shares` come from: one that shows two matters which a person merged is one post.
fn posts<'a>(shares: impl IntoIterator<Item = &'a Share>) -> i64 {
    let posts: BTreeSet<&str> = shares.into_iter().map(|share| share.post.as_str()).collect();
    i64::try_from(posts.len()).unwrap_or(i64::MAX)
}

/// The most independent sources that tell of one place: what happens in one village bears out nothing in the next,
/// even where both are one matter of their kecamatan.
fn agreeing(shares: &[&Share]) -> i64 {
    let of_places = deepest(shares).into_iter().map(|place| sources(&telling(shares, place)));
    // Of a building of the kecamatan those tell that tell of no village.
    let of_seats =
        shares.iter().filter_map(|share| share.seat()).collect::<BTreeSet<_>>().into_iter().map(|seat| {
            let outside =
                |share: &&&Share| !share.places().into_iter().flatten().any(|own| lies_inside(own, seat));
            sources(&shares.iter().filter(outside).copied().collect::<Vec<_>>())
        });
    of_places.chain(of_seats).max().unwrap_or(0)
}

/// The villages that `shares` name inside the `place` of their incident, also one that a person set: what merely came to
/// stand there keeps its village. Of what is known to a kabupaten at most the two duty desks hear and no village.
fn scenes(shares: &[&Share], place: Option<&RegionCode>) -> Vec<Scene> {
    let Some(place) = place.filter(|place| place.level() >= Level::Kecamatan) else { return Vec::new() };
    let inside = deepest(shares).into_iter().flatten().filter(|scene| lies_inside(scene, place));
    let scene = |scene: &RegionCode| {
        let own = telling(shares, Some(scene));
        Scene {
            place: scene.clone(),
            posts: posts(own.iter().copied()),
            wide: posts(own.iter().filter(|share| !share.names(scene)).copied()),
            sources: sources(&own),
            reporter: own.iter().any(|share| share.reporter),
            last: own.iter().map(|share| share.event).max(),
            later: false,
        }
    };
    inside.map(scene).collect()
}

/// Writes what follows from the signals of `id`.
async fn sums(tx: &mut Tx, id: IncidentId, shares: &[Share], now: Timestamp) -> Result<(), DbError> {
    let (Some(first), Some(last)) = (shares.first(), shares.last()) else { return Ok(()) };
    let archived = shares.iter().all(|share| share.archived);
    let counted: Vec<&Share> = shares.iter().filter(|share| archived || !share.archived).collect();
    let proposed = shares.iter().map(|share| share.severity).max().unwrap_or(Severity::Normal);
    // A post that names no place says nothing against the places of the others that a person merged it with.
    let place = shares
        .iter()
        .filter_map(|share| share.place.clone())
        .map(Some)
        .reduce(|one, other| one.zip(other).and_then(|(one, other)| one.common(&other)))
        .flatten();
    let place = changes(tx, id, proposed, place, now).await?;
    sqlx::query(
        "UPDATE incidents SET proposed = $2, first_event = $3, last_event = $4, archived = $5, posts = $6,
         sources = $7, reporter = $8, place = $9, scenes = $10 WHERE id = $1",
    )
    .bind(id.0)
    .bind(rank(proposed))
    .bind(first.event.as_microsecond())
    .bind(last.event.as_microsecond())
    .bind(i64::from(archived))
    .bind(posts(shares))
    .bind(agreeing(&counted))
    .bind(i64::from(counted.iter().any(|share| share.reporter)))
    .bind(place.as_ref().map(RegionCode::as_str))
    .bind(serde_json::to_string(&scenes(&counted, place.as_ref()))?)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes what further posts change of an incident that stands already: a reader must see why it is graver or wider now.
/// Returns the place that it has with them, `named` unless a person set another: no post moves that.
async fn changes(
    tx: &mut Tx,
    id: IncidentId,
    proposed: Severity,
    named: Option<RegionCode>,
    now: Timestamp,
) -> Result<Option<RegionCode>, DbError> {
    let before = sqlx::query("SELECT posts, proposed, place, place_set FROM incidents WHERE id = $1")
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    let Some(before) = before else { return Ok(named) };
    let was =
        before.try_get::<Option<String>, _>("place")?.map(|place| region("place", &place)).transpose()?;
    let by_hand = before.try_get::<i64, _>("place_set")? == 1 && was.is_some();
    let stood = before.try_get::<i64, _>("posts")? > 0;
    if stood && rank(proposed) > before.try_get::<i64, _>("proposed")? {
        note(tx, id, now, SYSTEM, Event::Raised, proposed.as_str()).await?;
    }
    if by_hand {
        return Ok(was);
    }
    if let (true, Some(was), Some(is)) = (stood, &was, &named)
        && lies_inside(was, is)
    {
        note(tx, id, now, SYSTEM, Event::Widened, is.as_str()).await?;
    }
    Ok(named)
}
