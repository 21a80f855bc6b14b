//! The configuration file: one struct, whose comments are the manual; every fault at once, with its line.

pub(crate) mod disk;
mod tables;
mod value;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use alerts::AlertsConfig;
use disk::DiskFault;
use ingest::http::ApiConfig;
use ingest::source::{SourceConfig, SourceFault};
use lexicons::gazetteer::Gazetteer;
use lexicons::{Lang, parser};
use serde::Deserialize;
use stream::{BusConfig, Level};
use value::ValueFault;

/// What `--config` holds; every key may be left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where data lies that no other key places elsewhere: bus, database, archive, keys, messages.
    pub(crate) data: PathBuf,
    /// The bus between the stages.
    pub(crate) bus: BusConfig,
    /// A folder of lexicons laid over the built-in ones; read again when it changes.
    pub(crate) lexicon: Option<PathBuf>,
    /// The name of this process among the `ingest` processes: a source may name the one it belongs to.
    pub(crate) ingest: String,
    /// Nothing more is taken in while a stage is this many records behind.
    pub(crate) max_lag: u64,
    /// The console, and `/metrics`.
    pub(crate) listen: SocketAddr,
    /// Answer links, field form, `POST /api/v1/posts`, health.
    pub(crate) public_listen: SocketAddr,
    /// Health and metrics of `ingest` as a process of its own.
    pub(crate) ingest_listen: SocketAddr,
    /// Field form and `POST /api/v1/posts` of `ingest` as a process of its own.
    pub(crate) ingest_public_listen: SocketAddr,
    /// Health and metrics of `classify` as a process of its own.
    pub(crate) classify_listen: SocketAddr,
    /// The console is reached over HTTPS (through a proxy): its cookies are sent over nothing else.
    pub(crate) https: bool,
    /// Log lines as JSON.
    pub(crate) log_json: bool,
    /// Days of posts that can be searched; at most as long as the bus keeps them.
    pub(crate) archive_days: u32,
    /// The longest outage that the bus must bridge, in days.
    pub(crate) outage_days: u32,
    /// Incidents and telling.
    pub(crate) alerts: AlertsConfig,
    /// How often one API token may send.
    pub(crate) api: ApiConfig,
    /// Feeds and folders that are read.
    pub(crate) sources: Vec<SourceConfig>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            data: PathBuf::from("data"),
            bus: BusConfig::default(),
            lexicon: None,
            ingest: "ingest-1".to_owned(),
            max_lag: 1_000_000,
            listen: SocketAddr::from(([127, 0, 0, 1], 8110)),
            public_listen: SocketAddr::from(([127, 0, 0, 1], 8111)),
            ingest_listen: SocketAddr::from(([127, 0, 0, 1], 8112)),
            ingest_public_listen: SocketAddr::from(([127, 0, 0, 1], 8113)),
            classify_listen: SocketAddr::from(([127, 0, 0, 1], 8114)),
            https: false,
            log_json: false,
            archive_days: 14,
            outage_days: 7,
            alerts: AlertsConfig::default(),
            api: ApiConfig::default(),
            sources: Vec::new(),
        }
    }
}

/// A fault of a configuration file.
#[derive(Debug)]
pub(crate) struct ConfigFault {
    pub(crate) file: PathBuf,
    pub(crate) line: Option<usize>,
    wrong: Wrong,
}

/// What is wrong with a configuration.
#[derive(Debug)]
enum Wrong {
    /// The parser's own words, behind the key they are about.
    Parser(String),
    /// A value that cannot be.
    Value(ValueFault),
    /// A source.
    Source(SourceFault),
    /// What a key names is not on the disk as it should be.
    Disk(DiskFault),
    /// The file cannot be read at all.
    Unreadable(std::io::Error),
}

impl ConfigFault {
    fn on_disk(file: &Path, text: &str, fault: DiskFault) -> ConfigFault {
        let line = tables::line_of(text, &fault.key, fault.position);
        ConfigFault { file: file.to_owned(), line, wrong: Wrong::Disk(fault) }
    }

