//! A made-up desk on a real database, for the tests of pages and the preview: accounts, incidents, requests.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

pub(crate) mod client;
pub(crate) mod made;

use std::path::Path;
use std::sync::Arc;

use alerts::keys::Secret;
use alerts::{Alerts, AlertsConfig, AlertsStage, Desk, DeskContact, DeskRole, Teller};
use archive::Archive;
use console::accounts::Accounts;
use console::{ConsoleState, GroupHealth, Probes, PublicState, RuleNote, SourceHealth, SourceState};
use lexicons::Lang;
use stream::{Clock, Finding, RegionCode};
use tokio_util::sync::CancellationToken;

use client::Client;
use made::day;

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
            password_file: dir.path().join("first-password.txt"),
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
        self.again_with(name, PASSWORD).await
    }

    /// Signs an account with this password in.
    pub(crate) async fn again_with(&self, name: &str, password: &str) -> Client {
        let login = self.state.accounts.login(name, password).await.unwrap();
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
        rule: Arc::new(|id, lang| {
            let [title, why] = match lang {
                Lang::Id => [
                    "Ajakan menyerbu kantor penyelenggara",
                    "Ajakan menyerang kantor penyelenggara pada waktu dekat",
                ],
                Lang::En => {
                    ["Call to storm the organisers' office", "A call to attack the organisers' office soon"]
                }
            };
            (id == "KF-02-serbu-kantor").then(|| RuleNote { title: title.to_owned(), why: why.to_owned() })
        }),
    }
}
