//! Faults from outside: each gets one clear message, nothing good is lost, and the line goes on when the fault is gone.

mod common;

#[path = "common/line/mod.rs"]
mod line;

use std::path::Path;
use std::process::{Output, Stdio};

use jiff::Timestamp;
use line::texts::{PLACES, stream};
use line::{Line, Role, Setup, kentongan, said};
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Runs the command in `folder`; `--lang en`, so that what is said can be compared here.
fn run(folder: &Path, words: &[&str]) -> Output {
    let mut command = kentongan();
    command.args(["--lang", "en"]).args(words).current_dir(folder).stdin(Stdio::null());
    command.output().unwrap()
}

/// The command must end with exit code 1 and say all of `parts`, and no more than `most` lines on standard error.
fn refused(folder: &Path, words: &[&str], parts: &[&str], most: usize) {
    let out = run(folder, words);
    let told = said(&out);
    assert_eq!(out.status.code(), Some(1), "{words:?}: {told}");
    for part in parts {
        assert!(told.contains(part), "{words:?} does not say {part:?}: {told}");
    }
    let lines = String::from_utf8_lossy(&out.stderr).lines().count();
    assert!(lines <= most, "{words:?} says more than {most} lines: {told}");
}

#[test]
fn a_wrong_configuration_is_refused_with_file_line_key_and_value() {
    let folder = folder(&[
        ("type.toml", "data = \"d\"\nmax_lag = \"banyak\"\n"),
        ("key.toml", "data = \"d\"\nlissten = \"127.0.0.1:1\"\n"),
        ("bus.toml", "data = \"d\"\n[bus]\nkind = \"log\"\npartitions = 0\nmax_bytes = 5\n"),
        ("days.toml", "data = \"d\"\narchive_days = 90\n\n[bus]\nkind = \"log\"\nretention_days = 2\n"),
        (
            "secret.toml",
            "data = \"d\"\nlisten = \"127.0.0.1:0\"\npublic_listen = \"127.0.0.1:0\"\n[alerts.webhook]\nsecret_file = \"/tidak/ada\"\n",
        ),
    ]);
    let serve =
        |file, parts: &[&str], most| refused(folder.path(), &["serve", "--config", file], parts, most);
    serve("type.toml", &["type.toml:2: max_lag: ", "\"banyak\""], 1);
    serve("key.toml", &["key.toml:2: ", "lissten"], 1);
    serve("bus.toml", &["bus.toml:4: bus.partitions = 0", "bus.toml:5: bus.max_bytes = 5"], 3);
    serve("days.toml", &["days.toml:2: archive_days = 90", "days.toml:6: bus.retention_days = 2"], 2);
    serve("secret.toml", &["/tidak/ada"], 1);
    serve("none.toml", &["none.toml: "], 1);
}

const ROSTER: &str = "role,region,holder,stand_in,channel,address\nKAPOLSEK,62.10.02,,,file,a\nKAPOLSEKK,62.10.02,,,file,a\n\
                      KAPOLSEK,99.10.02,,,file,b\nDANRAMIL,62.10.02,,,merpati,c\nCAMAT,62.10.02,,,email,bukan surel\n";

#[test]
fn a_wrong_roster_is_refused_with_every_fault_at_once() {
    let config = "data = \"d\"\nlisten = \"127.0.0.1:0\"\npublic_listen = \"127.0.0.1:0\"\n[alerts]\nroster = \"roster.csv\"\n";
    let folder = folder(&[
        ("roster.csv", ROSTER),
        ("kentongan.toml", config),
        ("none.toml", "[alerts]\nroster = \"x.csv\"\n"),
    ]);
    let parts = [
        "roster.csv:3: role: ",
        "KAPOLSEKK",
        "roster.csv:4: region: ",
        "99.10.02",
        "roster.csv:5: channel: ",
        "merpati",
        "roster.csv:6: address: ",
    ];
    refused(folder.path(), &["serve", "--config", "kentongan.toml"], &parts, 4);
    refused(folder.path(), &["check", "--roster", "roster.csv"], &parts, 8);
    refused(folder.path(), &["serve", "--config", "none.toml"], &["none.toml:2: alerts.roster", "x.csv"], 1);
}

