//! `kentongan user|reporter|token`: who may use the console, report from the field, send posts.

use std::process::ExitCode;

use alerts::DeskRole;
use anyhow::anyhow;
use console::accounts::{AccountError, Accounts, TokenScope};
use jiff::Timestamp;
use lexicons::Lang;
use stream::{Clock, RegionCode};

use crate::cli::{At, ReporterAction, TokenAction, UserAction};
use crate::config::Config;
use crate::installation::Installation;
use crate::{field, logs};

pub(crate) async fn user(action: UserAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        UserAction::Add { name, role, regions, at, new } => {
            let role = DeskRole::parse(&role)
                .ok_or_else(|| anyhow!(lang.fill("cli.error.role", &[("value", &role)])))?;
            let regions =
                regions.iter().map(|code| super::region(code, lang)).collect::<Result<Vec<_>, _>>()?;
            let (_, accounts) = make(&at, new, lang).await?;
            let made = accounts.add_user(&name, role, &regions, None).await;
            let made = made.map_err(|error| told(error, lang))?;
            let values = [("name", made.account.name.as_str()), ("password", made.password.as_str())];
            println!("{}", lang.fill("cli.account.user_made", &values));
            Ok(ExitCode::SUCCESS)
        }
        UserAction::List { at } => Kind::User.list(&at, lang).await,
        UserAction::Revoke { name, at } => Kind::User.revoke(&name, &at, lang).await,
    }
}

pub(crate) async fn reporter(action: ReporterAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        ReporterAction::Add { label, region: code, at, new } => {
            let (config, accounts) = make(&at, new, lang).await?;
            let made = accounts.add_reporter(&label, super::region(&code, lang)?).await;
            let made = made.map_err(|error| told(error, lang))?;
            let url = field::url(&config);
            let link = format!("{url}/lapangan/{}", accounts.reporter_link(&made));
            let values = [("label", made.label.as_str()), ("link", link.as_str())];
            println!("{}", lang.fill("cli.account.reporter_made", &values));
            if stays_here(&url) {
                eprintln!("{}", lang.fill("cli.account.stays_here", &[("url", &url)]));
            }
            Ok(ExitCode::SUCCESS)
        }
        ReporterAction::List { at } => Kind::Reporter.list(&at, lang).await,
        ReporterAction::Revoke { label, at } => Kind::Reporter.revoke(&label, &at, lang).await,
    }
}

pub(crate) async fn token(action: TokenAction, lang: Lang) -> anyhow::Result<ExitCode> {
    match action {
        TokenAction::Add { name, source, region: code, trusted, read, at, new } => {
            let scope = if read { TokenScope::Read } else { TokenScope::Send };
            let home = code.as_deref().map(|code| super::region(code, lang)).transpose()?;
            let source = source.unwrap_or_else(|| name.clone());
            let (_, accounts) = make(&at, new, lang).await?;
            let made = accounts.add_token(&name, scope, &source, trusted, home).await;
            let made = made.map_err(|error| told(error, lang))?;
            let values = [("name", made.token.name.as_str()), ("secret", made.secret.as_str())];
            println!("{}", lang.fill("cli.account.token_made", &values));
            Ok(ExitCode::SUCCESS)
        }
        TokenAction::List { at } => Kind::Token.list(&at, lang).await,
        TokenAction::Revoke { name, at } => Kind::Token.revoke(&name, &at, lang).await,
    }
}

/// The kinds of accounts: all are listed and revoked in one way.
#[derive(Clone, Copy)]
enum Kind {
    User,
    Reporter,
    Token,
}

/// A line of a list.
struct Line {
    name: String,
    rest: String,
    revoked_at: Option<Timestamp>,
}

