//! One edge for every way in: what it refuses lies in the dead letters, with a reason that its reader can act on.

mod common;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use common::Desk;
use ingest::http::{ApiConfig, Gate, GateDown, IngestState, ReporterGrant, TokenGrant, router};
use ingest::import::{Import, import};
use ingest::letter_reason;
use ingest::source::{HealthTable, SourceContext, run};
use jiff::{SignedDuration, Timestamp};
use lexicons::Lang;
use serde_json::json;
use stream::{Clock, DeadLetter, Intake};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Lets every token in.
struct Open;

#[async_trait::async_trait]
impl Gate for Open {
    async fn token(&self, token: &str) -> Result<Option<TokenGrant>, GateDown> {
        let source = format!("api-{token}");
        Ok(Some(TokenGrant { name: token.to_owned(), trusted: false, source, source_region: None }))
    }

    async fn reporter(&self, _: &str) -> Result<Option<ReporterGrant>, GateDown> {
        Ok(None)
    }
}

/// Runs sources until `wanted` dead letters lie there.
async fn until_parked(desk: &Desk, sources: serde_json::Value, wanted: usize) -> Vec<DeadLetter> {
    let sources = serde_json::from_value::<Vec<_>>(sources).unwrap();
    let stop = CancellationToken::new();
    let context = SourceContext {
        bus: desk.bus.clone(),
        clock: Clock::System,
        max_lag: u64::MAX,
        ingest: "satu".to_owned(),
        health: HealthTable::default(),
    };
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { run(&sources, context, stop).await }
    });
    for _ in 0..400 {
        if desk.letters().await.len() >= wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    stop.cancel();
    running.await.unwrap();
    desk.letters().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_dated_a_year_ahead_is_taken_by_no_source_and_each_tells_field_and_value() {
    let desk = Desk::new();
    let ahead = Timestamp::now() + SignedDuration::from_hours(24 * 366);
    let item =
        json!({"id": "1", "channel": "x", "posted_at": ahead.to_string(), "text": "kabar"}).to_string();

    let file = desk.dir.path().join("kabar.jsonl");
    std::fs::write(&file, &item).unwrap();
    let job = Import::new(file, Intake::new("impor", Timestamp::UNIX_EPOCH));
    let stop = CancellationToken::new();
    let summary = import(&job, &desk.bus, &Clock::System, &stop, &mut |_| ()).await.unwrap();
    assert_eq!((summary.accepted, summary.parked), (0, 1));

    let app = router(IngestState {
        bus: desk.bus.clone(),
        gate: Arc::new(Open),
        clock: Clock::System,
        max_lag: u64::MAX,
        api: ApiConfig::default(),
        nonce: Arc::new(|| "0".repeat(32)),
    });
    let request = Request::post("/api/v1/posts")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, "Bearer kunci")
        .body(Body::from(item.clone()));
    let answer = app.oneshot(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let feed = json!({"version": "https://jsonfeed.org/version/1.1", "title": "J",
        "items": [{"id": "1", "content_text": "kabar", "date_published": ahead.to_string()}]})
    .to_string();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let site = Router::new().route("/", get(move || async move { feed }));
    tokio::spawn(async move { axum::serve(listener, site).await });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kabar.jsonl"), &item).unwrap();
    let sources = json!([
        {"kind": "feed", "name": "media", "url": url},
        {"kind": "folder", "name": "masuk", "path": folder.path()},
    ]);

    let letters = until_parked(&desk, sources, 4).await;
    let mut readers: Vec<&str> = letters.iter().map(|letter| letter.reader.as_str()).collect();
    readers.sort_unstable();
    assert_eq!(readers, ["api-kunci", "impor", "masuk", "media"]);
    let day = &ahead.to_string()[..10];
    for letter in &letters {
        for lang in [Lang::Id, Lang::En] {
            let told = letter_reason(lang, letter);
            assert!(told.contains("posted_at") && told.contains(day) && !told.contains('{'), "{told}");
        }
    }
    assert!(desk.posts().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_folder_lacks_is_named_by_its_own_keys_and_not_by_options() {
    let desk = Desk::new();
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"id\":\"1\",\"channel\":\"x\",\"posted_at\":\"2024-11-26 07:00\",\"text\":\"halo\"}\n\
                 {\"id\":\"2\",\"posted_at\":\"2024-11-26T07:00:00Z\",\"text\":\"halo\"}\n";
    std::fs::write(folder.path().join("kabar.jsonl"), lines).unwrap();
    let sources = json!([{"kind": "folder", "name": "masuk", "path": folder.path()}]);
    let letters = until_parked(&desk, sources, 2).await;
    for (letter, key) in letters.iter().zip(["zone = \"WIB\"", "channel = \"facebook\""]) {
        for lang in [Lang::Id, Lang::En] {
            let told = letter_reason(lang, letter);
            assert!(told.contains(key) && told.contains("[[sources]]") && !told.contains("--"), "{told}");
        }
    }
}
