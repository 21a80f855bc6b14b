//! Sources that are read by themselves, against a local server and a real folder.

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use common::Desk;
use ingest::source::{HealthTable, SourceConfig, SourceContext, SourceHealth, SourceState, run};
use jiff::Timestamp;
use lexicons::Lang;
use serde_json::json;
use stream::Clock;
use tokio_util::sync::CancellationToken;

/// What the server answers next, and what it was asked.
#[derive(Default)]
struct Server {
    status: u16,
    body: String,
    asked: Vec<(Option<String>, u16)>,
}

type Shared = Arc<Mutex<Server>>;

async fn serve(server: Shared) -> String {
    let answer = move |headers: HeaderMap| {
        let server = Arc::clone(&server);
        async move {
            let mut server = server.lock().unwrap();
            let condition = headers.get(header::IF_NONE_MATCH).map(|etag| etag.to_str().unwrap().to_owned());
            let etag = format!("\"{}\"", server.body.len());
            let unchanged = server.status == 200 && condition.as_ref() == Some(&etag);
            let status = if unchanged { 304 } else { server.status };
            server.asked.push((condition, status));
            let body = if unchanged { String::new() } else { server.body.clone() };
            let response: Response =
                (StatusCode::from_u16(status).unwrap(), [(header::ETAG, etag)], body).into_response();
            response
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/umpan", get(answer));
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/umpan")
}

fn rss(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(id, text)| {
            format!(
                "<item><guid>{id}</guid><link>/berita/{id}</link><title>Kabar {id}</title>\
                 <description><![CDATA[<p>{text}</p>]]></description>\
                 <pubDate>Tue, 26 Nov 2024 21:00:00 +0700</pubDate></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Media Contoh</title>{items}</channel></rss>"
    )
}

struct Running {
    health: HealthTable,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

/// Runs the sources with a clock that is 1000 times as fast, so that pauses of minutes pass.
fn start(desk: &Desk, sources: serde_json::Value) -> Running {
    let sources: Vec<SourceConfig> = serde_json::from_value(sources).unwrap();
    let health = HealthTable::default();
    let stop = CancellationToken::new();
    let context = SourceContext {
        bus: desk.bus.clone(),
        clock: Clock::Fast {
            origin: Timestamp::now(),
            start: Timestamp::now(),
            factor: 1000,
            span: Duration::from_secs(3600),
        },
        max_lag: u64::MAX,
        ingest: "satu".to_owned(),
        health: health.clone(),
    };
    let task = tokio::spawn({
        let stop = stop.clone();
        async move { run(&sources, context, stop).await }
    });
    Running { health, stop, task }
}

impl Running {
    async fn until(&self, what: impl Fn(&SourceHealth) -> bool) -> SourceHealth {
        let mut last = None;
        for _ in 0..1200 {
            last = self.health.all().into_iter().next();
            if let Some(health) = last.clone().filter(&what) {
                return health;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never so: {last:?}");
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_gives_each_entry_once_and_an_edited_one_again() {
    let desk = Desk::new();
    let server = Shared::default();
    *server.lock().unwrap() =
        Server { status: 200, body: rss(&[("1", "Ramai &amp; tertib"), ("2", "Aman")]), asked: vec![] };
    let url = serve(Arc::clone(&server)).await;
    let config = json!([{"kind": "feed", "name": "media", "url": url, "every_s": 60, "region": "62.10"}]);
    let running = start(&desk, config.clone());
    running.until(|health| health.items == 2).await;
    let posts = desk.posts().await;
    let one = posts.iter().find(|post| post.sender_id.as_deref() == Some("1")).unwrap();
    assert_eq!(one.text, "Kabar 1\n\nRamai & tertib");
    assert_eq!(one.channel, stream::Channel::Berita);
    assert_eq!(one.posted_at.to_string(), "2024-11-26T14:00:00Z");
    assert!(one.url.as_ref().unwrap().ends_with("/berita/1"), "{:?}", one.url);
    assert_eq!(one.source_region.as_ref().unwrap().as_str(), "62.10");
    // Unchanged: asked with its tag, answered 304.
    while !server.lock().unwrap().asked.iter().any(|(_, status)| *status == 304) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    running.stop().await;

    // Another process goes on from what the bus remembers.
    server.lock().unwrap().body = rss(&[("1", "Ramai &amp; tertib"), ("2", "Aman, ralat"), ("3", "Baru")]);
    let first = server.lock().unwrap().asked.len();
    let running = start(&desk, config);
    running.until(|health| health.items == 2).await;
    assert!(server.lock().unwrap().asked[first].0.is_some(), "asked with the tag of the process before");
    let posts = desk.posts().await;
    assert_eq!(posts.len(), 4);
    let two: Vec<_> = posts.iter().filter(|post| post.sender_id.as_deref() == Some("2")).collect();
    assert_eq!(two[0].id, two[1].id);
    running.stop().await;
    let told = SourceHealth::read(&desk.bus, "media").await.unwrap().unwrap();
    assert_eq!(told.state, SourceState::Up);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_fails_is_shown_as_failing_then_dead_and_lives_again() {
    let desk = Desk::new();
    let server = Shared::default();
    server.lock().unwrap().status = 500;
    let url = serve(Arc::clone(&server)).await;
    let running = start(&desk, json!([{"kind": "feed", "name": "media", "url": url, "every_s": 1}]));
    let failing = running.until(|health| health.state == SourceState::Failing).await;
    assert!(failing.error.unwrap().get(Lang::Id).contains("peladen sedang bermasalah (500)"));
    {
        let mut server = server.lock().unwrap();
        (server.status, server.body) = (200, "<html><body>Sedang dirawat</body></html>".to_owned());
    }
    let dead = running.until(|health| health.state == SourceState::Dead).await;
    assert!(dead.error.unwrap().get(Lang::Id).contains("bukan umpan"));
    server.lock().unwrap().body = rss(&[("1", "Kembali")]);
    let up = running.until(|health| health.state == SourceState::Up).await;
    assert_eq!((up.items, up.failures), (1, 0));
    server.lock().unwrap().status = 410;
    let gone = running.until(|health| health.state == SourceState::Dead).await;
    assert!(gone.failures == 1 && gone.error.unwrap().get(Lang::En).contains("410"));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn atom_and_json_feeds_are_read_too_and_broken_xml_is_no_crash() {
    let desk = Desk::new();
    let server = Shared::default();
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>A</title><entry><id>a1</id><title>Judul</title>\
        <updated>2024-11-26T14:00:00Z</updated><content type=\"html\">&lt;p&gt;Isi &lt;b&gt;atom&lt;/b&gt;&lt;/p&gt;</content></entry></feed>";
    *server.lock().unwrap() = Server { status: 200, body: atom[..120].to_owned(), asked: vec![] };
    let url = serve(Arc::clone(&server)).await;
    let running = start(&desk, json!([{"kind": "feed", "name": "media", "url": url, "every_s": 20}]));
    running.until(|health| health.state == SourceState::Failing).await;
    server.lock().unwrap().body = atom.to_owned();
    running.until(|health| health.items == 1).await;
    server.lock().unwrap().body = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": "J",
        "items": [{"id": "j1", "url": "https://contoh.id/j1", "content_text": "Isi json"}],
    })
    .to_string();
    running.until(|health| health.items == 2).await;
    assert_eq!(desk.texts().await, ["Isi json", "Judul\n\nIsi atom"]);
    let undated = desk.posts().await.into_iter().find(|post| post.text == "Isi json").unwrap();
    assert_eq!(undated.extra["posted_at_assumed"], true);
    running.stop().await;
}

fn line(id: u32) -> String {
    format!(r#"{{"id":"{id}","channel":"x","posted_at":"2024-11-26T21:00:00Z","text":"kabar {id}"}}"#) + "\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_appear_in_a_folder_are_imported_once() {
    let desk = Desk::new();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("a.jsonl"), line(1) + "rusak\n" + &line(2)).unwrap();
    std::fs::write(path(".sembunyi.jsonl"), line(90)).unwrap();
    std::fs::write(path("catatan.txt"), "bukan untuk kami").unwrap();
    let config = json!([{"kind": "folder", "name": "masuk", "path": folder.path(), "every_s": 20}]);
    let running = start(&desk, config.clone());
    running.until(|health| health.items == 2).await;
    std::fs::write(path("b.csv"), "text,posted_at,channel\nisi tabel,2024-11-26T21:00:00Z,x\n").unwrap();
    std::fs::write(path("c.csv"), "kolom,lain\n1,2\n").unwrap();
    let refused = running.until(|health| health.error.is_some()).await;
    let told = refused.error.as_ref().unwrap().get(Lang::Id);
    assert!(told.contains("c.csv, baris 1: Tidak ada kolom"), "{told}");
    assert!(told.contains("map = \"text=KOLOM\"") && !told.contains("--map"), "{told}");
    std::fs::remove_file(path("c.csv")).unwrap();
    running.until(|health| health.state == SourceState::Up).await;
    std::fs::write(path("a.jsonl"), line(1) + "rusak\n" + &line(2) + &line(3)).unwrap();
    running.until(|health| health.items == 4).await;
    running.stop().await;
    let running = start(&desk, config);
    running.until(|health| health.state == SourceState::Up).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.stop().await;
    assert_eq!(desk.texts().await, ["isi tabel", "kabar 1", "kabar 2", "kabar 3"]);
    assert_eq!(desk.reasons().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_read_is_moved_where_the_configuration_says() {
    let desk = Desk::new();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let config = json!([
        {"kind": "folder", "name": "masuk", "path": folder.path(), "every_s": 20, "done": "selesai"},
        {"kind": "folder", "name": "lain", "path": folder.path(), "ingest": "dua"},
    ]);
    let running = start(&desk, config);
    for (number, id) in [(1, 1), (2, 2)] {
        std::fs::write(path("a.jsonl"), line(id)).unwrap();
        running.until(|health| health.items == number).await;
        while path("a.jsonl").exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    assert!(path("selesai/a.jsonl").exists() && path("selesai/2-a.jsonl").exists());
    assert_eq!(running.health.all().len(), 1, "the other belongs to another process");
    running.stop().await;
    let sources: std::collections::HashSet<String> =
        desk.posts().await.into_iter().map(|post| post.source).collect();
    assert_eq!(sources.into_iter().collect::<Vec<_>>(), ["masuk"]);
}
