//! A whole installation in a folder of its own, its roles as the real processes that a desk would run.

#![allow(dead_code, reason = "each suite uses a part of it")]

pub(crate) mod mail;
pub(crate) mod process;
pub(crate) mod receiver;
pub(crate) mod store;
pub(crate) mod texts;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use stream::{Bus, BusConfig};
use tempfile::TempDir;

pub(crate) use process::{Process, Role};

/// How long anything may take that is waited for; a loaded machine of two cores needs much of it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);

/// What an installation is made with.
pub(crate) struct Setup {
    /// The lines of `[bus]`.
    pub(crate) bus: String,
    /// The database; SQLite in the data folder without one.
    pub(crate) database: Option<String>,
    /// The roster.
    pub(crate) roster: String,
    /// Lines before the first table.
    pub(crate) top: String,
    /// Lines and tables after `[alerts]`: `[alerts.webhook]` …
    pub(crate) channels: String,
    /// Where the data lies; in the folder of the installation without it.
    pub(crate) data: Option<PathBuf>,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            bus: "kind = \"log\"\n".to_owned(),
            database: None,
            roster: texts::roster(|_, office| format!("file,{office}")),
            top: String::new(),
            channels: String::new(),
            data: None,
        }
    }
}

impl Setup {
    /// On Kafka at `brokers`, with topics of its own.
    pub(crate) fn kafka(brokers: &str) -> Setup {
        let prefix = format!("t{:016x}.", rand::random::<u64>());
        Setup {
            bus: format!("kind = \"kafka\"\nbrokers = \"{brokers}\"\nprefix = \"{prefix}\"\n"),
            ..Setup::default()
        }
    }
}

/// An installation.
pub(crate) struct Line {
    folder: TempDir,
    setup: Setup,
    ports: [(u16, u16); 4],
}

impl Line {
    /// Writes the configurations of all roles; nothing runs yet.
    pub(crate) fn new(setup: Setup) -> Line {
        let folder = tempfile::tempdir().unwrap();
        let ports = std::array::from_fn(|_| (process::free_port(), process::free_port()));
        let line = Line { folder, setup, ports };
        std::fs::write(line.path("roster.csv"), &line.setup.roster).unwrap();
        for role in Role::ALL {
            std::fs::write(line.config(role), line.text(role)).unwrap();
        }
        line
    }

    /// The configuration of `role` as text.
    fn text(&self, role: Role) -> String {
        let (listen, public) = self.ports[role as usize];
        let Setup { bus, database, top, channels, .. } = &self.setup;
        let mut text = format!(
            "data = \"{}\"\nlisten = \"127.0.0.1:{listen}\"\npublic_listen = \"127.0.0.1:{public}\"\n\
             ingest_listen = \"127.0.0.1:{listen}\"\ningest_public_listen = \"127.0.0.1:{public}\"\n\
             classify_listen = \"127.0.0.1:{listen}\"\n{top}\n[bus]\n{bus}\n\
             [alerts]\nroster = \"roster.csv\"\n",
            self.data().display()
        );
        if let Some(database) = database {
            writeln!(text, "database = \"{database}\"").unwrap();
        }
        // Nothing is folded into digests and no clock goes off, so that two runs tell the same offices the same.
        write!(text, "{channels}\n[alerts.policy]\nbudget_per_hour = 100000\nunconfirmed = \"hold\"\n")
            .unwrap();
        text
    }

