//! What stands in the database, read beside the running processes.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AnyPool, Row};

/// An incident as tests compare it: "the same incidents" of the design.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Incident {
    pub(crate) queue: String,
    pub(crate) category: String,
    pub(crate) place: Option<String>,
    pub(crate) severity: i64,
    pub(crate) posts: Vec<String>,
}

/// A message as tests compare it: to whom, about what, how and why, not under which number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) place: Option<String>,
    pub(crate) category: String,
    pub(crate) office: String,
    pub(crate) channel: String,
    pub(crate) reason: String,
    pub(crate) step: i64,
}

/// A row of the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) repeats: i64,
    pub(crate) told: Told,
}

impl Message {
    /// `file`, `webhook` or `email`.
    pub(crate) fn kind(&self) -> &str {
        self.told.channel.split('/').next().unwrap()
    }
}

/// The database.
pub(crate) struct Store(AnyPool);

impl Store {
    /// Opens it, once somebody has made it.
    pub(crate) async fn open(url: &str) -> Store {
        sqlx::any::install_default_drivers();
        super::until("the database is there", async || AnyPool::connect(url).await.ok().map(Store)).await
    }

    /// Messages that have not left yet; `None` while the database does not say.
    pub(crate) async fn waiting(&self) -> Option<i64> {
        sqlx::query_scalar("SELECT COUNT(*) FROM notifications WHERE state IN ('pending', 'sending')")
            .fetch_one(&self.0)
            .await
            .ok()
    }

    /// Every incident that holds a post, merged ones apart. Two equal ones would be a fault, hence a list.
    pub(crate) async fn incidents(&self) -> Vec<Incident> {
        let rows = sqlx::query(
            "SELECT i.id, i.queue, i.category, i.place, i.proposed, s.post FROM incidents i
             JOIN signals s ON s.incident = i.id WHERE i.merged_into IS NULL ORDER BY i.id, s.post",
        )
        .fetch_all(&self.0)
        .await
        .unwrap();
        let mut found: BTreeMap<i64, Incident> = BTreeMap::new();
        for row in rows {
            let incident = found.entry(row.get("id")).or_insert_with(|| Incident {
                queue: row.get("queue"),
                category: row.get("category"),
                place: row.get("place"),
                severity: row.get("proposed"),
                posts: Vec::new(),
            });
            incident.posts.push(row.get("post"));
        }
        let mut all: Vec<Incident> = found.into_values().collect();
        all.sort();
        all
    }

    /// Incidents without a post: what is left of them when a post moves on has to say where it went.
    pub(crate) async fn empty_incidents(&self) -> i64 {
        sqlx::query_scalar(
            "SELECT COUNT(*) FROM incidents WHERE merged_into IS NULL AND id NOT IN (SELECT incident FROM signals)",
        )
        .fetch_one(&self.0)
        .await
        .unwrap()
    }

    /// The outbox.
    pub(crate) async fn messages(&self) -> Vec<Message> {
        let rows = sqlx::query(
            "SELECT n.id, n.number, n.role, n.region, n.channel, n.reason, n.step, n.state, n.attempts, n.repeats,
             i.place, i.category FROM notifications n JOIN incidents i ON i.id = n.incident ORDER BY n.id",
        )
        .fetch_all(&self.0)
        .await
        .unwrap();
        rows.iter()
            .map(|row| Message {
                id: row.get("id"),
                number: row.get("number"),
                state: row.get("state"),
                attempts: row.get("attempts"),
                repeats: row.get("repeats"),
                told: Told {
                    place: row.get("place"),
                    category: row.get("category"),
                    office: format!("{} {}", row.get::<String, _>("role"), row.get::<String, _>("region")),
                    channel: row.get("channel"),
                    reason: row.get("reason"),
                    step: row.get("step"),
                },
            })
            .collect()
    }

    /// What every message says to whom; the same twice is a fault.
    pub(crate) async fn told(&self) -> BTreeSet<Told> {
        let messages = self.messages().await;
        let told: BTreeSet<Told> = messages.iter().map(|message| message.told.clone()).collect();
        assert_eq!(told.len(), messages.len(), "the same was told twice: {messages:#?}");
        told
    }
}

/// A database of its own in the PostgreSQL at `url`.
pub(crate) async fn postgres(url: &str) -> String {
    use sqlx::{Connection, Executor};
    sqlx::any::install_default_drivers();
    let name = format!("t{:016x}", rand::random::<u64>());
    let mut admin = sqlx::AnyConnection::connect(url).await.expect("PostgreSQL answers");
    admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let (base, query) = url.split_once('?').map_or((url, ""), |(base, query)| (base, query));
    let server = base.rsplit_once('/').map_or(base, |(server, _)| server);
    if query.is_empty() { format!("{server}/{name}") } else { format!("{server}/{name}?{query}") }
}
