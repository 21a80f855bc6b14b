//! The main job from outside: the made-up day, played fast, leaves incidents in all four kabupaten.

use std::net::TcpListener;
use std::process::Command;

/// Two free ports side by side: console and public pages.
fn free_pair() -> u16 {
    loop {
        let first =
            TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound").port();
        if first < u16::MAX && TcpListener::bind(("127.0.0.1", first + 1)).is_ok() {
            return first;
        }
    }
}

#[test]
fn a_made_up_day_leaves_incidents_in_all_four_kabupaten_and_tells_offices_through_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = Command::new(env!("CARGO_BIN_EXE_kentongan"))
        .args(["demo", "--seconds", "20", "--exit", "--listen", &format!("127.0.0.1:{}", free_pair())])
        .arg("--data")
        .arg(folder.path())
        .env_remove("KENTONGAN_LANG")
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{said}\n{}", String::from_utf8_lossy(&out.stderr));
    assert!(said.contains("SIMULASI – DATA REKAAN") && said.contains("masuk sebagai analis"), "{said}");
    for kabupaten in ["Kab. Gunung Mas", "Kab. Banyuasin", "Kab. Pamekasan", "Kab. Madiun"] {
        assert!(said.contains(kabupaten), "{kabupaten} in:\n{said}");
    }
    let messages: Vec<String> = std::fs::read_dir(folder.path().join("outbox"))
        .expect("the offices' folders")
        .flat_map(|office| std::fs::read_dir(office.expect("a folder").path()).expect("messages"))
        .map(|message| std::fs::read_to_string(message.expect("a message").path()).expect("text"))
        .collect();
    assert!(messages.len() > 50, "{} messages", messages.len());
    for message in messages {
        assert!(message.contains("SIMULASI – DATA REKAAN"), "{message}");
    }
}
