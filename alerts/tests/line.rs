//! The alert service on a real bus: findings go in, files come out, and a second process stands by.

mod support;

use std::sync::Arc;
use std::time::Duration;

use alerts::*;
use stream::{Bus, BusConfig, LogConfig, Outgoing};
use support::*;
use tokio_util::sync::CancellationToken;

#[tokio::test(flavor = "multi_thread")]
async fn findings_on_the_bus_reach_the_offices_and_a_stop_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let url = databases(dir.path()).await.remove(0);
    let log = LogConfig { path: dir.path().join("bus.db"), ..LogConfig::default() };
    let bus = Bus::open(&BusConfig::Log(log)).unwrap();
    let house = house(dir.path(), &url, "satu", |_| {}).await;
    for (n, finding) in [clash("a", 0), clash("b", 1)].into_iter().enumerate() {
        let stop = CancellationToken::new();
        let running = tokio::spawn({
            let (alerts, bus, stop) = (Arc::clone(&house.alerts), bus.clone(), stop.clone());
            async move { alerts::run(alerts, &bus, stop).await }
        });
        bus.publish(vec![Outgoing::record(&finding).unwrap()]).await.unwrap();
        let whole = QueueFilter::default();
        let began = std::time::Instant::now();
        loop {
            let rows = house.desk.queue(&analyst("ana"), &whole).await.unwrap();
            let told = if n == 0 { 0 } else { 4 };
            if rows.first().is_some_and(|row| row.incident.posts == n as i64 + 1)
                && house.told().len() == told
            {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{rows:?} {:?}", house.told());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stop.cancel();
        running.await.unwrap().unwrap();
        assert_eq!(house.desk.health().await.unwrap().holder, None, "the lease is given back");
    }
    assert_eq!(house.only().await.posts, 2);
}
