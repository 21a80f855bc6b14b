//! The benchmarks: how fast judging is on one core, and the whole line from import to stored incident.

pub(crate) mod ablation;
pub(crate) mod judge;
pub(crate) mod line;
mod peer;
mod texts;
mod words;

use std::time::Instant;

use lexicons::Lexicon;
use stream::{Intake, Item, Post};

use texts::Texts;
pub(crate) use words::{Waiting, result};

/// Sentences that stand in a queue, each in a place: the lexicon's own flagged examples.
fn flagged(lexicon: &Lexicon) -> Vec<String> {
    let conflict = lexicon.rules().iter().filter(|rule| rule.category != stream::Category::Kf14);
    conflict
        .flat_map(|rule| &rule.flagged)
        .map(|text| format!("{text} (Kec. Kurun, Kab. Gunung Mas)"))
        .collect()
}

/// `count` made-up posts as JSON lines; every one with a number of its own behind `series`, so that none is a copy.
fn lines(flagged: &[String], series: char, count: usize) -> impl Iterator<Item = String> {
    let now = jiff::Timestamp::now().to_string();
    Texts::new(1, flagged).take(count).enumerate().map(move |(at, text)| {
        serde_json::json!({"id": format!("{series}{at}"), "channel": "x", "posted_at": now, "text": text})
            .to_string()
    })
}

fn posts(lines: &[String]) -> anyhow::Result<Vec<Post>> {
    let intake = Intake::judging();
    lines.iter().map(|line| Ok(Item::parse(line.as_bytes())?.into_post(&intake)?)).collect()
}

/// How many a second `work` gets through; `count` things in one call.
fn rate(count: usize, work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    count as f64 / start.elapsed().as_secs_f64()
}

/// Forgets what [`peak_mib`] would say, so that it tells of what comes.
fn reset_peak() -> std::io::Result<()> {
    std::fs::write("/proc/self/clear_refs", "5")
}

/// The most memory this process has held since [`reset_peak`], in MiB.
fn peak_mib() -> Option<f64> {
    status_mib("VmHWM:")
}

/// The memory that this process holds, in MiB.
fn held_mib() -> Option<f64> {
    status_mib("VmRSS:")
}

fn status_mib(field: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
