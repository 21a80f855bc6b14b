//! People who sign in: made, listed, revoked; the first one at the first run.

use alerts::DeskRole;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::RegionCode;

use super::{
    AccountError, Accounts, DbError, checked_name, fresh_id, password, regions_column, regions_of, time_of,
};
use crate::access::Grant;

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// The name it signs in with; it stands in history and audit.
    pub name: String,
    /// Role and regions.
    pub grant: Grant,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// It still has the password that was made for it at the first run.
    pub first_password: bool,
}

/// An account just made, with its password: shown once, kept nowhere.
#[derive(Debug)]
pub struct NewAccount {
    /// The account.
    pub account: Account,
    /// Its password.
    pub password: String,
}

impl Account {
    pub(super) fn read(row: &AnyRow) -> Result<Account, DbError> {
        let role: String = row.try_get("role")?;
        let role = DeskRole::parse(&role).ok_or(DbError::BadValue { column: "role", value: role })?;
        let regions = regions_of(row.try_get("regions")?)?;
        Ok(Account {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            grant: Grant { role, regions },
            created_at: time_of(row.try_get("created_at")?)?,
            revoked_at: row.try_get::<Option<i64>, _>("revoked_at")?.map(time_of).transpose()?,
            first_password: row.try_get::<i64, _>("first_password")? != 0,
        })
    }
}

impl Accounts {
    /// Makes an account; without `password` a random one is made. The result is the only place it ever stands in.
    ///
    /// # Errors
    /// [`AccountError::Taken`], [`AccountError::BadName`], [`AccountError::BadPassword`], or the database.
    pub async fn add_user(
        &self,
        name: &str,
        role: DeskRole,
        regions: &[RegionCode],
        password: Option<&str>,
    ) -> Result<NewAccount, AccountError> {
        self.make(name, role, regions, password, false).await
    }

    async fn make(
        &self,
        name: &str,
        role: DeskRole,
        regions: &[RegionCode],
        password: Option<&str>,
        first_password: bool,
    ) -> Result<NewAccount, AccountError> {
        let name = checked_name(name)?;
        let password = password.map_or_else(password::random, str::to_owned);
        password::check(&password)?;
        let hash = password::hash(&password).await?;
        let account = Account {
            id: fresh_id(),
            name,
            grant: Grant { role, regions: regions.to_vec() },
            created_at: self.clock.now(),
            revoked_at: None,
            first_password,
        };
        let made = self
            .db
            .write(|mut tx| {
                let (account, hash) = (account.clone(), hash.clone());
                async move {
                    let done = insert(tx.conn(), &account, &hash).await;
                    (tx, done)
                }
            })
            .await?;
        if made { Ok(NewAccount { account, password }) } else { Err(AccountError::Taken(account.name)) }
    }

