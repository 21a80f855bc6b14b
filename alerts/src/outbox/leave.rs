//! How a message leaves: its text as it is read, and the attempt committed before it is made.

use jiff::Timestamp;
use stream::{Queue, Severity, short_hash};

use super::digest::fold;
use super::due::Due;
use super::set_state;
use crate::channels::{About, Kind, Message};
use crate::db::{DbError, Tx};
use crate::roster::Contact;
use crate::tell::{DESK, enqueue_next};
use crate::{Alerts, Office, Reason};

/// A row of the outbox on its way out.
pub(crate) struct Leaving {
    pub id: String,
    pub kind: Kind,
    pub message: Message,
    pub attempts: i64,
    pub severity: Severity,
    pub(super) accepted: Option<Timestamp>,
}

impl Due {
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
            // The roster was exchanged while it waited: whoever holds the office now is told. A digest's lines are not
            // written for another.
            if self.reason != Reason::Digest {
                enqueue_next(tx, alerts, &self.id, now).await?;
            }
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
        Ok(Some(self.leaving(alerts, kind, contact.address, body, now)))
    }

    fn contact(&self, alerts: &Alerts) -> Option<Contact> {
        let roster = alerts.roster();
        let contacts = match &self.office {
            Some(office) => roster.contacts(office),
            None => roster.desk(self.place.as_ref()),
        };
        let (kind, hash) = self.channel.split_once('/')?;
        let meant = contacts.iter().find(|contact| {
            contact.channel.as_str() == kind && short_hash(&["address", &contact.address]).starts_with(hash)
        });
        meant.cloned()
    }

    fn leaving(self, alerts: &Alerts, kind: Kind, address: String, body: String, now: Timestamp) -> Leaving {
        let writer = &alerts.writer;
        let repeat = self.repeats > 0;
        let link = self.reason.asks().then(|| alerts.link(&self.id));
        let subject = match self.reason {
            Reason::Digest => format!("{} {}", writer.lang.get("alerts.subject.digest"), self.number),
            reason => writer.subject(reason, &self.remark, self.beside.as_ref(), &body, &self.number),
        };
        let mut text = body;
        // The desk's own people need no number of it, a digest has it, and what is Bawaslu's is not the desk's.
        let office = !self.reason.pages() && self.reason != Reason::Digest;
        let queue = self.category.map_or(Queue::Konflik, |category| category.queue());
        let conflict = self.category.is_some() && queue == Queue::Konflik;
        if let Some(contact) = alerts.contact.as_ref().filter(|_| office && conflict) {
            text = format!("{text}\n{}", writer.desk(contact));
        }
        if let Some(link) = &link {
            text = format!("{text}\n{}", writer.ask(link));
        }
        // What is told of KF-14 says nothing but that it can be read there.
        let in_console = self.reason.pages() || matches!(self.reason, Reason::ItemWaits | Reason::Released);
        if in_console && let Some(link) = alerts.console_link(queue, self.incident) {
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
            .map(|(place, category)| crate::message::sayable(category, place));
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
