//! Notification channels: one file each and one list of them.

mod email;
mod file;
mod webhook;

use std::path::Path;

use jiff::Timestamp;
use stream::{Category, RegionCode, Severity, closed_set};

pub use email::{Email, EmailConfig, Security};
pub use file::Folder;
pub use webhook::{Webhook, WebhookConfig, signature};

closed_set! {
    /// A kind of channel; a new one is its own file, a line here and one in [`Channels::send`].
    Kind {
        /// Writes each message into a folder: the default, so that nobody is called by mistake.
        File = "file",
        /// Posts the payload of Alertmanager, signed.
        Webhook = "webhook",
        /// Sends an e-mail.
        Email = "email",
    }
}

impl Kind {
    /// Whether `address` is one of this channel.
    pub fn takes(self, address: &str) -> bool {
        match self {
            Kind::File => file::is_address(address),
            Kind::Webhook => webhook::is_address(address),
            Kind::Email => email::is_address(address),
        }
    }
}

/// What an attempt or a setting ran into. Its text holds no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// May work later.
    #[error("{0}")]
    Retry(String),
    /// Will never work like this.
    #[error("{0}")]
    Permanent(String),
}

impl ChannelError {
    /// Whether the same thing may work later.
    pub fn is_retryable(&self) -> bool {
        matches!(self, ChannelError::Retry(_))
    }
}

/// A message on its way to one address.
#[derive(Clone)]
pub struct Message {
    /// The notification's id: Message-ID and idempotency key, the same in every attempt.
    pub id: String,
    /// Its number (`KTG-12-3`): for headers and names of files; people read that of the matter.
    pub number: String,
    /// Where to, in the channel's own form.
    pub address: String,
    /// A line for the subject.
    pub subject: String,
    /// The message, with the answer link.
    pub body: String,
    /// What it is about, for machines.
    pub about: About,
    /// Whether an earlier attempt was cut by a crash, so that this may be a repetition (*ulangan*).
    pub repeat: bool,
}

/// What a message is about, as labels: closed sets and codes only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The category; `None` when only "an item waits" may be said.
    pub category: Option<Category>,
    /// The severity as told; `None` when only "an item waits" may be said, and of several messages in one.
    pub severity: Option<Severity>,
    /// The region.
    pub place: Option<RegionCode>,
    /// The office's code (`KAPOLSEK 62.10.02`).
    pub office: String,
    /// Why it is sent, as a code.
    pub reason: String,
    /// When the matter began; when this was said, where only "an item waits" may be.
    pub since: Timestamp,
    /// When it was taken back, if this message says so.
    pub over: Option<Timestamp>,
    /// The incident's number.
    pub incident: String,
    /// The answer link, if it takes an answer.
    pub link: Option<String>,
}

/// The channels of this installation.
#[derive(Debug)]
pub struct Channels {
    folder: Folder,
    webhook: Option<Webhook>,
    email: Option<Email>,
}

impl Channels {
    /// Channels as configured; files go into `folder`.
    ///
    /// # Errors
    /// [`ChannelError::Permanent`] for a setting that cannot work.
    pub fn new(
        folder: &Path,
        webhook: Option<&WebhookConfig>,
        email: Option<&EmailConfig>,
    ) -> Result<Channels, ChannelError> {
        Ok(Channels {
            folder: Folder::new(folder),
            webhook: webhook.map(Webhook::new).transpose()?,
            email: email.map(Email::new).transpose()?,
        })
    }

    /// Whether `kind` is set up.
    pub fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::File => true,
            Kind::Webhook => self.webhook.is_some(),
            Kind::Email => self.email.is_some(),
        }
    }

    /// Makes one attempt at `now`.
    ///
    /// # Errors
    /// [`ChannelError`], which says whether to try again.
    pub async fn send(&self, kind: Kind, message: &Message, now: Timestamp) -> Result<(), ChannelError> {
        let missing = || ChannelError::Retry(format!("channel {kind} is not set up"));
        match kind {
            Kind::File => self.folder.send(message).await,
            Kind::Webhook => self.webhook.as_ref().ok_or_else(missing)?.send(message, now).await,
            Kind::Email => self.email.as_ref().ok_or_else(missing)?.send(message).await,
        }
    }
}
