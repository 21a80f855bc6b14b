//! The HTTP API of the same.

use alerts::DeskRole;
use axum::http::StatusCode;

use crate::common::World;

#[tokio::test]
async fn the_api_gives_the_incident_without_its_author_and_refuses_an_unknown_filter() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-04").await;
    let one = client.get(&format!("/api/v1/incidents/{id}")).await;
    let json: serde_json::Value = serde_json::from_str(&one.body).unwrap();
    assert_eq!(json["incident"]["category"], "KF-04");
    assert!(json["posts"][0]["author"].as_str().unwrap().starts_with("akun-"));
    for private in ["Warga Rekaan", "rekaan_1", "081234567890", "base64"] {
        assert!(!one.body.contains(private), "{private}");
    }
    let bad = client.get("/api/v1/incidents?severity=PARAH").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bad.header("content-type"), "application/problem+json");
    assert!(bad.body.contains("Nilai saringan tidak dikenal."), "{}", bad.body);
}

#[tokio::test]
async fn the_api_says_what_holds_as_the_page_does() {
    let world = World::new(false).await;
    world.day().await;
    let id = world.id_of("KF-02").await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let list: serde_json::Value = serde_json::from_str(&ani.get("/api/v1/incidents").await.body).unwrap();
    assert!(list["incidents"].as_array().unwrap().iter().all(|row| row["holds"] != "AWAS"));
    let one: serde_json::Value =
        serde_json::from_str(&ani.get(&format!("/api/v1/incidents/{id}")).await.body).unwrap();
    assert_eq!((&one["holds"], &one["incident"]["effective"]), (&"WASPADA".into(), &serde_json::Value::Null));
}

#[tokio::test]
async fn a_program_that_reads_an_incident_learns_what_else_happened_there() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-04").await;
    let got = client.get(&format!("/api/v1/incidents/{id}")).await;
    let view: serde_json::Value = serde_json::from_str(&got.body).unwrap();
    let beside = view["related"].as_array().unwrap();
    assert!(beside.len() == 1 && beside[0]["near"] == "around", "known to the kecamatan: {beside:?}");
    let page = client.get(&format!("/kejadian/{id}")).await.body;
    assert!(beside.iter().all(|other| page.contains(&format!("/kejadian/KTG-{}", other["id"]))), "{page}");
}
