//! What offices have answered, and what an answer still holds for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::Row;
use stream::{Level, RegionCode, Severity};

use super::standing::{matter, progress, sent_back};
use super::{DESK, Telling, To, office_of_row};
use crate::db::{DbError, Tx};
use crate::route::offices::line;
use crate::route::told::Told;
use crate::store::{self, rank};
use crate::{Answer, Incident, Office, Reason};

/// The answer of an office that holds for what is told now.
pub(super) struct Kept {
    pub(super) office: Office,
    answer: Answer,
    /// Microseconds.
    at: i64,
}

impl Kept {
    /// Whether it says something of the matter, and not only that it lies elsewhere.
    pub(super) fn speaks(&self) -> bool {
        self.answer != Answer::BukanWilayah
    }
}

/// Notification `id` has been answered: writes down the gravest level that its office knew of. A proposal counts up to
/// SIAGA; of AWAS every office is asked.
pub(crate) async fn answered_at(tx: &mut Tx, incident: &Incident, id: &str) -> Result<(), DbError> {
    let known = incident.effective.unwrap_or(incident.proposed.min(Severity::Siaga));
    sqlx::query(
        "UPDATE notifications SET answered_level = CASE WHEN severity > $2 THEN severity ELSE $2 END WHERE id = $1",
    )
    .bind(id)
    .bind(rank(known))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An answer that an office has given through one of its links.
pub(crate) struct Given {
    pub(crate) answer: Answer,
    pub(crate) at: Timestamp,
    /// The gravest level that the office knew of.
    pub(crate) level: i64,
}

/// The answer that closes the question of notification `id` though it came through another link of its office: given
/// since the question was put, by an office that knew of its level.
pub(crate) async fn given(conn: &mut sqlx::AnyConnection, id: &str) -> Result<Option<Given>, DbError> {
    let row = sqlx::query(
        "SELECT o.answer, o.answered_at, COALESCE(o.answered_level, o.severity) AS level FROM notifications n
         JOIN notifications o ON o.incident = n.incident AND o.role = n.role AND o.region = n.region
         WHERE n.id = $1 AND o.id <> n.id AND o.answer IS NOT NULL AND o.reason <> 'update'
         AND o.answered_at >= n.created_at AND COALESCE(o.answered_level, o.severity) >= n.severity
         ORDER BY o.answered_at LIMIT 1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let code: String = row.try_get("answer")?;
    let answer = Answer::parse(&code).ok_or(DbError::BadValue { column: "answer", value: code })?;
    let at = store::time("answered_at", row.try_get("answered_at")?)?;
    Ok(Some(Given { answer, at, level: row.try_get("level")? }))
}

/// `office` has answered through notification `id`: what waits to remind its line, or to say that it is silent, is not
/// said any more, nor is the office asked what it has answered. While its line is silent in another village, that holds
/// for its own area alone. Whether an attempt cut by a crash got there nobody knows: it goes again.
pub(crate) async fn answered(
    tx: &mut Tx,
    incident: &Incident,
    office: &Office,
    id: &str,
) -> Result<(), DbError> {
    let progress = progress(tx, incident, Severity::Normal).await?;
    let whole = incident.place.as_ref().is_none_or(|place| progress.has_answered(line(office.role), place));
    sqlx::query(
        "UPDATE notifications SET state = 'moot' WHERE incident = $1 AND state IN ('pending', 'digest', 'held')
         AND (line = $2 AND reason IN ('repeat', 'climb') AND attempts = 0
         AND ($6 = 1 OR region = $4 OR region LIKE $4 || '.%')
         OR role = $3 AND region = $4 AND reason IN ('at_once', 'unconfirmed', 'confirmed', 'further_village')
         AND (attempts = 0 OR error IS NOT NULL)
         AND severity <= (SELECT COALESCE(answered_level, severity) FROM notifications WHERE id = $5))",
    )
    .bind(incident.id.0)
    .bind(line(office.role).as_str())
    .bind(office.role.as_str())
    .bind(office.region.as_str())
    .bind(id)
    .bind(i64::from(whole))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notification `id`, news of a confirmation, goes on through another address: the answer that holds stands there, too.
pub(super) async fn carried_on(tx: &mut Tx, id: &str) -> Result<(), DbError> {
    sqlx::query(
        "UPDATE notifications SET answer = o.answer, answered_at = o.answered_at, answered_level = o.answered_level
         FROM notifications o WHERE o.id = $1 AND notifications.incident = o.incident AND notifications.role = o.role
         AND notifications.region = o.region AND notifications.reason = o.reason AND notifications.answer IS NULL",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The offices of `plan` whose last answer holds at `severity`: given when they knew of that level. *Bukan wilayah* is no
/// answer on the matter and holds at every level, until a person sets another place.
pub(super) async fn kept(
    tx: &mut Tx,
    incident: &Incident,
    severity: Severity,
    plan: &Told,
) -> Result<Vec<Kept>, DbError> {
    let mut kept = Vec::new();
    let back = sent_back(tx, incident).await?;
    for because in &plan.told {
        let office = &because.office;
        if let Some(at) = back.get(office) {
            kept.push(Kept { office: office.clone(), answer: Answer::BukanWilayah, at: *at });
            continue;
        }
        let row = sqlx::query(
            "SELECT answer, answered_at FROM notifications WHERE incident = $1 AND role = $2 AND region = $3
             AND answer IS NOT NULL AND COALESCE(answered_level, severity) >= $4
             ORDER BY answered_at DESC LIMIT 1",
        )
        .bind(incident.id.0)
        .bind(office.role.as_str())
        .bind(office.region.as_str())
        .bind(rank(severity))
        .fetch_optional(tx.conn())
        .await?;
        let Some(row) = row else { continue };
        let answer = Answer::parse(&row.try_get::<String, _>("answer")?);
        if let Some(answer) = answer.filter(|answer| *answer != Answer::BukanWilayah) {
            kept.push(Kept { office: office.clone(), answer, at: row.try_get("answered_at")? });
        }
    }
    Ok(kept)
}

/// `answer` of `office` as the outbox keeps it in a remark: `KAPOLSEK@35.19.08:aman`.
pub(super) fn said(office: &Office, answer: Answer) -> String {
    format!("{}@{}:{answer}", office.role, office.region)
}

/// The last answer of each office that was told of `incident`, none of one that is silent. Offices that are complained
/// of are left out: their word quiets nobody (SG-14).
pub(super) async fn so_far(
    tx: &mut Tx,
    incident: &Incident,
) -> Result<BTreeMap<Office, Option<Answer>>, DbError> {
    let rows = sqlx::query(
        "SELECT role, region, answer, answered_at FROM notifications WHERE incident = $1 AND role <> $2
         AND reason <> 'rejected' AND (answer IS NOT NULL OR state <> 'moot')",
    )
    .bind(incident.id.0)
    .bind(DESK)
    .fetch_all(tx.conn())
    .await?;
    let matter = matter(tx.conn(), incident, incident.severity()).await?;
    let mut last: BTreeMap<Office, Option<(i64, Answer)>> = BTreeMap::new();
    for row in rows {
        let office = office_of_row(&row)?;
        let Some(office) = office.filter(|office| matter.bars(office).is_none()) else { continue };
        let answer = row.try_get::<Option<String>, _>("answer")?.and_then(|code| Answer::parse(&code));
        let given = row.try_get::<Option<i64>, _>("answered_at")?.zip(answer);
        let known = last.entry(office).or_default();
        if given.map(|given| given.0) >= known.map(|known| known.0) {
            *known = given.or(*known);
        }
    }
    Ok(last.into_iter().map(|(office, given)| (office, given.map(|given| given.1))).collect())
}

impl Telling<'_> {
    /// What offices beside `to` have answered so far, as remarks; to one of a village what was answered for the next one
    /// says nothing.
    pub(super) async fn answers_for(&mut self, to: To<'_>) -> Result<String, DbError> {
        let own = |office: &Office| office.role.as_str() == to.role && office.region.as_str() == to.region;
        let village = RegionCode::parse(to.region).ok().filter(|region| region.level() == Level::Desa);
        let near = |office: &Office| village.as_ref().is_none_or(|village| office.concerns(village));
        let given = so_far(self.tx, self.incident).await?.into_iter();
        let given = given.filter(|(office, _)| !own(office) && near(office));
        let given = given.filter_map(|(office, answer)| Some(said(&office, answer?)));
        Ok(given.collect::<Vec<_>>().join(" "))
    }

    /// Tells the offices of `kept` that a person has confirmed what they answered: no question, and the message carries
    /// their answer on.
    pub(super) async fn update(&mut self, severity: Severity, kept: &[Kept]) -> Result<(), DbError> {
        self.reaches(severity).await?;
        let (mut told, step) = (Vec::new(), self.decision(severity).await?);
        for Kept { office, answer, at } in kept {
            let one = [office.clone()].into();
            self.follow_up(&one, Reason::Update, step, answer.as_str()).await?;
            let written = sqlx::query(
                "UPDATE notifications SET answer = $4, answered_at = $5, answered_level = $6 WHERE incident = $1
                 AND role = $2 AND region = $3 AND reason = 'update' AND answer IS NULL",
            )
            .bind(self.incident.id.0)
            .bind(office.role.as_str())
            .bind(office.region.as_str())
            .bind(answer.as_str())
            .bind(at)
            .bind(rank(severity))
            .execute(self.tx.conn())
            .await?;
            if written.rows_affected() > 0 {
                told.push(office.clone());
            }
        }
        if told.is_empty() {
            return Ok(());
        }
        self.told_of(Reason::Update.as_str(), &told).await
    }
}
