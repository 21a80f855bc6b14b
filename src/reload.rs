//! The lexicon in use, and its exchange when the folder changes; a lexicon that fails its check changes nothing.

pub(crate) mod roster;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use lexicons::Lexicon;
use stream::metrics;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// How often what may change is looked at.
pub(crate) const EVERY: Duration = Duration::from_secs(5);

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
                // Pages and messages know a new area before the first judgement that names it.
                fresh.adopt_land();
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

#[cfg(test)]
mod tests {
    use alerts::AlertsConfig;
    use alerts::roster::Wrong;
    use lexicons::gazetteer::Gazetteer;
    use stream::RegionCode;

    use super::*;

    /// Waits until the program knows the area `code` by `name`, or by its code alone.
    async fn until_called(code: &RegionCode, name: &str) {
        for _ in 0..600 {
            if Gazetteer::in_use().full_name(code) == name {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{code} is {} and not {name}", Gazetteer::in_use().full_name(code));
    }

    #[tokio::test]
    async fn an_area_is_known_by_name_and_to_the_roster_while_the_folder_names_it() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("regions")).unwrap();
        let (lexicon, stop) = (watch::Sender::new(Lexicon::builtin()), CancellationToken::new());
        let watching = tokio::spawn(watch(dir.path().to_owned(), lexicon.clone(), stop.clone()));
        // It has looked at the folder before the file is there.
        tokio::task::yield_now().await;
        let file = dir.path().join("regions").join("kami.toml");
        std::fs::write(&file, "[area]\n\"35.19.16\" = { name = \"Caruban Baru\" }\n").unwrap();
        let code = RegionCode::parse("35.19.16").unwrap();
        let roster = dir.path().join("roster.csv");
        let lines = "role,region,holder,stand_in,channel,address\nMEJA,,Meja piket,,file,meja\n\
                     CAMAT,35.19.16,Camat,,file,camat\n";
        std::fs::write(&roster, lines).unwrap();
        until_called(&code, "Kec. Caruban Baru, Kab. Madiun").await;
        let config = AlertsConfig { roster: Some(roster), ..AlertsConfig::default() };
        config.roster(&Gazetteer::in_use()).unwrap();
        std::fs::remove_file(&file).unwrap();
        until_called(&code, "35.19.16").await;
        let faults = config.roster(&Gazetteer::in_use()).unwrap_err();
        assert_eq!(
            faults.iter().map(|fault| (fault.line, fault.wrong)).collect::<Vec<_>>(),
            [(3, Wrong::NoSuchRegion)]
        );
        stop.cancel();
        watching.await.unwrap();
    }
}
