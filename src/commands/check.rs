//! `kentongan check`: configuration, lexicons with every example sentence, roster, templates: every fault at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alerts::channels::Channels;
use lexicons::{Lang, Lexicon};

use crate::cli::Check;
use crate::config::Config;
use crate::faults;

/// The example roster, checked when no other is named.
const EXAMPLE_ROSTER: &str = include_str!("../../deploy/roster.example.csv");

pub(crate) fn run(args: Check, lang: Lang) -> anyhow::Result<ExitCode> {
    let (mut faults, mut good) = (Vec::new(), Vec::new());
    let (config, found) = Config::load_all(args.config.as_deref());
    if found.is_empty() {
        good.extend(args.config.as_deref().map(|path| path.display().to_string()));
    }
    faults.extend(found.iter().map(|fault| fault.text(lang)));
    faults.extend(channels(&config));
    // What the configuration names and is not there has been told with it.
    let folder = args.lexicon.or_else(|| config.lexicon.clone().filter(|path| path.is_dir()));
    match lexicon(folder.as_deref(), lang) {
        Ok(told) => good.push(told),
        Err(found) => faults.extend(found),
    }
    let named = args.roster.or_else(|| config.alerts.roster.clone().filter(|path| path.is_file()));
    let roster = match &named {
        Some(path) => Some((path.display().to_string(), super::roster(path, lang).map(drop))),
        // Without a configuration the examples are checked; a configuration without a roster has none.
        None if args.config.is_none() => {
            let name = lang.get("cli.check.example_roster");
            Some((name.to_owned(), super::roster_text(name, EXAMPLE_ROSTER, lang).map(drop)))
        }
        None => None,
    };
    match roster {
        Some((name, Ok(()))) => good.push(name),
        Some((_, Err(found))) => {
            faults.extend(crate::words::failure(&found, lang).lines().map(str::to_owned));
        }
        None => {}
    }
    for line in &good {
        println!("✓ {line}");
    }
    for fault in &faults {
        eprintln!("✗ {fault}");
    }
    println!("{}", lang.fill("cli.check.done", &[("count", &faults.len().to_string())]));
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What channels could not be set up from the configuration.
fn channels(config: &Config) -> Option<String> {
    let alerts = &config.alerts;
    let folder = alerts.folder.clone().unwrap_or_default();
    // A file of a secret that is not there has been told.
    let webhook = alerts.webhook.as_ref().filter(|webhook| webhook.secret_file.is_file());
    let known = |path: &Option<PathBuf>| path.as_ref().is_none_or(|path| path.is_file());
    let email = alerts.email.as_ref().filter(|email| known(&email.password_file));
    Channels::new(&folder, webhook, email).err().map(|error| format!("alerts: {error}"))
}

fn lexicon(folder: Option<&Path>, lang: Lang) -> Result<String, Vec<String>> {
    let told = |faults: Vec<lexicons::Fault>| faults::lines(&faults, lang);
    if let Some(folder) = folder.filter(|folder| !lexicons::is_folder(folder)) {
        return Err(vec![lang.fill("cli.error.no_lexicon", &[("path", &folder.display().to_string())])]);
    }
    let lexicon = Lexicon::load(folder).map_err(told)?;
    // The roster may name its new areas.
    lexicon.adopt_land();
    let faults = classify::check(&lexicon);
    if !faults.is_empty() {
        return Err(told(faults));
    }
    let (rules, examples) = (lexicon.rules().len().to_string(), lexicon.examples().count().to_string());
    let values = [("hash", &lexicon.hash()[..12]), ("rules", &rules), ("examples", &examples)];
    Ok(lang.fill("cli.check.lexicon", &values))
}
