//! `kentongan import`: posts from files into the bus, with progress; it resumes, and twice is once.

use std::io::IsTerminal;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use ingest::import::{Import as Job, LineFault, Mapping, Progress, Summary, import};
use lexicons::Lang;
use stream::{Bus, Clock, Intake};

use crate::cli::Import;
use crate::{logs, signals};

pub(crate) async fn run(args: Import, lang: Lang) -> anyhow::Result<ExitCode> {
    let config = super::config(&args.at)?;
    logs::start(config.log_json, "warn");
    super::data_folder(&config, lang)?;
    let bus = Bus::open(&config.bus)?;
    let stop = signals::stop_on_signal()?;
    let map = args.map.as_deref().map(Mapping::parse).transpose()?.unwrap_or_default();
    let zone = super::zone(args.tz.as_deref(), lang)?;
    let (mut parked, mut unfinished) = (0, false);
    for file in &args.files {
        let source = args.source.clone().unwrap_or_else(|| source_of(file));
        let intake = Intake {
            zone,
            trusted: args.trusted,
            as_if_live: args.as_if_live,
            ..Intake::new(source, Clock::System.now())
        };
        let job = Job { map: map.clone(), ..Job::new(file, intake) };
        let bar = bar();
        let summary = import(&job, &bus, &Clock::System, &stop, &mut |progress| show(&bar, progress)).await?;
        bar.finish_and_clear();
        tell(&summary, lang);
        parked += summary.parked;
        unfinished |= !summary.finished;
    }
    Ok(if unfinished || parked > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
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

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {msg}";
    ProgressBar::new(0)
        .with_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, progress: &Progress) {
    bar.set_length(progress.bytes_total.unwrap_or(progress.bytes_done));
    bar.set_position(progress.bytes_done);
    bar.set_message(
        progress.waiting.clone().unwrap_or_else(|| format!("{} ✓ {} ✗", progress.accepted, progress.parked)),
    );
}

fn tell(summary: &Summary, lang: Lang) {
    for fault in &summary.faults {
        let cause = match &fault.cause {
            LineFault::Item(error) => ingest::item_error(lang, error),
            other => other.to_string(),
        };
        eprintln!("{}:{}: {cause}", fault.file, fault.line);
    }
    let listed = summary.faults.len() as u64;
    if summary.parked > listed {
        eprintln!("{}", lang.fill("cli.import.more", &[("count", &(summary.parked - listed).to_string())]));
    }
    let key = if summary.finished { "cli.import.done" } else { "cli.import.stopped" };
    println!(
        "{}",
        lang.fill(
            key,
            &[
                ("file", &summary.file),
                ("accepted", &summary.accepted.to_string()),
                ("already", &summary.already.to_string()),
                ("parked", &summary.parked.to_string()),
            ],
        )
    );
}
