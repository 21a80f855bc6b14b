//! What a process takes for itself before it says or makes anything: its data folder and its addresses.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use lexicons::Lang;
use stream::BusConfig;
use tokio::net::TcpListener;

use super::Roles;
use crate::config::Config;

/// The sockets are bound and nobody else runs these roles on the data folder.
pub(super) struct Claim {
    /// The console, or health and metrics of a process without one.
    pub(super) console: TcpListener,
    /// Answer links, field form, `POST /api/v1/posts`.
    pub(super) public: Option<TcpListener>,
    /// Locked for as long as they are open: the kernel lets go of them however the process ends.
    pub(super) folder: Vec<File>,
}

impl Claim {
    /// Takes what `roles` need, or says in `lang` who has it and what to do.
    pub(super) async fn take(config: &Config, roles: Roles, demo: bool, lang: Lang) -> anyhow::Result<Claim> {
        let bound = bound(config, roles, demo, lang).await;
        let bound = match bound {
            // A folder that is not there is in nobody's use: none is made for a process that cannot run.
            Err(error) if !config.data.exists() => return Err(error),
            bound => bound,
        };
        std::fs::create_dir_all(&config.data).with_context(|| config.data.display().to_string())?;
        let folder = match config.bus {
            BusConfig::Log(_) => lock(&config.data, roles, lang)?,
            // The processes of a Kafka line share nothing but the topics.
            BusConfig::Kafka(_) => Vec::new(),
        };
        let (console, public) = bound?;
        Ok(Claim { console, public, folder })
    }
}

/// The sockets of `roles`, inner and outer.
async fn bound(
    config: &Config,
    roles: Roles,
    demo: bool,
    lang: Lang,
) -> anyhow::Result<(TcpListener, Option<TcpListener>)> {
    let ((inner, key), outer) = addresses(config, roles);
    let console = bind(inner, if demo { "--listen" } else { key }, lang).await?;
    let public = match outer {
        Some((address, key)) => Some(bind(address, if demo { "--listen" } else { key }, lang).await?),
        None => None,
    };
    Ok((console, public))
}

/// An address and the key that sets it.
type Keyed = (SocketAddr, &'static str);

/// The inner address of a process and the outer one, if it has one: each role has its own, so that the roles of one
/// machine do not take them from each other; whoever holds the console has the console's.
fn addresses(config: &Config, roles: Roles) -> (Keyed, Option<Keyed>) {
    if roles.alerts {
        return ((config.listen, "listen"), Some((config.public_listen, "public_listen")));
    }
    if roles.ingest {
        let outer = (config.ingest_public_listen, "ingest_public_listen");
        return ((config.ingest_listen, "ingest_listen"), Some(outer));
    }
    ((config.classify_listen, "classify_listen"), None)
}

async fn bind(address: SocketAddr, key: &str, lang: Lang) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let other = SocketAddr::new(address.ip(), address.port().checked_add(100).unwrap_or(8210));
            let values = [("key", key), ("other", &*other.to_string())];
            let how = match key.starts_with("--") {
                true => lang.fill("alerts.start.option", &values),
                false => lang.fill("alerts.start.key", &values),
            };
            let values = [("address", address.to_string()), ("key", how)];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            Err(anyhow!("{}", lang.fill("alerts.start.in_use", &values)))
        }
        bound => bound.with_context(|| {
            lang.fill("cli.setup.listen", &[("address", &address.to_string()), ("key", key)])
        }),
    }
}

/// One file for each role: the roles of one line may be processes of their own on one folder.
fn lock(data: &Path, roles: Roles, lang: Lang) -> anyhow::Result<Vec<File>> {
    let mut held = Vec::new();
    for (runs, role) in [(roles.ingest, "ingest"), (roles.classify, "classify"), (roles.alerts, "alerts")] {
        if !runs {
            continue;
        }
        let path = data.join(format!(".lock-{role}"));
        let file = File::options().create(true).append(true).open(&path);
        let file = file.with_context(|| path.display().to_string())?;
        match file.try_lock() {
            Ok(()) => held.push(file),
            Err(TryLockError::WouldBlock) => {
                let values = [("path", &*data.display().to_string()), ("role", role)];
                bail!("{}", lang.fill("alerts.start.folder_in_use", &values));
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(|| path.display().to_string()),
        }
    }
    Ok(held)
}
