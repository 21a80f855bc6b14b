//! A post that a person takes out of its incident: it stands in one of its own, and nothing but a person, or another text of
//! its sender, moves it again.

use jiff::Timestamp;
use sqlx::Row;
use stream::{Category, Finding, RegionCode, Signal};

use super::grouping::{New, make};
use super::{parsed, region, rows, time};
use crate::db::{DbError, Tx};
use crate::group;
use crate::{Alerts, Incident, IncidentId};

/// One signal of a post that leaves, as it stands in the incident it leaves.
struct Leaving {
    post: String,
    category: Category,
    event: Timestamp,
    /// The signal in the finding that holds for it.
    signal: Option<Signal>,
    /// What it names outright in its place.
    named: Vec<RegionCode>,
    /// A person set its place, with that of the incident.
    placed: bool,
    place: Option<RegionCode>,
}

impl Leaving {
    /// Where it lies on its own: as a person said it of the matter it was thought to belong to, it need not.
    fn own_place(&self) -> Option<RegionCode> {
        match &self.signal {
            Some(signal) if self.placed => group::sure_place(&signal.place),
            _ => self.place.clone(),
        }
    }
}

/// What became of a post that was to leave.
pub(crate) enum Parted {
    /// It stands in this incident of its own.
    Into(IncidentId),
    /// Nothing would be left of the one it stands in.
    NothingLeft,
    /// It does not stand there.
    NotThere,
}

/// Takes `post` out of `from`, with the copies of its text that stand there, into an incident of their own.
pub(crate) async fn part(
    tx: &mut Tx,
    alerts: &Alerts,
    from: &Incident,
    post: &str,
    now: Timestamp,
) -> Result<Parted, DbError> {
    let leaving = leaving(tx, from, post).await?;
    let all: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM signals WHERE incident = $1")
        .bind(from.id.0)
        .fetch_one(tx.conn())
        .await?;
    let Some(first) = leaving.first() else { return Ok(Parted::NotThere) };
    if i64::try_from(leaving.len()).is_ok_and(|leaving| leaving >= all) {
        return Ok(Parted::NothingLeft);
    }
    let subject = first.signal.as_ref().and_then(|signal| signal.subject.as_ref());
    let key = group::key_apart(first.category, &first.post, subject.map(|subject| subject.class));
    let place = first.own_place();
    let zone = first.signal.as_ref().map_or(from.zone, |signal| signal.place.zone);
    let new = New { key: &key, category: first.category, place: place.as_ref(), zone };
    let made = make(tx, alerts, new, first.event, now).await?;
    for left in &leaving {
        let villages = left.placed.then(|| serde_json::to_string(&left.named)).transpose()?;
        sqlx::query(
            "UPDATE signals SET incident = $3, place = $4, villages = COALESCE($5, villages), placed = 0, parted = 1
             WHERE post = $1 AND category = $2",
        )
        .bind(&left.post)
        .bind(left.category.as_str())
        .bind(made.0)
        .bind(left.own_place().as_ref().map(RegionCode::as_str))
        .bind(villages)
        .execute(tx.conn())
        .await?;
    }
    Ok(Parted::Into(made))
}

/// What a person has decided of `rest`, which lost a post, holds for no place that nothing in it tells of any more.
pub(crate) async fn forget(tx: &mut Tx, rest: &Incident) -> Result<(), DbError> {
    let checked = rows::checked(tx, rest.id).await?;
    let places = rest.places();
    let kept: Vec<&RegionCode> = checked.iter().filter(|place| places.contains(place)).collect();
    rows::set_checked(tx, rest.id, &kept).await
}

/// The signals by which `post` and the copies of its text stand in `from`: the earliest first, of one post that of the
/// incident's own category.
async fn leaving(tx: &mut Tx, from: &Incident, post: &str) -> Result<Vec<Leaving>, DbError> {
    let rows = sqlx::query(
        "SELECT s.post, s.category, s.event_at, s.placed, s.place, f.doc FROM signals s
         JOIN findings f ON f.finding = s.finding
         WHERE s.incident = $1 AND s.copy_key IN (SELECT copy_key FROM signals WHERE incident = $1 AND post = $2)
         ORDER BY s.event_at, s.post, CASE WHEN s.category = $3 THEN 0 ELSE 1 END, s.category",
    )
    .bind(from.id.0)
    .bind(post)
    .bind(from.category.as_str())
    .fetch_all(tx.conn())
    .await?;
    let mut leaving = Vec::with_capacity(rows.len());
    for row in rows {
        let category = parsed("category", &row.try_get::<String, _>("category")?, Category::parse)?;
        let finding: Finding = serde_json::from_str(&row.try_get::<String, _>("doc")?)?;
        let place: Option<String> = row.try_get("place")?;
        let signal = finding.signals.into_iter().find(|signal| signal.category == category);
        leaving.push(Leaving {
            post: row.try_get("post")?,
            category,
            event: time("event_at", row.try_get("event_at")?)?,
            named: signal
                .as_ref()
                .map(|signal| group::named(&finding.post, &signal.place))
                .unwrap_or_default(),
            signal,
            placed: row.try_get::<i64, _>("placed")? != 0,
            place: place.map(|place| region("place", &place)).transpose()?,
        });
    }
    Ok(leaving)
}
