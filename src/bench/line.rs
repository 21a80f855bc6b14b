//! `bench line`: posts per second from a file to stored incidents, and what each step costs.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use ingest::import::{Import, import};
use lexicons::Lexicon;
use serde::Serialize;
use stream::{BusConfig, Clock, Intake, KafkaConfig};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::system::{Roles, System};

/// The whole line on one bus.
#[derive(Serialize)]
pub(crate) struct LineRates {
    /// Until classify and alerts have read and committed everything.
    pub(crate) posts_per_s: f64,
    /// Until the archive has, too.
    pub(crate) archive_posts_per_s: f64,
    /// Until the last post was on the bus.
    pub(crate) import_posts_per_s: f64,
    /// Incidents that stand in the database then.
    pub(crate) incidents: i64,
}

/// One step alone, on one core.
#[derive(Serialize)]
pub(crate) struct Steps {
    /// JSON line to post.
    pub(crate) parse_per_s: f64,
    /// Post to finding.
    pub(crate) judge_per_s: f64,
    /// Post to the bytes on the wire.
    pub(crate) encode_per_s: f64,
}

/// How often the bus is asked for the groups' lag; on Kafka the question itself costs the broker work.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Measures the line on the bus that `config` names, with everything else in a temporary folder.
pub(crate) async fn run(count: usize, kafka: Option<&str>) -> anyhow::Result<LineRates> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("posts.jsonl");
    write(&file, count)?;
    let stop = CancellationToken::new();
    let system =
        System::open(config(folder.path(), kafka)?, Roles::ALL, Clock::System, false, stop.clone()).await?;
    let (bus, desk) = (system.bus.clone(), system.desk().context("alerts run")?);
    bus.create_topics().await?;
    let line = tokio::spawn(system.run());
    let job = Import::new(&file, Intake::new("bench", Clock::System.now()));
    let start = Instant::now();
    import(&job, &bus, &Clock::System, &stop, &mut |_| {}).await?;
    let imported = start.elapsed();
    let mut decided = None;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let lag = match bus.behind().await {
            Ok(lag) => lag,
            // A broker that shares its two cores with the line may be too busy to tell.
            Err(error) if error.is_retryable() => continue,
            Err(error) => return Err(error.into()),
        };
        let empty = |names: &[&str]| {
            names.iter().all(|name| lag.iter().any(|group| group.group == *name))
                && lag
                    .iter()
                    .filter(|group| names.contains(&group.group.as_str()))
                    .all(|group| group.lag == 0)
        };
        if decided.is_none() && empty(&["classify", "alerts"]) {
            decided = Some(start.elapsed());
        }
        if decided.is_some() && empty(&["archive"]) {
            break;
        }
        if line.is_finished() {
            line.await??;
            anyhow::bail!("the line ended early");
        }
    }
    let archived = start.elapsed();
    let actor =
        alerts::Actor { name: "bench".to_owned(), role: alerts::DeskRole::Admin, regions: Vec::new() };
    let incidents = desk.count(&actor, &alerts::QueueFilter { closed: true, ..Default::default() }).await?;
    stop.cancel();
    line.await??;
    let per_s = |span: Duration| count as f64 / span.as_secs_f64();
    Ok(LineRates {
        posts_per_s: per_s(decided.unwrap_or(archived)),
        archive_posts_per_s: per_s(archived),
        import_posts_per_s: per_s(imported),
        incidents,
    })
}

/// What each step costs by itself.
pub(crate) fn steps(count: usize) -> anyhow::Result<Steps> {
    let lexicon = Lexicon::builtin();
    let lines = super::lines(&lexicon, count);
    let mut posts = Vec::new();
    let mut failed = Ok(());
    let parse_per_s = super::rate(count, || match super::posts(&lines) {
        Ok(made) => posts = made,
        Err(error) => failed = Err(error),
    });
    failed?;
    let judge_per_s = super::rate(count, || {
        posts.iter().for_each(|post| drop(std::hint::black_box(classify::judge(&lexicon, post))));
    });
    let encode_per_s = super::rate(count, || {
        posts.iter().for_each(|post| drop(std::hint::black_box(stream::Outgoing::record(post))));
    });
    Ok(Steps { parse_per_s, judge_per_s, encode_per_s })
}

fn write(path: &Path, count: usize) -> anyhow::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for line in super::lines(&Lexicon::builtin(), count) {
        writeln!(file, "{line}")?;
    }
    Ok(file.flush()?)
}

fn config(data: &Path, kafka: Option<&str>) -> anyhow::Result<Config> {
    let mut config = Config::load(None, Some(data)).map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    config.listen.set_port(0);
    config.public_listen.set_port(0);
    if let Some(brokers) = kafka {
        config.bus = BusConfig::Kafka(KafkaConfig {
            brokers: brokers.to_owned(),
            // Topics of its own: what another run left is none of its posts.
            prefix: format!("bench-{:08x}.", rand::random::<u32>()),
            ..KafkaConfig::default()
        });
    }
    Ok(config)
}
