//! `kentongan judge`: JSONL posts in, one JSON judgement a line out, in order; nothing is stored.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use lexicons::{Lang, Lexicon};
use stream::{Intake, Item, Judgement};

use crate::across::across;
use crate::cli::Judge;

/// Lines judged side by side before they are written in order.
const CHUNK: usize = 4096;

pub(crate) fn run(args: &Judge, lang: Lang) -> anyhow::Result<ExitCode> {
    let lexicon = super::lexicon(args.lexicon.as_deref(), lang)?;
    let intake = Intake { zone: super::zone(args.tz.as_deref(), lang)?, ..Intake::judging() };
    let name = args.file.display().to_string();
    ingest::import::check_is_text(&args.file)?;
    let input = open(&args.file).with_context(|| name.clone())?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut faults = 0_u64;
    let mut first = 1_u64;
    let mut lines = input.split(b'\n');
    loop {
        let chunk: Vec<Vec<u8>> =
            lines.by_ref().take(CHUNK).collect::<Result<_, _>>().with_context(|| name.clone())?;
        if chunk.is_empty() {
            break;
        }
        let results = across(&chunk, |line| judge_line(&lexicon, &intake, line, lang));
        for (number, result) in (first..).zip(results) {
            match result {
                Some(Ok(json)) => writeln!(out, "{json}")?,
                Some(Err(error)) => {
                    faults += 1;
                    eprintln!("{name}:{number}: {error}");
                }
                None => {}
            }
        }
        first += chunk.len() as u64;
    }
    out.flush()?;
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    Ok(Box::new(BufReader::with_capacity(1 << 20, File::open(path)?)))
}

/// The answer to one line; `None` for an empty one.
fn judge_line(lexicon: &Lexicon, intake: &Intake, line: &[u8], lang: Lang) -> Option<Result<String, String>> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return None;
    }
    let post = match Item::parse(line).and_then(|item| item.into_post(intake)) {
        Ok(post) => post,
        Err(error) => return Some(Err(ingest::item_error(lang, &error))),
    };
    let mut judgement = Judgement::new(&post, classify::judge(lexicon, &post));
    if judgement.category.is_none() {
        // Where a post is from does not hang on whether it matters.
        judgement.place = classify::place::resolve(lexicon.land(), &post).code;
    }
    Some(serde_json::to_string(&judgement).map_err(|error| error.to_string()))
}
