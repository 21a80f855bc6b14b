//! The queue: what waits, filtered by its address.

use alerts::DeskRole;
use axum::http::StatusCode;

use crate::common::World;

#[tokio::test]
async fn the_queue_shows_what_waits_marks_nothing_private_and_links_to_each_incident() {
    let world = World::new(true).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let got = client.get("/antrean").await;
    assert_eq!(got.status, StatusCode::OK);
    for part in ["SIMULASI – DATA REKAAN", "usulan AWAS", "Kec. Kurun, Kab. Gunung Mas", "×2", "sisa"] {
        assert!(got.body.contains(part), "{part}");
    }
    for private in ["warga_rekaan", "081234567890", "Warga Rekaan", "rekaan_1"] {
        assert!(!got.body.contains(private), "{private}");
    }
    let id = world.id_of("KF-04").await;
    assert!(got.body.contains(&format!("href=\"/kejadian/{id}\"")));
    let rows = client.get("/antrean?bagian=1").await.body;
    assert!(rows.contains(&id) && !rows.contains("<html"));
}

#[tokio::test]
async fn a_filter_stands_in_the_address_and_an_unknown_region_is_said() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let by_name = client.get("/antrean?wilayah=Pamekasan").await.body;
    assert!(by_name.contains("Politik uang") && !by_name.contains("id=\"KTG-1\""));
    let by_category = client.get("/antrean?kategori=KF-12").await.body;
    assert!(by_category.contains("ditutup portal") && !by_category.contains("bagi amplop"));
    assert!(client.get("/antrean?wilayah=Antahberantah").await.body.contains("tidak dikenal"));
}
