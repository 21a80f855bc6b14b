//! The lexicon in use, and its exchange when the folder changes; a lexicon that fails its check changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use lexicons::Lexicon;
use stream::metrics;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_secs(5);

/// Watches `folder` and sends a lexicon that passes its check to all who judge.
pub(crate) async fn watch(folder: PathBuf, lexicon: watch::Sender<Arc<Lexicon>>, stop: CancellationToken) {
    let mut seen = newest(&folder);
    loop {
        tokio::select! { () = tokio::time::sleep(EVERY) => {}, () = stop.cancelled() => return }
        let now = newest(&folder);
        if now == seen {
            continue;
        }
        seen = now;
        let path = folder.clone();
        let loaded = tokio::task::spawn_blocking(move || checked(Some(&path))).await;
        match loaded {
            Ok(Ok(fresh)) => {
                info!(hash = fresh.hash(), "lexicon exchanged");
                metrics::lexicon(fresh.hash());
                lexicon.send_replace(fresh);
            }
            Ok(Err(faults)) => {
                metrics::lexicon_reload_failed();
                for fault in faults {
                    error!(%fault, "lexicon refused; the old one stays");
                }
            }
            Err(error) => error!(%error, "lexicon could not be read; the old one stays"),
        }
    }
}

/// The lexicon with `folder` laid over it, if everything in it holds, its example sentences too.
pub(crate) fn checked(folder: Option<&Path>) -> Result<Arc<Lexicon>, Vec<lexicons::Fault>> {
    let lexicon = Lexicon::load(folder)?;
    let faults = classify::check(&lexicon);
    if faults.is_empty() { Ok(Arc::new(lexicon)) } else { Err(faults) }
}

/// When a file below `folder` changed last, and how many there are.
fn newest(folder: &Path) -> (Option<SystemTime>, usize) {
    let mut state = (None, 0);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let (time, count) = if path.is_dir() {
            newest(&path)
        } else {
            (entry.metadata().and_then(|meta| meta.modified()).ok(), 1)
        };
        state = (state.0.max(time), state.1 + count);
    }
    state
}
