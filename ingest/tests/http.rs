//! What programs and reporters send: who is let in, what is answered, and that an answer is a promise.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use common::{Desk, at};
use ingest::http::{ApiConfig, Gate, GateDown, IngestState, ReporterGrant, TokenGrant, router};
use serde_json::{Value, json};
use stream::{Bus, Clock};
use tower::ServiceExt;

struct Accounts;

#[async_trait::async_trait]
impl Gate for Accounts {
    async fn token(&self, token: &str) -> Result<Option<TokenGrant>, GateDown> {
        match token {
            "kunci" | "tepercaya" => Ok(Some(TokenGrant {
                name: token.to_owned(),
                trusted: token == "tepercaya",
                source: format!("api-{token}"),
                source_region: Some("62.10".parse().unwrap()),
            })),
            "putus" => Err(GateDown("database".to_owned())),
            _ => Ok(None),
        }
    }

    async fn reporter(&self, link: &str) -> Result<Option<ReporterGrant>, GateDown> {
        Ok((link == "tautan").then(|| ReporterGrant {
            id: "r7".to_owned(),
            title: "PKD Kurun".to_owned(),
            region: Some("62.10.02".parse().unwrap()),
        }))
    }
}

fn app(bus: &Bus) -> Router {
    limited(bus, &Clock::manual(at("2024-11-27T00:00:00Z")), ApiConfig::default())
}

fn limited(bus: &Bus, clock: &Clock, api: ApiConfig) -> Router {
    let next = AtomicU32::new(0);
    router(IngestState {
        bus: bus.clone(),
        gate: Arc::new(Accounts),
        clock: clock.clone(),
        max_lag: u64::MAX,
        api,
        nonce: Arc::new(move || format!("{:032x}", next.fetch_add(1, Ordering::Relaxed))),
    })
}

async fn post(
    app: &Router,
    token: &str,
    kind: &str,
    body: impl Into<Body>,
) -> (StatusCode, header::HeaderMap, Value) {
    post_in(app, "", token, kind, body).await
}

/// The same of a program that asks for a language.
async fn post_in(
    app: &Router,
    language: &str,
    token: &str,
    kind: &str,
    body: impl Into<Body>,
) -> (StatusCode, header::HeaderMap, Value) {
    let mut request = Request::post("/api/v1/posts").header(header::CONTENT_TYPE, kind);
    if !language.is_empty() {
        request = request.header(header::ACCEPT_LANGUAGE, language);
    }
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let response = app.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
    (status, headers, serde_json::from_slice(&bytes).unwrap())
}

fn item(id: &str) -> Value {
    json!({"id": id, "channel": "x", "posted_at": "2024-11-26T21:00:00Z", "text": format!("kabar {id}"),
           "author": {"name": "Warga", "verified_reporter": true}})
}

