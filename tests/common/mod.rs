//! What the suites share: which real parts there are, and what was left out.
#![allow(dead_code, reason = "each suite uses a part of it")]

use std::env;
use std::io::Write;

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
    // Past the harness, which shows what a test prints only when it fails.
    let _ = writeln!(std::io::stderr(), "LEFT OUT: {why}");
    assert!(env::var("KENTONGAN_TEST_ALL").is_err(), "left out although every suite was asked for: {why}");
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