    /// The account of the first run, of role admin, if there is no account at all yet. The command shows its
    /// password once, on the terminal or in a file that only the owner reads.
    ///
    /// # Errors
    /// The database.
    pub async fn first_run(&self) -> Result<Option<NewAccount>, AccountError> {
        let accounts: i64 = sqlx::query("SELECT CAST(count(*) AS BIGINT) FROM account")
            .fetch_one(self.db.pool())
            .await?
            .try_get(0)?;
        if accounts > 0 {
            return Ok(None);
        }
        match self.make("admin", DeskRole::Admin, &[], None, true).await {
            Ok(made) => Ok(Some(made)),
            // Another process was first.
            Err(AccountError::Taken(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every account, revoked ones too, by name.
    ///
    /// # Errors
    /// The database.
    pub async fn users(&self) -> Result<Vec<Account>, AccountError> {
        let rows =
            sqlx::query("SELECT id, name, role, regions, created_at, revoked_at, first_password FROM account ORDER BY name")
                .fetch_all(self.db.pool())
                .await?;
        Ok(rows.iter().map(Account::read).collect::<Result<_, _>>()?)
    }

    /// Revokes the account called `name`; its sessions end at once.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or the database.
    pub async fn revoke_user(&self, name: &str) -> Result<(), AccountError> {
        let now = self.now();
        let changed = self
            .db
            .write(|mut tx| {
                let name = name.to_owned();
                async move {
                    let done = revoke(tx.conn(), &name, now).await;
                    (tx, done)
                }
            })
            .await?;
        if changed { Ok(()) } else { Err(AccountError::Unknown(name.to_owned())) }
    }

    /// Gives the account called `name` another password and ends its sessions.
    ///
    /// # Errors
    /// [`AccountError::BadPassword`], [`AccountError::Unknown`], or the database.
    pub async fn set_password(&self, name: &str, password: &str) -> Result<(), AccountError> {
        password::check(password)?;
        let hash = password::hash(password).await?;
        let changed = self
            .db
            .write(|mut tx| {
                let (name, hash) = (name.to_owned(), hash.clone());
                async move {
                    let done = replace(tx.conn(), &name, &hash).await;
                    (tx, done)
                }
            })
            .await?;
        if changed { Ok(()) } else { Err(AccountError::Unknown(name.to_owned())) }
    }

    /// Changes the password of the account called `name`, if `old` is the one it has; its sessions end. The account comes
    /// back as it was before.
    ///
    /// # Errors
    /// [`AccountError::WrongLogin`], [`AccountError::TooMany`], [`AccountError::BadPassword`], or the database.
    pub async fn change_password(&self, name: &str, old: &str, new: &str) -> Result<Account, AccountError> {
        password::check(new)?;
        let account = self.check_login(name, old).await?;
        self.set_password(name, new).await?;
        Ok(account)
    }

    /// The account called `name` and its password's hash, unless it was revoked.
    pub(super) async fn account_by_name(
        &self,
        name: &str,
    ) -> Result<Option<(Account, String)>, AccountError> {
        let row = sqlx::query(
            "SELECT id, name, role, regions, created_at, revoked_at, first_password, password FROM account \
             WHERE name = $1 AND revoked_at IS NULL",
        )
        .bind(name.to_owned())
        .fetch_optional(self.db.pool())
        .await?;
        row.map(|row| Ok((Account::read(&row)?, row.try_get("password").map_err(DbError::from)?))).transpose()
    }
}

async fn insert(conn: &mut sqlx::AnyConnection, account: &Account, hash: &str) -> Result<bool, AccountError> {
    let done = sqlx::query(
        "INSERT INTO account (id, name, password, role, regions, created_at, first_password) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (name) DO NOTHING",
    )
    .bind(account.id.clone())
    .bind(account.name.clone())
    .bind(hash.to_owned())
    .bind(account.grant.role.as_str())
    .bind(regions_column(&account.grant.regions))
    .bind(account.created_at.as_microsecond())
    .bind(i64::from(account.first_password))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn revoke(conn: &mut sqlx::AnyConnection, name: &str, now: i64) -> Result<bool, AccountError> {
    let done = sqlx::query("UPDATE account SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL")
        .bind(now)
        .bind(name.to_owned())
        .execute(&mut *conn)
        .await?;
    end_sessions(conn, name).await?;
    Ok(done.rows_affected() == 1)
}

async fn replace(conn: &mut sqlx::AnyConnection, name: &str, hash: &str) -> Result<bool, AccountError> {
    let done = sqlx::query(
        "UPDATE account SET password = $1, first_password = 0 WHERE name = $2 AND revoked_at IS NULL",
    )
    .bind(hash.to_owned())
    .bind(name.to_owned())
    .execute(&mut *conn)
    .await?;
    end_sessions(conn, name).await?;
    Ok(done.rows_affected() == 1)
}

async fn end_sessions(conn: &mut sqlx::AnyConnection, name: &str) -> Result<(), AccountError> {
    sqlx::query("DELETE FROM account_session WHERE account_id IN (SELECT id FROM account WHERE name = $1)")
        .bind(name.to_owned())
        .execute(conn)
        .await?;
    Ok(())
}
