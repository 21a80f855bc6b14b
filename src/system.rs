//! One process: opens what the configuration names and runs the chosen roles until it is told to stop.

mod claim;
mod days;

use std::sync::Arc;
use std::time::Duration;

use alerts::{Alerts, Desk};
use anyhow::{Context, anyhow};
use archive::Archive;
use axum::Router;
use claim::Claim;
use console::accounts::{Accounts, NewAccount};
use console::{ConsoleState, PublicState};
use ingest::http::IngestState;
use ingest::source::{HealthTable, SourceContext};
use lexicons::{Fault, Lang, Lexicon};
use stream::{Bus, Clock, metrics};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::config::Config;
use crate::gate::AccountGate;
use crate::installation::Installation;
use crate::stage::ClassifyStage;
use crate::{field, probes, reload};

/// Which parts of the line a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Roles {
    pub(crate) ingest: bool,
    pub(crate) classify: bool,
    /// Incidents and telling; archive and console with them.
    pub(crate) alerts: bool,
}

impl Roles {
    pub(crate) const ALL: Roles = Roles { ingest: true, classify: true, alerts: true };
    pub(crate) const INGEST: Roles = Roles { ingest: true, classify: false, alerts: false };
    pub(crate) const CLASSIFY: Roles = Roles { ingest: false, classify: true, alerts: false };
    pub(crate) const ALERTS: Roles = Roles { ingest: false, classify: false, alerts: true };

    /// The role's name among the instances of a Kafka group.
    fn name(self) -> &'static str {
        match self {
            Roles::ALL => "serve",
            Roles::INGEST => "ingest",
            Roles::CLASSIFY => "classify",
            _ => "alerts",
        }
    }
}

/// Everything that is open while the process runs.
pub(crate) struct System {
    pub(crate) config: Config,
    pub(crate) roles: Roles,
    pub(crate) bus: Bus,
    pub(crate) clock: Clock,
    pub(crate) stop: CancellationToken,
    pub(crate) simulation: bool,
    lexicon: watch::Sender<Arc<Lexicon>>,
    health: HealthTable,
    accounts: Option<Accounts>,
    alerts: Option<Arc<Alerts>>,
    archive: Option<Archive>,
    claim: Option<Claim>,
}

impl System {
    /// Takes data folder and addresses, then opens bus, database and archive as far as `roles` need them.
    pub(crate) async fn open(
        config: Config,
        roles: Roles,
        clock: Clock,
        simulation: bool,
        lang: Lang,
        stop: CancellationToken,
    ) -> anyhow::Result<System> {
        let claim = Some(Claim::take(&config, roles, simulation, lang).await?);
        let lexicon = match &config.lexicon {
            Some(folder) => reload::checked(Some(folder)).map_err(|faults| {
                anyhow!("{}:\n{}", folder.display(), Fault::lines(&faults, lang).join("\n"))
            })?,
            None => Lexicon::builtin(),
        };
        lexicon.adopt_land();
        metrics::lexicon(lexicon.hash());
        let bus = Bus::open(&config.bus)?;
        let (mut accounts, mut alerts, mut archive) = (None, None, None);
        if roles.ingest || roles.alerts {
            // Sessions and links last by the machine's clock, also while the pipeline's runs faster.
            accounts = Some(Installation::open(&config).await?.accounts(Clock::System));
        }
        if roles.alerts {
            let instance = format!("{}-{}", roles.name(), std::process::id());
            let opened = Alerts::open(&config.alerts, &config.data, &instance, clock.clone()).await?;
            alerts = Some(Arc::new(opened));
            archive = Some(Archive::open(config.data.join("archive"))?);
        }
        let lexicon = watch::Sender::new(lexicon);
        let health = HealthTable::default();
        Ok(System {
            config,
            roles,
            bus,
            clock,
            stop,
            simulation,
            lexicon,
            health,
            accounts,
            alerts,
            archive,
            claim,
        })
    }

    /// The desk, where this process holds one.
    pub(crate) fn desk(&self) -> Option<Desk> {
        self.alerts.clone().map(Desk::new)
    }

    /// The account of the first run, if there was none yet.
    pub(crate) async fn first_account(&self) -> anyhow::Result<Option<NewAccount>> {
        match &self.accounts {
            Some(accounts) if self.roles.alerts => Ok(accounts.first_run().await?),
            _ => Ok(None),
        }
    }

