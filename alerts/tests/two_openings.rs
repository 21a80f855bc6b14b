//! A SQLite database that one process opens twice keeps its log when another process opens and closes it.

use alerts::db::Db;
use sqlx::{Connection, Executor};

/// The database that the child of the test below opens.
const CHILD: &str = "KENTONGAN_TEST_CHILD_DATABASE";

/// Run as a process of its own by the test below; by itself it has no database to open.
#[tokio::test]
async fn another_process_opens_and_closes_it() {
    let Ok(path) = std::env::var(CHILD) else { return };
    sqlx::any::install_default_drivers();
    let mut db = sqlx::AnyConnection::connect(&format!("sqlite://{path}")).await.expect("it opens");
    db.execute("SELECT count(*) FROM sqlite_master").await.expect("it answers");
    db.close().await.expect("it closes");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_stays_when_another_process_has_closed_the_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kentongan.db").display().to_string();
    let first = Db::open(&path).await.expect("it opens");
    first.ping().await.expect("it answers");
    let second = Db::open(&path).await.expect("it opens again");
    second.ping().await.expect("it answers");
    let log = format!("{path}-wal");
    assert!(std::fs::exists(&log).expect("it can be asked"), "it writes ahead");
    let child = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "another_process_opens_and_closes_it"])
        .env(CHILD, &path)
        .status()
        .expect("it runs");
    assert!(child.success());
    assert!(std::fs::exists(&log).expect("it can be asked"), "the other process took the log away");
}
