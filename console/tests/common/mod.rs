//! A made-up desk on a real database, for the tests of pages and the preview: accounts, incidents, requests.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::path::Path;
use std::sync::Arc;

use alerts::keys::Secret;
use alerts::{Alerts, AlertsConfig, AlertsStage, Desk, DeskContact, DeskRole, Teller};
use archive::Archive;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use console::accounts::Accounts;
use console::{ConsoleState, GroupHealth, Probes, PublicState, RuleNote, SourceHealth, SourceState};
use serde_json::{Value, json};
use stream::{Clock, Finding, Post, RegionCode};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The password of every made-up account.
pub(crate) const PASSWORD: &str = "kata-sandi-rekaan";

/// A desk with its console.
pub(crate) struct World {
    pub(crate) state: ConsoleState,
    pub(crate) public: PublicState,
    pub(crate) alerts: Arc<Alerts>,
    pub(crate) clock: Clock,
    stage: AlertsStage,
    teller: Teller,
    stop: CancellationToken,
    _dir: tempfile::TempDir,
}

const ROSTER: &str = "role,region,holder,stand_in,channel,address
MEJA,,Meja piket,,file,meja
BABINSA,62.10.02.1012,Babinsa Kurun,,file,kurun-babinsa
BHABIN,62.10.02.1012,Bhabin Kurun,,file,kurun-bhabin
KAPOLSEK,62.10.02,Kapolsek Kurun,,file,kurun-kapolsek
DANRAMIL,62.10.02,Danramil Kurun,,file,kurun-danramil
CAMAT,62.10.02,Camat Kurun,,file,kurun-camat
KAPOLRES,62.10,Kapolres Gunung Mas,,file,gumas-kapolres
KESBANGPOL,62.10,Kesbangpol Gunung Mas,,file,gumas-kesbangpol
KESBANGPOL,62,Kesbangpol Kalimantan Tengah,,file,kalteng-kesbangpol
KPU,62.10,KPU Gunung Mas,,file,gumas-kpu
BAWASLU,62.10,Bawaslu Gunung Mas,,file,gumas-bawaslu
PANWASCAM,35.28.06,Panwascam,,file,pamekasan-panwascam
BAWASLU,35.28,Bawaslu Pamekasan,,file,pamekasan-bawaslu
KAPOLRES,35.28,Kapolres Pamekasan,,file,pamekasan-kapolres
";

impl World {
    /// An empty desk whose clock stands still; `simulation` puts the band on every page.
    pub(crate) async fn new(simulation: bool) -> World {
        World::at(Clock::manual("2024-11-26T10:00:00Z".parse().unwrap()), simulation).await
    }

    /// An empty desk with this clock.
    pub(crate) async fn at(clock: Clock, simulation: bool) -> World {
        let dir = tempfile::tempdir().unwrap();
        let roster = dir.path().join("roster.csv");
        std::fs::write(&roster, ROSTER).unwrap();
        let config = AlertsConfig {
            roster: Some(roster),
            public_url: "http://127.0.0.1:1".to_owned(),
            desk: Some(DeskContact { name: None, phone: "0800-123-4567".to_owned() }),
            ..AlertsConfig::default()
        };
        let alerts = Alerts::open(&config, dir.path(), "uji", clock.clone()).await.unwrap();
        let alerts = Arc::new(alerts);
        let stop = CancellationToken::new();
        alerts.lease.wait(&alerts.db, true, &stop).await.unwrap();
        let desk = Desk::new(Arc::clone(&alerts));
        let accounts = Accounts::new(alerts.db.clone(), Secret::new([7; 32]), clock.clone());
        let state = ConsoleState {
            desk: desk.clone(),
            accounts,
            archive: Some(archive(dir.path())),
            clock: clock.clone(),
            probes: probes(&clock),
            simulation,
            secure_cookies: false,
            stop: stop.clone(),
        };
        let public =
            PublicState { desk, healthy: Arc::new(|| Ok(())), ready: Arc::new(|| Ok(())), simulation };
        let (stage, teller) = (AlertsStage::new(Arc::clone(&alerts)), Teller::new(Arc::clone(&alerts)));
        World { state, public, alerts, clock, stage, teller, stop, _dir: dir }
    }

    /// Takes findings in, as the bus would bring them, and lets messages leave.
    pub(crate) async fn take(&self, findings: &[Finding]) {
        self.stage.take(findings).await.unwrap();
        if let Some(archive) = &self.state.archive {
            let (archive, findings) = (archive.clone(), findings.to_vec());
            tokio::task::spawn_blocking(move || archive.add_findings(findings)).await.unwrap().unwrap();
        }
        self.tell().await;
    }

    /// Fires the clocks that are due and lets messages leave.
    pub(crate) async fn tell(&self) {
        while self.teller.fire().await.unwrap() + self.teller.deliver().await.unwrap() > 0 {}
    }

