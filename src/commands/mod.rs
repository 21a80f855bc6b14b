//! The subcommands, one file each, and what several of them need.

mod accounts;
mod backtest;
mod bench;
mod check;
mod dead_letters;
mod demo;
mod explain;
mod import;
mod judge;
mod region;
mod serve;
mod topics;
mod train;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use alerts::roster::Roster;
use anyhow::{Context, anyhow, bail};
use lexicons::gazetteer::Gazetteer;
use lexicons::{Fault, Lang, Lexicon};
use stream::{BusConfig, Channel, RegionCode, Zone, nearest};

use crate::cli::{At, Cli, Command};
use crate::config::{Config, disk};
use crate::system::Roles;
use crate::unfit_roster;

/// Runs what the command line asks for.
pub(crate) fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let lang = cli.lang;
    match cli.command {
        Command::Demo(args) => block_on(demo::run(args, lang)),
        Command::Serve(args) => block_on(serve::run(args, Roles::ALL, lang)),
        Command::Ingest(args) => block_on(serve::run(args, Roles::INGEST, lang)),
        Command::Classify(args) => block_on(serve::run(args, Roles::CLASSIFY, lang)),
        Command::Alerts(args) => block_on(serve::run(args, Roles::ALERTS, lang)),
        Command::Import(args) => block_on(import::run(args, lang)),
        Command::Judge(args) => judge::run(&args, lang),
        Command::Explain(args) => explain::run(&args, lang),
        Command::Region(args) => region::run(&args, lang),
        Command::Train(args) => train::run(&args, lang),
        Command::Check(args) => check::run(args, lang),
        Command::Backtest(args) => block_on(backtest::run(args, lang)),
        Command::Topics(at) => block_on(topics::run(at, lang)),
        Command::DeadLetters(args) => block_on(dead_letters::run(args.action, lang)),
        Command::User(args) => block_on(accounts::user(args.action, lang)),
        Command::Reporter(args) => block_on(accounts::reporter(args.action, lang)),
        Command::Token(args) => block_on(accounts::token(args.action, lang)),
        Command::Bench(args) => bench::run(args.what, lang),
    }
}

fn block_on(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(command)
}

/// The configuration that `at` names, or every fault of it.
fn config(at: &At, lang: Lang) -> anyhow::Result<Config> {
    let config = Config::load(at.config.as_deref(), at.data.as_deref()).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| fault.text(lang)).collect();
        anyhow!("{}", lines.join("\n"))
    })?;
    can_be_data(&config.data, lang)?;
    // A roster, an account and an import may name an area that only the folder knows.
    config.lexicon.as_deref().into_iter().for_each(lexicons::adopt_areas);
    Ok(config)
}

/// Refuses a data folder that is a file, or lies in one.
fn can_be_data(folder: &Path, lang: Lang) -> anyhow::Result<()> {
    match disk::data(folder) {
        Some(fault) => bail!(fault.text(lang)),
        None => Ok(()),
    }
}

/// Makes the data folder of `config` where there is none, and says so.
fn data_folder(config: &Config, lang: Lang) -> anyhow::Result<()> {
    let path = config.data.display().to_string();
    if !config.data.exists() {
        std::fs::create_dir_all(&config.data).with_context(|| path.clone())?;
        eprintln!("{}", lang.fill("cli.data.made", &[("path", &path)]));
    }
    Ok(())
}

/// Refuses an embedded bus in a folder that is no installation: a misspelt `--data` must not make another one, whose
/// posts nobody reads.
fn has_bus(config: &Config, lang: Lang) -> anyhow::Result<()> {
    match &config.bus {
        BusConfig::Log(_) => installed(config, lang),
        BusConfig::Kafka(_) => Ok(()),
    }
}

/// The same for an embedded database.
fn has_database(config: &Config, lang: Lang) -> anyhow::Result<()> {
    let elsewhere = config.alerts.database.as_deref().is_some_and(|url| url.contains("://"));
    if elsewhere { Ok(()) } else { installed(config, lang) }
}

/// Refuses a folder without bus and database, and names one beside it that has them.
fn installed(config: &Config, lang: Lang) -> anyhow::Result<()> {
    let bus = match &config.bus {
        BusConfig::Log(log) => Some(log.path.as_path()),
        BusConfig::Kafka(_) => None,
    };
    let database = config.alerts.database.as_deref().map(Path::new);
    if bus.into_iter().chain(database).any(Path::exists) {
        return Ok(());
    }
    let told = lang.fill("cli.data.none", &[("path", &config.data.display().to_string())]);
    match neighbour(&config.data) {
        Some(near) => {
            bail!("{told} {}", lang.fill("cli.data.near", &[("near", &near.display().to_string())]))
        }
        None => bail!(told),
    }
}

