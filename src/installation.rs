//! One installation on disk: its folder, its secret and its database.

use std::fs::File;
use std::path::PathBuf;

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
        let turn = turn(config.data.join(".lock-database")).await?;
        let db = Db::open(database).await?;
        drop(turn);
        Ok(Installation { db, secret })
    }

    /// Its accounts; `clock` tells when sessions end.
    pub(crate) fn accounts(&self, clock: Clock) -> Accounts {
        Accounts::new(self.db.clone(), self.secret.clone(), clock)
    }
}

/// Waits for the turn to open the database, held as long as the file is open: of two roles that start together on a new
/// data folder one makes the tables, and SQLite has no lock of its own for that.
async fn turn(path: PathBuf) -> anyhow::Result<File> {
    let name = path.display().to_string();
    let taken = tokio::task::spawn_blocking(move || {
        let file = File::options().create(true).append(true).open(path)?;
        file.lock().map(|()| file)
    });
    taken.await?.with_context(|| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn roles_that_start_together_make_one_database() {
        for _ in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let data = folder.path().join("d");
            let mut opening = tokio::task::JoinSet::new();
            for _ in 0..6 {
                let data = data.clone();
                opening.spawn(async move {
                    let config = Config::load(None, Some(&data)).unwrap();
                    Installation::open(&config).await.map(drop)
                });
            }
            while let Some(opened) = opening.join_next().await {
                opened.unwrap().unwrap();
            }
        }
    }
}
