//! Telling inside a write: who hears of an incident now, with clocks and outbox rows in the same transaction.

mod again;
mod answer_to_desk;
mod answers;
mod beside;
mod calm;
mod cancelled_late;
mod change;
mod correct;
mod due;
mod further;
mod hush;
mod items_late;
mod joined;
mod mended;
mod news;
mod pace;
mod page;
mod row;
mod standing;
mod unsure;
mod villages_late;
mod waits;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::{Category, Role, Severity, short_hash};

use crate::db::{DbError, Tx};
use crate::reason::{SECOND, WAITS};
use crate::roster::{Contact, Roster};
use crate::route::offices::line;
use crate::route::plan::first_step;
use crate::route::told::Told;
use crate::store::rows::note;
use crate::store::{self, SYSTEM, rank};
use crate::{Alerts, Event, Incident, Office, Reason};
use hush::barred;
use row::remark;
use standing::{heard, reminders, sent_back};
use waits::waits_alone;

pub(crate) use answers::{answered, answered_at, given};
pub(crate) use calm::heard_calm;
pub(crate) use cancelled_late::cancelled_late;
pub(crate) use items_late::items_late;
pub(crate) use mended::mended_late;
pub(crate) use page::page_late;
pub(crate) use row::{Next, enqueue_next};
pub(crate) use standing::{matter, progress, told_at};
pub(crate) use unsure::doubt;
pub(crate) use villages_late::villages_late;

/// The role code of the desk itself in the outbox.
pub(crate) const DESK: &str = "MEJA";

/// The receiver of an outbox row.
#[derive(Clone, Copy)]
struct To<'a> {
    /// Role code, or [`DESK`].
    pub role: &'a str,
    /// Region code, empty for the desk.
    pub region: &'a str,
    /// The line that answers.
    pub line: &'a str,
}

/// An incident now, inside the write in which offices are told of it; it goes by one roster from beginning to end.
pub(crate) struct Telling<'a> {
    tx: &'a mut Tx,
    alerts: &'a Alerts,
    roster: Arc<Roster>,
    incident: &'a Incident,
    now: Timestamp,
}

