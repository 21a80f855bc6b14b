//! How a message leaves: its text as it is read, and the attempt committed before it is made.

use std::sync::Arc;

use jiff::Timestamp;
use stream::{Queue, Severity};

use super::digest::fold;
use super::due::{Due, meant};
use super::set_state;
use super::undelivered::{Lines, Undelivered, pass_lines, pass_on};
use crate::channels::{About, Kind, Message};
use crate::db::{DbError, Tx};
use crate::roster::{Contact, Roster};
use crate::tell::DESK;
use crate::{Alerts, Office, Reason, UNREACHABLE};

/// A row of the outbox on its way out.
pub(crate) struct Leaving {
    pub id: String,
    pub kind: Kind,
    pub message: Message,
    pub attempts: i64,
    pub severity: Severity,
    pub(super) is_digest: bool,
    pub(super) accepted: Option<Timestamp>,
}

/// What became of a message whose time has come.
pub(super) enum Left {
    /// Committed as `sending`.
    Goes(Box<Leaving>),
    /// It does not leave, and of these nobody hears.
    Undelivered(Vec<Undelivered>),
}

impl Due {
    /// Commits the attempt; what the address of is named no more fails for good and goes on to whoever holds the office
    /// now.
    pub(super) async fn leave(
        self,
        tx: &mut Tx,
        alerts: &Alerts,
        roster: &Arc<Roster>,
        now: Timestamp,
    ) -> Result<Left, DbError> {
        let Some((kind, contact)) = self.kind().zip(self.contact(roster)) else {
            return Ok(Left::Undelivered(self.unreachable(tx, alerts, roster, now).await?));
        };
        let body = match self.reason {
            Reason::Digest => fold(tx, alerts, &self).await?,
            _ => Some(self.body.clone()),
        };
        let Some(body) = body else {
            set_state(tx, &self.id, "moot").await?;
            return Ok(Left::Undelivered(Vec::new()));
        };
        sqlx::query(
            "UPDATE notifications SET state = 'sending', attempts = attempts + 1, body = $2 WHERE id = $1",
        )
        .bind(&self.id)
        .bind(&body)
        .execute(tx.conn())
        .await?;
        Ok(Left::Goes(Box::new(self.leaving(alerts, kind, contact.address, body, now))))
    }

    /// The roster was exchanged while it waited and does not name its address any more. The lines of a digest go on one by
    /// one: they may be for different people by now.
    async fn unreachable(
        &self,
        tx: &mut Tx,
        alerts: &Alerts,
        roster: &Arc<Roster>,
        now: Timestamp,
    ) -> Result<Vec<Undelivered>, DbError> {
        if self.reason != Reason::Digest {
            let nobody = pass_on(tx, alerts, roster, &self.id, UNREACHABLE, now).await?;
            return Ok(nobody.into_iter().collect());
        }
        set_state(tx, &self.id, "failed").await?;
        let Due { role, region, channel, .. } = self;
        let lines = match self.attempts {
            0 => Lines::Waiting { role, region, channel },
            _ => Lines::Taken(&self.id),
        };
        pass_lines(tx, alerts, roster, lines, UNREACHABLE, now).await
    }

    /// Whom it goes to, where `roster` still names the address.
    pub(super) fn contact(&self, roster: &Roster) -> Option<Contact> {
        meant(roster, self.office.as_ref(), self.place.as_ref(), &self.channel).cloned()
    }

    fn leaving(self, alerts: &Alerts, kind: Kind, address: String, body: String, now: Timestamp) -> Leaving {
        let writer = &alerts.writer;
        let repeat = self.repeats > 0;
        let link = self.reason.asks(&self.remark).then(|| alerts.link(&self.id));
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
        let hidden = self.reason.hides(&self.remark);
        let in_console = self.reason.pages()
            || matches!(self.reason, Reason::ItemWaits | Reason::Released)
            || self.reason == Reason::Noted && !hidden;
        if in_console && let Some(link) = alerts.console_link(queue, self.incident) {
            text = format!("{text}\n{}", writer.open(&link));
        }
        if repeat && kind != Kind::File {
            text = format!("{}\n{text}", writer.lang.get("alerts.message.again"));
        }
        let place = self
            .place
            .as_ref()
            .zip(self.category)
            // Where it is now is nothing for whoever knew of it only that it waited at his place.
            .filter(|_| !hidden || self.reason != Reason::Away)
            .map(|(place, category)| crate::message::sayable(category, place));
        let about = About {
            category: self.category.filter(|_| !hidden),
            // What a person has decided holds, also for a machine that reads it.
            severity: Some(self.effective.unwrap_or(self.severity))
                .filter(|_| !hidden && self.reason != Reason::Digest),
            place,
            office: self.office.as_ref().map_or_else(|| DESK.to_owned(), Office::to_string),
            reason: self.reason.to_string(),
            since: self.since.filter(|_| !hidden).unwrap_or(now),
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
            is_digest: self.reason == Reason::Digest,
            severity: self.severity,
            accepted: self.accepted,
        }
    }
}