#[test]
fn a_wrong_lexicon_is_refused_with_file_line_and_what_stands_there() {
    let rule = "[[rule]]\nid = \"KF-02-uji\"\nkategori = \"KF-02\"\n";
    let folder = folder(&[
        ("lex/slang.toml", "ini bukan = = toml\n"),
        ("lex/rules/kf-99.toml", rule),
        (
            "kentongan.toml",
            "data = \"d\"\nlisten = \"127.0.0.1:0\"\npublic_listen = \"127.0.0.1:0\"\nlexicon = \"lex\"\n",
        ),
    ]);
    let parts = ["slang.toml:1:", "rules/kf-99.toml:3:", "kategori"];
    // Every key that the rule lacks is told at once.
    refused(folder.path(), &["check", "--lexicon", "lex"], &parts, 14);
    refused(folder.path(), &["serve", "--config", "kentongan.toml"], &parts, 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lines_of_a_file_are_named_and_parked_and_the_good_ones_around_them_kept() {
    let post = |id: &str, rest: &str| format!("{{\"id\":\"{id}\",\"channel\":\"x\",{rest}}}\n");
    let jsonl = [
        post("1", "\"posted_at\":\"2024-11-21T09:00:00+07:00\",\"text\":\"selamat pagi\""),
        "{\"id\":\"2\",\"text\":\"putus\n".to_owned(),
        post("3", "\"posted_at\":\"kemarin\",\"text\":\"selamat siang\""),
        post("4", "\"posted_at\":\"2024-11-21T09:00:00\",\"text\":\"tanpa zona\""),
        post("5", "\"posted_at\":\"2024-11-21T09:00:00+07:00\",\"text\":\"selamat malam\""),
    ]
    .concat();
    let csv = "id,Isi,Waktu,kanal\n1,selamat pagi,2024-11-21T09:00:00+07:00,x\n2,kurang\n3,\"siang, pak\",kemarin,x\n\
               4,baik,2024-11-21T09:00:00+07:00,x\n";
    let line = Line::new(Setup::default());
    std::fs::write(line.path("a.jsonl"), jsonl).unwrap();
    std::fs::write(line.path("b.csv"), csv).unwrap();
    let at = line.path("");
    let serve = line.run(Role::Serve).await;
    let import = |words: &[&str], parts: &[&str]| {
        refused(&at, &[&["import", "--config", "serve.toml", "--as-if-live"], words].concat(), parts, 5);
    };
    import(
        &["a.jsonl"],
        &["a.jsonl:2: ", "a.jsonl:3: ", "posted_at", "kemarin", "a.jsonl:4: ", "2024-11-21T09:00:00"],
    );
    let map = "text=Isi,posted_at=Waktu,channel=kanal";
    import(&["b.csv", "--map", map], &["b.csv:3: ", "2", "4", "b.csv:4: ", "Waktu", "kemarin"]);
    import(&["b.csv"], &["b.csv", "line 1", "text", "Isi"]);
    import(&["b.csv", "--map", "text=Tulisan"], &["b.csv", "line 1", "'Tulisan'"]);
    import(&["tidak-ada.jsonl"], &["tidak-ada.jsonl: "]);
    line.settled().await;

    let letters = line.bus().dead_letters(20).await.unwrap();
    let reasons: Vec<String> = letters.into_iter().map(|stored| stored.letter.unwrap().reason).collect();
    assert_eq!(reasons.len(), 5, "{reasons:#?}");
    let listed = line.done(&["dead-letters", "list"]);
    for place in ["a.jsonl, baris 2: ", "a.jsonl, baris 3: ", "a.jsonl, baris 4: ", "b.csv, baris 3: "] {
        assert!(listed.contains(place), "{place} in {listed}");
    }
    assert_eq!(records(&line, "posts").await, 4, "what was good is on the bus");
    serve.stop_well().await;
}

/// How many records lie in a topic.
async fn records(line: &Line, topic: &str) -> u64 {
    let topics = line.bus().topics().await.unwrap();
    topics.iter().find(|info| info.topic.as_str() == topic).unwrap().records
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_refuses_a_wrong_token_an_oversized_item_and_what_is_no_post_and_takes_the_rest() {
    let line = Line::new(Setup::default());
    let token = line.token(&["pemantau"]);
    let serve = line.run(Role::Serve).await;
    let url = format!("{}/api/v1/posts", line.outer(Role::Serve));
    let post = |token: &str, kind: &str, body: String| {
        reqwest::Client::new().post(&url).bearer_auth(token).header("content-type", kind).body(body).send()
    };
    let item = |id: &str, text: &str| json!({"id": id, "channel": "x", "posted_at": Timestamp::now().to_string(), "text": text});
    let good = item("1", "selamat pagi").to_string();
    let problem = async |answer: reqwest::Response, status: u16| -> Value {
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        answer.json().await.unwrap()
    };

    for wrong in ["salah", &format!("{token}x"), ""] {
        let told = problem(post(wrong, "application/json", good.clone()).await.unwrap(), 401).await;
        assert!(!told.to_string().contains(&token), "{told}");
    }
    problem(post(&token, "text/plain", good.clone()).await.unwrap(), 415).await;
    let huge = format!("[{}]", vec![item("x", &"a".repeat(60_000)).to_string(); 150].join(","));
    problem(post(&token, "application/json", huge).await.unwrap(), 413).await;
    // Text is at most 64 KiB, an item 256 KiB.
    let long = problem(
        post(&token, "application/json", item("2", &"a".repeat(66_000)).to_string()).await.unwrap(),
        422,
    )
    .await;
    assert_eq!(long["items"][0]["field"], "text", "{long}");
    let mut wide = item("3", "selamat pagi");
    wide["lain"] = Value::String("b".repeat(270_000));
    problem(post(&token, "application/json", wide.to_string()).await.unwrap(), 422).await;
    let told = problem(post(&token, "application/json", "{\"id\":".to_owned()).await.unwrap(), 422).await;
    assert!(told["detail"].as_str().unwrap().contains("JSON"), "{told}");

    // Among good ones only the bad one is refused, by its number, field and value.
    let mixed = format!(
        "{good}\n{}\n{}\n",
        json!({"id": "4", "channel": "koran", "posted_at": "2024-11-21T09:00:00Z", "text": "x"}),
        item("5", "selamat sore")
    );
    let answer = post(&token, "application/x-ndjson", mixed).await.unwrap();
    assert_eq!(answer.status(), 200);
    let told: Value = answer.json().await.unwrap();
    assert_eq!((&told["accepted"], &told["rejected"]), (&json!(2), &json!(1)), "{told}");
    assert_eq!(
        (&told["items"][1]["field"], &told["items"][1]["value"]),
        (&json!("channel"), &json!("'koran'")),
        "{told}"
    );
    line.settled().await;
    assert_eq!(records(&line, "posts").await, 2);
    serve.stop_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_bus_answers_503_is_not_ready_and_goes_on_by_itself_when_its_limit_allows() {
    // What classify has read may go, and what it has not may not: with classify away the log fills up.
    let bus = "kind = \"log\"\nmax_bytes = 3000000\nretention_bytes = 1000000\n".to_owned();
    let line = Line::new(Setup { bus, ..Setup::default() });
    let token = line.token(&["pemantau"]);
    let mut ingest = line.run(Role::Ingest).await;
    // Readers that have been here once are waited for.
    for role in [Role::Classify, Role::Alerts] {
        line.run(role).await.stop_well().await;
    }
    let (mut sent, mut full) = (0, None);
    // First in large requests, then in small ones for what space they leave.
    for (everyday, seed) in [(300, 1000), (1, 2000)] {
        for round in 0..500 {
            let posts = stream(seed + round, everyday, PLACES.len(), 2, Timestamp::now());
            let answer = line.send(Role::Ingest, &token, &posts).await;
            if answer.status() == 503 {
                full = Some(answer);
                break;
            }
            assert_eq!(answer.status(), 200);
            sent += posts.len();
        }
    }
    let full = full.expect("the log is full at last");
    assert!(ingest.number("kentongan_bus_publish_errors_total").await > 0.0);
    assert!(full.headers()[RETRY_AFTER].to_str().unwrap().parse::<u32>().unwrap() > 0);
    line::until("ingest is not ready", async || (ingest.is_ready().await == Some(false)).then_some(())).await;

    let classify = line.run_unready(Role::Classify).await;
    let alerts = line.run_unready(Role::Alerts).await;
    line.settled().await;
    line::until("ingest is ready again", async || (ingest.is_ready().await == Some(true)).then_some(()))
        .await;
    line::until("posts are taken again", async || {
        let posts = stream(9999, 10, 1, 2, Timestamp::now());
        (line.send(Role::Ingest, &token, &posts).await.status() == 200).then_some(())
    })
    .await;
    line.settled().await;
    assert!(ingest.is_alive());
    let classified = classify.number("kentongan_posts_classified_total").await;
    assert_eq!(classified, (sent + 12) as f64, "everything that was accepted was judged");
    for process in [ingest, classify, alerts] {
        process.stop_well().await;
    }
}
