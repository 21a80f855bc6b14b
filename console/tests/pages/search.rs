//! The search in the archive.

use alerts::DeskRole;

use crate::common::World;

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