/// The installation beside `data` whose name is most like it.
fn neighbour(data: &Path) -> Option<PathBuf> {
    let (parent, wanted) = (data.parent()?, data.file_name()?.to_str()?);
    let here = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let entries = std::fs::read_dir(here).ok()?.flatten();
    let names: Vec<String> = entries
        .filter(|entry| ["bus.db", "kentongan.db"].iter().any(|file| entry.path().join(file).exists()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    nearest(wanted, names.iter().map(String::as_str)).map(|name| parent.join(name))
}

/// The built-in lexicon, or it with `folder` laid over it.
fn lexicon(folder: Option<&Path>, lang: Lang) -> anyhow::Result<Arc<Lexicon>> {
    let Some(folder) = folder else { return Ok(Lexicon::builtin()) };
    if !folder.is_dir() {
        bail!(lang.fill("cli.error.no_folder", &[("path", &folder.display().to_string())]));
    }
    let lexicon = Lexicon::load(Some(folder))
        .map(Arc::new)
        .map_err(|faults| anyhow!("{}", Fault::lines(&faults, lang).join("\n")))?;
    lexicon.adopt_land();
    Ok(lexicon)
}

/// The channel called `name`.
fn channel(name: Option<&str>, lang: Lang) -> anyhow::Result<Option<Channel>> {
    let Some(name) = name else { return Ok(None) };
    if let Some(channel) = Channel::parse(name) {
        return Ok(Some(channel));
    }
    let all: Vec<&str> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    let told = lang.fill("cli.error.channel", &[("value", name), ("channels", &all.join(", "))]);
    match nearest(name, all.iter().copied()) {
        Some(near) => bail!("{told} {}", lang.fill("cli.config.near", &[("near", near)])),
        None => bail!(told),
    }
}

/// The region with this code, if there is one.
fn region(code: &str, lang: Lang) -> anyhow::Result<RegionCode> {
    let known = RegionCode::parse(code).ok().filter(|code| Gazetteer::in_use().name(code).is_some());
    known.ok_or_else(|| anyhow!(lang.fill("cli.error.region", &[("value", code)])))
}

/// The words that name the same installation on another command line, to be pasted there: ` --data X`.
fn same_place(at: &At) -> String {
    word_of("--data", at.data.as_deref()) + &word_of("--config", at.config.as_deref())
}

/// An option with its path as a shell reads it; nothing where it was not given.
fn word_of(option: &str, path: Option<&Path>) -> String {
    let Some(path) = path.map(|path| path.display().to_string()) else { return String::new() };
    let plain = |c: char| c.is_alphanumeric() || "/\\._-+:@%,=~".contains(c);
    match path.chars().all(plain) {
        true => format!(" {option} {path}"),
        false => format!(" {option} '{}'", path.replace('\'', "'\\''")),
    }
}

/// The zone called `name`.
fn zone(name: Option<&str>, lang: Lang) -> anyhow::Result<Option<Zone>> {
    let Some(name) = name else { return Ok(None) };
    let found =
        [Zone::Wib, Zone::Wita, Zone::Wit].into_iter().find(|zone| zone.name().eq_ignore_ascii_case(name));
    match found {
        Some(zone) => Ok(Some(zone)),
        None => bail!(lang.fill("cli.error.zone", &[("value", name)])),
    }
}

/// The roster at `path`, or every fault of it.
fn roster(path: &Path, lang: Lang) -> anyhow::Result<Roster> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    roster_text(&path.display().to_string(), &text, lang)
}

/// The roster in `text`, called `name` in its faults.
fn roster_text(name: &str, text: &str, lang: Lang) -> anyhow::Result<Roster> {
    Roster::parse(name, text, known).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| unfit_roster::told(fault, lang)).collect();
        anyhow!("{}", lines.join("\n"))
    })
}

fn known(code: &RegionCode) -> bool {
    Gazetteer::in_use().area(code).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_as_it_can_be_pasted() {
        let told = |path: &str| word_of("--data", Some(Path::new(path)));
        assert_eq!(told("data/a_b-1.d"), " --data data/a_b-1.d");
        assert_eq!(told("Folder data's"), " --data 'Folder data'\\''s'");
        assert_eq!(word_of("--data", None), "");
    }
}
