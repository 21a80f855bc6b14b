//! What the tests of the bus share: buses to try, posts to send, stages to run, children to kill.
#![allow(dead_code, unreachable_pub)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use stream::{
    Bus, BusConfig, Finding, Handled, KafkaConfig, LogConfig, Outgoing, Post, PostId, Raw, Stage, StageError,
    Topic,
};
use tempfile::TempDir;

/// A bus of its own for one test.
pub struct Fixture {
    pub config: BusConfig,
    _folder: Option<TempDir>,
}

impl Fixture {
    pub fn log() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let log = LogConfig { path: folder.path().join("bus.db"), reserve_bytes: 0, ..LogConfig::default() };
        Fixture { config: BusConfig::Log(log), _folder: Some(folder) }
    }

    /// Topics of its own on the broker of the tests; `None`, and a printed line, when there is none.
    pub async fn kafka(test: &str) -> Option<Fixture> {
        let brokers = service("KENTONGAN_TEST_KAFKA", test)?;
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let unique = format!("t{}-{}-{number}.", std::process::id(), Timestamp::now().as_millisecond());
        let kafka =
            KafkaConfig { brokers, prefix: unique, instance: "test".to_owned(), ..KafkaConfig::default() };
        let fixture = Fixture { config: BusConfig::Kafka(kafka), _folder: None };
        fixture.open().create_topics().await.unwrap();
        Some(fixture)
    }

    pub fn open(&self) -> Bus {
        Bus::open(&self.config).unwrap()
    }

    /// The same bus as another process would open it.
    pub fn named(&self, instance: &str) -> Bus {
        let mut config = self.config.clone();
        if let BusConfig::Kafka(kafka) = &mut config {
            kafka.instance = instance.to_owned();
        }
        Bus::open(&config).unwrap()
    }
}

/// Prints that a test was left out; past the harness, which shows what a test prints only when it fails.
pub fn left_out(test: &str, why: &str) {
    tell(&format!("left out: {test} ({why})"));
}

