//! API tokens: what programs send posts or read incidents with.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::RegionCode;

use super::{AccountError, Accounts, DbError, checked_name, fresh_id, region_of, time_of};
use crate::secret::random_token;

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenScope {
    /// Sends posts (`POST /api/v1/posts`).
    Send,
    /// Reads incidents of the analysts' queue (`GET /api/v1/incidents`).
    Read,
}

impl TokenScope {
    /// The scope as it is written: `kirim` or `baca`.
    pub fn as_str(self) -> &'static str {
        match self {
            TokenScope::Send => "kirim",
            TokenScope::Read => "baca",
        }
    }

    /// The scope written as `text`.
    pub fn parse(text: &str) -> Option<TokenScope> {
        [TokenScope::Send, TokenScope::Read].into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it opens.
    pub scope: TokenScope,
    /// The source its posts are of.
    pub source: String,
    /// Whether its word on verified reporters counts.
    pub trusted: bool,
    /// Home region of its source; for a reading token the region it sees. `None`: none, or the whole country.
    pub region: Option<RegionCode>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A token just made, with its secret: shown once, kept nowhere.
#[derive(Debug)]
pub struct NewToken {
    /// The token.
    pub token: ApiToken,
    /// What is sent as `Authorization: Bearer …`.
    pub secret: String,
}

impl ApiToken {
    fn read(row: &AnyRow) -> Result<ApiToken, DbError> {
        let scope: String = row.try_get("scope")?;
        let region: String = row.try_get("region")?;
        Ok(ApiToken {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            scope: TokenScope::parse(&scope).ok_or(DbError::BadValue { column: "scope", value: scope })?,
            source: row.try_get("source")?,
            trusted: row.try_get::<i64, _>("trusted")? != 0,
            region: if region.is_empty() { None } else { Some(region_of(&region)?) },
            created_at: time_of(row.try_get("created_at")?)?,
            revoked_at: row.try_get::<Option<i64>, _>("revoked_at")?.map(time_of).transpose()?,
        })
    }
}

impl Accounts {
    /// Makes a token called `name`. `source` names the source of its posts.
    ///
    /// # Errors
    /// [`AccountError::Taken`], [`AccountError::BadName`], or the database.
    pub async fn add_token(
        &self,
        name: &str,
        scope: TokenScope,
        source: &str,
        trusted: bool,
        region: Option<RegionCode>,
    ) -> Result<NewToken, AccountError> {
        let token = ApiToken {
            id: fresh_id(),
            name: checked_name(name)?,
            scope,
            source: checked_name(source)?,
            trusted,
            region,
            created_at: self.clock.now(),
            revoked_at: None,
        };
        let secret = format!("ktg_{}", random_token());
        let digest = digest(&secret);
        let made = self
            .db
            .write(|mut tx| {
                let (token, digest) = (token.clone(), digest.clone());
                async move {
                    let done = insert(tx.conn(), &token, digest).await;
                    (tx, done)
                }
            })
            .await?;
        if made { Ok(NewToken { token, secret }) } else { Err(AccountError::Taken(token.name)) }
    }

    /// The token whose secret this is, unless it was revoked.
    ///
    /// # Errors
    /// The database.
    pub async fn token(&self, secret: &str) -> Result<Option<ApiToken>, AccountError> {
        let row = sqlx::query(
            "SELECT id, name, scope, source, trusted, region, created_at, revoked_at FROM api_token \
             WHERE digest = $1 AND revoked_at IS NULL",
        )
        .bind(digest(secret))
        .fetch_optional(self.db.pool())
        .await?;
        Ok(row.as_ref().map(ApiToken::read).transpose()?)
    }

    /// Every token, revoked ones too, by name.
    ///
    /// # Errors
    /// The database.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>, AccountError> {
        let rows = sqlx::query(
            "SELECT id, name, scope, source, trusted, region, created_at, revoked_at FROM api_token ORDER BY name",
        )
        .fetch_all(self.db.pool())
        .await?;
        Ok(rows.iter().map(ApiToken::read).collect::<Result<_, _>>()?)
    }

    /// Revokes the token called `name`.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or the database.
    pub async fn revoke_token(&self, name: &str) -> Result<(), AccountError> {
        let now = self.now();
        let changed = self
            .db
            .write(|mut tx| {
                let name = name.to_owned();
                async move {
                    let done = sqlx::query(
                        "UPDATE api_token SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL",
                    )
                    .bind(now)
                    .bind(name)
                    .execute(tx.conn())
                    .await
                    .map(|done| done.rows_affected() == 1)
                    .map_err(AccountError::from);
                    (tx, done)
                }
            })
            .await?;
        if changed { Ok(()) } else { Err(AccountError::Unknown(name.to_owned())) }
    }
}

async fn insert(
    conn: &mut sqlx::AnyConnection,
    token: &ApiToken,
    digest: String,
) -> Result<bool, AccountError> {
    let done = sqlx::query(
        "INSERT INTO api_token (id, name, digest, scope, source, trusted, region, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO NOTHING",
    )
    .bind(token.id.clone())
    .bind(token.name.clone())
    .bind(digest)
    .bind(token.scope.as_str())
    .bind(token.source.clone())
    .bind(i64::from(token.trusted))
    .bind(token.region.as_ref().map_or_else(String::new, ToString::to_string))
    .bind(token.created_at.as_microsecond())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn digest(secret: &str) -> String {
    stream::sha256_hex(secret.as_bytes())
}
