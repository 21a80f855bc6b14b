//! `kentongan demo`: a made-up voting eve replayed through the real pipeline, with nothing to set up.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use alerts::{AlertsConfig, DeskContact, DeskRole};
use anyhow::Context;
use console::accounts::Accounts;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use lexicons::Lang;
use stream::{Clock, Zone};
use tokio_util::sync::CancellationToken;

use crate::cli::Demo;
use crate::config::Config;
use crate::demo::{Day, Inbox, Truth, colleagues, offices, replay, summary};
use crate::installation::Installation;
use crate::system::{Roles, System};
use crate::{logs, signals};

/// Who may sign in: AWAS takes two analysts, or one with a note of a call-back, and dugaan about officials are Bawaslu's alone.
const PEOPLE: [(&str, DeskRole); 3] =
    [("analis", DeskRole::Analis), ("analis2", DeskRole::Analis), ("bawaslu", DeskRole::Bawaslu)];

pub(crate) async fn run(args: Demo, lang: Lang) -> anyhow::Result<ExitCode> {
    logs::start(false, "warn");
    let stop = signals::stop_on_signal()?;
    let day = Day::read()?;
    if let Some(data) = &args.data {
        super::can_be_data(data, lang)?;
    }
    let (data, temporary) = folder(args.data)?;
    let fresh = !data.exists();
    // Its incidents stand beside those of today, and under today's times.
    if data.join("roster.csv").exists() {
        println!("{}", lang.fill("cli.demo.used", &[("folder", &data.display().to_string())]));
    }
    let voting = Zone::Wib.civil(Timestamp::now()).date();
    let mut config = configure(&data, args.listen, voting, lang)?;
    // No time at all would be a clock that stands still: then as fast as it goes.
    let seconds = args.seconds.max(1);
    let inbox = Inbox::open(&data)?;
    config.sources = vec![inbox.source()];
    let morning = midnight(voting.saturating_sub(Span::new().days(1)))?;
    let clock = Clock::replay(morning, Duration::from_secs(seconds));
    let listen = config.listen;
    let opened = System::open(config, Roles::ALL, clock.clone(), true, lang, stop.clone()).await;
    if opened.is_err() && fresh {
        // What was laid there for this day is of no use to anybody.
        std::fs::remove_dir_all(&data).with_context(|| data.display().to_string())?;
    }
    let system = opened?;
    let accounts = Installation::open(&system.config).await?.accounts(Clock::System);
    let desk = system.desk().context("the demo runs the alerts")?;
    greet(&accounts, &format!("http://{listen}"), lang).await?;
    let mail = data.join("outbox");
    println!("{}", lang.fill("cli.demo.messages", &[("folder", &mail.display().to_string())]));
    if temporary.is_some() {
        println!("{}", lang.get("cli.demo.temporary"));
    }
    let told = [("posts", &*day.posts.len().to_string()), ("seconds", &*seconds.to_string())];
    println!("{}", lang.fill("cli.demo.running", &told));
    let voting = voting.strftime("%d-%m-%Y").to_string();
    println!("{}", lang.fill("cli.demo.made_up", &[("voting", &voting)]));
    let bus = system.bus.clone();
    let answers = tokio::spawn(offices(desk.clone(), mail, day.answers, clock.clone(), stop.clone()));
    let (truth, over) = (Truth::of(&day.posts), morning + SignedDuration::from_hours(24));
    let done = CancellationToken::new();
    let until = (done.clone(), stop.clone());
    let decisions = tokio::spawn(colleagues(desk.clone(), day.desk, truth, clock.clone(), over, until));
    let line = tokio::spawn(system.run());
    replay(&inbox, day.posts, &clock, &stop).await?;
    summary::wait(&inbox, &bus, &clock, &stop).await?;
    done.cancel();
    if stop.is_cancelled() {
        // Stopped by a person, or because a part failed: nothing to sum up.
        line.await??;
        answers.await?;
        decisions.await?;
        return removed(temporary, lang);
    }
    decisions.await?;
    summary::print(&desk, lang).await?;
    if args.exit {
        stop.cancel();
    } else {
        println!("{}", lang.get("cli.demo.stays"));
    }
    line.await??;
    answers.await?;
    removed(temporary, lang)
}

