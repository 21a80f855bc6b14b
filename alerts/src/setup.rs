//! Putting the alert service together from its settings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lexicons::{Lang, gazetteer::Gazetteer};
use serde::Deserialize;
use stream::{Clock, Queue};
use tokio::sync::{Notify, watch};

use crate::channels::{ChannelError, Channels, EmailConfig, WebhookConfig};
use crate::clocks::Policy;
use crate::db::{Db, DbError};
use crate::keys::{KeyError, Secret};
use crate::lease::Lease;
use crate::message::Writer;
use crate::roster::{InUse, Refused, Roster, RosterFault};
use crate::{DeskContact, IncidentId};

/// Settings of the alert service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AlertsConfig {
    /// `postgres://…`, or a SQLite file; by default `alerts.db` in the data folder.
    pub database: Option<String>,
    /// The roster; without one nobody holds any office and every gap is shown.
    pub roster: Option<PathBuf>,
    /// Where officers reach the answer page, without a slash at the end (`https://desk.example`).
    pub public_url: String,
    /// Where the desk reaches the console (`https://meja.example`): pages lead there; without it they carry no link.
    pub console_url: Option<String>,
    /// Where the `file` channel writes; by default `outbox` in the data folder.
    pub folder: Option<PathBuf>,
    /// The secret that signs links; by default `secret.key` in the data folder, made when missing.
    pub key_file: Option<PathBuf>,
    /// The webhook channel.
    pub webhook: Option<WebhookConfig>,
    /// The e-mail channel.
    pub email: Option<EmailConfig>,
    /// How offices reach the people of the desk; without it messages and the page of an answer name no telephone.
    pub desk: Option<DeskContact>,
    /// The language of messages.
    pub lang: Lang,
    /// Put before each message (`SIMULASI – DATA REKAAN`).
    pub banner: Option<String>,
    /// Grouping, clocks and budgets.
    pub policy: Policy,
}

/// Why the alert service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The secret.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A channel's setting.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The roster: every fault.
    #[error("roster: {} faults, the first: {}", .0.len(), .0.first().map(|fault| fault.text(Lang::En)).unwrap_or_default())]
    Roster(Vec<RosterFault>),
    /// The roster uses a channel that is not set up.
    #[error("roster: channel {0} is used but not configured")]
    ChannelMissing(crate::channels::Kind),
}

/// What the stage, the desk and the teller share.
#[derive(Debug)]
pub struct Alerts {
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Grouping, clocks and budgets.
    pub policy: Policy,
    /// Signs links, turns authors into tokens.
    pub secret: Secret,
    /// Writes messages.
    pub writer: Writer,
    /// How offices reach the desk.
    pub contact: Option<DeskContact>,
    /// Lets them leave.
    pub channels: Channels,
    /// Whether this process is the active one.
    pub lease: Arc<Lease>,
    /// Rung when there may be something to deliver.
    pub changed: Notify,
    roster: InUse,
    public_url: String,
    console_url: Option<String>,
}

impl AlertsConfig {
    /// Reads the roster, or an empty one without setting.
    ///
    /// # Errors
    /// Every fault of it at once.
    pub fn roster(&self, gazetteer: &Gazetteer) -> Result<Roster, Vec<RosterFault>> {
        let roster = match &self.roster {
            Some(path) => Roster::load(path, |code| gazetteer.area(code).is_some())?,
            None => Roster::default(),
        };
        Ok(roster.with_incumbents(&self.policy.incumbents))
    }
}

impl Alerts {
    /// Opens the alert service of the process `instance` with its files in `data`. Its roster may name the areas in use.
    ///
    /// # Errors
    /// [`SetupError`].
    pub async fn open(
        config: &AlertsConfig,
        data: &Path,
        instance: &str,
        clock: Clock,
    ) -> Result<Alerts, SetupError> {
        let folder = config.folder.clone().unwrap_or_else(|| data.join("outbox"));
        let channels = Channels::new(&folder, config.webhook.as_ref(), config.email.as_ref())?;
        let roster = usable(config, &channels)?;
        let key = config.key_file.clone().unwrap_or_else(|| data.join("secret.key"));
        let secret = Secret::load_or_make(&key)?;
        let url = config.database.clone().unwrap_or_else(|| data.join("alerts.db").display().to_string());
        Ok(Alerts {
            db: Db::open(&url).await?,
            clock,
            policy: config.policy.clone(),
            secret,
            writer: Writer { lang: config.lang, banner: config.banner.clone() },
            contact: config.desk.clone(),
            channels,
            lease: Arc::new(Lease::new(instance)),
            changed: Notify::new(),
            roster: InUse::new(roster),
            public_url: config.public_url.clone(),
            console_url: config.console_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        })
    }

    /// Who holds which office, as the roster says now.
    pub fn roster(&self) -> Arc<Roster> {
        self.roster.now()
    }

    /// Reads the roster of `config` anew and goes by it from now on; whether it says anything else. One with faults
    /// changes nothing.
    ///
    /// # Errors
    /// [`SetupError::Roster`] or [`SetupError::ChannelMissing`].
    pub fn read_roster(&self, config: &AlertsConfig) -> Result<bool, SetupError> {
        let read = usable(config, &self.channels);
        match &read {
            Err(SetupError::Roster(faults)) => {
                self.roster.refuse(faults.iter().cloned().map(Refused::Fault).collect());
            }
            Err(SetupError::ChannelMissing(kind)) => {
                self.roster.refuse(vec![Refused::ChannelMissing(*kind)]);
            }
            _ => {}
        }
        let differs = self.roster.exchange(read?);
        if differs {
            self.changed.notify_one();
        }
        Ok(differs)
    }

    /// Tells of every exchange of the roster to come.
    pub(crate) fn rosters(&self) -> watch::Receiver<Arc<Roster>> {
        self.roster.exchanges()
    }

    /// The faults that the roster's file had when it was last read, so that the one before stays.
    pub fn roster_refused(&self) -> Vec<Refused> {
        self.roster.refused()
    }

    /// The page of incident `id` in the console of the desk of `queue`, where the console's address is known.
    pub fn console_link(&self, queue: Queue, id: IncidentId) -> Option<String> {
        let pages = match queue {
            Queue::Konflik => "kejadian",
            Queue::Netralitas => "netralitas",
        };
        self.console_url.as_ref().map(|url| format!("{url}/{pages}/{id}"))
    }

    /// The answer link of notification `id`.
    pub fn link(&self, id: &str) -> String {
        format!("{}/j/{}", self.public_url, self.secret.token(id))
    }
}

/// The roster of `config` that names areas in use, and `channels` that are set up.
fn usable(config: &AlertsConfig, channels: &Channels) -> Result<Roster, SetupError> {
    let roster = config.roster(&Gazetteer::in_use()).map_err(SetupError::Roster)?;
    match roster.channels().into_iter().find(|kind| !channels.has(*kind)) {
        Some(missing) => Err(SetupError::ChannelMissing(missing)),
        None => Ok(roster),
    }
}
