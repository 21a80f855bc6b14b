//! A whole alert service in a temporary folder, on SQLite and, where one is given, on PostgreSQL.

#![allow(dead_code, reason = "each test file uses its own part")]

mod databases;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use alerts::*;
use jiff::Timestamp;
use stream::*;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

#[allow(unused_imports, reason = "each test file uses its own part")]
pub(crate) use databases::{databases, left_out};

/// The moment the stories begin: the eve of the vote, 20.00 WIB.
pub(crate) fn eve() -> Timestamp {
    "2024-11-26T13:00:00Z".parse().unwrap()
}

/// The village of most stories: Tiron, Kec. Madiun, Kab. Madiun.
pub(crate) const TIRON: &str = "35.19.08.2011";

pub(crate) struct House {
    pub(crate) alerts: Arc<Alerts>,
    pub(crate) desk: Desk,
    pub(crate) stage: AlertsStage,
    pub(crate) teller: Teller,
    pub(crate) clock: Clock,
    pub(crate) folder: PathBuf,
    pub(crate) stop: CancellationToken,
    pub(crate) url: String,
    keep: Option<TempDir>,
}

/// A house per database, each active and with the example roster.
pub(crate) async fn houses() -> Vec<House> {
    houses_with(|_| {}).await
}

/// The same with settings changed.
pub(crate) async fn houses_with(change: impl Fn(&mut AlertsConfig)) -> Vec<House> {
    let dir = tempfile::tempdir().unwrap();
    let mut houses = Vec::new();
    for url in databases(dir.path()).await {
        houses.push(house(dir.path(), &url, "satu", &change).await);
    }
    houses[0].keep = Some(dir);
    houses
}

/// One house on the database at `url`, active.
pub(crate) async fn house(
    dir: &Path,
    url: &str,
    instance: &str,
    change: impl Fn(&mut AlertsConfig),
) -> House {
    let clock = Clock::manual(eve());
    let folder = dir.join(format!("outbox-{instance}-{:x}", rand::random::<u32>()));
    let mut config = AlertsConfig {
        database: Some(url.to_owned()),
        roster: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/roster.example.csv")),
        public_url: "http://127.0.0.1:1".to_owned(),
        folder: Some(folder.clone()),
        ..AlertsConfig::default()
    };
    change(&mut config);
    let alerts = Alerts::open(&config, dir, instance, clock.clone()).await.expect("the house opens");
    let alerts = Arc::new(alerts);
    let stop = CancellationToken::new();
    alerts.lease.wait(&alerts.db, true, &stop).await.unwrap();
    House {
        desk: Desk::new(Arc::clone(&alerts)),
        stage: AlertsStage::new(Arc::clone(&alerts)),
        teller: Teller::new(Arc::clone(&alerts)),
        alerts,
        clock,
        folder,
        stop,
        url: url.to_owned(),
        keep: None,
    }
}

impl House {
    /// Time passes: clocks fire and messages leave as they would.
    pub(crate) async fn pass(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(minutes * 60));
        self.work().await;
    }

    /// Everything that is due happens.
    pub(crate) async fn work(&self) {
        while self.teller.fire().await.unwrap() + self.teller.deliver().await.unwrap() > 0 {}
    }

    /// The file channel's folders with something in them, in order.
    pub(crate) fn told(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Every message in the folder of `address`, in order of its number.
    pub(crate) fn messages(&self, address: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.folder.join(address)) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort_by_key(|path| (path.to_string_lossy().len(), path.clone()));
        files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    /// The only incident in the analysts' queue.
    pub(crate) async fn only(&self) -> Incident {
        let rows = self.desk.queue(&analyst("ana"), &QueueFilter::default()).await.unwrap();
        assert_eq!(rows.len(), 1, "{rows:#?}");
        rows.into_iter().next().unwrap().incident
    }
}

pub(crate) fn analyst(name: &str) -> Actor {
    Actor { name: name.to_owned(), role: DeskRole::Analis, regions: Vec::new() }
}

pub(crate) fn bawaslu() -> Actor {
    Actor { name: "budi".to_owned(), role: DeskRole::Bawaslu, regions: Vec::new() }
}

pub(crate) fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

/// A post `minutes` after the eve, by an author of its own.
pub(crate) fn post(id: &str, text: &str, minutes: i64) -> Post {
    let at = Timestamp::from_second(eve().as_second() + minutes * 60).unwrap();
    Post {
        id: PostId::of_source("uji", id),
        sender_id: Some(id.to_owned()),
        source: "uji".to_owned(),
        channel: Channel::X,
        posted_at: at,
        seen_at: at,
        text: text.to_owned(),
        author: Some(Author {
            handle: Some(format!("@warga_{id}")),
            name: Some("Nama Rekaan".to_owned()),
            ..Author::default()
        }),
        url: None,
        geo: None,
        context: None,
        source_region: None,
        as_if_live: false,
        notes: Vec::new(),
        raw: Raw::new(format!("{{\"id\":\"{id}\"}}").as_bytes()),
        extra: serde_json::Map::new(),
    }
}

pub(crate) fn signal(category: Category, severity: Severity, place: Option<&str>, at: Timestamp) -> Signal {
    Signal {
        category,
        severity,
        steps: Vec::new(),
        hits: Vec::new(),
        place: Place { code: place.map(code), ..Place::default() },
        subject: None,
        acts: Vec::new(),
        accused: None,
        tags: Vec::new(),
        event_time: at,
        account: None,
    }
}

/// A finding with one signal.
pub(crate) fn finding(post: Post, category: Category, severity: Severity, place: Option<&str>) -> Finding {
    let signal = signal(category, severity, place, post.event_time());
    Finding {
        id: Finding::id_of(&post, "lexicon", "1"),
        post,
        lexicon: "lexicon".to_owned(),
        code: "1".to_owned(),
        signals: vec![signal],
        cleared: Vec::new(),
        calm: None,
        backtest: None,
        extra: serde_json::Map::new(),
    }
}

/// A silat clash in Tiron, as told by post `id`, `minutes` after the eve.
pub(crate) fn clash(id: &str, minutes: i64) -> Finding {
    let text = format!("dua perguruan bentrok di Tiron, laporan {id}");
    finding(post(id, &text, minutes), Category::Kf13, Severity::Waspada, Some(TIRON))
}
