//! The roster's exchange when its file or the areas change; one with faults changes nothing.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use alerts::{Alerts, AlertsConfig, SetupError};
use lexicons::Lexicon;
use stream::metrics;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use super::Seen;
use crate::unfit_roster;

/// When a file was changed last, and how long it is; `None` when it is not there.
type State = Option<(SystemTime, u64)>;

/// Looks `every` so often at the roster of `config` and whether other areas are in use, and exchanges the one that
/// `alerts` goes by.
pub(crate) async fn watch(
    alerts: Arc<Alerts>,
    config: AlertsConfig,
    mut lexicon: watch::Receiver<Arc<Lexicon>>,
    every: Duration,
    stop: CancellationToken,
) {
    let Some(path) = config.roster.clone() else { return };
    // What stood there when the process started may have changed while it did, and is read once more.
    let mut seen = Seen::default();
    loop {
        tokio::select! { () = tokio::time::sleep(every) => {}, () = stop.cancelled() => return }
        if !seen.is_due(state(&path), lexicon.has_changed().unwrap_or(false)) {
            continue;
        }
        lexicon.mark_unchanged();
        let (alerts, config) = (Arc::clone(&alerts), config.clone());
        match tokio::task::spawn_blocking(move || alerts.read_roster(&config)).await {
            Ok(Ok(true)) => info!("roster exchanged"),
            Ok(Ok(false)) => {}
            Ok(Err(refused)) => {
                metrics::roster_reload_failed();
                for fault in told(&refused) {
                    error!(fault, "roster refused; the old one stays");
                }
            }
            Err(error) => error!(%error, "roster could not be read; the old one stays"),
        }
    }
}

/// Every fault, as a line of the log.
fn told(refused: &SetupError) -> Vec<String> {
    match refused {
        SetupError::Roster(faults) => faults.iter().map(unfit_roster::for_log).collect(),
        other => vec![other.to_string()],
    }
}

fn state(path: &Path) -> State {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

#[cfg(test)]
mod tests {
    use alerts::Office;
    use stream::{Clock, RegionCode, Role};

    use super::*;

    #[test]
    fn a_file_that_is_being_written_is_read_once_it_rests_and_again_for_other_areas() {
        let (mut seen, at) = (Seen::<State>::default(), SystemTime::UNIX_EPOCH);
        let look = |seen: &mut Seen<State>, length| seen.is_due(Some((at, length)), false);
        assert!(!look(&mut seen, 10), "it may be half of it");
        assert!(!look(&mut seen, 20), "still written");
        assert!(look(&mut seen, 20));
        assert!(!look(&mut seen, 20), "read");
        assert!(seen.is_due(Some((at, 20)), true), "the same lines in other areas");
        assert!(!seen.is_due(None, false), "replaced by another name");
        assert!(seen.is_due(None, false), "gone, which is told");
    }

    #[test]
    fn a_refused_roster_is_logged_in_sentences_with_line_and_field() {
        let text = "role,region,holder,stand_in,channel,address\nCAMATT,62.10.02,,,file,camat\n";
        let faults = alerts::roster::Roster::parse("roster.csv", text, |_| true).unwrap_err();
        let told = told(&SetupError::Roster(faults));
        assert!(told[0].starts_with("roster.csv:2: role: no role 'CAMATT'. "), "{told:?}");
    }

    #[tokio::test]
    async fn offices_of_a_changed_roster_are_held_at_once_and_one_with_faults_keeps_the_old() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("roster.csv");
        let head = "role,region,holder,stand_in,channel,address\n";
        let write = |lines: &str| std::fs::write(&path, format!("{head}{lines}")).unwrap();
        write("MEJA,,,,file,meja\n");
        let config = AlertsConfig { roster: Some(path.clone()), ..AlertsConfig::default() };
        let alerts = Arc::new(Alerts::open(&config, dir.path(), "uji", Clock::System).await.unwrap());
        let (lexicon, stop) = (watch::Sender::new(Lexicon::builtin()), CancellationToken::new());
        let every = Duration::from_millis(20);
        let watching =
            tokio::spawn(watch(Arc::clone(&alerts), config, lexicon.subscribe(), every, stop.clone()));
        let camat = Office::new(Role::Camat, RegionCode::parse("62.10.02").unwrap());
        let held = |wanted: bool, refused: usize| {
            let (alerts, camat) = (Arc::clone(&alerts), camat.clone());
            async move {
                for _ in 0..600 {
                    if alerts.roster().contacts(&camat).is_empty() != wanted
                        && alerts.roster_refused().len() == refused
                    {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                panic!("held: {}, refused: {:?}", !wanted, alerts.roster_refused());
            }
        };
        write("MEJA,,,,file,meja\nCAMAT,62.10.02,,,file,camat\n");
        held(true, 0).await;
        write("MEJA,,,,file,meja\nCAMATT,62.10.02,,,file,camat\nKADES,1,,,file,kades\n");
        held(true, 2).await;
        write("MEJA,,,,email,meja@rekaan.example\n");
        held(true, 1).await;
        write("MEJA,,,,file,meja\n");
        held(false, 0).await;
        stop.cancel();
        watching.await.unwrap();
    }
}
