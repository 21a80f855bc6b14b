//! The whole line from outside: a file goes in, incidents stand in the database, the same on both buses and databases.

mod common;

#[path = "common/line/mod.rs"]
mod line;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use line::store::{Incident, Store, postgres};
use line::texts::{CATEGORY, Made, PLACES, calls_to, lines, stream};
use line::{Line, Role, Setup, tell, until};

/// The last moment of the made-up files: the days before the vote of 2024.
fn eve() -> Timestamp {
    "2024-11-25T12:00:00Z".parse().unwrap()
}

/// Which processes an installation runs.
const SERVE: &[Role] = &[Role::Serve];
const THREE: &[Role] = &Role::THREE;

/// The made-up file of most tests: several thousand lines, calls in ten kecamatan, copies among them.
fn file(folder: &Path) -> PathBuf {
    let path = folder.join("rekaan.jsonl");
    std::fs::write(&path, lines(&stream(1, 3000, 10, 6, eve()))).unwrap();
    path
}

/// Imports `files` beside the running `roles`, twice and once more under another name, and gives the incidents.
async fn incidents_of(setup: Setup, roles: &[Role], files: &[PathBuf]) -> Vec<Incident> {
    let line = Line::new(setup);
    line.make_topics();
    let mut running = Vec::new();
    for role in roles {
        running.push(line.run(*role).await);
    }
    for (number, file) in files.iter().enumerate() {
        let said = line.import(file, &format!("sumber{number}"));
        assert!(said.contains(" 0 tidak terbaca"), "{said}");
    }
    line.settled().await;
    let store = Store::open(&line.database()).await;
    let first = store.incidents().await;
    let told = ids(&store).await;
    assert_eq!(line.bus().dead_letters(10).await.unwrap(), [], "nothing is parked");
    assert_eq!(store.empty_incidents().await, 0);

    for (number, file) in files.iter().enumerate() {
        let said = line.import(file, &format!("sumber{number}"));
        assert!(said.contains(": 0 unggahan masuk"), "the file is known: {said}");
        // Under another name every post goes over the bus again.
        let copy = line.path(&format!("salinan{number}.jsonl"));
        std::fs::copy(file, &copy).unwrap();
        line.import(&copy, &format!("sumber{number}"));
    }
    line.settled().await;
    assert_eq!(store.incidents().await, first, "the same posts again change nothing");
    assert_eq!(ids(&store).await, told, "and tell nobody anything");
    for process in running {
        process.stop_well().await;
    }
    first
}

