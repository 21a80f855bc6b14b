//! `kentongan serve`, `ingest`, `classify`, `alerts`: the line, whole or one role of it.

use std::path::Path;
use std::process::ExitCode;

use lexicons::Lang;
use stream::{BusConfig, Clock};
use tracing::info;

use crate::cli::Run;
use crate::config::disk;
use crate::system::{Roles, System};
use crate::{logs, signals};

pub(crate) async fn run(args: Run, roles: Roles, lang: Lang) -> anyhow::Result<ExitCode> {
    let config = super::config(&args.at, lang)?;
    logs::start(config.log_json, "info");
    if roles != Roles::ALL && matches!(config.bus, BusConfig::Log(_)) {
        eprintln!("{}", lang.get("cli.serve.one_machine"));
    }
    if let (true, Some(path)) = (roles.alerts, &config.alerts.roster) {
        // Every fault of it at once, before anything runs.
        super::roster(path, lang)?;
    }
    if roles.ingest {
        // It may come yet: no reason not to start.
        for fault in disk::watched(&config.sources) {
            eprintln!("{}", lang.fill("cli.serve.watched", &[("fault", &fault.text(lang))]));
        }
    }
    let stop = signals::stop_on_signal()?;
    let system = System::open(config, roles, Clock::System, false, lang, stop).await?;
    let made = system.first_account().await?;
    if let Some(made) = &made {
        first_account(&system, made, lang)?;
    }
    let kept = Some(system.config.password_file().display().to_string());
    let kept = kept.filter(|path| roles.alerts && Path::new(path).exists());
    if let (None, Some(path)) = (&made, &kept) {
        println!("{}", lang.fill("cli.serve.password_still", &[("path", path)]));
    }
    if roles.alerts && system.config.alerts.roster.is_none() {
        eprintln!("{}", lang.get("alerts.start.no_roster"));
    }
    if roles.alerts {
        let url = format!("http://{}", system.config.listen);
        // Whoever reads the log of a service has not seen what stood on its terminal.
        info!(at = url, first_password_in = kept, "console");
        println!("{}", lang.fill("cli.serve.console", &[("url", &url)]));
    }
    system.run().await?;
    Ok(ExitCode::SUCCESS)
}

/// Shows the first password once: on the terminal, or in a file that only its owner reads.
fn first_account(system: &System, made: &console::accounts::NewAccount, lang: Lang) -> anyhow::Result<()> {
    use std::io::{IsTerminal, Write};
    use std::os::unix::fs::OpenOptionsExt;
    let values = [("name", made.account.name.as_str()), ("password", made.password.as_str())];
    if std::io::stdout().is_terminal() {
        println!("{}", lang.fill("cli.account.user_made", &values));
        return Ok(());
    }
    let path = system.config.password_file();
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    writeln!(file, "{}", lang.fill("cli.serve.first_password", &values))?;
    println!("{}", lang.fill("cli.serve.password_file", &[("path", &path.display().to_string())]));
    Ok(())
}
