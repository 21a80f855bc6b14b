//! What the line stands on goes away and comes back: disk, broker, mail server, database. Nothing is lost, nothing is parked.

mod common;

#[path = "common/line/mod.rs"]
mod line;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;
use line::mail::{Smtp, installed};
use line::process::free_port;
use line::store::Store;
use line::texts::{CATEGORY, Made, PLACES, calls_to, lines, roster, stream};
use line::{Line, Process, Role, Setup, tell, until};
use reqwest::header::RETRY_AFTER;

/// Live posts: everyday talk, and two calls to each place.
fn posts(seed: u64) -> Vec<Made> {
    stream(seed, 100, PLACES.len(), 2, Timestamp::now())
}

/// Every call of `sent` stands in the one incident of its place, nothing is parked and nobody was told twice.
async fn nothing_is_lost(line: &Line, sent: &[&[Made]]) {
    line.settled().await;
    let store = Store::open(&line.database()).await;
    let found = store.incidents().await;
    for (_, place) in PLACES {
        let here: Vec<_> = found
            .iter()
            .filter(|one| one.place.as_deref() == Some(place) && one.category == CATEGORY)
            .collect();
        assert_eq!(here.len(), 1, "{place}: {here:#?}");
        let calls: usize = sent.iter().map(|posts| calls_to(posts, place).len()).sum();
        assert_eq!(here[0].posts.len(), calls, "{place}");
    }
    store.told().await;
    assert!(store.messages().await.iter().all(|message| message.state == "sent"));
    assert_eq!(line.bus().dead_letters(10).await.unwrap(), [], "nothing is parked");
}

/// The API says that it takes nothing now, and when to come again.
async fn says_later(line: &Line, role: Role, token: &str, posts: &[Made]) {
    until("the API says later", async || {
        let answer = line.send(role, token, posts).await;
        (answer.status() == 503).then(|| {
            let after = answer.headers()[RETRY_AFTER].to_str().unwrap().parse::<u32>().unwrap();
            assert!(after > 0);
        })
    })
    .await;
}

/// Sends `posts` until they are taken.
async fn sends(line: &Line, role: Role, token: &str, posts: &[Made]) {
    until("posts are taken", async || (line.send(role, token, posts).await.status() == 200).then_some(()))
        .await;
}

async fn becomes(process: &Process, ready: bool) {
    until("readiness changes", async || (process.is_ready().await == Some(ready)).then_some(())).await;
}

/// A disk of its own, as large as it says.
struct Disk(PathBuf);

impl Disk {
    /// Only root may mount one.
    fn mount(at: &Path, size: &str) -> Option<Disk> {
        std::fs::create_dir_all(at).unwrap();
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).stderr(Stdio::null());
        mount.status().ok()?.success().then(|| Disk(at.to_owned()))
    }

    fn filler(&self) -> PathBuf {
        self.0.join("penuh")
    }

    /// Takes all space there is.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.filler()).unwrap();
        for size in [1 << 20, 4096] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_the_intake_until_there_is_space_again() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("disk"), "64m") else {
        // The same with the bus's own limit is in tests/faults.rs.
        return tell("not tried: a full disk (only root may mount a small one)");
    };
    let bus = "kind = \"log\"\nreserve_bytes = 2000000\n".to_owned();
    let line = Line::new(Setup { bus, data: Some(disk.0.clone()), ..Setup::default() });
    let token = line.token(&["pemantau"]);
    let mut serve = line.run(Role::Serve).await;
    let (before, after) = (posts(1), posts(2));
    sends(&line, Role::Serve, &token, &before).await;
    // While these are still on their way.
    disk.fill();
    becomes(&serve, false).await;
    says_later(&line, Role::Serve, &token, &after).await;
    assert!(serve.is_alive());

    disk.empty();
    becomes(&serve, true).await;
    sends(&line, Role::Serve, &token, &after).await;
    nothing_is_lost(&line, &[&before, &after]).await;
    assert!(serve.is_alive(), "without a restart");
    serve.stop_well().await;
}

/// A broker of the test's own.
struct Broker {
    folder: tempfile::TempDir,
    port: u16,
}

impl Broker {
    fn new() -> Broker {
        // Listener, controller, TLS, SASL.
        let port = loop {
            let ports: [u16; 4] = std::array::from_fn(|_| free_port());
            if ports[3] == ports[0] + 3 {
                break ports[0];
            }
        };
        Broker { folder: tempfile::tempdir().unwrap(), port }
    }

