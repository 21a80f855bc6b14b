//! What a configuration names on the disk and is not there, is something else, may not be read, or does not serve.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use alerts::channels::{Channels, EmailConfig};
use ingest::source::SourceConfig;
use lexicons::Lang;
use stream::BusConfig;

use super::Config;

/// A path in a configuration with which something is wrong.
#[derive(Debug)]
pub(crate) struct DiskFault {
    /// The key that names it, with its tables.
    pub(crate) key: String,
    /// Which of the tables of that name, from 0.
    pub(crate) position: usize,
    path: PathBuf,
    /// The name of a text in `cli.config.disk`.
    wrong: &'static str,
}

impl DiskFault {
    /// Key, value and what is wrong, in `lang`.
    pub(crate) fn text(&self, lang: Lang) -> String {
        let told = lang.get(&format!("cli.config.disk.{}", self.wrong));
        format!("{} = {:?}: {told}", self.key, self.path.display().to_string())
    }
}

/// What must be at a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// A file that can be read.
    File,
    /// A folder that can be read.
    Folder,
    /// A file, or nothing: it is made, and the folders around it.
    NewFile,
    /// A folder, or nothing: it is made.
    NewFolder,
}

impl Wanted {
    /// What is wrong at `path`.
    fn wrong(self, path: &Path) -> Option<&'static str> {
        let made = matches!(self, Wanted::NewFile | Wanted::NewFolder);
        let meta = match std::fs::metadata(path) {
            Ok(meta) => meta,
            Err(error) => {
                return match error.kind() {
                    ErrorKind::PermissionDenied => Some("no_permission"),
                    // One of the folders around it is a file.
                    ErrorKind::NotADirectory => Some("no_way"),
                    _ if made => None,
                    _ if self == Wanted::Folder => Some("no_folder"),
                    _ => Some("no_file"),
                };
            }
        };
        let read = match (meta.is_dir(), self) {
            (true, Wanted::File | Wanted::NewFile) => return Some("not_file"),
            (false, Wanted::Folder | Wanted::NewFolder) => return Some("not_folder"),
            (true, _) => std::fs::read_dir(path).map(drop),
            (false, _) => std::fs::File::open(path).map(drop),
        };
        read.err().map(|_| "no_permission")
    }
}

fn fault(key: &str, position: usize, path: &Path, wanted: Wanted) -> Option<DiskFault> {
    let wrong = wanted.wrong(path)?;
    Some(DiskFault { key: key.to_owned(), position, path: path.to_owned(), wrong })
}

/// A data folder that cannot be one.
pub(crate) fn data(path: &Path) -> Option<DiskFault> {
    fault("data", 0, path, Wanted::NewFolder)
}

/// What no command can do without.
pub(super) fn needed(config: &Config) -> Vec<DiskFault> {
    let lexicon = config.lexicon.as_deref().and_then(|path| fault("lexicon", 0, path, Wanted::Folder));
    let roster = config.alerts.roster.as_deref();
    lexicon.into_iter().chain(roster.and_then(|path| fault("alerts.roster", 0, path, Wanted::File))).collect()
}

/// What a process misses only when it needs it.
pub(super) fn others(config: &Config) -> Vec<DiskFault> {
    let alerts = &config.alerts;
    let secret = alerts.webhook.as_ref().map(|webhook| webhook.secret_file.as_path());
    let password = alerts.email.as_ref().and_then(|email| email.password_file.as_deref());
    let database = alerts.database.as_deref().filter(|url| !url.contains(':')).map(Path::new);
    let mut named = vec![
        ("alerts.database", database, Wanted::NewFile),
        ("alerts.key_file", alerts.key_file.as_deref(), Wanted::NewFile),
        ("alerts.folder", alerts.folder.as_deref(), Wanted::NewFolder),
        ("alerts.webhook.secret_file", secret, Wanted::File),
        ("alerts.email.password_file", password, Wanted::File),
    ];
    match &config.bus {
        BusConfig::Log(log) => named.push(("bus.path", Some(log.path.as_path()), Wanted::NewFile)),
        BusConfig::Kafka(kafka) => named.extend([
            ("bus.ca_file", kafka.ca_file.as_deref(), Wanted::File),
            ("bus.cert_file", kafka.cert_file.as_deref(), Wanted::File),
            ("bus.key_file", kafka.key_file.as_deref(), Wanted::File),
        ]),
    }
    let faults = named.into_iter().filter_map(|(key, path, wanted)| fault(key, 0, path?, wanted));
    // What lies in a data folder that cannot be one is wrong for the same reason.
    let data = data(&config.data);
    let faults = faults.filter(|fault| data.is_none() || !fault.path.starts_with(&config.data));
    let faults: Vec<DiskFault> = faults.collect();
    data.into_iter().chain(faults).chain(channels(config)).chain(watched(&config.sources)).collect()
}

/// Settings with which a channel cannot be set up, though their files are there.
fn channels(config: &Config) -> Vec<DiskFault> {
    let (mut faults, nowhere) = (Vec::new(), Path::new(""));
    let mut fault = |key: &str, value: &Path, wrong| {
        faults.push(DiskFault { key: key.to_owned(), position: 0, path: value.to_owned(), wrong });
    };
    if let Some(webhook) = config.alerts.webhook.as_ref().filter(|webhook| webhook.secret_file.is_file())
        && Channels::new(nowhere, Some(webhook), None).is_err()
    {
        fault("alerts.webhook.secret_file", &webhook.secret_file, "no_secret");
    }
    if let Some(email) = &config.alerts.email {
        let login = email.username.is_some();
        match &email.password_file {
            None if login => fault("alerts.email.password_file", nowhere, "no_password"),
            Some(path) if login && !path.is_file() => {}
            _ if Channels::new(nowhere, None, Some(email)).is_err() => {
                let other = EmailConfig { from: "desk@desk.example".to_owned(), ..email.clone() };
                match Channels::new(nowhere, None, Some(&other)) {
                    Ok(_) => fault("alerts.email.from", Path::new(&email.from), "no_sender"),
                    Err(_) => fault("alerts.email.host", Path::new(&email.host), "no_host"),
                }
            }
            _ => {}
        }
    }
    faults
}

/// Watched folders that are none.
pub(crate) fn watched(sources: &[SourceConfig]) -> Vec<DiskFault> {
    let mut faults = Vec::new();
    for (position, source) in sources.iter().enumerate() {
        let SourceConfig::Folder(folder) = source else { continue };
        // A path that is left empty has been told.
        if folder.path.as_os_str().is_empty() {
            continue;
        }
        let here = fault("sources.path", position, &folder.path, Wanted::Folder);
        let done = folder.done.as_ref().map(|done| folder.path.join(done)).filter(|_| here.is_none());
        faults.extend(done.and_then(|done| fault("sources.done", position, &done, Wanted::NewFolder)));
        faults.extend(here);
    }
    faults
}