    /// A file of the installation.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.setup.data.clone().unwrap_or_else(|| self.path("data"))
    }

    /// The configuration file of `role`.
    pub(crate) fn config(&self, role: Role) -> PathBuf {
        self.path(&format!("{}.toml", role.as_str()))
    }

    /// The address of console and metrics of `role`.
    pub(crate) fn inner(&self, role: Role) -> String {
        format!("http://127.0.0.1:{}", self.ports[role as usize].0)
    }

    /// The address of API, answers and health of `role`.
    pub(crate) fn outer(&self, role: Role) -> String {
        format!("http://127.0.0.1:{}", self.ports[role as usize].1)
    }

    /// The database's address.
    pub(crate) fn database(&self) -> String {
        let file = || format!("sqlite://{}?mode=rw", self.data().join("kentongan.db").display());
        self.setup.database.clone().unwrap_or_else(file)
    }

    /// The bus, as one more process opens it.
    pub(crate) fn bus(&self) -> Bus {
        let mut config: BusConfig = toml::from_str(&self.setup.bus).unwrap();
        if let BusConfig::Log(log) = &mut config {
            log.path = self.data().join(&log.path);
        }
        Bus::open(&config).unwrap()
    }

    /// Starts `role`; its log lines go to a file.
    pub(crate) fn start(&self, role: Role) -> Process {
        Process::start(
            role,
            &self.config(role),
            &self.path(&format!("{}.log", role.as_str())),
            &self.inner(role),
        )
    }

    /// Starts `role` and waits until it is ready.
    pub(crate) async fn run(&self, role: Role) -> Process {
        let mut process = self.start(role);
        process.ready().await;
        process
    }

    /// Starts `role` and waits until it answers, ready or not.
    pub(crate) async fn run_unready(&self, role: Role) -> Process {
        let process = self.start(role);
        until("the process answers", async || process.is_ready().await).await;
        process
    }

    /// Sends `posts` to the API of `role`.
    pub(crate) async fn send(&self, role: Role, token: &str, posts: &[texts::Made]) -> reqwest::Response {
        let request =
            reqwest::Client::new().post(format!("{}/api/v1/posts", self.outer(role))).bearer_auth(token);
        request.header("content-type", "application/x-ndjson").body(texts::lines(posts)).send().await.unwrap()
    }

    /// Runs `kentongan WORDS --config …` to its end.
    pub(crate) fn command(&self, words: &[&str]) -> Output {
        let mut command = kentongan();
        command.args(words).arg("--config").arg(self.config(Role::Serve)).stdin(Stdio::null());
        command.output().unwrap()
    }

    /// The same, which must succeed; its standard output.
    pub(crate) fn done(&self, words: &[&str]) -> String {
        let out = self.command(words);
        assert!(out.status.success(), "kentongan {words:?}: {}", said(&out));
        String::from_utf8(out.stdout).unwrap()
    }

    /// Makes the topics of a Kafka cluster; the embedded bus makes its own with what first writes to it.
    pub(crate) fn make_topics(&self) {
        if self.setup.bus.contains("kafka") {
            self.done(&["topics"]);
        }
    }

    /// The secret of a new API token.
    pub(crate) fn token(&self, words: &[&str]) -> String {
        let told = self.done(&[&["token", "add", "--new"], words].concat());
        told.split_whitespace().last().expect("the secret ends the line").to_owned()
    }

    /// Imports `file` as if it were live; what the command said.
    pub(crate) fn import(&self, file: &Path, source: &str) -> String {
        self.done(&["import", "--new", "--as-if-live", "--source", source, file.to_str().unwrap()])
    }

    /// Waits until every group has read everything and nothing waits in the outbox.
    pub(crate) async fn settled(&self) {
        let bus = self.bus();
        let store = store::Store::open(&self.database()).await;
        let (mut still, mut last) = (0, String::new());
        let until = Instant::now() + PATIENCE;
        // Twice in a row: between two groups' positions a record may just have moved on.
        while still < 2 {
            assert!(Instant::now() < until, "not settled: {last}");
            let lag = bus.lag().await.unwrap_or_default();
            let read = ["classify", "alerts", "archive"].iter().all(|name| {
                let mut own = lag.iter().filter(|lag| lag.group == *name).peekable();
                own.peek().is_some() && own.all(|lag| lag.lag == 0)
            });
            let waiting = store.waiting().await;
            last = format!("{lag:?}, {waiting:?} messages wait");
            still = if read && waiting == Some(0) { still + 1 } else { 0 };
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }

    /// The messages of the `file` channel: name with its folder, and text.
    pub(crate) fn messages(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for folder in std::fs::read_dir(self.data().join("outbox")).into_iter().flatten() {
            let folder = folder.unwrap();
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "txt") {
                    let name = path.strip_prefix(self.data().join("outbox")).unwrap();
                    found.push((name.display().to_string(), std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
}

/// The built command.
pub(crate) fn kentongan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kentongan"));
    command.env_remove("KENTONGAN_LANG").env_remove("KENTONGAN_LOG");
    command
}

/// Both outputs of a command.
pub(crate) fn said(out: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

/// Waits until `probe` gives something.
pub(crate) async fn until<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(Instant::now() < end, "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Prints a line past the harness, which shows what a test prints only when it fails.
pub(crate) fn tell(what: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}
