//! Sources that ingest reads by itself: one file each, and the one list of them.

mod fault;
mod feed;
mod folder;
mod health;
mod told;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use stream::{Bus, BusError, Clock, Pressure};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::Words;

pub use fault::{SourceFault, Wrong};
pub use feed::FeedConfig;
pub use feed::error::{Broken, FeedError, NoAnswer};
pub use folder::{FolderConfig, FolderError};
pub use health::{HealthTable, SourceHealth, SourceState};

/// The longest pause between two tries of a source that fails.
const PAUSE_MAX: Duration = Duration::from_secs(3600);
/// How long a source waits before it looks again whether the bus has room.
const PRESSURE_PAUSE: Duration = Duration::from_secs(5);
/// A source that failed this often in a row is shown as dead; it is tried on, seldom.
const DEAD_AFTER: u32 = 5;

/// A source as configured: `[[sources]]`. A new kind is a file here and a line in this list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum SourceConfig {
    /// An RSS, Atom or JSON feed that is polled.
    Feed(FeedConfig),
    /// A folder whose files are imported.
    Folder(FolderConfig),
}

impl SourceConfig {
    /// The source's name: part of the ids of its posts, so it never changes.
    pub fn name(&self) -> &str {
        match self {
            SourceConfig::Feed(feed) => &feed.name,
            SourceConfig::Folder(folder) => &folder.name,
        }
    }

    /// The kind as it is written in the configuration.
    pub fn kind(&self) -> &'static str {
        match self {
            SourceConfig::Feed(_) => "feed",
            SourceConfig::Folder(_) => "folder",
        }
    }

    /// The ingest process it belongs to; any when it names none.
    fn ingest(&self) -> Option<&str> {
        match self {
            SourceConfig::Feed(feed) => feed.ingest.as_deref(),
            SourceConfig::Folder(folder) => folder.ingest.as_deref(),
        }
    }

    fn every(&self) -> Duration {
        match self {
            SourceConfig::Feed(feed) => Duration::from_secs(feed.every_s.max(1)),
            SourceConfig::Folder(folder) => Duration::from_secs(folder.every_s.max(1)),
        }
    }

    /// Every fault of one source.
    fn faults(&self) -> Vec<Wrong> {
        let mut faults = match self {
            SourceConfig::Feed(feed) => feed.faults(),
            SourceConfig::Folder(folder) => folder.faults(),
        };
        let name = self.name();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
            faults.push(Wrong::Name(name.to_owned()));
        }
        faults
    }
}

/// Every fault of a list of sources.
pub fn faults(sources: &[SourceConfig]) -> Vec<SourceFault> {
    let mut faults = Vec::new();
    for (position, source) in sources.iter().enumerate() {
        faults.extend(source.faults().into_iter().map(|wrong| SourceFault { position, wrong }));
        if sources[..position].iter().any(|other| other.name() == source.name()) {
            faults.push(SourceFault { position, wrong: Wrong::SameName(source.name().to_owned()) });
        }
    }
    faults
}

/// What running sources share.
#[derive(Clone)]
pub struct SourceContext {
    /// Where posts go and what must be remembered is kept.
    pub bus: Bus,
    /// What time it is.
    pub clock: Clock,
    /// Nothing is read while a group is this many records behind.
    pub max_lag: u64,
    /// The name of this ingest process.
    pub ingest: String,
    /// How the sources are.
    pub health: HealthTable,
}

/// Why a source could not be read this time.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The feed.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// It was told to stop midway; what is missing comes with the next run.
    #[error("stopped")]
    Stopped,
}

impl SourceError {
    /// The pause that the other side asks for.
    fn retry_after(&self) -> Option<Duration> {
        match self {
            SourceError::Feed(error) => error.retry_after(),
            _ => None,
        }
    }

    /// Whether it is of no use to wait for more failures before calling the source dead.
    fn is_final(&self) -> bool {
        matches!(self, SourceError::Feed(FeedError::Gone))
    }
}

enum Poller {
    Feed(Box<feed::Feed>),
    Folder(Box<folder::Folder>),
}

impl Poller {
    fn new(config: &SourceConfig) -> Poller {
        match config {
            SourceConfig::Feed(config) => Poller::Feed(Box::new(feed::Feed::new(config.clone()))),
            SourceConfig::Folder(config) => Poller::Folder(Box::new(folder::Folder::new(config.clone()))),
        }
    }

    /// Reads the source once; gives the number of posts that were new.
    async fn poll(&mut self, context: &SourceContext, stop: &CancellationToken) -> Result<u64, SourceError> {
        match self {
            Poller::Feed(feed) => feed.poll(context, stop).await,
            Poller::Folder(folder) => folder.poll(context, stop).await,
        }
    }
}

