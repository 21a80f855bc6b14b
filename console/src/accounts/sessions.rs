//! Sessions: a random token in a cookie, its hash in the database, an end in sight.

use std::time::Duration;

use super::{Account, AccountError, Accounts, password};
use crate::secret::random_token;

/// A shift and its handover; after that one signs in again.
const SESSION: Duration = Duration::from_secs(12 * 60 * 60);

/// Somebody who just signed in.
#[derive(Debug)]
pub struct Login {
    /// The account.
    pub account: Account,
    /// The cookie's value; kept nowhere but there.
    pub token: String,
    /// How long it holds, in seconds.
    pub max_age_s: i64,
}

impl Accounts {
    /// Signs in with name and password.
    ///
    /// # Errors
    /// [`AccountError::WrongLogin`], [`AccountError::TooMany`] after some of these, or the database.
    pub async fn login(&self, name: &str, password: &str) -> Result<Login, AccountError> {
        let account = self.check_login(name, password).await?;
        let token = random_token();
        self.begin(&account, &token).await?;
        Ok(Login { account, token, max_age_s: i64::try_from(SESSION.as_secs()).unwrap_or(i64::MAX) })
    }

    /// The account that name and password fit; wrong tries are counted and slowed.
    pub(super) async fn check_login(&self, name: &str, password: &str) -> Result<Account, AccountError> {
        let name = name.trim();
        if let Some(wait) = self.throttle.wait(name, self.clock.now()) {
            return Err(AccountError::TooMany(wait.as_secs().max(1)));
        }
        let found = self.account_by_name(name).await?;
        if !password::verify(password, found.as_ref().map(|(_, hash)| hash.as_str())).await? {
            self.throttle.failed(name, self.clock.now());
            return Err(AccountError::WrongLogin);
        }
        let Some((account, _)) = found else { return Err(AccountError::WrongLogin) };
        self.throttle.passed(name);
        Ok(account)
    }

    /// Whose session `token` opens: none when it is unknown, over, or its account was revoked.
    ///
    /// # Errors
    /// The database.
    pub async fn session(&self, token: &str) -> Result<Option<Account>, AccountError> {
        let row = sqlx::query(
            "SELECT a.id, a.name, a.role, a.regions, a.created_at, a.revoked_at, a.first_password \
             FROM account_session s JOIN account a ON a.id = s.account_id \
             WHERE s.digest = $1 AND s.expires_at > $2 AND a.revoked_at IS NULL",
        )
        .bind(digest(token))
        .bind(self.now())
        .fetch_optional(self.db.pool())
        .await?;
        Ok(row.as_ref().map(Account::read).transpose()?)
    }

    /// Ends the session that `token` opens.
    ///
    /// # Errors
    /// The database.
    pub async fn logout(&self, token: &str) -> Result<(), AccountError> {
        let digest = digest(token);
        self.db
            .write(|mut tx| {
                let digest = digest.clone();
                async move {
                    let done = sqlx::query("DELETE FROM account_session WHERE digest = $1")
                        .bind(digest)
                        .execute(tx.conn())
                        .await
                        .map(|_| ())
                        .map_err(AccountError::from);
                    (tx, done)
                }
            })
            .await
    }

    /// The token that a form of this session carries (against forged requests); made from the session, not kept.
    pub fn form_token(&self, session: &str) -> String {
        self.secret.sign("form", &[session])
    }

    async fn begin(&self, account: &Account, token: &str) -> Result<(), AccountError> {
        let now = self.now();
        let until = now + i64::try_from(SESSION.as_micros()).unwrap_or(i64::MAX);
        let (id, digest) = (account.id.clone(), digest(token));
        self.db
            .write(|mut tx| {
                let (id, digest) = (id.clone(), digest.clone());
                async move {
                    let done = insert(tx.conn(), digest, id, now, until).await;
                    (tx, done)
                }
            })
            .await
    }
}

async fn insert(
    conn: &mut sqlx::AnyConnection,
    digest: String,
    account: String,
    now: i64,
    until: i64,
) -> Result<(), AccountError> {
    sqlx::query("DELETE FROM account_session WHERE expires_at <= $1").bind(now).execute(&mut *conn).await?;
    sqlx::query(
        "INSERT INTO account_session (digest, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(digest)
    .bind(account)
    .bind(now)
    .bind(until)
    .execute(conn)
    .await?;
    Ok(())
}

fn digest(token: &str) -> String {
    stream::sha256_hex(token.as_bytes())
}
