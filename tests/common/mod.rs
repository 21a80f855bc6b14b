//! What the suites share: which real parts there are, and what was left out.
#![allow(dead_code, reason = "each suite uses a part of it")]

use std::env;
use std::io::Write;
use std::net::TcpListener;

/// The address of a real part, from its environment variable. Without it the test is left out with a
/// printed line, or fails when every suite was asked for (`KENTONGAN_TEST_ALL=1`).
pub(crate) fn service(variable: &str, what: &str) -> Option<String> {
    match env::var(variable) {
        Ok(address) if !address.is_empty() => Some(address),
        _ => {
            left_out(&format!("{what} ({variable} is not set; tests/all.sh starts one)"));
            None
        }
    }
}

/// Says that a test was left out, and why; a failure when every suite was asked for.
pub(crate) fn left_out(why: &str) {
    say(&format!("LEFT OUT: {why}"));
    assert!(env::var("KENTONGAN_TEST_ALL").is_err(), "left out although every suite was asked for: {why}");
}

/// Prints a line that stays: past the harness, which shows what a test prints only when it fails.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Whether a program is there to be called.
pub(crate) fn program(name: &str) -> bool {
    let found =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join(name).is_file());
    if !found {
        left_out(&format!("the program {name} is not installed"));
    }
    found
}

/// Two free ports side by side: console and public pages.
pub(crate) fn free_pair() -> u16 {
    loop {
        let first =
            TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound").port();
        if first < u16::MAX && TcpListener::bind(("127.0.0.1", first + 1)).is_ok() {
            return first;
        }
    }
}
