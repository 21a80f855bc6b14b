//! `kentongan dead-letters`: what could not be read, why, another try, and letting go of it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use lexicons::Lang;
use serde_json::json;
use stream::{Bus, Clock, Intake, LetterPlace, StoredLetter, Zone};

use crate::cli::{At, DeadLetterAction, Numbers};
use crate::logs;

/// The zone of the times that are listed: the one the console shows without a place.
const ZONE: Zone = Zone::Wib;

pub(crate) async fn run(action: DeadLetterAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        DeadLetterAction::List { at, limit, json } => list(&open(&at, lang)?, limit, json, lang).await,
        DeadLetterAction::Drop { numbers, file, at } => {
            drop_letters(&open(&at, lang)?, &numbers, file.as_deref(), lang).await
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
    super::has_bus(&config, lang)?;
    Ok(Bus::open(&config.bus)?)
}

/// Drops what lies at `numbers`, and what came from the file called as `file` is.
async fn drop_letters(
    bus: &Bus,
    numbers: &[Numbers],
    file: Option<&Path>,
    lang: Lang,
) -> anyhow::Result<ExitCode> {
    let name = file.map(|file| file.file_name().unwrap_or(file.as_os_str()).to_string_lossy());
    let mut asked = BTreeSet::new();
    let mut found = vec![false; numbers.len()];
    let mut of_file = false;
    bus.each_dead_letter(|stored| {
        for (numbers, found) in numbers.iter().zip(&mut found) {
            if numbers.0.contains(&stored.offset) {
                *found = true;
                asked.insert(stored.offset);
            }
        }
        let place = stored.letter.as_ref().ok().and_then(|letter| letter.place.as_ref());
        if let (Some(LetterPlace::Line { file, .. }), Some(name)) = (place, &name)
            && file == name
        {
            of_file = true;
            asked.insert(stored.offset);
        }
    })
    .await?;
    let dropped = bus.drop_dead_letters(&asked).await?;
    println!("{}", lang.fill("cli.letters.dropped", &[("count", &dropped.len().to_string())]));
    let missing = numbers.iter().zip(&found).filter(|(_, found)| !**found).map(|(numbers, _)| &numbers.0);
    for missing in missing {
        let number = match (missing.start(), missing.end()) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        eprintln!("{}", lang.fill("cli.letters.no_number", &[("number", &number)]));
    }
    if let Some(name) = name.as_ref().filter(|_| !of_file) {
        eprintln!("{}", lang.fill("cli.letters.no_file", &[("file", name)]));
    }
    let all = found.iter().all(|found| *found) && (of_file || name.is_none()) && dropped.len() == asked.len();
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn list(bus: &Bus, limit: usize, json: bool, lang: Lang) -> anyhow::Result<ExitCode> {
    let letters = bus.dead_letters(limit).await?;
    if letters.is_empty() && !json {
        println!("{}", lang.get("cli.letters.none"));
    } else if !json {
        println!("{}", lang.get("cli.letters.header"));
    }
    let shown = letters.len();
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
                    "{offset:>6}  {} {}  {:<16} {}",
                    ZONE.civil(letter.parked_at).strftime("%Y-%m-%d %H:%M:%S"),
                    ZONE.name(),
                    letter.reader,
                    ingest::letter_reason(lang, &letter)
                );
            }
            Err(reason) => println!("{offset:>6}  {reason}"),
        }
    }
    let mut all = 0;
    bus.each_dead_letter(|_| all += 1).await?;
    if all > shown {
        let values = [("more", (all - shown).to_string()), ("all", all.to_string())];
        eprintln!(
            "{}",
            lang.fill("cli.letters.more", &values.each_ref().map(|(name, text)| (*name, text.as_str())))
        );
    }
    Ok(ExitCode::SUCCESS)
}
