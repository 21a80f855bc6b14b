//! The archive's days: what stands in incidents is kept before a day is dropped.

use std::sync::Arc;
use std::time::Duration;

use alerts::Alerts;
use archive::{Archive, ArchiveError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use stream::Clock;
use tokio_util::sync::CancellationToken;
use tracing::error;

/// Posts that are kept at a time.
const PAGE: u32 = 500;
/// How often old days are looked for.
const EVERY: Duration = Duration::from_secs(3600);

/// Lets go of days that are older than `days`, once an hour.
pub(super) async fn drop_old(archive: Archive, alerts: Arc<Alerts>, days: u32, stop: CancellationToken) {
    loop {
        let today = Clock::System.now().to_zoned(TimeZone::UTC).date();
        let first = today.saturating_sub(jiff::Span::new().days(days));
        if let Err(error) = let_go(&archive, &alerts, first).await {
            error!(error = format!("{error:#}"), "archive days could not be dropped");
        }
        tokio::select! { () = tokio::time::sleep(EVERY) => {}, () = stop.cancelled() => return }
    }
}

/// Drops every day before `first`, once its posts that stand in incidents are kept; all of them are kept anew where
/// the index of kept posts is missing, or was damaged.
async fn let_go(archive: &Archive, alerts: &Alerts, first: Date) -> anyhow::Result<()> {
    if let Err(failure) = keep(archive, alerts, first).await {
        let Some(ArchiveError::Damaged { slot, .. }) = failure.downcast_ref() else { return Err(failure) };
        let (index, slot) = (archive.clone(), slot.clone());
        blocking(move || index.set_aside(&slot, Clock::System.now())).await?;
        keep(archive, alerts, first).await?;
    }
    let index = archive.clone();
    blocking(move || index.drop_before(first)).await?;
    Ok(())
}

async fn keep(archive: &Archive, alerts: &Alerts, first: Date) -> anyhow::Result<()> {
    let index = archive.clone();
    let (oldest, keeping) = blocking(move || Ok((index.days()?.first().copied(), index.keeping()?))).await?;
    let start = |day: Date| Ok::<_, jiff::Error>(day.to_zoned(TimeZone::UTC)?.timestamp());
    let from = match oldest.filter(|day| *day < first) {
        _ if keeping.is_anew() => Timestamp::MIN,
        Some(day) => start(day)?,
        None => return Ok(()),
    };
    let seen = from..start(first)?;
    let (keeping, mut after) = (Arc::new(keeping), None);
    loop {
        let page = alerts.posts_in_incidents(seen.clone(), after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.post.id.clone());
        let writing = Arc::clone(&keeping);
        blocking(move || writing.add(page)).await?;
    }
    blocking(move || keeping.done()).await?;
    Ok(())
}

/// Runs a call of the archive, which blocks, beside the others.
async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, ArchiveError> + Send + 'static,
) -> Result<T, ArchiveError> {
    match tokio::task::spawn_blocking(call).await {
        Ok(done) => done,
        // Only a panic ends such a call early.
        Err(ended) => std::panic::resume_unwind(ended.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use alerts::{AlertsConfig, AlertsStage};
    use archive::Query;
    use serde_json::json;
    use stream::{Finding, Intake, Item};

    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// A post of `day`; with `category`, a sign of it.
    fn finding(id: &str, day: &str, text: &str, category: Option<&str>) -> Finding {
        let at = format!("{day}T03:00:00Z");
        let item = json!({"id": id, "channel": "x", "posted_at": at, "text": text});
        let intake = Intake::new("uji", at.parse().unwrap());
        let post = Item::parse(item.to_string().as_bytes()).unwrap().into_post(&intake).unwrap();
        let signals: Vec<_> = category
            .iter()
            .map(|category| {
                json!({"category": category, "severity": "SIAGA", "steps": [], "hits": [],
                       "place": {"code": "62.10.02", "zone": "WIB"}, "event_time": at})
            })
            .collect();
        let made = json!({"id": id, "post": post, "lexicon": "l", "code": "c", "signals": signals});
        serde_json::from_value(made).unwrap()
    }

    fn found(archive: &Archive) -> Vec<String> {
        let query = Query { limit: 10, netralitas: true, ..Query::default() };
        let results = archive.search(&query).unwrap();
        let mut found: Vec<String> = results.hits.into_iter().map(|hit| hit.fragment).collect();
        assert_eq!(results.total, found.len(), "each stands in one index");
        found.sort();
        found
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_day_that_is_dropped_leaves_the_posts_of_incidents_and_a_lost_index_of_them_comes_again() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::manual("2024-11-28T00:00:00Z".parse().unwrap());
        let opened = Alerts::open(&AlertsConfig::default(), dir.path(), "uji", clock).await.unwrap();
        let alerts = Arc::new(opened);
        alerts.lease.wait(&alerts.db, true, &CancellationToken::new()).await.unwrap();
        let archive = Archive::open(dir.path().join("archive")).unwrap();
        let findings = vec![
            finding("1", "2024-11-25", "Warga membakar ban", Some("KF-04")),
            finding("2", "2024-11-25", "Antrean tertib", None),
            finding("3", "2024-11-26", "Bentrok di lapangan", Some("KF-01")),
            finding("4", "2024-11-27", "Posko dijaga", None),
        ];
        AlertsStage::new(Arc::clone(&alerts)).take(&findings).await.unwrap();
        archive.add_findings(findings).unwrap();
        assert_eq!(found(&archive).len(), 4);
        let_go(&archive, &alerts, date("2024-11-26")).await.unwrap();
        assert_eq!(found(&archive), ["Bentrok di lapangan", "Posko dijaga", "Warga membakar ban"]);
        let_go(&archive, &alerts, date("2024-11-27")).await.unwrap();
        assert_eq!(found(&archive), ["Bentrok di lapangan", "Posko dijaga", "Warga membakar ban"]);
        assert_eq!(archive.days().unwrap(), [date("2024-11-27")]);
        drop(archive);
        std::fs::remove_dir_all(dir.path().join("archive").join("kept")).unwrap();
        let archive = Archive::open(dir.path().join("archive")).unwrap();
        assert_eq!(found(&archive), ["Posko dijaga"]);
        let_go(&archive, &alerts, date("2024-11-27")).await.unwrap();
        assert_eq!(found(&archive), ["Bentrok di lapangan", "Posko dijaga", "Warga membakar ban"]);
    }
}
