//! Messages that leave: webhook and e-mail against real servers, crashes in the middle, and who is active.

#![allow(clippy::zombie_processes, reason = "the server ends when dropped")]

#[path = "delivery/hidden.rs"]
mod hidden;
mod support;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alerts::channels::{EmailConfig, Security, WebhookConfig, signature};
use alerts::*;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post as on_post;
use base64::{Engine, prelude::BASE64_STANDARD};
use support::*;

const SECRET: &[u8; 32] = b"rahasia rekaan untuk uji webhook";

/// What a webhook receiver saw, and what it answers.
#[derive(Clone, Default)]
struct Receiver {
    seen: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    answers: Arc<Mutex<Vec<u16>>>,
    hangs: Arc<std::sync::atomic::AtomicBool>,
}

impl Receiver {
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let app = Router::new().route("/hook", on_post(receive)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        url
    }

    fn ids(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned()).collect()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    receiver.seen.lock().unwrap().push((headers, body));
    if receiver.hangs.load(std::sync::atomic::Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    let answer = receiver.answers.lock().unwrap().pop().unwrap_or(204);
    StatusCode::from_u16(answer).unwrap()
}

/// A roster of one Kapolsek reached at `address` through `channel`.
fn roster(dir: &Path, channel: &str, address: &str) -> PathBuf {
    let path = dir.join(format!("roster-{:x}.csv", rand::random::<u32>()));
    let text =
        format!("role,region,holder,stand_in,channel,address\nKAPOLSEK,35.19.08,,,{channel},{address}\n");
    std::fs::write(&path, text).unwrap();
    path
}

fn secret(dir: &Path) -> PathBuf {
    let path = dir.join("webhook.secret");
    std::fs::write(&path, format!("whsec_{}\n", BASE64_STANDARD.encode(SECRET))).unwrap();
    path
}

fn webhook(dir: &Path, url: &str) -> impl Fn(&mut AlertsConfig) + use<> {
    let (roster, secret) = (roster(dir, "webhook", url), secret(dir));
    move |config| {
        config.roster = Some(roster.clone());
        config.webhook =
            Some(WebhookConfig { secret_file: secret.clone(), external_url: "http://meja".to_owned() });
    }
}

async fn state_of(house: &House) -> NotificationView {
    house.desk.incident(&analyst("ana"), IncidentId(1)).await.unwrap().notifications.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_gets_the_payload_of_alertmanager_signed_and_a_refusal_is_final() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let receiver = Receiver::default();
        let change = webhook(dir.path(), &receiver.start().await);
        let house = house(dir.path(), &url, "satu", change).await;
        *receiver.answers.lock().unwrap() = vec![204, 503];
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        let first = state_of(&house).await;
        assert_eq!(
            (first.state.as_str(), first.error.as_deref()),
            ("pending", Some("webhook: answered 503 Service Unavailable"))
        );
        house.pass(5).await;
        assert_eq!(state_of(&house).await.state, "sent");
        let ids = receiver.ids();
        assert_eq!((ids.len(), &ids[0]), (2, &ids[1]), "the same key in every attempt");

        let (headers, body) = receiver.seen.lock().unwrap()[1].clone();
        let at: i64 = headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
        assert_eq!(headers["webhook-signature"], signature(SECRET, &ids[0], at, &body));
        let payload: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let mut keys: Vec<&String> = payload.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(
            keys,
            [
                "alerts",
                "commonAnnotations",
                "commonLabels",
                "externalURL",
                "groupKey",
                "groupLabels",
                "receiver",
                "status",
                "truncatedAlerts",
                "version"
            ]
        );
        let mut keys: Vec<&String> = payload["alerts"][0].as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(
            keys,
            ["annotations", "endsAt", "fingerprint", "generatorURL", "labels", "startsAt", "status"]
        );
        assert!(!String::from_utf8_lossy(&body).contains("perguruan"), "never the post's text");

        *receiver.answers.lock().unwrap() = vec![410];
        house.desk.reject(&analyst("ana"), IncidentId(1), "tidak benar").await.unwrap();
        house.work().await;
        house.pass(600).await;
        let rejected = house.desk.notifications(&analyst("ana"), 1).await.unwrap().remove(0);
        assert_eq!((rejected.state.as_str(), rejected.attempts), ("failed", 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_channel_did_not_take_does_not_arrive_after_the_word_that_it_is_over() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let receiver = Receiver::default();
        let change = webhook(dir.path(), &receiver.start().await);
        let house = house(dir.path(), &url, "satu", change).await;
        *receiver.answers.lock().unwrap() = vec![503];
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        house.desk.reject(&analyst("ana"), IncidentId(1), "tidak benar").await.unwrap();
        house.work().await;
        house.pass(600).await;
        let sent = |at: usize| String::from_utf8_lossy(&receiver.seen.lock().unwrap()[at].1).into_owned();
        assert_eq!(
            receiver.ids().len(),
            2,
            "the attempt that failed, and the cancellation: it may have arrived"
        );
        assert!(sent(0).contains("firing") && sent(1).contains("resolved"), "{} {}", sent(0), sent(1));
        assert_eq!(state_of(&house).await.state, "moot");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_holds_up_nothing_beside_it() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        let pool = house.alerts.db.pool();
        let sql = async |sql: &'static str| sqlx::query(sql).execute(pool).await.unwrap().rows_affected();
        let one = "UPDATE notifications SET reason = 'dari versi baru' WHERE role = 'BABINSA'";
        assert_eq!(sql(one).await, 1);
        sql("INSERT INTO timers (incident, kind, step, due) VALUES (1, 'dari versi baru', 1, 0)").await;
        house.work().await;
        assert_eq!(house.told(), ["bhabin-35.19.08.2011", "kades-35.19.08.2011", "kapolsek-35.19.08"]);
        house.pass(60).await;
        assert!(
            house.messages("kapolsek-35.19.08").pop().unwrap().contains("PENGINGAT"),
            "its clock goes off"
        );
        // They wait for a version that can read them.
        sql("UPDATE notifications SET reason = 'at_once' WHERE reason = 'dari versi baru'").await;
        house.pass(6).await;
        assert!(house.told().contains(&"babinsa-35.19.08.2011".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_that_one_channel_refuses_for_good_is_reached_through_its_next() {
    let dir = tempfile::tempdir().unwrap();
    let receiver = Receiver::default();
    let url = receiver.start().await;
    let both = dir.path().join("both.csv");
    let text = format!(
        "role,region,holder,stand_in,channel,address\nKAPOLSEK,35.19.08,,,webhook,{url}\nKAPOLSEK,35.19.08,,,file,piket\n"
    );
    std::fs::write(&both, text).unwrap();
    let change = webhook(dir.path(), &url);
    let database = dir.path().join("next.db").display().to_string();
    let house = house(dir.path(), &database, "satu", |config| {
        change(config);
        config.roster = Some(both.clone());
    })
    .await;
    house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
    *receiver.answers.lock().unwrap() = vec![404];
    house.work().await;
    assert_eq!(state_of(&house).await.state, "failed");
    assert_eq!(house.messages("piket").len(), 1);
    assert_eq!(house.desk.health().await.unwrap().failed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_a_digest_that_one_channel_refuses_for_good_go_through_the_next() {
    let dir = tempfile::tempdir().unwrap();
    for database in databases(dir.path()).await {
        let receiver = Receiver::default();
        let url = receiver.start().await;
        let both = roster(dir.path(), "webhook", &url);
        let text = std::fs::read_to_string(&both).unwrap() + "KAPOLSEK,35.19.08,,,file,piket\n";
        std::fs::write(&both, text).unwrap();
        let change = webhook(dir.path(), &url);
        let house = house(dir.path(), &database, "satu", |config| {
            change(config);
            config.roster = Some(both.clone());
            (config.policy.budget_per_hour, config.policy.repeats) = (1, 0);
        })
        .await;
        for n in 0..3 {
            let (a, b) = (format!("{n}a"), format!("{n}b"));
            house.stage.take(&[clash(&a, -420 * n), clash(&b, -420 * n)]).await.unwrap();
        }
        house.work().await;
        assert_eq!(receiver.ids().len(), 1, "the others wait for a digest");
        *receiver.answers.lock().unwrap() = vec![410];
        house.pass(61).await;
        assert_eq!(receiver.ids().len(), 2);
        house.pass(61).await;
        let told = house.messages("piket").concat();
        assert_eq!(told.matches("ID KTG-").count(), 2, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_cut_by_a_crash_goes_again_with_the_same_key_marked_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let receiver = Receiver::default();
        let hook = receiver.start().await;
        let before = house(dir.path(), &url, "satu", webhook(dir.path(), &hook)).await;
        before.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        receiver.hangs.store(true, std::sync::atomic::Ordering::SeqCst);
        let teller = before.teller.clone();
        let cut = tokio::spawn(async move { teller.deliver().await });
        while receiver.ids().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        cut.abort();
        assert!(cut.await.unwrap_err().is_cancelled());
        assert_eq!(state_of(&before).await.state, "sending", "written down before it was made");
        receiver.hangs.store(false, std::sync::atomic::Ordering::SeqCst);

        let after = house(dir.path(), &url, "satu", webhook(dir.path(), &hook)).await;
        let over = after.stop.child_token();
        let (teller, term) = (after.teller.clone(), over.clone());
        let running = tokio::spawn(async move { teller.run(term).await });
        while state_of(&after).await.state != "sent" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        over.cancel();
        running.await.unwrap();
        let ids = receiver.ids();
        assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
        let second = String::from_utf8(receiver.seen.lock().unwrap()[1].1.to_vec()).unwrap();
        assert!(second.contains("\"ulangan\":\"true\"") && second.contains("ULANGAN"), "{second}");
        assert_eq!((state_of(&after).await.repeats, state_of(&after).await.attempts), (1, 2));

        // The process that was cut off writes nothing any more.
        let late = before.stage.take(&[clash("c", 2)]).await.unwrap_err();
        assert!(late.is_retryable() && late.to_string().contains("lease"), "{late}");
        assert!(before.teller.deliver().await.is_ok(), "nothing is due");
        assert_eq!(after.only().await.posts, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_written_once_however_often_the_attempt_is_made() {
    for house in houses().await {
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        house.work().await;
        let once = house.messages("kapolsek-35.19.08");
        let pool = house.alerts.db.pool();
        sqlx::query("UPDATE notifications SET state = 'pending', repeats = 1").execute(pool).await.unwrap();
        house.work().await;
        assert_eq!(house.messages("kapolsek-35.19.08"), once);
        assert_eq!(once.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_takes_over_within_fifteen_seconds_and_clocks_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let url = databases(dir.path()).await.remove(0);
    let first = house(dir.path(), &url, "satu", |_| {}).await;
    first.stage.take(&[clash("a", 0)]).await.unwrap();
    // The first one stands still, as after kill -9: no beat comes any more, and the lease is not given back.
    sqlx::query("UPDATE lease SET epoch = epoch + 1, beat = 0, holder = 'satu'")
        .execute(first.alerts.db.pool())
        .await
        .unwrap();
    let began = std::time::Instant::now();
    let second = house(dir.path(), &url, "dua", |_| {}).await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(began.elapsed() > Duration::from_secs(8), "not while it might live");
    assert_eq!(second.desk.health().await.unwrap().holder.as_deref(), Some("dua"));
    second.pass(240).await;
    assert_eq!(second.told().len(), 4, "the clock that the first one started");
}

/// Keeps the log lines of a thread.
#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<String>>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Line(String);
        impl tracing::field::Visit for Line {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0.push_str(&format!("{field}={value:?} "));
            }
        }
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
}

#[tokio::test]
async fn a_process_that_waits_for_the_lease_says_so_once_and_until_when() {
    let dir = tempfile::tempdir().unwrap();
    let url = databases(dir.path()).await.remove(0);
    let first = house(dir.path(), &url, "satu", |_| {}).await;
    let log = Log::default();
    let logging = tracing::subscriber::set_default(log.clone());
    let stop = tokio_util::sync::CancellationToken::new();
    let waiting = Arc::new(alerts::lease::Lease::new("dua"));
    let none =
        tokio::time::timeout(Duration::from_secs(3), waiting.wait(&first.alerts.db, true, &stop)).await;
    drop(logging);
    assert!(none.is_err(), "the first one lives");
    let lines: Vec<String> =
        log.0.lock().unwrap().iter().filter(|line| line.contains("waiting for")).cloned().collect();
    assert!(lines.len() == 1 && lines[0].contains("satu") && lines[0].contains("until="), "{lines:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_database_is_a_file_that_only_its_owner_reads_also_one_made_before() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let url = dir.path().join("hak.db").display().to_string();
    std::fs::write(&url, "").unwrap();
    std::fs::set_permissions(&url, PermissionsExt::from_mode(0o644)).unwrap();
    let house = house(dir.path(), &url, "satu", |_| {}).await;
    house.stage.take(&[clash("a", 0)]).await.unwrap();
    for end in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{url}{end}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{end}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_stops_gives_the_lease_back_at_once() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let first = house(dir.path(), &url, "satu", |_| {}).await;
        let began = std::time::Instant::now();
        first.stop.cancel();
        let second = house(dir.path(), &url, "dua", |_| {}).await;
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert!(first.stage.take(&[clash("a", 0)]).await.is_err());
        second.stage.take(&[clash("a", 0)]).await.unwrap();
    }
}

/// A real SMTP server that keeps what it gets in a maildir.
struct Smtp {
    child: Child,
    maildir: PathBuf,
}

impl Smtp {
    fn start(dir: &Path, port: u16) -> Smtp {
        let maildir = dir.join("mail");
        let child = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
            .args(["-c", "aiosmtpd.handlers.Mailbox"])
            .arg(&maildir)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Smtp { child, maildir };
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the SMTP server does not listen");
    }

    fn mails(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.maildir.join("new")) else { return Vec::new() };
        entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn has_smtp() -> bool {
    let found =
        Command::new("/usr/bin/python3").args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
    let has = found.is_ok_and(|status| status.success());
    if !has {
        left_out("e-mail (python3-aiosmtpd is not installed)");
    }
    has
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_waits_for_a_dead_server_and_arrives_once_it_is_up() {
    if !has_smtp() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let roster = roster(dir.path(), "email", "kapolsek@polsek.example");
    let email = EmailConfig {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        username: None,
        password_file: None,
        from: "Kentongan <meja@desk.example>".to_owned(),
    };
    let url = dir.path().join("mail.db").display().to_string();
    let house = house(dir.path(), &url, "satu", |config| {
        config.roster = Some(roster.clone());
        config.email = Some(email.clone());
    })
    .await;
    house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
    house.work().await;
    let dead = state_of(&house).await;
    assert_eq!((dead.state.as_str(), dead.error.as_deref()), ("pending", Some("email: no answer")));
    let smtp = Smtp::start(dir.path(), port);
    house.pass(5).await;
    let sent = state_of(&house).await;
    assert_eq!((sent.state.as_str(), sent.attempts), ("sent", 2));
    let mails = smtp.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains(&format!("Message-ID: <{}@desk.example>", sent.id)), "{}", mails[0]);
    assert!(mails[0].contains("Auto-Submitted: auto-generated") && mails[0].contains(&sent.number));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_settings_are_told_before_anything_starts() {
    let dir = tempfile::tempdir().unwrap();
    let open = |change: &dyn Fn(&mut AlertsConfig)| {
        let mut config = AlertsConfig::default();
        change(&mut config);
        let dir = dir.path().to_owned();
        async move {
            let clock = stream::Clock::manual(eve());
            Alerts::open(&config, &dir, "satu", clock).await.unwrap_err().to_string()
        }
    };
    let unset = roster(dir.path(), "webhook", "https://a.example/x");
    let told = open(&|config| config.roster = Some(unset.clone())).await;
    assert_eq!(told, "roster: channel webhook is used but not configured");
    let missing = dir.path().join("none.csv");
    let told = open(&|config| config.roster = Some(missing.clone())).await;
    assert!(told.contains("none.csv") && told.contains("1 faults"), "{told}");
    let short = dir.path().join("short.secret");
    std::fs::write(&short, "whsec_eHg=").unwrap();
    let hook = WebhookConfig { secret_file: short, external_url: String::new() };
    let told = open(&|config| config.webhook = Some(hook.clone())).await;
    assert!(told.contains("short.secret") && told.contains("24 bytes"), "{told}");
    let told = open(&|config| config.database = Some("postgres://x@127.0.0.1:1/x".to_owned())).await;
    assert!(told.contains("database cannot be used now"), "{told}");
}
