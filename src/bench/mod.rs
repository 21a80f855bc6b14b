//! The benchmarks: how fast judging is on one core, and the whole line from import to stored incident.

pub(crate) mod judge;
pub(crate) mod line;
mod texts;

use std::time::Instant;

use lexicons::Lexicon;
use stream::{Intake, Item, Post};

use texts::Texts;

/// Sentences that stand in a queue, each in a place: the lexicon's own flagged examples.
fn flagged(lexicon: &Lexicon) -> Vec<String> {
    let conflict = lexicon.rules().iter().filter(|rule| rule.category != stream::Category::Kf14);
    conflict
        .flat_map(|rule| &rule.flagged)
        .map(|text| format!("{text} (Kec. Kurun, Kab. Gunung Mas)"))
        .collect()
}

/// `count` made-up posts as JSON lines; every one with a number of its own, so that none is a copy.
fn lines(lexicon: &Lexicon, count: usize) -> Vec<String> {
    let flagged = flagged(lexicon);
    let now = jiff::Timestamp::now();
    Texts::new(1, &flagged)
        .take(count)
        .enumerate()
        .map(|(at, text)| {
            serde_json::json!({"id": format!("b{at}"), "channel": "x", "posted_at": now.to_string(), "text": text})
                .to_string()
        })
        .collect()
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

/// The most memory this process has held, in MiB.
pub(crate) fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
