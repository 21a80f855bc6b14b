//! How the line starts from outside: what is in use is said before anything else, and a missing roster too.

mod common;

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::free_pair;

fn kentongan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kentongan"));
    command.env_remove("KENTONGAN_LANG").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// `serve` with a configuration of its own at `port`, on the data folder `data`.
fn serve(folder: &Path, data: &Path, port: u16) -> Command {
    let config = folder.join(format!("{port}.toml"));
    let text =
        format!("listen = \"127.0.0.1:{port}\"\npublic_listen = \"127.0.0.1:{}\"\n", port.saturating_add(1));
    std::fs::write(&config, text).expect("a configuration");
    let mut command = kentongan();
    command.arg("serve").arg("--config").arg(config).arg("--data").arg(data);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Ends a process that a test started.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Starts `command` and waits until it says where its console is.
    fn start(command: &mut Command) -> (Running, String) {
        let mut child = command.spawn().expect("the command runs");
        let mut said = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        while !said.contains("http://") && out.read_line(&mut said).expect("a line") > 0 {}
        (Running(child), said)
    }

    /// Ends it, and what it said on its other output.
    fn end(mut self) -> String {
        let mut said = String::new();
        self.0.kill().expect("it ran");
        let _ = self.0.stderr.take().expect("its output").read_to_string(&mut said);
        said
    }
}

fn refused(out: &Output) -> String {
    assert!(!out.status.success());
    assert_eq!(text(&out.stdout), "", "nothing is promised before it is sure");
    text(&out.stderr)
}

#[test]
fn a_port_in_use_is_told_before_any_address_password_or_account() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_pair();
    let _taken = TcpListener::bind(("127.0.0.1", port)).expect("the port is taken");
    let began = Instant::now();
    let rekaan = folder.path().join("rekaan");
    let mut demo = kentongan();
    demo.args(["demo", "--listen", &format!("127.0.0.1:{port}")]).arg("--data").arg(&rekaan);
    let told = refused(&demo.output().expect("it runs"));
    let other = port.saturating_add(100);
    assert!(told.contains(&format!("127.0.0.1:{port}")), "{told}");
    assert!(told.contains(&format!("--listen 127.0.0.1:{other}")), "{told}");
    assert!(!rekaan.exists(), "no folder is left of a demo that did not run");
    assert!(began.elapsed() < Duration::from_secs(30), "the day is not played first");
    let data = folder.path().join("data");
    let told = refused(&serve(folder.path(), &data, port).output().expect("it runs"));
    assert!(
        told.contains("sudah dipakai") && told.contains("kunci listen dalam berkas konfigurasi"),
        "{told}"
    );
    assert!(told.contains(&format!("listen = \"127.0.0.1:{other}\"")), "{told}");
    assert!(!data.exists(), "no empty data folder is left");
}

#[test]
fn a_data_folder_in_use_is_told_as_that_and_a_missing_roster_and_the_password_file_at_each_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let (first, said) = Running::start(&mut serve(folder.path(), &data, free_pair()));
    assert!(said.contains("first-password.txt"), "{said}");
    let kept = std::fs::read_to_string(data.join("first-password.txt")).expect("the file");
    assert!(kept.contains("terhapus sendiri") && !kept.contains("sekali ini"), "{kept}");
    let told = refused(&serve(folder.path(), &data, free_pair()).output().expect("it runs"));
    assert!(told.contains("sedang dipakai") && told.contains("data"), "{told}");
    let told = first.end();
    assert!(told.contains("tidak seorang pun akan diberi tahu"), "{told}");
    let line = told
        .lines()
        .find(|line| line.contains("console") && line.contains("http://"))
        .expect("a line of the log");
    assert!(line.contains("first-password.txt"), "{line}");
    let password =
        kept.split(": ").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a password");
    assert!(password.len() >= 12, "what is looked for is the password: {kept}");
    assert!(!told.contains(password) && !said.contains(password), "it stands in its file alone");
    let (second, said) = Running::start(&mut serve(folder.path(), &data, free_pair()));
    assert!(said.contains("first-password.txt"), "still there: {said}");
    drop(second);
}

#[test]
fn a_watched_folder_that_is_not_there_is_told_in_indonesian_and_holds_nothing_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, port) = (folder.path().join("data"), free_pair());
    let mut command = serve(folder.path(), &data, port);
    let config = folder.path().join(format!("{port}.toml"));
    let mut text = std::fs::read_to_string(&config).expect("its configuration");
    text += "[[sources]]\nkind = \"folder\"\nname = \"masuk\"\npath = \"/srv/nihil\"\n";
    std::fs::write(&config, text).expect("a configuration");
    let (running, said) = Running::start(&mut command);
    assert!(said.contains("http://"), "{said}");
    let told = running.end();
    assert!(
        told.contains("sources.path = \"/srv/nihil\": folder ini tidak ada. Folder itu terus dicoba"),
        "{told}"
    );
}

#[test]
fn a_demo_of_no_seconds_plays_as_fast_as_it_goes_and_ends() {
    let listen = format!("127.0.0.1:{}", free_pair());
    let mut demo = kentongan();
    let child =
        demo.args(["demo", "--seconds", "0", "--exit", "--listen", &listen]).spawn().expect("it runs");
    let mut demo = Running(child);
    let began = Instant::now();
    let ended = loop {
        if let Some(status) = demo.0.try_wait().expect("its state") {
            break Some(status);
        }
        if began.elapsed() > Duration::from_secs(180) {
            break None;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
}
