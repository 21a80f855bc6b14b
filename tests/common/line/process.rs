//! A role as a child process: started, asked whether it is ready, stopped in order or killed.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use super::PATIENCE;

/// What a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Serve,
    Ingest,
    Classify,
    Alerts,
}

impl Role {
    pub(crate) const ALL: [Role; 4] = [Role::Serve, Role::Ingest, Role::Classify, Role::Alerts];
    /// The roles that together are what `serve` is.
    pub(crate) const THREE: [Role; 3] = [Role::Ingest, Role::Classify, Role::Alerts];

    /// The subcommand.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Role::Serve => "serve",
            Role::Ingest => "ingest",
            Role::Classify => "classify",
            Role::Alerts => "alerts",
        }
    }
}

/// A port below those the system hands out by itself, free a moment ago and given to nobody else here.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 100).unwrap() * 100;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::SeqCst);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A running role; killed when dropped.
pub(crate) struct Process {
    child: Child,
    role: Role,
    log: PathBuf,
    inner: String,
}

impl Process {
    /// Starts `role` with the configuration file `config`; its output is added to the file `log`.
    pub(crate) fn start(role: Role, config: &Path, log: &Path, inner: &str) -> Process {
        let out = File::options().create(true).append(true).open(log).unwrap();
        let child = super::kentongan()
            .arg(role.as_str())
            .arg("--config")
            .arg(config)
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .spawn()
            .unwrap();
        Process { child, role, log: log.to_owned(), inner: inner.to_owned() }
    }

    /// Waits until `/-/ready` says so.
    pub(crate) async fn ready(&mut self) {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("{} ended with {status}: {}", self.role.as_str(), self.lines());
            }
            if self.is_ready().await == Some(true) {
                return;
            }
            assert!(Instant::now() < until, "{} is not ready: {}", self.role.as_str(), self.lines());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What `/-/ready` says, if anything answers.
    pub(crate) async fn is_ready(&self) -> Option<bool> {
        let answer = reqwest::get(format!("{}/-/ready", self.inner)).await.ok()?;
        Some(answer.status().is_success())
    }

    /// The text of `/metrics`.
    pub(crate) async fn metrics(&self) -> String {
        reqwest::get(format!("{}/metrics", self.inner)).await.unwrap().text().await.unwrap()
    }

    /// The sum of a metric over its labels; 0 while it has no value.
    pub(crate) async fn number(&self, name: &str) -> f64 {
        let metrics = self.metrics().await;
        let values = metrics.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix([' ', '{']));
        values.map(|rest| rest.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
    }

    /// Whether it still runs.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// What it printed and logged so far.
    pub(crate) fn lines(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// kill -9, now.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        let done = std::process::Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(done.unwrap().success());
    }

    /// SIGTERM, then waits for its end.
    pub(crate) async fn stop(mut self) -> ExitStatus {
        self.terminate();
        self.ended().await
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "{} does not end: {}", self.role.as_str(), self.lines());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// SIGTERM, after which it must end with exit code 0.
    pub(crate) async fn stop_well(self) {
        let (role, log) = (self.role, self.log.clone());
        let status = self.stop().await;
        let lines = std::fs::read_to_string(log).unwrap_or_default();
        assert!(status.success(), "{} ended with {status}: {lines}", role.as_str());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let lines = self.lines();
            let from = lines.char_indices().rev().nth(6000).map_or(0, |(at, _)| at);
            super::tell(&format!("--- the end of what {} said ---\n{}", self.role.as_str(), &lines[from..]));
        }
    }
}
