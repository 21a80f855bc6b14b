//! A message whose time has come: what holds it back, who it reaches, and how it leaves.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::{Category, RegionCode, Severity, short_hash};

use super::digest::fold;
use super::set_state;
use crate::channels::{About, Kind, Message};
use crate::db::{DbError, Tx};
use crate::message::Reason;
use crate::roster::Contact;
use crate::store;
use crate::tell::{DESK, office_of_row};
use crate::{Alerts, IncidentId, Office};

/// A row of the outbox on its way out.
pub(crate) struct Leaving {
    pub id: String,
    pub kind: Kind,
    pub message: Message,
    pub attempts: i64,
    pub severity: Severity,
    pub(super) accepted: Option<Timestamp>,
}

/// A row that is due.
pub(super) struct Due {
    pub(super) id: String,
    pub(super) incident: IncidentId,
    pub(super) number: String,
    pub(super) role: String,
    pub(super) region: String,
    pub(super) office: Option<Office>,
    pub(super) channel: String,
    pub(super) reason: Reason,
    pub(super) severity: Severity,
    pub(super) attempts: i64,
    pub(super) repeats: i64,
    pub(super) body: String,
    pub(super) accepted: Option<Timestamp>,
    pub(super) category: Option<Category>,
    pub(super) place: Option<RegionCode>,
    pub(super) effective: Option<Severity>,
    pub(super) since: Option<Timestamp>,
}

impl Due {
    pub(super) fn read(row: &AnyRow) -> Result<Due, DbError> {
        let (role, region): (String, String) = (row.try_get("role")?, row.try_get("region")?);
        let reason: String = row.try_get("reason")?;
        let category: Option<String> = row.try_get("category")?;
        let place: Option<String> = row.try_get("place")?;
        let effective: Option<i64> = row.try_get("effective")?;
        Ok(Due {
            id: row.try_get("id")?,
            incident: IncidentId(row.try_get("incident")?),
            number: row.try_get("number")?,
            office: office_of_row(&role, &region)?,
            role,
            region,
            channel: row.try_get("channel")?,
            reason: Reason::parse(&reason).ok_or(DbError::BadValue { column: "reason", value: reason })?,
            severity: store::severity("severity", row.try_get("severity")?)?,
            attempts: row.try_get("attempts")?,
            repeats: row.try_get("repeats")?,
            body: row.try_get("body")?,
            accepted: store::maybe_time("accepted_at", row.try_get("accepted_at")?)?,
            category: category.as_deref().and_then(Category::parse),
            place: place.map(|place| store::region("place", &place)).transpose()?,
            effective: effective.map(|value| store::severity("effective", value)).transpose()?,
            since: store::maybe_time("first_event", row.try_get("first_event")?)?,
        })
    }

    fn kind(&self) -> Option<Kind> {
        Kind::parse(self.channel.split('/').next().unwrap_or_default())
    }

    /// Whether a kill switch holds for its channel, its office's region or the region of the matter (SG-17).
    pub(super) fn is_switched_off(&self, switched: &[String]) -> bool {
        switched.iter().any(|scope| match scope.split_once(':') {
            Some(("channel", kind)) => self.kind().is_some_and(|own| own.as_str() == kind),
            Some(("region", code)) => RegionCode::parse(code).is_ok_and(|region| {
                let office = self.office.as_ref().map(|office| &office.region);
                office.into_iter().chain(&self.place).any(|own| region.contains(own))
            }),
            _ => false,
        })
    }

    /// Whether it counts against the budget: AWAS, pages, digests and cancellations always leave.
    pub(super) fn spends(&self) -> bool {
        self.severity < Severity::Awas
            && self.attempts == 0
            && !matches!(self.reason, Reason::Digest | Reason::Page | Reason::Rejected)
    }

    /// Commits the attempt; what nobody can be reached by any more fails for good.
    pub(super) async fn leave(
        self,
        tx: &mut Tx,
        alerts: &Alerts,
        now: Timestamp,
    ) -> Result<Option<Leaving>, DbError> {
        let Some((kind, contact)) = self.kind().zip(self.contact(alerts)) else {
            sqlx::query("UPDATE notifications SET state = 'failed', error = $2 WHERE id = $1")
                .bind(&self.id)
                .bind("the roster reaches nobody this way any more")
                .execute(tx.conn())
                .await?;
            return Ok(None);
        };
        let body = match self.reason {
            Reason::Digest => fold(tx, alerts, &self).await?,
            _ => Some(self.body.clone()),
        };
        let Some(body) = body else {
            set_state(tx, &self.id, "moot").await?;
            return Ok(None);
        };
        sqlx::query(
            "UPDATE notifications SET state = 'sending', attempts = attempts + 1, body = $2 WHERE id = $1",
        )
        .bind(&self.id)
        .bind(&body)
        .execute(tx.conn())
        .await?;
        let address = contact.address.clone();
        Ok(Some(self.leaving(alerts, kind, address, body, now)))
    }

    fn contact<'a>(&self, alerts: &'a Alerts) -> Option<&'a Contact> {
        let contacts = match &self.office {
            Some(office) => alerts.roster.contacts(office),
            None => alerts.roster.desk(self.place.as_ref()),
        };
        let (kind, hash) = self.channel.split_once('/')?;
        contacts.iter().find(|contact| {
            contact.channel.as_str() == kind && short_hash(&["address", &contact.address]).starts_with(hash)
        })
    }

    fn leaving(self, alerts: &Alerts, kind: Kind, address: String, body: String, now: Timestamp) -> Leaving {
        let writer = &alerts.writer;
        let repeat = self.repeats > 0;
        let link = self.reason.asks().then(|| alerts.link(&self.id));
        let subject = match self.reason {
            Reason::Digest => format!("{} {}", writer.lang.get("alerts.subject.digest"), self.number),
            reason => writer.subject(reason, &body, &self.number),
        };
        let mut text = body;
        if let Some(link) = &link {
            text = format!("{text}\n{}", writer.ask(link));
        }
        if self.reason == Reason::Page
            && let Some(link) = alerts.console_link(self.incident)
        {
            text = format!("{text}\n{}", writer.open(&link));
        }
        if repeat && kind != Kind::File {
            text = format!("{}\n{text}", writer.lang.get("alerts.message.again"));
        }
        let hidden = self.reason == Reason::ItemWaits;
        let place = self
            .place
            .as_ref()
            .zip(self.category)
            .map(|(place, category)| crate::explain::sayable(category, place));
        let about = About {
            category: self.category.filter(|_| !hidden),
            // What a person has decided holds, also for a machine that reads it.
            severity: self.effective.unwrap_or(self.severity),
            place,
            office: self.office.as_ref().map_or_else(|| DESK.to_owned(), Office::to_string),
            reason: self.reason.to_string(),
            since: self.since.unwrap_or(now),
            over: (self.reason == Reason::Rejected).then_some(now),
            incident: self.incident.to_string(),
            link,
        };
        Leaving {
            message: Message {
                id: self.id.clone(),
                number: self.number,
                address,
                subject,
                body: text,
                about,
                repeat,
            },
            id: self.id,
            kind,
            attempts: self.attempts + 1,
            severity: self.severity,
            accepted: self.accepted,
        }
    }
}
