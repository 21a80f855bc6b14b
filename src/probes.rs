//! What the running process knows of itself: health, readiness, lag, sources, rules.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alerts::db::Db;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use console::{GroupHealth, Probes, RuleNote, SourceHealth, SourceState};
use ingest::source::HealthTable;
use lexicons::{Lang, Lexicon};
use stream::{Bus, metrics};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often bus and database are asked how they are.
const EVERY: Duration = Duration::from_secs(3);

/// What the last look at them said.
struct Seen {
    ready: Result<(), String>,
    groups: Vec<GroupHealth>,
    sources: Vec<ingest::source::SourceHealth>,
}

/// The probes of this process.
#[derive(Clone)]
pub(crate) struct Running {
    seen: Arc<Mutex<Seen>>,
    lexicon: watch::Receiver<Arc<Lexicon>>,
}

/// Looks at `bus`, at the `database` where this process writes to one, and at the sources called `names` again and again
/// until `stop`.
pub(crate) fn watch(
    bus: &Bus,
    database: Option<Db>,
    names: Vec<String>,
    health: &HealthTable,
    lexicon: watch::Receiver<Arc<Lexicon>>,
    stop: &CancellationToken,
) -> Running {
    let first = Seen { ready: Err("starting".to_owned()), groups: Vec::new(), sources: Vec::new() };
    let seen = Arc::new(Mutex::new(first));
    let running = Running { seen: Arc::clone(&seen), lexicon };
    let (bus, health, stop) = (bus.clone(), health.clone(), stop.clone());
    tokio::spawn(async move {
        loop {
            let mut ready = bus.ready().await.map_err(|error| error.to_string());
            if let Some(database) = &database {
                ready = ready.and(database.ping().await.map_err(|error| error.to_string()));
            }
            let lags = bus.lag().await.unwrap_or_default();
            let groups = lags
                .into_iter()
                .map(|lag| GroupHealth {
                    group: lag.group,
                    topic: lag.topic.as_str().to_owned(),
                    lag: lag.lag,
                })
                .collect();
            let sources = sources(&bus, &names, &health).await;
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen { ready, groups, sources };
            tokio::select! { () = tokio::time::sleep(EVERY) => {}, () = stop.cancelled() => return }
        }
    });
    running
}

impl Running {
    fn seen<T>(&self, read: impl FnOnce(&Seen) -> T) -> T {
        read(&self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// As the console asks for them.
    pub(crate) fn console(&self) -> Probes {
        let (ready, groups, sources, rules) = (self.clone(), self.clone(), self.clone(), self.clone());
        Probes {
            healthy: Arc::new(|| Ok(())),
            ready: Arc::new(move || ready.seen(|seen| seen.ready.clone())),
            metrics: Arc::new(metrics::render),
            sources: Arc::new(move |lang| {
                sources.seen(|seen| seen.sources.iter().map(|health| source(health, lang)).collect())
            }),
            groups: Arc::new(move || groups.seen(|seen| seen.groups.clone())),
            rule: Arc::new(move |id, lang| note(&rules.lexicon.borrow(), id, lang)),
        }
    }

    /// Health and metrics of a process without console.
    pub(crate) fn router(&self) -> Router {
        let ready = self.clone();
        Router::new()
            .route("/-/healthy", get(|| async { "ok" }))
            .route(
                "/-/ready",
                get(move || async move {
                    match ready.seen(|seen| seen.ready.clone()) {
                        Ok(()) => (StatusCode::OK, "ready"),
                        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
                    }
                }),
            )
            .route("/metrics", get(|| async { metrics::render() }))
    }
}

/// What a rule, by its id, says of itself; the second reader stands among the rules, and so does what moves a severity,
/// by the code of its step.
pub(crate) fn note(lexicon: &Lexicon, id: &str, lang: Lang) -> Option<RuleNote> {
    if id == classify::second::NAME {
        let text = |key: &str| lang.get(&format!("judge.second_reader.{key}")).to_owned();
        return Some(RuleNote { title: text("title"), why: text("why") });
    }
    if let Some(shown) = lexicon.step_shown(id, lang) {
        return Some(RuleNote { title: shown.to_owned(), why: String::new() });
    }
    let rule = lexicon.rules().iter().find(|rule| rule.id == id)?;
    let (title, why) = (rule.title_in(lang), rule.why_in(lang));
    // A title that is the whole reason is not said twice.
    let more = why.trim_end_matches('.').to_lowercase() != title.trim_end_matches('.').to_lowercase();
    Some(RuleNote { title: title.to_owned(), why: if more { why.to_owned() } else { String::new() } })
}

/// The sources of this process, and what the bus knows of those that another one reads.
async fn sources(bus: &Bus, names: &[String], here: &HealthTable) -> Vec<ingest::source::SourceHealth> {
    let mut sources = here.all();
    for name in names {
        if !sources.iter().any(|known| known.name == *name)
            && let Ok(Some(health)) = ingest::source::SourceHealth::read(bus, name).await
        {
            sources.push(health);
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    sources
}

/// As the console shows it in `lang`.
fn source(health: &ingest::source::SourceHealth, lang: Lang) -> SourceHealth {
    use ingest::source::SourceState as Ingest;
    SourceHealth {
        name: health.name.clone(),
        kind: health.kind.clone(),
        state: match health.state {
            Ingest::New | Ingest::Up => SourceState::Alive,
            Ingest::Failing => SourceState::Failing,
            Ingest::Dead => SourceState::Dead,
            Ingest::Paused => SourceState::Paused,
        },
        posts: health.items,
        last_post: health.item_at,
        error: health.error.as_ref().map(|error| error.get(lang).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_whose_title_is_the_whole_reason_says_it_once() {
        let lexicon = Lexicon::builtin();
        for lang in [Lang::Id, Lang::En] {
            let told = |id: &str| note(&lexicon, id, lang).unwrap();
            for rule in lexicon.rules() {
                let RuleNote { title, why } = told(&rule.id);
                assert_ne!(title.trim_end_matches('.'), why.trim_end_matches('.'), "{}", rule.id);
            }
        }
        assert_eq!(note(&lexicon, "KF-02-ancam-posko", Lang::Id).unwrap().why, "");
    }
}