impl Kind {
    async fn list(self, at: &At, lang: Lang) -> anyhow::Result<ExitCode> {
        let accounts = open(at, lang).await?;
        let header = match self {
            Kind::User => "cli.account.user_header",
            Kind::Reporter => "cli.account.reporter_header",
            Kind::Token => "cli.account.token_header",
        };
        println!("{}", lang.get(header));
        for Line { name, rest, revoked_at } in self.lines(&accounts, lang).await? {
            let state = if revoked_at.is_some() { lang.get("cli.account.state_revoked") } else { "" };
            println!("{name:<24} {rest} {state}");
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn lines(self, accounts: &Accounts, lang: Lang) -> Result<Vec<Line>, AccountError> {
        Ok(match self {
            Kind::User => {
                let line = |user: console::accounts::Account| {
                    let regions: Vec<&str> = user.grant.regions.iter().map(RegionCode::as_str).collect();
                    let regions = match regions[..] {
                        [] => lang.get("cli.account.everywhere").to_owned(),
                        _ => regions.join(","),
                    };
                    let rest = format!("{:<8} {regions}", user.grant.role);
                    Line { name: user.name, rest, revoked_at: user.revoked_at }
                };
                accounts.users().await?.into_iter().map(line).collect()
            }
            Kind::Reporter => {
                let line = |reporter: console::accounts::Reporter| Line {
                    name: reporter.label,
                    rest: reporter.region.to_string(),
                    revoked_at: reporter.revoked_at,
                };
                accounts.reporters().await?.into_iter().map(line).collect()
            }
            Kind::Token => {
                let line = |token: console::accounts::ApiToken| {
                    let rest = format!("{:<6} {}", token.scope.as_str(), token.source);
                    Line { name: token.name, rest, revoked_at: token.revoked_at }
                };
                accounts.tokens().await?.into_iter().map(line).collect()
            }
        })
    }

    async fn revoke(self, name: &str, at: &At, lang: Lang) -> anyhow::Result<ExitCode> {
        let accounts = open(at, lang).await?;
        let done = match self {
            Kind::User => accounts.revoke_user(name).await,
            Kind::Reporter => accounts.revoke_reporter(name).await,
            Kind::Token => accounts.revoke_token(name).await,
        };
        done.map_err(|error| told(error, lang))?;
        println!("{}", lang.fill("cli.account.revoked", &[("name", name)]));
        Ok(ExitCode::SUCCESS)
    }
}

/// The configuration that `at` names, and the accounts it keeps; where there are none yet they are made if that is
/// meant (`new`).
async fn make(at: &At, new: bool, lang: Lang) -> anyhow::Result<(Config, Accounts)> {
    let config = super::config(at, lang)?;
    if new {
        super::data_folder(&config, lang)?;
    } else {
        super::has_database(&config, lang)?;
    }
    accounts(config).await
}

/// The same of an installation that is there already.
async fn open(at: &At, lang: Lang) -> anyhow::Result<Accounts> {
    let config = super::config(at, lang)?;
    super::has_database(&config, lang)?;
    Ok(accounts(config).await?.1)
}

async fn accounts(config: Config) -> anyhow::Result<(Config, Accounts)> {
    logs::start(config.log_json, "warn");
    let accounts = Installation::open(&config).await?.accounts(Clock::System);
    Ok((config, accounts))
}

/// Whether `url` names this machine alone, or no machine at all (`0.0.0.0`): no other one can open it.
fn stays_here(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.split('/').next().unwrap_or(rest);
    let host = match place.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => place.rsplit_once(':').map_or(place, |(host, _)| host),
    };
    let address = host.parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_machine_alone_is_told_from_one_that_a_phone_opens() {
        for url in
            ["http://127.0.0.1:8111", "http://localhost:8111", "https://[::1]:8111", "http://0.0.0.0:8111"]
        {
            assert!(stays_here(url), "{url}");
        }
        for url in [
            "https://desk.example",
            "http://192.168.1.5:8111",
            "http://[2001:db8::1]:8111",
            "https://localhost.id/x",
        ] {
            assert!(!stays_here(url), "{url}");
        }
    }
}
