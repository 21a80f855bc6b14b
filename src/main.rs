//! The command `kentongan`: reads the command line, runs one command, tells how it went.

// The command line's output is its interface.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod across;
mod bench;
mod cli;
mod commands;
mod config;
mod demo;
mod field;
mod gate;
mod help;
mod installation;
mod logs;
mod probes;
mod reload;
mod signals;
mod stage;
mod system;
mod unfit_roster;
mod words;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

/// Posts are many small pieces of memory, made on one thread and given back on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Not every argument is text: a file may be called anything.
    let args = asked_for_help(std::env::args_os().collect());
    let lang = help::language(&args);
    let parsed = help::localise(cli::Cli::command(), lang)
        .try_get_matches_from(&args)
        .and_then(|matches| cli::Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            // Whoever pages through it may have left already.
            let _ = write!(std::io::stdout(), "{}", help::readable(&error.to_string(), lang));
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{}", help::usage_error(&error, &args, lang));
            return ExitCode::from(2);
        }
    };
    if !cli.command.runs_on() {
        // `kentongan judge … | head` ends quietly, as other commands do; who serves must survive a closed pipe.
        sigpipe::reset();
    }
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("kentongan: {}", words::failure(&error, lang));
            ExitCode::FAILURE
        }
    }
}

/// `kentongan help topics` means `kentongan topics --help`.
fn asked_for_help(mut args: Vec<OsString>) -> Vec<OsString> {
    if args.get(1).is_some_and(|first| first == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    args
}
