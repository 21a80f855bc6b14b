//! Villages that are named once others have been told: their offices hear of it too, each by what is told of its own.

use std::sync::Arc;

use stream::Severity;

use super::Telling;
use super::answers::{Kept, kept};
use super::hush::barred;
use super::standing::{heard, matter, progress, sent_back, told_severity};
use crate::db::DbError;
use crate::route::climb::climb;
use crate::route::matter::Matter;
use crate::route::plan::{first_step, further};
use crate::route::told::Told;
use crate::store::{rank, rows};
use crate::{Reason, Scene, Timer};

impl Telling<'_> {
    /// Tells the offices of villages that two sources or a reporter tell of by now, and that have not heard of it. Returns
    /// whether there was one.
    pub(super) async fn ready_villages(&mut self) -> Result<bool, DbError> {
        if !self.incident.scenes.iter().any(Scene::is_ready) {
            return Ok(false);
        }
        let matter = matter(self.tx.conn(), self.incident, Severity::Waspada).await?.at_once();
        let plan = self.unheard(&matter).await?;
        self.tell_too(&matter, Reason::AtOnce, 0, &plan).await
    }

    /// Tells the offices of villages that were named after a person had decided, at the level in force, that nobody has
    /// looked at it there. Returns whether one was told.
    pub(super) async fn later_villages(&mut self) -> Result<bool, DbError> {
        let incident = self.incident;
        if incident.scenes.iter().all(|scene| !scene.later) {
            return Ok(false);
        }
        self.page_of_villages().await?;
        let told = self.told_level().await?;
        let severity = match incident.effective {
            Some(effective) if incident.awas_waits_for_second.is_none() => effective,
            _ => told.unwrap_or(incident.severity()),
        };
        let mut matter = matter(self.tx.conn(), incident, severity).await?;
        matter.scenes.retain(|scene| scene.later);
        let plan = self.unheard(&matter).await?;
        self.tell_too(&matter, Reason::Further, rank(severity), &plan).await
    }

    /// Pages the desk of villages that were named after it had decided, once of each.
    async fn page_of_villages(&mut self) -> Result<(), DbError> {
        let incident = self.incident;
        for scene in incident.scenes.iter().filter(|scene| scene.later) {
            let village = scene.place.as_str();
            let code = village.bytes().filter(u8::is_ascii_digit);
            let step = code.fold(0, |step, digit| 10 * step + i64::from(digit - b'0'));
            self.call_desk(Reason::FurtherPage, step, incident.severity(), village).await?;
        }
        Ok(())
    }

    /// Nobody has decided in time: tells of it at the level proposed, but for offices whose answer holds for that level.
    /// Where others were told at it before, it is for the villages that were named since.
    pub(super) async fn undecided(&mut self) -> Result<(), DbError> {
        let severity = self.incident.proposed;
        let before = told_severity(self.tx, self.incident).await?.is_some_and(|(told, _)| told >= severity);
        let matter = matter(self.tx.conn(), self.incident, severity).await?;
        let mut plan = first_step(&matter, &self.roster);
        let kept = kept(self.tx, self.incident, severity, &plan).await?;
        // Whoever sent it back is asked again only where nobody else has anything to say of it.
        if kept.iter().any(Kept::speaks) {
            plan.told.retain(|because| !kept.iter().any(|kept| kept.office == because.office));
            if plan.told.is_empty() {
                return Ok(());
            }
        }
        if self.incident.scenes.is_empty() || !before {
            self.tell(severity, Reason::Unconfirmed, rank(severity), &plan).await?;
            return Ok(());
        }
        self.tell_too(&matter, Reason::Unconfirmed, rank(severity), &plan).await?;
        Ok(())
    }

    /// Whether an office of a village has not heard of it at `severity`.
    pub(super) async fn leaves_out_a_village(&mut self, severity: Severity) -> Result<bool, DbError> {
        if self.incident.scenes.is_empty() {
            return Ok(false);
        }
        let matter = matter(self.tx.conn(), self.incident, severity).await?;
        let back = sent_back(self.tx, self.incident).await?;
        let unheard = self.unheard(&matter).await?.told;
        Ok(unheard.iter().any(|because| !back.contains_key(&because.office)))
    }

    /// Who would be told first at the villages of `matter`, can be reached and has not heard of it at its level.
    async fn unheard(&mut self, matter: &Matter) -> Result<Told, DbError> {
        let roster = Arc::clone(&self.roster);
        let mut plan = further(matter, &roster);
        let barred = barred(&roster, self.incident, &matter.accused);
        let mut unheard = Vec::new();
        for because in plan.told {
            let contacts = roster.contacts(&because.office);
            let reachable = contacts.iter().any(|contact| !barred.contains(contact));
            if reachable && !heard(self.tx, &roster, self.incident, &because.office, matter.severity).await? {
                unheard.push(because);
            }
        }
        plan.told = unheard;
        Ok(plan)
    }

    /// Tells the offices of `plan` beside those that were asked before: while one of those is silent, its clocks run on
    /// and nothing puts them off. A clock that has run out begins for the new ones. Returns whether anybody was told.
    pub(super) async fn tell_too(
        &mut self,
        matter: &Matter,
        reason: Reason,
        step: i64,
        plan: &Told,
    ) -> Result<bool, DbError> {
        let (id, severity) = (self.incident.id, matter.severity);
        if plan.told.is_empty() {
            return Ok(false);
        }
        let before = progress(self.tx, self.incident, severity).await?;
        let silent = climb(matter, 1, &before, &self.roster).nobody.as_deref() != Some("all_answered");
        if self.say(severity, reason, step, plan).await?.is_empty() {
            return Ok(false);
        }
        if !silent || rows::running(self.tx, id, Timer::Climb).await?.is_none() {
            self.climbs_from(severity).await?;
        }
        if !silent || rows::running(self.tx, id, Timer::Repeat).await?.is_none() {
            // From the first reminder on: who has had it does not get it again.
            self.reminds_from(severity, 1).await?;
        }
        Ok(true)
    }
}
