//! What every page has around it: headers, language, the band of a system that is down.

use std::sync::Arc;

use alerts::DeskRole;
use axum::http::StatusCode;
use console::PublicState;

use crate::common::World;

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    for got in [client.get("/antrean").await, client.get("/tidak-ada").await, world.phone().get("/j/x").await]
    {
        let csp = got.header("content-security-policy");
        assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'"), "{csp}");
        assert!(!csp.contains("unsafe"));
        assert_eq!(got.header("referrer-policy"), "no-referrer");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("cache-control"), "no-store");
    }
    let page = client.get("/antrean").await.body;
    assert!(!page.contains("style=\"") && !page.contains("onclick"));
    assert_eq!(page.matches("<script").count(), page.matches("<script src=").count());
    let script = page.split("<script src=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(client.get(script).await.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn the_language_is_indonesian_until_somebody_switches() {
    let world = World::new(false).await;
    let mut client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    assert!(client.get("/antrean").await.body.contains("Tidak ada insiden yang menunggu"));
    let switched = client.get("/bahasa/en?kembali=/antrean").await;
    assert_eq!(switched.header("location"), "/antrean");
    client.cookie =
        format!("{}; {}", client.cookie, switched.header("set-cookie").split(';').next().unwrap());
    let page = client.get("/antrean").await.body;
    assert!(page.contains("lang=\"en\"") && page.contains("No incident is waiting"));
    assert_eq!(client.get("/bahasa/en?kembali=//contoh.id").await.header("location"), "/");
}

#[tokio::test]
async fn a_system_that_is_not_ready_says_so_on_every_page_and_sends_people_to_the_telephone() {
    let mut world = World::new(false).await;
    world.day().await;
    world.state.probes.ready = Arc::new(|| Err("postgres://rahasia is gone".to_owned()));
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let page = client.get("/antrean").await.body;
    assert!(page.contains("110 (Polri) atau 112") && page.contains("Sistem terganggu"));
    let probe = world.stranger().get("/-/ready").await;
    assert_eq!(probe.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!page.contains("rahasia") && !probe.body.contains("rahasia"));
    assert_eq!(world.stranger().get("/-/healthy").await.status, StatusCode::OK);
    let down = PublicState { ready: world.state.probes.ready.clone(), ..world.public.clone() };
    world.public = down;
    let link = world.links().await.remove(0);
    assert!(world.phone().get(&link).await.body.contains("Sistem terganggu"));
}

#[tokio::test]
async fn an_unreachable_database_is_an_apology_without_its_name() {
    let world = World::new(false).await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    world.alerts.db.pool().close().await;
    let got = client.get("/antrean").await;
    assert!(got.status.is_server_error());
    assert!(got.body.contains("110 atau 112") && !got.body.to_lowercase().contains("pool"));
}

#[tokio::test]
async fn the_help_tells_in_words_what_the_marks_of_the_queue_mean() {
    let world = World::new(true).await;
    let page = world.sign_in("ani", DeskRole::Analis, &[]).await.get("/bantuan").await.body;
    for part in [
        "bukan pasangan calon sungguhan",
        "satu petunjuk",
        "empat petunjuk",
        "separuhnya keliru",
        "seperti ini jarang keliru",
        "juga ajakan menyerang dengan senjata atau api",
        "jam simulasi",
        "26 Nov 2024 17.00 WIB",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("paling dapat dipercaya"), "{page}");
    let offices = world.again("ani").await.get("/pejabat").await.body;
    assert!(offices.contains("bila lewat tanpa keputusan, usulan SIAGA dan AWAS sampai juga"), "{offices}");
    let real = World::new(false).await;
    let page = real.sign_in("ani", DeskRole::Analis, &[]).await.get("/bantuan").await.body;
    assert!(page.contains("satu petunjuk") && !page.contains("Simulasi"), "{page}");
}

#[tokio::test]
async fn the_help_says_what_each_key_does_on_which_page_by_the_names_of_its_buttons() {
    let world = World::new(false).await;
    let page = world.sign_in("ani", DeskRole::Analis, &[]).await.get("/bantuan").await.body;
    let keys = page.split("<dl class=\"keys\">").nth(1).and_then(|it| it.split("</dl>").next()).unwrap();
    for name in ["key.confirm", "incident.second_half", "incident.own_half", "incident.change_level"] {
        let name = lexicons::Lang::Id.get(&format!("console.{name}"));
        assert!(keys.contains(&format!("{name} (")), "{name}: {keys}");
    }
    assert_eq!(keys.matches("alaman insiden").count(), 6, "all but o name the page: {keys}");
}

#[tokio::test]
async fn the_band_of_a_lost_connection_stands_only_where_somebody_has_signed_in() {
    let world = World::new(false).await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    assert!(client.get("/antrean").await.body.contains("data-lost"));
    let login = world.stranger().get("/masuk").await.body;
    assert!(login.contains("name=\"password\"") && !login.contains("data-lost"), "{login}");
    assert!(!login.contains("Sambungan langsung terputus"));
}
