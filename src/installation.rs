//! One installation on disk: its folder, its secret and its database.

use alerts::db::Db;
use alerts::keys::Secret;
use anyhow::{Context, bail};
use console::accounts::Accounts;
use stream::Clock;

use crate::config::Config;

/// What every command that touches accounts or incidents opens first.
pub(crate) struct Installation {
    pub(crate) db: Db,
    secret: Secret,
}

impl Installation {
    /// Opens the installation that `config` describes, making what is not there yet.
    pub(crate) async fn open(config: &Config) -> anyhow::Result<Installation> {
        std::fs::create_dir_all(&config.data).with_context(|| config.data.display().to_string())?;
        let (Some(database), Some(key)) = (&config.alerts.database, &config.alerts.key_file) else {
            bail!("the configuration names neither database nor key file");
        };
        let secret = Secret::load_or_make(key)?;
        let db = Db::open(database).await?;
        Ok(Installation { db, secret })
    }

    /// Its accounts; `clock` tells when sessions end.
    pub(crate) fn accounts(&self, clock: Clock) -> Accounts {
        Accounts::new(self.db.clone(), self.secret.clone(), clock)
    }
}
