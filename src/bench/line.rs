//! `bench line`: posts per second from a file to stored incidents, and what each step costs.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use ingest::import::{Import, import};
use lexicons::Lexicon;
use serde::Serialize;
use stream::{Bus, BusConfig, Clock, GroupLag, Intake, KafkaConfig};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Waiting;
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
    /// The most memory the process held meanwhile, in MiB: the whole line and the import, in one process.
    pub(crate) peak_mib: Option<f64>,
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

/// Posts that go through before anything is measured: every group has joined then, and a broker runs warm.
const WARM_UP: usize = 20_000;

/// Measures a running line on the embedded bus, or on Kafka at `kafka`, with all its data in a temporary folder.
pub(crate) async fn run(count: usize, kafka: Option<&str>, waiting: &Waiting) -> anyhow::Result<LineRates> {
    waiting.at("prepare", count);
    let folder = tempfile::tempdir()?;
    let (warm, file) = (folder.path().join("warm.jsonl"), folder.path().join("posts.jsonl"));
    write(&warm, 'w', WARM_UP)?;
    write(&file, 'b', count)?;
    super::reset_peak()?;
    let stop = CancellationToken::new();
    let system = System::open(
        config(folder.path(), kafka)?,
        Roles::ALL,
        Clock::System,
        false,
        lexicons::Lang::En,
        stop.clone(),
    )
    .await?;
    let (bus, desk) = (system.bus.clone(), system.desk().context("alerts run")?);
    bus.create_topics().await?;
    let line = tokio::spawn(system.run());
    waiting.at("warm", WARM_UP);
    take_in(&warm, &bus, &stop).await?;
    worked_off(&bus, &["classify", "alerts", "archive"], &line).await?;
    waiting.at("import", count);
    let start = Instant::now();
    take_in(&file, &bus, &stop).await?;
    let imported = start.elapsed();
    waiting.at("work_off", count);
    worked_off(&bus, &["classify", "alerts"], &line).await?;
    let decided = start.elapsed();
    worked_off(&bus, &["archive"], &line).await?;
    let archived = start.elapsed();
    let peak_mib = super::peak_mib();
    let actor =
        alerts::Actor { name: "bench".to_owned(), role: alerts::DeskRole::Admin, regions: Vec::new() };
    let incidents = desk.count(&actor, &alerts::QueueFilter { closed: true, ..Default::default() }).await?;
    stop.cancel();
    line.await??;
    let per_s = |span: Duration| count as f64 / span.as_secs_f64();
    Ok(LineRates {
        posts_per_s: per_s(decided),
        archive_posts_per_s: per_s(archived),
        import_posts_per_s: per_s(imported),
        incidents,
        peak_mib,
    })
}

async fn take_in(file: &Path, bus: &Bus, stop: &CancellationToken) -> anyhow::Result<()> {
    let job = Import::new(file, Intake::new("bench", Clock::System.now()));
    import(&job, bus, &Clock::System, stop, &mut |_| {}).await?;
    Ok(())
}

/// Waits until these groups have committed everything.
async fn worked_off(bus: &Bus, groups: &[&str], line: &JoinHandle<anyhow::Result<()>>) -> anyhow::Result<()> {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        anyhow::ensure!(!line.is_finished(), "the line ended early");
        let lag = match bus.behind().await {
            Ok(lag) => lag,
            // A broker that shares its two cores with the line may be too busy to tell.
            Err(error) if error.is_retryable() => continue,
            Err(error) => return Err(error.into()),
        };
        let known = groups.iter().all(|name| lag.iter().any(|group| group.group == *name));
        let empty = |group: &GroupLag| group.lag == 0 || !groups.contains(&group.group.as_str());
        if known && lag.iter().all(empty) {
            return Ok(());
        }
    }
}

/// What each step costs by itself.
pub(crate) fn steps(count: usize, waiting: &Waiting) -> anyhow::Result<Steps> {
    waiting.at("steps", count);
    let lexicon = Lexicon::builtin();
    let lines: Vec<String> = super::lines(&super::flagged(&lexicon), 'b', count).collect();
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

fn write(path: &Path, series: char, count: usize) -> anyhow::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for line in super::lines(&super::flagged(&Lexicon::builtin()), series, count) {
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