impl<'a> Telling<'a> {
    /// Of `incident` as it stands `now`, by the roster in use.
    pub(crate) fn of(
        tx: &'a mut Tx,
        alerts: &'a Alerts,
        incident: &'a Incident,
        now: Timestamp,
    ) -> Telling<'a> {
        Telling { tx, alerts, roster: alerts.roster(), incident, now }
    }

    /// The same by `roster`, which the rest of one decision goes by.
    pub(crate) fn by(self, roster: &Arc<Roster>) -> Telling<'a> {
        Telling { roster: Arc::clone(roster), ..self }
    }

    /// Tells the offices of the first step at `severity`.
    async fn tell_first(
        &mut self,
        severity: Severity,
        reason: Reason,
        step: i64,
    ) -> Result<Vec<Office>, DbError> {
        let matter = matter(self.tx.conn(), self.incident, severity).await?;
        self.tell(severity, reason, step, &first_step(&matter, &self.roster)).await
    }

    /// Tells the offices of `plan` that were not told at this severity yet, starts the clocks of the climb
    /// and writes it into the history. Returns whom it told.
    pub(crate) async fn tell(
        &mut self,
        severity: Severity,
        reason: Reason,
        step: i64,
        plan: &Told,
    ) -> Result<Vec<Office>, DbError> {
        let told = self.say(severity, reason, step, plan).await?;
        if !told.is_empty() && self.incident.category != Category::Kf14 && reason != Reason::Climb {
            self.climbs_from(severity).await?;
            let next = reminders(self.tx, self.incident).await? + 1;
            self.reminds_from(severity, next).await?;
        }
        Ok(told)
    }

    /// Tells the offices of `plan` that were not told at this severity yet and writes it into the history. Returns whom
    /// it told.
    async fn say(
        &mut self,
        severity: Severity,
        reason: Reason,
        step: i64,
        plan: &Told,
    ) -> Result<Vec<Office>, DbError> {
        let incident = self.incident;
        self.note_gaps(plan).await?;
        let accused = matter(self.tx.conn(), incident, severity).await?.accused;
        let barred = barred(&self.roster, incident, &accused);
        let climbed = match reason {
            Reason::Climb => Some(progress(self.tx, incident, severity).await?),
            _ => None,
        };
        // Whoever has said that it is not his hears of it again only for a further village, or where nobody else would.
        let mut back = sent_back(self.tx, incident).await?;
        if reason == Reason::Further || plan.told.iter().all(|because| back.contains_key(&because.office)) {
            back.clear();
        }
        let (mut told, mut remarks) = (Vec::new(), BTreeSet::new());
        for because in plan.told.iter().filter(|because| !back.contains_key(&because.office)) {
            let office = &because.office;
            if !matches!(reason, Reason::Confirmed | Reason::Released)
                && heard(self.tx, &self.roster, incident, office, severity).await?
            {
                continue;
            }
            let remark = match (&climbed, &incident.place) {
                (Some(progress), Some(place)) => progress.silence(office, place),
                _ => remark(incident, office, reason),
            };
            if self.send(office, &barred, severity, reason, step, &remark).await? {
                told.push(office.clone());
                remarks.insert(remark);
            }
        }
        if told.is_empty() {
            if let Some(why) = plan.nobody.as_deref().filter(|why| *why != "all_answered") {
                note(self.tx, incident.id, self.now, SYSTEM, Event::NotTold, why).await?;
            }
            return Ok(told);
        }
        self.reaches(severity).await?;
        // Where villages differ in what let them be told, one line for all of them says no more than they have in common.
        let common = remarks.first().filter(|_| remarks.len() == 1).map_or("", String::as_str);
        let half = incident.awas_waits_for_second.is_some();
        self.told_of(reason.because(if half { SECOND } else { common }), &told).await?;
        Ok(told)
    }

    /// Counts the offices of `plan` that nobody holds.
    async fn note_gaps(&mut self, plan: &Told) -> Result<(), DbError> {
        for gap in &plan.gaps {
            sqlx::query(
                "INSERT INTO gaps (role, region, times, last) VALUES ($1, $2, 1, $3)
                 ON CONFLICT (role, region) DO UPDATE SET times = gaps.times + 1, last = $3",
            )
            .bind(gap.office.role.as_str())
            .bind(gap.office.region.as_str())
            .bind(self.now.as_microsecond())
            .execute(self.tx.conn())
            .await?;
        }
        Ok(())
    }

    /// Puts messages for the contacts of `office` into the outbox, but for those `barred`; whether any is new.
    async fn send(
        &mut self,
        office: &Office,
        barred: &BTreeSet<Contact>,
        severity: Severity,
        reason: Reason,
        step: i64,
        remark: &str,
    ) -> Result<bool, DbError> {
        let roster = Arc::clone(&self.roster);
        let contacts = roster.contacts(office).iter().filter(|contact| !barred.contains(*contact));
        // Two channels for SIAGA and AWAS, the first one for WASPADA (domain.md 3.3).
        let channels = if severity >= Severity::Siaga { 2 } else { 1 };
        let (role, region) = (office.role.as_str(), office.region.as_str());
        let to = To { role, region, line: line(office.role).as_str() };
        let mut reached = false;
        for contact in contacts.take(channels) {
            reached |= self.enqueue(to, contact, reason, step, severity, remark).await?;
        }
        Ok(reached)
    }

    /// It is told at `severity` from now on, unless it was told at a graver one.
    async fn reaches(&mut self, severity: Severity) -> Result<(), DbError> {
        sqlx::query(
            "UPDATE incidents SET told_at = COALESCE(told_at, $2),
             told_severity = CASE WHEN told_severity > $3 THEN told_severity ELSE $3 END WHERE id = $1",
        )
        .bind(self.incident.id.0)
        .bind(self.now.as_microsecond())
        .bind(rank(severity))
        .execute(self.tx.conn())
        .await?;
        Ok(())
    }

    /// The severity it has reached offices at, once it has.
    async fn told_level(&mut self) -> Result<Option<Severity>, DbError> {
        let told: Option<i64> = sqlx::query_scalar("SELECT told_severity FROM incidents WHERE id = $1")
            .bind(self.incident.id.0)
            .fetch_one(self.tx.conn())
            .await?;
        told.map(|told| store::severity("told_severity", told)).transpose()
    }

    /// Writes into the history that `offices` are told of it, and why, as a code of `alerts.reason.*`.
    async fn told_of(&mut self, reason: &str, offices: &[Office]) -> Result<(), DbError> {
        let names: Vec<String> = offices.iter().map(Office::to_string).collect();
        let said = format!("{} ({reason})", names.join(", "));
        note(self.tx, self.incident.id, self.now, SYSTEM, Event::Told, &said).await
    }

    /// Sends `reason` (a repetition, a correction, a cancellation) to offices that were told before; returns to which.
    pub(crate) async fn follow_up(
        &mut self,
        offices: &BTreeSet<Office>,
        reason: Reason,
        step: i64,
        remark: &str,
    ) -> Result<Vec<Office>, DbError> {
        let incident = self.incident;
        let matter = matter(self.tx.conn(), incident, incident.severity()).await?;
        let barred = barred(&self.roster, incident, &matter.accused);
        let severity = self.told_level().await?.unwrap_or(incident.severity());
        let waits = waits_alone(self.tx, incident).await?;
        let mut sent = Vec::new();
        // Who was told before it became known that he is complained of hears no more.
        for office in offices.iter().filter(|office| matter.bars(office).is_none()) {
            let remark = if waits.contains(office) { WAITS } else { remark };
            if self.send(office, &barred, severity, reason, step, remark).await? {
                sent.push(office.clone());
            }
        }
        Ok(sent)
    }
}

/// The office of a row of the outbox with the columns `role` and `region`, unless it is the desk.
pub(crate) fn office_of_row(row: &AnyRow) -> Result<Option<Office>, DbError> {
    let role: String = row.try_get("role")?;
    if role == DESK {
        return Ok(None);
    }
    let role: Role = store::role(&role)?;
    Ok(Some(Office::new(role, store::region("region", &row.try_get::<String, _>("region")?)?)))
}

/// The offices of such rows, without the desk.
fn offices_of_rows(rows: &[AnyRow]) -> Result<BTreeSet<Office>, DbError> {
    rows.iter().filter_map(|row| office_of_row(row).transpose()).collect()
}

/// A contact as the outbox writes it: two addresses of one channel are two ways to reach the office, hence
/// two rows; the address itself is not stored.
pub(crate) fn channel_of(contact: &Contact) -> String {
    format!("{}/{}", contact.channel, &short_hash(&["address", &contact.address])[..8])
}

#[cfg(test)]
mod tests;
