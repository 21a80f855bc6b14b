//! Setting a place: what lies outside of the kabupaten of an incident is asked once more before anybody is told.

use alerts::DeskRole;
use axum::http::StatusCode;

use crate::common::World;

#[tokio::test]
async fn a_place_outside_of_the_kabupaten_of_an_incident_is_asked_once_more_before_it_is_set() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}", world.id_of("KF-02").await);
    let set = format!("{path}/tempat");
    let asked = client.post(&set, &[("code", "35.19.08")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let there = asked.header("location").to_owned();
    assert!(there.contains("?luar=35.19.08"), "{there}");
    let page = client.get(there.trim_end_matches("#tempat")).await.body;
    for part in ["di luar Kab. Gunung Mas", "Ya, tetapkan Kec. Madiun", "<h1>Kec. Kurun"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    client.post(&set, &[("code", "35.19.08"), ("yakin", "1")]).await;
    assert!(client.get(&path).await.body.contains("<h1>Kec. Madiun"), "set");
    // Within the kabupaten, and what is wider than it, nobody is asked.
    for code in ["35.19.06", "35.19"] {
        let done = client.post(&set, &[("code", code)]).await;
        assert!(done.header("location").contains("kabar=placed"), "{code}");
    }
}

#[tokio::test]
async fn whoever_sets_a_place_reads_at_once_which_offices_were_told_or_that_none_was() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let set = async |id: &str, code: &str| {
        let done = client.post(&format!("/kejadian/{id}/tempat"), &[("code", code), ("yakin", "1")]).await;
        client.get(done.header("location")).await.body
    };
    let unplaced = world.id_of("KF-12").await;
    let page = set(&unplaced, "62.10.02").await;
    assert!(
        page.contains("Tidak ada jabatan yang diberi tahu karenanya"),
        "one source, nobody decided: {page}"
    );
    client.post(&format!("/kejadian/{unplaced}/konfirmasi"), &[("severity", "WASPADA")]).await;
    let page = set(&unplaced, "62.10.02.1012").await;
    assert!(page.contains("jabatan diberi tahu: ") && page.contains("Camat · Kec. Kurun"), "{page}");
    assert!(!page.contains("Tidak ada jabatan yang diberi tahu"), "{page}");
    // Nor does an address make an office told, nor a message that a kill switch holds.
    let made_up = client.get(&format!("/kejadian/{unplaced}?kabar=placed&jabatan=KAPOLRES_16.07")).await.body;
    assert!(made_up.contains("Tidak ada jabatan yang diberi tahu karenanya"), "{made_up}");
    let ops = world.sign_in("oki", DeskRole::Ops, &[]).await;
    ops.post("/sumber/sakelar", &[("scope", "region:62.10"), ("reason", "latihan")]).await;
    let page = set(&unplaced, "62.10.02").await;
    assert!(page.contains("jabatan BELUM diberi tahu") && page.contains("Camat · Kec. "), "{page}");
}
