//! Field reporters: a label, a region and a personal signed link, no login.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use stream::RegionCode;

use super::{AccountError, Accounts, DbError, checked_name, fresh_id, region_of, time_of};

/// A registered reporter of the field. Who that is stays with the desk: the label never leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reporter {
    /// Its id.
    pub id: String,
    /// What the desk calls it.
    pub label: String,
    /// Where it reports from.
    pub region: RegionCode,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    serial: i64,
}

impl Reporter {
    fn read(row: &AnyRow) -> Result<Reporter, DbError> {
        Ok(Reporter {
            id: row.try_get("id")?,
            label: row.try_get("label")?,
            region: region_of(row.try_get("region")?)?,
            created_at: time_of(row.try_get("created_at")?)?,
            revoked_at: row.try_get::<Option<i64>, _>("revoked_at")?.map(time_of).transpose()?,
            serial: row.try_get("serial")?,
        })
    }
}

impl Accounts {
    /// Registers a reporter, or one anew whose link was revoked.
    ///
    /// # Errors
    /// [`AccountError::Taken`], [`AccountError::BadName`], or the database.
    pub async fn add_reporter(&self, label: &str, region: RegionCode) -> Result<Reporter, AccountError> {
        let reporter = Reporter {
            id: fresh_id(),
            label: checked_name(label)?,
            region,
            created_at: self.clock.now(),
            revoked_at: None,
            serial: 0,
        };
        let made = self
            .db
            .write(|mut tx| {
                let reporter = reporter.clone();
                async move {
                    let done = insert(tx.conn(), &reporter).await;
                    (tx, done)
                }
            })
            .await?;
        if made { Ok(reporter) } else { Err(AccountError::Taken(reporter.label)) }
    }

    /// The last part of the reporter's personal link: its id and our signature over it.
    pub fn reporter_link(&self, reporter: &Reporter) -> String {
        let signature = self.secret.sign("reporter", &[&reporter.id, &reporter.serial.to_string()]);
        format!("{}.{signature}", reporter.id)
    }

    /// Whose personal link this is, unless it is void.
    ///
    /// # Errors
    /// The database.
    pub async fn reporter_of_link(&self, link: &str) -> Result<Option<Reporter>, AccountError> {
        let Some((id, signature)) = link.split_once('.') else { return Ok(None) };
        let row = sqlx::query(
            "SELECT id, label, region, serial, created_at, revoked_at FROM reporter WHERE id = $1 AND revoked_at IS NULL",
        )
        .bind(id.to_owned())
        .fetch_optional(self.db.pool())
        .await?;
        let Some(reporter) = row.as_ref().map(Reporter::read).transpose()? else { return Ok(None) };
        let holds = self.secret.verify("reporter", &[&reporter.id, &reporter.serial.to_string()], signature);
        Ok(holds.then_some(reporter))
    }

    /// Every reporter, revoked ones too, by label.
    ///
    /// # Errors
    /// The database.
    pub async fn reporters(&self) -> Result<Vec<Reporter>, AccountError> {
        let rows = sqlx::query(
            "SELECT id, label, region, serial, created_at, revoked_at FROM reporter ORDER BY label",
        )
        .fetch_all(self.db.pool())
        .await?;
        Ok(rows.iter().map(Reporter::read).collect::<Result<_, _>>()?)
    }

    /// Revokes the reporter called `label`; the link is void at once.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or the database.
    pub async fn revoke_reporter(&self, label: &str) -> Result<(), AccountError> {
        let now = self.now();
        let changed = self
            .db
            .write(|mut tx| {
                let label = label.to_owned();
                async move {
                    let done = sqlx::query(
                        "UPDATE reporter SET revoked_at = $1, serial = serial + 1 WHERE label = $2 AND revoked_at IS NULL",
                    )
                    .bind(now)
                    .bind(label)
                    .execute(tx.conn())
                    .await
                    .map(|done| done.rows_affected() == 1)
                    .map_err(AccountError::from);
                    (tx, done)
                }
            })
            .await?;
        if changed { Ok(()) } else { Err(AccountError::Unknown(label.to_owned())) }
    }
}

async fn insert(conn: &mut sqlx::AnyConnection, reporter: &Reporter) -> Result<bool, AccountError> {
    // Who was revoked may come back: under an id of its own, so that no link of before opens again.
    let done = sqlx::query(
        "INSERT INTO reporter (id, label, region, serial, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (label) DO UPDATE SET id = excluded.id, region = excluded.region, serial = excluded.serial, \
         created_at = excluded.created_at, revoked_at = NULL WHERE reporter.revoked_at IS NOT NULL",
    )
    .bind(reporter.id.clone())
    .bind(reporter.label.clone())
    .bind(reporter.region.to_string())
    .bind(reporter.serial)
    .bind(reporter.created_at.as_microsecond())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