/// The ids of all messages.
async fn ids(store: &Store) -> Vec<String> {
    store.messages().await.into_iter().map(|message| message.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_beside_serve_becomes_the_incidents_it_calls_for_and_the_same_file_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let found = incidents_of(Setup::default(), SERVE, &[file(folder.path())]).await;
    let posts = stream(1, 3000, 10, 6, eve());
    calls_are_there(&found, &posts);
}

/// In each place there is one incident of the calls' category, which holds every call to it; everyday talk is in
/// none. What else the classifier sees in a call may stand beside.
fn calls_are_there(found: &[Incident], posts: &[Made]) {
    for (_, place) in PLACES {
        let is_here =
            |incident: &&Incident| incident.place.as_deref() == Some(place) && incident.category == CATEGORY;
        let here: Vec<&Incident> = found.iter().filter(is_here).collect();
        let [incident] = here[..] else { panic!("{place}: {here:#?}") };
        assert_eq!(incident.queue, "konflik", "{place}");
        assert_eq!(incident.posts.len(), calls_to(posts, place).len(), "{place}");
    }
    let in_incidents: BTreeSet<&String> = found.iter().flat_map(|incident| &incident.posts).collect();
    assert_eq!(in_incidents.len(), posts.iter().filter(|post| post.place.is_some()).count());
}

#[tokio::test(flavor = "multi_thread")]
async fn three_processes_on_kafka_make_the_same_incidents_as_one_on_the_log() {
    let Some(brokers) = common::service("KENTONGAN_TEST_KAFKA", "the line on Kafka") else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = [file(folder.path())];
    let log = incidents_of(Setup::default(), SERVE, &files).await;
    let kafka = incidents_of(Setup::kafka(&brokers), THREE, &files).await;
    assert!(log.len() >= PLACES.len());
    assert_eq!(log, kafka);
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_holds_the_same_incidents_as_sqlite() {
    let Some(url) = common::service("KENTONGAN_TEST_POSTGRES", "the line on PostgreSQL") else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = [file(folder.path())];
    let sqlite = incidents_of(Setup::default(), SERVE, &files).await;
    let one = Setup { database: Some(postgres(&url).await), ..Setup::default() };
    assert_eq!(sqlite, incidents_of(one, SERVE, &files).await);
    if let Some(brokers) = common::service("KENTONGAN_TEST_KAFKA", "the line on Kafka and PostgreSQL") {
        let three = Setup { database: Some(postgres(&url).await), ..Setup::kafka(&brokers) };
        assert_eq!(sqlite, incidents_of(three, THREE, &files).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_everyday_texts_and_the_dev_items_make_the_same_incidents_on_both_buses() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    let files = ["benign/smsa_sentimen.jsonl", "items.dev.jsonl"].map(|name| shared.join(name));
    if !files.iter().all(|file| file.exists()) {
        // Not ours to ship: where they are, they are used.
        tell(&format!("not tried: real texts ({} is not there)", shared.display()));
        return;
    }
    let log = incidents_of(Setup::default(), SERVE, &files).await;
    assert!(log.len() > 20, "{} incidents of the dev items", log.len());
    tell(&format!("real texts: {} incidents", log.len()));
    let Some(brokers) = common::service("KENTONGAN_TEST_KAFKA", "real texts on Kafka") else { return };
    assert_eq!(log, incidents_of(Setup::kafka(&brokers), THREE, &files).await);
}

/// Live posts of two sources in each of the first `places` places, sent over the API.
async fn send_live(line: &Line, role: Role, token: &str, places: usize) {
    let body = lines(&stream(9, 50, places, 2, Timestamp::now()));
    let request = reqwest::Client::new().post(format!("{}/api/v1/posts", line.outer(role)));
    let answer =
        request.bearer_auth(token).header("content-type", "application/x-ndjson").body(body).send().await;
    assert_eq!(answer.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_hold_neither_the_text_of_a_post_nor_who_wrote_it() {
    let line = Line::new(Setup::default());
    let token = line.token(&["pemantau"]);
    let serve = line.run(Role::Serve).await;
    send_live(&line, Role::Serve, &token, 4).await;
    line.settled().await;
    let messages = line.messages();
    assert!(messages.len() >= 8, "offices of four kecamatan and the desk: {messages:#?}");
    for (name, text) in &messages {
        for word in ["parang", "serbu", "Rekaan", "rekaan_"] {
            assert!(!text.contains(word), "{name} holds {word:?}: {text}");
        }
    }
    // Every row of the outbox is one file, and none is left half written.
    let store = Store::open(&line.database()).await;
    assert_eq!(store.messages().await.len(), messages.len());

    // What the program said while it worked names nobody either.
    let log = serve.lines();
    assert!(!log.contains("ekaan") && !log.contains("parang") && !log.contains(&token), "{log}");
    serve.stop_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_with_a_read_token_sees_what_the_analysts_see() {
    let line = Line::new(Setup::default());
    let (send, read) = (line.token(&["pemantau"]), line.token(&["dasbor", "--read"]));
    let serve = line.run(Role::Serve).await;
    send_live(&line, Role::Serve, &send, 3).await;
    line.settled().await;
    let ask = |token: &str| {
        reqwest::Client::new()
            .get(format!("{}/api/v1/incidents", line.inner(Role::Serve)))
            .bearer_auth(token)
            .send()
    };
    let answer: serde_json::Value = ask(&read).await.unwrap().json().await.unwrap();
    let places: BTreeSet<&str> = answer["incidents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["incident"]["place"].as_str().unwrap_or_else(|| panic!("{row}")))
        .collect();
    let expected: BTreeSet<&str> = PLACES[..3].iter().map(|(_, code)| *code).collect();
    assert_eq!(places, expected);
    // A token that may send may not read.
    assert!(!ask(&send).await.unwrap().status().is_success());
    serve.stop_well().await;
}

/// Every `kentongan_…` name in a file, without the suffix that a histogram's series carry.
fn names_in(path: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("kentongan_"))
        .map(|word| word.trim_end_matches("_bucket").to_owned())
        .collect()
}

/// Whether `metrics` has a value of `name`, not only its help.
fn has_value(metrics: &str, name: &str) -> bool {
    let of = |line: &&str| {
        let rest = line.strip_prefix(name).unwrap_or_default();
        rest.starts_with(['{', ' ']) || rest.starts_with("_count")
    };
    metrics.lines().any(|line| of(&line))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_that_rules_and_dashboard_name_has_a_value_in_a_process_that_has_seen_work_and_trouble()
{
    let setup = Setup::default();
    let lexicon = tempfile::tempdir().unwrap();
    let inbox = tempfile::tempdir().unwrap();
    let top = format!("lexicon = \"{}\"\n", lexicon.path().display());
    let source =
        format!("[[sources]]\nkind = \"folder\"\nname = \"kotak\"\npath = \"{}\"\n", inbox.path().display());
    let line = Line::new(Setup { top, channels: source_after(&source), ..setup });
    let token = line.token(&["pemantau"]);
    let serve = line.run(Role::Serve).await;
    send_live(&line, Role::Serve, &token, 2).await;
    let request = reqwest::Client::new().post(format!("{}/api/v1/posts", line.outer(Role::Serve)));
    let refused = request.bearer_auth(&token).json(&serde_json::json!({"id": "x"})).send().await.unwrap();
    assert_eq!(refused.status(), 422);
    std::fs::write(lexicon.path().join("slang.toml"), "ini bukan = = toml\n").unwrap();
    std::fs::write(line.path("roster.csv"), "role,region\n").unwrap();
    line.settled().await;

    let mut names = names_in("deploy/prometheus/kentongan.rules.yml");
    names.extend(names_in("deploy/grafana/kentongan.json"));
    assert!(names.len() > 10, "{names:?}");
    // What only a failing bus or database brings about is shown with its help, and has a value in tests/faults.rs and tests/outages.rs.
    let later = ["kentongan_bus_publish_errors_total", "kentongan_stage_retries_total"];
    for name in later {
        assert!(serve.metrics().await.contains(&format!("# TYPE {name} counter")), "{name}");
    }
    let wanted: Vec<&String> = names.iter().filter(|name| !later.contains(&name.as_str())).collect();
    let mut missing = Vec::new();
    let end = std::time::Instant::now() + line::PATIENCE;
    while missing.is_empty() || std::time::Instant::now() < end {
        let metrics = serve.metrics().await;
        missing = wanted.iter().filter(|name| !has_value(&metrics, name)).collect();
        if missing.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    assert!(missing.is_empty(), "no value: {missing:?}\n{}", serve.metrics().await);
    serve.stop_well().await;
}

/// `[[sources]]` stands among the tables after `[alerts]`.
fn source_after(source: &str) -> String {
    format!("\n{source}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_stopped_in_the_middle_ends_well_and_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let posts = stream(3, 6000, 10, 8, eve());
    let path = folder.path().join("banyak.jsonl");
    std::fs::write(&path, lines(&posts)).unwrap();
    let line = Line::new(Setup::default());
    let serve = line.run(Role::Serve).await;
    line.import(&path, "sumber");
    // The moment the first incident stands there the rest is still on its way.
    let store = Store::open(&line.database()).await;
    until("the first incident is there", async || (!store.incidents().await.is_empty()).then_some(())).await;
    serve.stop_well().await;
    let stopped = store.incidents().await.iter().map(|incident| incident.posts.len()).sum::<usize>();

    let serve = line.run(Role::Serve).await;
    line.settled().await;
    calls_are_there(&store.incidents().await, &posts);
    store.told().await;
    let again: Vec<String> = store
        .messages()
        .await
        .into_iter()
        .filter(|message| message.repeats > 0)
        .map(|message| message.id)
        .collect();
    assert_eq!(again, Vec::<String>::new(), "a stop in order cuts no message");
    tell(&format!("stopped after {stopped} signals"));
    serve.stop_well().await;
}