    /// File, line and what is wrong, in `lang`.
    pub(crate) fn text(&self, lang: Lang) -> String {
        let message = match &self.wrong {
            Wrong::Parser(words) => parser::told(words, lang),
            Wrong::Value(fault) => fault.text(lang),
            Wrong::Source(fault) => format!("sources.{}", fault.text(lang)),
            Wrong::Disk(fault) => fault.text(lang),
            Wrong::Unreadable(error) => ingest::io_error(lang, error),
        };
        match self.line {
            Some(line) => format!("{}:{line}: {message}", self.file.display()),
            None => format!("{}: {message}", self.file.display()),
        }
    }
}

impl Config {
    /// Reads the file at `path`, or the defaults without one; `data` takes the place of the file's.
    pub(crate) fn load(path: Option<&Path>, data: Option<&Path>) -> Result<Config, Vec<ConfigFault>> {
        let mut config = match path {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        };
        if let Some(data) = data {
            config.data = data.to_owned();
        }
        config.place();
        Ok(config)
    }

    /// Reads what can be read, and tells every fault beside it, also of what the file names and a process would only
    /// miss when it needs it.
    pub(crate) fn load_all(path: Option<&Path>) -> (Config, Vec<ConfigFault>) {
        let (mut config, mut faults, text) = match path {
            Some(path) => Config::read_all(path),
            None => Default::default(),
        };
        config.place();
        if let Some(path) = path {
            let found = disk::others(&config).into_iter();
            faults.extend(found.map(|fault| ConfigFault::on_disk(path, &text, fault)));
            faults.sort_by_key(|fault| fault.line);
        }
        (config, faults)
    }

    fn read(path: &Path) -> Result<Config, Vec<ConfigFault>> {
        let (config, faults, _) = Config::read_all(path);
        if faults.is_empty() { Ok(config) } else { Err(faults) }
    }