    /// Runs until `stop`, or until a part fails for good: then all stop, and the first failure is told.
    pub(crate) async fn run(mut self) -> anyhow::Result<()> {
        let (stop, mut parts) = (self.stop.clone(), JoinSet::new());
        let names = self.config.sources.iter().map(|source| source.name().to_owned()).collect();
        let database = self.alerts.as_ref().map(|alerts| alerts.db.clone());
        let probes = probes::watch(&self.bus, database, names, &self.health, self.lexicon.subscribe(), &stop);
        let Claim { console, public, folder } = self.claim.take().context("a system runs once")?;
        self.listen(&mut parts, &probes, console, public)?;
        if let Some(folder) = self.config.lexicon.clone() {
            parts.spawn(done(reload::watch(folder, self.lexicon.clone(), stop.clone())));
        }
        if self.roles.ingest {
            let context = SourceContext {
                bus: self.bus.clone(),
                clock: self.clock.clone(),
                max_lag: self.config.max_lag,
                ingest: self.config.ingest.clone(),
                health: self.health.clone(),
            };
            let (sources, stop) = (self.config.sources.clone(), stop.clone());
            parts.spawn(async move {
                ingest::source::run(&sources, context, stop.clone()).await;
                // Without sources of its own the process still takes posts over HTTP.
                stop.cancelled().await;
                Ok(())
            });
        }
        if self.roles.classify {
            let (bus, stage, stop) =
                (self.bus.clone(), ClassifyStage::new(self.lexicon.subscribe()), stop.clone());
            parts.spawn(async move { Ok(stream::run(stage, &bus, stop).await?) });
        }
        if let (Some(alerts), Some(archive)) = (&self.alerts, &self.archive) {
            if self.config.alerts.roster.is_some() {
                let (roster, areas) = (self.config.alerts.clone(), self.lexicon.subscribe());
                let watching =
                    reload::roster::watch(Arc::clone(alerts), roster, areas, reload::EVERY, stop.clone());
                parts.spawn(done(watching));
            }
            let (telling, bus, end) = (Arc::clone(alerts), self.bus.clone(), stop.clone());
            parts.spawn(async move { Ok(alerts::run(telling, &bus, end).await?) });
            let (index, bus, end) = (archive.clone(), self.bus.clone(), stop.clone());
            parts.spawn(async move { Ok(archive::run(index, &bus, end).await?) });
            let days =
                days::drop_old(archive.clone(), Arc::clone(alerts), self.config.archive_days, stop.clone());
            parts.spawn(done(days));
        }
        info!(roles = self.roles.name(), "running");
        let ended = wait(parts, &stop).await;
        drop(folder);
        ended
    }

    /// Serves at the two addresses.
    fn listen(
        &self,
        parts: &mut JoinSet<anyhow::Result<()>>,
        probes: &probes::Running,
        console: TcpListener,
        public: Option<TcpListener>,
    ) -> anyhow::Result<()> {
        let inner = match (self.desk(), &self.accounts, &self.archive) {
            (Some(desk), Some(accounts), Some(archive)) => console::router(ConsoleState {
                desk,
                accounts: accounts.clone(),
                archive: Some(archive.clone()),
                clock: self.clock.clone(),
                probes: probes.console(),
                password_file: self.config.password_file(),
                simulation: self.simulation,
                secure_cookies: self.config.https,
                stop: self.stop.clone(),
            }),
            _ => probes.router(),
        };
        serve(parts, console, inner, &self.stop)?;
        let mut outer = Router::new();
        if let Some(desk) = self.desk() {
            outer = outer.merge(console::public_router(PublicState {
                desk,
                healthy: probes.console().healthy,
                ready: probes.console().ready,
                simulation: self.simulation,
            }));
        }
        if let (true, Some(accounts)) = (self.roles.ingest, &self.accounts) {
            outer = outer.merge(ingest::http::router(IngestState {
                bus: self.bus.clone(),
                gate: Arc::new(AccountGate(accounts.clone())),
                clock: self.clock.clone(),
                max_lag: self.config.max_lag,
                api: self.config.api,
                nonce: Arc::new(|| format!("{:032x}", rand::random::<u128>())),
            }));
        }
        if let Some(public) = public {
            if self.roles.ingest {
                field::note(&self.config, public.local_addr()?)
                    .with_context(|| self.config.data.display().to_string())?;
            }
            serve(parts, public, outer, &self.stop)?;
        }
        Ok(())
    }
}

/// Serves `router` at `listener` until `stop`.
fn serve(
    parts: &mut JoinSet<anyhow::Result<()>>,
    listener: TcpListener,
    router: Router,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    info!(address = %listener.local_addr()?, "listening");
    let stop = stop.clone();
    parts.spawn(async move {
        let ended = stop.clone();
        let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
        let served = axum::serve(listener, service).with_graceful_shutdown(ended.cancelled_owned());
        tokio::select! {
            result = served.into_future() => Ok(result?),
            // A browser that holds its connection open must not hold the process.
            () = async { stop.cancelled().await; tokio::time::sleep(Duration::from_secs(5)).await } => Ok(()),
        }
    });
    Ok(())
}

/// Waits for every part; the first that fails stops the others.
async fn wait(mut parts: JoinSet<anyhow::Result<()>>, stop: &CancellationToken) -> anyhow::Result<()> {
    let mut first = Ok(());
    while let Some(ended) = parts.join_next().await {
        let result = ended.unwrap_or_else(|panic| Err(anyhow!("a part of the process failed: {panic}")));
        if let Err(failure) = result {
            error!(error = format!("{failure:#}"), "a part of the process ended; the others are stopped");
            stop.cancel();
            first = first.and(Err(failure));
        }
    }
    first
}

/// A part that ends without a failure.
async fn done(part: impl Future<Output = ()>) -> anyhow::Result<()> {
    part.await;
    Ok(())
}
