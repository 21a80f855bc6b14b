//! Accounts of the console: people, their sessions, API tokens and field reporters.

mod password;
mod people;
mod reporters;
mod sessions;
mod throttle;
mod tokens;

use std::sync::Arc;

use alerts::db::{AsDbError, Db, DbError};
use alerts::keys::Secret;
use jiff::Timestamp;
use stream::{Clock, RegionCode};

pub use people::{Account, NewAccount};
pub use reporters::Reporter;
pub use sessions::Login;
pub use tokens::{ApiToken, NewToken, TokenScope};

use throttle::Throttle;

/// Why an account's matter was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Name and password do not fit, or the account was revoked; which one is not told.
    #[error("name or password is wrong")]
    WrongLogin,
    /// Too many wrong tries; come again after so many seconds.
    #[error("too many wrong tries; again in {0} s")]
    TooMany(u64),
    /// The name is taken.
    #[error("'{0}' exists already")]
    Taken(String),
    /// There is no such account, token or reporter.
    #[error("there is no '{0}'")]
    Unknown(String),
    /// A name that cannot be used: 1 to 60 letters, digits, spaces and `. _ -`.
    #[error("'{0}' cannot be a name (1 to 60 letters, digits, spaces, '.', '_', '-')")]
    BadName(String),
    /// A password that is too short or too long.
    #[error("a password has {min} to {max} characters", min = password::MIN_CHARS, max = password::MAX_CHARS)]
    BadPassword,
    /// Hashing failed: a fault of ours.
    #[error("password hashing: {0}")]
    Hash(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AccountError {
    /// Whether the same thing may work later.
    pub fn is_retryable(&self) -> bool {
        match self {
            AccountError::TooMany(_) => true,
            AccountError::Db(error) => error.is_retryable(),
            _ => false,
        }
    }
}

impl AsDbError for AccountError {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            AccountError::Db(error) => Some(error),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for AccountError {
    fn from(error: sqlx::Error) -> Self {
        AccountError::Db(error.into())
    }
}

/// The accounts of one installation.
#[derive(Clone, Debug)]
pub struct Accounts {
    db: Db,
    secret: Secret,
    clock: Clock,
    throttle: Arc<Throttle>,
}

impl Accounts {
    /// The accounts kept in `db`. `clock` tells when sessions end: where the pipeline's clock runs faster
    /// (`demo`), pass the machine's here.
    pub fn new(db: Db, secret: Secret, clock: Clock) -> Accounts {
        Accounts { db, secret, clock, throttle: Arc::new(Throttle::default()) }
    }

    fn now(&self) -> i64 {
        self.clock.now().as_microsecond()
    }
}

/// `name` without its outer blanks, if it can be a name.
fn checked_name(name: &str) -> Result<String, AccountError> {
    let trimmed = name.trim();
    let fits = (1..=60).contains(&trimmed.chars().count())
        && trimmed.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-'));
    if fits { Ok(trimmed.to_owned()) } else { Err(AccountError::BadName(name.to_owned())) }
}

/// A fresh id of ours: 32 hexadecimal digits.
fn fresh_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn regions_column(regions: &[RegionCode]) -> String {
    regions.iter().map(RegionCode::as_str).collect::<Vec<_>>().join(",")
}

fn regions_of(column: &str) -> Result<Vec<RegionCode>, DbError> {
    column.split(',').filter(|code| !code.is_empty()).map(region_of).collect()
}

fn region_of(code: &str) -> Result<RegionCode, DbError> {
    RegionCode::parse(code).map_err(|_| DbError::BadValue { column: "region", value: code.to_owned() })
}

fn time_of(micros: i64) -> Result<Timestamp, DbError> {
    Timestamp::from_microsecond(micros)
        .map_err(|_| DbError::BadValue { column: "time", value: micros.to_string() })
}
