//! Every route of the console against every role, regions, forged forms, tokens.

use alerts::DeskRole;
use axum::http::{Method, StatusCode};
use console::access::Need;
use console::accounts::TokenScope;

use common::client::{Client, Got};
use common::{PASSWORD, World};

mod common;

/// A path that a route answers, with something real in place of its names.
async fn real_path(world: &World, path: &str) -> String {
    let id =
        if path.starts_with("/netralitas") { world.id_of("KF-14").await } else { world.id_of("KF-04").await };
    path.replace("{id}", &id).replace("{code}", "en").replace("{file}", "console.css")
}

async fn ask(client: &Client, method: &Method, path: &str) -> Got {
    if method == Method::GET { client.get(path).await } else { client.post(path, &[]).await }
}

#[tokio::test]
async fn every_route_opens_for_the_roles_of_its_need_and_for_nobody_else() {
    let world = World::new(false).await;
    world.day().await;
    for role in DeskRole::ALL {
        world.sign_in(role.as_str(), *role, &[]).await;
    }
    for route in console::routes() {
        let path = real_path(&world, route.path).await;
        for role in DeskRole::ALL {
            // A fresh session each time: signing out is a route, too.
            let got = ask(&world.again(role.as_str()).await, &route.method, &path).await;
            let refused = got.status == StatusCode::FORBIDDEN;
            let may = route.need.roles().contains(role);
            assert_eq!(refused, !may && !route.need.open(), "{role} {} {path}: {}", route.method, got.status);
            assert!(!got.status.is_server_error(), "{role} {} {path}: {}", route.method, got.status);
        }
        let got = ask(&world.stranger(), &route.method, &path).await;
        let turned_away =
            got.status == StatusCode::UNAUTHORIZED || got.header("location").starts_with("/masuk?ke=");
        assert_eq!(turned_away, !route.need.open(), "stranger {} {path}: {}", route.method, got.status);
    }
}

#[tokio::test]
async fn a_route_of_bawaslu_is_no_other_roles_and_every_neutrality_path_has_such_a_need() {
    for route in console::routes() {
        if route.path.starts_with("/netralitas") {
            assert!(matches!(route.need, Need::SeeNeutrality | Need::DecideNeutrality), "{}", route.path);
        }
    }
}

#[tokio::test]
async fn kf_14_reaches_nobody_but_bawaslu_through_page_api_search_or_a_guessed_number() {
    let world = World::new(false).await;
    world.day().await;
    let id = world.id_of("KF-14").await;
    let words = ["arahkan pilih", "pasang stiker"];
    for role in [DeskRole::Admin, DeskRole::Analis, DeskRole::Ops] {
        let client = world.sign_in(role.as_str(), role, &[]).await;
        for path in [
            "/antrean?status=semua",
            "/cari?kata=arahkan",
            "/cari?kategori=KF-14",
            "/api/v1/incidents?limit=1000",
            "/api/v1/incidents?category=KF-14",
            "/antrean?kategori=KF-14",
            &format!("/kejadian/{id}"),
            &format!("/netralitas/{id}"),
            &format!("/api/v1/incidents/{id}"),
        ] {
            let got = client.get(path).await;
            for word in words {
                assert!(!got.body.contains(word), "{role} {path}");
            }
            assert!(
                !got.body.contains(&format!("\"{id}\"")) || got.status != StatusCode::OK,
                "{role} {path}"
            );
        }
    }
    let bawaslu = world.sign_in("bawaslu", DeskRole::Bawaslu, &[]).await;
    let page = bawaslu.get("/netralitas").await;
    assert!(words.iter().all(|word| page.body.contains(word)));
    assert!(bawaslu.get("/cari?kata=arahkan").await.body.contains("<mark>arahkan</mark>"));
    assert!(bawaslu.get("/api/v1/incidents").await.body.contains("KF-14"));
}

#[tokio::test]
async fn an_account_of_one_regency_sees_and_decides_nothing_of_another() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("madura", DeskRole::Analis, &["35.28"]).await;
    let id = world.id_of("KF-04").await;
    let queue = client.get("/antrean").await.body;
    assert!(queue.contains("Pamekasan") && !queue.contains("Gunung Mas"));
    assert_eq!(client.get(&format!("/kejadian/{id}")).await.status, StatusCode::NOT_FOUND);
    let got = client.post(&format!("/kejadian/{id}/tolak"), &[("reason", "coba")]).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    // "Kurun" stands in three posts of the other regency: neither shown nor counted.
    // However far an address asks to turn pages, no more room is made than there are posts.
    let far = client.get("/cari?kata=Kurun&mulai=10000000000000").await.body;
    assert!(far.contains(" hasil<"), "{far}");
    let found = client.get("/cari?kata=Kurun").await.body;
    assert!(!found.contains("serbu") && found.contains(">0 hasil<"), "{found}");
    let everywhere = world.sign_in("pusat", DeskRole::Analis, &[]).await;
    assert!(!everywhere.get("/cari?kata=Kurun").await.body.contains(">0 hasil<"));
    assert!(!client.get("/api/v1/incidents").await.body.contains("62.10"));
}

