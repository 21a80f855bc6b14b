//! The search in the archive.

use alerts::DeskRole;
use stream::SECOND_READER;

use crate::common::World;
use crate::common::made::{Made, finding};

#[tokio::test]
async fn a_search_shows_the_machines_severity_as_a_proposal() {
    let world = World::new(true).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let found = ani.get("/cari?kata=serbu").await.body;
    assert!(found.contains("<span class=\"sev open siaga\">usulan SIAGA</span>"), "{found}");
    let link = format!("href=\"/kejadian/{0}\">Insiden {0}</a>", world.id_of("KF-02").await);
    assert!(found.contains(&link), "{found}");
    let found = ani.get("/cari?kata=amplop").await.body;
    assert!(found.contains("<span class=\"sev waspada\">WASPADA</span>"), "{found}");
}

#[tokio::test]
async fn what_the_second_reader_held_back_is_listed_where_it_is_asked_for() {
    let world = World::new(true).await;
    let made = Made {
        category: "KF-03",
        severity: "WASPADA",
        place: None,
        text: "Nanti malam kita serbu warung bakso yang baru buka",
        words: "serbu",
        own_id: "40",
        reporter: false,
    };
    let mut held = finding(world.clock.now(), &made);
    held.signals.clear();
    held.cleared[0].guard = SECOND_READER.to_owned();
    world.day().await;
    world.take(&[held]).await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let found = ani.get("/cari?kategori=ditahan").await.body;
    assert!(found.contains("warung bakso") && found.contains(">1 hasil<"), "{found}");
    assert!(found.contains("<span class=\"tag\">Ditahan pembaca kedua</span>"), "{found}");
    assert!(found.contains("<option value=\"ditahan\" selected>"), "{found}");
    assert!(!ani.get("/antrean").await.body.contains("warung bakso"), "it stands in no queue");
}
