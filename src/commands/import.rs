//! `kentongan import`: posts from files into the bus, with progress; it resumes, and twice is once.

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use ingest::import::{Import as Job, LineFault, Mapping, Progress, Summary, import};
use jiff::Timestamp;
use lexicons::Lang;
use stream::{Bus, BusConfig, Clock, Intake, ItemError, RegionCode};

use crate::cli::{At, Import};
use crate::{logs, signals};

pub(crate) async fn run(args: Import, lang: Lang) -> anyhow::Result<ExitCode> {
    let config = super::config(&args.at, lang)?;
    logs::start(config.log_json, "warn");
    let map = args.map.as_deref().map(Mapping::parse).transpose()?.unwrap_or_default();
    let zone = super::zone(args.tz.as_deref(), lang)?;
    let channel = super::channel(args.channel.as_deref(), lang)?;
    let source_region = args.region.as_deref().map(|code| super::region(code, lang)).transpose()?;
    if args.source.as_deref().is_some_and(|source| source.trim().is_empty()) {
        bail!(lang.get("cli.import.no_source").to_owned());
    }
    // Before anything is made: a misspelt name is no reason for a folder.
    for file in args.files.iter().filter(|file| file.as_os_str() != "-") {
        ingest::import::check_is_text(file)?;
    }
    if args.new && matches!(config.bus, BusConfig::Log(_)) {
        super::data_folder(&config, lang)?;
    } else {
        super::has_bus(&config, lang)?;
    }
    let bus = Bus::open(&config.bus)?;
    let stop = signals::stop_on_signal()?;
    let (mut unreadable, mut unfinished) = (0, false);
    for file in &args.files {
        let source = args.source.clone().unwrap_or_else(|| source_of(file));
        let intake = Intake {
            zone,
            channel,
            trusted: args.trusted,
            as_if_live: args.as_if_live,
            source_region: source_region.clone(),
            ..Intake::new(source, Clock::System.now())
        };
        let old_before = (!args.as_if_live).then(|| hours_ago(config.alerts.policy.archive_after_hours));
        let job = Job { map: map.clone(), old_before, ..Job::new(file, intake) };
        let bar = bar();
        let summary =
            import(&job, &bus, &Clock::System, &stop, &mut |progress| show(&bar, progress, lang)).await?;
        bar.finish_and_clear();
        tell(&summary, &args.at, config.alerts.policy.archive_after_hours, lang);
        unreadable += summary.parked + summary.waiting;
        unfinished |= !summary.finished;
    }
    Ok(if unfinished || unreadable > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The source of a file that is given none: its name without folder and ending, so that a second import of
/// the same file makes the same posts.
fn source_of(file: &std::path::Path) -> String {
    let name =
        file.file_name().map_or_else(|| "stdin".to_owned(), |name| name.to_string_lossy().into_owned());
    match name.split('.').next() {
        Some("-" | "") | None => "stdin".to_owned(),
        Some(stem) => stem.to_owned(),
    }
}

/// The time from before which nobody is told of a post.
fn hours_ago(hours: u32) -> Timestamp {
    let before = Clock::System.now().as_second() - i64::from(hours) * 3600;
    Timestamp::from_second(before).unwrap_or(Timestamp::MIN)
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {msg}";
    ProgressBar::new(0)
        .with_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, progress: &Progress, lang: Lang) {
    bar.set_length(progress.bytes_total.unwrap_or(progress.bytes_done));
    bar.set_position(progress.bytes_done);
    bar.set_message(match &progress.waiting {
        Some(waiting) => waiting.get(lang).to_owned(),
        None => format!("{} ✓ {} ✗", progress.accepted, progress.unreadable),
    });
}

fn tell(summary: &Summary, at: &At, hours: u32, lang: Lang) {
    for fault in &summary.faults {
        eprintln!("{}:{}: {}", fault.file, fault.line, ingest::line_cause(lang, &fault.cause));
    }
    let unreadable = summary.parked + summary.waiting;
    let counts = [
        ("file", summary.file.clone()),
        ("accepted", summary.accepted.to_string()),
        ("already", summary.already.to_string()),
        ("unreadable", unreadable.to_string()),
        ("more", summary.unlisted.to_string()),
        ("waiting", summary.waiting.to_string()),
        ("cured", summary.cured.to_string()),
        ("at", super::same_place(at)),
        ("old", summary.old.to_string()),
        ("hours", hours.to_string()),
    ];
    let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
    if summary.faults.iter().any(|fault| has_no_channel(&fault.cause)) {
        eprintln!("{}", lang.get("cli.import.no_channel"));
    }
    if summary.unlisted > 0 {
        eprintln!("{}", lang.fill("cli.import.more", &counts));
    }
    let key = if summary.finished { "cli.import.done" } else { "cli.import.stopped" };
    let mut told = lang.fill(key, &counts);
    if summary.cured > 0 {
        told += &lang.fill("cli.import.cured", &counts);
    }
    if summary.waiting > 0 {
        told += &lang.fill("cli.import.waiting", &counts);
    }
    if unreadable > 0 {
        told += &lang.fill("cli.import.see", &counts);
    }
    if !summary.finished {
        told += lang.get("cli.import.again");
    }
    println!("{told}");
    if summary.old > 0 {
        eprintln!("{}", lang.fill("cli.import.old", &counts));
    }
    if summary.changed {
        eprintln!("{}", lang.fill("cli.import.changed", &counts));
    }
    if summary.stays_old {
        eprintln!("{}", lang.get("cli.import.stays_old"));
    }
    if let Some(kept) = &summary.kept_region {
        let region = |region: &Option<RegionCode>| match region {
            Some(code) => lang.fill("cli.import.of_region", &[("code", code.as_str())]),
            None => lang.get("cli.import.of_no_region").to_owned(),
        };
        let regions = kept.regions.iter().map(region).collect::<Vec<_>>().join(", ");
        let said = match kept.posts {
            Some(count) => lang.fill(
                "cli.import.kept_region",
                &[("count", count.to_string().as_str()), ("regions", regions.as_str())],
            ),
            None => lang.fill("cli.import.kept_some_region", &[("regions", regions.as_str())]),
        };
        eprintln!("{said}");
    }
}

fn has_no_channel(cause: &LineFault) -> bool {
    let (LineFault::Item(error) | LineFault::Cell { error, .. }) = cause else { return false };
    matches!(error, ItemError::Missing { field: "channel", .. })
}
