//! Judges a JSONL file of posts: one JSON judgement a line on standard output; for measuring.
//!
//! `judge FILE [LEXICON_DIR]`; with `check` as FILE the lexicon's examples are run instead.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

use std::io::BufRead;

use lexicons::Lexicon;
use stream::{Intake, Item, Judgement};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("no file")?;
    let dir = args.next().map(std::path::PathBuf::from);
    let lexicon = match Lexicon::load(dir.as_deref()) {
        Ok(lexicon) => lexicon,
        Err(faults) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            return Err("the lexicon has faults".into());
        }
    };
    if file == "check" {
        let faults = classify::check(&lexicon);
        faults.iter().for_each(|fault| eprintln!("{fault}"));
        println!("{} examples do not come out as written", faults.len());
        return Ok(());
    }
    for line in std::io::BufReader::new(std::fs::File::open(file)?).lines() {
        let mut value: serde_json::Value = serde_json::from_str(&line?)?;
        // The everyday texts carry nothing but an id and a text.
        for (key, default) in [("channel", "x"), ("posted_at", "2024-11-10T10:00:00+07:00")] {
            if value.get(key).is_none() {
                value[key] = default.into();
            }
        }
        let item = Item::parse(value.to_string().as_bytes())?;
        let post = item.into_post(&Intake::judging())?;
        let finding = classify::judge(&lexicon, &post);
        println!("{}", serde_json::to_string(&Judgement::new(&post, finding))?);
    }
    Ok(())
}
