//! The bus at its limits: full disks, retention, memory, two processes, and faults of the brokers.

mod common;

use std::process::Command;
use std::time::Duration;

use common::{Broker, Fixture, again, drain, number, outgoing, post, service};
use jiff::{SignedDuration, Timestamp};
use stream::{
    Bus, BusConfig, BusError, Incoming, KafkaConfig, LogConfig, Outgoing, Post, Pressure, Secret, Security,
    Topic,
};

/// What a child process does; the other tests of this file run it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run as a child process by other tests"]
async fn child() {
    let (job, config) = common::child_job();
    let bus = Bus::open(&config).unwrap();
    match job.as_str() {
        // Publishes 200 MB, then reads a little of it and lets the rest be fetched ahead.
        "much" => {
            for _ in 0..100 {
                bus.publish((0..200).map(noise).collect()).await.unwrap();
            }
            let mut inbox = bus.subscribe("reader", &[Topic::Posts]).await.unwrap();
            for _ in 0..20 {
                inbox.take(1, Duration::from_millis(500)).await.unwrap();
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
            common::acknowledge(peak.trim().trim_end_matches("kB").trim().parse().unwrap());
        }
        "publish" => {
            for n in 0..200 {
                bus.publish(vec![outgoing(&post(n % 5, n))]).await.unwrap();
            }
        }
        other => panic!("no job {other}"),
    }
}

/// A record of 10 kB that does not pack well.
fn noise(seed: u64) -> Outgoing {
    let mut chance = common::Chance(seed);
    let bytes = (0..10_240).map(|_| (chance.below(256)) as u8).collect();
    Outgoing {
        topic: Topic::Posts,
        key: seed.to_string(),
        at: Timestamp::now(),
        kind: "post".into(),
        version: 1,
        bytes,
    }
}

fn log_config(fixture: &mut Fixture) -> &mut LogConfig {
    match &mut fixture.config {
        BusConfig::Log(config) => config,
        BusConfig::Kafka(_) => panic!("a log was asked for"),
    }
}

fn memory_is_bounded(fixture: &Fixture, limit: u64) {
    let mut process = again("much", &fixture.config, &[]).spawn().unwrap();
    let peak = common::acknowledged(&mut process);
    assert!(process.wait().unwrap().success());
    common::tell(&format!("peak memory {} kB", peak[0]));
    assert!(peak[0] < limit, "{} kB for 200 MB published and lying unread", peak[0]);
}

#[test]
fn two_hundred_megabytes_go_through_a_log_in_bounded_memory() {
    memory_is_bounded(&Fixture::log(), 100_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_megabytes_go_through_kafka_in_bounded_memory() {
    if let Some(fixture) = Fixture::kafka("two_hundred_megabytes_go_through_kafka_in_bounded_memory").await {
        memory_is_bounded(&fixture, 150_000);
    }
}

/// Publishes until the bus says it is full; gives the error and how many records it took.
async fn fill(bus: &Bus) -> (BusError, u64) {
    for n in 0..10_000 {
        if let Err(error) = bus.publish(vec![noise(n)]).await {
            return (error, n);
        }
    }
    panic!("it never became full");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_at_its_limit_refuses_and_goes_on_when_its_readers_have_read() {
    let mut fixture = Fixture::log();
    *log_config(&mut fixture) =
        LogConfig { max_bytes: 4 << 20, retention_bytes: 2 << 20, ..log_config(&mut fixture).clone() };
    let bus = fixture.open();
    drop(bus.subscribe("reader", &[Topic::Posts]).await.unwrap());
    let (error, taken) = fill(&bus).await;
    assert!(error.is_retryable());
    assert!(error.to_string().contains("of max_bytes = 4194304 are used"), "{error}");
    assert!(taken > 200, "{taken}");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(matches!(bus.backpressure(0).await.unwrap(), Pressure::Full { .. }));
    assert!(bus.ready().await.unwrap_err().to_string().contains("max_bytes"));
    // Nothing that the group has not read was deleted to make room.
    assert_eq!(drain(&bus, "reader", Topic::Posts).await.len() as u64, taken);
    bus.publish(vec![noise(0)]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    bus.ready().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_on_a_full_disk_refuses_and_goes_on_when_there_is_space_again() {
    let test = "a_log_on_a_full_disk_refuses_and_goes_on_when_there_is_space_again";
    let folder = tempfile::tempdir().unwrap();
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(folder.path()).output();
    if !mounted.is_ok_and(|mounted| mounted.status.success()) {
        assert!(
            !std::env::var("KENTONGAN_TEST_ALL").is_ok_and(|all| all == "1"),
            "{test}: cannot mount a tmpfs"
        );
        common::left_out(test, "a tmpfs can be mounted by root only");
        return;
    }
    let config = LogConfig { path: folder.path().join("bus.db"), reserve_bytes: 0, ..LogConfig::default() };
    let bus = Bus::open(&BusConfig::Log(config)).unwrap();
    let hog = folder.path().join("hog");
    std::fs::write(&hog, vec![1; 3 << 20]).unwrap();
    let (error, taken) = fill(&bus).await;
    let message = error.to_string();
    let retryable = error.is_retryable();
    // The space comes back from elsewhere; the same bus takes it up.
    std::fs::remove_file(&hog).unwrap();
    let after = bus.publish(vec![noise(1)]).await;
    let read = drain(&bus, "reader", Topic::Posts).await.len() as u64;
    drop(bus);
    // The writing thread closes the file a moment later.
    std::thread::sleep(Duration::from_millis(300));
    Command::new("umount").arg("-l").arg(folder.path()).status().unwrap();
    assert!(retryable);
    assert!(message.starts_with("the log is full: "), "{message}");
    after.unwrap();
    assert_eq!(read, taken + 1, "what was accepted is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retention_deletes_what_is_old_and_was_read_and_nothing_else() {
    let fixture = Fixture::log();
    let bus = fixture.open();
    bus.publish((0..20).map(|n| outgoing(&post(n, n))).collect()).await.unwrap();
    drop(bus.subscribe("slow", &[Topic::Posts]).await.unwrap());
    assert_eq!(drain(&bus, "fast", Topic::Posts).await.len(), 20);
    let records = async || {
        let topics = bus.topics().await.unwrap();
        topics.into_iter().find(|info| info.topic == Topic::Posts).unwrap().records
    };
    let later = Timestamp::now() + SignedDuration::from_hours(24 * 15);
    bus.sweep(later).await.unwrap();
    assert_eq!(records().await, 20, "one registered group has not read them");
    assert_eq!(drain(&bus, "slow", Topic::Posts).await.len(), 20);
    bus.sweep(Timestamp::now()).await.unwrap();
    assert_eq!(records().await, 20, "they are young");
    bus.sweep(later).await.unwrap();
    assert_eq!(records().await, 0);
    // Positions go on where they were.
    bus.publish(vec![outgoing(&post(1, 100))]).await.unwrap();
    let next: Vec<Post> =
        drain(&bus, "fast", Topic::Posts).await.iter().map(|incoming| incoming.read().unwrap()).collect();
    assert_eq!(next.iter().map(number).collect::<Vec<_>>(), [100]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_publishes_beside_a_running_one() {
    let fixture = Fixture::log();
    let bus = fixture.open();
    let mut inbox = bus.subscribe("reader", &[Topic::Posts]).await.unwrap();
    let mut process = again("publish", &fixture.config, &[]).spawn().unwrap();
    for n in 1000..1200 {
        bus.publish(vec![outgoing(&post(n % 5, n))]).await.unwrap();
    }
    let mut read: Vec<Incoming> = Vec::new();
    while read.len() < 400 {
        let batch = inbox.take(100, Duration::from_secs(10)).await.unwrap();
        assert!(!batch.is_empty(), "{} of 400 were read", read.len());
        read.extend(batch);
    }
    inbox.commit().await.unwrap();
    assert!(process.wait().unwrap().success());
    let mut numbers: Vec<u64> =
        read.iter().map(|incoming| number(&incoming.read::<Post>().unwrap())).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..200).chain(1000..1200).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_chunk_is_parked_once_and_reading_goes_on_behind_it() {
    let fixture = Fixture::log();
    let bus = fixture.open();
    // One key: one partition, one chunk for each publish.
    for first in [0, 10, 20] {
        bus.publish((first..first + 10).map(|n| outgoing(&post(1, n))).collect()).await.unwrap();
    }
    let BusConfig::Log(config) = &fixture.config else { panic!("a log was asked for") };
    let file = rusqlite::Connection::open(&config.path).unwrap();
    let damage = "UPDATE chunks SET body = x'ffffffff00' WHERE id IN (SELECT id FROM chunks ORDER BY id LIMIT 1 OFFSET 1)";
    assert_eq!(file.execute(damage, []).unwrap(), 1);
    let stage = common::Copier::default();
    let stop = tokio_util::sync::CancellationToken::new();
    let (worker, copier, token) = (bus.clone(), stage.clone(), stop.clone());
    let running = tokio::spawn(async move { stream::run(copier, &worker, token).await });
    common::until("the stage is behind the damage", async || common::lag(&bus, "copier").await == Some(0))
        .await;
    stop.cancel();
    running.await.unwrap().unwrap();
    assert_eq!(*stage.seen.lock().unwrap(), (0..10).chain(20..30).collect::<Vec<_>>());
    let letters = bus.dead_letters(10).await.unwrap();
    assert_eq!(letters.len(), 1);
    let letter = letters.into_iter().next().unwrap().letter.unwrap();
    assert!(letter.reason.contains("records 10 to 19 of posts partition"), "{}", letter.reason);
    assert!(letter.reason.ends_with("lie in a damaged chunk of the log"), "{}", letter.reason);
    assert_eq!(letter.bytes(), b"\xff\xff\xff\xff\0");
    assert_eq!(letter.back(), None, "what is lost cannot be tried again");
}

#[tokio::test]
async fn what_people_wrote_is_readable_for_the_owner_of_the_log_only() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::log();
    let bus = fixture.open();
    bus.publish(vec![outgoing(&post(1, 1))]).await.unwrap();
    let BusConfig::Log(config) = &fixture.config else { panic!("a log was asked for") };
    for name in ["bus.db", "bus.db-wal"] {
        let mode = std::fs::metadata(config.path.with_file_name(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_log_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus.db");
    std::fs::write(&path, "bukan basis data, hanya catatan harian seorang petugas ".repeat(100)).unwrap();
    let config = BusConfig::Log(LogConfig { path: path.clone(), ..LogConfig::default() });
    let error = Bus::open(&config).err().unwrap().to_string();
    assert!(error.contains(path.to_str().unwrap()) && error.contains("not a database"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_broker_is_named_with_the_cause_and_trying_again_may_help() {
    // Nothing listens on the discard port.
    let config = KafkaConfig {
        brokers: "127.0.0.1:9".to_owned(),
        delivery_timeout_ms: 1500,
        ..KafkaConfig::default()
    };
    let bus = Bus::open(&BusConfig::Kafka(config)).unwrap();
    let error = bus.publish(vec![outgoing(&post(1, 1))]).await.unwrap_err();
    assert!(error.is_retryable());
    let message = error.to_string();
    assert!(message.starts_with("Kafka at 127.0.0.1:9: "), "{message}");
    assert!(message.contains("Connection refused"), "{message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_and_missing_topics_are_told_in_words() {
    let test = "a_wrong_password_and_missing_topics_are_told_in_words";
    if service("KENTONGAN_TEST_KAFKA", test).is_none() {
        return;
    }
    let broker = tokio::task::spawn_blocking(|| Broker::start(false)).await.unwrap();
    let with = |password: &str| {
        let config = KafkaConfig {
            brokers: format!("127.0.0.1:{}", broker.port + 3),
            security: Security::SaslPlaintext,
            username: "kentongan".to_owned(),
            password: Secret::new(password),
            ..broker.config()
        };
        Bus::open(&BusConfig::Kafka(config)).unwrap()
    };
    let right = with("kentongan-secret");
    let error = right.subscribe("reader", &[Topic::Posts]).await.err().unwrap().to_string();
    assert!(error.contains("has no topic t.posts; create it with `kentongan topics`"), "{error}");
    right.create_topics().await.unwrap();
    right.publish(vec![outgoing(&post(1, 1))]).await.unwrap();
    assert_eq!(drain(&right, "reader", Topic::Posts).await.len(), 1);

    let wrong = with("salah-sama-sekali");
    for error in [
        wrong.publish(vec![outgoing(&post(2, 2))]).await.unwrap_err(),
        wrong.subscribe("reader", &[Topic::Posts]).await.err().unwrap(),
    ] {
        let message = error.to_string();
        assert!(error.is_retryable());
        assert!(message.to_lowercase().contains("authentication failed"), "{message}");
        assert!(!message.contains("salah-sama-sekali"), "{message}");
    }
    drop(broker);
}

#[test]
fn a_configuration_that_cannot_be_is_refused_with_field_and_value() {
    let refused = |text: &str| match serde_json::from_str::<BusConfig>(text) {
        Err(error) => error.to_string(),
        Ok(config) => Bus::open(&config).err().unwrap().to_string(),
    };
    for (text, said) in [
        (r#"{"kind":"log","partitions":0}"#, "partitions = 0"),
        (r#"{"kind":"log","partisi":2}"#, "unknown field `partisi`"),
        (r#"{"kind":"surat"}"#, "unknown variant `surat`"),
        (r#"{"kind":"kafka","instance":"a b"}"#, "instance = \"a b\""),
        (r#"{"kind":"kafka","security":"sasl_plaintext"}"#, "username: needed with SASL"),
        (r#"{"kind":"kafka","retention_days":0}"#, "retention_days = 0"),
    ] {
        let message = refused(text);
        assert!(message.contains(said), "{text}: {message}");
    }
}

#[cfg(not(feature = "tls"))]
#[test]
fn a_build_without_tls_says_which_feature_is_missing() {
    for field in [r#""security":"sasl_ssl""#, r#""security":"ssl""#, r#""compression":"zstd""#] {
        let config: BusConfig = serde_json::from_str(&format!("{{\"kind\":\"kafka\",{field}}}")).unwrap();
        let error = Bus::open(&config).err().unwrap();
        assert!(!error.is_retryable());
        assert!(error.to_string().contains("needs a build with the feature `tls`"), "{error}");
        assert_eq!(config.faults().len(), if field.contains("sasl") { 3 } else { 1 });
    }
}

#[cfg(feature = "tls")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_go_over_tls_with_scram_and_zstd() {
    use stream::{Compression, SaslMechanism};
    if service("KENTONGAN_TEST_KAFKA_TLS", "posts_go_over_tls_with_scram_and_zstd").is_none() {
        return;
    }
    let broker = tokio::task::spawn_blocking(|| Broker::start(true)).await.unwrap();
    let config = KafkaConfig {
        brokers: format!("127.0.0.1:{}", broker.port + 2),
        security: Security::SaslSsl,
        sasl_mechanism: SaslMechanism::ScramSha512,
        username: "kentongan".to_owned(),
        password: Secret::new("kentongan-secret"),
        ca_file: Some(broker.folder.path().join("ca.pem")),
        compression: Compression::Zstd,
        ..broker.config()
    };
    let bus = Bus::open(&BusConfig::Kafka(config)).unwrap();
    bus.create_topics().await.unwrap();
    bus.publish((0..100).map(|n| outgoing(&post(n, n))).collect()).await.unwrap();
    assert_eq!(drain(&bus, "reader", Topic::Posts).await.len(), 100);
    drop(broker);
}
