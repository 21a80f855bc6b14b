//! That one decision goes by one roster: the one that was in use when it began.

use super::*;
use crate::AlertsConfig;
use crate::db::DbError;
use support::{TIRON, clash, databases, house};

#[path = "../../tests/support/mod.rs"]
mod support;

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_exchanged_in_the_middle_of_a_decision_tells_nobody_of_that_decision() {
    let dir = tempfile::tempdir().unwrap();
    let roster = |by: &str| {
        let path = dir.path().join(format!("roster-{by}.csv"));
        let below = ["KADES", "BABINSA", "BHABIN"].map(|role| (role, TIRON));
        let above = ["KAPOLSEK", "CAMAT"].map(|role| (role, "35.19.08"));
        let line = |(role, region)| format!("{role},{region},,,file,{by}-{role}\n");
        let lines: Vec<String> = below.into_iter().chain(above).map(line).collect();
        let text = format!("role,region,holder,stand_in,channel,address\n{}", lines.concat());
        std::fs::write(&path, text).unwrap();
        AlertsConfig { roster: Some(path), ..AlertsConfig::default() }
    };
    let [first, second] = ["satu", "dua"].map(roster);
    for url in databases(dir.path()).await {
        let house = house(dir.path(), &url, "satu", |config| config.roster = first.roster.clone()).await;
        house.stage.take(&[clash("a", 0)]).await.unwrap();
        let (alerts, incident) = (&*house.alerts, house.only().await);
        let (incident, second) = (&incident, &second);
        let decided: Result<(), DbError> = alerts
            .db
            .write(|mut tx| async move {
                let telling = Telling::of(&mut tx, alerts, incident, alerts.clock.now());
                alerts.read_roster(second).unwrap();
                let done = telling.confirmed().await;
                (tx, done)
            })
            .await;
        decided.unwrap();
        let told: Vec<(String, String)> = sqlx::query_as("SELECT role, channel FROM notifications")
            .fetch_all(alerts.db.pool())
            .await
            .unwrap();
        let by_first = |role: &str| short_hash(&["address", &format!("satu-{role}")])[..8].to_owned();
        assert!(
            told.len() >= 4 && told.iter().all(|(role, channel)| channel.ends_with(&by_first(role))),
            "{told:?}"
        );
    }
}
