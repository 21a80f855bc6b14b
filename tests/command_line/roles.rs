//! The roles of the line as processes of their own.

use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{folder, kentongan, says};

/// Ends a process that a test started.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_three_roles_run_on_one_machine_with_one_configuration_file() {
    let folder = folder(&[]);
    // Held together, so that no two are the same; free again when the roles start.
    let held: Vec<TcpListener> =
        (0..5).map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port")).collect();
    let ports: Vec<u16> = held.iter().map(|held| held.local_addr().expect("bound").port()).collect();
    drop(held);
    let keys = ["listen", "public_listen", "ingest_listen", "ingest_public_listen", "classify_listen"];
    let lines: Vec<String> =
        keys.iter().zip(&ports).map(|(key, port)| format!("{key} = \"127.0.0.1:{port}\"\n")).collect();
    std::fs::write(folder.path().join("k.toml"), lines.concat()).expect("a configuration");
    let mut roles = Vec::new();
    for (role, port) in [("alerts", ports[0]), ("ingest", ports[2]), ("classify", ports[4])] {
        let mut command = kentongan(folder.path(), &[role, "--config", "k.toml", "--data", "d"]);
        let log = std::fs::File::create(folder.path().join(role)).expect("a file");
        let child = command.stdout(Stdio::null()).stderr(log).spawn().expect("it runs");
        roles.push((role, port, Running(child)));
    }
    let end = Instant::now() + Duration::from_secs(120);
    for (role, port, running) in &mut roles {
        let ready = format!("http://127.0.0.1:{port}/-/ready");
        while !reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
            let told = || std::fs::read_to_string(folder.path().join(*role)).unwrap_or_default();
            assert!(running.0.try_wait().expect("its state").is_none(), "{role} ended: {}", told());
            assert!(Instant::now() < end, "{role} is not ready");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    let outer = format!("http://127.0.0.1:{}/api/v1/posts", ports[3]);
    let answer = reqwest::Client::new().post(outer).body("{}").send().await.expect("an answer");
    assert_eq!(answer.status(), 401, "ingest takes posts at its own address");
    let add = ["reporter", "add", "kurun-3", "--region", "62.10.01", "--config", "k.toml", "--data", "d"];
    let told = says(folder.path(), &add, 0, &[&format!("http://127.0.0.1:{}/lapangan/", ports[3])]);
    let link = told.split_whitespace().find(|word| word.contains("/lapangan/")).expect("a link");
    let form = reqwest::get(link).await.expect("the form");
    assert_eq!(form.status(), 200, "the link opens where ingest serves it");
}
