//! What a machine reads of an item that waits on Bawaslu's desk: no more than the message to people says (SG-02).

use stream::{Category, Severity};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_payload_of_an_item_that_waits_says_no_more_than_its_message() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let receiver = Receiver::default();
        let hook = receiver.start().await;
        let change = webhook(dir.path(), &hook);
        let supervisors = dir.path().join("pengawas.csv");
        let lines = format!("PANWASCAM,35.19.08,,,webhook,{hook}\nBAWASLU,35.19,,,webhook,{hook}\n");
        std::fs::write(&supervisors, format!("role,region,holder,stand_in,channel,address\n{lines}"))
            .unwrap();
        let house = house(dir.path(), &url, "satu", |config| {
            change(config);
            config.roster = Some(supervisors.clone());
        })
        .await;
        let item = post("a", "pak camat ikut kampanye", -90);
        house.stage.take(&[finding(item, Category::Kf14, Severity::Siaga, Some(TIRON))]).await.unwrap();
        house.work().await;
        house.desk.reject(&bawaslu(), IncidentId(1), "bukan netralitas").await.unwrap();
        house.work().await;
        let seen = receiver.seen.lock().unwrap().clone();
        assert_eq!(seen.len(), 4, "that it waits, and that it does not any more");
        for (_, body) in &seen {
            let payload: serde_json::Value = serde_json::from_slice(body).unwrap();
            let alert = &payload["alerts"][0];
            for labels in [&payload["commonLabels"], &alert["labels"]] {
                let mut keys: Vec<&String> = labels.as_object().unwrap().keys().collect();
                keys.sort();
                assert_eq!(keys, ["alertname", "incident", "office", "reason", "region"]);
            }
            assert_eq!(alert["startsAt"], eve().to_string(), "when it was said, not when it happened");
            assert!(!String::from_utf8_lossy(body).contains("SIAGA"));
        }
    }
}
