//! `kentongan bench`: prints what the benchmarks measured, for people or as one line of JSON.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexicons::Lang;
use serde_json::{Map, Value, json};

use crate::bench::{Waiting, ablation, judge, line, result};
use crate::cli::BenchWhat;
use crate::logs;

pub(crate) fn run(what: BenchWhat, lang: Lang) -> anyhow::Result<ExitCode> {
    logs::start(false, "error");
    let waiting = Waiting::new(lang);
    let (results, as_json) = match what {
        BenchWhat::Judge { posts, texts, peer, json } => {
            waiting.at("judge", posts.get());
            (serde_json::to_value(judge::run(posts.get(), texts.as_deref(), &peer)?)?, json)
        }
        BenchWhat::Line { posts, kafka, json } => (line(posts.get(), kafka.as_deref(), &waiting)?, json),
        BenchWhat::Ablation { files, lexicon, json } => {
            drop(waiting);
            return ablate(&files, lexicon.as_deref(), json, lang);
        }
    };
    drop(waiting);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if as_json {
        println!("{results}");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{}", lang.fill("cli.bench.machine", &[("cores", &cores.to_string())]));
    if let Value::Object(results) = results {
        for (name, value) in results {
            println!("{}", result(&name, &value, lang));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(posts: usize, kafka: Option<&str>, waiting: &Waiting) -> anyhow::Result<Value> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut results = Map::new();
    for (bus, brokers) in [("log", None), ("kafka", kafka)] {
        if bus == "kafka" && brokers.is_none() {
            continue;
        }
        let rates = runtime.block_on(line::run(posts, brokers, waiting))?;
        results.insert(format!("{bus}_posts_per_s"), json!(rates.posts_per_s));
        results.insert(format!("{bus}_archive_posts_per_s"), json!(rates.archive_posts_per_s));
        results.insert(format!("{bus}_import_posts_per_s"), json!(rates.import_posts_per_s));
        results.insert(format!("{bus}_incidents"), json!(rates.incidents));
        results.insert(format!("{bus}_peak_mib"), json!(rates.peak_mib));
    }
    let steps = line::steps(posts.min(100_000), waiting)?;
    results.insert("steps_parse_per_s".to_owned(), json!(steps.parse_per_s));
    results.insert("steps_judge_per_s".to_owned(), json!(steps.judge_per_s));
    results.insert("steps_encode_per_s".to_owned(), json!(steps.encode_per_s));
    Ok(Value::Object(results))
}

/// What each part of the judgement is worth on labelled texts.
fn ablate(files: &[PathBuf], dir: Option<&Path>, as_json: bool, lang: Lang) -> anyhow::Result<ExitCode> {
    let lexicon = super::lexicon(dir, lang)?;
    let texts = super::train::labelled(files, lang)?;
    let ablation = ablation::run(dir, &lexicon, &texts, ablation::parts(&lexicon))?;
    if as_json {
        println!("{}", serde_json::to_string(&ablation)?);
        return Ok(ExitCode::SUCCESS);
    }
    let row = |part: &str, of: &ablation::Outcome, removed: &str, made: &str| {
        println!(
            "{part:<28} {:>6}/{:<6} {:>6}/{:<6} {:>6.3} {removed:>8} {made:>8}",
            of.found, of.queued, of.alarms, of.clean, of.f1
        );
    };
    println!("{}", lang.get("cli.bench.ablation_head"));
    row(lang.get("cli.bench.ablation_whole"), &ablation.whole, "", "");
    for without in &ablation.without {
        let (removed, made) = (format!("{:+}", without.alarms_removed), format!("{:+}", without.hits_made));
        row(&without.part, &without.outcome, &removed, &made);
    }
    println!("{}", lang.fill("cli.bench.ablation_untested", &[("rules", &ablation.untested.join(", "))]));
    Ok(ExitCode::SUCCESS)
}
