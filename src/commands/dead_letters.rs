//! `kentongan dead-letters`: what could not be read, why, another try, and letting go of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use lexicons::Lang;
use serde_json::json;
use stream::{Bus, Clock, DeadLetter, Intake, LetterPlace, StoredLetter, Zone};

use crate::cli::{At, DeadLetterAction, Numbers};
use crate::logs;

/// The zone of the times that are listed: the one the console shows without a place.
const ZONE: Zone = Zone::Wib;

pub(crate) async fn run(action: DeadLetterAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        DeadLetterAction::List { at, limit, json } => list(&at, limit, json, lang).await,
        DeadLetterAction::Drop { numbers, file, at } => {
            drop_letters(&at, &numbers, file.as_deref(), lang).await
        }
        DeadLetterAction::Retry { at, channel, tz, region } => {
            let (zone, channel) =
                (super::zone(tz.as_deref(), lang)?, super::channel(channel.as_deref(), lang)?);
            let source_region = region.as_deref().map(|code| super::region(code, lang)).transpose()?;
            let bus = open(&at, lang)?;
            let intake =
                Intake { zone, channel, source_region, ..Intake::new("dead-letters", Clock::System.now()) };
            let retried = bus.retry(|letter| ingest::again(letter, &intake)).await?;
            let values = [
                ("returned", retried.returned.len().to_string()),
                ("parked", retried.parked.len().to_string()),
                ("those", named(&retried.returned, lang)),
                ("these", named(&retried.parked, lang)),
            ];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            println!("{}", lang.fill("cli.letters.retried", &values));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The number by which a letter is called, here and in what people write: they count from 1, the bus from 0.
fn called(stored: u64) -> u64 {
    stored.saturating_add(1)
}

fn open(at: &At, lang: Lang) -> anyhow::Result<Bus> {
    let config = super::config(at, lang)?;
    logs::start(config.log_json, "warn");
    super::has_bus(&config, lang)?;
    Ok(Bus::open(&config.bus)?)
}

/// Drops what lies at `numbers`, and what came from the file called as `file` is.
async fn drop_letters(
    at: &At,
    numbers: &[Numbers],
    file: Option<&Path>,
    lang: Lang,
) -> anyhow::Result<ExitCode> {
    let (bus, place) = (open(at, lang)?, super::same_place(at));
    let name = file.map(|file| file.file_name().unwrap_or(file.as_os_str()).to_string_lossy());
    let mut asked = BTreeSet::new();
    let mut found = vec![false; numbers.len()];
    let mut of_file = false;
    bus.each_dead_letter(|stored| {
        for (numbers, found) in numbers.iter().zip(&mut found) {
            if numbers.0.contains(&called(stored.number)) {
                *found = true;
                asked.insert(stored.number);
            }
        }
        let place = stored.letter.as_ref().ok().and_then(|letter| letter.place.as_ref());
        if let (Some(LetterPlace::Line { file, .. }), Some(name)) = (place, &name)
            && file == name
        {
            of_file = true;
            asked.insert(stored.number);
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
        eprintln!("{}", lang.fill("cli.letters.no_number", &[("number", &number), ("at", &place)]));
    }
    if let Some(name) = name.as_ref().filter(|_| !of_file) {
        eprintln!("{}", lang.fill("cli.letters.no_file", &[("file", name), ("at", &place)]));
    }
    let all = found.iter().all(|found| *found) && (of_file || name.is_none()) && dropped.len() == asked.len();
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Ranges of numbers that are named at most.
const RANGES: usize = 12;

/// What the letters stored under `numbers` are called, in brackets (` (nomor 3, 7-9)`); nothing for none.
fn named(numbers: &[u64], lang: Lang) -> String {
    let mut numbers: Vec<u64> = numbers.iter().copied().map(called).collect();
    numbers.sort_unstable();
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let range = |(first, last): &(u64, u64)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    let mut told: Vec<String> = ranges.iter().take(RANGES).map(range).collect();
    if ranges.len() > RANGES {
        told.push("…".to_owned());
    }
    match told.is_empty() {
        true => String::new(),
        false => lang.fill("cli.letters.numbers", &[("numbers", &told.join(", "))]),
    }
}

/// Where a letter comes from, as its reader calls it: the source that sent it, or the part of the line that could not read it.
fn of(lang: Lang, letter: &DeadLetter) -> String {
    let part = format!("console.part_of_line.{}", letter.reader);
    match letter.origin.is_some() && lang.texts().has(&part) {
        true => lang.get(&part).to_owned(),
        false => letter.reader.clone(),
    }
}

async fn list(at: &At, limit: usize, json: bool, lang: Lang) -> anyhow::Result<ExitCode> {
    let bus = open(at, lang)?;
    // By number, which is not the order they lie in once some were dropped.
    let (mut letters, mut all) = (BTreeMap::new(), 0);
    bus.each_dead_letter(|StoredLetter { number, letter, .. }| {
        all += 1;
        letters.insert(number, letter);
        if letters.len() > limit {
            letters.pop_last();
        }
    })
    .await?;
    if all == 0 && !json {
        println!("{}", lang.get("cli.letters.none"));
    } else if !json && !letters.is_empty() {
        println!("{}", lang.get("cli.letters.header"));
    }
    let (shown, first) = (letters.len(), letters.keys().next().copied());
    for (number, letter) in letters {
        let number = called(number);
        match letter {
            Ok(letter) if json => println!(
                "{}",
                json!({
                    "number": number, "origin": letter.origin, "reader": letter.reader, "reason": letter.reason,
                    "place": letter.place, "code": letter.why.as_ref().map(|why| &why.code),
                    "parked_at": letter.first_parked(), "bytes": letter.bytes().len(),
                })
            ),
            Ok(letter) => {
                println!(
                    "{number:>6}  {} {}  {:<16} {}",
                    ZONE.civil(letter.first_parked()).strftime("%Y-%m-%d %H:%M:%S"),
                    ZONE.name(),
                    of(lang, &letter),
                    ingest::letter_reason(lang, &letter)
                );
            }
            Err(reason) => println!("{number:>6}  {reason}"),
        }
    }
    if all > shown {
        let values = [("more", (all - shown).to_string()), ("all", all.to_string())];
        eprintln!(
            "{}",
            lang.fill("cli.letters.more", &values.each_ref().map(|(name, text)| (*name, text.as_str())))
        );
    }
    if let (Some(first), false) = (first, json) {
        let values = [("at", super::same_place(at)), ("number", called(first).to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        eprintln!("{}", lang.fill("cli.letters.next", &values));
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use stream::Topic;

    use super::*;

    #[test]
    fn a_letter_is_said_to_be_of_its_source_or_of_a_part_of_the_line_in_words() {
        let mut letter = DeadLetter::of_item("classify", b"x", "r", Timestamp::UNIX_EPOCH);
        assert_eq!(of(Lang::Id, &letter), "classify", "a source may be called so");
        letter.origin = Some(Topic::Posts);
        assert_eq!((of(Lang::Id, &letter), of(Lang::En, &letter)), ("penilaian".into(), "judging".into()));
    }

    #[test]
    fn numbers_are_told_as_ranges_and_not_endlessly() {
        assert_eq!(named(&[], Lang::Id), "");
        assert_eq!(named(&[8, 2, 6, 7], Lang::Id), " (nomor 3, 7-9)");
        let many: Vec<u64> = (0..100).map(|n| n * 2).collect();
        assert!(named(&many, Lang::Id).ends_with("23, …)"));
    }
}