#[tokio::test]
async fn an_account_of_one_regency_sees_decides_and_finds_what_is_known_to_its_province_alone() {
    let world = World::new(false).await;
    let made = common::made::Made {
        category: "KF-04",
        severity: "SIAGA",
        place: Some("35"),
        text: "Gudang logistik di Jatim terbakar malam ini",
        words: "terbakar",
        own_id: "91",
        reporter: false,
    };
    world.take(&[common::made::finding(world.clock.now(), &made)]).await;
    let id = world.id_of("KF-04").await;
    let (page, place) = (format!("/kejadian/{id}"), [("code", "35.28.06"), ("yakin", "1")]);
    let other = world.sign_in("lain", DeskRole::Analis, &["62.10"]).await;
    let client = world.sign_in("madura", DeskRole::Analis, &["35.28"]).await;
    for (client, may) in [(&other, false), (&client, true)] {
        assert_eq!(client.get("/antrean").await.body.contains(&id), may);
        assert_eq!(client.get("/cari?kata=logistik").await.body.contains(">1 hasil<"), may);
        assert_eq!(client.get("/api/v1/incidents").await.body.contains("KF-04"), may);
        assert_eq!(client.get(&page).await.status == StatusCode::OK, may);
        let set = client.post(&format!("{page}/tempat"), &place).await;
        assert_eq!(set.status == StatusCode::SEE_OTHER, may, "{}", set.status);
    }
    assert!(client.get(&page).await.body.contains("Kab. Pamekasan"));
}

#[tokio::test]
async fn a_form_without_the_sessions_own_token_changes_nothing() {
    let world = World::new(false).await;
    world.day().await;
    let client = world.sign_in("ani", DeskRole::Analis, &[]).await;
    let other = world.sign_in("rina", DeskRole::Analis, &[]).await;
    let id = world.id_of("KF-07").await;
    let path = format!("/kejadian/{id}/tolak");
    for csrf in ["", "x", other.csrf.as_str()] {
        let got = client.raw_post(&path, &[("csrf", csrf), ("reason", "coba")]).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{csrf}");
    }
    assert!(client.get("/antrean").await.body.contains(&id));
    assert_eq!(client.post(&path, &[("reason", "coba")]).await.status, StatusCode::SEE_OTHER);
    assert!(!client.get("/antrean").await.body.contains(&id));
}

#[tokio::test]
async fn a_reading_token_reads_incidents_of_its_region_and_opens_no_page() {
    let world = World::new(false).await;
    world.day().await;
    let region = stream::RegionCode::parse("35.28").unwrap();
    let accounts = &world.state.accounts;
    let read = accounts.add_token("papan", TokenScope::Read, "papan", false, Some(region)).await.unwrap();
    let send = accounts.add_token("kirim", TokenScope::Send, "kabar", true, None).await.unwrap();
    let stranger = world.stranger();
    let got = stranger.get_as("/api/v1/incidents", &read.secret).await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(got.body.contains("KF-07") && !got.body.contains("KF-04") && !got.body.contains("KF-14"));
    assert_eq!(stranger.get_as("/antrean", &read.secret).await.status, StatusCode::FORBIDDEN);
    for token in [send.secret.as_str(), "ktg_salah"] {
        let got = stranger.get_as("/api/v1/incidents", token).await;
        assert_eq!(got.status, StatusCode::UNAUTHORIZED);
        assert_eq!(got.header("content-type"), "application/problem+json");
    }
    accounts.revoke_token("papan").await.unwrap();
    assert_eq!(stranger.get_as("/api/v1/incidents", &read.secret).await.status, StatusCode::UNAUTHORIZED);
}

/// The login form's own token and cookie.
async fn login_form(client: &Client, path: &str) -> (String, String) {
    let got = client.get(path).await;
    let cookie = got.header("set-cookie").split(';').next().unwrap().to_owned();
    let token =
        got.body.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    (cookie, token)
}

#[tokio::test]
async fn signing_in_leads_on_to_the_page_that_was_asked_for_and_never_elsewhere() {
    let world = World::new(false).await;
    world.sign_in("ani", DeskRole::Analis, &[]).await;
    for (ke, to) in
        [("/sumber", "/sumber"), ("//contoh.id", "/"), ("https://contoh.id", "/"), ("", "/antrean")]
    {
        let mut client = world.stranger();
        let (cookie, token) = login_form(&client, "/masuk").await;
        client.cookie = cookie;
        let fields = [("name", "ani"), ("password", PASSWORD), ("token", &token), ("ke", ke)];
        let got = client.raw_post("/masuk", &fields).await;
        assert_eq!((got.status, got.header("location")), (StatusCode::SEE_OTHER, to), "{ke}");
        let session = got.header("set-cookie");
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"), "{session}");
    }
}

#[tokio::test]
async fn a_wrong_password_a_forged_login_form_and_guessing_are_refused() {
    let world = World::new(false).await;
    world.sign_in("ani", DeskRole::Analis, &[]).await;
    let mut client = world.stranger();
    let (cookie, token) = login_form(&client, "/masuk").await;
    let forged =
        client.raw_post("/masuk", &[("name", "ani"), ("password", PASSWORD), ("token", &token)]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    client.cookie = cookie;
    for tries in 0..6 {
        let fields = [("name", "ani"), ("password", "salah-salah-salah"), ("token", token.as_str())];
        let got = client.raw_post("/masuk", &fields).await;
        let expected = if tries < 5 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(got.status, expected, "{tries}");
        assert!(!got.body.contains("salah-salah-salah"));
        if tries == 5 {
            assert!(!got.header("retry-after").is_empty());
        }
    }
}
