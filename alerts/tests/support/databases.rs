//! The databases that a test of the store runs on.

#![allow(clippy::print_stdout, reason = "what is left out is printed")]

use std::path::Path;

/// The databases to run a test on: SQLite always, PostgreSQL when `KENTONGAN_TEST_POSTGRES` names one.
pub(crate) async fn databases(dir: &Path) -> Vec<String> {
    let mut urls = vec![dir.join("alerts.db").display().to_string()];
    match std::env::var("KENTONGAN_TEST_POSTGRES") {
        Ok(url) => urls.push(schema(&url).await),
        Err(_) if std::env::var("KENTONGAN_TEST_ALL").is_ok() => panic!("KENTONGAN_TEST_POSTGRES is not set"),
        Err(_) => println!("left out: the store on PostgreSQL (KENTONGAN_TEST_POSTGRES is not set)"),
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
