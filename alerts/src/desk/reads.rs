//! What a person at the desk may read; what names people stands in the audit.

use stream::{Category, Queue, Severity};

use super::Desk;
use super::acts::readable;
use super::error::DeskError;
use crate::model::*;
use crate::store::audit;
use crate::{outbox, view};

impl Desk {
    /// The queue as `actor` may see it: AWAS proposals on top, then by severity and time.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for a queue the actor's role does not read.
    pub async fn queue(&self, actor: &Actor, filter: &QueueFilter) -> Result<Vec<IncidentRow>, DeskError> {
        let queues = readable(actor, filter.queue)?;
        Ok(view::queue(&self.alerts.db, actor, &queues, filter).await?)
    }

    /// How many incidents `filter` holds in all.
    ///
    /// # Errors
    /// As [`Desk::queue`].
    pub async fn count(&self, actor: &Actor, filter: &QueueFilter) -> Result<i64, DeskError> {
        let queues = readable(actor, filter.queue)?;
        Ok(view::count(&self.alerts.db, actor, &queues, filter).await?)
    }

    /// Everything of one incident; the reading stands in the audit.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] also for what the actor may not see.
    pub async fn incident(&self, actor: &Actor, id: IncidentId) -> Result<IncidentView, DeskError> {
        let incident = view::load(&self.alerts.db, id).await?.ok_or(DeskError::NotFound)?;
        if !actor.acts(incident.queue, incident.place.as_ref()) {
            return Err(DeskError::NotFound);
        }
        self.audit(&actor.name, "read", &id.to_string(), "").await?;
        Ok(view::incident(&self.alerts, actor, incident).await?)
    }

    /// The incidents that `posts` stand in, as far as `actor` may open them: post, incident and queue (SG-18: those of
    /// KF-14 for Bawaslu alone).
    ///
    /// # Errors
    /// [`DeskError::Db`].
    pub async fn incidents_of(
        &self,
        actor: &Actor,
        posts: &[&str],
    ) -> Result<Vec<(String, IncidentId, Queue)>, DeskError> {
        Ok(view::incidents_of(&self.alerts.db, actor, posts).await?)
    }

    /// Bawaslu's page: the KF-14 incidents with their posts; the reading stands in the audit.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] for every role but `bawaslu`.
    pub async fn neutrality_findings(
        &self,
        actor: &Actor,
        filter: &QueueFilter,
    ) -> Result<Vec<IncidentView>, DeskError> {
        let filter = QueueFilter { queue: Some(Queue::Netralitas), ..filter.clone() };
        let rows = self.queue(actor, &filter).await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            self.audit(&actor.name, "read", &row.incident.id.to_string(), "").await?;
            views.push(view::incident(&self.alerts, actor, row.incident).await?);
        }
        Ok(views)
    }

    /// Open incidents by queue, category and severity, as far as `actor` may see them.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn counts(&self, actor: &Actor) -> Result<Vec<(Queue, Category, Severity, i64)>, DeskError> {
        let queues: Vec<Queue> = Queue::ALL.iter().copied().filter(|queue| actor.reads(*queue)).collect();
        Ok(view::counts(&self.alerts.db, actor, &queues).await?)
    }

    /// How the alert service is.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn health(&self) -> Result<Health, DeskError> {
        let (waiting, failed) = outbox::waiting(&self.alerts.db).await?;
        Ok(view::health(&self.alerts, waiting, failed).await?)
    }

    /// Offices the routing needed and nobody holds.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn gaps(&self) -> Result<Vec<Gap>, DeskError> {
        Ok(view::gaps(&self.alerts).await?)
    }

    /// What was sent last, newest first.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn notifications(&self, actor: &Actor, limit: i64) -> Result<Vec<NotificationView>, DeskError> {
        Ok(view::last_notifications(&self.alerts.db, actor, limit).await?)
    }

    /// The last rows of the audit, newest first.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`] but for `admin`.
    pub async fn audit_rows(&self, actor: &Actor, limit: i64) -> Result<Vec<AuditRow>, DeskError> {
        if actor.role != DeskRole::Admin {
            return Err(DeskError::Forbidden { role: actor.role, act: "audit" });
        }
        Ok(audit::rows(&self.alerts.db, limit).await?)
    }

    /// Whether the chain of the audit holds (SG-08).
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn check_audit(&self) -> Result<AuditCheck, DeskError> {
        Ok(audit::check(&self.alerts.db).await?)
    }
}