    /// The configuration, what is wrong with it, and the text of the file.
    fn read_all(path: &Path) -> (Config, Vec<ConfigFault>, String) {
        let fault = |line, wrong| ConfigFault { file: path.to_owned(), line, wrong };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                return (Config::default(), vec![fault(None, Wrong::Unreadable(error))], String::new());
            }
        };
        let (mut config, found) = parsed(&text);
        // Of a bus or a telephone that could not be read the defaults are known only: they fit or do not fit without
        // meaning.
        let no_bus = found.iter().any(|(_, message)| message.starts_with("bus."));
        let no_phone = found.iter().any(|(_, message)| message.starts_with("phone: "));
        let mut faults: Vec<ConfigFault> =
            found.into_iter().map(|(line, words)| fault(line, Wrong::Parser(words))).collect();
        // Paths are meant as seen from the file that names them.
        let folder = path.parent().unwrap_or(Path::new(""));
        for named in [&mut config.lexicon, &mut config.alerts.roster].into_iter().flatten() {
            *named = folder.join(&*named);
        }
        faults
            .extend(disk::needed(&config).into_iter().map(|found| ConfigFault::on_disk(path, &text, found)));
        let follows = |found: &ValueFault| {
            (no_bus && found.concerns("bus")) || (no_phone && found.concerns("alerts.desk"))
        };
        let unfit = config.faults().into_iter().filter(|found| !follows(found));
        faults.extend(unfit.map(|found| fault(tables::line_of(&text, &found.key, 0), Wrong::Value(found))));
        faults.extend(ingest::source::faults(&config.sources).into_iter().map(|found| {
            let line = tables::line_of(&text, &format!("sources.{}", found.key()), found.position);
            fault(line, Wrong::Source(found))
        }));
        faults.sort_by_key(|fault| fault.line);
        (config, faults, text)
    }

    /// Puts what no key places elsewhere into the data folder.
    fn place(&mut self) {
        if let BusConfig::Log(log) = &mut self.bus {
            log.path = self.data.join(&log.path);
        }
        let alerts = &mut self.alerts;
        alerts.database.get_or_insert_with(|| self.data.join("kentongan.db").display().to_string());
        alerts.key_file.get_or_insert_with(|| self.data.join("secret.key"));
        alerts.folder.get_or_insert_with(|| self.data.join("outbox"));
        if alerts.public_url.is_empty() {
            alerts.public_url = format!("http://{}", self.public_listen);
        }
    }

    /// Where the first password stands until it is changed.
    pub(crate) fn password_file(&self) -> PathBuf {
        self.data.join("first-password.txt")
    }

    /// What does not fit together, each with the key it is about.
    fn faults(&self) -> Vec<ValueFault> {
        let bus = self.bus.faults().into_iter();
        let mut faults: Vec<ValueFault> = bus.map(|unfit| ValueFault::inside("bus", unfit)).collect();
        let retention = self.bus.retention_days();
        if retention < self.outage_days {
            let outage = format!("(outage_days = {})", self.outage_days);
            faults.push(ValueFault::new("bus.retention_days", &retention, "shorter", outage));
        }
        if self.archive_days > retention {
            let kept = format!("(bus.retention_days = {retention})");
            faults.push(ValueFault::new("archive_days", &self.archive_days, "longer", kept));
        }
        let url = &self.alerts.public_url;
        if !url.is_empty() && (!url.starts_with("http") || url.ends_with('/')) {
            faults.push(ValueFault::new("alerts.public_url", &format!("{url:?}"), "url", String::new()));
        }
        if let Some(desk) = &self.alerts.desk
            && let Some(key) = desk.unfit()
        {
            let (value, text) = match key {
                "phone" => (desk.phone.as_str(), "phone"),
                _ => (desk.name.as_deref().unwrap_or_default(), "desk_name"),
            };
            let (key, value) = (format!("alerts.desk.{key}"), format!("{value:?}"));
            faults.push(ValueFault::new(&key, &value, text, String::new()));
        }
        for region in &self.alerts.policy.incumbents {
            let text = match Gazetteer::in_use().area(region) {
                None => "region",
                Some(_) if region.level() != Level::Kabupaten => "regency",
                Some(_) => continue,
            };
            let (key, value) = ("alerts.policy.incumbents", format!("\"{region}\""));
            faults.push(ValueFault::new(key, &value, text, String::new()));
        }
        faults.extend(self.api.faults().into_iter().map(|unfit| ValueFault::inside("api", unfit)));
        faults
    }
}

/// More faults than this are not told at once.
const MOST_FAULTS: usize = 50;

/// Reads `text` again and again, each time without the line that could not be read, so that every fault is found.
fn parsed(text: &str) -> (Config, Vec<(Option<usize>, String)>) {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut faults = tables::faults(&mut lines);
    loop {
        let now = lines.join("\n");
        let error = match toml::from_str(&now) {
            Ok(config) => return (config, faults),
            Err(error) => error,
        };
        let (line, message) = located(&now, &error);
        faults.push((line, message));
        let at = line.map(|line| line - 1).filter(|at| lines.get(*at).is_some_and(|line| !line.is_empty()));
        let Some(at) = at.filter(|_| faults.len() < MOST_FAULTS) else { return (Config::default(), faults) };
        // Without its heading what stands below would belong to the table above.
        let end = if tables::heading(lines[at]).is_some() { tables::end(&lines, at) } else { at + 1 };
        lines[at..end].fill("");
    }
}

/// Where an error of the parser lies, from 1, and what it is, with the key's name.
fn located(text: &str, error: &toml::de::Error) -> (Option<usize>, String) {
    let start = error.span().map(|span| span.start.min(text.len()));
    let line = start.map(|start| text[..start].matches('\n').count() + 1);
    let key = line.and_then(|line| text.lines().nth(line - 1)?.split_once('=')).map(|(key, _)| key.trim());
    let message = match key {
        Some(key) if !error.message().contains(key) => format!("{key}: {}", error.message()),
        _ => error.message().to_owned(),
    };
    (line, message)
}

#[cfg(test)]
mod tests;
