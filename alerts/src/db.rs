//! The one database: SQLite by default, PostgreSQL when outgrown; every write goes through one helper.

use std::path::Path;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, ConnectOptions, Connection, Executor, Transaction};

/// A write that is refused because of another writer is tried again so often.
const ATTEMPTS: u32 = 24;

/// What a query ran into.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database cannot be reached, or is full or busy: try again.
    #[error("database cannot be used now: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// The lease is held by another process: this one must not write.
    #[error("lease lost: epoch {0} is over")]
    LeaseLost(i64),
    /// A query that can never work, or a row that cannot be read.
    #[error("database: {0}")]
    Broken(#[source] sqlx::Error),
    /// A column that holds no value of its set.
    #[error("database: column {column} holds '{value}'")]
    BadValue {
        /// The column.
        column: &'static str,
        /// What stands in it.
        value: String,
    },
    /// The migrations do not fit this database.
    #[error("database: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A record of ours that cannot be written or read as JSON.
    #[error("database: {0}")]
    Json(#[from] serde_json::Error),
}

impl DbError {
    /// Whether the same thing may work later.
    pub fn is_retryable(&self) -> bool {
        matches!(self, DbError::Unreachable(_) | DbError::LeaseLost(_))
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> DbError {
        if is_transient(&error) { DbError::Unreachable(error) } else { DbError::Broken(error) }
    }
}

/// Whether the database may be well again later: gone, starting, busy, full.
fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed | sqlx::Error::Tls(_) => {
            true
        }
        sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            // SQLite: BUSY 5, LOCKED 6, IOERR 10, FULL 13, CANTOPEN 14 in the low byte.
            let sqlite = code
                .parse::<i32>()
                .is_ok_and(|code| code < 10_000 && [5, 6, 10, 13, 14].contains(&(code & 0xff)));
            // PostgreSQL: connection (08), resources (53), operator intervention (57), serialization.
            sqlite
                || code.starts_with("08")
                || code.starts_with("53")
                || code.starts_with("57P")
                || is_conflict(&code)
        }
        _ => false,
    }
}

fn is_conflict(code: &str) -> bool {
    matches!(code, "40001" | "40P01")
}

/// A write in progress: a transaction that no other writer disturbs.
pub struct Tx {
    inner: Transaction<'static, Any>,
}

impl Tx {
    /// The connection to run queries on.
    pub fn conn(&mut self) -> &mut sqlx::AnyConnection {
        &mut self.inner
    }
}

/// The database.
#[derive(Clone, Debug)]
pub struct Db {
    pool: AnyPool,
    begin: &'static str,
    sqlite: bool,
}

impl Db {
    /// Opens the database at `url` (`postgres://…`, `sqlite:…` or the path of a SQLite file), makes
    /// it when it is a file that does not exist, and brings its tables up to date.
    ///
    /// # Errors
    /// [`DbError::Unreachable`] when nothing answers there (try again), others when the URL or the tables are wrong.
    pub async fn open(url: &str) -> Result<Db, DbError> {
        sqlx::any::install_default_drivers();
        let sqlite = !(url.starts_with("postgres:") || url.starts_with("postgresql:"));
        if sqlite && !url.starts_with("sqlite:") {
            make_private(Path::new(url)).map_err(sqlx::Error::Io)?;
        }
        let url = if !sqlite || url.starts_with("sqlite:") { url.to_owned() } else { file_url(url) };
        // What a statement holds (texts of posts) has no place in the log.
        let options = url.parse::<AnyConnectOptions>()?.disable_statement_logging();
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(move |conn, _| {
                Box::pin(async move {
                    if sqlite {
                        conn.execute(
                            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 20000; PRAGMA foreign_keys = ON;",
                        )
                        .await?;
                    }
                    Ok(())
                })
            })
            // A full disk ends a transaction of SQLite behind the driver's back: such a connection is of no more use.
            .before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
            .connect_with(options)
            .await?;
        let begin = if sqlite { "BEGIN IMMEDIATE" } else { "BEGIN ISOLATION LEVEL SERIALIZABLE" };
        let db = Db { pool, begin, sqlite };
        sqlx::migrate!("./migrations").run(&db.pool).await?;
        Ok(db)
    }

    /// Whether this is the embedded database.
    pub fn is_sqlite(&self) -> bool {
        self.sqlite
    }

    /// The pool, for reads that need no transaction.
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// [`DbError`] when it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        Ok(self.pool.acquire().await?.ping().await?)
    }

    /// Runs `work` as one transaction that sees no other writer's half, again from the start when
    /// another writer came between. `work` gets the transaction and gives it back with its result;
    /// an error rolls back. Whatever `work` does outside the database may happen more than once.
    ///
    /// ```text
    /// db.write(|mut tx| async move {
    ///     let done = store::confirm(&mut tx, id).await;
    ///     (tx, done)
    /// }).await
    /// ```
    ///
    /// # Errors
    /// What `work` returned, or [`DbError::Unreachable`].
    pub async fn write<T, E, F, W>(&self, mut work: W) -> Result<T, E>
    where
        E: From<DbError> + AsDbError,
        F: Future<Output = (Tx, Result<T, E>)>,
        W: FnMut(Tx) -> F,
    {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let inner = self.pool.begin_with(self.begin).await.map_err(DbError::from)?;
            let (tx, result) = work(Tx { inner }).await;
            let error = match result {
                Ok(value) => match tx.inner.commit().await {
                    Ok(()) => return Ok(value),
                    Err(error) => E::from(DbError::from(error)),
                },
                Err(error) => {
                    // A rollback that fails is one by itself: the connection is dropped.
                    let _ = tx.inner.rollback().await;
                    error
                }
            };
            if attempt == ATTEMPTS || !error.as_db_error().is_some_and(came_between) {
                return Err(error);
            }
            let pause = u64::from(attempt * attempt) + rand::random_range(0..5);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }
}

/// Makes the SQLite file at `path` one that only its owner may read: it holds texts of posts. SQLite gives its
/// companions (`-wal`, `-shm`) the rights of the file; those of an older version are mended.
///
/// A file that exists is never opened here: closing it would drop every lock that this process holds on it (POSIX), and
/// the next process to close the database would take its log away (sqlite.org/howtocorrupt.html, 2.2).
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    #[cfg(unix)]
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        match std::fs::set_permissions(&name, rights) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The URL of the SQLite file at `path`, whatever stands in its name.
fn file_url(path: &str) -> String {
    let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{path}?mode=rwc")
}

/// An error that may hold one of the database.
pub trait AsDbError {
    /// The error of the database, if it is one.
    fn as_db_error(&self) -> Option<&DbError>;
}

impl AsDbError for DbError {
    fn as_db_error(&self) -> Option<&DbError> {
        Some(self)
    }
}

/// Whether another writer came between, so that the same work from the start may go through.
fn came_between(error: &DbError) -> bool {
    match error {
        DbError::Unreachable(sqlx::Error::Database(error)) => {
            let code = error.code().unwrap_or_default();
            is_conflict(&code)
                || code.parse::<i32>().is_ok_and(|code| [5, 6].contains(&(code & 0xff)) && code < 10_000)
        }
        // Two writers that make the same row for the first time: the second sees it when it starts again.
        DbError::Broken(sqlx::Error::Database(error)) => error.code().as_deref() == Some("23505"),
        _ => false,
    }
}
