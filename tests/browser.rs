//! The console in a real Chromium, at 1280 and 360 pixels, with keys, with live updates and without a script.

use alerts::DeskRole;
use axum::Router;

use browser::Browser;
use desk::made::{Made, finding};
use desk::{PASSWORD, World};

mod common;

#[path = "common/browser.rs"]
mod browser;
#[path = "../console/tests/common/mod.rs"]
mod desk;

/// The address of chromedriver, or a printed line that this was left out.
fn driver() -> Option<String> {
    common::service("KENTONGAN_TEST_CHROMEDRIVER", "the console in Chromium")
}

/// Serves pages on loopback; gives their address.
async fn serve(pages: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, pages).await });
    format!("http://{address}")
}

/// A made-up day, an account of each role, and the console's address.
async fn day() -> (World, String) {
    let world = World::new(true).await;
    world.day().await;
    for role in DeskRole::ALL {
        world.sign_in(role.as_str(), *role, &[]).await;
    }
    let base = serve(console::router(world.state.clone())).await;
    (world, base)
}

async fn sign_in(browser: &Browser, name: &str) {
    browser.go("/masuk").await;
    browser.fill("#name", name).await;
    browser.fill("#password", PASSWORD).await;
    browser.press("form.narrow button").await;
    browser.see("nav a[aria-current], h1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_analyst_works_the_queue_by_keys() {
    let Some(driver) = driver() else { return };
    let (world, base) = day().await;
    let window = Browser::open(&driver, &base, 1280, true).await;

    window.go("/antrean").await;
    window.arrives("/masuk?ke=/antrean").await;
    window.fill("#name", "analis").await;
    window.fill("#password", "bukan-kata-sandinya").await;
    window.press("form.narrow button").await;
    assert!(window.text("[role=alert]").await.contains("salah"));
    window.fill("#name", "analis").await;
    window.fill("#password", PASSWORD).await;
    window.press("form.narrow button").await;
    window.arrives("/antrean").await;
    assert!(window.text(".band.sim").await.starts_with("SIMULASI – DATA REKAAN · jam simulasi "));

    // j and k move and stop at the ends; o opens.
    let first = world.id_of("KF-04").await;
    let second = world.id_of("KF-02").await;
    window.see("[data-row]").await;
    for (key, chosen) in [("j", &first), ("j", &second), ("k", &first), ("k", &first)] {
        window.key(key).await;
        assert_eq!(&window.attribute("[data-row].on", "id").await, chosen, "{key}");
    }
    window.key("o").await;
    window.arrives(&format!("/kejadian/{first}")).await;

    // e goes to the form of a confirmation; inside a field keys are letters.
    window.key("e").await;
    window.see("#konfirmasi[open] #call:focus").await;
    window.fill("#call:focus", "jxeko telepon Polsek").await;
    assert_eq!(window.see("#call").await.prop("value").await.unwrap().unwrap(), "jxeko telepon Polsek");
    assert!(window.path().await.starts_with(&format!("/kejadian/{first}")));
    window.press("#konfirmasi button").await;
    window.arrives("kabar=confirmed").await;
    assert_eq!(window.text(".facts .sev").await, "AWAS");

    // From the list x goes to the form of a rejection.
    window.go(&format!("/antrean?pilih={second}")).await;
    window.see("[data-row].on").await;
    window.key("x").await;
    window.arrives(&format!("/kejadian/{second}#tolak")).await;
    window.fill("#tolak[open] #why", "Sudah dicek, tidak benar").await;
    window.key("\u{e007}").await;
    window.arrives("kabar=rejected").await;
    window.key("u").await;
    window.arrives("/antrean").await;
    assert!(!window.has(&format!("[data-row={second}]")).await);

    window.key("?").await;
    window.arrives("/bantuan").await;
    assert!(window.text("main").await.contains("bukan status keadaan konflik"));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_incident_appears_without_a_reload_and_the_pill_tells_while_a_row_is_chosen() {
    let Some(driver) = driver() else { return };
    let (world, base) = day().await;
    let window = Browser::open(&driver, &base, 1280, true).await;
    sign_in(&window, "analis").await;
    window.see("[data-row]").await;
    let news = |own_id: &'static str, category: &'static str| {
        let text = "Warga memblokir jalan desa sejak tadi.";
        let made = Made {
            category,
            severity: "WASPADA",
            place: Some("16.07.01"),
            text,
            words: "memblokir jalan",
            own_id,
            reporter: false,
        };
        finding(world.clock.now(), &made)
    };
    world.take(&[news("90", "KF-13")]).await;
    let id = world.id_of("KF-13").await;
    window.see(&format!("[data-row={id}]")).await;

    window.key("j").await;
    world.take(&[news("91", "KF-11")]).await;
    window.see("[data-pill]:not([hidden])").await;
    let id = world.id_of("KF-11").await;
    assert!(!window.has(&format!("[data-row={id}]")).await, "a row moved under the chosen one");
    window.press("[data-pill]").await;
    window.see(&format!("[data-row={id}]")).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_scrolls_sideways_at_360_or_1280_pixels() {
    let Some(driver) = driver() else { return };
    let (world, base) = day().await;
    let (conflict, neutral) = (world.id_of("KF-04").await, world.id_of("KF-14").await);
    let conflict = format!("/kejadian/{conflict}");
    let neutral = format!("/netralitas/{neutral}");
    // Half confirmed, confirmed and turned down: their tags are the longest.
    let (sure, refused) = (world.id_of("KF-02").await, world.id_of("KF-07").await);
    let (sure, refused) = (format!("/kejadian/{sure}"), format!("/kejadian/{refused}"));
    let ana = world.again("analis").await;
    ana.post(&format!("{conflict}/konfirmasi"), &[("severity", "AWAS")]).await;
    ana.post(&format!("{sure}/konfirmasi"), &[("severity", "SIAGA")]).await;
    ana.post(&format!("{refused}/tolak"), &[("reason", "Sudah dicek, tidak benar")]).await;
    let pages: &[(&str, &[&str])] = &[
        (
            "analis",
            &[
                "/antrean",
                &conflict,
                &sure,
                &refused,
                "/cari?kata=kumpul",
                "/sumber",
                "/pejabat",
                "/pejabat?wilayah=62.10.02",
                "/bantuan",
                "/sandi",
                "/tidak-ada",
            ],
        ),
        ("bawaslu", &["/netralitas", &neutral]),
        ("admin", &["/orang"]),
    ];
    for width in [360, 1280] {
        for (name, paths) in pages {
            let window = Browser::open(&driver, &base, width, true).await;
            sign_in(&window, name).await;
            assert_eq!(window.width().await, i64::from(width));
            if *name == "analis" {
                window.go("/antrean").await;
                assert!(window.height(".acts").await <= 60, "the buttons of the queue stand in one row");
            }
            for path in *paths {
                window.go(path).await;
                window.see("main h1").await;
                assert_eq!(window.overflow().await, 0, "{path} at {width}");
                // Mark and language, account, pages: three rows on a phone; an admin has more pages.
                assert!(*name == "admin" || window.height(".head").await <= 130, "{path} at {width}");
            }
            window.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_without_a_script() {
    let Some(driver) = driver() else { return };
    let (world, base) = day().await;
    let window = Browser::open(&driver, &base, 360, false).await;
    sign_in(&window, "analis").await;
    let (first, second) = (world.id_of("KF-04").await, world.id_of("KF-02").await);

    // The buttons of the keys are links.
    window.press(".acts [data-do=j]").await;
    window.arrives(&format!("pilih={first}")).await;
    window.press(".acts [data-do=j]").await;
    window.arrives(&format!("pilih={second}")).await;
    assert_eq!(window.attribute("[data-row].on", "id").await, second);
    window.press(".acts [data-do=o]").await;
    window.arrives(&format!("/kejadian/{second}")).await;
    window.fill("#call", "Telepon Polsek").await;
    window.press("#konfirmasi button").await;
    window.arrives("kabar=confirmed").await;

    let third = world.id_of("KF-07").await;
    window.go(&format!("/kejadian/{third}")).await;
    window.press("#tolak summary").await;
    window.fill("#why", "Sudah dicek").await;
    window.press("#tolak button").await;
    window.arrives("kabar=rejected").await;
    window.press("form[action='/keluar'] button").await;
    window.arrives("/masuk").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officer_answers_on_a_phone_without_login_or_script() {
    let Some(driver) = driver() else { return };
    let (world, _) = day().await;
    let public = serve(console::public_router(world.public.clone())).await;
    let window = Browser::open(&driver, &public, 360, false).await;
    let link = world.links().await.remove(0);
    window.go(&link).await;
    assert_eq!(window.overflow().await, 0);
    window.press("button[value=menuju]").await;
    assert!(window.text("[role=status]").await.contains("Menuju lokasi"));
    assert!(!window.has("button").await);
    assert_eq!(window.overflow().await, 0);
    window.close().await;
}
