//! A matcher outside this program that `bench judge` measures beside its own, in the same rounds: a child process that
//! finds the same forms in the same texts.
//!
//! It is called with two files, one form and one lower-cased text a line, says its name on the first line of its
//! output, and for each line on its input scans all texts once and answers with texts a second and hits.
//! `deploy/bench` holds two.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::Context;

/// A running peer.
pub(crate) struct Peer {
    /// What it calls itself.
    pub(crate) name: String,
    /// Texts a second of each round.
    pub(crate) rates: Vec<f64>,
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts `program` on the files of `forms` and `texts`, and waits until it is ready.
    ///
    /// # Errors
    /// When it cannot be started, or says no name: worth another try once it is mended.
    pub(crate) fn start(program: &Path, forms: &Path, texts: &Path) -> anyhow::Result<Peer> {
        let told = || program.display().to_string();
        let mut child = Command::new(program)
            .args([forms, texts])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(told)?;
        let ask = child.stdin.take().with_context(told)?;
        let mut answer = BufReader::new(child.stdout.take().with_context(told)?);
        let name = line(&mut answer).with_context(told)?;
        Ok(Peer { name, rates: Vec::new(), child, ask, answer })
    }

    /// One round.
    ///
    /// # Errors
    /// When it ends or answers with no number.
    pub(crate) fn round(&mut self) -> anyhow::Result<()> {
        writeln!(self.ask)?;
        self.ask.flush()?;
        let told = line(&mut self.answer)?;
        let rate = told.split_whitespace().next().and_then(|rate| rate.parse().ok());
        self.rates.push(rate.with_context(|| format!("{}: {told:?}", self.name))?);
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It holds nothing that could be lost.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(from: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    anyhow::ensure!(from.read_line(&mut line)? > 0, "it ended without an answer");
    Ok(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn program(folder: &Path, script: &str) -> std::path::PathBuf {
        let path = folder.join("peer.sh");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("it is written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
        path
    }

    #[test]
    fn a_peer_says_its_name_and_answers_each_round() {
        let folder = tempfile::tempdir().expect("a folder");
        let (forms, texts) = (folder.path().join("forms"), folder.path().join("texts"));
        std::fs::write(&forms, "bakar\nserbu").expect("it is written");
        std::fs::write(&texts, "ayam bakar\nsatu\ndua").expect("it is written");
        let count =
            "echo sh; while read ask; do echo \"$(grep -c . \"$2\").5 $(grep -c -f \"$1\" \"$2\")\"; done";
        let mut peer = Peer::start(&program(folder.path(), count), &forms, &texts).expect("it starts");
        peer.round().expect("it answers");
        peer.round().expect("it answers again");
        assert_eq!((peer.name.as_str(), peer.rates.as_slice()), ("sh", &[3.5, 3.5][..]));
    }

    #[test]
    fn a_peer_that_ends_or_talks_nonsense_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let start =
            |script: &str| Peer::start(&program(folder.path(), script), Path::new("f"), Path::new("t"));
        assert!(start("exit 3").is_err());
        let mut peer = start("echo odd; read ask; echo quickly").expect("it starts");
        assert!(peer.round().expect_err("no number").to_string().contains("quickly"));
    }
}
