//! The roster read again while the process runs: who joins it is told by the same process.

use std::path::Path;
use std::time::Duration;

use alerts::*;
use stream::*;
use tokio_util::sync::CancellationToken;

use crate::support::*;

/// Has `house` read a roster of these lines.
fn read(house: &House, dir: &Path, lines: &str) -> Result<bool, SetupError> {
    let path = dir.join("roster.csv");
    std::fs::write(&path, format!("role,region,holder,stand_in,channel,address\n{lines}")).unwrap();
    house.alerts.read_roster(&AlertsConfig { roster: Some(path), ..AlertsConfig::default() })
}

/// Waits until `address` has so many messages.
async fn until_told(house: &House, address: &str, count: usize) {
    for _ in 0..600 {
        if house.messages(address).len() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{address}: {:?}", house.messages(address));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_joins_the_roster_while_the_process_runs_is_paged_of_what_waits() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let house = house(dir.path(), &url, "satu", |config| config.roster = None).await;
        let grave = |id: &str, place| {
            finding(post(id, "diserang massa", 0), Category::Kf01, Severity::Awas, Some(place))
        };
        house.stage.take(&[grave("a", TIRON), grave("b", "62.10.02")]).await.unwrap();
        let over = CancellationToken::new();
        let telling = tokio::spawn({
            let (teller, over) = (house.teller.clone(), over.clone());
            async move { teller.run(over).await }
        });
        assert!(read(&house, dir.path(), "MEJA,35.19,,,file,meja-madiun\n").unwrap());
        until_told(&house, "meja-madiun", 1).await;
        // By now it works, so nothing but the exchange can page the other desk.
        let both = "MEJA,35.19,,,file,meja-madiun\nMEJA,62.10,,,file,meja-gunung-mas\n";
        assert!(read(&house, dir.path(), both).unwrap());
        until_told(&house, "meja-gunung-mas", 1).await;
        assert!(!read(&house, dir.path(), both).unwrap(), "the same lines are no exchange");
        assert!(read(&house, dir.path(), "MEJAA,,,,file,meja\n").is_err());
        assert_eq!(house.desk.roster_refused().len(), 2, "role and region");
        assert!(read(&house, dir.path(), "MEJA,,,,email,meja@rekaan.example\n").is_err(), "no such channel");
        assert_eq!(house.alerts.roster().desk(None), [], "the one before stays");
        over.cancel();
        telling.await.unwrap();
        assert_eq!(house.messages("meja-madiun").len(), 1, "paged once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_waits_goes_to_whoever_holds_the_office_when_it_leaves() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let house = house(dir.path(), &url, "satu", |config| config.roster = None).await;
        read(&house, dir.path(), "KAPOLSEK,35.19.08,,,file,lama\n").unwrap();
        house.stage.take(&[clash("a", 0), clash("b", 1)]).await.unwrap();
        read(&house, dir.path(), "KAPOLSEK,35.19.08,,,file,lama\nKAPOLSEK,35.19.08,,ya,file,pengganti\n")
            .unwrap();
        house.work().await;
        assert_eq!(house.told(), ["pengganti"]);
        house.work().await;
        assert_eq!(house.messages("pengganti").len(), 1, "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_desk_that_joins_is_paged_of_what_is_undecided_and_the_others_are_not_again() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let house = house(dir.path(), &url, "satu", |config| config.roster = None).await;
        let joins = async |lines: &str| {
            read(&house, dir.path(), lines).unwrap();
            let paged = house.teller.catch_up().await.unwrap();
            house.work().await;
            paged
        };
        assert_eq!(joins("MEJA,35.19,,,file,satu\n").await, 0);
        let grave = finding(post("a", "diserang massa", 0), Category::Kf01, Severity::Awas, Some(TIRON));
        house.stage.take(&[grave]).await.unwrap();
        house.work().await;
        let (ana, id) = (analyst("ana"), house.only().await.id);
        let clocks = async || house.desk.incident(&ana, id).await.unwrap().clocks;
        let before = clocks().await;
        house.clock.advance(Duration::from_secs(60));
        assert_eq!(joins("MEJA,35.19,,,file,satu\nMEJA,35.19,,,file,dua\n").await, 1);
        assert_eq!((house.messages("satu").len(), house.messages("dua").len()), (1, 1));
        assert!(house.messages("dua")[0].contains("MENUNGGU KEPUTUSAN MEJA, KTG-1"));
        assert_eq!(clocks().await, before, "it is called on with the others");
        assert_eq!(house.teller.catch_up().await.unwrap(), 0);
        // One of two persons has decided: the second is still called for.
        house.desk.confirm(&ana, id, None, None).await.unwrap();
        assert_eq!(joins("MEJA,35.19,,,file,dua\nMEJA,35.19,,,file,tiga\n").await, 1);
        assert!(
            house.messages("tiga")[0].contains("AWAS menunggu orang kedua"),
            "{:?}",
            house.messages("tiga")
        );
        assert_eq!(house.messages("dua").len(), 1);
        house.desk.confirm(&analyst("rio"), id, None, None).await.unwrap();
        assert_eq!(joins("MEJA,35.19,,,file,empat\n").await, 0, "decided");
        assert!(house.messages("empat").is_empty());
        // A mild proposal paged nobody; one of two persons has found it grave.
        house.stage.take(&[clash("b", 0)]).await.unwrap();
        let rows = house.desk.queue(&ana, &QueueFilter::default()).await.unwrap();
        let mild = rows.iter().map(|row| row.incident.id).find(|other| *other != id).unwrap();
        house.desk.confirm(&ana, mild, Some(Severity::Awas), None).await.unwrap();
        assert_eq!(joins("MEJA,35.19,,,file,lima\n").await, 1);
        let paged = house.messages("lima");
        assert!(paged.len() == 1 && paged[0].contains("AWAS menunggu orang kedua"), "{paged:?}");
        assert_eq!(joins("MEJA,35.19,,,file,lima\nMEJA,35.19,,,file,enam\n").await, 1, "the new line alone");
    }
}
