//! The lexicon in use, and its exchange when the folder changes; a lexicon that fails its check changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use alerts::roster::{Roster, RosterFault, Wrong};
use lexicons::gazetteer::Gazetteer;
use lexicons::{Lang, Lexicon};
use stream::metrics;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_secs(5);

/// Watches `folder` and sends a lexicon that passes its check to all who judge; says which offices of `roster` stand in
/// areas that it no longer knows.
pub(crate) async fn watch(
    folder: PathBuf,
    lexicon: watch::Sender<Arc<Lexicon>>,
    roster: Option<PathBuf>,
    stop: CancellationToken,
) {
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
                for fault in roster.as_deref().map(left_behind).unwrap_or_default() {
                    error!(
                        fault = fault.text(Lang::En),
                        "the roster does not fit the areas; the one read at start stays in use"
                    );
                }
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

/// What the areas in use take from the roster, which was checked against those of the start; what else may be wrong
/// with its file by now is told when it is read to be used.
fn left_behind(roster: &Path) -> Vec<RosterFault> {
    let areas = Gazetteer::in_use();
    let mut faults = Roster::load(roster, |code| areas.area(code).is_some()).err().unwrap_or_default();
    faults.retain(|fault| matches!(fault.wrong, Wrong::NoSuchRegion | Wrong::Unreadable));
    faults
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
        let watching = tokio::spawn(watch(dir.path().to_owned(), lexicon.clone(), None, stop.clone()));
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
        assert_eq!(left_behind(&roster), []);
        std::fs::remove_file(&file).unwrap();
        until_called(&code, "35.19.16").await;
        let faults = left_behind(&roster);
        assert_eq!(
            faults.iter().map(|fault| (fault.line, fault.wrong)).collect::<Vec<_>>(),
            [(3, Wrong::NoSuchRegion)]
        );
        stop.cancel();
        watching.await.unwrap();
    }
}