/// Prints a line past the harness.
pub fn tell(line: &str) {
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// The value of a service's variable; without it the test is left out with a printed line, or fails when all must run.
pub fn service(variable: &str, test: &str) -> Option<String> {
    match std::env::var(variable) {
        Ok(value) if !value.is_empty() => Some(value),
        _ if std::env::var("KENTONGAN_TEST_ALL").is_ok_and(|all| all == "1") => {
            panic!("{test}: {variable} is not set and KENTONGAN_TEST_ALL=1")
        }
        _ => {
            left_out(test, &format!("set {variable}"));
            None
        }
    }
}

/// The n-th made-up post of author `key`.
pub fn post(key: u64, n: u64) -> Post {
    let id = PostId::of_source("tes", &key.to_string());
    serde_json::from_value(json!({
        "id": id,
        "source": "tes",
        "channel": "lapangan",
        "posted_at": "2024-11-26T13:00:00Z",
        "seen_at": Timestamp::now().to_string(),
        "text": format!("catatan {n}"),
        "sender_id": n.to_string(),
        "raw": Raw::new(b"{}"),
    }))
    .unwrap()
}

/// The number of a made-up post.
pub fn number(post: &Post) -> u64 {
    post.sender_id.as_deref().unwrap().parse().unwrap()
}

pub fn outgoing(post: &Post) -> Outgoing {
    Outgoing::record(post).unwrap()
}

pub fn finding(post: Post) -> Finding {
    let id = Finding::id_of(&post, "leksikon", "tes");
    let (lexicon, code) = ("leksikon".to_owned(), "tes".to_owned());
    Finding {
        id,
        post,
        lexicon,
        code,
        signals: vec![],
        cleared: vec![],
        calm: None,
        backtest: None,
        extra: serde_json::Map::new(),
    }
}

/// Everything that `group` has not committed of `topic`, committed.
pub async fn drain(bus: &Bus, group: &str, topic: Topic) -> Vec<stream::Incoming> {
    let mut inbox = bus.subscribe(group, &[topic]).await.unwrap();
    let mut all = Vec::new();
    // Joining a group on Kafka takes longer than reading.
    let mut patience = 40;
    loop {
        let batch = inbox.take(1000, Duration::from_millis(250)).await.unwrap();
        if batch.is_empty() {
            let behind = bus.lag().await.unwrap();
            let behind = behind.iter().any(|lag| lag.group == group && lag.topic == topic && lag.lag > 0);
            patience -= 1;
            if !behind || patience == 0 {
                return all;
            }
            continue;
        }
        all.extend(batch);
        inbox.commit().await.unwrap();
    }
}

/// Makes a finding of each post; remembers what it saw.
#[derive(Clone, Default)]
pub struct Copier {
    pub seen: Arc<Mutex<Vec<u64>>>,
    /// How often it says Retry before it works.
    pub refusals: Arc<AtomicU32>,
    pub pause: Duration,
    pub small: bool,
    /// How long it waits for more.
    pub gather: Duration,
    /// How many records each batch had.
    pub batches: Arc<Mutex<Vec<usize>>>,
}

impl Stage for Copier {
    type In = Post;

    fn group(&self) -> &str {
        "copier"
    }

    fn batch(&self) -> usize {
        if self.small { 10 } else { 500 }
    }

    fn gather(&self) -> Duration {
        self.gather
    }

    async fn handle(&mut self, batch: Vec<Post>) -> Result<Handled, StageError> {
        if self.refusals.load(Ordering::SeqCst) > 0 {
            self.refusals.fetch_sub(1, Ordering::SeqCst);
            return Err(StageError::Retry("the database is unreachable".to_owned()));
        }
        tokio::time::sleep(self.pause).await;
        self.batches.lock().unwrap().push(batch.len());
        self.seen.lock().unwrap().extend(batch.iter().map(number));
        let findings: Vec<Finding> = batch.into_iter().map(finding).collect();
        Ok(Handled::publish(findings.iter().map(|finding| Outgoing::record(finding).unwrap()).collect()))
    }
}

/// Waits until `ready` holds, or fails after half a minute.
pub async fn until(what: &str, ready: impl AsyncFn() -> bool) {
    for _ in 0..600 {
        if ready().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("waited in vain: {what}");
}

/// The lag of a group; `None` when it is not known.
pub async fn lag(bus: &Bus, group: &str) -> Option<u64> {
    let lags = bus.lag().await.ok()?;
    let mut mine = lags.iter().filter(|lag| lag.group == group).peekable();
    mine.peek()?;
    Some(mine.map(|lag| lag.lag).sum())
}

/// This test program again, running only its test `child` with `job` to do on the bus of `config`.
pub fn again(job: &str, config: &BusConfig, extra: &[(&str, String)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    child_arguments(&mut command, job, config, extra);
    command
}

/// The same under another program (strace).
pub fn child_arguments(command: &mut Command, job: &str, config: &BusConfig, extra: &[(&str, String)]) {
    command.args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env("KENTONGAN_CHILD", job).env("KENTONGAN_CHILD_BUS", serde_json::to_string(config).unwrap());
    command.envs(extra.iter().map(|(key, value)| (*key, value.as_str())));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
}

/// The job and the bus of a child.
pub fn child_job() -> (String, BusConfig) {
    let job = std::env::var("KENTONGAN_CHILD").expect("run as a child process by other tests");
    let bus = std::env::var("KENTONGAN_CHILD_BUS").unwrap();
    (job, serde_json::from_str(&bus).unwrap())
}

/// The numbers on the lines `ACK n` that a child wrote before it ended; the first follows the harness's own words.
pub fn acknowledged(child: &mut Child) -> Vec<u64> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok).filter_map(|line| line.rsplit_once("ACK ")?.1.parse().ok()).collect()
}

/// Shows what the bus logs, for a test whose failure is hard to read without.
pub fn show_log_lines() {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Says a number to the parent of a child process: one write, so that a kill leaves whole lines.
pub fn acknowledge(number: u64) {
    std::io::stdout().write_all(format!("ACK {number}\n").as_bytes()).unwrap();
}

/// A small seeded source of chance.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A broker of a test's own, which it may kill.
pub struct Broker {
    pub folder: TempDir,
    pub port: u16,
    tls: bool,
}

impl Broker {
    pub fn start(tls: bool) -> Broker {
        // A block of ports: listener, controller, TLS, SASL.
        let port =
            21_000 + u16::try_from(std::process::id() % 1000).unwrap() * 4 + if tls { 5_000 } else { 0 };
        let broker = Broker { folder: tempfile::tempdir().unwrap(), port, tls };
        broker.script("start");
        broker
    }

    pub fn script(&self, command: &str) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/kafka/kafka.sh");
        let mut bash = Command::new("bash");
        bash.arg(script).arg(command).arg(self.folder.path()).arg(self.port.to_string());
        if self.tls {
            bash.arg("--tls");
        }
        assert!(bash.stdout(Stdio::null()).status().unwrap().success(), "kafka.sh {command}");
    }

    pub fn config(&self) -> KafkaConfig {
        KafkaConfig {
            brokers: format!("127.0.0.1:{}", self.port),
            prefix: "t.".to_owned(),
            instance: "test".to_owned(),
            delivery_timeout_ms: 5000,
            ..KafkaConfig::default()
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.script("kill");
    }
}
