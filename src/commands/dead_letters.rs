//! `kentongan dead-letters`: what could not be read, why, another try, and letting go of it.

use std::collections::BTreeSet;
use std::process::ExitCode;

use lexicons::Lang;
use serde_json::json;
use stream::{Bus, Clock, Intake, StoredLetter};

use crate::cli::{At, DeadLetterAction};
use crate::logs;

pub(crate) async fn run(action: DeadLetterAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        DeadLetterAction::List { at, limit, json } => list(&open(&at, lang)?, limit, json, lang).await,
        DeadLetterAction::Drop { numbers, at } => {
            let asked: BTreeSet<u64> = numbers.into_iter().collect();
            let dropped = open(&at, lang)?.drop_dead_letters(&asked).await?;
            println!("{}", lang.fill("cli.letters.dropped", &[("count", &dropped.len().to_string())]));
            for missing in asked.difference(&dropped) {
                eprintln!("{}", lang.fill("cli.letters.no_number", &[("number", &missing.to_string())]));
            }
            Ok(if dropped.len() == asked.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        DeadLetterAction::Retry { at, channel, tz } => {
            let (zone, channel) =
                (super::zone(tz.as_deref(), lang)?, super::channel(channel.as_deref(), lang)?);
            let bus = open(&at, lang)?;
            let intake = Intake { zone, channel, ..Intake::new("dead-letters", Clock::System.now()) };
            let retried = bus.retry(|letter| ingest::again(letter, &intake)).await?;
            let counts = [("returned", retried.returned.to_string()), ("parked", retried.parked.to_string())];
            let counts: Vec<_> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
            println!("{}", lang.fill("cli.letters.retried", &counts));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn open(at: &At, lang: Lang) -> anyhow::Result<Bus> {
    let config = super::config(at, lang)?;
    logs::start(config.log_json, "warn");
    super::data_folder(&config, lang)?;
    Ok(Bus::open(&config.bus)?)
}

async fn list(bus: &Bus, limit: usize, json: bool, lang: Lang) -> anyhow::Result<ExitCode> {
    let letters = bus.dead_letters(limit).await?;
    if letters.is_empty() && !json {
        println!("{}", lang.get("cli.letters.none"));
    } else if !json {
        println!("{}", lang.get("cli.letters.header"));
    }
    for StoredLetter { offset, letter, .. } in letters {
        match letter {
            Ok(letter) if json => println!(
                "{}",
                json!({
                    "number": offset, "origin": letter.origin, "reader": letter.reader, "reason": letter.reason,
                    "place": letter.place, "code": letter.why.as_ref().map(|why| &why.code),
                    "parked_at": letter.parked_at, "bytes": letter.bytes().len(),
                })
            ),
            Ok(letter) => {
                println!(
                    "{offset:>6}  {:.19}  {:<16} {}",
                    letter.parked_at.to_string(),
                    letter.reader,
                    ingest::letter_reason(lang, &letter)
                );
            }
            Err(reason) => println!("{offset:>6}  {reason}"),
        }
    }
    Ok(ExitCode::SUCCESS)
}