#[tokio::test(flavor = "multi_thread")]
async fn one_item_an_array_and_lines_are_taken_and_sending_again_is_the_same_post() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let (status, _, answer) =
        post(&app, "kunci", "application/json; charset=utf-8", item("1").to_string()).await;
    assert_eq!((status, &answer["accepted"]), (StatusCode::OK, &json!(1)));
    let id = answer["items"][0]["post"].as_str().unwrap().to_owned();
    let both = json!([item("1"), item("2"), item("1")]).to_string();
    let (_, _, answer) = post(&app, "kunci", "application/json", both).await;
    assert_eq!(answer["items"][0], json!({"index": 0, "status": "duplicate", "id": "1", "post": id}));
    assert_eq!(answer["items"][1]["status"], "accepted");
    assert_eq!(answer["items"][2]["status"], "duplicate");
    assert_eq!((&answer["accepted"], &answer["duplicate"]), (&json!(1), &json!(2)));
    let lines = format!("{}\n\n{}\n", item("3"), item("4"));
    let (_, _, answer) = post(&app, "tepercaya", "application/x-ndjson", lines).await;
    assert_eq!(answer["accepted"], 2);
    let posts = desk.posts().await;
    let ids: std::collections::HashSet<_> = posts.iter().map(|post| post.id.clone()).collect();
    assert_eq!((ids.len(), posts.len()), (4, 4), "what is a duplicate is not on the bus twice");
    for post in &posts {
        assert_eq!(post.verified_reporter(), post.source == "api-tepercaya");
        assert_eq!(post.source_region.as_ref().unwrap().as_str(), "62.10");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_text_and_the_post_of_another_source_are_no_duplicates() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let mut corrected = item("1");
    corrected["text"] = json!("ralat");
    for (token, body, accepted, duplicate) in [
        ("kunci", item("1"), 1, 0),
        ("kunci", item("1"), 0, 1),
        ("kunci", corrected, 1, 0),
        ("tepercaya", item("1"), 1, 0),
    ] {
        let (status, _, answer) = post(&app, token, "application/json", body.to_string()).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!((&answer["accepted"], &answer["duplicate"]), (&json!(accepted), &json!(duplicate)));
    }
    assert_eq!(desk.posts().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_item_lies_in_the_dead_letters_once_and_its_misspelt_field_is_told() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let body =
        json!({"id": "1", "chanel": "x", "posted_at": "2024-11-26T21:00:00Z", "text": "halo"}).to_string();
    for _ in 0..3 {
        let (status, _, answer) = post(&app, "kunci", "application/json", body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            (&answer["items"][0]["field"], &answer["items"][0]["near"]),
            (&json!("channel"), &json!("chanel"))
        );
        assert!(answer["detail"].as_str().unwrap().contains("'chanel': maksudnya 'channel'?"), "{answer}");
    }
    let letters = desk.letters().await;
    assert_eq!(letters.len(), 1);
    assert!(ingest::letter_reason(lexicons::Lang::Id, &letters[0]).contains("maksudnya 'channel'?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_comes_too_often_is_told_when_to_come_again_and_others_are_served() {
    let desk = Desk::new();
    let clock = Clock::manual(at("2024-11-27T00:00:00Z"));
    let app = limited(&desk.bus, &clock, ApiConfig { requests_per_s: 1, burst: 2 });
    let send = async |token, id: &str| {
        let (status, headers, answer) = post(&app, token, "application/json", item(id).to_string()).await;
        (status.as_u16(), headers, answer)
    };
    assert_eq!((send("kunci", "1").await.0, send("kunci", "2").await.0), (200, 200));
    let (status, headers, answer) = send("kunci", "3").await;
    assert_eq!(status, 429);
    assert_eq!(headers[header::RETRY_AFTER], "1");
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(answer["type"], "urn:kentongan:problem:rate_limited");
    assert_eq!(send("salah", "3").await.0, 401, "who is not known has no bucket");
    assert_eq!(send("tepercaya", "3").await.0, 200);
    clock.advance(std::time::Duration::from_secs(1));
    assert_eq!((send("kunci", "3").await.0, send("kunci", "4").await.0), (200, 429));
    assert_eq!(desk.posts().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_item_is_answered_and_parked_and_the_good_ones_are_taken() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let mut wrong = item("2");
    wrong["channel"] = json!("friendster");
    let body = json!([item("1"), wrong, 7, item("3")]).to_string();
    let (status, _, answer) = post(&app, "kunci", "application/json", body).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(2), &json!(2)));
    let ids = [0, 1, 2, 3].map(|at| &answer["items"][at]["id"]);
    assert_eq!(ids, [&json!("1"), &json!("2"), &Value::Null, &json!("3")], "of a refused one too");
    assert_eq!(answer["items"][1]["field"], "channel");
    assert_eq!(answer["items"][1]["value"], "'friendster'");
    assert_eq!(answer["items"][2]["code"], "not_an_object");
    assert_eq!(desk.texts().await, ["kabar 1", "kabar 3"]);
    assert!(desk.reasons().await[0].contains("item 2 of a request: field channel"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_refused_with_a_problem_that_says_why() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let one = item("1").to_string();
    let huge = format!("[{}]", vec!["1"; 5_000_000].join(","));
    let many = format!("[{}]", vec!["1"; 10_001].join(","));
    for (token, kind, body, status, problem) in [
        ("", "application/json", one.clone(), 401, "unauthorized"),
        ("salah", "application/json", one.clone(), 401, "unauthorized"),
        ("putus", "application/json", one.clone(), 503, "accounts_unavailable"),
        ("kunci", "text/plain", one.clone(), 415, "unsupported_media_type"),
        ("kunci", "application/json; charset=latin1", one.clone(), 415, "unsupported_media_type"),
        ("kunci", "application/json", huge, 413, "too_large"),
        ("kunci", "application/json", many, 413, "too_many"),
        ("kunci", "application/json", "[{]".to_owned(), 422, "not_json"),
        ("kunci", "application/json", " ".to_owned(), 422, "unprocessable"),
        ("kunci", "application/json", "{}".to_owned(), 422, "unprocessable"),
    ] {
        let (got, headers, answer) = post(&app, token, kind, body).await;
        assert_eq!(got.as_u16(), status, "{answer}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(answer["type"], format!("urn:kentongan:problem:{problem}"));
        assert_eq!(answer["status"], status);
        assert_eq!(headers.contains_key(header::RETRY_AFTER), status == 503);
    }
    assert!(desk.posts().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_bus_is_answered_with_come_again_and_room_lets_the_same_request_in() {
    let dir = tempfile::tempdir().unwrap();
    let full = common::open(dir.path(), 1 << 20);
    // A reader that has not read: nothing may be deleted to make room.
    drop(full.subscribe("reader", &[stream::Topic::Posts]).await.unwrap());
    let noise: String = (0..4_000_u32).map(|n| stream::short_hash(&[&n.to_string()])).collect();
    let mut item = item("1");
    item["text"] = json!(&noise[..60_000]);
    let mut refused = None;
    for round in 0..60 {
        item["id"] = json!(round);
        let (status, headers, answer) =
            post(&app(&full), "kunci", "application/json", item.to_string()).await;
        if status != StatusCode::OK {
            refused = Some((status, headers, answer));
            break;
        }
    }
    let (status, headers, answer) = refused.expect("a megabyte is full at last");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(headers[header::RETRY_AFTER], "30");
    assert_eq!(answer["type"], "urn:kentongan:problem:full");
    drop(full);
    let roomy = common::open(dir.path(), 1 << 30);
    let (status, ..) = post(&app(&roomy), "kunci", "application/json", item.to_string()).await;
    assert_eq!(status, StatusCode::OK);
}

async fn page(app: &Router, request: Request<Body>) -> (StatusCode, header::HeaderMap, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, headers, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn send(app: &Router, fields: &[(&str, &str)]) -> (StatusCode, header::HeaderMap, String) {
    let request =
        Request::post("/lapangan/tautan").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    page(app, request.body(Body::from(serde_urlencoded::to_string(fields).unwrap())).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporters_note_comes_in_once_however_often_it_is_sent() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let (status, headers, form) =
        page(&app, Request::get("/lapangan/tautan").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(form.len() < 14_000, "{} bytes", form.len());
    assert!(!form.contains("<script") && form.contains("PKD Kurun") && form.contains("Catatan lapangan"));
    for example in ["Tampang Tumbang Anjir, Kurun", "-1."] {
        assert!(form.contains(&format!("misalnya: {example}")), "of the reporter's own area: {form}");
    }
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"));
    let nonce = form.split("name=\"nonce\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [
        ("nonce", nonce.as_str()),
        ("teks", "Massa mulai datang <b>ramai</b>"),
        ("tempat", "Kec. Kurun"),
        ("terlihat", "massa"),
        ("terlihat", "api"),
        ("posisi", "-1.08, 113.87"),
    ];
    for _ in 0..2 {
        let (status, headers, _) = send(&app, &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let target = headers[header::LOCATION].to_str().unwrap().to_owned();
        let (_, _, thanks) = page(&app, Request::get(&target).body(Body::empty()).unwrap()).await;
        assert!(thanks.contains("Catatan diterima"));
        assert!(thanks.contains("Tempat yang dipahami: <strong>Kec. Kurun, Kab. Gunung Mas"), "{thanks}");
    }
    let posts = desk.posts().await;
    assert!(posts.iter().all(|post| post.id == posts[0].id && post.text_hash() == posts[0].text_hash()));
    let note = &posts[0];
    assert_eq!(note.channel, stream::Channel::Lapangan);
    assert!(note.verified_reporter());
    assert!(note.text.starts_with("Massa mulai datang <b>ramai</b>\nTempat: Kec. Kurun, "), "{}", note.text);
    let own = "Massa mulai datang <b>ramai</b>".len();
    assert_eq!(note.extra["written"], own, "where the reporter's own words end");
    assert!(note.text.ends_with("Terlihat: massa berkumpul; kebakaran atau pembakaran."));
    assert_eq!(note.source_region.as_ref().unwrap().as_str(), "62.10.02");
    assert_eq!(note.extra["reporter_region"], "62.10.02", "where the reporter is registered, wherever he is");
    assert_eq!(note.geo.map(|geo| geo.lon), Some(113.87));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_note_from_the_same_form_is_one_of_its_own() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let nonce = "1".repeat(32);
    let mut numbers = Vec::new();
    let first = ("massa di balai", "-1.08, 113.87");
    for (text, position) in
        [first, ("massa bakar ban", "-1.08, 113.87"), first, ("massa di balai", "-1.09, 113.87")]
    {
        let fields = [("nonce", nonce.as_str()), ("teks", text), ("posisi", position)];
        let (status, headers, _) = send(&app, &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        numbers.push(headers[header::LOCATION].to_str().unwrap().to_owned());
    }
    assert_eq!(numbers[0], numbers[2], "the very same note is the same report");
    assert!(numbers[0] != numbers[1] && numbers[0] != numbers[3] && numbers[1] != numbers[3]);
    let posts = desk.posts().await;
    let ids: std::collections::BTreeSet<_> = posts.iter().map(|post| post.id.as_str()).collect();
    assert_eq!(ids.len(), 3, "nothing accepted is overwritten");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_place_is_asked_back_with_all_that_was_written() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let nonce = "0".repeat(32);
    let mut fields = vec![("nonce", nonce.as_str()), ("teks", "Ada \"ribut\""), ("tempat", "Negeri Dongeng")];
    let (status, _, asked) = send(&app, &fields).await;
    assert_eq!(status, StatusCode::OK);
    assert!(asked.contains("Tempat itu tidak ditemukan") && asked.contains("Ada &#34;ribut&#34;"), "{asked}");
    assert!(asked.contains(&nonce), "the same form, so that it stays one report");
    assert!(desk.posts().await.is_empty());
    fields.push(("pilihan", "-"));
    assert_eq!(send(&app, &fields).await.0, StatusCode::SEE_OTHER);
    assert_eq!(desk.texts().await, ["Ada \"ribut\"\nTempat: Negeri Dongeng."]);

    let common = [("nonce", nonce.as_str()), ("teks", "ribut"), ("tempat", "Sukamaju, Jawa Barat")];
    let (_, _, asked) = send(&app, &common).await;
    assert!(asked.matches("type=\"radio\"").count() > 2, "{asked}");
    assert!(asked.len() < 14_000, "{} bytes", asked.len());
    assert!(asked.contains(" tempat lain yang cocok: saya tambahkan"), "how many more there are: {asked}");
    // Whoever says so and writes more of it is understood.
    let more = [common[0], common[1], ("tempat", "Sukamaju, Jonggol"), ("pilihan", "")];
    assert_eq!(send(&app, &more).await.0, StatusCode::SEE_OTHER);
    assert!(desk.texts().await.iter().any(|text| text.contains("Tempat: Desa Sukamaju, Kec. Jonggol")));

    let (status, _, empty) = send(&app, &[("nonce", nonce.as_str())]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.contains("Tuliskan apa yang terjadi"));
    let unknown = Request::get("/lapangan/lain?lang=en").body(Body::empty()).unwrap();
    let (status, _, page) = page(&app, unknown).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("Link not valid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_in_indonesian_and_in_english_to_who_asks_for_it() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let timeless = r#"{"id":"1","channel":"x","posted_at":"2024-11-26 07:00","text":"halo"}"#;
    for (token, body, status, indonesian, english) in [
        ("", "{}", 401, "Perlu token API yang sah", "A valid API token is needed"),
        ("kunci", "[", 422, "Larik ini bukan JSON", "The array is not JSON"),
        ("kunci", "[]", 422, "tidak memuat butir", "holds no item"),
        ("kunci", timeless, 422, "tidak menyebut zona; pengirim perlu", "names no zone; the sender has to"),
    ] {
        for (language, said) in
            [("", indonesian), ("id-ID,id;q=0.9,en;q=0.8", indonesian), ("en-US", english)]
        {
            let (got, _, answer) = post_in(&app, language, token, "application/json", body).await;
            assert_eq!(got.as_u16(), status);
            assert!(answer["detail"].as_str().unwrap().contains(said), "{language}: {answer}");
            assert_eq!(answer["type"].as_str().unwrap().split(':').nth(1), Some("kentongan"));
            assert!(!answer["title"].as_str().unwrap().contains("ingest."), "{answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_of_the_api_advises_the_sender_and_no_option_of_a_command() {
    let desk = Desk::new();
    let app = app(&desk.bus);
    let timeless = r#"{"id":"1","channel":"x","posted_at":"2024-11-26 07:00","text":"halo"}"#;
    let (_, _, answer) = post(&app, "kunci", "application/json", timeless).await;
    assert!(!answer.to_string().contains("--tz"), "{answer}");
    let letters = desk.letters().await;
    for lang in [lexicons::Lang::Id, lexicons::Lang::En] {
        let told = ingest::letter_reason(lang, &letters[0]);
        assert!(!told.contains("--tz") && told.contains("+07:00"), "{told}");
    }
}