/// Runs the sources of this ingest process until `stop`; no failure of one ends it or another.
pub async fn run(sources: &[SourceConfig], context: SourceContext, stop: CancellationToken) {
    let mut tasks = tokio::task::JoinSet::new();
    for source in sources {
        if source.ingest().is_some_and(|ingest| ingest != context.ingest) {
            continue;
        }
        tasks.spawn(drive(source.clone(), context.clone(), stop.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            warn!(%error, "a source ended");
        }
    }
}

/// Polls one source again and again.
async fn drive(config: SourceConfig, context: SourceContext, stop: CancellationToken) {
    let name = config.name().to_owned();
    let mut poller = Poller::new(&config);
    context.health.add(&name, config.kind());
    let mut failures: u32 = 0;
    loop {
        if let Ok(Pressure::Behind { .. } | Pressure::Full { .. }) =
            context.bus.backpressure(context.max_lag).await
        {
            context.health.paused(&name);
            if !sleep(&context, PRESSURE_PAUSE, &stop).await {
                return;
            }
            continue;
        }
        let now = context.clock.now();
        let pause = match poller.poll(&context, &stop).await {
            Ok(items) => {
                failures = 0;
                context.health.up(&name, items, now);
                config.every()
            }
            Err(SourceError::Stopped) => return,
            Err(error) => {
                failures = failures.saturating_add(1);
                let dead = error.is_final() || failures >= DEAD_AFTER;
                warn!(source = name, failures, dead, %error, "a source cannot be read");
                stream::metrics::feed_error(&name);
                context.health.failed(&name, Words::of(|lang| error.text(lang)), dead, now);
                backoff(config.every(), failures, dead).max(error.retry_after().unwrap_or_default())
            }
        };
        stream::metrics::source_up(&name, failures == 0);
        context.health.save(&name, &context.bus).await;
        if !sleep(&context, pause, &stop).await {
            info!(source = name, "source stopped");
            return;
        }
    }
}

/// The pause before a source that fails is tried again: doubled with each failure.
fn backoff(every: Duration, failures: u32, dead: bool) -> Duration {
    if dead {
        return PAUSE_MAX.max(every);
    }
    (every * 2u32.pow(failures.min(6))).min(PAUSE_MAX).max(every)
}

async fn sleep(context: &SourceContext, pause: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = tokio::time::sleep(context.clock.real(pause)) => true,
        () = stop.cancelled() => false,
    }
}

#[cfg(test)]
mod tests {
    use lexicons::Lang;

    use super::*;

    fn list(text: &str) -> Result<Vec<SourceConfig>, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_field_or_kind_of_source_is_refused_by_name() {
        let typo = list(r#"[{"kind":"feed","name":"a","url":"https://contoh.id/rss","evry_s":3}]"#);
        assert!(typo.unwrap_err().contains("evry_s"));
        assert!(list(r#"[{"kind":"twitter","name":"a"}]"#).unwrap_err().contains("twitter"));
    }

    #[test]
    fn all_faults_of_a_list_are_told_at_once() {
        let sources = list(
            r#"[{"kind":"feed","name":"a b","url":"ftp://contoh.id"},
                {"kind":"folder","name":"masuk","path":"/tmp/masuk","map":"teks=Isi"},
                {"kind":"folder","name":"masuk","path":"/tmp/lain"}]"#,
        );
        let faults = faults(&sources.unwrap());
        let told = |lang| faults.iter().map(|fault| fault.text(lang)).collect::<Vec<_>>().join("\n");
        for (lang, map, same) in [
            (Lang::En, "'teks' is no field", "another source has this name"),
            (Lang::Id, "'teks' bukan isian", "sumber lain memakai nama ini"),
        ] {
            for part in ["url = \"ftp://contoh.id\": ", "name = \"a b\": ", map, "name = \"masuk\": ", same] {
                assert!(told(lang).contains(part), "{part} in {}", told(lang));
            }
        }
        let positions: Vec<usize> = faults.iter().map(|fault| fault.position).collect();
        assert_eq!(positions, [0, 0, 1, 2]);
    }

    #[test]
    fn a_failing_source_is_tried_less_and_less_often() {
        let every = Duration::from_secs(300);
        assert_eq!(backoff(every, 1, false), Duration::from_secs(600));
        assert_eq!(backoff(every, 3, false), Duration::from_secs(2400));
        assert_eq!(backoff(every, 4, false), PAUSE_MAX);
        assert_eq!(backoff(Duration::from_secs(5), 5, true), PAUSE_MAX);
    }
}