    fn script(&self, command: &str) {
        let mut script = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/kafka/kafka.sh"));
        script.arg(command).arg(self.folder.path()).arg(self.port.to_string());
        assert!(script.stdout(Stdio::null()).status().unwrap().success(), "kafka.sh {command}");
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.script("kill");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_broker_is_waited_for_at_the_start_and_in_the_middle() {
    if common::service("KENTONGAN_TEST_KAFKA", "a broker that dies").is_none() {
        return;
    }
    let broker = Broker::new();
    broker.script("start");
    let kafka = Setup::kafka(&format!("127.0.0.1:{}", broker.port));
    let line = Line::new(Setup { bus: format!("{}delivery_timeout_ms = 5000\n", kafka.bus), ..kafka });
    // It listens some time before it answers everything.
    until("the topics are made", async || line.command(&["topics"]).status.success().then_some(())).await;
    let token = line.token(&["pemantau"]);
    broker.script("kill");

    let out = line.command(&["topics"]);
    assert_eq!(out.status.code(), Some(1));
    let told = line::said(&out);
    assert!(told.contains(&format!("127.0.0.1:{}", broker.port)), "{told}");
    let mut serve = line.run_unready(Role::Serve).await;
    let (before, after) = (posts(3), posts(4));
    says_later(&line, Role::Serve, &token, &before).await;
    broker.script("start");
    becomes(&serve, true).await;
    sends(&line, Role::Serve, &token, &before).await;

    broker.script("kill");
    becomes(&serve, false).await;
    says_later(&line, Role::Serve, &token, &after).await;
    assert!(serve.is_alive());
    broker.script("start");
    becomes(&serve, true).await;
    sends(&line, Role::Serve, &token, &after).await;
    nothing_is_lost(&line, &[&before, &after]).await;
    assert!(serve.is_alive(), "without a restart");
    serve.stop_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_mail_server_did_not_take_is_delivered_when_it_is_back() {
    if !installed() {
        return common::left_out("a mail server that dies (python3-aiosmtpd is not installed)");
    }
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let channels = format!(
        "[alerts.email]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"kentongan@meja.example\"\n"
    );
    let roster = roster(|_, office| format!("email,{office}@kantor.example"));
    let line = Line::new(Setup { roster, channels, ..Setup::default() });
    let token = line.token(&["pemantau"]);
    let serve = line.run(Role::Serve).await;
    let sent = posts(5);
    sends(&line, Role::Serve, &token, &sent).await;
    let store = Store::open(&line.database()).await;
    until("the first attempts have failed", async || {
        let messages = store.messages().await;
        (!messages.is_empty() && messages.iter().all(|message| message.attempts > 0)).then_some(())
    })
    .await;
    assert!(
        serve.metrics().await.contains("kentongan_notifications_total{channel=\"email\",outcome=\"retry\"}")
    );
    assert!(!serve.lines().contains("kantor.example"), "no address in the log");

    let mails = Smtp::start(port, &folder.path().join("maildir"));
    nothing_is_lost(&line, &[&sent]).await;
    let messages: BTreeSet<String> = store.messages().await.into_iter().map(|message| message.id).collect();
    let arrived: Vec<String> = mails.taken().into_iter().map(|taken| taken.id).collect();
    assert_eq!(arrived.len(), messages.len(), "each once");
    assert_eq!(arrived.into_iter().collect::<BTreeSet<String>>(), messages);
    assert!(mails.taken().iter().all(|taken| !taken.marked && !taken.body.contains("parang")));
    serve.stop_well().await;
}

/// A PostgreSQL of the test's own.
struct Database {
    folder: PathBuf,
    port: u16,
}

impl Database {
    fn new() -> Database {
        // Not below the system's temporary folder: the server's user must be able to walk there.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("postgres-{}", std::process::id()));
        Database { folder, port: free_port() }
    }

    fn script(&self, command: &str) -> bool {
        let mut script = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/postgres.sh"));
        script.arg(command).arg(&self.folder).arg(self.port.to_string());
        script.stdout(Stdio::null()).status().unwrap().success()
    }

    fn url(&self) -> String {
        format!("postgres://kentongan@127.0.0.1:{}/kentongan", self.port)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.script("stop");
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_database_stops_the_stage_which_parks_nothing_and_goes_on_when_it_is_back() {
    if common::service("KENTONGAN_TEST_POSTGRES", "a database that goes away").is_none() {
        return;
    }
    let database = Database::new();
    assert!(database.script("start"));
    let line = Line::new(Setup { database: Some(database.url()), ..Setup::default() });
    let token = line.token(&["pemantau"]);
    let mut serve = line.run(Role::Serve).await;
    let (before, after) = (posts(6), posts(7));
    sends(&line, Role::Serve, &token, &before).await;
    line.settled().await;

    assert!(database.script("stop"));
    becomes(&serve, false).await;
    // Who may send stands in the database; a file needs nobody's leave.
    says_later(&line, Role::Serve, &token, &after).await;
    let file = line.path("sesudah.jsonl");
    std::fs::write(&file, lines(&after)).unwrap();
    line.import(&file, "pemantau");
    until("the stage tries again", async || {
        (serve.number("kentongan_stage_retries_total").await > 0.0).then_some(())
    })
    .await;
    assert!(serve.is_alive());
    assert!(database.script("start"));
    becomes(&serve, true).await;
    nothing_is_lost(&line, &[&before, &after]).await;
    assert!(serve.is_alive(), "without a restart");
    serve.stop_well().await;
}
