//! `kentongan train`: the second reader's weights from a corpus, and how far they can be trusted.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use classify::train::{Labelled, Report, train};
use lexicons::{Fault, Lang};

use crate::cli::Train;

pub(crate) fn run(args: &Train, lang: Lang) -> anyhow::Result<ExitCode> {
    let lexicon = super::lexicon(args.lexicon.as_deref(), lang)?;
    let texts = labelled(&args.corpus, lang)?;
    let (weights, report) = train(&lexicon, &texts);
    let remark = format!(
        "The second reader's weights, made by `kentongan train` from {} texts. Do not edit: train again.",
        texts.len()
    );
    let out = args.out.display().to_string();
    std::fs::write(&args.out, weights.to_file(&remark)).with_context(|| out.clone())?;
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        page(&report, lang);
        println!(
            "{}",
            lang.fill("cli.train.written", &[("path", &out), ("count", &weights.len().to_string())])
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The labelled texts of `paths`.
///
/// # Errors
/// Every line that cannot be read, with file and number; that there is none at all.
pub(super) fn labelled(paths: &[PathBuf], lang: Lang) -> anyhow::Result<Vec<Labelled>> {
    let (mut texts, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.display().to_string();
        let file = std::fs::read_to_string(path).with_context(|| name.clone())?;
        match classify::train::read(&name, &file) {
            Ok(read) => texts.extend(read),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() && texts.is_empty() {
        bail!(lang.get("cli.train.none").to_owned());
    }
    if faults.is_empty() {
        return Ok(texts);
    }
    bail!(Fault::lines(&faults, lang).join("\n"))
}

/// The report for people.
fn page(report: &Report, lang: Lang) {
    let counts = [
        ("texts", report.texts.to_string()),
        ("families", report.families.to_string()),
        ("copies", report.copies.to_string()),
        ("gate", format!("{:.1} %", report.gate_recall * 100.0)),
        ("first_look", format!("{:.1} %", report.first_look * 100.0)),
    ];
    let values: Vec<(&str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    println!("{}", lang.fill("cli.train.counts", &values));
    for (queue, auc) in &report.auc {
        let of = |by: &std::collections::BTreeMap<&str, f32>| format!("{:.3}", by[queue]);
        let values = [
            ("auc", format!("{auc:.3}")),
            ("surface", of(&report.surface)),
            ("language", of(&report.language_alone)),
        ];
        let mut values: Vec<(&str, &str)> =
            values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        values.push(("queue", queue));
        println!("{}", lang.fill("cli.train.queue", &values));
    }
    for left in &report.left_out {
        let auc = format!("{:.3}", left.auc);
        let values = [
            ("kind", left.kind),
            ("worst", left.worst.as_str()),
            ("queue", left.queue),
            ("auc", auc.as_str()),
        ];
        println!("{}", lang.fill("cli.train.left_out", &values));
    }
    for (language, by) in &report.added {
        let on = by.on.map(|on| lang.get(if on { "cli.train.on" } else { "cli.train.off" })).join("/");
        let [missed, right, wrong] = [by.missed, by.right, by.wrong].map(|count| count.to_string());
        let values = [
            ("language", language.as_str()),
            ("missed", &missed),
            ("right", &right),
            ("wrong", &wrong),
            ("on", &on),
        ];
        println!("{}", lang.fill("cli.train.added", &values));
    }
}