    /// The made-up day: incidents of several kinds, and two of KF-14.
    pub(crate) async fn day(&self) {
        self.take(&day(self.clock.now())).await;
    }

    /// The number of the incident of `category`.
    pub(crate) async fn id_of(&self, category: &str) -> String {
        let row =
            sqlx::query_scalar::<_, i64>("SELECT id FROM incidents WHERE category = $1 ORDER BY id LIMIT 1")
                .bind(category.to_owned())
                .fetch_one(self.alerts.db.pool())
                .await;
        format!("KTG-{}", row.unwrap())
    }

    /// Makes an account and signs it in.
    pub(crate) async fn sign_in(&self, name: &str, role: DeskRole, regions: &[&str]) -> Client {
        let regions: Vec<_> = regions.iter().map(|code| RegionCode::parse(code).unwrap()).collect();
        self.state.accounts.add_user(name, role, &regions, Some(PASSWORD)).await.unwrap();
        self.again(name).await
    }

    /// Signs an account in once more.
    pub(crate) async fn again(&self, name: &str) -> Client {
        let login = self.state.accounts.login(name, PASSWORD).await.unwrap();
        let csrf = self.state.accounts.form_token(&login.token);
        Client {
            app: console::router(self.state.clone()),
            cookie: format!("kentongan={}", login.token),
            csrf,
        }
    }

    /// Somebody who has not signed in.
    pub(crate) fn stranger(&self) -> Client {
        Client { app: console::router(self.state.clone()), cookie: String::new(), csrf: String::new() }
    }

    /// Somebody with a phone at the public listener.
    pub(crate) fn phone(&self) -> Client {
        Client {
            app: console::public_router(self.public.clone()),
            cookie: String::new(),
            csrf: String::new(),
        }
    }

