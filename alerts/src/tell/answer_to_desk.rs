//! Paging the desk when an office has answered what it has to look at.

use sqlx::Row;
use stream::Severity;

use super::Telling;
use super::answers::{said, so_far};
use crate::db::DbError;
use crate::{Answer, Office, Reason};

impl Telling<'_> {
    /// Pages the desk of what `office` has answered, once for an office and answer: *bukan wilayah* is the desk's again,
    /// and *aman* may be a false alarm or a mistake where it was told as grave or others do not say the same.
    pub(crate) async fn page_of_answer(self, office: &Office, answer: Answer) -> Result<(), DbError> {
        self.page_of_word(Reason::Answered, answer, &said(office, answer)).await
    }

    /// Pages the desk of the `answer` that `remark` tells of, once for each remark, if the desk has to look at it.
    pub(super) async fn page_of_word(
        mut self,
        reason: Reason,
        answer: Answer,
        remark: &str,
    ) -> Result<(), DbError> {
        let incident = self.incident;
        if incident.archived || !incident.status.is_open() {
            return Ok(());
        }
        let told = self.told_level().await?.unwrap_or(incident.severity());
        let worth = match answer {
            Answer::BukanWilayah => true,
            Answer::Aman if told >= Severity::Siaga => true,
            Answer::Aman => {
                so_far(self.tx, incident).await?.values().any(|other| *other != Some(Answer::Aman))
            }
            Answer::Tahu | Answer::Menuju => false,
        };
        if !worth {
            return Ok(());
        }
        let row = sqlx::query(
            "SELECT CAST(COALESCE(MAX(step), 0) AS BIGINT) AS step, COUNT(CASE WHEN remark = $3 THEN 1 END) AS same
             FROM notifications WHERE incident = $1 AND reason = $2",
        )
        .bind(incident.id.0)
        .bind(reason.as_str())
        .bind(remark)
        .fetch_one(self.tx.conn())
        .await?;
        if row.try_get::<i64, _>("same")? > 0 {
            return Ok(());
        }
        let step = row.try_get::<i64, _>("step")? + 1;
        self.call_desk(reason, step, told, remark).await?;
        Ok(())
    }
}
