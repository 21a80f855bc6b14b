//! What is decided on the page of an incident: confirmed, turned down, taken in hand.

use std::time::Duration;

use alerts::DeskRole;
use axum::http::StatusCode;

use crate::common::World;

#[tokio::test]
async fn awas_takes_two_persons_or_a_call_back() {
    let world = World::new(false).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let rina = world.sign_in("rina", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}", world.id_of("KF-04").await);
    let confirm = format!("{path}/konfirmasi");
    let first = ani.post(&confirm, &[("severity", "AWAS"), ("call_back", "")]).await;
    assert!(first.header("location").ends_with("?kabar=waits"), "{}", first.header("location"));
    let page = rina.get(&path).await.body;
    assert!(
        page.contains("AWAS menunggu orang kedua") && !page.contains(">menunggu orang kedua"),
        "said once: {page}"
    );
    assert!(
        page.contains("Anda orang kedua: bila setuju, konfirmasi AWAS di bawah (ani sudah mengonfirmasi)")
    );
    assert!(
        !page.contains("AWAS perlu dua orang") && !page.contains("name=\"call_back\""),
        "the other half is enough"
    );
    let waiting = ani.get(&path).await.body;
    assert!(
        waiting.contains("Analis lain harus mengonfirmasi AWAS di sini dengan akunnya sendiri"),
        "{waiting}"
    );
    assert!(waiting.contains("name=\"call_back\"") && !waiting.contains("baru lanjutkan di sini"));
    let twice = ani.post(&confirm, &[("severity", "AWAS")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.body.contains("Atau isi catatan telepon balik"), "{}", twice.body);
    let second = rina.post(&confirm, &[("severity", "AWAS")]).await;
    assert!(second.header("location").ends_with("?kabar=confirmed"));
    assert!(rina.get(&path).await.body.contains("<span class=\"sev awas\">AWAS</span>"));

    let other = format!("/kejadian/{}", world.id_of("KF-02").await);
    let fields = [("severity", "AWAS"), ("call_back", "Telepon Polsek pukul 17.05")];
    let alone = ani.post(&format!("{other}/konfirmasi"), &fields).await;
    assert!(alone.header("location").ends_with("?kabar=confirmed"));
}

#[tokio::test]
async fn a_rejection_needs_a_reason_and_a_second_decision_comes_too_late() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let path = format!("/kejadian/{}/tolak", world.id_of("KF-07").await);
    let bare = client.post(&path, &[("reason", "  ")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = format!("href=\"{}\"", path.trim_end_matches("/tolak"));
    assert!(bare.body.contains(&page), "no way back to the incident");
    assert_eq!(client.post(&path, &[("reason", "Sudah dicek")]).await.status, StatusCode::SEE_OTHER);
    let late = client.post(&path, &[("reason", "sekali lagi")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("sudah ditolak") && !late.body.contains("orang lain"));
    assert!(
        late.body.contains("belum tersimpan") && late.body.contains("sekali lagi"),
        "what was typed is kept"
    );
    assert!(!bare.body.contains("belum tersimpan"), "nothing was typed");
    let confirm = path.replace("/tolak", "/konfirmasi");
    let turned = client.post(&confirm, &[("severity", "WASPADA")]).await;
    assert_eq!(turned.status, StatusCode::CONFLICT);
    assert!(turned.body.contains("sudah ditolak") && turned.body.contains(&page));
}

#[tokio::test]
async fn what_nobody_decided_shows_who_was_told_when_its_clock_ran_out() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-07").await;
    world.clock.advance(Duration::from_secs(4 * 3600 + 60));
    world.tell().await;
    let page = client.get(&format!("/kejadian/{id}")).await.body;
    assert!(page.contains("Panwascam") && page.contains("belum diputuskan dalam batas waktu"));
}

#[tokio::test]
async fn who_takes_in_hand_what_an_office_has_set_out_for_meanwhile_is_told_so() {
    let world = World::new(false).await;
    world.day().await;
    let ani = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-02").await;
    let path = format!("/kejadian/{id}");
    ani.post(&format!("{path}/konfirmasi"), &[("severity", "SIAGA")]).await;
    world.tell().await;
    let phone = world.phone();
    for link in world.links().await {
        if phone.get(&link).await.body.contains(&format!("<dd>{id}<")) {
            phone.raw_post(&link, &[("jawaban", "menuju")]).await;
        }
    }
    let pressed = ani.post(&format!("{path}/tangani"), &[]).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER);
    assert!(ani.get(pressed.header("location")).await.body.contains("Sudah ditangani sebelum Anda menekan"));
}

#[tokio::test]
async fn what_is_suggested_as_a_reason_against_a_dugaan_is_of_bawaslus_desk() {
    let world = World::new(false).await;
    world.day().await;
    let (ani, budi) = (
        world.sign_in("ani", DeskRole::Analis, &[]).await,
        world.sign_in("budi", DeskRole::Bawaslu, &[]).await,
    );
    let page = ani.get(&format!("/kejadian/{}", world.id_of("KF-02").await)).await.body;
    assert!(page.contains("Unjuk rasa atau pendapat yang sah") && !page.contains("Bukan aparat"));
    let page = budi.get(&format!("/netralitas/{}", world.id_of("KF-14").await)).await.body;
    assert!(page.contains("Bukan aparat") && !page.contains("Unjuk rasa atau pendapat"), "{page}");
}
