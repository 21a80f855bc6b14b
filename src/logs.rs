//! Log lines: on standard error, as text for people or JSON for machines; `KENTONGAN_LOG` filters them.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging; `quiet` is the filter without `KENTONGAN_LOG`.
pub(crate) fn start(json: bool, quiet: &str) {
    let filter = EnvFilter::try_from_env("KENTONGAN_LOG").unwrap_or_else(|_| EnvFilter::new(quiet));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    // A second start (a command inside a test) keeps the first.
    let _ = if json { lines.json().try_init() } else { lines.try_init() };
}
