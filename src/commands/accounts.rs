//! `kentongan user|reporter|token`: who may use the console, report from the field, send posts.

use std::process::ExitCode;

use alerts::DeskRole;
use anyhow::anyhow;
use console::accounts::{AccountError, Accounts, TokenScope};
use jiff::Timestamp;
use lexicons::Lang;
use lexicons::gazetteer::Gazetteer;
use stream::{Clock, RegionCode};

use crate::cli::{At, ReporterAction, TokenAction, UserAction};
use crate::config::Config;
use crate::installation::Installation;
use crate::logs;

pub(crate) async fn user(action: UserAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        UserAction::Add { name, role, regions, at } => {
            let role = DeskRole::parse(&role)
                .ok_or_else(|| anyhow!(lang.fill("cli.error.role", &[("value", &role)])))?;
            let regions = regions.iter().map(|code| region(code, lang)).collect::<Result<Vec<_>, _>>()?;
            let made = open(&at, lang)
                .await?
                .1
                .add_user(&name, role, &regions, None)
                .await
                .map_err(|error| told(error, lang))?;
            let values = [("name", made.account.name.as_str()), ("password", made.password.as_str())];
            println!("{}", lang.fill("cli.account.user_made", &values));
        }
        UserAction::List { at } => {
            println!("{}", lang.get("cli.account.user_header"));
            for user in open(&at, lang).await?.1.users().await? {
                let regions: Vec<&str> = user.grant.regions.iter().map(RegionCode::as_str).collect();
                let rest = format!("{:<8} {}", user.grant.role, regions.join(","));
                line(lang, &user.name, &rest, user.revoked_at);
            }
        }
        UserAction::Revoke { name, at } => {
            open(&at, lang).await?.1.revoke_user(&name).await.map_err(|error| told(error, lang))?;
            println!("{}", lang.fill("cli.account.revoked", &[("name", &name)]));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn reporter(action: ReporterAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        ReporterAction::Add { label, region: code, at } => {
            let (config, accounts) = open(&at, lang).await?;
            let reporter = accounts
                .add_reporter(&label, region(&code, lang)?)
                .await
                .map_err(|error| told(error, lang))?;
            let link = format!("{}/lapangan/{}", config.alerts.public_url, accounts.reporter_link(&reporter));
            println!(
                "{}",
                lang.fill("cli.account.reporter_made", &[("label", &reporter.label), ("link", &link)])
            );
        }
        ReporterAction::List { at } => {
            println!("{}", lang.get("cli.account.reporter_header"));
            for reporter in open(&at, lang).await?.1.reporters().await? {
                line(lang, &reporter.label, reporter.region.as_str(), reporter.revoked_at);
            }
        }
        ReporterAction::Revoke { label, at } => {
            open(&at, lang).await?.1.revoke_reporter(&label).await.map_err(|error| told(error, lang))?;
            println!("{}", lang.fill("cli.account.revoked", &[("name", &label)]));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn token(action: TokenAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        TokenAction::Add { name, source, region: code, trusted, read, at } => {
            let scope = if read { TokenScope::Read } else { TokenScope::Send };
            let home = code.as_deref().map(|code| region(code, lang)).transpose()?;
            let source = source.unwrap_or_else(|| name.clone());
            let made = open(&at, lang)
                .await?
                .1
                .add_token(&name, scope, &source, trusted, home)
                .await
                .map_err(|error| told(error, lang))?;
            let values = [("name", made.token.name.as_str()), ("secret", made.secret.as_str())];
            println!("{}", lang.fill("cli.account.token_made", &values));
        }
        TokenAction::List { at } => {
            println!("{}", lang.get("cli.account.token_header"));
            for token in open(&at, lang).await?.1.tokens().await? {
                let rest = format!("{:<6} {}", token.scope.as_str(), token.source);
                line(lang, &token.name, &rest, token.revoked_at);
            }
        }
        TokenAction::Revoke { name, at } => {
            open(&at, lang).await?.1.revoke_token(&name).await.map_err(|error| told(error, lang))?;
            println!("{}", lang.fill("cli.account.revoked", &[("name", &name)]));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(at: &At, lang: Lang) -> anyhow::Result<(Config, Accounts)> {
    let config = super::config(at)?;
    logs::start(config.log_json, "warn");
    super::data_folder(&config, lang)?;
    let accounts = Installation::open(&config).await?.accounts(Clock::System);
    Ok((config, accounts))
}

/// What went wrong with an account, in the reader's language.
fn told(error: AccountError, lang: Lang) -> anyhow::Error {
    let (key, name) = match &error {
        AccountError::Taken(name) => ("taken", name),
        AccountError::Unknown(name) => ("unknown", name),
        AccountError::BadName(name) => ("bad_name", name),
        _ => return error.into(),
    };
    anyhow!(lang.fill(&format!("cli.account.{key}"), &[("name", name)]))
}

/// The region with this code, if there is one.
fn region(code: &str, lang: Lang) -> anyhow::Result<RegionCode> {
    let known = RegionCode::parse(code).ok().filter(|code| Gazetteer::builtin().name(code).is_some());
    known.ok_or_else(|| anyhow!(lang.fill("cli.error.region", &[("value", code)])))
}

fn line(lang: Lang, name: &str, rest: &str, revoked_at: Option<Timestamp>) {
    let state = if revoked_at.is_some() { lang.get("cli.account.state_revoked") } else { "" };
    println!("{name:<24} {rest} {state}");
}