/// Removes a temporary folder, and says so.
fn removed(temporary: Option<tempfile::TempDir>, lang: Lang) -> anyhow::Result<ExitCode> {
    if let Some(folder) = temporary {
        let path = folder.path().display().to_string();
        folder.close().with_context(|| path.clone())?;
        println!("{}", lang.fill("cli.demo.removed", &[("folder", &path)]));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says where the console is and who may sign in.
async fn greet(accounts: &Accounts, url: &str, lang: Lang) -> anyhow::Result<()> {
    println!("{}", lang.fill("cli.demo.console", &[("url", url)]));
    for (name, role) in PEOPLE {
        login(accounts, name, role, lang).await?;
    }
    println!("{}", lang.get("cli.demo.two_persons"));
    Ok(())
}

/// The folder of this run: the one named, or a temporary one that lasts as long as the demo.
fn folder(named: Option<PathBuf>) -> anyhow::Result<(PathBuf, Option<tempfile::TempDir>)> {
    match named {
        Some(path) => Ok((path, None)),
        None => {
            let made = tempfile::Builder::new().prefix("kentongan-demo-").tempdir()?;
            Ok((made.path().to_owned(), Some(made)))
        }
    }
}

/// The made-up desk's telephone: a number that belongs to nobody.
const DESK_PHONE: &str = "0800-000-0000";

/// A configuration whose calendar has its voting day on `voting`, and whose offices are made up.
fn configure(data: &Path, listen: std::net::SocketAddr, voting: Date, lang: Lang) -> anyhow::Result<Config> {
    let mut config = Config::load(None, Some(data)).map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    let (lexicon, roster) = (data.join("lexicon"), data.join("roster.csv"));
    std::fs::create_dir_all(&lexicon).with_context(|| lexicon.display().to_string())?;
    std::fs::write(lexicon.join("calendar.toml"), calendar(voting))?;
    std::fs::write(&roster, crate::demo::ROSTER)?;
    config.listen = listen;
    config.public_listen.set_ip(listen.ip());
    config.public_listen.set_port(listen.port() + 1);
    config.lexicon = Some(lexicon);
    config.alerts = AlertsConfig {
        roster: Some(roster),
        public_url: format!("http://{}", config.public_listen),
        console_url: Some(format!("http://{}", config.listen)),
        banner: Some(lang.get("cli.demo.banner").to_owned()),
        desk: Some(DeskContact { name: None, phone: DESK_PHONE.to_owned() }),
        lang,
        ..config.alerts
    };
    Ok(config)
}

/// A calendar in which the people of the whole country vote on `voting`.
fn calendar(voting: Date) -> String {
    let day = |days: i32| voting.saturating_add(Span::new().days(days));
    format!(
        r#"[[election]]
id = "demo"
title = "Pemilihan rekaan"
regime = "pilkada"
from = "{}"
until = "{}"
determination = "{}"
numbers = "{}"
campaign = ["{}", "{}"]
quiet = ["{}", "{}"]
voting = "{voting}"
recap_kecamatan = ["{}", "{}"]
recap_kabupaten = ["{}", "{}"]
recap_provinsi = ["{}", "{}"]
"#,
        day(-300),
        day(90),
        day(-66),
        day(-65),
        day(-63),
        day(-4),
        day(-3),
        day(-1),
        day(1),
        day(6),
        day(2),
        day(9),
        day(3),
        day(12),
    )
}

fn midnight(day: Date) -> anyhow::Result<Timestamp> {
    Ok(Zone::Wib.offset().to_timestamp(day.at(0, 0, 0, 0))?)
}

async fn login(accounts: &Accounts, name: &str, role: DeskRole, lang: Lang) -> anyhow::Result<()> {
    // A demo on a folder that was used before gives its people new passwords.
    let password = match accounts.add_user(name, role, &[], None).await {
        Ok(made) => made.password,
        Err(console::accounts::AccountError::Taken(_)) => {
            let fresh = format!("{:020x}", rand::random::<u128>());
            accounts.set_password(name, &fresh).await?;
            fresh
        }
        Err(error) => return Err(error.into()),
    };
    println!("{}", lang.fill("cli.demo.login", &[("name", name), ("password", &password)]));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_in_their_own_language_that_they_are_made_up() {
        let data = tempfile::tempdir().unwrap();
        for (lang, banner) in [(Lang::Id, "SIMULASI – DATA REKAAN"), (Lang::En, "SIMULATION – MADE-UP DATA")]
        {
            let voting = Date::constant(2026, 11, 23);
            let config = configure(data.path(), "127.0.0.1:8110".parse().unwrap(), voting, lang).unwrap();
            assert_eq!(config.alerts.banner.as_deref(), Some(banner));
        }
    }
}
