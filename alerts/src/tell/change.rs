//! What follows from a change in the signals of an incident, and from what a person decides about it.

use std::collections::BTreeSet;

use stream::{Queue, Severity};

use super::Telling;
use super::answers::kept;
use super::correct::sent_away;
use super::hush::hush;
use super::standing::{matter, progress, sent_back, told_severity};
use super::waits::waits_alone;
use crate::clocks::{self, Unconfirmed};
use crate::db::DbError;
use crate::group;
use crate::route::climb::climb;
use crate::route::matter::Matter;
use crate::route::plan::{RELEASED_AT_LEAST, first_step, released};
use crate::route::told::{Because, Told, Why};
use crate::store::{Touched, rank, rows, severity};
use crate::{Event, Office, Reason, Status, Timer};

impl Telling<'_> {
    /// What follows from a change in its signals, one of those `touched`: pages, clocks, telling at once.
    pub(crate) async fn after_change(mut self, touched: &Touched) -> Result<(), DbError> {
        let incident = self.incident;
        if incident.archived || !incident.status.is_open() {
            return Ok(());
        }
        if incident.told_at.is_some() {
            hush(self.tx, &self.roster, incident).await?;
            self.keeps_pace().await?;
        }
        if incident.queue == Queue::Netralitas {
            if incident.place.is_some() && incident.proposed >= Severity::Waspada {
                self.tell_first(incident.proposed, Reason::ItemWaits, 0).await?;
            }
            return Ok(());
        }
        self.news(touched).await?;
        if incident.status != Status::Baru {
            // One that was decided and is merged into this one has decided it.
            if touched.decided.contains(&incident.id) {
                self.decided_by_merge().await?;
            }
            self.calls().await?;
            match incident.awas_waits_for_second {
                Some(_) => self.second_by().await?,
                None => rows::stop(self.tx, incident.id, Timer::Unconfirmed).await?,
            }
            self.later_villages().await?;
            return Ok(());
        }
        if incident.proposed >= Severity::Siaga {
            self.page().await?;
        }
        self.calls().await?;
        if incident.place.is_none() || incident.proposed == Severity::Normal {
            return rows::stop(self.tx, incident.id, Timer::Unconfirmed).await;
        }
        if incident.told_at.is_some() {
            self.ready_villages().await?;
        } else if (incident.sources >= 2 || incident.reporter)
            && !group::is_apart(&rows::group_key(self.tx, incident.id).await?)
        {
            // Of what a person has just called wrong elsewhere nobody hears before a person has looked at it.
            let matter = matter(self.tx.conn(), incident, incident.proposed).await?.at_once();
            let plan = first_step(&matter, &self.roster);
            self.tell(matter.severity, Reason::AtOnce, 0, &plan).await?;
        }
        self.decide_by().await
    }

    /// Starts the clock within which a person has to decide; a graver proposal shortens it, only a milder one prolongs it.
    async fn decide_by(&mut self) -> Result<(), DbError> {
        let incident = self.incident;
        let Some(clock) = clocks::decision(incident.proposed) else { return Ok(()) };
        if self.alerts.policy.unconfirmed == Unconfirmed::Hold {
            return Ok(());
        }
        let level = rank(incident.proposed);
        let due = self.now + clock;
        match rows::running(self.tx, incident.id, Timer::Unconfirmed).await? {
            Some((step, due)) if step > level => {
                let was = clocks::decision(severity("step", step)?);
                self.shift(Timer::Unconfirmed, due, level, was.zip(Some(clock))).await
            }
            Some((step, _)) if step == level => Ok(()),
            Some((_, running)) if running <= due.as_microsecond() => Ok(()),
            // The clock of this level has gone off already: the matter was told at it, in every village that is named.
            None if told_severity(self.tx, incident)
                .await?
                .is_some_and(|(told, reason)| reason != Reason::AtOnce && rank(told) >= level)
                && !self.leaves_out_a_village(incident.proposed).await? =>
            {
                Ok(())
            }
            _ => rows::start(self.tx, incident.id, Timer::Unconfirmed, level, due).await,
        }
    }

    /// Whoever was told of `matter` beside the offices of `plan`, by a climb or at a graver proposal: what a person has
    /// decided since is theirs to know. An office that sent it back, or where it no longer lies, hears no more of it.
    pub(super) async fn others_told(
        &mut self,
        matter: &Matter,
        plan: &Told,
    ) -> Result<Vec<Because>, DbError> {
        let Some(place) = &matter.place else { return Ok(Vec::new()) };
        let mut told = progress(self.tx, self.incident, Severity::Normal).await?.told;
        let back = sent_back(self.tx, self.incident).await?;
        let away = sent_away(self.tx, self.incident).await?;
        told.retain(|office| {
            office.concerns(place)
                && !away.contains(office)
                && matter.bars(office).is_none()
                && !back.contains_key(office)
        });
        for because in &plan.told {
            told.remove(&because.office);
        }
        Ok(told.into_iter().map(|office| Because { office, why: Why::Heard, silent: None }).collect())
    }

    /// Tells of a confirmed incident at its effective severity: its first offices, and whoever was told before. Offices
    /// that have answered hear that their answer holds; the others are asked, and the climb begins anew for the lines that
    /// are silent.
    pub(crate) async fn confirmed(mut self) -> Result<(), DbError> {
        let incident = self.incident;
        rows::stop(self.tx, incident.id, Timer::Unconfirmed).await?;
        rows::stop(self.tx, incident.id, Timer::Desk).await?;
        if incident.archived || incident.queue == Queue::Netralitas {
            return Ok(());
        }
        self.begins_as_awas().await?;
        let severity = incident.severity();
        self.falls_to(severity).await?;
        let matter = matter(self.tx.conn(), incident, severity).await?;
        let mut plan = first_step(&matter, &self.roster);
        let others = self.others_told(&matter, &plan).await?;
        plan.told.extend(others);
        let kept = kept(self.tx, incident, severity, &plan).await?;
        plan.told.retain(|because| !kept.iter().any(|kept| kept.office == because.office));
        let step = self.decision(severity).await?;
        let asked = self.tell(severity, Reason::Confirmed, step, &plan).await?;
        if kept.is_empty() {
            return Ok(());
        }
        self.update(severity, &kept).await?;
        if !asked.is_empty() {
            return Ok(());
        }
        // Nobody was asked: the clocks run on only for lines that have not answered.
        let progress = progress(self.tx, incident, severity).await?;
        let silent = climb(&matter, 1, &progress, &self.roster);
        if silent.nobody.as_deref() == Some("all_answered") {
            rows::stop(self.tx, incident.id, Timer::Climb).await?;
            return rows::stop(self.tx, incident.id, Timer::Repeat).await;
        }
        self.climbs_from(severity).await
    }

    /// The step at which a decision on `severity` is told: that level, and how often a decision has lowered it before, so
    /// that whoever heard of the lower one hears of a level that is confirmed anew.
    pub(super) async fn decision(&mut self, severity: Severity) -> Result<i64, DbError> {
        let levels: Vec<String> =
            sqlx::query_scalar("SELECT detail FROM history WHERE incident = $1 AND kind = $2 ORDER BY id")
                .bind(self.incident.id.0)
                .bind(Event::Confirmed.as_str())
                .fetch_all(self.tx.conn())
                .await?;
        let levels: Vec<Option<Severity>> = levels.iter().map(|level| Severity::parse(level)).collect();
        let falls: i64 = levels.windows(2).map(|pair| i64::from(pair[1] < pair[0])).sum();
        Ok(rank(severity) + 10 * falls)
    }

    /// Tells Bawaslu of a released KF-14 matter, but whoever was `told` that it is; `step` counts the releases whose
    /// messages did not get there, and the places set since.
    pub(crate) async fn released(mut self, step: i64, told: &BTreeSet<Office>) -> Result<(), DbError> {
        let severity = self.incident.severity().max(RELEASED_AT_LEAST);
        let matter = matter(self.tx.conn(), self.incident, severity).await?;
        let waits = waits_alone(self.tx, self.incident).await?;
        let mut plan = released(&matter, &self.roster);
        let knows = |office: &Office| told.contains(office) && !waits.contains(office);
        plan.told.retain(|because| !knows(&because.office));
        if !plan.told.is_empty() || told.is_empty() {
            self.tell(severity, Reason::Released, step, &plan).await?;
        }
        Ok(())
    }
}
