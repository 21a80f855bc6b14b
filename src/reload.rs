//! The lexicon in use, and its exchange when the folder changes; a lexicon that fails its check changes nothing.

pub(crate) mod roster;

use std::collections::BTreeMap;
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

/// What was seen so far of a file or folder that may change.
#[derive(Default)]
struct Seen<S> {
    /// At the last look.
    looked: Option<S>,
    /// When it was read last.
    read: Option<S>,
}

impl<S: Clone + PartialEq> Seen<S> {
    /// Whether to read what is in the state `now`: what is being written is left alone until it rests, for half a
    /// roster may be without fault, and lacks the offices that are to come; half a lexicon would ring an alarm.
    fn is_due(&mut self, now: S, other: bool) -> bool {
        let rests = self.looked.replace(now.clone()).as_ref() == Some(&now);
        let due = rests && (other || self.read.as_ref() != Some(&now));
        if due {
            self.read = Some(now);
        }
        due
    }
}

/// Watches `folder` and sends a lexicon that passes its check to all who judge.
pub(crate) async fn watch(folder: PathBuf, lexicon: watch::Sender<Arc<Lexicon>>, stop: CancellationToken) {
    let mut seen = Seen { looked: None, read: Some(files(&folder)) };
    loop {
        tokio::select! { () = tokio::time::sleep(EVERY) => {}, () = stop.cancelled() => return }
        if !seen.is_due(files(&folder), false) {
            continue;
        }
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

/// When each file below a folder was changed last, and how long it is.
type Files = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// The files below `folder`: one that is put back, older than all others, is another than the one it replaces.
fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.append(&mut files(&path));
        } else if let Ok(meta) = entry.metadata() {
            found.insert(path, (meta.modified().ok(), meta.len()));
        }
    }
    found
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

    #[test]
    fn a_file_that_is_put_back_changes_the_folder_though_others_are_newer() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("sets")).unwrap();
        let write = |name: &str, text: &str, age: u64| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            let file = std::fs::File::options().append(true).open(&path).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
        };
        write("sets/a.toml", "lama", 100);
        write("law.toml", "baru", 0);
        let before = files(dir.path());
        assert_eq!(before, files(dir.path()));
        write("sets/a.toml", "pulih", 5000);
        assert_ne!(before, files(dir.path()));
        std::fs::remove_file(dir.path().join("sets/a.toml")).unwrap();
        assert_eq!(files(dir.path()).len(), 1);
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
