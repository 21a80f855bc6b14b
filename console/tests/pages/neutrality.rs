//! Bawaslu's desk: what is passed on, confirmed and promised there.

use alerts::DeskRole;
use axum::http::StatusCode;

use crate::common::World;
use crate::common::made::{Made, finding};

#[tokio::test]
async fn bawaslu_releases_a_finding_once_and_with_a_reason() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("budi", DeskRole::Bawaslu, &[]).await;
    let path = format!("/netralitas/{}", world.id_of("KF-14").await);
    let page = client.get(&path).await.body;
    assert!(page.contains("Kepala desa") && page.contains("mobilisasi"));
    let list = client.get("/netralitas").await.body;
    assert!(list.contains("batas 7 hari") && list.contains("<mark"), "{list}");
    assert!(!list.contains("<sup"), "a note without its list reads like the number of a candidate: {list}");
    let release = format!("{path}/rilis");
    assert_eq!(client.post(&release, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let got = client.post(&release, &[("reason", "Layak diteruskan")]).await;
    assert!(got.header("location").ends_with("?kabar=released"));
    assert!(!client.get(&path).await.body.contains("id=\"rilis\""));
}

#[tokio::test]
async fn a_release_that_reached_nobody_says_so_on_the_page_and_can_be_made_again() {
    let world = World::new(false).await;
    let made = Made {
        category: "KF-14",
        severity: "WASPADA",
        place: None,
        text: "Kades Rekaan kumpulkan ketua RT, arahkan pilih nomor sekian.",
        words: "arahkan pilih",
        own_id: "n",
        reporter: false,
    };
    world.take(&[finding(world.clock.now(), &made)]).await;
    let client = world.sign_in("budi", DeskRole::Bawaslu, &[]).await;
    let path = format!("/netralitas/{}", world.id_of("KF-14").await);
    let release = format!("{path}/rilis");
    let to_nobody = ["<span class=\"tag strong\">diteruskan tanpa penerima<", "id=\"rilis\""];
    let to_bawaslu = "<span class=\"tag strong\">sudah diteruskan<";

    // Without a place there is no Bawaslu to tell.
    let got = client.post(&release, &[("reason", "Layak diteruskan")]).await;
    assert!(got.header("location").ends_with("?kabar=released_to_nobody"), "{}", got.header("location"));
    let page = client.get(got.header("location")).await.body;
    assert!(page.contains("TIDAK ADA jabatan yang diberi tahu"), "{page}");
    assert!(to_nobody.iter().all(|part| page.contains(part)) && !page.contains(to_bawaslu), "{page}");
    let list = client.get("/netralitas").await.body;
    assert!(list.contains("diteruskan tanpa penerima") && list.contains("#rilis"));

    client.post(&format!("{path}/tempat"), &[("code", "62.10.02")]).await;
    let got = client.post(&release, &[("reason", "Lokasi sudah ditetapkan")]).await;
    assert!(got.header("location").ends_with("?kabar=released"), "{}", got.header("location"));
    let page = client.get(got.header("location")).await.body;
    assert!(page.contains(to_bawaslu) && !to_nobody.iter().any(|part| page.contains(part)), "{page}");
    assert!(!client.get("/netralitas").await.body.contains("#rilis"));
}

#[tokio::test]
async fn a_press_of_bawaslu_leads_back_to_its_own_page_and_promises_no_telling() {
    let world = World::new(true).await;
    world.day().await;
    let budi = world.sign_in("budi", DeskRole::Bawaslu, &[]).await;
    let path = format!("/netralitas/{}", world.id_of("KF-14").await);
    let pressed = budi.post(&format!("{path}/konfirmasi"), &[("severity", "WASPADA")]).await;
    assert_eq!(pressed.header("location"), format!("{path}?kabar=confirmed_only"));
    let page = budi.get(&format!("{path}?kabar=confirmed_only")).await.body;
    assert!(
        page.contains("tidak mengirim pesan baru; pesan ke Bawaslu kabupaten/kota pergi bila diteruskan"),
        "{page}"
    );
    budi.post(&format!("{path}/rilis"), &[("reason", "Layak diteruskan")]).await;
    let pressed = budi.post(&format!("{path}/konfirmasi"), &[("severity", "SIAGA")]).await;
    assert_eq!(pressed.header("location"), format!("{path}?kabar=confirmed_forwarded"));
    let page = budi.get(pressed.header("location")).await.body;
    assert!(page.contains("sudah diteruskan ke Bawaslu sebelumnya"), "{page}");
    let odd = budi.post(&format!("{path}/konfirmasi"), &[("berat", "WASPADA")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.body.contains("Isian formulir tidak dapat dibaca"), "{}", odd.body);
}
