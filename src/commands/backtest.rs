//! `kentongan backtest`: what a changed lexicon would have raised and dropped over the posts that are stored.
//!
//! Three readings of the topic at most, each of the same stretch: which record of a post is its last, what both
//! lexicons say of it, and with `--apply` once more what the new one says of those that changed. Kept in memory
//! are counts and samples, some 40 bytes for each post and 8 for each changed one.

mod apply;
mod compare;
mod judge;
mod page;
mod records;
mod report;
mod window;

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use jiff::Timestamp;
use lexicons::{Lang, Lexicon};
use stream::{Bus, BusConfig, Topic};

use crate::cli::Backtest;
use crate::config::Config;
use crate::{logs, reload};
use apply::Run;
use compare::Two;
use records::Last;
use report::Report;
use window::Window;

pub(crate) async fn run(args: Backtest, lang: Lang) -> anyhow::Result<ExitCode> {
    let config = super::config(&args.at, lang)?;
    logs::start(config.log_json, "warn");
    let window = Window::read(args.since.as_deref(), args.until.as_deref(), lang)?;
    super::has_bus(&config, lang)?;
    stored(&config, lang)?;
    if args.apply && !args.yes && !std::io::stdin().is_terminal() {
        bail!(lang.get("cli.backtest.no_terminal"));
    }
    let Some(now) = changed(&args.lexicon, lang)? else { return Ok(ExitCode::FAILURE) };
    let in_use = super::lexicon(config.lexicon.as_deref(), lang)?;
    let before = match &args.against {
        Some(folder) => super::lexicon(Some(folder), lang)?,
        None => Arc::clone(&in_use),
    };
    let database = if args.apply { apply::database(&config).await? } else { None };
    let two = Two { before, now };
    let bus = Bus::open(&config.bus)?;
    let mut survey = bus.survey(Topic::Posts).await?;
    let last = Last::of(&mut survey, lang).await?;
    survey.again();
    let mut report = Report::new(&two, &window, &last, args.seed, args.samples.into());
    judge::judge(&mut survey, &last, &two, &window, &mut report, lang).await?;
    drop(last);
    report.finish(&two.now);
    if !args.json {
        page::show(&report, lang);
    }
    if args.apply {
        if report.places.is_empty() {
            eprintln!("{}", lang.get("cli.backtest.nothing"));
        } else if !args.yes && !agreed(&report, lang)? {
            eprintln!("{}", lang.get("cli.backtest.declined"));
            return Ok(ExitCode::FAILURE);
        }
        let run = Run { lexicon: &two.now, began: Timestamp::now() };
        let applied = apply::apply(&bus, &mut survey, &report.places, run, database.as_ref(), lang).await?;
        if !args.json {
            page::applied(&applied, lang);
        }
        report.applied = Some(applied);
        if let Some(hint) = install(&args.lexicon, &two.now, config.lexicon.as_deref(), &in_use, lang)? {
            eprintln!("{hint}");
        }
    }
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses an embedded bus that is not there: opening it would make one, and a misspelt `--data` look empty.
fn stored(config: &Config, lang: Lang) -> anyhow::Result<()> {
    match &config.bus {
        BusConfig::Log(log) if !log.path.exists() => {
            bail!(lang.fill("cli.backtest.no_bus", &[("path", &log.path.display().to_string())]))
        }
        _ => Ok(()),
    }
}

/// The lexicon that is tried; `None` when it has faults, which are told, each on its own line.
fn changed(folder: &Path, lang: Lang) -> anyhow::Result<Option<Arc<Lexicon>>> {
    let path = folder.display().to_string();
    if !lexicons::is_folder(folder) {
        bail!(lang.fill("cli.error.no_lexicon", &[("path", &path)]));
    }
    match reload::checked(Some(folder)) {
        Ok(lexicon) => Ok(Some(lexicon)),
        Err(faults) => {
            for fault in &faults {
                eprintln!("✗ {}", fault.text(lang));
            }
            let count = faults.len().to_string();
            eprintln!("{}", lang.fill("cli.backtest.refused", &[("path", &path), ("count", &count)]));
            Ok(None)
        }
    }
}

/// What is left to do so that posts to come are judged with the lexicon `now` of `tried`, too; `folder` holds `in_use`.
fn install(
    tried: &Path,
    now: &Lexicon,
    folder: Option<&Path>,
    in_use: &Lexicon,
    lang: Lang,
) -> anyhow::Result<Option<String>> {
    // The configuration reads it from its own folder, not from where this command was called.
    let tried = std::path::absolute(tried)?;
    let used = folder.map(std::path::absolute).transpose()?;
    let key = match &used {
        Some(used) if used.canonicalize()? == tried.canonicalize()? => "in_use",
        _ if now.hash() == in_use.hash() => return Ok(None),
        Some(_) => "not_in_use",
        None => "none_in_use",
    };
    let (tried, used) = (tried.display().to_string(), used.unwrap_or_default().display().to_string());
    let values = [("hash", in_use.hash()), ("folder", tried.as_str()), ("used", used.as_str())];
    Ok(Some(lang.fill(&format!("cli.backtest.{key}"), &values)))
}

/// Asks the person at the terminal to type the word that lets it happen.
fn agreed(report: &Report, lang: Lang) -> anyhow::Result<bool> {
    let word = lang.get("cli.backtest.word");
    let count = report.places.len().to_string();
    eprint!("{} ", lang.fill("cli.backtest.ask", &[("count", &count), ("word", word)]));
    std::io::stderr().flush()?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    Ok(typed.trim() == word)
}