    /// The paths of the answer links sent so far.
    pub(crate) async fn links(&self) -> Vec<String> {
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT id FROM notifications WHERE role <> 'MEJA' ORDER BY id")
                .fetch_all(self.alerts.db.pool())
                .await
                .unwrap();
        ids.iter().map(|id| self.alerts.link(id).replace("http://127.0.0.1:1", "")).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn archive(dir: &Path) -> Archive {
    Archive::open(dir.join("archive")).unwrap()
}

fn probes(clock: &Clock) -> Probes {
    let now = clock.now();
    let source = move |name: &str, kind: &str, state, posts, error: Option<&str>| SourceHealth {
        name: name.to_owned(),
        kind: kind.to_owned(),
        state,
        posts,
        last_post: Some(now),
        error: error.map(str::to_owned),
    };
    Probes {
        healthy: Arc::new(|| Ok(())),
        ready: Arc::new(|| Ok(())),
        metrics: Arc::new(|| "kentongan_up 1\n".to_owned()),
        sources: Arc::new(move |_| {
            vec![
                source("kabar-rekaan", "feed", SourceState::Alive, 1412, None),
                source("warta-rekaan", "feed", SourceState::Failing, 96, Some("503 Service Unavailable")),
                source("pelapor", "field", SourceState::Alive, 31, None),
            ]
        }),
        groups: Arc::new(|| {
            let group =
                |group: &str, topic: &str, lag| GroupHealth { group: group.into(), topic: topic.into(), lag };
            vec![
                group("classify", "posts", 0),
                group("alerts", "findings", 3),
                group("archive", "posts", 120),
            ]
        }),
        rule: Arc::new(|id, _| {
            (id == "KF-02-serbu-kantor").then(|| RuleNote {
                title: "Ajakan menyerbu kantor penyelenggara".to_owned(),
                why: "Ajakan menyerang kantor penyelenggara pada waktu dekat".to_owned(),
            })
        }),
    }
}

/// What a made-up finding is about.
pub(crate) struct Made<'a> {
    pub(crate) category: &'a str,
    pub(crate) severity: &'a str,
    pub(crate) place: Option<&'a str>,
    pub(crate) text: &'a str,
    pub(crate) words: &'a str,
    pub(crate) own_id: &'a str,
    pub(crate) reporter: bool,
}

/// The finding of a made-up post.
pub(crate) fn finding(at: jiff::Timestamp, made: &Made<'_>) -> Finding {
    let start = made.text.find(made.words).unwrap();
    let span = json!({"part": "text", "start": start, "end": start + made.words.len()});
    let post: Post = serde_json::from_value(json!({
        "id": stream::PostId::of_source("kabar-rekaan", made.own_id), "source": "kabar-rekaan",
        "channel": if made.reporter { "lapangan" } else { "x" }, "posted_at": at, "seen_at": at, "text": made.text,
        "author": {"name": format!("Warga Rekaan {}", made.own_id), "handle": format!("@rekaan_{}", made.own_id),
                   "verified_reporter": made.reporter},
        "raw": stream::Raw::new(made.text.as_bytes()),
    }))
    .unwrap();
    let neutral = made.category == "KF-14";
    let place = made.place.map_or(
        json!({"zone": "WIB"}),
        |code| json!({"code": code, "zone": "WIB", "clues": [{"kind": "name", "code": code, "span": span}]}),
    );
    let signal = json!({
        "category": made.category, "severity": made.severity, "event_time": at, "place": place,
        "steps": [{"to": "WASPADA", "why": "default"}, {"to": made.severity, "why": "default", "span": span}],
        "hits": [{"rule": format!("{}-serbu-kantor", made.category), "spans": [span]}],
        "subject": neutral.then(|| json!({"class": "SUB-KADES"})),
        "acts": if neutral { json!([{"act": "MOBILISASI"}]) } else { json!([]) },
    });
    let id = Finding::id_of(&post, "leksikon-uji", "1");
    let value: Value = json!({
        "id": id, "post": post, "lexicon": "leksikon-uji", "code": "1", "signals": [signal],
        "cleared": [{"hit": {"rule": "KF-03-kumpul-massa", "spans": [span]}, "category": "KF-03",
                     "guard": "appeal", "span": span}],
    });
    serde_json::from_value(value).unwrap()
}

/// The findings of the made-up day.
pub(crate) fn day(now: jiff::Timestamp) -> Vec<Finding> {
    let posts = [
        (
            "KF-04",
            "AWAS",
            Some("62.10.02.1012"),
            "Kotak suara di TPS 02 Kurun terbakar, warga berkerumun. Lapor @warga_rekaan 081234567890",
            "terbakar",
            "1",
            true,
        ),
        (
            "KF-02",
            "SIAGA",
            Some("62.10.02"),
            "Besok jam 9 kita serbu kantor KPU di Kurun <script>alert('x')</script>",
            "serbu kantor KPU",
            "2",
            false,
        ),
        (
            "KF-02",
            "SIAGA",
            Some("62.10.02"),
            "Ayo kumpul besok jam 9, serbu kantor KPU Kurun!",
            "serbu kantor KPU",
            "3",
            false,
        ),
        (
            "KF-07",
            "WASPADA",
            Some("35.28.06"),
            "Ada yang bagi amplop 50rb per kepala di dusun, katanya untuk besok pagi.",
            "bagi amplop",
            "4",
            false,
        ),
        (
            "KF-12",
            "WASPADA",
            None,
            "Jalan masuk kebun sudah ditutup portal warga sejak pagi, truk tidak bisa lewat.",
            "ditutup portal",
            "5",
            false,
        ),
        (
            "KF-03",
            "NORMAL",
            Some("35.28.06"),
            "Aksi damai di depan kantor besok pukul 10, sudah ada pemberitahuan.",
            "Aksi damai",
            "6",
            false,
        ),
        (
            "KF-14",
            "WASPADA",
            Some("35.28.06"),
            "Kades Rekaan kumpulkan ketua RT di balai desa, arahkan pilih nomor sekian.",
            "arahkan pilih",
            "7",
            false,
        ),
        (
            "KF-14",
            "NORMAL",
            Some("62.10.02"),
            "Oknum pegawai pasang stiker paslon di mobil dinas, terlihat di Kurun.",
            "pasang stiker",
            "8",
            false,
        ),
    ];
    posts
        .into_iter()
        .enumerate()
        .map(|(n, (category, severity, place, text, words, own_id, reporter))| {
            let at = now - jiff::SignedDuration::from_mins(8 - n as i64);
            finding(at, &Made { category, severity, place, text, words, own_id, reporter })
        })
        .collect()
}

/// Somebody who makes requests.
#[derive(Clone)]
pub(crate) struct Client {
    app: Router,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

/// An answer.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Got {
    /// A header as text; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    /// Asks for a page.
    pub(crate) async fn get(&self, path: &str) -> Got {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// Sends a form with the session's token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        self.raw_post(path, &all).await
    }

    /// Sends a form as it is.
    pub(crate) async fn raw_post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let pairs: Vec<String> =
            fields.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        let kind = [(header::CONTENT_TYPE, "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, &kind, Body::from(pairs.join("&"))).await
    }

    /// Asks for a page with a bearer token.
    pub(crate) async fn get_as(&self, path: &str, token: &str) -> Got {
        self.send(Method::GET, path, &[(header::AUTHORIZATION, &format!("Bearer {token}"))], Body::empty())
            .await
    }

    /// Makes a request and reads the whole answer; of an endless stream only its head.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(header::HeaderName, &str)],
        body: Body,
    ) -> Got {
        let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, &self.cookie);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let response = self.app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let endless = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if endless { Default::default() } else { to_bytes(body, 1 << 20).await.unwrap() };
        let body = String::from_utf8(bytes.to_vec()).unwrap();
        Got { status: parts.status, headers: parts.headers, body }
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
