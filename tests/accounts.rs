//! Accounts from the command line: people, field reporters and tokens are added, listed and revoked alike.

use std::process::Command;

/// What `kentongan` says to `words` on the installation in `data`.
fn says(data: &std::path::Path, words: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_kentongan"))
        .args(words)
        .arg("--data")
        .arg(data)
        .env_remove("KENTONGAN_LANG")
        .output()
        .expect("the command runs");
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

#[test]
fn every_kind_of_account_is_listed_and_marked_once_it_is_revoked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    for (kind, add, shows) in [
        ("user", ["add", "ani", "--role", "analis"], "analis   semua"),
        ("reporter", ["add", "ani", "--region", "62.10.02"], "62.10.02"),
        ("token", ["add", "ani", "--source", "koran-rekaan"], "koran-rekaan"),
    ] {
        says(&data, &[&[kind], &add[..], &["--new"]].concat());
        let line = |said: String| said.lines().find(|line| line.starts_with("ani ")).map(str::to_owned);
        let listed = line(says(&data, &[kind, "list"])).unwrap_or_else(|| panic!("no {kind}"));
        assert!(listed.contains(shows) && !listed.contains("(dicabut)"), "{listed}");
        assert!(says(&data, &[kind, "revoke", "ani"]).contains("ani dicabut"));
        let listed = line(says(&data, &[kind, "list"])).expect("it stays in the list");
        assert!(listed.contains(shows) && listed.contains("(dicabut)"), "{listed}");
        assert!(says(&data, &[kind, "revoke", "siapa"]).contains("tidak ada 'siapa'"));
    }
}
