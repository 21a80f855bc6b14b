//! The databases that a test of the store runs on.

use std::io::Write;
use std::path::Path;

static SAID: std::sync::Once = std::sync::Once::new();

/// Says that a test was left out, and why; a failure when every suite was asked for.
pub(crate) fn left_out(why: &str) {
    // Past the harness, which shows what a test prints only when it fails.
    let _ = writeln!(std::io::stderr(), "LEFT OUT: {why}");
    assert!(
        std::env::var("KENTONGAN_TEST_ALL").is_err(),
        "left out although every suite was asked for: {why}"
    );
}

/// The databases to run a test on: SQLite always, PostgreSQL when `KENTONGAN_TEST_POSTGRES` names one.
pub(crate) async fn databases(dir: &Path) -> Vec<String> {
    let mut urls = vec![dir.join("alerts.db").display().to_string()];
    match std::env::var("KENTONGAN_TEST_POSTGRES") {
        Ok(url) => urls.push(schema(&url).await),
        // Every house asks; once a suite is enough to know it.
        Err(_) => SAID.call_once(|| left_out("the store on PostgreSQL (KENTONGAN_TEST_POSTGRES is not set)")),
    }
    urls
}

/// A schema of its own in the database at `url`.
async fn schema(url: &str) -> String {
    use sqlx::{Connection, Executor};
    sqlx::any::install_default_drivers();
    let name = format!("t{:016x}", rand::random::<u64>());
    let mut conn = sqlx::AnyConnection::connect(url).await.expect("PostgreSQL answers");
    conn.execute(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).await.unwrap();
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}options[search_path]={name}")
}
